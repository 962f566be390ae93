import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { INetwork } from '../../../network/network';
import { ResourceNames } from '../../../private/names';

/**
 * Creates the security group of the tasks. Its egress rules allow all traffic with internet access, only HTTPS with
 * endpoints, and no traffic without egress.
 */
export function createTaskSecurityGroup(scope: Construct, network: INetwork, names: ResourceNames): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc: network.vpc,
    securityGroupName: names.securityGroup('web'),
    description: 'Tasks: the container port for the load balancer only',
    allowAllOutbound: network.internetAccess,
  });
  if (!network.internetAccess && !network.forInspectionOnly) {
    // not only the endpoints: the gateway endpoint of S3 has public addresses, which a template cannot list
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'Endpoints of AWS services');
  }
  return group;
}
