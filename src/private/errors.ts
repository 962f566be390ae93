import { IConstruct } from 'constructs';

/**
 * Ends the synthesis with a message that names the construct.
 *
 * `cdk.ValidationError` is no part of the public API of aws-cdk-lib, and its signature differs between the versions of
 * the peer range.
 */
export function fail(scope: IConstruct, message: string): never {
  throw new Error(`${message} [${scope.node.path}]`);
}

/** A value as an error shows it. */
export function show(value: unknown): string {
  return JSON.stringify(value);
}

/**
 * A value of any type as an error shows it. An instance may contain itself, as every construct does, so that it is
 * named instead of shown.
 */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) { return 'an array'; }
  if (typeof value === 'function') { return 'a function'; }
  if (typeof value === 'object' && value !== null) { return `an instance of ${value.constructor.name}`; }
  return typeof value === 'string' ? show(value) : String(value);
}
