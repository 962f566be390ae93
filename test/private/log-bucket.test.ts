import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { grantLogDelivery, LogWriter, logPrefix } from '../../src/private/log-bucket';
import { ResourceNames } from '../../src/private/names';
import { createStack, onlyResource, textOf } from '../helpers';

const WRITER: LogWriter = {
  prop: 'accessLogsBucket',
  who: 'a writer',
  servicePrincipal: 'writer.amazonaws.com',
  prefix: 'orders/logs/',
  conditions: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
  warning: { id: 'Part.importedBucket', consequence: 'else nothing is written' },
};

const grant = (bucket: s3.IBucket, more: Partial<LogWriter> = {}) =>
  grantLogDelivery(Stack.of(bucket), bucket, { ...WRITER, ...more });

test('a service may write below its prefix only, on its conditions, and its caller can wait for that', () => {
  const stack = createStack();
  expect(grant(new s3.Bucket(stack, 'Logs'))).toBeDefined();
  const template = Template.fromStack(stack);
  const [bucket] = onlyResource(template, 'AWS::S3::Bucket');
  const { Statement: [statement, ...others] } = onlyResource(template, 'AWS::S3::BucketPolicy')[1].Properties.PolicyDocument as { Statement: { Resource: unknown }[] };
  expect(others).toEqual([]);
  expect({ ...statement, Resource: textOf(statement.Resource) }).toEqual({
    Effect: 'Allow',
    Principal: { Service: 'writer.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `\${${bucket}.Arn}/orders/logs/*`,
    Condition: WRITER.conditions,
  });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test('an imported bucket brings a warning with what its owner has to allow', () => {
  const stack = createStack();
  expect(grant(s3.Bucket.fromBucketName(stack, 'Logs', 'logs'))).toBeUndefined();
  Annotations.fromStack(stack).hasWarning('/Stack', 'CDK cannot change the policy of the imported bucket Stack/Logs: its owner must allow s3:PutObject on orders/logs/ '
    + 'for the service principal writer.amazonaws.com, else nothing is written [ack: cdk-blue-green-python-pipeline:Part.importedBucket]');
});

test.each<[string, (stack: Stack) => s3.BucketProps]>([
  ['a key of the user\'s', (stack) => ({ encryptionKey: new kms.Key(stack, 'Key') })],
  ['the key of S3 in KMS', () => ({ encryption: s3.BucketEncryption.KMS_MANAGED })],
])('a bucket with %s is refused', (_key, props) => {
  const stack = createStack();
  expect(() => grant(new s3.Bucket(stack, 'Logs', props(stack)))).toThrow("'accessLogsBucket' must be a bucket with S3-managed encryption, got Stack/Logs with a KMS key; "
    + 'a writer cannot write with a KMS key: use a bucket with s3.BucketEncryption.S3_MANAGED [Stack]');
});

test('a bucket that S3\'s own keys encrypt is accepted', () => {
  expect(() => grant(new s3.Bucket(createStack(), 'Logs', { encryption: s3.BucketEncryption.S3_MANAGED }))).not.toThrow();
});

test('applications that share a bucket write below their names', () => {
  expect(logPrefix(new ResourceNames(createStack(), { applicationName: 'orders' }))).toBe('orders');
  expect(logPrefix(new ResourceNames(createStack(), { applicationName: 'orders', environmentSuffix: 'dev' }))).toBe('orders-dev');
});
