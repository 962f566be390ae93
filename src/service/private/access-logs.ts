import { Annotations, CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { fail } from '../../private/errors';
import { ResourceNames } from '../../private/names';

/**
 * Lets the load balancer write its access logs.
 *
 * CDK's own method works only in a stack of one region, since it looks up accounts of AWS that newer regions do not have; the service principal writes in all.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export function writeAccessLogs(scope: IConstruct, loadBalancer: elbv2.ApplicationLoadBalancer, bucket: s3.IBucket, names: ResourceNames): void {
  if (usesKms(bucket)) {
    fail(scope, `'accessLogs' must be a bucket that S3's own keys encrypt, got ${bucket.node.path} with a key of KMS; `
      + 'a load balancer cannot write with another: give a bucket with s3.BucketEncryption.S3_MANAGED');
  }
  const [bucketRegion, region] = [bucket.env.region, Stack.of(scope).region];
  if (!Token.isUnresolved(bucketRegion) && !Token.isUnresolved(region) && bucketRegion !== region) {
    fail(scope, `'accessLogs' must be a bucket of the same region, got ${bucket.node.path} in ${bucketRegion}, and the load balancer is in ${region}; `
      + 'give a bucket of the load balancer\'s region');
  }
  const { applicationName, environmentSuffix } = names;
  const prefix = environmentSuffix === undefined ? applicationName : `${applicationName}-${environmentSuffix}`;
  loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
  loadBalancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
  loadBalancer.setAttribute('access_logs.s3.prefix', prefix);
  const { policyDependable } = bucket.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects(`${prefix}/AWSLogs/${Stack.of(scope).account}/*`)],
  }));
  if (policyDependable) {
    // it writes a file to try when it is created
    // not the construct: its listeners would wait as well, and differ in the template
    (loadBalancer.node.defaultChild as CfnResource).node.addDependency(policyDependable);
    return;
  }
  Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:BlueGreenService.importedAccessLogs',
    `the policy of the imported bucket ${bucket.node.path} cannot be changed from here: let its owner allow s3:PutObject on ${prefix}/AWSLogs/ `
    + 'to the service principal logdelivery.elasticloadbalancing.amazonaws.com, else the deployment fails with "Access Denied for bucket"');
}

/** A bucket with a key of AWS's own in KMS has no key object. */
function usesKms(bucket: s3.IBucket): boolean {
  const resource = bucket.node.defaultChild as s3.CfnBucket | undefined;
  return bucket.encryptionKey !== undefined || JSON.stringify(Stack.of(bucket).resolve(resource?.bucketEncryption) ?? {}).includes('aws:kms');
}
