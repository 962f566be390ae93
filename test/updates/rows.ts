import * as path from 'path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import {
  AdvisorySource, AlertChannel, BlueGreenPythonPipelineProps, BlueGreenServiceOptions, BootstrapImage,
  ConnectionSourceOptions,
  DeploymentHookFunctions, DeploymentHooks, DeploymentTestListener, DockerHubCredentials, FindingSeverity, GitHost,
  NetworkEgress, NetworkOptions,
  OsvAdvisorySourceOptions, ParameterStoreCredentialsOptions, PipelineAlertsOptions, PipelineSource, PipOptions,
  PythonCiPipelineOptions,
  PythonProject, QualityGateOptions, RequirementsInstaller, RollbackAlarmOptions, ScalingOptions,
  SecretCredentialsOptions, SmokeTestOptions,
  TrafficShift, SlackChannelOptions, TeamsChannelOptions, UnauditedAction,
} from '../../src';
import { importedVpc } from '../helpers';

type Props = BlueGreenPythonPipelineProps;

/** Props of the pattern, or what makes them in the stack; the same object is synthesized once. */
export type Given = Props | ((stack: Stack) => Props);

/**
 * The option, what becomes of it, the props before and after (`dev` is the suffix where they say nothing else), and
 * what the templates do not tell.
 */
export type Row = [option: string, change: string, before: Given, after: Given, note?: string];

export const PLAIN: Props = {};

