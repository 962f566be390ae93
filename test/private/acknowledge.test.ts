import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { acknowledge, acknowledgeWildcards, isHiddenIn, wildcard } from '../../src/private/acknowledge';
import { allow } from '../../src/private/allow';
import { isAcknowledged } from '../../src/private/cdk-internals';
import { createStack } from '../helpers';

const createResource = (stack = createStack()) => new CfnResource(stack, 'Resource', { type: 'A::B::C' });
const createPolicy = (stack: Stack) => new iam.ManagedPolicy(stack, 'Policy', { statements: [allow(['s3:GetObject'], ['arn'])] });
const wildcardRule = (resource: string) => `AwsSolutions-IAM5[Resource::${resource}]`;

/** What is acknowledged at a construct, each with its reason. */
const acknowledgedAt = ({ node }: CfnResource) => node.metadata
  .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY).map(({ data }) => data as object);

test('a finding is acknowledged under the name that each tool has for it', () => {
  const resource = createResource();
  acknowledge(resource, 'why', { solutions: ['S1'], compliance: ['S3BucketLoggingEnabled'], checkov: ['CKV_AWS_18'], guard: ['s3_check'] });
  expect(acknowledgedAt(resource)).toEqual([
    'AwsSolutions-S1', 'NIST.800.53.R5-S3BucketLoggingEnabled', 'PCI.DSS.321-S3BucketLoggingEnabled', 'HIPAA.Security-S3BucketLoggingEnabled', 'CKV_AWS_18', 's3_check',
  ].map((name) => ({ [`Annotation::${name}`]: 'why' })));
});

test('what is not named is not acknowledged', () => {
  const resource = createResource();
  acknowledge(resource, 'why', {});
  expect(acknowledgedAt(resource)).toEqual([]);
});

test('checkov reads its checks, with the reason, in the metadata of the resource', () => {
  const resource = createResource();
  acknowledge(resource, 'why', { checkov: ['CKV_AWS_18', 'CKV_AWS_21'] });
  expect(resource.getMetadata('checkov')).toEqual({ skip: [{ id: 'CKV_AWS_18', comment: 'why' }, { id: 'CKV_AWS_21', comment: 'why' }] });
});

test('a second part that acknowledges a check of a shared resource adds what is new', () => {
  const resource = createResource();
  acknowledge(resource, 'first', { checkov: ['CKV_AWS_18'] });
  acknowledge(resource, 'second', { checkov: ['CKV_AWS_18', 'CKV_AWS_21'] });
  expect(resource.getMetadata('checkov')).toEqual({ skip: [{ id: 'CKV_AWS_18', comment: 'first' }, { id: 'CKV_AWS_21', comment: 'second' }] });
});

test('a resource without checks of checkov has no metadata for it', () => {
  const stack = createStack();
  acknowledge(createResource(stack), 'why', { solutions: ['S1'] });
  expect(Template.fromStack(stack).toJSON().Resources.Resource.Metadata?.checkov).toBeUndefined();
});

test('only the statements with a reason are acknowledged in a policy, and only their wildcards', () => {
  const stack = createStack();
  const policy = createPolicy(stack);
  acknowledgeWildcards(policy, [
    wildcard('why', allow(['s3:GetObject'], ['arn:aws:s3:::one/*', 'arn:aws:s3:::one'])),
    allow(['s3:GetObject'], ['arn:aws:s3:::other/*']),
  ]);
  expect(isAcknowledged(policy, wildcardRule('arn:aws:s3:::one/*'))).toBe(true);
  expect(isAcknowledged(policy, wildcardRule('arn:aws:s3:::one'))).toBe(false);
  expect(isAcknowledged(policy, wildcardRule('arn:aws:s3:::other/*'))).toBe(false);
});

test('a wildcard behind references has the name that cdk-nag gives it', () => {
  const stack = createStack();
  const policy = createPolicy(stack);
  const bucket = new s3.CfnBucket(stack, 'Bucket');
  acknowledgeWildcards(policy, [wildcard('why', allow(['s3:GetObject'], [`${bucket.attrArn}/*`, `${bucket.ref}/*`]))]);
  expect(isAcknowledged(policy, wildcardRule('<Bucket.Arn>/*'))).toBe(true);
  expect(isAcknowledged(policy, wildcardRule('<Bucket>/*'))).toBe(true);
});

test('a statement is hidden in a policy that acknowledges one of its wildcards', () => {
  const policy = createPolicy(createStack());
  acknowledgeWildcards(policy, [wildcard('why', allow(['s3:GetObject'], ['one/*']))]);
  expect(isHiddenIn(policy, allow(['s3:PutObject'], ['other', 'one/*']))).toBe(true);
  expect(isHiddenIn(policy, allow(['s3:PutObject'], ['other/*']))).toBe(false);
  expect(isHiddenIn(policy, allow(['s3:PutObject'], ['one']))).toBe(false);
});
