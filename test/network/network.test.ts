import { CfnResource } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Network, NetworkEgress } from '../../src';
import { createStack, importedVpc, isolatedVpc, onlyResource, resourcesOf, statementsOf } from '../helpers';

function synthesize(props?: ConstructorParameters<typeof Network>[2]) {
  const stack = createStack();
  const network = new Network(stack, 'Network', props);
  return { stack, network, template: Template.fromStack(stack) };
}

describe('a network of its own', () => {
  const { template, network, stack } = synthesize();

  test('spans two zones with a public and a private subnet in each', () => {
    template.resourceCountIs('AWS::EC2::VPC', 1);
    const groups = Object.values(resourcesOf(template, 'AWS::EC2::Subnet'))
      .map(({ Properties }) => (Properties.Tags as { Key: string; Value: string }[]).find(({ Key }) => Key === 'aws-cdk:subnet-name')?.Value);
    expect(groups.sort()).toEqual(['Private', 'Private', 'Public', 'Public']);
    expect(network.vpc.availabilityZones).toHaveLength(2);
  });

  test('has an internet gateway and one NAT gateway as the tasks\' way out', () => {
    template.resourceCountIs('AWS::EC2::InternetGateway', 1);
    template.resourceCountIs('AWS::EC2::NatGateway', 1);
    template.resourcePropertiesCountIs('AWS::EC2::Route', { NatGatewayId: Match.anyValue(), DestinationCidrBlock: '0.0.0.0/0' }, 2);
    expect(network.internetAccess).toBe(true);
  });

  test('leaves room in its range for subnets of other kinds', () => {
    const ranges = Object.values(resourcesOf(template, 'AWS::EC2::Subnet')).map(({ Properties }) => Properties.CidrBlock);
    expect(ranges).toEqual(['10.0.0.0/20', '10.0.16.0/20', '10.0.32.0/20', '10.0.48.0/20']);
  });

  test('gives no machine in a public subnet an address by itself', () => {
    template.resourcePropertiesCountIs('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true }, 0);
  });

  test('logs its traffic to CloudWatch for 30 days with a role for that alone', () => {
    const [logGroup] = onlyResource(template, 'AWS::Logs::LogGroup');
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    template.hasResourceProperties('AWS::EC2::FlowLog', { ResourceType: 'VPC', TrafficType: 'ALL', LogGroupName: { Ref: logGroup } });
    expect(statementsOf(template, 'NetworkFlowLogRole')).toEqual([{
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
      Resource: { 'Fn::GetAtt': [logGroup, 'Arn'] },
    }]);
    expect(network.flowLogGroup).toBeDefined();
  });

  test('adds no function', () => {
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('warns of nothing', () => {
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

test('keeps the addresses, zones and gateways that are asked for', () => {
  const { template } = synthesize({ ipAddresses: ec2.IpAddresses.cidr('10.9.0.0/16'), egress: NetworkEgress.natGateways(2), flowLogs: false });
  template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.9.0.0/16' });
  template.resourceCountIs('AWS::EC2::NatGateway', 2);
  template.resourceCountIs('AWS::EC2::FlowLog', 0);
});

test('takes the subnets that are asked for', () => {
  const taskSubnets = { availabilityZones: ['us-east-1a'], subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
  const loadBalancerSubnets = { subnetGroupName: 'Private' };
  const { network } = synthesize({ taskSubnets, loadBalancerSubnets });
  expect(network.taskSubnets).toBe(taskSubnets);
  expect(network.loadBalancerSubnets).toBe(loadBalancerSubnets);
});

test('without a way out it isolates the tasks, warns, and says so to the service', () => {
  const { network, template, stack } = synthesize({ egress: NetworkEgress.none() });
  template.resourceCountIs('AWS::EC2::NatGateway', 0);
  template.resourceCountIs('AWS::EC2::Route', 2);
  expect(network.internetAccess).toBe(false);
  expect(network.forInspectionOnly).toBe(true);
  Annotations.fromStack(stack).hasWarning('/Stack/Network', Match.stringLikeRegexp('no way out.*natGateways\\(1\\)'));
});

describe('a VPC that exists', () => {
  test('is used as it is, without flow logs', () => {
    const stack = createStack();
    const vpc = importedVpc(stack);
    const network = new Network(stack, 'Network', { vpc });
    const template = Template.fromStack(stack);
    expect(network.vpc).toBe(vpc);
    expect(network.internetAccess).toBe(true);
    expect(network.forInspectionOnly).toBeUndefined();
    expect(network.flowLogGroup).toBeUndefined();
    expect(template.toJSON().Resources).toBeUndefined();
  });

  test('gets flow logs when they are asked for', () => {
    const stack = createStack();
    new Network(stack, 'Network', { vpc: importedVpc(stack), flowLogs: true });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::FlowLog', { ResourceId: 'vpc-11111111' });
  });

  test('with isolated subnets only has no way to the internet', () => {
    const stack = createStack();
    const network = new Network(stack, 'Network', { vpc: isolatedVpc(stack) });
    expect(network.taskSubnets).toEqual({ subnetType: ec2.SubnetType.PRIVATE_ISOLATED });
    expect(network.internetAccess).toBe(false);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('an imported network', () => {
  test('finds its subnets by itself', () => {
    const stack = createStack();
    const network = Network.fromNetworkAttributes(stack, 'Network', { vpc: importedVpc(stack) });
    expect(network.taskSubnets).toEqual({ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS });
    expect(network.loadBalancerSubnets).toEqual({ subnetType: ec2.SubnetType.PUBLIC });
    expect(network.internetAccess).toBe(true);
    expect(network.egressEstablished).toBeDefined();
  });

  test('of a VPC of the app comes with its way out', () => {
    const stack = createStack();
    const network = Network.fromNetworkAttributes(stack, 'Network', { vpc: new ec2.Vpc(stack, 'Vpc') });
    const waiting = new CfnResource(stack, 'Waiting', { type: 'Custom::Waiting' });
    waiting.node.addDependency(network.egressEstablished);
    expect(onlyResource(Template.fromStack(stack), 'Custom::Waiting')[1].DependsOn).toEqual(expect.arrayContaining([
      expect.stringMatching(/^VpcPrivateSubnet1DefaultRoute/),
    ]));
  });

  test('believes what its owner says', () => {
    const stack = createStack();
    const loadBalancerSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    const network = Network.fromNetworkAttributes(stack, 'Network', {
      vpc: isolatedVpc(stack), internetAccess: true, loadBalancerSubnets, taskSubnets: loadBalancerSubnets,
    });
    expect(network.internetAccess).toBe(true);
    expect(network.loadBalancerSubnets).toBe(loadBalancerSubnets);
    expect(network.taskSubnets).toBe(loadBalancerSubnets);
  });
});
