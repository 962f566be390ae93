import { IConstruct } from 'constructs';

/**
 * Throws an error, whose message ends with the path of the construct.
 *
 * `cdk.ValidationError` is not part of the public API of aws-cdk-lib, and its signature differs between the versions of
 * the peer range.
 */
export function fail(scope: IConstruct, message: string): never {
  throw new Error(`${message} [${scope.node.path}]`);
}

/** A value in the form that errors show. */
export function show(value: unknown): string {
  return JSON.stringify(value);
}

/**
 * A value of any type in the form that errors show. An object appears by the name of its class, because it may contain
 * itself, as every construct does.
 */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) { return 'an array'; }
  if (typeof value === 'function') { return 'a function'; }
  if (typeof value === 'object' && value !== null) { return `an instance of ${value.constructor.name}`; }
  return typeof value === 'string' ? show(value) : String(value);
}
