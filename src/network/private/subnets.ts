import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { fail, show } from '../../private/errors';

/**
 * Fails if a selection contains no subnets. CDK offers no way to list the subnet groups of a VPC, so the error quotes
 * CDK's own message.
 */
export function requireSubnets(
  scope: IConstruct, prop: string, vpc: ec2.IVpc, selection: ec2.SubnetSelection | undefined,
): void {
  if (selection === undefined) { return; }
  const { subnets, reason } = select(vpc, selection);
  if (subnets === 0) {
    fail(scope, `'${prop}' must select subnets of the VPC, got ${show(describe(selection))}: ${reason}; select other subnets, or use another VPC`);
  }
}

function select(vpc: ec2.IVpc, selection: ec2.SubnetSelection): { readonly subnets: number; readonly reason: string } {
  try {
    const { subnets, isPendingLookup } = vpc.selectSubnets(selection);
    return { subnets: isPendingLookup ? Infinity : subnets.length, reason: 'no subnet matches' };
  } catch (error) {
    return { subnets: 0, reason: (error as Error).message };
  }
}

/** The printable part of a selection: subnets and filters are objects with a construct tree behind them. */
function describe({ subnetGroupName, subnetType, availabilityZones }: ec2.SubnetSelection): object {
  return { subnetGroupName, subnetType, availabilityZones };
}

/** The subnets of an existing VPC that tasks run in by default. */
export function defaultTaskSubnets(scope: IConstruct, vpc: ec2.IVpc, publicTasks: boolean): ec2.SubnetSelection {
  if (publicTasks) { return publicSubnetsOf(scope, vpc); }
  if (vpc.privateSubnets.length > 0) { return { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }; }
  if (vpc.isolatedSubnets.length > 0) { return { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }; }
  return fail(scope, `'vpc' must have private subnets for the tasks, got ${vpc.node.path} without any; use another VPC, or remove 'vpc' to create one. `
    + `To run the tasks in public subnets, ${ALLOW_PUBLIC_TASKS}`);
}

function publicSubnetsOf(scope: IConstruct, vpc: ec2.IVpc): ec2.SubnetSelection {
  if (vpc.publicSubnets.length > 0) { return { subnetType: ec2.SubnetType.PUBLIC }; }
  return fail(scope, `'vpc' must have public subnets for public tasks, got ${vpc.node.path} without any; use another VPC, or ${FORBID_PUBLIC_TASKS}`);
}

const ALLOW_PUBLIC_TASKS = "set 'egress: NetworkEgress.publicTasks()' (for an imported network: 'assignPublicIp: true')";
const FORBID_PUBLIC_TASKS = "remove 'egress: NetworkEgress.publicTasks()' (for an imported network: 'assignPublicIp')";

/**
 * Fails if the tasks would get public addresses in private subnets, or run in public subnets without public addresses
 * and so reach nothing.
 */
export function requireTaskSubnets(
  scope: IConstruct, vpc: ec2.IVpc, taskSubnets: ec2.SubnetSelection, publicTasks: boolean,
): void {
  requireSubnets(scope, 'taskSubnets', vpc, taskSubnets);
  // a subnet that was imported by its id alone may be of either kind
  const wrong = new Set<ec2.ISubnet>(publicTasks ? [...vpc.privateSubnets, ...vpc.isolatedSubnets] : vpc.publicSubnets);
  if (!vpc.selectSubnets(taskSubnets).subnets.some((subnet) => wrong.has(subnet))) { return; }
  if (publicTasks) {
    fail(scope, "'taskSubnets' must be public with public tasks, got private subnets; a public address works only in a public subnet: "
      + `select public subnets, or ${FORBID_PUBLIC_TASKS}`);
  }
  fail(scope, "'taskSubnets' must be private, got public subnets; tasks get no public address there and cannot reach anything: "
    + `select private subnets, or ${ALLOW_PUBLIC_TASKS}`);
}

/** Fails if the user's own strategy contradicts itself. */
export function requireAccess(scope: IConstruct, publicTasks: boolean, internetAccess: boolean): void {
  if (publicTasks && !internetAccess) {
    fail(scope, "'egress' must not return 'internetAccess: false' together with 'taskSubnetType: PUBLIC'; tasks with public addresses reach the internet: "
      + "return 'internetAccess: true', or another 'taskSubnetType'");
  }
}

export function reachesInternet(vpc: ec2.IVpc, selection: ec2.SubnetSelection): boolean {
  const isolated = new Set(vpc.isolatedSubnets);
  return !vpc.selectSubnets(selection).subnets.some((subnet) => isolated.has(subnet));
}
