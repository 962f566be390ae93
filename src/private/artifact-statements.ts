import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { wildcard } from './acknowledge';
import { allow } from './allow';

const EXECUTIONS = 'CodePipeline puts each artifact under a key of its own, which no template knows.';

/** What reading the artifacts of a pipeline takes; CDK's own grant has wildcard actions. */
export function readArtifacts(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    wildcard(EXECUTIONS, allow(['s3:GetObject', 's3:GetObjectVersion'], [bucket.arnForObjects('*')])),
    allow(['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket.bucketArn]),
    ...useKey(bucket, ['kms:Decrypt']),
  ];
}

/** What reading and writing them takes. */
export function readWriteArtifacts(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    wildcard(EXECUTIONS, allow(['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], [bucket.arnForObjects('*')])),
    allow(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket.bucketArn]),
    // S3 decrypts the parts of a large upload to join them
    ...useKey(bucket, ['kms:GenerateDataKey', 'kms:Decrypt']),
  ];
}

function useKey(bucket: s3.IBucket, actions: string[]): iam.PolicyStatement[] {
  return bucket.encryptionKey ? [allow(actions, [bucket.encryptionKey.keyArn])] : [];
}
