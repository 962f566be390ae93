import { App, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct, IDependable } from 'constructs';
import { parse } from 'yaml';
import {
  BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, BlueGreenService, ContainerPlatform, DeploymentHooks,
  INetwork, Network, NetworkEgress,
  NetworkEgressBindOptions, NetworkEgressConfig,
} from '../../src';
import { createStack, deliveredFile, dependsOn, idOf, importedVpc, onlyResource, resourcesOf, synthesizePattern } from '../helpers';
import { judge } from '../template-checks/judge';

const publicTasks = NetworkEgress.publicTasks();
const WARNING = Match.stringLikeRegexp(
  'each task has a public IPv4 address, which AWS bills, and only the security group.*not use this in production.*natGateways\\(1\\).*Network\\.publicTasks');

/** What ECS and CodeDeploy know of the network of the tasks. */
interface Awsvpc {
  readonly AssignPublicIp: string;
  readonly SecurityGroups: unknown[];
  readonly Subnets: unknown[];
}

/** A VPC such as the default VPC of an account. */
function publicVpc(scope: Construct, id = 'Public'): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(scope, id, {
    vpcId: 'vpc-11111111', vpcCidrBlock: '172.31.0.0/16', availabilityZones: ['a', 'b'], publicSubnetIds: ['subnet-1', 'subnet-2'],
  });
}

function serviceIn(network: INetwork): Template {
  const stack = Stack.of(network);
  new BlueGreenService(stack, 'Service', { platform: new ContainerPlatform(stack, 'Platform', { network }) });
  return Template.fromStack(stack);
}

function settingsOf(template: Template): Awsvpc {
  return (onlyResource(template, 'AWS::ECS::Service')[1].Properties.NetworkConfiguration as { AwsvpcConfiguration: Awsvpc }).AwsvpcConfiguration;
}

function appSpecOf(template: Template): { readonly NetworkConfiguration?: { readonly AwsvpcConfiguration: Awsvpc } } {
  return parse(deliveredFile(template, 'appspec.yaml')).Resources[0].TargetService.Properties;
}

