import { RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { ResourceNames } from './names';

/** What a key is for. */
export interface CustomerKeyProps {
  readonly names: ResourceNames;
  /** A word of its alias. */
  readonly purpose: string;
  /** The first words of its description. */
  readonly what: string;
  readonly removalPolicy: RemovalPolicy;
}

/** A customer key of a part, with an alias that tells what it is for. */
export function createCustomerKey(
  scope: Construct, id: string, { names, purpose, what, removalPolicy }: CustomerKeyProps,
): kms.Key {
  const key = new kms.Key(scope, id, {
    alias: names.prefixed('alias/', purpose),
    description: `${what} of ${names.applicationName}`,
    enableKeyRotation: true,
    removalPolicy,
  });
  acknowledge(key, 'The statement for the account leaves the key to its IAM policies, who may make grants included.', {
    guard: ['kms_create_grant_aws_service_check'],
  });
  return key;
}
