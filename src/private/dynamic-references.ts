import { CfnDynamicReference, SecretValue, Tokenization } from 'aws-cdk-lib';

/** Dynamic references of CloudFormation, and those to secrets. */
const ANY = /\{\{resolve:(ssm|ssm-secure|secretsmanager):/;
const SECRET = /\{\{resolve:(ssm-secure|secretsmanager):/;

/** Whether a resolved value contains a dynamic reference, such as `{{resolve:ssm:/orders/level:2}}`. */
export function hasDynamicReference(resolved: unknown): boolean {
  return ANY.test(JSON.stringify(resolved) ?? '');
}

/** Whether a resolved value contains a dynamic reference to a secret. */
export function hasSecretReference(resolved: unknown): boolean {
  return SECRET.test(JSON.stringify(resolved) ?? '');
}

/** Whether a value is a dynamic reference that is known before tokens are resolved. */
export function isDynamicReference(value: string): boolean {
  return ANY.test(value) || Tokenization.reverseString(value).tokens
    .some((token) => token instanceof CfnDynamicReference || token instanceof SecretValue);
}
