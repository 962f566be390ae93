import { Annotations, Stack } from 'aws-cdk-lib';
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
  if (bucket.encryptionKey) {
    fail(scope, `'accessLogs' must be a bucket that S3's own keys encrypt, got ${bucket.node.path} with a key of KMS; `
      + 'a load balancer cannot write with another: give a bucket with s3.BucketEncryption.S3_MANAGED');
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
    loadBalancer.node.addDependency(policyDependable);
    return;
  }
  Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:BlueGreenService.importedAccessLogs',
    `the policy of the imported bucket ${bucket.node.path} cannot be changed from here: let its owner allow s3:PutObject on ${prefix}/AWSLogs/ `
    + 'to the service principal logdelivery.elasticloadbalancing.amazonaws.com, else the deployment fails with "Access Denied for bucket"');
}
