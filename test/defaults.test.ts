import * as fs from 'fs';
import * as path from 'path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, IDependable } from 'constructs';
import {
  AdvisorySource, AdvisorySourceOptions, AlertChannel, BlueGreenPythonPipeline, BlueGreenPythonPipelineProps,
  BlueGreenService,
  BlueGreenServiceOptions, BootstrapImage, ConnectionSourceOptions, ContainerPlatform, DeploymentHooks,
  DockerHubCredentials,
  FindingSeverity, GitHost, INetwork, LoadBalancerOptions, NetworkEgress, OsvAdvisorySourceOptions, PipelineAlerts,
  PipelineAlertsOptions,
  PipelineAlertsProps, PipelineSource, PipelineSourceBindOptions, PipelineSourceConfig, PipOptions,
  PullThroughCacheOptions,
  PythonCiPipelineOptions, PythonProject, QualityGateOptions, RequirementsInstaller,
  SecretCredentialsOptions, SmokeTestOptions, TrafficShift, UnauditedAction,
} from '../src';
import { createStack, importedVpc } from './helpers';

type Props = BlueGreenPythonPipelineProps;

/** CodeCommit, with another answer to whether the first execution finds a source. */
class OtherSource extends PipelineSource {
  constructor(private readonly firstExecutionMayFail?: boolean) {
    super();
  }

  public bind(scope: Construct, options: PipelineSourceBindOptions): PipelineSourceConfig {
    const { firstExecutionMayFail } = this;
    return { ...PipelineSource.codeCommit().bind(scope, options), firstExecutionMayFail };
  }
}

