import { CfnResource, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Network, NetworkEgress, NetworkProps } from '../../src';
import { createStack, idOf, importedVpc, isolatedVpc, onlyResource, resourcesOf, statementsOf, textOf } from '../helpers';

function synthesize(props?: NetworkProps, more: (stack: Stack) => NetworkProps = () => ({})) {
  const stack = createStack();
  const network = new Network(stack, 'Network', { ...props, ...more(stack) });
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
    expect(network.taskSubnets).toEqual({ subnetGroupName: 'Private' });
  });

  test('has an internet gateway and one NAT gateway for the tasks', () => {
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
    const [, role] = onlyResource(template, 'AWS::IAM::Role');
    expect(role.Properties.AssumeRolePolicyDocument).toMatchObject({ Statement: [{ Principal: { Service: 'vpc-flow-logs.amazonaws.com' } }] });
  });

  test('adds no function', () => {
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('warns of nothing', () => {
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

test('has its name in all that it makes', () => {
  const { template } = synthesize({ applicationName: 'orders', environmentSuffix: 'dev' });
  template.hasResourceProperties('AWS::EC2::VPC', { Tags: Match.arrayWith([{ Key: 'Name', Value: 'orders-vpc-dev' }]) });
  template.hasResourceProperties('AWS::EC2::FlowLog', { Tags: Match.arrayWith([{ Key: 'Name', Value: 'orders-flow-log-dev' }]) });
  expect(textOf(onlyResource(template, 'AWS::IAM::Role')[1].Properties.RoleName)).toBe('orders-flow-logs-${AWS::Region}-dev');
});

test('spans as many zones as are asked for', () => {
  // an account without a region has two zones only
  const stack = createStack(undefined, { env: { account: '111111111111', region: 'eu-west-1' } });
  expect(new Network(stack, 'Network', { maxAzs: 3 }).vpc.availabilityZones).toHaveLength(3);
});

test('keeps the addresses, zones and gateways that are asked for', () => {
  const { template } = synthesize({ ipAddresses: ec2.IpAddresses.cidr('10.9.0.0/16'), egress: NetworkEgress.natGateways(2), flowLogs: false });
  template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.9.0.0/16' });
  template.resourceCountIs('AWS::EC2::NatGateway', 2);
  template.resourceCountIs('AWS::EC2::FlowLog', 0);
});

test('takes the subnets that are asked for', () => {
  const taskSubnets = { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
  const loadBalancerSubnets = { subnetGroupName: 'Private' };
  const { network } = synthesize({ taskSubnets, loadBalancerSubnets });
  expect(network.taskSubnets).toBe(taskSubnets);
  expect(network.loadBalancerSubnets).toBe(loadBalancerSubnets);
});

test('without egress it isolates the tasks, warns, and tells the service', () => {
  const { network, template, stack } = synthesize({ egress: NetworkEgress.none() });
  template.resourceCountIs('AWS::EC2::NatGateway', 0);
  template.resourceCountIs('AWS::EC2::Route', 2);
  expect(network.internetAccess).toBe(false);
  expect(network.forInspectionOnly).toBe(true);
  Annotations.fromStack(stack).hasWarning('/Stack/Network', Match.stringLikeRegexp('no egress.*natGateways\\(1\\).*Network\\.noEgress'));
});

describe('a VPC that exists', () => {
  test('is used as it is, without flow logs', () => {
    const stack = createStack();
    const vpc = importedVpc(stack);
    const network = new Network(stack, 'Network', { vpc });
    const template = Template.fromStack(stack);
    expect(network.vpc).toBe(vpc);
    expect(network.internetAccess).toBe(true);
    expect(network.forInspectionOnly).toBe(false);
    expect(network.assignPublicIp).toBe(false);
    expect(network.flowLogGroup).toBeUndefined();
    expect(template.toJSON().Resources).toBeUndefined();
  });

  test('gets flow logs when they are asked for', () => {
    const stack = createStack();
    new Network(stack, 'Network', { vpc: importedVpc(stack), flowLogs: true });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::FlowLog', { ResourceId: 'vpc-11111111' });
  });

  test('with isolated subnets only has no internet access', () => {
    const stack = createStack();
    const network = new Network(stack, 'Network', { vpc: isolatedVpc(stack) });
    expect(network.taskSubnets).toEqual({ subnetType: ec2.SubnetType.PRIVATE_ISOLATED });
    expect(network.internetAccess).toBe(false);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('has no internet access if one of its task subnets has none', () => {
    const stack = createStack();
    const vpc = vpcOfAllKinds(stack);
    const taskSubnets = { subnets: [vpc.privateSubnets[0], vpc.isolatedSubnets[0]] };
    expect(new Network(stack, 'Network', { vpc, taskSubnets }).internetAccess).toBe(false);
  });

  test('may be that of another network which has NAT gateways', () => {
    const stack = createStack();
    expect(new Network(stack, 'Network', { vpc: new Network(stack, 'Owner').vpc }).internetAccess).toBe(true);
  });

  test('does not take a public subnet for tasks, not even among private ones', () => {
    const stack = createStack();
    const vpc = vpcOfAllKinds(stack);
    const taskSubnets = { subnets: [vpc.privateSubnets[0], vpc.publicSubnets[0]] };
    expect(() => new Network(stack, 'Network', { vpc, taskSubnets })).toThrow("'taskSubnets' must be private, got public subnets");
  });
});

function vpcOfAllKinds(stack: Stack): ec2.IVpc {
  return new ec2.Vpc(stack, 'Vpc', {
    subnetConfiguration: [
      { name: 'Edge', subnetType: ec2.SubnetType.PUBLIC },
      { name: 'Apps', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
  });
}

describe('an imported network', () => {
  test('finds its subnets by itself', () => {
    const stack = createStack();
    const network = Network.fromNetworkAttributes(stack, 'Network', { vpc: importedVpc(stack) });
    expect(network.taskSubnets).toEqual({ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS });
    expect(network.loadBalancerSubnets).toEqual({ subnetType: ec2.SubnetType.PUBLIC });
    expect(network.internetAccess).toBe(true);
    expect(network.egressEstablished).toBeDefined();
  });

  test('of a VPC of the app comes with its egress', () => {
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

describe('the key of the flow logs', () => {
  const KEY = 'AWS::KMS::Key';

  function statementOf(template: Template): { [name: string]: unknown } {
    const [{ Properties }] = Object.values(resourcesOf(template, KEY));
    const { Statement } = Properties.KeyPolicy as { Statement: { Sid?: string; [name: string]: unknown }[] };
    return Statement.find(({ Sid }) => Sid === 'AllowFlowLogs')!;
  }

  test('is a customer key that rotates, for this log group only', () => {
    const { template } = synthesize({ applicationName: 'orders', environmentSuffix: 'dev' });
    template.hasResourceProperties(KEY, { EnableKeyRotation: true, Description: Match.stringLikeRegexp('^Flow logs') });
    template.hasResourceProperties('AWS::KMS::Alias', { AliasName: 'alias/orders-flow-logs-dev' });
    template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: { 'Fn::GetAtt': [idOf(template, KEY, /./), 'Arn'] }, RetentionInDays: 30 });
    const { Principal, Action, Resource, Condition } = statementOf(template);
    expect(Resource).toBe('*');
    expect(textOf((Principal as { Service: unknown }).Service)).toBe('logs.${AWS::Region}.${AWS::URLSuffix}');
    expect(Action).toEqual([
      'kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair',
      'kms:GenerateDataKeyPairWithoutPlaintext', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:DescribeKey',
    ]);
    expect(textOf((Condition as { ArnLike: { [key: string]: unknown } }).ArnLike['kms:EncryptionContext:aws:logs:arn']))
      .toBe('arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/vpc/orders-flow-logs-dev');
  });

  test('is for the account\'s log groups where CloudFormation names them, since the group waits for its key', () => {
    const { Condition } = statementOf(synthesize({}).template);
    expect(textOf((Condition as { ArnLike: { [key: string]: unknown } }).ArnLike['kms:EncryptionContext:aws:logs:arn']))
      .toBe('arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*');
  });

  test('may be the user\'s own, which CloudWatch Logs may then use', () => {
    const stack = createStack();
    new Network(stack, 'Network', { vpc: importedVpc(stack), flowLogs: true, encryptionKey: new kms.Key(stack, 'Own') });
    const template = Template.fromStack(stack);
    template.resourceCountIs(KEY, 1);
    expect(statementOf(template)).toMatchObject({ Effect: 'Allow' });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('warns when it is imported, since its policy is its owner\'s', () => {
    const { stack } = synthesize({}, (scope) => ({ encryptionKey: kms.Key.fromKeyArn(scope, 'Own', 'arn:aws:kms:eu-west-1:111111111111:key/1') }));
    Annotations.fromStack(stack).hasWarning('/Stack/Network', Match.stringLikeRegexp('policy of the imported key Stack/Own.*CloudWatch Logs.*Network\\.importedKey'));
  });
});

test.each<[string, (stack: Stack) => NetworkProps, string]>([
  ['a key without flow logs', (stack) => ({ flowLogs: false, encryptionKey: new kms.Key(stack, 'Own') }),
    "'encryptionKey' cannot be used together with 'flowLogs: false'; there are no flow logs: remove it, or set 'flowLogs: true'"],
  ['a key beside a given VPC, whose flow logs are its owner\'s', (stack) => ({ vpc: importedVpc(stack), encryptionKey: new kms.Key(stack, 'Own') }),
    "'encryptionKey' requires 'flowLogs: true' with 'vpc'; an existing VPC gets no flow logs by default: set 'flowLogs: true', or remove 'encryptionKey' [Stack/Network]"],
  ['a retention beside a given VPC', (stack) => ({ vpc: importedVpc(stack), logRetention: logs.RetentionDays.ONE_DAY }),
    "'logRetention' requires 'flowLogs: true' with 'vpc'; an existing VPC gets no flow logs by default: set 'flowLogs: true', or remove 'logRetention' [Stack/Network]"],
  ['a retention beside a given VPC whose flow logs are switched off', (stack) => ({ vpc: importedVpc(stack), flowLogs: false, logRetention: logs.RetentionDays.ONE_DAY }),
    "'logRetention' cannot be used together with 'flowLogs: false'; there are no flow logs: remove it, or set 'flowLogs: true'"],
  ['a retention without flow logs', () => ({ flowLogs: false, logRetention: logs.RetentionDays.ONE_DAY }),
    "'logRetention' cannot be used together with 'flowLogs: false'; there are no flow logs: remove it, or set 'flowLogs: true'"],
  ['the default group of a given VPC', (stack) => ({ vpc: importedVpc(stack), restrictDefaultSecurityGroup: true }),
    "'restrictDefaultSecurityGroup' cannot be used together with 'vpc'; these options configure a new VPC: "
    + "remove them, or remove 'vpc'. With 'vpc', the only possible 'egress' is NetworkEgress.publicTasks() [Stack/Network]"],
  ['a subnet group that the VPC lacks', () => ({ taskSubnets: { subnetGroupName: 'Apps' } }),
    "'taskSubnets' must select subnets of the VPC, got {\"subnetGroupName\":\"Apps\"}: "
    + "There are no subnet groups with name 'Apps' in this VPC. Available names: Public,Private; select other subnets, or use another VPC"],
  ['a subnet type that the VPC lacks', () => ({ loadBalancerSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }),
    "'loadBalancerSubnets' must select subnets of the VPC, got {\"subnetType\":\"Isolated\"}: There are no 'Isolated' subnet groups in this VPC."],
  ['no subnets', () => ({ taskSubnets: { subnets: [] } }),
    "'taskSubnets' must select subnets of the VPC, got {}: no subnet matches; select other subnets, or use another VPC"],
  ['a subnet group that an imported VPC lacks', (stack) => ({ vpc: importedVpc(stack), loadBalancerSubnets: { subnetGroupName: 'Edge' } }),
    "'loadBalancerSubnets' must select subnets of the VPC, got {\"subnetGroupName\":\"Edge\"}"],
])('fails with %s', (_name, props, message) => {
  const stack = createStack();
  expect(() => new Network(stack, 'Network', props(stack))).toThrow(message);
});

test('an imported network rejects subnets that its VPC lacks', () => {
  const stack = createStack();
  expect(() => Network.fromNetworkAttributes(stack, 'Network', { vpc: importedVpc(stack), loadBalancerSubnets: { subnetGroupName: 'Edge' } }))
    .toThrow("'loadBalancerSubnets' must select subnets of the VPC");
});

test('the flow logs are kept as long as the user says', () => {
  const stack = createStack();
  new Network(stack, 'Network', { logRetention: logs.RetentionDays.ONE_YEAR });
  expect(onlyResource(Template.fromStack(stack), 'AWS::Logs::LogGroup')[1].Properties.RetentionInDays).toBe(365);
});

test.each([[undefined, 0], [false, 0], [true, 1]])('the default security group loses its rules by CDK\'s function when it is asked for: %s', (wanted, count) => {
  const stack = createStack();
  new Network(stack, 'Network', { restrictDefaultSecurityGroup: wanted, flowLogs: false });
  Template.fromStack(stack).resourceCountIs('Custom::VpcRestrictDefaultSG', count);
});
