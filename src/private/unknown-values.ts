import { Token } from 'aws-cdk-lib';
import { awaitsLookup } from './cdk-internals';

/** Whether a value is known only at deployment, or after CDK has looked it up. Unknown values pass each check. */
export function isUnknown(value: unknown): boolean {
  return Token.isUnresolved(value) || awaitsLookup(value);
}
