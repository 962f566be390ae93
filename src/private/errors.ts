import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Ends the synthesis with a message that names the construct.
 *
 * `cdk.ValidationError` is no part of the public API of aws-cdk-lib, and its signature differs between the versions of the peer range.
 */
export function fail(scope: IConstruct, message: string): never {
  throw new Error(`${message} [${scope.node.path}]`);
}

/** A value as an error shows it: tokens are named as such, since their text means nothing to a reader. */
export function show(value: unknown): string {
  return Token.isUnresolved(value) ? 'a token' : JSON.stringify(value);
}
