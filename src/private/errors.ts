import { IConstruct } from 'constructs';

/**
 * Ends the synthesis with a message that names the construct.
 *
 * `cdk.ValidationError` is no part of the public API of aws-cdk-lib, and its signature differs between the versions of the peer range.
 */
export function fail(scope: IConstruct, message: string): never {
  throw new Error(`${message} [${scope.node.path}]`);
}

/** A value as an error shows it. */
export function show(value: unknown): string {
  return JSON.stringify(value);
}
