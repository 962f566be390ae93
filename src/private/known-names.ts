import { IConstruct } from 'constructs';
import { describeValue, fail } from './errors';

/** Every option of a struct, so that the compiler reports one that is added, removed, or renamed. */
export type NamesOf<T> = { readonly [K in keyof Required<T>]: true };

/**
 * Fails if a name is not an option, or if the value is not a plain object with options.
 *
 * TypeScript, Python, and Java reject both. Plain JavaScript would ignore them, so the feature would be missing.
 */
export function requireKnownNames(
  scope: IConstruct, prop: string, value: object | undefined, known: { readonly [name: string]: true },
): void {
  if (value === undefined) { return; }
  if (!isPlain(value)) {
    fail(scope, `'${prop}' must be an object with options, got ${describeValue(value)}`);
  }
  const unknown = Object.keys(value)
    .filter((name) => !Object.hasOwn(known, name) && Reflect.get(value, name) !== undefined);
  if (unknown.length > 0) {
    const names = unknown.map((name) => `'${prop}.${name}'`).join(', ');
    fail(scope, `${names} ${unknown.length === 1 ? 'is not an option' : 'are not options'}; the options are ${Object.keys(known).map((name) => `'${name}'`).join(', ')}`);
  }
}

/** Counts the prototypes, because an object of another realm has a different `Object.prototype`. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) { return false; }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
