import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import {
  BlueGreenService, BlueGreenServiceOptions, BootstrapImage, ContainerPlatform, DeploymentHooks, INetwork, Network,
  NetworkEgress, NetworkOptions,
} from '../../../src';
import { createStack, dependsOn, idOf, isolatedVpc, Resource, resourcesOf, textOf } from '../../helpers';

const ENDPOINT = 'AWS::EC2::VPCEndpoint';
const bootstrapImage = BootstrapImage.fromRelease(`sha256:${'0'.repeat(64)}`);

function synthesize(
  service: BlueGreenServiceOptions | ((stack: Stack) => BlueGreenServiceOptions) = {}, network: NetworkOptions = {},
) {
  const stack = createStack();
  const made = new Network(stack, 'Network', { flowLogs: false, egress: NetworkEgress.privateEndpoints(), ...network });
  const platform = new ContainerPlatform(stack, 'Platform', { network: made });
  new BlueGreenService(stack, 'Service', { platform, bootstrapImage, ...(typeof service === 'function' ? service(stack) : service) });
  return { stack, network: made, template: Template.fromStack(stack) };
}

/** The services behind the endpoints, as in `com.amazonaws.<region>.<service>`. */
function services(template: Template): string[] {
  return Object.values(resourcesOf(template, ENDPOINT)).map(({ Properties }) => textOf(Properties.ServiceName).replace(/^.*\$\{AWS::Region\}\./, '')).sort();
}

const BASE = ['ecr.api', 'ecr.dkr', 'logs', 's3'];

