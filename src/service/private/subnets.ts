import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { INetwork } from '../../network/network';
import { fail, show } from '../../private/errors';

/**
 * What a given VPC may lack, and the load balancer would say in the middle of the deployment.
 *
 * Tasks in a zone that the load balancer has not are never asked whether they are well, and the service would wait for hours.
 */
export function requireLoadBalancerZones(scope: IConstruct, network: INetwork, internetFacing: boolean): void {
  const prop = `network.${internetFacing ? 'loadBalancerSubnets' : 'taskSubnets'}`;
  const zones = zonesOf(network.vpc, internetFacing ? network.loadBalancerSubnets : network.taskSubnets);
  if (zones.includes(undefined) || Token.isUnresolved(zones)) { return; }
  const distinct = [...new Set(zones)];
  if (distinct.length < 2) {
    fail(scope, `'${prop}' must span two availability zones, got ${show(distinct)}; a load balancer needs two: choose other subnets or another VPC`);
  }
  if (distinct.length < zones.length) {
    fail(scope, `'${prop}' must have one subnet in each availability zone, got ${show(zones)}; a load balancer takes no second one: add 'onePerAz: true'`);
  }
  // a token may turn out to be one of them
  const lonely = zonesOf(network.vpc, network.taskSubnets).filter((zone) => zone !== undefined && !Token.isUnresolved(zone) && !zones.includes(zone));
  if (lonely.length > 0) {
    fail(scope, `'network.taskSubnets' must be in zones of '${prop}' (${show(zones)}), got ${show(lonely)} beside them; `
      + 'the load balancer cannot reach tasks in another zone: choose subnets of the same zones');
  }
}

/** The addresses of the VPC, which an import may lack; CDK has no way to ask. */
export function vpcCidrBlockOf(scope: IConstruct, vpc: ec2.IVpc): string {
  try {
    return vpc.vpcCidrBlock;
  } catch {
    return fail(scope, `'network.vpc' must know its addresses for an internal load balancer, got ${vpc.node.path} without them; `
      + "give 'vpcCidrBlock' to ec2.Vpc.fromVpcAttributes, or 'securityGroups' of your own");
  }
}

function zonesOf(vpc: ec2.IVpc, selection: ec2.SubnetSelection): (string | undefined)[] {
  if (selection.subnetType === ec2.SubnetType.PUBLIC && vpc.publicSubnets.length === 0) { return []; }
  const { subnets, isPendingLookup } = vpc.selectSubnets(selection);
  return isPendingLookup ? [undefined] : subnets.map(zoneOf);
}

/** An import by its id alone throws when it is asked. */
function zoneOf(subnet: ec2.ISubnet): string | undefined {
  try {
    return subnet.availabilityZone;
  } catch {
    return undefined;
  }
}
