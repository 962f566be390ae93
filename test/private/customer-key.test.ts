import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { isAcknowledged } from '../../src/private/cdk-internals';
import { createCustomerKey } from '../../src/private/customer-key';
import { ResourceNames } from '../../src/private/names';
import { createStack } from '../helpers';

function create(environmentSuffix?: string, removalPolicy = RemovalPolicy.DESTROY) {
  const stack = createStack();
  const names = new ResourceNames(stack, { applicationName: 'orders', environmentSuffix });
  const key = createCustomerKey(stack, 'Key', { names, purpose: 'artifacts', what: 'Artifacts', removalPolicy });
  return { key, template: Template.fromStack(stack) };
}

test('a key rotates, says what it is for, and has an alias', () => {
  const { template } = create('dev');
  template.hasResourceProperties('AWS::KMS::Key', { Description: 'Artifacts of orders', EnableKeyRotation: true });
  template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/orders-artifacts-dev' });
});

test('a key has no alias where nothing has a name', () => {
  create().template.resourceCountIs('AWS::KMS::Alias', 0);
});

test.each([[RemovalPolicy.DESTROY, 'Delete'], [RemovalPolicy.RETAIN, 'Retain']])('a key follows the removal policy %s', (removalPolicy, DeletionPolicy) => {
  create('dev', removalPolicy).template.hasResource('AWS::KMS::Key', { DeletionPolicy });
});

test('grants by the IAM policies of the account are acknowledged to Control Tower', () => {
  expect(isAcknowledged(create().key, 'kms_create_grant_aws_service_check')).toBe(true);
});