const service = (options: BlueGreenServiceOptions): Props => ({ service: options });
const network = (options: NetworkOptions): Props => ({ network: options });
const pipeline = (options: PythonCiPipelineOptions): Props => ({ pipeline: options });
const python = (options: PipOptions): Props => pipeline({ python: PythonProject.pip(options) });
const alerts = (options: PipelineAlertsOptions): Props => ({ alerts: options });
const slack = (options: Partial<SlackChannelOptions>) => alerts({
  channels: [AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP', ...options })],
});
const teams = (options: Partial<TeamsChannelOptions>) => alerts({
  channels: [AlertChannel.teams({
    teamId: '1d2c3b4a-0000-4000-8000-1234567890ab',
    tenantId: '5e6f7a8b-0000-4000-8000-1234567890ab',
    channelId: '19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2',
    ...options,
  })],
});
const scaling = (options: Partial<ScalingOptions>): Props => service({ scaling: { maxCapacity: 4, ...options } });
const alarms = (options: RollbackAlarmOptions): Props => service({ release: { rollbackAlarms: options } });
const smokeTest = (options: Partial<SmokeTestOptions>): Props => service({ release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'], ...options }) } });

const released = (digit: string): BootstrapImage => BootstrapImage.fromRelease(`sha256:${digit.repeat(64)}`);
const ownImage = BootstrapImage.fromImage(ecs.ContainerImage.fromRegistry('registry.acme.example/own'));
const testListener = DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16']);
const credentials: ParameterStoreCredentialsOptions = { usernameParameterName: '/hub/user', passwordParameterName: '/hub/password' };
const APP = path.join(__dirname, '..', '..', 'examples', 'python-app');

const key = (stack: Stack): kms.Key => new kms.Key(stack, 'Key');
const certificate = (stack: Stack, id: string): acm.ICertificate =>
  acm.Certificate.fromCertificateArn(stack, `Certificate${id}`, `arn:aws:acm:eu-west-1:111111111111:certificate/${id}`);
const zone = (stack: Stack, id = 'Z1'): route53.IHostedZone =>
  route53.PublicHostedZone.fromPublicHostedZoneAttributes(stack, id, { hostedZoneId: id, zoneName: 'example.com' });
const hookFunction = (stack: Stack): lambda.IFunction => new lambda.Function(stack, 'Hook', {
  runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('//'),
});

const threeZones = (availabilityZones?: string[]): Props => network({
  maxAzs: 3,
  taskSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: ['dummy1a', 'dummy1b'] },
  loadBalancerSubnets: { subnetType: ec2.SubnetType.PUBLIC, availabilityZones },
});

const withKey: Given = (stack) => { key(stack); return PLAIN; };
const withHook: Given = (stack) => { hookFunction(stack); return PLAIN; };
const withTestListener = service({ release: { testListener } });
const withSmokeTest = smokeTest({});
const withCheckedSmokeTest = (verifyCertificate: boolean): Given => (stack) => service({
  loadBalancer: { certificate: certificate(stack, '1') },
  release: {
    hooks: DeploymentHooks.smokeTest({ paths: ['/'], hostName: 'orders.example.com', verifyCertificate }),
  },
});
const withScaling = scaling({});
const withOwnImage = service({ bootstrapImage: ownImage });
const withEndpoints: Props = { ...withOwnImage, network: { egress: NetworkEgress.privateEndpoints() } };
const withVpc: Given = (stack) => network({ vpc: importedVpc(stack) });
const withCertificate: Given = (stack) => service({ loadBalancer: { certificate: certificate(stack, '1') } });
const withDomain: Given = (stack) => service({ loadBalancer: { domainName: 'orders.example.com', hostedZone: zone(stack) } });
const withRelease = service({ bootstrapImage: released('0') });
const secondService = service({ bootstrapImage: released('0'), serviceRevision: 2 });
const withCustomShift = service({ release: { trafficShift: TrafficShift.canary(20, Duration.minutes(2)) } });
const withDockerHub = pipeline({ dockerHub: DockerHubCredentials.fromParameterStore(credentials) });

const withOwnSource: Given = (stack) =>
  pipeline({ source: PipelineSource.codeCommit({ repository: codecommit.Repository.fromRepositoryName(stack, 'Own', 'own') }) });

const withUv = pipeline({ python: PythonProject.uv() });
const withPoetry = pipeline({ python: PythonProject.poetry() });
const gates = (options: QualityGateOptions): Props => pipeline({ gates: options });
const withOsv = (options: OsvAdvisorySourceOptions): Props => gates({ advisorySource: AdvisorySource.osv(options) });
const withImageScan = gates({ imageScan: true });
const withPullThroughCache = pipeline({ dockerHub: DockerHubCredentials.pullThroughCache() });
const withHubSecret = (stack: Stack, options: SecretCredentialsOptions): Props => pipeline({
  dockerHub: DockerHubCredentials.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Hub', 'hub'), options),
});
const CONNECTION = 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1';
const connection = (options: Partial<ConnectionSourceOptions>, manualApproval?: boolean): Props =>
  pipeline({ source: PipelineSource.connection({ connectionArn: CONNECTION, owner: 'acme', repo: 'orders', ...options }), manualApproval });
const archive = (stack: Stack, bucket: string, archiveKey: string): Props =>
  pipeline({ source: PipelineSource.s3({ bucket: s3.Bucket.fromBucketName(stack, 'Archives', bucket), key: archiveKey }) });

const hook = (event: keyof DeploymentHookFunctions): Row => [`DeploymentHookFunctions.${event}`, 'none to a function', withHook,
  (stack) => service({ release: { hooks: DeploymentHooks.fromFunctions({ [event]: hookFunction(stack) }) } })];

/** Every public option, one at a time. */
export const ROWS: Row[] = [
  ['NamingProps.applicationName', '`orders` to `shop`', PLAIN, { applicationName: 'shop' }],
  ['NamingProps.environmentSuffix', '`dev` to `prod`', PLAIN, { environmentSuffix: 'prod' }],
  ['NamingProps.environmentSuffix', 'none to `dev`', { environmentSuffix: undefined }, PLAIN],
  ['PartProps.removalPolicy', '`DESTROY` to `RETAIN`', { removalPolicy: RemovalPolicy.DESTROY }, PLAIN],
  ['BlueGreenPythonPipelineProps.encryptionKey', 'none to one', withKey, (stack) => ({ encryptionKey: key(stack) })],
  ['BlueGreenPythonPipelineProps.outputs', '`true` to `false`, which leaves out `DeliveryOutputs.addTo(...)`', PLAIN, { outputs: false }],
  ['BlueGreenPythonPipelineProps.dashboard', '`false` to `true`', PLAIN, { dashboard: true }],

  ['NetworkOptions.vpc', 'a new VPC to one that exists', PLAIN, withVpc],
  ['NetworkOptions.vpc', 'one that exists to another', withVpc, (stack) => network({ vpc: importedVpc(stack, 'Other', 'vpc-33333333') })],
  ['NetworkOptions.ipAddresses', '`10.0.0.0/16` to `10.1.0.0/16`', PLAIN,
    // a function, since the ranges that it has given away are not given again
    () => network({ ipAddresses: ec2.IpAddresses.cidr('10.1.0.0/16') })],
  ['NetworkOptions.maxAzs', '2 to 3', PLAIN, network({ maxAzs: 3 })],
  ['NetworkOptions.availabilityZones', 'the first two zones to the first and the third', PLAIN, network({ availabilityZones: ['dummy1a', 'dummy1c'] })],
  ['NetworkOptions.availabilityZones', 'two zones to three', network({ availabilityZones: ['dummy1a', 'dummy1b'] }),
    network({ availabilityZones: ['dummy1a', 'dummy1b', 'dummy1c'] })],
  ['NetworkOptions.egress', '`NetworkEgress.natGateways(1)` to `(2)`', PLAIN, network({ egress: NetworkEgress.natGateways(2) }),
    'Open connections out of the second zone are cut once.'],
  ['NetworkOptions.egress', '`NetworkEgress.natGateways(1)` to `NetworkEgress.privateEndpoints()`', withOwnImage, withEndpoints,
    'Tasks lose internet access.'],
  ['NetworkOptions.egress', '`NetworkEgress.natGateways(1)` to `NetworkEgress.none()`', withOwnImage,
    { ...withOwnImage, network: { egress: NetworkEgress.none() } }, 'Tasks lose all outbound access: no new task starts.'],
  ['NetworkOptions.egress', '`NetworkEgress.natGateways(1)` to `NetworkEgress.publicTasks()`', PLAIN, network({ egress: NetworkEgress.publicTasks() })],
  ['NetworkOptions.egress', '`NetworkEgress.publicTasks()` to `NetworkEgress.natGateways(1)`', network({ egress: NetworkEgress.publicTasks() }), PLAIN],
  ['NetworkOptions.egress', 'none to `NetworkEgress.publicTasks()`, with a `vpc`', withVpc,
    (stack) => network({ vpc: importedVpc(stack), egress: NetworkEgress.publicTasks() })],
  ['NetworkOptions.flowLogs', '`true` to `false`', PLAIN, network({ flowLogs: false })],
  ['NetworkOptions.logRetention', '30 days to a year', PLAIN, network({ logRetention: logs.RetentionDays.ONE_YEAR })],
  ['NetworkOptions.restrictDefaultSecurityGroup', '`false` to `true`', PLAIN, network({ restrictDefaultSecurityGroup: true })],
  ['NetworkOptions.encryptionKey', 'a new key to one of yours', withKey, (stack) => network({ encryptionKey: key(stack) })],
  ['NetworkOptions.taskSubnets', 'both private subnets to one of them', PLAIN,
    network({ taskSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: ['dummy1a'] } })],
  ['NetworkOptions.loadBalancerSubnets', 'the public subnets of three zones to those of two', threeZones(), threeZones(['dummy1a', 'dummy1b']),
    'The load balancer gets other addresses.'],
  ['PrivateEndpointsOptions.additionalServices', 'none to SQS', withEndpoints, {
    ...withOwnImage,
    network: {
      egress: NetworkEgress.privateEndpoints({ additionalServices: [ec2.InterfaceVpcEndpointAwsService.SQS] }),
    },
  }],

  ['ContainerPlatformOptions.cluster', 'a new cluster to one that exists', withVpc, (stack) => {
    const vpc = importedVpc(stack);
    return { network: { vpc }, platform: { cluster: ecs.Cluster.fromClusterAttributes(stack, 'Own', { clusterName: 'own', vpc }) } };
  }],
  ['ContainerPlatformOptions.repository', 'a new repository to one that exists', PLAIN,
    (stack) => ({ platform: { repository: ecr.Repository.fromRepositoryName(stack, 'Own', 'own') } })],
  ['ContainerPlatformOptions.maxImageCount', '10 to 20', PLAIN, { platform: { maxImageCount: 20 } }],
  ['ContainerPlatformOptions.containerInsights', '`ENABLED` to `DISABLED`', PLAIN,
    { platform: { containerInsights: ecs.ContainerInsights.DISABLED } }],
  ['ContainerPlatformOptions.encryptionKey', 'the account\'s key to one of yours', withKey, (stack) => ({ platform: { encryptionKey: key(stack) } })],

  ['BlueGreenServiceOptions.containerName', '`app` to `web`', PLAIN, service({ containerName: 'web' })],
  ['BlueGreenServiceOptions.containerPort', '8080 to 9000', PLAIN, service({ containerPort: 9000 })],
  ['BlueGreenServiceOptions.cpu', '512 to 1024', service({ memoryLimitMiB: 2048 }), service({ cpu: 1024, memoryLimitMiB: 2048 })],
  ['BlueGreenServiceOptions.memoryLimitMiB', '1024 to 2048', PLAIN, service({ memoryLimitMiB: 2048 })],
  ['BlueGreenServiceOptions.cpuArchitecture', '`X86_64` to `ARM64`', PLAIN, service({ cpuArchitecture: ecs.CpuArchitecture.ARM64 })],
  ['BlueGreenServiceOptions.command', 'none to one', PLAIN, service({ command: ['run'] })],
  ['BlueGreenServiceOptions.entryPoint', 'none to one', PLAIN, service({ entryPoint: ['/entry.sh'] })],
  ['BlueGreenServiceOptions.workingDirectory', 'none to one', PLAIN, service({ workingDirectory: '/app' })],
  ['BlueGreenServiceOptions.containerHealthCheck', 'none to one', PLAIN, service({ containerHealthCheck: { command: ['true'] } })],
  ['BlueGreenServiceOptions.healthCheckGracePeriod', '5 to 10 minutes', PLAIN, service({ healthCheckGracePeriod: Duration.minutes(10) })],
  ['BlueGreenServiceOptions.environment', 'none to a variable', PLAIN, service({ environment: { LEVEL: 'debug' } })],
  ['BlueGreenServiceOptions.secrets', 'none to a secret', PLAIN, (stack) => service({ secrets: { TOKEN: secret(stack) } })],
  ['BlueGreenServiceOptions.secrets', 'none to a secret, behind `NetworkEgress.privateEndpoints()`', withEndpoints,
    (stack) => ({ ...withEndpoints, service: { bootstrapImage: ownImage, secrets: { TOKEN: secret(stack) } } })],
  ['BlueGreenServiceOptions.secrets', 'none to a parameter, behind `NetworkEgress.privateEndpoints()`', withEndpoints,
    (stack) => ({ ...withEndpoints, service: { bootstrapImage: ownImage, secrets: { TOKEN: parameter(stack) } } })],
  ['BlueGreenServiceOptions.bootstrapImage', '`BootstrapImage.publicPython()` to `BootstrapImage.fromImage(...)`', PLAIN, withOwnImage],
  ['BlueGreenServiceOptions.bootstrapImage', '`BootstrapImage.publicPython()` to `BootstrapImage.fromRelease(...)`', PLAIN, withRelease],
  ['BlueGreenServiceOptions.bootstrapImage', '`BootstrapImage.publicPython()` to `BootstrapImage.python(...)`', PLAIN,
    service({ bootstrapImage: BootstrapImage.python(ecs.ContainerImage.fromRegistry('registry.acme.example/python')) })],
  ['BlueGreenServiceOptions.logRetention', 'a month to a day', PLAIN, service({ logRetention: logs.RetentionDays.ONE_DAY })],
  ['HealthCheckOptions.path', '`/` to `/health`', PLAIN, service({ healthCheck: { path: '/health' } })],
  ['HealthCheckOptions.healthyHttpCodes', '`200` to `200-204`', PLAIN, service({ healthCheck: { healthyHttpCodes: '200-204' } })],
  ['HealthCheckOptions.interval', '15 to 20 seconds', PLAIN, service({ healthCheck: { interval: Duration.seconds(20) } })],
  ['HealthCheckOptions.interval', '15 to 60 seconds, which raises the default grace period', PLAIN,
    service({ healthCheck: { interval: Duration.seconds(60) } })],
  ['HealthCheckOptions.interval', '15 to 60 seconds, with the deployed `healthCheckGracePeriod`', PLAIN,
    service({ healthCheck: { interval: Duration.seconds(60) }, healthCheckGracePeriod: Duration.minutes(5) })],
  ['HealthCheckOptions.timeout', '5 to 10 seconds', PLAIN, service({ healthCheck: { timeout: Duration.seconds(10) } })],
  ['HealthCheckOptions.healthyThresholdCount', '5 to 3', PLAIN, service({ healthCheck: { healthyThresholdCount: 3 } })],
  ['HealthCheckOptions.unhealthyThresholdCount', '2 to 3', PLAIN, service({ healthCheck: { unhealthyThresholdCount: 3 } })],
  ['LoadBalancerOptions.certificate', 'none to one', PLAIN, withCertificate],
  ['LoadBalancerOptions.certificate', 'one to another', withCertificate, (stack) => service({ loadBalancer: { certificate: certificate(stack, '2') } })],
  ['LoadBalancerOptions.certificate', 'one to none', withCertificate, PLAIN],
  ['LoadBalancerOptions.domainName', 'none to a name, with a new certificate', PLAIN, withDomain],
  ['LoadBalancerOptions.domainName', 'none to a name, beside a `certificate`', withCertificate,
    (stack) => service({ loadBalancer: { domainName: 'orders.example.com', hostedZone: zone(stack), certificate: certificate(stack, '1') } })],
  ['LoadBalancerOptions.domainName', 'a name to another, with a certificate that was made', withDomain,
    (stack) => service({ loadBalancer: { domainName: 'shop.example.com', hostedZone: zone(stack) } })],
  ['LoadBalancerOptions.domainName', 'a name to none, with a certificate that was made', withDomain, PLAIN],
  ['LoadBalancerOptions.hostedZone', 'a zone to another, with a certificate that was made', withDomain,
    (stack) => service({ loadBalancer: { domainName: 'orders.example.com', hostedZone: zone(stack, 'Z2') } })],
  ['LoadBalancerOptions.internetFacing', '`true` to `false`', PLAIN, service({ loadBalancer: { internetFacing: false } })],
  ['BlueGreenServiceOptions.user', 'none to one', PLAIN, service({ user: '10001' })],
  ['BlueGreenServiceOptions.readonlyRootFilesystem', '`false` to `true`', PLAIN, service({ readonlyRootFilesystem: true })],
  ['BlueGreenServiceOptions.encryptionKey', 'none to a key', withKey, (stack) => service({ encryptionKey: key(stack) })],
  ['BlueGreenServiceOptions.encryptionKey', 'none to a key, with a smoke test', (stack) => { key(stack); return withSmokeTest; },
    (stack) => service({ encryptionKey: key(stack), release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'] }) } })],
  ['LoadBalancerOptions.accessLogsBucket', 'none to a bucket', (stack) => { new s3.Bucket(stack, 'Logs'); return PLAIN; },
    (stack) => service({ loadBalancer: { accessLogsBucket: new s3.Bucket(stack, 'Logs') } })],
  ['LoadBalancerOptions.deregistrationDelay', '30 to 10 seconds', PLAIN, service({ loadBalancer: { deregistrationDelay: Duration.seconds(10) } })],
  ['LoadBalancerOptions.idleTimeout', '60 to 120 seconds', PLAIN, service({ loadBalancer: { idleTimeout: Duration.minutes(2) } })],
  ['LoadBalancerOptions.preserveHostHeader', '`false` to `true`', PLAIN, service({ loadBalancer: { preserveHostHeader: true } })],
  ['LoadBalancerOptions.securityGroups', 'a new group to one of yours', PLAIN,
    (stack) => service({ loadBalancer: { securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Own', 'sg-1')] } })],
  ['ReleaseOptions.trafficShift', '`TrafficShift.canary(10, 5 minutes)` to `TrafficShift.linear(10, 3 minutes)`', PLAIN,
    service({ release: { trafficShift: TrafficShift.linear(10, Duration.minutes(3)) } })],
  ['ReleaseOptions.trafficShift', '`TrafficShift.canary(10, 5 minutes)` to `TrafficShift.allAtOnce()`', PLAIN,
    service({ release: { trafficShift: TrafficShift.allAtOnce() } })],
  ['ReleaseOptions.trafficShift', '`TrafficShift.canary(10, 5 minutes)` to one that AWS has not', PLAIN, withCustomShift],
  ['ReleaseOptions.trafficShift', 'one that AWS has not to another', withCustomShift,
    service({ release: { trafficShift: TrafficShift.canary(30, Duration.minutes(2)) } })],
  ['ReleaseOptions.terminationWaitTime', '5 to 60 minutes', PLAIN, service({ release: { terminationWaitTime: Duration.minutes(60) } })],
  ['ReleaseOptions.deploymentApprovalWaitTime', 'none to 60 minutes', PLAIN, service({ release: { deploymentApprovalWaitTime: Duration.minutes(60) } })],
  ['ReleaseOptions.testListener', 'none to `DeploymentTestListener.fromCidrs(9000, ...)`', PLAIN, withTestListener],
  ['ReleaseOptions.testListener', 'none to `DeploymentTestListener.fromSecurityGroup(9000, ...)`', PLAIN, (stack) =>
    service({ release: { testListener: DeploymentTestListener.fromSecurityGroup(9000, ec2.SecurityGroup.fromSecurityGroupId(stack, 'Tester', 'sg-2')) } })],
  ['ReleaseOptions.testListener', 'port 9000 to 9001', withTestListener,
    service({ release: { testListener: DeploymentTestListener.fromCidrs(9001, ['10.0.0.0/16']) } })],
  ['ReleaseOptions.testListener', 'one to none', withTestListener, PLAIN],
  ['ReleaseOptions.hooks', 'none to `DeploymentHooks.fromFunctions(...)`', withHook,
    (stack) => service({
      release: { hooks: DeploymentHooks.fromFunctions({ beforeAllowTraffic: hookFunction(stack) }) },
    })],
  ['ReleaseOptions.hooks', 'none to `DeploymentHooks.smokeTest(...)`', PLAIN, withSmokeTest],
  ['ReleaseOptions.hooks', '`DeploymentHooks.smokeTest(...)` to `DeploymentHooks.all(...)` with it and another',
    (stack) => { hookFunction(stack); return withSmokeTest; },
    (stack) => service({
      release: {
        hooks: DeploymentHooks.all(DeploymentHooks.smokeTest({ paths: ['/'] }),
          DeploymentHooks.fromFunctions({ afterAllowTraffic: hookFunction(stack) })),
      },
    })],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2', withRelease, secondService],
  ['BlueGreenServiceOptions.serviceRevision', '2 to 1', secondService, withRelease],
  ['BlueGreenServiceOptions.serviceRevision', '2 to 3', secondService, service({ bootstrapImage: released('0'), serviceRevision: 3 })],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with another `containerPort`', withRelease,
    service({ bootstrapImage: released('0'), serviceRevision: 2, containerPort: 9000 })],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with another `containerName`', withRelease,
    service({ bootstrapImage: released('0'), serviceRevision: 2, containerName: 'web' })],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with `enableExecuteCommand`', withRelease,
    service({ bootstrapImage: released('0'), serviceRevision: 2, enableExecuteCommand: true })],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with other `taskSubnets`', withRelease, {
    ...service({ bootstrapImage: released('0'), serviceRevision: 2 }),
    ...network({ taskSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: ['dummy1a'] } }),
  }],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with `NetworkEgress.natGateways(1)` to `NetworkEgress.publicTasks()`', withRelease, {
    ...service({ bootstrapImage: released('0'), serviceRevision: 2 }), ...network({ egress: NetworkEgress.publicTasks() }),
  }],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with another `cluster`', (stack) => ({ ...network({ vpc: importedVpc(stack) }), ...withRelease }),
    (stack) => {
      const vpc = importedVpc(stack);
      const cluster = ecs.Cluster.fromClusterAttributes(stack, 'Own', { clusterName: 'own', vpc });
      return { ...network({ vpc }), platform: { cluster }, ...service({ bootstrapImage: released('0'), serviceRevision: 2 }) };
    }],
  ['BlueGreenServiceOptions.serviceRevision', '1 to 2, with `scaling`', scalingWith(released('0')),
    { service: { ...scalingWith(released('0')).service, serviceRevision: 2 } }],
  ['BlueGreenServiceOptions.scaling', 'none to at most 4', PLAIN, withScaling],
  ['BlueGreenServiceOptions.enableExecuteCommand', '`false` to `true`', PLAIN, service({ enableExecuteCommand: true })],

  hook('beforeInstall'),
  hook('afterInstall'),
  ['DeploymentHookFunctions.afterAllowTestTraffic', 'none to a function', (stack) => { hookFunction(stack); return withTestListener; },
    (stack) => service({
      release: { testListener, hooks: DeploymentHooks.fromFunctions({ afterAllowTestTraffic: hookFunction(stack) }) },
    })],
  hook('beforeAllowTraffic'),
  hook('afterAllowTraffic'),
  ['SmokeTestOptions.paths', '`/` to `/health`', withSmokeTest, smokeTest({ paths: ['/health'] })],
  ['SmokeTestOptions.healthyHttpCodes', '`200` to `200-204`', withSmokeTest, smokeTest({ healthyHttpCodes: '200-204' })],
  ['SmokeTestOptions.hostName', 'none to one', withSmokeTest, smokeTest({ hostName: 'orders.example.com' })],
  ['SmokeTestOptions.verifyCertificate', '`true` to `false`', withCheckedSmokeTest(true), withCheckedSmokeTest(false)],
  ['SmokeTestOptions.reservedConcurrentExecutions', 'none to 2', withSmokeTest, smokeTest({ reservedConcurrentExecutions: 2 })],
  ['SmokeTestOptions.deadLetterQueue', 'none to one', withSmokeTest,
    (stack) => smokeTest({ deadLetterQueue: sqs.Queue.fromQueueArn(stack, 'Lost', 'arn:aws:sqs:eu-west-1:111111111111:lost') })],
  ['SmokeTestOptions.timeout', '2 to 5 minutes', withSmokeTest, smokeTest({ timeout: Duration.minutes(5) })],

  ['RollbackAlarmOptions.enabled', '`true` to `false`', PLAIN, alarms({ enabled: false })],
  ['RollbackAlarmOptions.suspended', '`false` to `true`', PLAIN, alarms({ suspended: true })],
  ['RollbackAlarmOptions.serverErrorThreshold', '10 to 20', PLAIN, alarms({ serverErrorThreshold: 20 })],
  ['RollbackAlarmOptions.unhealthyHostThreshold', '1 to 2', PLAIN, alarms({ unhealthyHostThreshold: 2 })],
  ['RollbackAlarmOptions.latencyThreshold', 'none to a second', PLAIN, alarms({ latencyThreshold: Duration.seconds(1) })],
  ['ScalingOptions.minCapacity', '1 to 2', withScaling, scaling({ minCapacity: 2 })],
  ['ScalingOptions.maxCapacity', '4 to 8', withScaling, scaling({ maxCapacity: 8 })],
  ['ScalingOptions.targetCpuUtilizationPercent', '60 to 70', withScaling, scaling({ targetCpuUtilizationPercent: 70 })],
  ['ScalingOptions.targetMemoryUtilizationPercent', 'none to 70', withScaling, scaling({ targetMemoryUtilizationPercent: 70 })],
  ['ScalingOptions.targetRequestsPerMinute', 'none to 600', withScaling, scaling({ targetRequestsPerMinute: 600 })],
  ['ScalingOptions.scaleOutCooldown', '1 to 2 minutes', withScaling, scaling({ scaleOutCooldown: Duration.minutes(2) })],
  ['ScalingOptions.scaleInCooldown', '5 to 10 minutes', withScaling, scaling({ scaleInCooldown: Duration.minutes(10) })],

  ['PythonCiPipelineOptions.source', '`PipelineSource.codeCommit()` to the same with a repository that exists', PLAIN, withOwnSource],
  ['PythonCiPipelineOptions.source', '`PipelineSource.codeCommit()` to `PipelineSource.connection(...)`', PLAIN, connection({})],
  ['PythonCiPipelineOptions.source', '`PipelineSource.codeCommit()` to `PipelineSource.s3(...)`', PLAIN, (stack) => archive(stack, 'archives', 'orders.zip')],
  ['PythonCiPipelineOptions.python', '`PythonProject.pip()` to the same with extras', PLAIN, python({ extras: ['test'] })],
  ['PythonCiPipelineOptions.python', '`PythonProject.pip()` to `PythonProject.uv()`', PLAIN, withUv],
  ['PythonCiPipelineOptions.python', '`PythonProject.pip()` to `PythonProject.poetry()`', PLAIN, withPoetry],
  ['PythonCiPipelineOptions.dockerHub', 'none to `DockerHubCredentials.fromSecret(...)`', PLAIN, (stack) => withHubSecret(stack, {})],
  ['PythonCiPipelineOptions.dockerHub', 'none to `DockerHubCredentials.pullThroughCache()`', PLAIN, withPullThroughCache],
  ['PythonCiPipelineOptions.dockerHub', 'none to `DockerHubCredentials.fromParameterStore(...)`', PLAIN, withDockerHub],
  ['PythonCiPipelineOptions.buildImage', 'another one', PLAIN, pipeline({ buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 })],
  ['PythonCiPipelineOptions.computeType', '`SMALL` to `MEDIUM`', PLAIN, pipeline({ computeType: codebuild.ComputeType.MEDIUM })],
  ['PythonCiPipelineOptions.environmentVariables', 'none to one', PLAIN, pipeline({ environmentVariables: { A: { value: 'b' } } })],
  ['PythonCiPipelineOptions.installCommands', 'none to one', PLAIN, pipeline({ installCommands: ['true'] })],
  ['PythonCiPipelineOptions.testCommand', 'none to one', PLAIN, pipeline({ testCommand: 'tox' })],
  ['PythonCiPipelineOptions.cache', '`true` to `false`', PLAIN, pipeline({ cache: false })],
  ['PythonCiPipelineOptions.manualApproval', '`false` to `true`', PLAIN, pipeline({ manualApproval: true })],
  ['PythonCiPipelineOptions.logRetention', 'two weeks to a day', PLAIN, pipeline({ logRetention: logs.RetentionDays.ONE_DAY })],
  ['PythonCiPipelineOptions.artifactAccessLogsBucket', 'none to a bucket', (stack) => { new s3.Bucket(stack, 'Logs'); return PLAIN; },
    (stack) => pipeline({ artifactAccessLogsBucket: new s3.Bucket(stack, 'Logs') })],
  ['PythonCiPipelineOptions.artifactRetention', '30 to 60 days', PLAIN, pipeline({ artifactRetention: Duration.days(60) })],
  ['PythonCiPipelineOptions.encryptionKey', 'a new key to one of yours', withKey, (stack) => pipeline({ encryptionKey: key(stack) })],
  ['CodeCommitSourceOptions.repository', 'a new one to one that exists', PLAIN, withOwnSource],
  ['CodeCommitSourceOptions.branch', '`main` to `trunk`', PLAIN, pipeline({ source: PipelineSource.codeCommit({ branch: 'trunk' }) })],
  ['CodeCommitSourceOptions.seedDirectory', 'none to one', PLAIN, pipeline({ source: PipelineSource.codeCommit({ seedDirectory: APP }) })],
  ['CodeCommitSourceOptions.fullClone', '`false` to `true`', PLAIN, pipeline({ source: PipelineSource.codeCommit({ fullClone: true }) })],
  ['ConnectionSourceOptions.connectionArn', 'another connection', connection({}), connection({ connectionArn: CONNECTION.replace(/1$/, '2') })],
  ['ConnectionSourceOptions.owner', '`acme` to `shop`', connection({}), connection({ owner: 'shop' })],
  ['ConnectionSourceOptions.repo', '`orders` to `bills`', connection({}), connection({ repo: 'bills' })],
  ['ConnectionSourceOptions.branch', '`main` to `trunk`', connection({}), connection({ branch: 'trunk' })],
  ['ConnectionSourceOptions.filePaths', 'none to `app/**`', connection({}), connection({ filePaths: ['app/**'] })],
  ['ConnectionSourceOptions.host', '`GITHUB` to `GITLAB`, with an approval', connection({}, true), connection({ host: GitHost.GITLAB }, true)],
  ['ConnectionSourceOptions.fullClone', '`false` to `true`', connection({}), connection({ fullClone: true })],
  ['S3SourceOptions.bucket', 'another bucket', (stack) => archive(stack, 'archives', 'orders.zip'), (stack) => archive(stack, 'others', 'orders.zip')],
  ['S3SourceOptions.key', 'another key', (stack) => archive(stack, 'archives', 'orders.zip'), (stack) => archive(stack, 'archives', 'bills.zip')],
  ['PythonProjectOptions.pythonVersion', '3.9 to 3.12', PLAIN, python({ pythonVersion: '3.12' })],
  ['PythonProjectOptions.directory', '`.` to `app`', PLAIN, python({ directory: 'app' })],
  ['PythonProjectOptions.testDirectory', 'none to `tests`', PLAIN, python({ testDirectory: 'tests' })],
  ['PythonProjectOptions.dockerfile', '`Dockerfile` to `Containerfile`', PLAIN, python({ dockerfile: 'Containerfile' })],
  ['PythonProjectOptions.imageContext', 'none to `images`', PLAIN, python({ imageContext: 'images' })],
  ['PythonProjectOptions.buildArguments', 'none to one', PLAIN, python({ buildArguments: { A: 'b' } })],
  ['PythonProjectOptions.extras', 'none to one', PLAIN, python({ extras: ['test'] })],
  ['PythonProjectOptions.groups', 'none to one', PLAIN, python({ groups: ['dev'] })],
  ['PythonProjectOptions.extraTestPackages', 'none to one', PLAIN, python({ extraTestPackages: ['pytest-mock'] })],
  ['PythonProjectOptions.indexUrl', 'none to one', PLAIN, python({ indexUrl: 'https://pypi.example.com/simple' })],
  ['PipOptions.requirementsFiles', 'none to one', PLAIN, python({ requirementsFiles: ['requirements.txt'] })],
  ['PipOptions.testRequirementsFiles', 'none to one', PLAIN, python({ testRequirementsFiles: ['tests.txt'] })],
  ['PipOptions.installer', '`UV` to `PIP`', PLAIN, python({ installer: RequirementsInstaller.PIP })],
  ['UvOptions.allowOutdatedLock', '`false` to `true`', withUv, pipeline({ python: PythonProject.uv({ allowOutdatedLock: true }) })],
  ['UvOptions.uvVersion', 'another one', withUv, pipeline({ python: PythonProject.uv({ uvVersion: '0.9.1' }) })],
  ['PoetryOptions.poetryVersion', 'none to 2.1.3', withPoetry, pipeline({ python: PythonProject.poetry({ poetryVersion: '2.1.3' }) })],
  ['PoetryOptions.installRoot', '`true` to `false`', withPoetry, pipeline({ python: PythonProject.poetry({ installRoot: false }) })],
  ['QualityGateOptions.requireTests', '`true` to `false`', PLAIN, gates({ requireTests: false })],
  ['QualityGateOptions.minimumCoverage', 'none to 80', PLAIN, gates({ minimumCoverage: 80 })],
  ['QualityGateOptions.bandit', '`true` to `false`', PLAIN, gates({ bandit: false })],
  ['QualityGateOptions.banditSeverity', '`HIGH` to `LOW`', PLAIN, gates({ banditSeverity: FindingSeverity.LOW })],
  ['QualityGateOptions.dependencyAudit', '`true` to `false`', PLAIN, gates({ dependencyAudit: false })],
  ['QualityGateOptions.advisorySource', '`AdvisorySource.pypi()` to `AdvisorySource.osv()`', PLAIN, withOsv({})],
  ['QualityGateOptions.imageScan', '`false` to `true`', PLAIN, withImageScan],
  ['QualityGateOptions.imageScanSeverity', '`HIGH` to `CRITICAL`', withImageScan, gates({ imageScan: true, imageScanSeverity: FindingSeverity.CRITICAL })],
  ['QualityGateOptions.ignoredVulnerabilities', 'none to one', PLAIN, gates({ ignoredVulnerabilities: ['CVE-2024-1'] })],
  ['QualityGateOptions.sbom', '`true` to `false`', PLAIN, gates({ sbom: false })],
  ['AdvisorySourceOptions.whenUnaudited', '`FAIL` to `WARN`', withOsv({}), withOsv({ whenUnaudited: UnauditedAction.WARN })],
  ['OsvAdvisorySourceOptions.url', 'none to one', withOsv({}), withOsv({ url: 'https://osv.example.com/v1/query' })],
  ['SecretCredentialsOptions.usernameField', 'another name', (stack) => withHubSecret(stack, {}), (stack) => withHubSecret(stack, { usernameField: 'user' })],
  ['SecretCredentialsOptions.passwordField', 'another name', (stack) => withHubSecret(stack, {}), (stack) => withHubSecret(stack, { passwordField: 'token' })],
  ['PullThroughCacheOptions.repositoryPrefix', 'another name', withPullThroughCache,
    pipeline({ dockerHub: DockerHubCredentials.pullThroughCache({ repositoryPrefix: 'hub' }) })],
  ['PullThroughCacheOptions.buildArgument', 'another name', withPullThroughCache,
    pipeline({ dockerHub: DockerHubCredentials.pullThroughCache({ buildArgument: 'HUB' }) })],
  ['ParameterStoreCredentialsOptions.usernameParameterName', 'another name', withDockerHub,
    pipeline({ dockerHub: DockerHubCredentials.fromParameterStore({ ...credentials, usernameParameterName: '/other' }) })],
  ['ParameterStoreCredentialsOptions.passwordParameterName', 'another name', withDockerHub,
    pipeline({ dockerHub: DockerHubCredentials.fromParameterStore({ ...credentials, passwordParameterName: '/other' }) })],
  ['ParameterStoreCredentialsOptions.encryptionKey', 'none to one', (stack) => { key(stack); return withDockerHub; },
    (stack) => pipeline({
      dockerHub: DockerHubCredentials.fromParameterStore({ ...credentials, encryptionKey: key(stack) }),
    })],

  ['PipelineAlertsOptions.channels', 'none to `AlertChannel.email(...)`', PLAIN, alerts({ channels: [AlertChannel.email('a@example.com')] })],
  ['PipelineAlertsOptions.channels', 'none to `AlertChannel.topic(...)`', PLAIN, (stack) => alerts({ channels: [AlertChannel.topic(topic(stack))] })],
  ['PipelineAlertsOptions.topic', 'a new topic to one that exists', PLAIN, (stack) => alerts({ topic: topic(stack) })],
  ['PipelineAlertsOptions.encryptionKey', 'a new key to one of yours', withKey, (stack) => alerts({ encryptionKey: key(stack) })],
  ['PipelineAlertsOptions.alarms', 'none to one', PLAIN, (stack) => alerts({
    alarms: [cloudwatch.Alarm.fromAlarmArn(stack, 'Own', 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:own')],
  })],
  ['PipelineAlertsOptions.channels', 'none to `AlertChannel.slack(...)`', PLAIN, slack({})],
  ['PipelineAlertsOptions.channels', 'none to `AlertChannel.teams(...)`', PLAIN, teams({})],
  ['PipelineAlertsOptions.channels', 'none to `AlertChannel.chatTopic(...)`', PLAIN, (stack) => alerts({ channels: [AlertChannel.chatTopic(topic(stack))] })],
  ['SlackChannelOptions.workspaceId', 'another one', slack({}), slack({ workspaceId: 'T0OTHER' })],
  ['SlackChannelOptions.channelId', 'another one', slack({}), slack({ channelId: 'C0OTHER' })],
  ['TeamsChannelOptions.teamId', 'another one', teams({}), teams({ teamId: '9f8e7d6c-0000-4000-8000-1234567890ab' })],
  ['TeamsChannelOptions.tenantId', 'another one', teams({}), teams({ tenantId: '9f8e7d6c-0000-4000-8000-1234567890ab' })],
  ['TeamsChannelOptions.channelId', 'another one', teams({}), teams({ channelId: '19%3aother%40thread.tacv2' })],
  ['PipelineAlertsOptions.notifyOnSuccess', '`false` to `true`', PLAIN, alerts({ notifyOnSuccess: true })],
  ['PipelineAlertsOptions.notifyOnApproval', '`false` to `true`', PLAIN, alerts({ notifyOnApproval: true })],
  ['PipelineAlertsOptions.failureDetails', '`true` to `false`', PLAIN, alerts({ failureDetails: false })],
  ['PipelineAlertsOptions.notifyOnImageScan', '`true` to `false`', PLAIN, alerts({ notifyOnImageScan: false })],
  ['PipelineAlertsOptions.imageScanSeverity', '`CRITICAL` to `HIGH`', PLAIN, alerts({ imageScanSeverity: FindingSeverity.HIGH })],
  ['PipelineAlertsOptions.logRetention', 'a month to a day', PLAIN, alerts({ logRetention: logs.RetentionDays.ONE_DAY })],
  ['PipelineAlertsOptions.keepUndelivered', '`true` to `false`', PLAIN, alerts({ keepUndelivered: false })],
];

const REFERENCE = 'a reference between parts: the pattern sets it, and the part that it names has rows of its own';
const GROUP = 'a group of options, each of which has rows';
const FOR_CHOICES = 'what a choice such as NetworkEgress or PipelineSource tells its part: no user gives it';
const FOR_IMPORTS = 'describes what exists and is changed by its owner; handing over something else is a row of the option that takes it';

/** What takes no row, and why. A struct stands for all its members. */
export const NO_ROW: { [name: string]: string } = {
  ...Object.fromEntries(['network', 'platform', 'service', 'pipeline', 'alerts'].map((group) => [`BlueGreenPythonPipelineProps.${group}`, GROUP])),
  'BlueGreenServiceOptions.healthCheck': GROUP,
  'BlueGreenServiceOptions.loadBalancer': GROUP,
  'BlueGreenServiceOptions.release': GROUP,
  'ReleaseOptions.rollbackAlarms': GROUP,
  'PythonCiPipelineOptions.gates': GROUP,
  'BindOptions': FOR_CHOICES,
  'DeliveryDashboardProps': REFERENCE,
  'DeliveryOutputsOptions': REFERENCE,
  'ContainerPlatformProps.network': REFERENCE,
  'BlueGreenServiceProps.platform': REFERENCE,
  'PythonCiPipelineProps.service': REFERENCE,
  'PythonCiPipelineProps.repository': REFERENCE,
  'PipelineAlertsProps.codePipeline': REFERENCE,
  'PipelineAlertsProps.service': REFERENCE,
  'PipelineAlertsProps.buildProject': REFERENCE,
  'PipelineAlertsProps.repository': REFERENCE,
  'PipelineAlertsProps.firstExecutionMayFail': 'the pattern sets it by its source, which has rows',
  'AlertChannelBindOptions': FOR_CHOICES,
  'AlertChannelConfig': FOR_CHOICES,
  'BootstrapImageBindOptions': FOR_CHOICES,
  'BootstrapImageConfig': FOR_CHOICES,
  'DeployStageBindOptions': FOR_CHOICES,
  'DeployStageConfig': FOR_CHOICES,
  'DeployStageFile': FOR_CHOICES,
  'DeploymentHooksBindOptions': FOR_CHOICES,
  'DeploymentHooksConfig': FOR_CHOICES,
  'DeploymentTestListenerBindOptions': FOR_CHOICES,
  'DeploymentTestListenerConfig': FOR_CHOICES,
  'DeploymentFailures': 'what a service tells the alerts: no user gives it',
  'AdvisorySourceConfig': FOR_CHOICES,
  'DockerHubCredentialsConfig': FOR_CHOICES,
  'NetworkEgressBindOptions': FOR_CHOICES,
  'NetworkEgressConfig': FOR_CHOICES,
  'PipelineSourceBindOptions': FOR_CHOICES,
  'PipelineSourceConfig': FOR_CHOICES,
  'PythonProjectConfig': FOR_CHOICES,
  'TrafficShiftConfig': FOR_CHOICES,
  'NetworkAttributes': FOR_IMPORTS,
  'ContainerPlatformAttributes': FOR_IMPORTS,
  'TargetGroupMetricOptions': 'tunes a metric that is read, and no resource',
};

function secret(stack: Stack): ecs.Secret {
  return ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'token'));
}

function parameter(stack: Stack): ecs.Secret {
  return ecs.Secret.fromSsmParameter(ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/token' }));
}

function topic(stack: Stack): sns.ITopic {
  return sns.Topic.fromTopicArn(stack, 'Pager', 'arn:aws:sns:eu-west-1:111111111111:pager');
}

function scalingWith(bootstrapImage: BootstrapImage): Props {
  return service({ bootstrapImage, scaling: { minCapacity: 2, maxCapacity: 4 } });
}
