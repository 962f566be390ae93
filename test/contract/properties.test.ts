import { Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import {
  AdvisorySource, BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, BlueGreenServiceOptions, BootstrapImage,
  DeploymentHooks, DeploymentTestListener, FindingSeverity, LoadBalancerOptions, NetworkEgress, NetworkOptions,
  PythonProject, PythonCiPipelineOptions, QualityGateOptions, ReleaseOptions, TrafficShift,
} from '../../src';
import { buildSpecOf, createStack, deliveredFile, idOf, importedVpc, onlyResource, Resource, resourcesOf } from '../helpers';
import { merge } from './options/places';
import { BAD, drawnOptions } from './options/table';

const RUNS = 40;

/** Options that are made in a stack. */
type Made<T> = (stack: Stack) => T;

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const { SQS, STS, CLOUDWATCH_LOGS } = ec2.InterfaceVpcEndpointAwsService;
const ADDITIONAL = [SQS, STS, CLOUDWATCH_LOGS];

type Egress = 'nat' | 'endpoints' | 'publicTasks' | 'none' | 'default';

const newNetworks = fc.integer({ min: 2, max: 3 }).chain((zones) => fc.record({
  zones: fc.constantFrom<NetworkOptions>(
    { maxAzs: zones },
    // not by literal names: the validation warns of each
    { availabilityZones: [2, 0, 1].slice(0, zones).map((index) => Fn.select(index, Fn.getAzs())) },
  ),
  egress: fc.constantFrom<Egress>('nat', 'endpoints', 'publicTasks', 'none', 'default'),
  natGateways: fc.integer({ min: 1, max: zones }),
  additionalServices: fc.subarray(ADDITIONAL),
  flowLogs: optional(fc.boolean()),
  ownKey: fc.boolean(),
  cidr: optional(fc.integer({ min: 0, max: 255 }).map((octet) => `10.${octet}.0.0/16`)),
}));

const givenNetworks = fc.record({ flowLogs: optional(fc.boolean()), ownKey: fc.boolean(), publicTasks: fc.boolean() });

interface DrawnNetwork {
  readonly options: Made<NetworkOptions>;
  /** Whether the tasks can pull nothing from the internet. */
  readonly isolated: boolean;
  readonly publicTasks: boolean;
}

const networks: fc.Arbitrary<DrawnNetwork> = fc.oneof(
  {
    weight: 4,
    arbitrary: newNetworks.map(({ zones, egress, natGateways, additionalServices, flowLogs, ownKey, cidr }) => ({
      isolated: egress === 'endpoints',
      publicTasks: egress === 'publicTasks',
      options: (stack: Stack) => ({
        ...zones,
        egress: {
          nat: NetworkEgress.natGateways(natGateways),
          endpoints: NetworkEgress.privateEndpoints({ additionalServices }),
          publicTasks: NetworkEgress.publicTasks(),
          none: NetworkEgress.none(),
          default: undefined,
        }[egress],
        flowLogs,
        ipAddresses: cidr === undefined ? undefined : ec2.IpAddresses.cidr(cidr),
        encryptionKey: ownKey && flowLogs !== false ? new kms.Key(stack, 'NetworkKey') : undefined,
      }),
    })),
  },
  {
    weight: 1,
    arbitrary: givenNetworks.map(({ flowLogs, ownKey, publicTasks }) => ({
      isolated: false,
      publicTasks,
      options: (stack: Stack) => ({
        vpc: importedVpc(stack), egress: publicTasks ? NetworkEgress.publicTasks() : undefined, flowLogs, encryptionKey: ownKey && flowLogs ? new kms.Key(stack, 'NetworkKey') : undefined,
      }),
    })),
  },
);

const sizes = fc.constantFrom([256, 512], [512, 1024], [512, 4096], [1024, 3072], [4096, 30720], [16384, 122880]);

/** The timeout is below the interval. */
const healthChecks = fc.integer({ min: 5, max: 300 }).chain((interval) => fc.record({
  interval: fc.constant(Duration.seconds(interval)),
  timeout: fc.integer({ min: 2, max: Math.min(120, interval - 1) }).map((seconds) => Duration.seconds(seconds)),
}));

/** Values that go with each other. The table of test/contract/options draws the options that do not. */
const plainOptions = fc.record({
  size: sizes,
  healthCheck: optional(healthChecks),
  scaling: optional(fc.record({
    minCapacity: fc.integer({ min: 1, max: 5 }),
    maxCapacity: fc.integer({ min: 5, max: 50 }),
    targetCpuUtilizationPercent: optional(fc.integer({ min: 1, max: 99 })),
    targetMemoryUtilizationPercent: optional(fc.integer({ min: 1, max: 99 })),
    targetRequestsPerMinute: optional(fc.integer({ min: 1, max: 100_000 })),
  })),
  alarmsAreOff: fc.boolean(),
});

/** What is made in the stack, or goes with another choice. */
const madeOptions = fc.record({
  secretsManager: fc.boolean(),
  parameterStore: fc.boolean(),
  https: fc.constantFrom('none', 'certificate', 'name', 'both'),
  accessLogs: fc.boolean(),
  securityGroups: fc.boolean(),
  testListener: fc.constantFrom('none', 'cidrs', 'group'),
  testPort: fc.integer({ min: 1, max: 65535 }).filter((port) => ![80, 443, 9000].includes(port)),
  smokeTest: fc.boolean(),
  hookEvents: fc.subarray(['beforeInstall', 'afterInstall', 'beforeAllowTraffic', 'afterAllowTraffic']),
  revision: fc.constantFrom(undefined, 1, 2, 7),
  release: fc.boolean(),
});

type Choices = typeof madeOptions extends fc.Arbitrary<infer T> ? T : never;

function secretsOf(stack: Stack, { secretsManager, parameterStore }: Choices): BlueGreenServiceOptions['secrets'] {
  return {
    ...(secretsManager && { '1_SECRET': ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'orders')) }),
    ...(parameterStore && {
      '1_PARAMETER': ecs.Secret.fromSsmParameter(
        ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/orders' })),
    }),
  };
}

