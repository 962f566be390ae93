import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { INetwork } from '../../../network/network';
import { ResourceNames } from '../../../private/names';

/**
 * What tasks may call: anything by way of the internet, HTTPS alone where there are endpoints only, nothing where there
 * is nothing.
 */
export function createTaskSecurityGroup(scope: Construct, network: INetwork, names: ResourceNames): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc: network.vpc,
    securityGroupName: names.of('web'),
    description: 'Tasks: the container port for the load balancer only',
    allowAllOutbound: network.internetAccess,
  });
  if (!network.internetAccess && !network.forInspectionOnly) {
    // not the endpoints alone: the gateway of S3 is reached by public addresses, whose list no template knows
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'Endpoints of AWS services');
  }
  return group;
}
