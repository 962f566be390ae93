import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { NetworkEgress } from './network-egress';
import { PartProps } from '../part-props';

/**
 * Options of a network, without the properties that all parts share.
 */
export interface NetworkOptions {
  /**
   * An existing VPC. Its availability zones, address ranges, and egress are managed by its owner. It cannot be changed
   * once a service exists.
   *
   * @default - a new VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The address range of the new VPC. It cannot be changed once a service exists.
   *
   * @default - 10.0.0.0/16, with subnets of 4096 addresses, which leaves room for more subnets
   */
  readonly ipAddresses?: ec2.IIpAddresses;

  /**
   * The number of availability zones that the new VPC spans, from 2 to 6. A load balancer requires two.
   *
   * A stack without account and region gets at most two zones, because CDK does not know the zones of the account. The
   * network emits a warning if it gets fewer zones than `maxAzs`. The number cannot be changed once a service exists.
   *
   * @default 2
   */
  readonly maxAzs?: number;

  /**
   * The names of 2 to 6 availability zones that the new VPC spans, such as `['eu-west-1a', 'eu-west-1c']`. They cannot
   * be set together with `maxAzs`, and cannot be changed once a service exists.
   *
   * Set them if some zones of the account do not support load balancers or Fargate. Also set them to get three zones in
   * a stack without account and region.
   *
   * @default - the first zones of the account, as many as `maxAzs`
   */
  readonly availabilityZones?: string[];

  /**
   * The egress strategy: the way that tasks reach image registries, logs, and other services.
   *
   * A change to or from `NetworkEgress.publicTasks()` moves the tasks to other subnets, so this change cannot be made
   * once a service exists. With `vpc`, only `NetworkEgress.publicTasks()` is allowed.
   *
   * @default - NetworkEgress.natGateways(1); with `vpc`, the egress of the VPC
   */
  readonly egress?: NetworkEgress;

  /**
   * Whether to log the traffic of the VPC to CloudWatch Logs.
   *
   * With RETAIN, the log group remains after you disable this option. Delete the log group before you enable the option
   * again under the same name.
   *
   * @default - true for a new VPC, false with `vpc`
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
   */
  readonly flowLogs?: boolean;

  /**
   * The retention period of the flow logs.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The key that encrypts the flow logs. Its key policy gets a statement that allows CloudWatch Logs in this region to
   * use it.
   *
   * @default - a new customer managed key if flow logs are enabled
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Whether to remove all rules from the default security group of the new VPC. No resource of this library uses that
   * group.
   *
   * CloudFormation cannot remove the rules, so CDK adds a Lambda function to the stack, which has permission to change
   * the rules of this group.
   *
   * @default false
   */
  readonly restrictDefaultSecurityGroup?: boolean;

  /**
   * The subnets of the tasks: private ones, or public ones with `NetworkEgress.publicTasks()`. They cannot be changed
   * once a service exists.
   *
   * @default - the private subnets; in an existing VPC, those with egress if there are any, else the isolated ones; the
   * public subnets with `NetworkEgress.publicTasks()`
   */
  readonly taskSubnets?: ec2.SubnetSelection;

  /**
   * The subnets of an internet-facing load balancer. An internal load balancer uses the task subnets.
   *
   * @default - the public subnets
   */
  readonly loadBalancerSubnets?: ec2.SubnetSelection;
}

/**
 * Properties of `Network`.
 */
export interface NetworkProps extends NetworkOptions, PartProps {}

/**
 * Attributes of an existing network.
 */
export interface NetworkAttributes {
  /** The VPC. */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets of the tasks.
   *
   * @default - the private subnets with egress if there are any, else the isolated ones; the public subnets with
   * `assignPublicIp`
   */
  readonly taskSubnets?: ec2.SubnetSelection;

  /**
   * The subnets of an internet-facing load balancer. An internal load balancer uses the task subnets.
   *
   * @default - the public subnets
   */
  readonly loadBalancerSubnets?: ec2.SubnetSelection;

  /**
   * Whether to treat the internet as reachable from the tasks.
   *
   * @default - true, unless the task subnets are isolated
   */
  readonly internetAccess?: boolean;

  /**
   * Whether to assign a public IPv4 address to each task, as `NetworkEgress.publicTasks()` does. The task subnets must
   * then be public.
   *
   * It cannot be changed once a service exists.
   *
   * @default - no public addresses
   */
  readonly assignPublicIp?: boolean;
}
