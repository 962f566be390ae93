import { IConstruct } from 'constructs';
import { fail } from './errors';

/** Former names of options, each with the name that it has now. */
export interface MovedOptions {
  readonly [formerName: string]: string;
}

/**
 * Refuses former names of options.
 *
 * TypeScript, Python and Java refuse an unknown name; plain JavaScript would ignore it, and the feature with it.
 */
export function requireCurrentNames(scope: IConstruct, options: object, moved: MovedOptions): void {
  const found = Object.keys(moved).filter((formerName) => Reflect.get(options, formerName) !== undefined);
  if (found.length > 0) {
    const names = found.map((formerName) => `'${formerName}' is now '${moved[formerName]}'`).join(', ');
    fail(scope, `${names}; rename ${found.length === 1 ? 'it' : 'them'}`);
  }
}
