import { RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { ResourceNames } from './names';

/** Props of a customer managed key. */
export interface CustomerKeyProps {
  readonly names: ResourceNames;
  /** The purpose of the key, a part of its alias. */
  readonly purpose: string;
  /** The encrypted data, the start of the key's description. */
  readonly what: string;
  readonly removalPolicy: RemovalPolicy;
}

/** Creates a customer managed key of a part, with an alias that contains its purpose. */
export function createCustomerKey(
  scope: Construct, id: string, { names, purpose, what, removalPolicy }: CustomerKeyProps,
): kms.Key {
  const key = new kms.Key(scope, id, {
    alias: names.prefixed('alias/', purpose),
    description: `${what} of ${names.applicationName}`,
    enableKeyRotation: true,
    removalPolicy,
  });
  acknowledge(key, 'The key policy delegates access to the IAM policies of the account, including the permission to create grants.', {
    guard: ['kms_create_grant_aws_service_check'],
  });
  return key;
}
