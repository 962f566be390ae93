import { IConstruct } from 'constructs';
import { fail } from './errors';

/** Previous names of options, each with the current name. */
export interface MovedOptions {
  readonly [formerName: string]: string;
}

/**
 * Fails if an option has a previous name.
 *
 * TypeScript, Python, and Java reject an unknown name. Plain JavaScript would ignore it, so the feature would be
 * missing.
 */
export function requireCurrentNames(scope: IConstruct, options: object, moved: MovedOptions): void {
  const found = Object.keys(moved).filter((formerName) => Reflect.get(Object(options), formerName) !== undefined);
  if (found.length > 0) {
    const names = found.map((formerName) => `'${formerName}' is now '${moved[formerName]}'`).join(', ');
    fail(scope, `${names}; rename ${found.length === 1 ? 'it' : 'them'}`);
  }
}
