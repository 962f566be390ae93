import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { wildcard } from './acknowledge';
import { allow } from './allow';

const EXECUTIONS = 'CodePipeline puts each artifact under a key of its own, which no template knows.';

/** The names of the artifacts, as the pipeline hands them on. */
export const ARTIFACT = { source: 'Source', build: 'Build' } as const;

/** What the build puts beside the artifacts: what later builds use again, and the evidence of each. */
const OF_THE_BUILD = ['cache/*', 'reports/*'];

/**
 * What each writer has no business with.
 *
 * Denied and not left out: CodePipeline's keys are `<pipeline>/<artifact>/<file>`, but how it cuts the names is not
 * documented, so there is no prefix to allow that is sure to be right.
 */
const NOT_TO_WRITE = {
  pipeline: OF_THE_BUILD,
  source: [...OF_THE_BUILD, `*/${ARTIFACT.build}/*`],
  build: [`*/${ARTIFACT.source}/*`],
};

/** What reading the artifacts of a pipeline takes; CDK's own grant has wildcard actions. */
export function readArtifacts(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    wildcard(EXECUTIONS, allow(['s3:GetObject', 's3:GetObjectVersion'], [bucket.arnForObjects('*')])),
    allow(['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket.bucketArn]),
    ...useKey(bucket, ['kms:Decrypt']),
  ];
}

/** What reading and writing them takes. */
export function readWriteArtifacts(bucket: s3.IBucket, writer: keyof typeof NOT_TO_WRITE): iam.PolicyStatement[] {
  return [
    wildcard(EXECUTIONS, allow(['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'], [bucket.arnForObjects('*')])),
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      actions: ['s3:PutObject'],
      resources: NOT_TO_WRITE[writer].map((pattern) => bucket.arnForObjects(pattern)),
    }),
    allow(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket.bucketArn]),
    // S3 decrypts the parts of a large upload to join them
    ...useKey(bucket, ['kms:GenerateDataKey', 'kms:Decrypt']),
  ];
}

function useKey(bucket: s3.IBucket, actions: string[]): iam.PolicyStatement[] {
  return bucket.encryptionKey ? [allow(actions, [bucket.encryptionKey.keyArn])] : [];
}
