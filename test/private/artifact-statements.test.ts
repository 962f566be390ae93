import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { readArtifacts, readWriteArtifacts } from '../../src/private/artifact-statements';
import { createStack, onlyResource, Statement, textOf } from '../helpers';

const BUCKET = 'arn:aws:s3:::artifacts';
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/1';

/** What the statements for a bucket permit and deny: effect, action, resource. */
function permissions(statementsFor: (bucket: s3.IBucket) => iam.PolicyStatement[], encrypted = false): string[] {
  const stack = createStack();
  const bucket = s3.Bucket.fromBucketAttributes(stack, 'Bucket', {
    bucketArn: BUCKET, encryptionKey: encrypted ? kms.Key.fromKeyArn(stack, 'Key', KEY) : undefined,
  });
  new iam.ManagedPolicy(stack, 'Policy', { statements: statementsFor(bucket) });
  const { Statement: statements } = onlyResource(Template.fromStack(stack), 'AWS::IAM::ManagedPolicy')[1].Properties.PolicyDocument as { Statement: Statement[] };
  return statements.flatMap(({ Effect, Action, Resource }) => [Resource].flat()
    .flatMap((resource) => [Action].flat().map((action) => `${Effect} ${action} on ${textOf(resource)}`)));
}

const READ = [`Allow s3:GetObject on ${BUCKET}/*`, `Allow s3:GetObjectVersion on ${BUCKET}/*`];
const LOOK = ['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'].map((action) => `Allow ${action} on ${BUCKET}`);

test('who reads artifacts reads all objects and the properties of the bucket, and no key where there is none', () => {
  expect(permissions(readArtifacts)).toEqual([...READ, ...LOOK]);
});

test('who reads encrypted artifacts may decrypt them', () => {
  expect(permissions(readArtifacts, true)).toEqual([...READ, ...LOOK, `Allow kms:Decrypt on ${KEY}`]);
});

test.each<['pipeline' | 'source' | 'build', string[]]>([
  ['pipeline', ['cache/*', 'reports/*']],
  ['source', ['cache/*', 'reports/*', '*/Build/*']],
  ['build', ['*/Source/*']],
])('the %s writes artifacts but those of others', (writer, others) => {
  expect(permissions((bucket) => readWriteArtifacts(bucket, writer), true)).toEqual([
    ...READ, `Allow s3:PutObject on ${BUCKET}/*`,
    ...others.map((pattern) => `Deny s3:PutObject on ${BUCKET}/${pattern}`),
    `Allow s3:GetBucketAcl on ${BUCKET}`, ...LOOK,
    `Allow kms:GenerateDataKey on ${KEY}`, `Allow kms:Decrypt on ${KEY}`,
  ]);
});

test('who copies an object with its tags may not change the tags of what it must not write', () => {
  const permitted = permissions((bucket) => readWriteArtifacts(bucket, 'source', true));
  expect(permitted.filter((line) => line.includes('Tagging'))).toEqual([
    ...['GetObjectTagging', 'GetObjectVersionTagging', 'PutObjectTagging'].map((action) => `Allow s3:${action} on ${BUCKET}/*`),
    ...['cache/*', 'reports/*', '*/Build/*'].map((pattern) => `Deny s3:PutObjectTagging on ${BUCKET}/${pattern}`),
  ]);
});
