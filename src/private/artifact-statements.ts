import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';

/** What reading the artifacts of a pipeline takes; CDK's own grant has wildcard actions. */
export function readArtifacts(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    statement(['s3:GetObject', 's3:GetObjectVersion'], [bucket.arnForObjects('*')]),
    statement(['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket.bucketArn]),
    ...useKey(bucket, ['kms:Decrypt']),
  ];
}

/** What reading and writing them takes. */
export function readWriteArtifacts(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    statement(['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], [bucket.arnForObjects('*')]),
    statement(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket.bucketArn]),
    // S3 decrypts the parts of a large upload to join them
    ...useKey(bucket, ['kms:GenerateDataKey', 'kms:Decrypt']),
  ];
}

function useKey(bucket: s3.IBucket, actions: string[]): iam.PolicyStatement[] {
  return bucket.encryptionKey ? [statement(actions, [bucket.encryptionKey.keyArn])] : [];
}

function statement(actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources });
}