describe('public tasks in a new VPC', () => {
  const { template, stack, construct: { network } } = synthesizePattern({
    network: { egress: publicTasks, flowLogs: false },
  });
  const subnets = Object.keys(resourcesOf(template, 'AWS::EC2::Subnet'));

  test('take public subnets alone, without a NAT gateway', () => {
    expect(subnets).toHaveLength(2);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::EIP', 0);
    expect(network.taskSubnets).toEqual({ subnetGroupName: 'Public' });
    expect([network.internetAccess, network.assignPublicIp, network.forInspectionOnly]).toEqual([true, true, false]);
  });

  test('keep the ids and ranges of the public subnets, which give no machine an address by itself', () => {
    const [usual, here] = [synthesizePattern().template, template].map((each) => Object.entries(resourcesOf(each, 'AWS::EC2::Subnet'))
      .filter(([id]) => id.includes('Public')).map(([id, { Properties }]) => [id, Properties.CidrBlock, Properties.MapPublicIpOnLaunch]));
    expect(here).toEqual(usual);
    expect(here.map(([, , automatic]) => automatic)).toEqual([false, false]);
  });

  test('warn of what that means', () => {
    Annotations.fromStack(stack).hasWarning('/Stack/Orders/Network', WARNING);
  });

  test('get a public address in these subnets when the service starts them', () => {
    expect(settingsOf(template)).toEqual({
      AssignPublicIp: 'ENABLED',
      SecurityGroups: [{ 'Fn::GetAtt': [idOf(template, 'AWS::EC2::SecurityGroup', /^OrdersServiceSecurityGroup/), 'GroupId'] }],
      Subnets: subnets.map((Ref) => ({ Ref })),
    });
    expect(dependsOn(template, 'AWS::ECS::Service')).toEqual(expect.arrayContaining([expect.stringMatching(/PublicSubnet2DefaultRoute/)]));
  });

  test('get it in a release as well: the AppSpec has the three settings of the service', () => {
    expect(appSpecOf(template)).toEqual({
      TaskDefinition: '<TASK_DEFINITION>',
      LoadBalancerInfo: { ContainerName: 'app', ContainerPort: 8080 },
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          Subnets: subnets.map((id) => `\${${id}}`),
          SecurityGroups: [`\${${idOf(template, 'AWS::EC2::SecurityGroup', /^OrdersServiceSecurityGroup/)}.GroupId}`],
          AssignPublicIp: 'ENABLED',
        },
      },
    });
  });

  test('are reached by the load balancer on the container port, and by nothing else', () => {
    const [id, group] = Object.entries(resourcesOf(template, 'AWS::EC2::SecurityGroup')).find(([each]) => each.startsWith('OrdersServiceSecurityGroup'))!;
    expect(group.Properties.SecurityGroupIngress).toBeUndefined();
    const rules = Object.values(resourcesOf(template, 'AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => Properties)
      .filter(({ GroupId }) => JSON.stringify(GroupId).includes(`"${id}"`));
    const balancer = idOf(template, 'AWS::EC2::SecurityGroup', /LoadBalancer/);
    expect(rules).toEqual([expect.objectContaining({
      FromPort: 8080, ToPort: 8080, IpProtocol: 'tcp', SourceSecurityGroupId: { 'Fn::GetAtt': [balancer, 'GroupId'] },
    })]);
  });

  test('need no permission that tasks behind a NAT gateway do not need', () => {
    const rolesOf = (each: Template) => ['AWS::IAM::Role', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'].map((type) => resourcesOf(each, type));
    expect(rolesOf(template)).toEqual(rolesOf(synthesizePattern({ network: { flowLogs: false } }).template));
  });

  test('are wired consistently', () => {
    expect(judge(template.toJSON())).toEqual([]);
  });
});

test.each<[string, BlueGreenPythonPipelineProps]>([
  ['NAT gateways', {}],
  ['no egress', { network: { egress: NetworkEgress.none() } }],
])('with %s the tasks get no public address, and the AppSpec leaves the network to the service', (_name, props) => {
  const { template } = synthesizePattern(props);
  expect(settingsOf(template).AssignPublicIp).toBe('DISABLED');
  expect(deliveredFile(template, 'appspec.yaml')).toBe([
    'version: 0.0', 'Resources:', '  - TargetService:', '      Type: AWS::ECS::Service', '      Properties:', '        TaskDefinition: "<TASK_DEFINITION>"',
    '        LoadBalancerInfo:', '          ContainerName: "app"', '          ContainerPort: 8080', '',
  ].join('\n'));
});

test('a property override of the service reaches the AppSpec', () => {
  const stack = createStack();
  const { service } = new BlueGreenPythonPipeline(stack, 'Orders', { network: { egress: publicTasks } });
  const resource = service.fargateService.node.findChild('Service') as CfnResource;
  resource.addPropertyOverride('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups', ['sg-1', 'sg-2']);
  resource.addPropertyOverride('NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'DISABLED');
  expect(appSpecOf(Template.fromStack(stack)).NetworkConfiguration?.AwsvpcConfiguration)
    .toMatchObject({ SecurityGroups: ['sg-1', 'sg-2'], AssignPublicIp: 'DISABLED' });
});

test('subnets that are known only at deployment, as a list, are quoted one by one in the AppSpec', () => {
  const stack = createStack();
  const ids = new CfnParameter(stack, 'Ids', { type: 'List<AWS::EC2::Subnet::Id>' }).valueAsList;
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Given', { vpcId: 'vpc-1', availabilityZones: Fn.getAzs(), publicSubnetIds: ids });
  new BlueGreenPythonPipeline(stack, 'Orders', { network: { vpc, egress: publicTasks } });
  const [, project] = onlyResource(Template.fromStack(stack), 'AWS::CodeBuild::Project');
  expect(JSON.stringify(project.Properties.Source)).toContain(JSON.stringify({ 'Fn::Join': ['", "', { Ref: 'Ids' }] }));
});

describe('public tasks in an existing VPC', () => {
  test.each<[string, (stack: Stack) => INetwork]>([
    ['a network', (stack) => new Network(stack, 'Network', { vpc: publicVpc(stack), egress: publicTasks })],
    ['an imported network', (stack) => Network.fromNetworkAttributes(stack, 'Network', { vpc: publicVpc(stack), assignPublicIp: true })],
  ])('run in its public subnets, with a warning: %s', (_name, create) => {
    const network = create(createStack());
    expect(network.taskSubnets).toEqual({ subnetType: ec2.SubnetType.PUBLIC });
    expect([network.internetAccess, network.assignPublicIp]).toEqual([true, true]);
    const template = serviceIn(network);
    expect(settingsOf(template)).toMatchObject({ AssignPublicIp: 'ENABLED', Subnets: ['subnet-1', 'subnet-2'] });
    Annotations.fromStack(Stack.of(network)).hasWarning('/Stack/Network', WARNING);
  });

  test('may use some of its public subnets, although it has private ones', () => {
    const stack = createStack();
    const taskSubnets = { subnetType: ec2.SubnetType.PUBLIC, availabilityZones: ['a'] };
    const network = new Network(stack, 'Network', { vpc: importedVpc(stack), egress: publicTasks, taskSubnets });
    expect(settingsOf(serviceIn(network)).Subnets).toEqual(['subnet-aaaaaaa1']);
  });

  test('may use subnets that are imported by their ids alone', () => {
    const stack = createStack();
    const taskSubnets = { subnets: [ec2.Subnet.fromSubnetId(stack, 'Subnet', 'subnet-9')] };
    expect(() => new Network(stack, 'Network', { vpc: importedVpc(stack), egress: publicTasks, taskSubnets })).not.toThrow();
    expect(() => new Network(stack, 'Private', { vpc: importedVpc(stack, 'Other'), taskSubnets })).not.toThrow();
  });

  test('may stand behind an internal load balancer', () => {
    const stack = createStack();
    new BlueGreenPythonPipeline(stack, 'Orders', { network: { vpc: publicVpc(stack), egress: publicTasks }, service: { loadBalancer: { internetFacing: false } } });
    const [, balancer] = onlyResource(Template.fromStack(stack), 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(balancer.Properties).toMatchObject({ Scheme: 'internal', Subnets: ['subnet-1', 'subnet-2'] });
  });

  test.each<[string, (stack: Stack) => INetwork, string]>([
    ['private subnets for the tasks of a network', (stack) => new Network(stack, 'Network', {
      vpc: importedVpc(stack), egress: publicTasks, taskSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    }), "'taskSubnets' must be public with public tasks, got private subnets; a public address works only in a public subnet: select public subnets, "
      + "or remove 'egress: NetworkEgress.publicTasks()' (for an imported network: 'assignPublicIp') [Stack/Network]"],
    ['isolated subnets for the tasks of an imported network', (stack) => {
      const vpc = new ec2.Vpc(stack, 'Vpc', {
        subnetConfiguration: [{ name: 'Edge', subnetType: ec2.SubnetType.PUBLIC }, { name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
      });
      return Network.fromNetworkAttributes(stack, 'Network', { vpc, assignPublicIp: true, taskSubnets: { subnetGroupName: 'Data' } });
    }, "'taskSubnets' must be public with public tasks, got private subnets"],
    ['public subnets for the tasks of an imported network', (stack) => Network.fromNetworkAttributes(stack, 'Network', {
      vpc: publicVpc(stack), taskSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    }), "'taskSubnets' must be private, got public subnets; tasks get no public address there and cannot reach anything: select private subnets, "
      + "or set 'egress: NetworkEgress.publicTasks()' (for an imported network: 'assignPublicIp: true') [Stack/Network]"],
    ['a VPC without public subnets', (stack) => Network.fromNetworkAttributes(stack, 'Network', {
      vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['subnet-1', 'subnet-2'] }),
      assignPublicIp: true,
    }), "'vpc' must have public subnets for public tasks, got Stack/Vpc without any; use another VPC, "
      + "or remove 'egress: NetworkEgress.publicTasks()' (for an imported network: 'assignPublicIp') [Stack/Network]"],
    ['an imported network without internet access', (stack) => Network.fromNetworkAttributes(stack, 'Network', {
      vpc: publicVpc(stack), assignPublicIp: true, internetAccess: false,
    }), "'internetAccess: false' cannot be used together with 'assignPublicIp: true'; tasks with public addresses reach the internet: "
      + 'remove one of the two [Stack/Network]'],
  ])('fail with %s', (_name, create, message) => {
    expect(() => create(createStack())).toThrow(message);
  });
});

describe('a network of one\'s own', () => {
  /** Implements the interface as it was before there were public tasks. */
  class OwnNetwork extends Construct implements INetwork {
    public readonly taskSubnets = { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
    public readonly loadBalancerSubnets = { subnetType: ec2.SubnetType.PUBLIC };
    public readonly internetAccess = true;
    public readonly egressEstablished: IDependable = this;

    constructor(scope: Construct, id: string, public readonly vpc: ec2.IVpc) {
      super(scope, id);
    }

    public requireEndpoint(): void {}
  }

  test('needs to say nothing of public addresses', () => {
    const stack = createStack();
    expect(settingsOf(serviceIn(new OwnNetwork(stack, 'Network', importedVpc(stack)))).AssignPublicIp).toBe('DISABLED');
  });
});

describe('an egress strategy of one\'s own', () => {
  const bound: NetworkEgressBindOptions[] = [];

  class OwnEgress extends NetworkEgress {
    constructor(private readonly internetAccess = true) {
      super();
    }

    public bind(_scope: Construct, options: NetworkEgressBindOptions): NetworkEgressConfig {
      bound.push(options);
      return { natGateways: 0, taskSubnetType: ec2.SubnetType.PUBLIC, internetAccess: this.internetAccess };
    }
  }

  test('learns the names and the number of zones, and may have public tasks', () => {
    const stack = new Stack(new App(), 'Stack');
    const network = new Network(stack, 'Network', {
      applicationName: 'orders', environmentSuffix: 'dev', egress: new OwnEgress(), availabilityZones: ['a', 'b', 'c'],
    });
    expect(bound).toEqual([{ applicationName: 'orders', environmentSuffix: 'dev', zoneCount: 3 }]);
    expect(settingsOf(serviceIn(network)).AssignPublicIp).toBe('ENABLED');
  });

  test('cannot have public tasks without internet access', () => {
    expect(() => new Network(createStack(), 'Network', { egress: new OwnEgress(false) })).toThrow(
      "'egress' must not return 'internetAccess: false' together with 'taskSubnetType: PUBLIC'; tasks with public addresses reach the internet: "
      + "return 'internetAccess: true', or another 'taskSubnetType' [Stack/Network]");
  });

  test('creates VPCs, so it is rejected for one that exists', () => {
    const stack = createStack();
    expect(() => new Network(stack, 'Network', { vpc: publicVpc(stack), egress: new OwnEgress() })).toThrow("'egress' cannot be used together with 'vpc'");
  });
});

test('a smoke test fails, since its function gets no public address', () => {
  const hooks = DeploymentHooks.smokeTest({ paths: ['/health'] });
  expect(() => synthesizePattern({ network: { egress: publicTasks }, service: { release: { hooks } } })).toThrow(
    "'release.hooks' must not contain DeploymentHooks.smokeTest with public tasks; its Lambda function gets no public address, so it cannot reach EC2 and CodeDeploy: "
    + 'use NetworkEgress.natGateways(1), or your own function with DeploymentHooks.fromFunctions [Stack/Orders/Service]');
});
