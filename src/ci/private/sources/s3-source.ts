import { CfnResource } from 'aws-cdk-lib';
import * as actions from 'aws-cdk-lib/aws-codepipeline-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { SOURCE } from './common';
import { allow } from '../../../private/allow';
import { READ_TAGS, readWriteArtifacts } from '../../../private/artifact-statements';
import { renderedProperties } from '../../../private/cdk-internals';
import { bucketIn } from '../../../private/common-kinds';
import { objectPage } from '../../../private/console-links';
import { KindsOf, required, requireOptions, STRING } from '../../../private/kinds';
import { ResourceNames } from '../../../private/names';
import { PolicyRole } from '../../../private/policy-role';
import { thePipeline } from '../../../private/principals';
import { requirePattern } from '../../../private/validation';
import { PipelineSourceBindOptions, PipelineSourceConfig, S3SourceOptions } from '../../pipeline-source-options';

const OPTIONS: KindsOf<S3SourceOptions> = {
  bucket: required(bucketIn({ same: 'region and account', remedy: 'replicate the object to a bucket there' })),
  key: required(STRING),
};

/** An archive in a bucket as the source, and a rule for its new versions. */
export function bindS3(
  scope: Construct, options: S3SourceOptions, bindOptions: PipelineSourceBindOptions,
): PipelineSourceConfig {
  requireOptions(scope, 'source', options, OPTIONS);
  const { bucket, key } = options;
  // a longer key would exceed the limit of the approval's information
  requirePattern(scope, 'source.key', key, /^[^\s*?]([^*?]{0,510}[^\s*?])?$/,
    "be the key of one object such as 'orders/source.zip', at most 512 characters long, without '*' and '?', and without white space at either end");
  scope.node.addValidation({ validate: () => validateBucket(bucket) });
  const action = new actions.S3SourceAction({
    ...SOURCE,
    bucket,
    bucketKey: key,
    output: bindOptions.output,
    // the pipeline creates the rule: CDK's own rule requires a CloudTrail trail
    trigger: actions.S3Trigger.NONE,
    role: createRole(scope, bucket, key, bindOptions),
  });
  return {
    action,
    trigger: {
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] }, object: { key: [key] } },
    },
    revision: action.variables.versionId,
    revisionUrl: objectPage(scope, bucket.bucketName, key, action.variables.versionId),
  };
}

/**
 * Checks the bucket at the end of the synth, with all settings of the user. An imported bucket is managed by its owner,
 * and its settings are unknown.
 */
function validateBucket({ node }: s3.IBucket): string[] {
  if (!(node.defaultChild instanceof s3.CfnBucket)) { return []; }
  const { VersioningConfiguration: versioning } = renderedProperties(
    node.defaultChild,
  ) as { VersioningConfiguration?: { Status?: unknown } };
  return [
    ...versioning?.Status === 'Enabled' ? [] : [
      `'source.bucket' must be versioned, got ${node.path} without versioning; CodePipeline requires versioning of an S3 source: add 'versioned: true' to the bucket`,
    ],
    // CDK configures the events of a bucket in a separate resource
    ...node.findAll().some((child) => CfnResource.isCfnResource(child) && sendsToEventBridge(child)) ? [] : [
      `'source.bucket' must send events of new objects to EventBridge, got ${node.path} without events; nothing would start the pipeline: add 'eventBridgeEnabled: true' to the bucket`,
    ],
  ];
}

function sendsToEventBridge(resource: CfnResource): boolean {
  const { NotificationConfiguration: notification } = renderedProperties(resource) as {
    NotificationConfiguration?: { [channel: string]: unknown };
  };
  return notification?.EventBridgeConfiguration !== undefined;
}

function createRole(
  scope: Construct, bucket: s3.IBucket, key: string, {
    artifactBucket, pipelineRole, ...parts
  }: PipelineSourceBindOptions,
): iam.IRole {
  return new PolicyRole(scope, 'ActionRole', {
    names: new ResourceNames(scope, parts),
    purpose: 'source-action',
    assumedBy: thePipeline(pipelineRole),
    statements: [
      // without the permissions on tags, the action fails if the archive has tags
      allow(['s3:GetObject', 's3:GetObjectVersion', ...READ_TAGS], [bucket.arnForObjects(key)]),
      allow(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket.bucketArn]),
      ...bucket.encryptionKey ? [allow(['kms:Decrypt'], [bucket.encryptionKey.keyArn])] : [],
      ...readWriteArtifacts(artifactBucket, 'source', true),
    ],
  }).role;
}
