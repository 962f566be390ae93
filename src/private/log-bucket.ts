import { Annotations, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct, IDependable } from 'constructs';
import { fail } from './errors';
import { ResourceNames } from './names';

/** Who writes access logs to a bucket. */
export interface LogWriter {
  /** The option that gave the bucket. */
  readonly prop: string;
  /** As in: a load balancer cannot write with another key. */
  readonly who: string;
  /** Whether it writes to buckets of its own account only. */
  readonly sameAccount?: boolean;
  readonly servicePrincipal: string;
  /** The keys that it writes below. */
  readonly prefix: string;
  readonly conditions?: { [operator: string]: unknown };
  /** The id of the warning when the bucket is imported, and what happens then. */
  readonly warning: { readonly id: string; readonly consequence: string };
}

/** The first words of the keys of an application's logs, so that several may share a bucket. */
export function logPrefix({ applicationName, environmentSuffix }: ResourceNames): string {
  return environmentSuffix === undefined ? applicationName : `${applicationName}-${environmentSuffix}`;
}

/**
 * Lets a service of AWS write access logs to a bucket. What it returns is to be waited for, when the service tries it
 * at once.
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
      `the policy of the imported bucket ${bucket.node.path} cannot be changed from here: let its owner allow s3:PutObject on ${prefix} `
      + `to the service principal ${servicePrincipal}, ${warning.consequence}`);
  }
  return policyDependable;
}

function requireUsableBucket(scope: IConstruct, bucket: s3.IBucket, { prop, who, sameAccount }: LogWriter): void {
  if (usesKms(bucket)) {
    fail(scope, `'${prop}' must be a bucket that S3's own keys encrypt, got ${bucket.node.path} with a key of KMS; `
      + `${who} cannot write with another: give a bucket with s3.BucketEncryption.S3_MANAGED`);
  }
  for (const place of ['region', ...sameAccount ? ['account'] : []] as ('region' | 'account')[]) {
    const [theirs, own] = [bucket.env[place], Stack.of(scope)[place]];
    if (!Token.isUnresolved(theirs) && !Token.isUnresolved(own) && theirs !== own) {
      fail(scope, `'${prop}' must be a bucket of the same ${place}, got ${bucket.node.path} in ${theirs}, and the stack is in ${own}; `
        + `give a bucket of the stack's ${place}`);
    }
  }
}

/** A bucket with a key of AWS's own in KMS has no key object. */
function usesKms(bucket: s3.IBucket): boolean {
  const resource = bucket.node.defaultChild as s3.CfnBucket | undefined;
  return bucket.encryptionKey !== undefined || JSON.stringify(Stack.of(bucket).resolve(resource?.bucketEncryption) ?? {}).includes('aws:kms');
}
