import { Annotations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { acknowledge } from '../../private/acknowledge';

/** Adds an info and no warning: CDK cannot see whether the endpoint exists, so a warning would never go away. */
export function nameRequiredEndpoint(
  scope: IConstruct, service: ec2.InterfaceVpcEndpointAwsService, client: ec2.IConnectable,
): void {
  const clients = client.connections.securityGroups.map(({ node }) => node.path).join(', ');
  Annotations.of(scope).addInfoV2('cdk-blue-green-python-pipeline:Network.givenEndpoints',
    `the existing VPC has no internet access: it must have a gateway endpoint for S3, and an interface endpoint for ${service.shortName} `
    + `that allows ${clients} on port 443`);
}

/** Warns of the strategies that are not for production. */
export function warnOfEgress(
  scope: IConstruct, egress: { readonly publicTasks: boolean; readonly forInspectionOnly: boolean },
): void {
  if (egress.publicTasks) {
    Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:Network.publicTasks',
      'each task has a public IPv4 address, which AWS bills, and only the security group of the tasks keeps the internet out. Do not use this in production: '
      + 'NetworkEgress.natGateways(1) and NetworkEgress.privateEndpoints() run the tasks in private subnets');
  }
  if (egress.forInspectionOnly) {
    Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:Network.noEgress',
      'the tasks have no egress, so they cannot pull an image: inspect this template, but do not deploy it. '
      + "To deploy it, set 'egress: NetworkEgress.natGateways(1)'");
  }
}

export function acknowledgeInternetRoutes(vpc: ec2.Vpc, publicTasks: boolean): void {
  const user = publicTasks ? 'tasks with public addresses' : 'a NAT gateway';
  vpc.publicSubnets.forEach((subnet) => acknowledge(subnet, `An internet-facing load balancer and ${user} require a route to the internet.`, {
    compliance: ['VPCNoUnrestrictedRouteToIGW'],
  }));
}
