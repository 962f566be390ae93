import { IConstruct } from 'constructs';
import { describeValue, fail } from './errors';

/**
 * Fails if a name is not an option, or if the value is not a plain object with options.
 *
 * TypeScript, Python, and Java reject both. Plain JavaScript would ignore them, so the feature would be missing.
 */
export function requireKnownNames(
  scope: IConstruct, prop: string, value: object | undefined, known: { readonly [name: string]: unknown },
  describe = describeValue,
): void {
  if (value === undefined) { return; }
  if (!isPlain(value)) {
    fail(scope, `'${prop}' must be an object with options, got ${describe(value)}`);
  }
  const unknown = Object.keys(value)
    .filter((name) => !Object.hasOwn(known, name) && Reflect.get(value, name) !== undefined);
  if (unknown.length > 0) {
    const names = unknown.map((name) => `'${prop}.${name}'`).join(', ');
    fail(scope, `${names} ${unknown.length === 1 ? 'is not an option' : 'are not options'}; the options are ${Object.keys(known).map((name) => `'${name}'`).join(', ')}`);
  }
}

/**
 * Whether a value is an object without a class. Counts the prototypes, because an object of another realm has a
 * different `Object.prototype`.
 */
export function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) { return false; }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