const service = (options: BlueGreenServiceOptions): Props => ({ service: options });
const balancer = (options: LoadBalancerOptions): Props => service({ loadBalancer: options });
const pipeline = (options: PythonCiPipelineOptions): Props => ({ pipeline: options });
const python = (options: PipOptions): Props => pipeline({ python: PythonProject.pip(options) });
const foundBy = (firstExecutionMayFail?: boolean): Props => pipeline({
  source: new OtherSource(firstExecutionMayFail),
});
const gates = (options: QualityGateOptions): Props => pipeline({ gates: options });
const audit = (options: AdvisorySourceOptions): Props => gates({ advisorySource: AdvisorySource.pypi(options) });
const osv = (options: OsvAdvisorySourceOptions): Props => gates({ advisorySource: AdvisorySource.osv(options) });
const alerts = (options: PipelineAlertsOptions): Props => ({ alerts: options });
// of no stack: only its ARN is looked at
const secret = secretsmanager.Secret.fromSecretCompleteArn(createStack(), 'Secret', 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:hub-123456');
const withSecret = (options: SecretCredentialsOptions): Props => pipeline({
  dockerHub: DockerHubCredentials.fromSecret(secret, options),
});
const pullThrough = (options: PullThroughCacheOptions): Props => pipeline({
  dockerHub: DockerHubCredentials.pullThroughCache(options),
});
const scaling = (options: Partial<BlueGreenServiceOptions['scaling']>): Props => service({ scaling: { maxCapacity: 4, ...options } });

// with an approval, which shows the address of the host
const connection = (options: Partial<ConnectionSourceOptions>): Props => pipeline({
  manualApproval: true,
  source: PipelineSource.connection({
    connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1', owner: 'acme', repo: 'orders', ...options,
  }),
});

// of no stack: only its ARN is looked at
const certificate = acm.Certificate.fromCertificateArn(createStack(), 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/1');
const smokeTest = (options: Partial<SmokeTestOptions>): Props => service({
  loadBalancer: { certificate: options.hostName === undefined ? undefined : certificate },
  release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'], ...options }) },
});
const released = BootstrapImage.fromRelease(`sha256:${'0'.repeat(64)}`);

const threeZones = (loadBalancerSubnets: ec2.SubnetSelection | undefined): Props => ({
  network: { maxAzs: 3, loadBalancerSubnets, taskSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: ['dummy1a', 'dummy1b'] } },
});

/**
 * Where what is documented as the default is a literal: the prop, its documented text, the default given by hand, and
 * another value.
 */
const LITERALS: [prop: string, documented: string, given: Props, other: Props, base?: Props][] = [
  ['PartProps.removalPolicy', 'RemovalPolicy.DESTROY', { removalPolicy: RemovalPolicy.DESTROY }, { removalPolicy: RemovalPolicy.RETAIN }, { removalPolicy: undefined }],
  ['BlueGreenPythonPipelineProps.outputs', 'true', { outputs: true }, { outputs: false }],
  ['BlueGreenPythonPipelineProps.dashboard', 'false', { dashboard: false }, { dashboard: true }],
  ['NetworkOptions.maxAzs', '2', { network: { maxAzs: 2 } }, { network: { maxAzs: 3 } }],
  ['NetworkOptions.logRetention', 'logs.RetentionDays.ONE_MONTH',
    {
      network: { logRetention: logs.RetentionDays.ONE_MONTH },
    }, { network: { logRetention: logs.RetentionDays.ONE_DAY } }],
  ['NetworkOptions.restrictDefaultSecurityGroup', 'false',
    { network: { restrictDefaultSecurityGroup: false } }, { network: { restrictDefaultSecurityGroup: true } }],
  ['ContainerPlatformOptions.maxImageCount', '10', { platform: { maxImageCount: 10 } }, { platform: { maxImageCount: 11 } }],
  ['ContainerPlatformOptions.containerInsights', 'ecs.ContainerInsights.ENABLED',
    { platform: { containerInsights: ecs.ContainerInsights.ENABLED } }, {
      platform: { containerInsights: ecs.ContainerInsights.DISABLED },
    }],
  ['BlueGreenServiceOptions.containerName', "'app'", service({ containerName: 'app' }), service({ containerName: 'web' })],
  ['BlueGreenServiceOptions.containerPort', '8080', service({ containerPort: 8080 }), service({ containerPort: 80 })],
  ['BlueGreenServiceOptions.cpu', '512', service({ cpu: 512 }), service({ cpu: 256 })],
  ['BlueGreenServiceOptions.memoryLimitMiB', '1024', service({ memoryLimitMiB: 1024 }), service({ memoryLimitMiB: 2048 })],
  ['BlueGreenServiceOptions.cpuArchitecture', 'ecs.CpuArchitecture.X86_64',
    service({ cpuArchitecture: ecs.CpuArchitecture.X86_64 }), service({ cpuArchitecture: ecs.CpuArchitecture.ARM64 })],
  ['BlueGreenServiceOptions.logRetention', 'logs.RetentionDays.ONE_MONTH',
    service({ logRetention: logs.RetentionDays.ONE_MONTH }), service({ logRetention: logs.RetentionDays.ONE_DAY })],
  ['BlueGreenServiceOptions.readonlyRootFilesystem', 'false', service({ readonlyRootFilesystem: false }), service({ readonlyRootFilesystem: true })],
  ['LoadBalancerOptions.internetFacing', 'true', service({ loadBalancer: { internetFacing: true } }), service({ loadBalancer: { internetFacing: false } })],
  ['LoadBalancerOptions.deregistrationDelay', 'Duration.seconds(30)',
    balancer({ deregistrationDelay: Duration.seconds(30) }), balancer({ deregistrationDelay: Duration.seconds(31) })],
  ['LoadBalancerOptions.idleTimeout', 'Duration.seconds(60)', balancer({ idleTimeout: Duration.seconds(60) }), balancer({ idleTimeout: Duration.seconds(61) })],
  ['LoadBalancerOptions.preserveHostHeader', 'false', balancer({ preserveHostHeader: false }), balancer({ preserveHostHeader: true })],
  ['ReleaseOptions.terminationWaitTime', 'Duration.minutes(5)',
    service({
      release: { terminationWaitTime: Duration.minutes(5) },
    }), service({ release: { terminationWaitTime: Duration.minutes(6) } })],
  ['RollbackAlarmOptions.enabled', 'true', service({ release: { rollbackAlarms: { enabled: true } } }), service({ release: { rollbackAlarms: { enabled: false } } })],
  ['BlueGreenServiceOptions.serviceRevision', '1', service({ bootstrapImage: released, serviceRevision: 1 }),
    service({ bootstrapImage: released, serviceRevision: 2 }), service({ bootstrapImage: released })],
  ['HealthCheckOptions.path', "'/'", service({ healthCheck: { path: '/' } }), service({ healthCheck: { path: '/health' } })],
  ['HealthCheckOptions.healthyHttpCodes', "'200'", service({ healthCheck: { healthyHttpCodes: '200' } }), service({ healthCheck: { healthyHttpCodes: '204' } })],
  ['HealthCheckOptions.interval', 'Duration.seconds(15)',
    service({
      healthCheck: { interval: Duration.seconds(15) },
    }), service({ healthCheck: { interval: Duration.seconds(16) } })],
  ['HealthCheckOptions.timeout', 'Duration.seconds(5)',
    service({
      healthCheck: { timeout: Duration.seconds(5) },
    }), service({ healthCheck: { timeout: Duration.seconds(6) } })],
  ['HealthCheckOptions.healthyThresholdCount', '5',
    service({ healthCheck: { healthyThresholdCount: 5 } }), service({ healthCheck: { healthyThresholdCount: 6 } })],
  ['HealthCheckOptions.unhealthyThresholdCount', '2',
    service({ healthCheck: { unhealthyThresholdCount: 2 } }), service({ healthCheck: { unhealthyThresholdCount: 3 } })],
  ['BlueGreenServiceOptions.enableExecuteCommand', 'false', service({ enableExecuteCommand: false }), service({ enableExecuteCommand: true })],
  ['SmokeTestOptions.healthyHttpCodes', "'200'", smokeTest({ healthyHttpCodes: '200' }), smokeTest({ healthyHttpCodes: '204' }), smokeTest({})],
  ['SmokeTestOptions.timeout', 'Duration.minutes(2)', smokeTest({ timeout: Duration.minutes(2) }), smokeTest({ timeout: Duration.minutes(3) }), smokeTest({})],
  ['RollbackAlarmOptions.suspended', 'false', service({ release: { rollbackAlarms: { suspended: false } } }), service({ release: { rollbackAlarms: { suspended: true } } })],
  ['RollbackAlarmOptions.serverErrorThreshold', '10',
    service({
      release: { rollbackAlarms: { serverErrorThreshold: 10 } },
    }), service({ release: { rollbackAlarms: { serverErrorThreshold: 11 } } })],
  ['RollbackAlarmOptions.unhealthyHostThreshold', '1',
    service({
      release: { rollbackAlarms: { unhealthyHostThreshold: 1 } },
    }), service({ release: { rollbackAlarms: { unhealthyHostThreshold: 2 } } })],
  ['ScalingOptions.minCapacity', '1', scaling({ minCapacity: 1 }), scaling({ minCapacity: 2 }), scaling({})],
  ['ScalingOptions.scaleOutCooldown', 'Duration.minutes(1)',
    scaling({
      scaleOutCooldown: Duration.minutes(1),
    }), scaling({ scaleOutCooldown: Duration.minutes(2) }), scaling({})],
  ['ScalingOptions.scaleInCooldown', 'Duration.minutes(5)',
    scaling({ scaleInCooldown: Duration.minutes(5) }), scaling({ scaleInCooldown: Duration.minutes(6) }), scaling({})],
  ['PythonCiPipelineOptions.computeType', 'codebuild.ComputeType.SMALL',
    pipeline({ computeType: codebuild.ComputeType.SMALL }), pipeline({ computeType: codebuild.ComputeType.MEDIUM })],
  ['PythonCiPipelineOptions.manualApproval', 'false', pipeline({ manualApproval: false }), pipeline({ manualApproval: true })],
  ['PythonCiPipelineOptions.logRetention', 'logs.RetentionDays.TWO_WEEKS',
    pipeline({ logRetention: logs.RetentionDays.TWO_WEEKS }), pipeline({ logRetention: logs.RetentionDays.ONE_DAY })],
  ['PythonCiPipelineOptions.artifactRetention', 'Duration.days(30)',
    pipeline({ artifactRetention: Duration.days(30) }), pipeline({ artifactRetention: Duration.days(31) })],
  ['CodeCommitSourceOptions.branch', "'main'",
    pipeline({ source: PipelineSource.codeCommit({ branch: 'main' }) }), pipeline({ source: PipelineSource.codeCommit({ branch: 'master' }) })],
  ['CodeCommitSourceOptions.fullClone', 'false',
    pipeline({
      source: PipelineSource.codeCommit({ fullClone: false }),
    }), pipeline({ source: PipelineSource.codeCommit({ fullClone: true }) })],
  ['ConnectionSourceOptions.branch', "'main'", connection({ branch: 'main' }), connection({ branch: 'master' }), connection({})],
  ['ConnectionSourceOptions.host', 'GitHost.GITHUB', connection({ host: GitHost.GITHUB }), connection({ host: GitHost.GITLAB }), connection({})],
  ['ConnectionSourceOptions.fullClone', 'false', connection({ fullClone: false }), connection({ fullClone: true }), connection({})],
  ['PythonProjectOptions.pythonVersion', "'3.9'", python({ pythonVersion: '3.9' }), python({ pythonVersion: '3.10' })],
  ['PythonProjectOptions.directory', "'.'", python({ directory: '.' }), python({ directory: 'app' })],
  ['PythonProjectOptions.dockerfile', "'Dockerfile'", python({ dockerfile: 'Dockerfile' }), python({ dockerfile: 'Containerfile' })],
  ['QualityGateOptions.requireTests', 'true', gates({ requireTests: true }), gates({ requireTests: false })],
  ['QualityGateOptions.bandit', 'true', gates({ bandit: true }), gates({ bandit: false })],
  ['QualityGateOptions.banditSeverity', 'FindingSeverity.HIGH', gates({ banditSeverity: FindingSeverity.HIGH }), gates({ banditSeverity: FindingSeverity.LOW })],
  ['QualityGateOptions.dependencyAudit', 'true', gates({ dependencyAudit: true }), gates({ dependencyAudit: false })],
  ['QualityGateOptions.imageScan', 'false', gates({ imageScan: false }), gates({ imageScan: true })],
  ['QualityGateOptions.imageScanSeverity', 'FindingSeverity.HIGH', gates({ imageScan: true, imageScanSeverity: FindingSeverity.HIGH }),
    gates({ imageScan: true, imageScanSeverity: FindingSeverity.LOW }), gates({ imageScan: true })],
  ['QualityGateOptions.sbom', 'true', gates({ sbom: true }), gates({ sbom: false })],
  ['PythonCiPipelineOptions.cache', 'true', pipeline({ cache: true }), pipeline({ cache: false })],
  ['PipOptions.installer', 'RequirementsInstaller.UV', python({ installer: RequirementsInstaller.UV }), python({ installer: RequirementsInstaller.PIP })],
  ['UvOptions.allowOutdatedLock', 'false', pipeline({ python: PythonProject.uv({ allowOutdatedLock: false }) }),
    pipeline({ python: PythonProject.uv({ allowOutdatedLock: true }) }), pipeline({ python: PythonProject.uv() })],
  ['UvOptions.uvVersion', "'0.13.9'", pipeline({ python: PythonProject.uv({ uvVersion: '0.13.9' }) }),
    pipeline({ python: PythonProject.uv({ uvVersion: '0.9.1' }) }), pipeline({ python: PythonProject.uv() })],
  ['PoetryOptions.installRoot', 'true', pipeline({ python: PythonProject.poetry({ installRoot: true }) }),
    pipeline({ python: PythonProject.poetry({ installRoot: false }) }), pipeline({ python: PythonProject.poetry() })],
  ['AdvisorySourceOptions.whenUnaudited', 'UnauditedAction.FAIL', audit({ whenUnaudited: UnauditedAction.FAIL }), audit({ whenUnaudited: UnauditedAction.WARN })],
  ['OsvAdvisorySourceOptions.url', "'https://api.osv.dev/v1/query'", osv({ url: 'https://api.osv.dev/v1/query' }), osv({ url: 'https://osv.example.com' }), osv({})],
  ['SecretCredentialsOptions.usernameField', "'username'", withSecret({ usernameField: 'username' }), withSecret({ usernameField: 'user' }), withSecret({})],
  ['SecretCredentialsOptions.passwordField', "'password'", withSecret({ passwordField: 'password' }), withSecret({ passwordField: 'token' }), withSecret({})],
  ['PullThroughCacheOptions.repositoryPrefix', "'docker-hub'", pullThrough({ repositoryPrefix: 'docker-hub' }), pullThrough({ repositoryPrefix: 'hub' }), pullThrough({})],
  ['PullThroughCacheOptions.buildArgument', "'DOCKER_HUB'", pullThrough({ buildArgument: 'DOCKER_HUB' }), pullThrough({ buildArgument: 'HUB' }), pullThrough({})],
  ['PipelineSourceConfig.firstExecutionMayFail', 'false', foundBy(false), foundBy(true), foundBy()],
  ['PipelineAlertsOptions.imageScanSeverity', 'FindingSeverity.CRITICAL',
    alerts({ imageScanSeverity: FindingSeverity.CRITICAL }), alerts({ imageScanSeverity: FindingSeverity.HIGH })],
  ['PipelineAlertsOptions.logRetention', 'logs.RetentionDays.ONE_MONTH',
    {
      alerts: { logRetention: logs.RetentionDays.ONE_MONTH },
    }, { alerts: { logRetention: logs.RetentionDays.ONE_DAY } }],
  ['PipelineAlertsOptions.keepUndelivered', 'true', { alerts: { keepUndelivered: true } }, { alerts: { keepUndelivered: false } }],
  ['PipelineAlertsOptions.failureDetails', 'true', { alerts: { failureDetails: true } }, { alerts: { failureDetails: false } }],
  ['PipelineAlertsOptions.notifyOnSuccess', 'false', { alerts: { notifyOnSuccess: false } }, { alerts: { notifyOnSuccess: true } }],
];

/** Of alerts that are composed by hand: the pattern sets it by its source. */
type Composed = [
  prop: string, text: string, given: Partial<PipelineAlertsProps>, other: Partial<PipelineAlertsProps>,
];

const COMPOSED: Composed[] = [
  ['PipelineAlertsProps.firstExecutionMayFail', 'false', { firstExecutionMayFail: false }, { firstExecutionMayFail: true }],
];

/** Where it is described in words. */
const DESCRIBED: [what: string, given: Props, other: Props, base?: Props][] = [
  ['the application name', { applicationName: 'orders', environmentSuffix: 'dev' }, { applicationName: 'other', environmentSuffix: 'dev' }, { environmentSuffix: 'dev' }],
  ['the egress', { network: { egress: NetworkEgress.natGateways(1) } }, { network: { egress: NetworkEgress.natGateways(2) } }],
  ['the availability zones', { network: { availabilityZones: ['dummy1a', 'dummy1b'] } }, { network: { availabilityZones: ['dummy1a', 'dummy1c'] } }],
  ['the flow logs', { network: { flowLogs: true } }, { network: { flowLogs: false } }],
  ['the task subnets', { network: { taskSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } } }, { network: { taskSubnets: { availabilityZones: ['dummy1a'], subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } } }],
  ['the load balancer\'s subnets', threeZones({ subnetType: ec2.SubnetType.PUBLIC }),
    threeZones({ subnetType: ec2.SubnetType.PUBLIC, availabilityZones: ['dummy1a', 'dummy1b'] }), threeZones(undefined)],
  ['the check of the certificate', smokeTest({ hostName: 'a.b', verifyCertificate: true }), smokeTest({ hostName: 'a.b', verifyCertificate: false }),
    smokeTest({ hostName: 'a.b' })],
  ['the placeholder', service({ bootstrapImage: BootstrapImage.publicPython() }), service({ bootstrapImage: BootstrapImage.fromImage(ecs.ContainerImage.fromRegistry('x')) })],
  ['the health check', service({
    healthCheck: { path: '/', interval: Duration.seconds(15), timeout: Duration.seconds(5), healthyThresholdCount: 5, unhealthyThresholdCount: 2 },
  }), service({ healthCheck: { path: '/health' } })],
  ['the grace period', service({ healthCheckGracePeriod: Duration.minutes(5) }), service({ healthCheckGracePeriod: Duration.minutes(6) })],
  ['the traffic shift', service({ release: { trafficShift: TrafficShift.canary(10, Duration.minutes(5)) } }), service({ release: { trafficShift: TrafficShift.allAtOnce() } })],
  ['the CPU target', scaling({ targetCpuUtilizationPercent: 60 }), scaling({ targetCpuUtilizationPercent: 61 }), scaling({})],
  ['the build image', pipeline({ buildImage: codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5 }), pipeline({ buildImage: codebuild.LinuxBuildImage.STANDARD_7_0 })],
  ['the source', pipeline({ source: PipelineSource.codeCommit() }), pipeline({ source: PipelineSource.codeCommit({ branch: 'x' }) })],
  ['the project', pipeline({ python: PythonProject.pip() }), pipeline({ python: PythonProject.pip({ extras: ['test'] }) })],
  ['the source of advisories', gates({ advisorySource: AdvisorySource.pypi() }), gates({ advisorySource: AdvisorySource.osv() })],
  ['the notification of image scans', alerts({ notifyOnImageScan: true }), alerts({ notifyOnImageScan: false })],
  ['the channels', { alerts: { channels: [] } }, { alerts: { channels: [AlertChannel.email('a@b')] } }],
];

