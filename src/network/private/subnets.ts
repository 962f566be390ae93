import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { fail, show } from '../../private/errors';

/** Refuses a selection of nothing. CDK has no way to ask which groups of subnets a VPC has, so its own words are passed on. */
export function requireSubnets(scope: IConstruct, prop: string, vpc: ec2.IVpc, selection: ec2.SubnetSelection | undefined): void {
  if (selection === undefined) { return; }
  const { subnets, reason } = select(vpc, selection);
  if (subnets === 0) {
    fail(scope, `'${prop}' must choose subnets that the VPC has, got ${show(describe(selection))}: ${reason}; choose others or another VPC`);
  }
}

function select(vpc: ec2.IVpc, selection: ec2.SubnetSelection): { readonly subnets: number; readonly reason: string } {
  try {
    const { subnets, isPendingLookup } = vpc.selectSubnets(selection);
    return { subnets: isPendingLookup ? Infinity : subnets.length, reason: 'none of them fits' };
  } catch (error) {
    return { subnets: 0, reason: (error as Error).message };
  }
}

/** What can be shown of a selection: subnets and filters are objects with a construct tree behind them. */
function describe({ subnetGroupName, subnetType, availabilityZones }: ec2.SubnetSelection): object {
  return { subnetGroupName, subnetType, availabilityZones };
}
