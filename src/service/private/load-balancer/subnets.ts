import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { INetwork } from '../../../network/network';
import { fail, show } from '../../../private/errors';

/**
 * Fails if an existing VPC lacks the subnets that the load balancer requires. AWS would reject them only in the middle
 * of the deployment.
 *
 * The load balancer does not check tasks in a zone that it is not in. They would never become healthy, and the service
 * would wait for hours.
 */
export function requireLoadBalancerZones(scope: IConstruct, network: INetwork, internetFacing: boolean): void {
  const { vpc } = network;
  const prop = `network.${internetFacing ? 'loadBalancerSubnets' : 'taskSubnets'}`;
  const subnets = subnetsOf(vpc, internetFacing ? network.loadBalancerSubnets : network.taskSubnets);
  if (internetFacing) {
    requirePublic(scope, vpc, subnets);
  }
  const zones = subnets.map(zoneOf);
  if (zones.includes(undefined) || Token.isUnresolved(zones)) { return; }
  requireDistinctZones(scope, prop, zones);
  // a token may resolve to one of these zones
  const lonely = subnetsOf(vpc, network.taskSubnets).map(zoneOf)
    .filter((zone) => zone !== undefined && !Token.isUnresolved(zone) && !zones.includes(zone));
  if (lonely.length > 0) {
    fail(scope, `'network.taskSubnets' must be in the availability zones of '${prop}' (${show(zones)}), got ${show(lonely)} in addition; `
      + 'the load balancer cannot reach tasks in another zone: choose subnets in the same zones');
  }
}

function requirePublic(scope: IConstruct, vpc: ec2.IVpc, subnets: (ec2.ISubnet | undefined)[]): void {
  if (subnets.length === 0) {
    fail(scope, "'network.loadBalancerSubnets' must be public, got a VPC without public subnets; use another VPC, "
      + "or set 'loadBalancer.internetFacing: false' for a load balancer in the subnets of the tasks");
  }
  const hidden = new Set<ec2.ISubnet | undefined>([...vpc.privateSubnets, ...vpc.isolatedSubnets]);
  if (subnets.some((subnet) => hidden.has(subnet))) {
    fail(scope, "'network.loadBalancerSubnets' must be public, got private subnets; the load balancer is unreachable there: "
      + "choose public subnets, or set 'loadBalancer.internetFacing: false' for a load balancer in the subnets of the tasks");
  }
}

function requireDistinctZones(scope: IConstruct, prop: string, zones: (string | undefined)[]): void {
  const distinct = [...new Set(zones)];
  if (distinct.length < 2) {
    fail(scope, `'${prop}' must span two availability zones, got ${show(distinct)}; a load balancer requires two: choose other subnets or another VPC`);
  }
  if (distinct.length < zones.length) {
    fail(scope, `'${prop}' must have one subnet in each availability zone, got ${show(zones)}; a load balancer accepts only one per zone: add 'onePerAz: true'`);
  }
}

/** The address range of the VPC. An import may lack it, and CDK offers no way to check. */
export function vpcCidrBlockOf(scope: IConstruct, vpc: ec2.IVpc): string {
  try {
    return vpc.vpcCidrBlock;
  } catch {
    return fail(scope, `'network.vpc' must have a known address range for an internal load balancer, got ${vpc.node.path} without one; `
      + "pass 'vpcCidrBlock' to ec2.Vpc.fromVpcAttributes, or set your own 'loadBalancer.securityGroups'");
  }
}

/** The selected subnets, with one unknown subnet for a VPC that CDK has not looked up yet. */
function subnetsOf(vpc: ec2.IVpc, selection: ec2.SubnetSelection): (ec2.ISubnet | undefined)[] {
  if (selection.subnetType === ec2.SubnetType.PUBLIC && vpc.publicSubnets.length === 0) { return []; }
  const { subnets, isPendingLookup } = vpc.selectSubnets(selection);
  return isPendingLookup ? [undefined] : subnets;
}

/** The zone of a subnet, undefined if it is unknown. An import by its id alone throws on access. */
function zoneOf(subnet: ec2.ISubnet | undefined): string | undefined {
  try {
    return subnet?.availabilityZone;
  } catch {
    return undefined;
  }
}
