import { CfnResource, Stack } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { grantLogDelivery, logPrefix } from '../../../private/log-bucket';
import { ResourceNames } from '../../../private/names';

/**
 * Allows the load balancer to write its access logs.
 *
 * CDK's own method requires a stack with a known region, because it looks up accounts of AWS, which newer regions do
 * not have. The service principal works in all regions.
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
    warning: { id: 'BlueGreenService.importedAccessLogs', consequence: 'otherwise the deployment fails with "Access Denied for bucket"' },
  });
  if (policy) {
    // the load balancer writes a test file when it is created
    // only the resource: with the construct, the listeners would also depend on the policy, and change in the template
    (loadBalancer.node.defaultChild as CfnResource).node.addDependency(policy);
  }
}
