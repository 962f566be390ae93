import { Annotations, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct, IDependable } from 'constructs';
import { fail } from './errors';
import { ResourceNames } from './names';

/** An AWS service that writes access logs to a bucket. */
export interface LogWriter {
  /** The option that contains the bucket. */
  readonly prop: string;
  /** The subject of an error, as in: "a load balancer cannot write with a KMS key". */
  readonly who: string;
  readonly servicePrincipal: string;
  /** The prefix of the object keys that the service writes. */
  readonly prefix: string;
  readonly conditions?: { [operator: string]: unknown };
  /** The id of the warning about an imported bucket, and the consequence of a missing permission. */
  readonly warning: { readonly id: string; readonly consequence: string };
}

/** The prefix of an application's log objects, so that several applications can share a bucket. */
export function logPrefix({ applicationName, environmentSuffix }: ResourceNames): string {
  return environmentSuffix === undefined ? applicationName : `${applicationName}-${environmentSuffix}`;
}

/**
 * Allows an AWS service to write access logs to a bucket. If the service writes a test file when it is created, it must
 * depend on the returned policy.
 *
 * CDK's own methods depend on the region and on feature flags of the app.
 */
export function grantLogDelivery(scope: IConstruct, bucket: s3.IBucket, writer: LogWriter): IDependable | undefined {
  const { servicePrincipal, prefix, conditions, warning } = writer;
  requireUsableBucket(scope, bucket, writer);
  const { policyDependable } = bucket.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(servicePrincipal)],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects(`${prefix}*`)],
    conditions,
  }));
  if (!policyDependable) {
    Annotations.of(scope).addWarningV2(`cdk-blue-green-python-pipeline:${warning.id}`,
      `CDK cannot change the policy of the imported bucket ${bucket.node.path}: its owner must allow s3:PutObject on ${prefix} `
      + `for the service principal ${servicePrincipal}, ${warning.consequence}`);
  }
  return policyDependable;
}

function requireUsableBucket(scope: IConstruct, bucket: s3.IBucket, { prop, who }: LogWriter): void {
  if (usesKms(bucket)) {
    fail(scope, `'${prop}' must be a bucket with S3-managed encryption, got ${bucket.node.path} with a KMS key; `
      + `${who} cannot write with a KMS key: use a bucket with s3.BucketEncryption.S3_MANAGED`);
  }
}

/** A bucket with an AWS managed KMS key has no key object, so its properties are checked too. */
function usesKms(bucket: s3.IBucket): boolean {
  const resource = bucket.node.defaultChild as s3.CfnBucket | undefined;
  return bucket.encryptionKey !== undefined || JSON.stringify(Stack.of(bucket).resolve(resource?.bucketEncryption) ?? {}).includes('aws:kms');
}
