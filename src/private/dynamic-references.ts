import { CfnDynamicReference, SecretValue, Tokenization } from 'aws-cdk-lib';
import { UNKNOWN } from './stand-ins';

/** Dynamic references of CloudFormation. The service can be a reference, in whose place is a stand-in. */
const ANY = new RegExp(`{{resolve:(ssm:|ssm-secure:|secretsmanager:|${UNKNOWN})`);
/** Those to secrets. */
const SECRET = /\{\{resolve:(ssm-secure|secretsmanager):/;

/** Whether a value without intrinsic functions contains a dynamic reference, such as `{{resolve:ssm:/a:2}}`. */
export function hasDynamicReference(resolved: unknown): boolean {
  return ANY.test(JSON.stringify(resolved) ?? '');
}

/** Whether a value without intrinsic functions contains a dynamic reference to a secret. */
export function hasSecretReference(resolved: unknown): boolean {
  return SECRET.test(JSON.stringify(resolved) ?? '');
}

/** Whether a value is a dynamic reference that is known before tokens are resolved. */
export function isDynamicReference(value: string): boolean {
  return ANY.test(value) || Tokenization.reverseString(value).tokens
    .some((token) => token instanceof CfnDynamicReference || token instanceof SecretValue);
}
