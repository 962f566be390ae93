import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { baseOf, network, PLAIN, Props } from './places';
import { OptionRow, Row } from './row';
import { key, WITH_KEY, WITH_OWN_IMAGE, WITH_VPC } from './values';
import { NetworkEgress } from '../../../src';
import { importedVpc } from '../../helpers';

const withEndpoints = baseOf('PrivateEndpointsOptions');

const threeZones: Props = network({
  maxAzs: 3,
  taskSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: ['dummy1a', 'dummy1b'] },
});

/** None is drawn by itself: an existing VPC contradicts most of them, so the property tests draw whole networks. */
export const NETWORK: (OptionRow | Row)[] = [
  ['NetworkOptions.vpc', 'a new VPC to an existing one', PLAIN, WITH_VPC],
  ['NetworkOptions.vpc', 'an existing VPC to another', WITH_VPC, (stack) => network({ vpc: importedVpc(stack, 'Other', 'vpc-33333333') })],
  ['NetworkOptions.ipAddresses', '`10.0.0.0/16` to `10.1.0.0/16`', PLAIN,
    // a function, since the ranges that it has given away are not given again
    () => network({ ipAddresses: ec2.IpAddresses.cidr('10.1.0.0/16') })],
  {
    option: 'NetworkOptions.maxAzs',
    default: '2',
    other: 3,
    bad: [[1, "'maxAzs' must be a whole number from 2 to 6, got 1; a load balancer requires two availability zones [Stack/Orders/Network]"]],
    effect: 'refused by ECS: ECS service (NetworkConfiguration); replaced: route table association ×2, subnet ×2; '
      + 'created: route table association ×2, route table ×2, route ×2, subnet ×2; in place: load balancer',
    drawn: false,
  },
  {
    option: 'NetworkOptions.availabilityZones',
    same: ['dummy1a', 'dummy1b'],
    other: ['dummy1a', 'dummy1c'],
    change: 'the first two zones to the first and the third',
    bad: [
      [['eu-west-1a'], "'availabilityZones' must list 2 to 6 different zones, got [\"eu-west-1a\"]; a load balancer requires two availability zones, "
        + "such as ['eu-west-1a', 'eu-west-1b'] [Stack/Orders/Network]"],
      [['use1-az1', 'use1-az2'], "'availabilityZones' must list names of zones, got the zone ids [\"use1-az1\",\"use1-az2\"]; "
        + 'use the names that your account has for them, such as eu-west-1a [Stack/Orders/Network]'],
    ],
    effect: 'refused by ECS: ECS service (NetworkConfiguration); replaced: route table association ×2, subnet ×2; in place: load balancer',
    drawn: false,
  },
  ['NetworkOptions.availabilityZones', 'two zones to three', network({ availabilityZones: ['dummy1a', 'dummy1b'] }),
    network({ availabilityZones: ['dummy1a', 'dummy1b', 'dummy1c'] })],
  {
    option: 'NetworkOptions.egress',
    same: NetworkEgress.natGateways(1),
    other: NetworkEgress.natGateways(2),
    change: '`NetworkEgress.natGateways(1)` to `(2)`',
    bad: [[NetworkEgress.natGateways(3), "'egress' must have a whole number of NAT gateways from 1 to 2, got 3; "
      + "the VPC has at most one NAT gateway per availability zone, and 'maxAzs' is 2 by default; "
      + 'for a VPC without NAT gateways, use NetworkEgress.privateEndpoints() [Stack/Orders/Network]']],
    effect: 'created: NAT gateway, elastic IP address; in place: route',
    note: 'Open connections out of the second zone are cut once.',
    drawn: false,
  },
  ['NetworkOptions.egress', '`NetworkEgress.natGateways(1)` to `NetworkEgress.privateEndpoints()`', WITH_OWN_IMAGE, withEndpoints,
    'Tasks lose internet access.'],
  ['NetworkOptions.egress', '`NetworkEgress.natGateways(1)` to `NetworkEgress.none()`', WITH_OWN_IMAGE,
    { ...WITH_OWN_IMAGE, network: { egress: NetworkEgress.none() } }, 'Tasks lose all outbound access: no new task starts.'],
  ['NetworkOptions.egress', '`NetworkEgress.natGateways(1)` to `NetworkEgress.publicTasks()`', PLAIN, network({ egress: NetworkEgress.publicTasks() })],
  ['NetworkOptions.egress', '`NetworkEgress.publicTasks()` to `NetworkEgress.natGateways(1)`', network({ egress: NetworkEgress.publicTasks() }), PLAIN],
  ['NetworkOptions.egress', 'none to `NetworkEgress.publicTasks()`, with a `vpc`', WITH_VPC,
    (stack) => network({ vpc: importedVpc(stack), egress: NetworkEgress.publicTasks() })],
  {
    option: 'NetworkOptions.flowLogs',
    same: true,
    other: false,
    effect: "deleted: flow log, flow logs' key alias, flow logs' key, flow logs' log group, flow logs' role's policy, flow logs' role",
    drawn: false,
  },
  {
    option: 'NetworkOptions.logRetention',
    default: 'logs.RetentionDays.ONE_MONTH',
    other: logs.RetentionDays.ONE_YEAR,
    effect: "in place: flow logs' log group",
    drawn: false,
  },
  {
    option: 'NetworkOptions.restrictDefaultSecurityGroup',
    default: 'false',
    other: true,
    effect: 'created: vpc restrict default sg, your function, your role',
    drawn: false,
  },
  ['NetworkOptions.encryptionKey', 'a new key to your own', WITH_KEY, (stack) => network({ encryptionKey: key(stack) })],
  {
    option: 'NetworkOptions.taskSubnets',
    same: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    other: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: ['dummy1a'] },
    change: 'both private subnets to one of them',
    effect: 'refused by ECS: ECS service (NetworkConfiguration)',
    drawn: false,
  },
  {
    option: 'NetworkOptions.loadBalancerSubnets',
    beside: threeZones,
    same: { subnetType: ec2.SubnetType.PUBLIC },
    other: { subnetType: ec2.SubnetType.PUBLIC, availabilityZones: ['dummy1a', 'dummy1b'] },
    change: 'the public subnets of three zones to those of two',
    effect: 'in place: load balancer',
    note: 'The load balancer gets other addresses.',
  },
  {
    option: 'PrivateEndpointsOptions.additionalServices',
    other: [ec2.InterfaceVpcEndpointAwsService.SQS],
    change: 'none to SQS',
    effect: 'created: endpoint',
  },
];
