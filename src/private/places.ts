import { IResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isUnknown } from './unknown-values';

/** What must be equal for a resource and the stack that uses it. */
export interface Place {
  /** `region` for services that accept a resource of another account. */
  readonly same: 'region' | 'account' | 'region and account';
  /** The fix, as the end of the error. */
  readonly remedy: string;
}

/**
 * The error for a resource that is not in the place of the stack, undefined if it is there. Values that are known only
 * at deployment pass.
 */
export function findOtherPlace(
  scope: IConstruct, prop: string, resource: object, { arn, same, remedy }: Place & { readonly arn: string },
): string | undefined {
  const stack = Stack.of(scope);
  for (const part of same.split(' and ') as ('region' | 'account')[]) {
    const theirs = placeOf(resource, arn)[part];
    if (isKnown(theirs) && isKnown(stack[part]) && theirs !== stack[part]) {
      return `'${prop}' must be in the ${part} of the stack, ${stack[part]}, got one in ${theirs}; ${remedy}`;
    }
  }
  return undefined;
}

/** By its ARN if it has one, since CDK gives an imported certificate the place of the stack. */
function placeOf(resource: object, arn: string): { readonly region?: string; readonly account?: string } {
  const { env } = resource as Partial<IResource>;
  const known = String(Reflect.get(resource, arn)).replace(/\$\{Token\[[^\]]*\]\}/g, '');
  const [, , , region, account] = known.split(':');
  return { region: region || env?.region, account: account || env?.account };
}

function isKnown(value: string | undefined): value is string {
  return value !== undefined && !isUnknown(value);
}