const plainSecret = (stack: Stack) => ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'orders'));
const ownSecret = (stack: Stack) => ecs.Secret.fromSecretsManager(new secretsmanager.Secret(stack, 'OwnSecret'), 'password');
const parameter = (stack: Stack) => ecs.Secret.fromSsmParameter(
  ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/orders/password' }));

const CASES: [string, (stack: Stack) => BlueGreenServiceOptions, string[]][] = [
  ['images, logs and S3 alone for a plain service', () => ({}), []],
  ['Secrets Manager with a secret of it', (stack) => ({ secrets: { A: plainSecret(stack) } }), ['secretsmanager']],
  ['Secrets Manager once with two', (stack) => ({ secrets: { A: plainSecret(stack), B: ownSecret(stack) } }), ['secretsmanager']],
  ['Parameter Store with a parameter', (stack) => ({ secrets: { A: parameter(stack) } }), ['ssm']],
  ['both stores with both', (stack) => ({ secrets: { A: parameter(stack), B: plainSecret(stack) } }), ['secretsmanager', 'ssm']],
  ['the channels of ECS Exec', () => ({ enableExecuteCommand: true }), ['ssmmessages']],
  ['EC2 and CodeDeploy for the smoke test', () => ({ release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'] }) } }), ['codedeploy', 'ec2']],
];

test.each(CASES)('has exactly the endpoints in use: %s', (_name, options, more) => {
  expect(services(synthesize(options).template)).toEqual([...BASE, ...more].sort());
});

describe('private endpoints', () => {
  const { template, stack, network } = synthesize();

  test('leave the VPC without NAT gateways and the tasks without the internet, and warn of nothing', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::EIP', 0);
    expect(network.internetAccess).toBe(false);
    expect(network.forInspectionOnly).toBe(false);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('answer in the subnets of the tasks, under the services\' own names', () => {
    const made = Object.values(resourcesOf(template, ENDPOINT)).filter(({ Properties }) => Properties.VpcEndpointType === 'Interface');
    expect(made).toHaveLength(3);
    for (const { Properties } of made) {
      expect(Properties.PrivateDnsEnabled).toBe(true);
      expect((Properties.SubnetIds as { Ref: string }[]).map(({ Ref }) => Ref)).toEqual([
        expect.stringContaining('VpcPrivateSubnet1'), expect.stringContaining('VpcPrivateSubnet2'),
      ]);
    }
  });

  test('lead to S3 from the subnets of the tasks only', () => {
    const [gateway] = Object.values(resourcesOf(template, ENDPOINT)).filter(({ Properties }) => Properties.VpcEndpointType === 'Gateway');
    expect((gateway.Properties.RouteTableIds as { Ref: string }[]).map(({ Ref }) => Ref)).toEqual([
      expect.stringContaining('VpcPrivateSubnet1'), expect.stringContaining('VpcPrivateSubnet2'),
    ]);
  });

  test('admit the tasks on port 443 and nobody else', () => {
    const endpoints = idOf(template, 'AWS::EC2::SecurityGroup', /EndpointsSecurityGroup/);
    const tasks = idOf(template, 'AWS::EC2::SecurityGroup', /^ServiceSecurityGroup/);
    expect(resourcesOf(template, 'AWS::EC2::SecurityGroup')[endpoints].Properties).not.toHaveProperty('SecurityGroupIngress');
    expect(rulesOf(template, 'AWS::EC2::SecurityGroupIngress', endpoints)).toEqual([
      expect.objectContaining({ FromPort: 443, ToPort: 443, IpProtocol: 'tcp', SourceSecurityGroupId: { 'Fn::GetAtt': [tasks, 'GroupId'] } }),
    ]);
    for (const { Properties } of Object.values(resourcesOf(template, ENDPOINT))) {
      expect(Properties.SecurityGroupIds ?? [{ 'Fn::GetAtt': [endpoints, 'GroupId'] }]).toEqual([{ 'Fn::GetAtt': [endpoints, 'GroupId'] }]);
    }
  });

  test('are the only egress of the tasks: HTTPS', () => {
    const tasks = idOf(template, 'AWS::EC2::SecurityGroup', /^ServiceSecurityGroup/);
    const inline = resourcesOf(template, 'AWS::EC2::SecurityGroup')[tasks].Properties.SecurityGroupEgress as { [name: string]: unknown }[];
    const all = [...inline, ...rulesOf(template, 'AWS::EC2::SecurityGroupEgress', tasks)];
    expect(inline.map(({ CidrIp, Description }) => [CidrIp, Description])).toEqual([['0.0.0.0/0', 'Endpoints of AWS services']]);
    expect(all.map(({ FromPort, ToPort, IpProtocol }) => [FromPort, ToPort, IpProtocol])).toEqual(all.map(() => [443, 443, 'tcp']));
  });

  test('and their rules are there before the first task is', () => {
    const waitsFor = dependsOn(template, 'AWS::ECS::Service');
    expect(waitsFor).toEqual(expect.arrayContaining(Object.keys(resourcesOf(template, ENDPOINT))));
    expect(waitsFor).toContain(idOf(template, 'AWS::EC2::SecurityGroupIngress', /Endpoints/));
  });
});

test('private endpoints lie where the tasks are, under a name of the application', () => {
  const stack = createStack(undefined, { env: { account: '111111111111', region: 'eu-west-1' } });
  const taskSubnets = { subnetGroupName: 'Private', availabilityZones: ['dummy1b'] };
  new Network(stack, 'Network', { applicationName: 'orders', environmentSuffix: 'dev', egress: NetworkEgress.privateEndpoints(), taskSubnets })
    .requireEndpoint(ec2.InterfaceVpcEndpointAwsService.SQS, new ec2.Connections());
  const template = Template.fromStack(stack);
  template.hasResourceProperties(ENDPOINT, { VpcEndpointType: 'Interface', SubnetIds: [{ Ref: Match.stringLikeRegexp('PrivateSubnet2') }] });
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupName: 'orders-endpoints-dev',
    GroupDescription: 'Endpoints: HTTPS for their clients only',
    SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
  });
});

test('services that the application calls get endpoints of their own, once each', () => {
  const additionalServices = [
    ec2.InterfaceVpcEndpointAwsService.SQS, ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, new ec2.InterfaceVpcEndpointAwsService('sqs'),
  ];
  const { template } = synthesize({}, { egress: NetworkEgress.privateEndpoints({ additionalServices }) });
  expect(services(template)).toEqual([...BASE, 'sqs'].sort());
});

test('a service in another stack gets in by a rule of its own stack', () => {
  const stack = createStack();
  const network = new Network(stack, 'Network', { egress: NetworkEgress.privateEndpoints() });
  const other = new Stack(stack.node.root as Stack, 'Other');
  new BlueGreenService(other, 'Service', { platform: new ContainerPlatform(other, 'Platform', { network }), bootstrapImage });
  expect(services(Template.fromStack(stack))).toEqual(BASE);
  expect(rulesOf(Template.fromStack(other), 'AWS::EC2::SecurityGroupIngress')).toEqual(expect.arrayContaining([
    expect.objectContaining({ FromPort: 443, Description: 'Endpoints of the VPC' }),
  ]));
  const rule = idOf(Template.fromStack(other), 'AWS::EC2::SecurityGroupIngress', /Endpoints/);
  expect(dependsOn(Template.fromStack(other), 'AWS::ECS::Service')).toContain(rule);
});

test('two calls of one client make one endpoint and one rule', () => {
  const stack = createStack();
  const network = new Network(stack, 'Network', { egress: NetworkEgress.privateEndpoints() });
  const client = new ec2.SecurityGroup(stack, 'Client', { vpc: network.vpc, allowAllOutbound: false });
  network.requireEndpoint(ec2.InterfaceVpcEndpointAwsService.SQS, client);
  network.requireEndpoint(ec2.InterfaceVpcEndpointAwsService.SQS, client);
  const template = Template.fromStack(stack);
  expect(services(template)).toEqual(['s3', 'sqs']);
  template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
});

test.each([
  ['with NAT gateways', (stack: Stack) => new Network(stack, 'Network')],
  ['without egress', (stack: Stack) => new Network(stack, 'Network', { egress: NetworkEgress.none() })],
  ['that exists', (stack: Stack) => Network.fromNetworkAttributes(stack, 'Network', { vpc: new ec2.Vpc(stack, 'Vpc') })],
])('a network %s makes no endpoint and tells of none', (_name, create) => {
  const stack = createStack();
  const network = create(stack);
  network.requireEndpoint(ec2.InterfaceVpcEndpointAwsService.SQS, new ec2.SecurityGroup(stack, 'Client', { vpc: network.vpc }));
  Template.fromStack(stack).resourceCountIs(ENDPOINT, 0);
  Annotations.fromStack(stack).hasNoInfo('*', Match.anyValue());
});

describe('an image that nothing could pull', () => {
  const create = (image?: BootstrapImage) => {
    const stack = createStack();
    const network = new Network(stack, 'Network', { egress: NetworkEgress.privateEndpoints() });
    const platform = new ContainerPlatform(stack, 'Platform', { network });
    return new BlueGreenService(stack, 'Service', { platform, bootstrapImage: image });
  };
  const refusal = (image: string, note = '') => `'bootstrapImage' must be an image that the tasks can pull, got "${image}"${note} in subnets without internet access; `
    + 'copy it to your own ECR repository and use BootstrapImage.python with the copy, '
    + 'or use BootstrapImage.fromImage with an image that answers the health check itself [Stack/Service]';

  test('is an error: the public placeholder', () => {
    expect(() => create()).toThrow(refusal('public.ecr.aws/docker/library/python:3.13-alpine', " (the default of 'bootstrapImage')"));
  });

  test.each(['public.ecr.aws/nginx/nginx', 'nginx', 'library/nginx:1', 'docker.io/library/nginx', 'ghcr.io/acme/app@sha256:1'])('is an error: %s', (image) => {
    expect(() => create(BootstrapImage.fromImage(ecs.ContainerImage.fromRegistry(image)))).toThrow(refusal(image));
  });

  test('may be a copy of the placeholder, which runs as the placeholder does', () => {
    const image = ecs.ContainerImage.fromRegistry('111111111111.dkr.ecr.eu-west-1.amazonaws.com/python:3.13');
    const { taskDefinition } = create(BootstrapImage.python(image));
    const [container] = Object.values(resourcesOf(Template.fromStack(Stack.of(taskDefinition)), 'AWS::ECS::TaskDefinition'))[0]
      .Properties.ContainerDefinitions as { Command: string[] }[];
    expect(container.Command.slice(0, 2)).toEqual(['python', '-c']);
  });

  test.each(['111111111111.dkr.ecr.eu-west-1.amazonaws.com/app:1', 'registry.acme.example/app', 'registry:5000/app'])('may be elsewhere: %s', (image) => {
    expect(() => create(BootstrapImage.fromImage(ecs.ContainerImage.fromRegistry(image)))).not.toThrow();
  });
});

test('a key for the sessions of ECS Exec takes the endpoint of KMS', () => {
  const stack = createStack();
  const network = new Network(stack, 'Network', { flowLogs: false, egress: NetworkEgress.privateEndpoints() });
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: network.vpc, executeCommandConfiguration: { kmsKey: new kms.Key(stack, 'Key') } });
  const platform = new ContainerPlatform(stack, 'Platform', { network, cluster });
  new BlueGreenService(stack, 'Service', { platform, bootstrapImage, enableExecuteCommand: true });
  expect(services(Template.fromStack(stack))).toEqual([...BASE, 'kms', 'ssmmessages'].sort());
});

describe('an existing VPC without internet access', () => {
  const INFO = Match.stringLikeRegexp('a gateway endpoint for S3, and an interface endpoint for logs that allows Stack/Service/SecurityGroup on port 443');

  test.each<[string, (stack: Stack) => INetwork]>([
    ['a network', (stack) => new Network(stack, 'Network', { vpc: isolatedVpc(stack) })],
    ['an imported network', (stack) => Network.fromNetworkAttributes(stack, 'Network', { vpc: isolatedVpc(stack) })],
  ])('is told of what it must have: %s', (_name, create) => {
    const stack = createStack();
    new BlueGreenService(stack, 'Service', { platform: new ContainerPlatform(stack, 'Platform', { network: create(stack) }), bootstrapImage });
    Annotations.fromStack(stack).hasInfo('/Stack/Network', INFO);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('is told of each group that has to be let in', () => {
    const stack = createStack();
    const vpc = isolatedVpc(stack);
    const securityGroups = ['A', 'B'].map((id) => new ec2.SecurityGroup(stack, id, { vpc }));
    new Network(stack, 'Network', { vpc }).requireEndpoint(ec2.InterfaceVpcEndpointAwsService.SQS, new ec2.Connections({ securityGroups }));
    Annotations.fromStack(stack).hasInfo('/Stack/Network', Match.stringLikeRegexp('allows Stack/A, Stack/B on port 443.*Network\\.givenEndpoints'));
  });
});

function rulesOf(template: Template, type: string, groupId?: string): { [name: string]: unknown }[] {
  return Object.values<Resource>(resourcesOf(template, type)).map(({ Properties }) => Properties)
    .filter(({ GroupId }) => groupId === undefined || JSON.stringify(GroupId).includes(`"${groupId}"`));
}