function templateOf(props: Props = {}): object {
  // with a region, since a stack without one has two zones at most
  const stack = createStack({}, { env: { account: '111111111111', region: 'eu-west-1' } });
  // RETAIN spares each synthesis the function that empties the bucket, unless the policy is what it is about
  new BlueGreenPythonPipeline(stack, 'Orders', 'removalPolicy' in props ? props : { ...props, removalPolicy: RemovalPolicy.RETAIN });
  return Template.fromStack(stack).toJSON();
}

const plain = templateOf();

function expectDefault(given: Props, other: Props, base?: Props): void {
  const left = base ? templateOf(base) : plain;
  expect(templateOf(given)).toEqual(left);
  expect(templateOf(other)).not.toEqual(left);
}

test.each(LITERALS)('%s is %s when it is left out', (...[, , given, other, base]) => expectDefault(given, other, base));

test.each(DESCRIBED)('%s is as described when it is left out', (...[, given, other, base]) => expectDefault(given, other, base));

/** Members that an implementation of `INetwork` may leave out. */
const LEFT_OUT = ['assignPublicIp', 'forInspectionOnly'] as const;

class OwnNetwork extends Construct implements INetwork {
  public readonly taskSubnets = { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
  public readonly loadBalancerSubnets = { subnetType: ec2.SubnetType.PUBLIC };
  public readonly internetAccess = false;
  public readonly egressEstablished: IDependable = this;
  public readonly vpc = importedVpc(Stack.of(this));
  public readonly assignPublicIp?: boolean;
  public readonly forInspectionOnly?: boolean;

  constructor(scope: Construct, members: Partial<INetwork>) {
    super(scope, 'Network');
    Object.assign(this, members);
  }

  public requireEndpoint(): void {}
}

function templateIn(members: Partial<INetwork>): object {
  const stack = createStack();
  const platform = new ContainerPlatform(stack, 'Platform', { network: new OwnNetwork(stack, members) });
  const bootstrapImage = BootstrapImage.fromImage(ecs.ContainerImage.fromEcrRepository(platform.repository));
  new BlueGreenService(stack, 'Service', { platform, bootstrapImage, removalPolicy: RemovalPolicy.RETAIN });
  return Template.fromStack(stack).toJSON();
}

test.each(LEFT_OUT)('INetwork.%s is false when it is left out', (member) => {
  const left = templateIn({});
  expect(templateIn({ [member]: false })).toEqual(left);
  expect(templateIn({ [member]: true })).not.toEqual(left);
});

test.each(COMPOSED)('%s is %s when it is left out', (_prop, _text, given, other) => {
  const composed = (props: Partial<PipelineAlertsProps>) => {
    const stack = createStack();
    const codePipeline = codepipeline.Pipeline.fromPipelineArn(stack, 'Pipeline', 'arn:aws:codepipeline:eu-west-1:111111111111:orders');
    new PipelineAlerts(stack, 'Alerts', { codePipeline, ...props });
    return Template.fromStack(stack).toJSON();
  };
  expect(composed(given)).toEqual(composed({}));
  expect(composed(other)).not.toEqual(composed({}));
});

test('the documentation names these literals and no other', () => {
  const documented = sourceFiles().flatMap((file) => {
    const source = fs.readFileSync(file, 'utf8');
    return [...source.matchAll(/export interface (\w+)[^{]*\{(.*?)\n\}/gs)].flatMap(([, name, body]) =>
      [...body.matchAll(/@default (?!- )(.+)\n(?:   \*.*\n)*   \*\/\n  readonly (\w+)\?/g)].map(([, text, prop]) => `${name}.${prop} ${text}`));
  });
  const tested = [...[...LITERALS, ...COMPOSED].map(([prop, text]) => `${prop} ${text}`), ...LEFT_OUT.map((member) => `INetwork.${member} false`)];
  expect(documented.sort()).toEqual(tested.sort());
});

// API.md would show a bare word or 3.9 as a type or a number
test('a default that is a string is documented in quotation marks', () => {
  const expression = /^('[^']+'|true|false|\d+|(\w+\.)?[A-Z]\w*\.\w+(\(\d+\))?)$/;
  expect(LITERALS.filter(([, text]) => !expression.test(text)).map(([prop]) => prop)).toEqual([]);
});

test('every optional prop documents its default', () => {
  const missing = sourceFiles().filter((file) => !file.includes('/private/')).flatMap((file) =>
    [...fs.readFileSync(file, 'utf8').matchAll(/(\/\*\*(?:(?!\*\/)[^])*\*\/\s*)?\n  readonly (\w+)\?:/g)]
      .filter(([, doc]) => !doc?.includes('@default'))
      .map(([, , prop]) => `${path.basename(file)} ${prop}`));
  expect(missing).toEqual([]);
});

function sourceFiles(): string[] {
  const root = path.join(__dirname, '..', 'src');
  return fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => path.join(root, name));
}
