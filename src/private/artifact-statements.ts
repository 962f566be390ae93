import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { wildcard } from './acknowledge';
import { allow } from './allow';

const EXECUTIONS = 'CodePipeline generates the object key of each artifact, so a template cannot name it.';

/** The names of the artifacts in the pipeline. */
export const ARTIFACT = { source: 'Source', build: 'Build' } as const;

/**
 * Objects that the build writes in addition to the artifacts: the cache of later builds, and the reports of each build.
 */
const OF_THE_BUILD = ['cache/*', 'reports/*'];

/**
 * Objects that each writer must not write.
 *
 * They are denied, because the other objects cannot be allowed by a prefix: AWS does not document the keys of
 * CodePipeline. In public examples, they are `<pipeline>/<artifact>/<random>`, with the name of the pipeline cut to 20
 * characters and that of the artifact to 10, such as `CodeBuild-Python-Pip/SourceArti/...` in AWS's CLI example. The
 * names of our artifacts are shorter.
 *
 * @see https://docs.aws.amazon.com/cli/latest/reference/codebuild/batch-get-builds.html
 */
const NOT_TO_WRITE = {
  pipeline: OF_THE_BUILD,
  source: [...OF_THE_BUILD, `*/${ARTIFACT.build}/*`],
  build: [`*/${ARTIFACT.source}/*`],
};

/** The permissions to read the artifacts of a pipeline. CDK's own grant has wildcard actions. */
export function readArtifacts(bucket: s3.IBucket): iam.PolicyStatement[] {
  return [
    wildcard(EXECUTIONS, allow(['s3:GetObject', 's3:GetObjectVersion'], [bucket.arnForObjects('*')])),
    allow(['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket.bucketArn]),
    ...useKey(bucket, ['kms:Decrypt']),
  ];
}

/**
 * The permissions to copy the tags of an object.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
 */
export const READ_TAGS = ['s3:GetObjectTagging', 's3:GetObjectVersionTagging'];
const WRITE_TAGS = 's3:PutObjectTagging';

/**
 * The permissions to read and write the artifacts of a pipeline.
 *
 * @param tagged whether the artifacts get the tags of the objects that they are copies of
 */
export function readWriteArtifacts(
  bucket: s3.IBucket, writer: keyof typeof NOT_TO_WRITE, tagged = false,
): iam.PolicyStatement[] {
  const write = ['s3:PutObject', ...tagged ? [WRITE_TAGS] : []];
  const read = ['s3:GetObject', 's3:GetObjectVersion', ...tagged ? READ_TAGS : []];
  return [
    wildcard(EXECUTIONS, allow([...read, ...write], [bucket.arnForObjects('*')])),
    new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      actions: write,
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