function hooksOf(stack: Stack, { smokeTest, hookEvents }: Choices): DeploymentHooks | undefined {
  const functions = Object.fromEntries(hookEvents.map((event) => [event, new lambda.Function(stack, event, {
    runtime: lambda.Runtime.PYTHON_3_13, handler: 'index.handler', code: lambda.Code.fromInline('def handler(event, context): pass'),
  })]));
  const hooks = [
    ...(smokeTest ? [DeploymentHooks.smokeTest({ paths: ['/health'] })] : []),
    ...(hookEvents.length > 0 ? [DeploymentHooks.fromFunctions(functions)] : []),
  ];
  return hooks.length > 0 ? DeploymentHooks.all(...hooks) : undefined;
}

function listenerOf(stack: Stack, { testListener, testPort }: Choices): DeploymentTestListener | undefined {
  switch (testListener) {
    case 'cidrs': return DeploymentTestListener.fromCidrs(testPort, ['10.0.0.0/8', '192.0.2.1/32']);
    case 'group': return DeploymentTestListener.fromSecurityGroup(testPort, ec2.SecurityGroup.fromSecurityGroupId(stack, 'Testers', 'sg-11111111'));
    default: return undefined;
  }
}

function loadBalancerOf(stack: Stack, { https, accessLogs, securityGroups }: Choices): LoadBalancerOptions {
  return {
    ...(['certificate', 'both'].includes(https) && {
      certificate: acm.Certificate.fromCertificateArn(
        stack, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/11111111-1111-1111-1111-111111111111'),
    }),
    ...(['name', 'both'].includes(https) && {
      domainName: 'orders.example.com',
      hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
    }),
    accessLogsBucket: accessLogs ? new s3.Bucket(stack, 'AccessLogs') : undefined,
    securityGroups: securityGroups ? [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Own', 'sg-22222222')] : undefined,
  };
}

function made(stack: Stack, choices: Choices, isolated: boolean): BlueGreenServiceOptions {
  const { revision = 1, release } = choices;
  return {
    secrets: secretsOf(stack, choices),
    serviceRevision: choices.revision,
    bootstrapImage: isolated || release || revision > 1 ? BootstrapImage.fromRelease(`sha256:${'0'.repeat(64)}`) : undefined,
  };
}

type DrawnProps = (stack: Stack, isolated: boolean, publicTasks?: boolean) => BlueGreenPythonPipelineProps;

const drawnProps: fc.Arbitrary<DrawnProps> = fc.tuple(drawnOptions, plainOptions, madeOptions)
  .map(([simple, plain, choices]) => (stack, isolated, publicTasks) => {
    const { size: [cpu, memoryLimitMiB], alarmsAreOff, healthCheck, scaling } = plain;
    // the function of a smoke test would get no public address
    const hooks = hooksOf(stack, publicTasks ? { ...choices, smokeTest: false } : choices);
    const options: BlueGreenServiceOptions = {
      ...made(stack, choices, isolated),
      cpu,
      memoryLimitMiB,
      scaling,
      loadBalancer: loadBalancerOf(stack, choices),
      release: { hooks, testListener: listenerOf(stack, choices) },
    };
    const props = merge(simple, { service: healthCheck ? { ...options, healthCheck } : options });
    return alarmsAreOff ? withoutAlarms(props) : props;
  });

/** No alarms, and none of their options, which would say nothing. */
function withoutAlarms({ service, ...rest }: BlueGreenPythonPipelineProps): BlueGreenPythonPipelineProps {
  return { ...rest, service: { ...service, release: { ...service?.release, rollbackAlarms: { enabled: false } } } };
}

const severities = fc.constantFrom(FindingSeverity.LOW, FindingSeverity.MEDIUM, FindingSeverity.HIGH);

/** Settings of gates, which go with the gate only. */
const gateSettings: fc.Arbitrary<QualityGateOptions> = fc.record({
  banditSeverity: optional(severities),
  advisorySource: optional(fc.constantFrom(AdvisorySource.pypi(), AdvisorySource.osv())),
  imageScanSeverity: optional(severities),
});

/** The gates as drawn, and no setting of one that is off. */
function gatesOf(gates: QualityGateOptions = {}, settings: QualityGateOptions): QualityGateOptions {
  const { banditSeverity, advisorySource, imageScanSeverity } = settings;
  return {
    ...gates,
    ...(gates.bandit !== false && { banditSeverity }),
    ...(gates.dependencyAudit !== false && { advisorySource }),
    ...(gates.imageScan && { imageScanSeverity }),
  };
}

const suffixes = optional(fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/));

interface Container {
  readonly Name: string;
  readonly PortMappings: { readonly ContainerPort: number }[];
  readonly Command?: string[];
}

/** Container name and port, the same in service, task definition, release template and AppSpec. */
function expectOneContainer(template: Template, options: BlueGreenServiceOptions): number {
  const [, service] = onlyResource(template, 'AWS::ECS::Service');
  const [{ ContainerName, ContainerPort, TargetGroupArn }] = service.Properties.LoadBalancers as
    { ContainerName: string; ContainerPort: number; TargetGroupArn: { Ref: string } }[];
  expect(TargetGroupArn.Ref).toBe(idOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup', /Blue/));
  const [, definition] = onlyResource(template, 'AWS::ECS::TaskDefinition');
  const [container] = definition.Properties.ContainerDefinitions as Container[];
  expect([container.Name, container.PortMappings.map((mapping) => mapping.ContainerPort)])
    .toEqual([ContainerName, [ContainerPort]]);
  if (!options.bootstrapImage) {
    expect(container.Command?.[2]).toContain(`("", ${ContainerPort})`);
  }
  expect(service.Properties.TaskDefinition).toBe(definition.Properties.Family);
  expect(service.Properties).not.toHaveProperty('DesiredCount');
  expect(service.Properties).not.toHaveProperty('Tags');

  const { containerDefinitions } = JSON.parse(deliveredFile(template, 'taskdef.json'));
  expect(containerDefinitions).toEqual([expect.objectContaining({
    name: ContainerName, image: '<IMAGE1_NAME>', portMappings: [{ containerPort: ContainerPort, protocol: 'tcp' }],
  })]);
  const secrets = (containerDefinitions[0].secrets ?? []).map(({ name }: { name: string }) => name);
  expect(secrets).toEqual(Object.keys(options.secrets ?? {}));
  const { command, entryPoint, workingDirectory, healthCheck } = containerDefinitions[0];
  expect([command, entryPoint, workingDirectory])
    .toEqual([options.command, options.entryPoint, options.workingDirectory]);
  expect(healthCheck !== undefined).toBe(options.containerHealthCheck !== undefined);
  const { Resources: [{ TargetService }], Hooks = [] } = parse(deliveredFile(template, 'appspec.yaml'));
  expect(TargetService.Properties.LoadBalancerInfo).toEqual({ ContainerName, ContainerPort });
  expect(Hooks.some((hook: object) => 'AfterAllowTestTraffic' in hook)).toBe(options.release?.hooks?.needsTestListener ?? false);
  return ContainerPort;
}

function hasTestListenerBy({ testListener, hooks }: ReleaseOptions = {}): boolean {
  return testListener !== undefined || hooks?.needsTestListener === true;
}

/** Both groups in the deployment group and behind the production listener, with its listeners. */
function expectOneDeploymentGroup(template: Template, options: BlueGreenServiceOptions): void {
  const [{ TargetGroups, ProdTrafficRoute, TestTrafficRoute }] = (onlyResource(template, 'AWS::CodeDeploy::DeploymentGroup')[1].Properties.LoadBalancerInfo as {
    TargetGroupPairInfoList: {
      TargetGroups: { Name: { 'Fn::GetAtt': string[] } }[];
      ProdTrafficRoute: { ListenerArns: { Ref: string }[] };
      TestTrafficRoute?: { ListenerArns: { Ref: string }[] };
    }[];
  }).TargetGroupPairInfoList;
  expect(TargetGroups.map(({ Name }) => Name['Fn::GetAtt'][0]).sort())
    .toEqual(Object.keys(resourcesOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup')).sort());
  const listeners = resourcesOf(template, 'AWS::ElasticLoadBalancingV2::Listener');
  const https = [
    options.loadBalancer?.certificate, options.loadBalancer?.domainName,
  ].some((option) => option !== undefined);
  expect(ProdTrafficRoute.ListenerArns.map(({ Ref }) => listeners[Ref].Properties.Port)).toEqual([https ? 443 : 80]);
  const hasTestListener = hasTestListenerBy(options.release);
  expect(TestTrafficRoute?.ListenerArns.length ?? 0).toBe(hasTestListener ? 1 : 0);
  expect(Object.keys(listeners)).toHaveLength(1 + (https ? 1 : 0) + (hasTestListener ? 1 : 0));
  const [{ Ref: production }] = ProdTrafficRoute.ListenerArns;
  expect(JSON.stringify(listeners[production].Properties.DefaultActions)).toMatch(/Blue.*"Weight":100.*Green.*"Weight":0/);
  const ports = Object.values(listeners).map(({ Properties }) => Properties.Port);
  expect(new Set(ports).size).toBe(ports.length);
}

/** Public addresses in service and AppSpec, or in neither. */
function expectOneNetwork(template: Template, publicTasks: boolean): void {
  const [, { Properties }] = onlyResource(template, 'AWS::ECS::Service');
  expect(Properties).toMatchObject({ NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: publicTasks ? 'ENABLED' : 'DISABLED' } } });
  const { Resources: [{ TargetService }] } = parse(deliveredFile(template, 'appspec.yaml'));
  expect(TargetService.Properties.NetworkConfiguration?.AwsvpcConfiguration.AssignPublicIp).toBe(publicTasks ? 'ENABLED' : undefined);
}

/** Only the load balancer reaches the tasks, on the container port; only the production ports are open to the world. */
function expectClosedSecurityGroups(template: Template, containerPort: number): void {
  const tasks = idOf(template, 'AWS::EC2::SecurityGroup', /^OrdersServiceSecurityGroup/);
  const rules = Object.values<Resource>(resourcesOf(template, 'AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => Properties);
  const toTasks = rules.filter(({ GroupId }) => JSON.stringify(GroupId).includes(`"${tasks}"`));
  expect(toTasks.map(({ FromPort, ToPort }) => [FromPort, ToPort])).toEqual([[containerPort, containerPort]]);
  expect(resourcesOf(template, 'AWS::EC2::SecurityGroup')[tasks].Properties).not.toHaveProperty('SecurityGroupIngress');
  const inline = Object.values(resourcesOf(template, 'AWS::EC2::SecurityGroup'))
    .flatMap(({ Properties }) => Properties.SecurityGroupIngress as { [name: string]: unknown }[] ?? []);
  const open = [...inline, ...rules].filter(({ CidrIp, CidrIpv6 }) => CidrIp === '0.0.0.0/0' || CidrIpv6 !== undefined);
  expect(open.filter(({ FromPort, ToPort }) => FromPort !== ToPort || ![80, 443].includes(FromPort as number)))
    .toEqual([]);
}

/** A gate is in the build exactly when it is on. */
function expectTheseGates(template: Template, { testServices = [], gates = {} }: PythonCiPipelineOptions): void {
  const { minimumCoverage, bandit, dependencyAudit, imageScan, sbom } = gates;
  const settings = buildSpecOf(template).spec.phases.build.commands.join('\n');
  const names = [
    'install', ...(testServices.length > 0 ? ['services'] : []), 'pytest', ...(minimumCoverage === undefined ? [] : ['coverage']), 'bandit', ...(dependencyAudit === false ? [] : ['audit']),
    ...(sbom === false ? [] : ['sbom']), 'image',
  ];
  expect(settings).toContain(`\nGATES='${names.join(' ')}'\n`);
  expect(settings.includes('\nBANDIT_SEVERITY=OFF\n')).toBe(bandit === false);
  expect(settings.includes('\nIMAGE_SCAN_SEVERITY=\n')).toBe(imageScan !== true);
}

describe('any valid combination of options', () => {
  beforeAll(() => {
    process.env.CDK_VALIDATION = 'true';
  });
  afterAll(() => {
    process.env.CDK_VALIDATION = 'false';
  });

  test('is synthesized, passes the validation of the template, and is wired consistently', () => {
    fc.assert(fc.property(networks, drawnProps, gateSettings, suffixes, (network, draw, settings, suffix) => {
      const stack = createStack({ '@aws-cdk/core:validateAgainstDefaultRules': true });
      const { service: options = {}, ...props } = draw(stack, network.isolated, network.publicTasks);
      const gates = gatesOf(props.pipeline?.gates, settings);
      new BlueGreenPythonPipeline(stack, 'Orders', {
        ...props,
        network: network.options(stack),
        service: options,
        pipeline: { ...props.pipeline, gates },
        environmentSuffix: suffix,
        removalPolicy: RemovalPolicy.RETAIN,
      });
      const template = Template.fromStack(stack);
      expectClosedSecurityGroups(template, expectOneContainer(template, options));
      expectOneDeploymentGroup(template, options);
      expectOneNetwork(template, network.publicTasks);
      expectTheseGates(template, { ...props.pipeline, gates });
    }), { numRuns: RUNS });
  }, 240_000);
});

type Wrong = Made<BlueGreenPythonPipelineProps>;

const service = (options: BlueGreenServiceOptions): Wrong => () => ({ service: options });
const network = (options: NetworkOptions): Wrong => () => ({ network: options });
const gated = (gates: QualityGateOptions): Wrong => () => ({ pipeline: { gates } });
const outside = (min: number, max: number) => fc.oneof(
  fc.integer({ min: -1_000_000, max: min - 1 }), fc.integer({ min: max + 1, max: 10_000_000 }),
);
const noInteger = fc.double({ noInteger: true, noNaN: true, min: 1, max: 1000 });
const text = (pattern: RegExp) => fc.string().filter((value) => !pattern.test(value));

const generated: fc.Arbitrary<Wrong> = fc.oneof(
  fc.oneof(outside(1, 65535), noInteger).map((containerPort) => service({ containerPort })),
  text(/^[a-zA-Z0-9_-]{1,255}$/).map((containerName) => service({ containerName })),
  fc.tuple(fc.integer({ min: 1, max: 20000 }), fc.integer({ min: 1, max: 511 }))
    .map(([cpu, memoryLimitMiB]) => service({ cpu, memoryLimitMiB })),
  fc.oneof(outside(1, 99), noInteger)
    .map((percentage) => service({ release: { trafficShift: TrafficShift.linear(percentage, Duration.minutes(1)) } })),
  outside(1, 4000).filter((seconds) => seconds >= 0)
    .map((seconds) => service({ loadBalancer: { idleTimeout: Duration.seconds(seconds) } })),
  text(/^\/\S*$/).map((workingDirectory) => service({ workingDirectory })),
  fc.constantFrom<string[]>([], [''], ['a', ' ']).map((entryPoint) => service({ entryPoint })),
  outside(1, 10).map((retries) => service({ containerHealthCheck: { command: ['true'], retries } })),
  fc.integer({ min: 301, max: 9999 }).map((seconds) => service({ containerHealthCheck: { command: ['true'], startPeriod: Duration.seconds(seconds) } })),
  fc.integer({ min: 1, max: 59 }).map((seconds) => service({
    release: { trafficShift: TrafficShift.canary(10, Duration.seconds(seconds)) },
  })),
  fc.integer({ min: 2881, max: 100_000 })
    .map((amount) => service({ release: { terminationWaitTime: Duration.minutes(amount) } })),
  fc.constantFrom(0, 2881, 100_000)
    .map((amount) => service({ release: { deploymentApprovalWaitTime: Duration.minutes(amount) } })),
  fc.integer({ min: 3601, max: 100_000 })
    .map((seconds) => service({ loadBalancer: { deregistrationDelay: Duration.seconds(seconds) } })),
  fc.integer({ min: 2, max: 100 })
    .map((maxCapacity) => service({ scaling: { minCapacity: maxCapacity + 1, maxCapacity } })),
  outside(1, 99).map((targetCpuUtilizationPercent) => service({
    scaling: { maxCapacity: 2, targetCpuUtilizationPercent },
  })),
  fc.integer({ max: 0 })
    .map((targetRequestsPerMinute) => service({ scaling: { maxCapacity: 2, targetRequestsPerMinute } })),
  fc.integer({ min: 5, max: 120 }).map(Duration.seconds)
    .map((interval) => service({ healthCheck: { interval, timeout: interval } })),
  text(/^\/\S*$/).map((path) => service({ healthCheck: { path } })),
  outside(2, 10).map((healthyThresholdCount) => service({ healthCheck: { healthyThresholdCount } })),
  outside(1, 65535).map((port) => service({ release: { testListener: DeploymentTestListener.fromCidrs(port, ['10.0.0.0/8']) } })),
  fc.constantFrom(80, 443).map((port) => service({ release: { testListener: DeploymentTestListener.fromCidrs(port, ['10.0.0.0/8']) } })),
  text(/^\d+\.\d+\.\d+\.\d+\/\d+$/).map((cidr) => service({ release: { testListener: DeploymentTestListener.fromCidrs(9000, [cidr]) } })),
  fc.integer({ min: 0, max: 7 }).map((prefix) => service({ release: { testListener: DeploymentTestListener.fromCidrs(9000, [`0.0.0.0/${prefix}`]) } })),
  text(/^\/[!-~]*$/).map((path) => service({ release: { hooks: DeploymentHooks.smokeTest({ paths: [path] }) } })),
  outside(200, 499).map((status) => service({ release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'], healthyHttpCodes: `${status}` }) } })),
  outside(1, 999).map((serviceRevision) => service({ serviceRevision })),
  fc.integer({ min: 2, max: 999 })
    .map((serviceRevision) => service({ serviceRevision, bootstrapImage: BootstrapImage.publicPython() })),
  text(/^sha256:[0-9a-f]{64}$/).map((digest) => service({ bootstrapImage: BootstrapImage.fromRelease(digest) })),
  text(/^([a-z0-9-]+\.)+[a-z0-9-]+$/).map((domainName): Wrong => (stack) => ({
    service: { loadBalancer: { domainName, hostedZone: route53.HostedZone.fromHostedZoneId(stack, 'WrongZone', 'Z1') } },
  })),
  outside(2, 6).map((maxAzs) => network({ maxAzs })),
  fc.array(fc.constantFrom('a', 'b'), { minLength: 3 }).map((availabilityZones) => network({ availabilityZones })),
  fc.constantFrom<string[]>([], ['a']).map((availabilityZones) => network({ availabilityZones })),
  fc.integer({ min: 1, max: 99 }).map((zone) => network({ availabilityZones: ['eu-west-1a', `euw1-az${zone}`] })),
  fc.oneof(outside(1, 2), noInteger).map((count) => network({ egress: NetworkEgress.natGateways(count) })),
  fc.stringMatching(/^[A-Z][a-z]{3,8}$/).filter((name) => !['Public', 'Private'].includes(name))
    .map((subnetGroupName) => network({ taskSubnets: { subnetGroupName } })),
  fc.oneof(outside(1, 100), noInteger).map((minimumCoverage) => gated({ minimumCoverage })),
  severities.map((banditSeverity) => gated({ bandit: false, banditSeverity })),
  severities.map((imageScanSeverity) => gated({ imageScanSeverity })),
  fc.constant(gated({ dependencyAudit: false, advisorySource: AdvisorySource.osv() })),
  fc.tuple(fc.constantFrom('requireTests', 'bandit', 'dependencyAudit', 'imageScan', 'sbom'), fc.oneof(fc.string(), fc.integer(), fc.array(fc.string())))
    .map(([gate, value]) => gated({ [gate]: value })),
  fc.stringMatching(/^[a-z]{3,8}$/).filter((name) => !['bandit', 'sbom'].includes(name)).map((name) => gated({ ...{ [name]: true } })),
  fc.oneof(fc.string({ minLength: 1 }), fc.integer({ min: 1 }), fc.array(fc.string()))
    .map((value) => gated(value as object)),
  text(/^https?:\/\/\S+$/).map((url) => gated({ advisorySource: AdvisorySource.osv({ url }) })),
  text(/^3\.\d+$/).map((pythonVersion): Wrong => () => ({ pipeline: { python: PythonProject.pip({ pythonVersion }) } })),
  severities.map((imageScanSeverity): Wrong => () => ({ alerts: { notifyOnImageScan: false, imageScanSeverity } })),
  fc.constant<Wrong>((stack) => ({ network: { vpc: importedVpc(stack, 'Wrong'), egress: NetworkEgress.none() } })),
  fc.constant<Wrong>((stack) => ({ service: { loadBalancer: { accessLogsBucket: new s3.Bucket(stack, 'Wrong', { encryptionKey: new kms.Key(stack, 'WrongKey') }) } } })),
);

const tabled: fc.Arbitrary<Wrong> = fc.constantFrom(...BAD)
  .map(({ given }) => typeof given === 'function' ? given : () => given);

const wrong = fc.oneof({ weight: 2, arbitrary: generated }, { weight: 1, arbitrary: tabled });

test('any invalid option fails with an error of ours that names the construct', () => {
  fc.assert(fc.property(drawnProps, wrong, (valid, invalid) => {
    const stack = createStack();
    const { service: validService, ...validProps } = valid(stack, false);
    const { service: wrongService, ...others } = invalid(stack);
    let thrown: unknown;
    try {
      new BlueGreenPythonPipeline(stack, 'Orders', { ...validProps, ...others, service: { ...validService, ...wrongService } });
    } catch (error) {
      thrown = error;
    }
    // not a TypeError, and none of CDK's
    expect((thrown as Error | undefined)?.constructor).toBe(Error);
    expect((thrown as Error).message).toMatch(/^'[a-zA-Z0-9. ']+' (must|cannot|is not).* \[Stack\/Orders\/(Service|Network|Platform|Pipeline|Alerts)(\/(CodeDeploy|LoadBalancer|Source))?\]$/s);
  }), { numRuns: 300 });
}, 240_000);
