import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Access, allowedToAdministrator } from './decisions';
import { ACCOUNT, Deployed, REGION } from './deployed';
import { BlueGreenPythonPipeline } from '../../../src';
import { createStack, idOf, resourcesOf } from '../../helpers';

const BUCKET = `arn:aws:s3:::orders-artifacts-${ACCOUNT}-${REGION}-prod`;
const ARTIFACT = `${BUCKET}/orders/Source/1`;
const ALL: Access[] = [['s3:GetObject', ARTIFACT], ['s3:PutObject', ARTIFACT], ['s3:ListBucket', BUCKET]];

function deploy(removalPolicy: RemovalPolicy) {
  const stack = createStack();
  new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'prod', removalPolicy });
  const template = Template.fromStack(stack);
  const [id, bucket] = Object.entries(resourcesOf(template, 'AWS::S3::Bucket'))[0];
  return { deployed: new Deployed(stack), template, id, bucket };
}

const destroyed = deploy(RemovalPolicy.DESTROY);
const retained = deploy(RemovalPolicy.RETAIN);

const requested = (context: Access[2]): Access[] => ALL.map(([action, resource]) => [action, resource, context]);

describe.each([['DESTROY', destroyed], ['RETAIN', retained]])('the artifacts of a stack with %s', (_policy, { deployed, template, bucket }) => {
  test('are encrypted with the customer key', () => {
    const key = idOf(template, 'AWS::KMS::Key', /^OrdersPipelineArtifacts/);
    expect(bucket.Properties.BucketEncryption).toEqual({
      ServerSideEncryptionConfiguration: [{
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': [key, 'Arn'] } },
      }],
    });
  });

  test('come and go over TLS 1.2 and above only, whoever asks', async () => {
    expect(await allowedToAdministrator(deployed, ACCOUNT, ALL)).toEqual(ALL);
    expect(await allowedToAdministrator(deployed, ACCOUNT, requested({ 's3:TlsVersion': '1.2' }))).toHaveLength(ALL.length);
    expect(await allowedToAdministrator(deployed, ACCOUNT, requested({ 's3:TlsVersion': '1.1' }))).toEqual([]);
    expect(await allowedToAdministrator(deployed, ACCOUNT, requested({ 'aws:SecureTransport': 'false' }))).toEqual([]);
  });

  test('are closed to other accounts', async () => {
    expect(await allowedToAdministrator(deployed, '222222222222', ALL)).toEqual([]);
  });

  test('have versions, as CodePipeline asks for them', () => {
    expect(bucket.Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
  });

  test('expire, with their versions and the uploads that were broken off', () => {
    expect(bucket.Properties.LifecycleConfiguration).toEqual({
      Rules: [{
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
        ExpirationInDays: 30,
        NoncurrentVersionExpiration: { NoncurrentDays: 30 },
        Status: 'Enabled',
      }],
    });
  });
});

test('the bucket is emptied and deleted with a stack of DESTROY', () => {
  const { bucket, id, template } = destroyed;
  expect([bucket.DeletionPolicy, bucket.UpdateReplacePolicy]).toEqual(['Delete', 'Delete']);
  expect(Object.values(resourcesOf(template, 'Custom::S3AutoDeleteObjects')).map(({ Properties: { BucketName } }) => BucketName)).toEqual([{ Ref: id }]);
});

test('the bucket and its key are kept by RETAIN, and nothing empties it', () => {
  const { bucket, template } = retained;
  expect([bucket.DeletionPolicy, bucket.UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
  const key = resourcesOf(template, 'AWS::KMS::Key')[idOf(template, 'AWS::KMS::Key', /^OrdersPipelineArtifacts/)];
  expect(key.DeletionPolicy).toBe('Retain');
  template.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
});
