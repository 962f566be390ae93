import { CfnResource, Stack } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { grantLogDelivery, logPrefix } from '../../../private/log-bucket';
import { ResourceNames } from '../../../private/names';

/**
 * Lets the load balancer write its access logs.
 *
 * CDK's own method works only in a stack of one region, since it looks up accounts of AWS that newer regions do not
 * have; the service principal writes in all.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export function writeAccessLogs(
  scope: IConstruct, loadBalancer: elbv2.ApplicationLoadBalancer, bucket: s3.IBucket, names: ResourceNames,
): void {
  const prefix = logPrefix(names);
  loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
  loadBalancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
  loadBalancer.setAttribute('access_logs.s3.prefix', prefix);
  const policy = grantLogDelivery(scope, bucket, {
    prop: 'loadBalancer.accessLogsBucket',
    who: 'a load balancer',
    servicePrincipal: 'logdelivery.elasticloadbalancing.amazonaws.com',
    prefix: `${prefix}/AWSLogs/${Stack.of(scope).account}/`,
    warning: { id: 'BlueGreenService.importedAccessLogs', consequence: 'else the deployment fails with "Access Denied for bucket"' },
  });
  if (policy) {
    // it writes a file to try when it is created
    // not the construct: its listeners would wait as well, and differ in the template
    (loadBalancer.node.defaultChild as CfnResource).node.addDependency(policy);
  }
}
