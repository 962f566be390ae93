import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as fc from 'fast-check';
import { Subject } from './findings';
import { synthesize } from './subjects';
import {
  AlertChannel, BlueGreenPythonPipeline, BlueGreenPythonPipelineProps, BlueGreenServiceOptions, BootstrapImage,
  DeploymentHooks,
  DeploymentTestListener, DockerHubCredentials, NetworkEgress, NetworkOptions, PipelineSource, PythonCiPipelineOptions,
  PythonProject, TrafficShift,
} from '../../../src';
import { importedVpc } from '../../helpers';
import { decideAboutSpread } from '../../integ/decisions';

/** The same templates every time. */
const SEED = 20_240_607;
const TEMPLATES = 12;

type Made<T> = (stack: Stack) => T;

const CERTIFICATE = 'arn:aws:acm:eu-west-1:111111111111:certificate/11111111-1111-1111-1111-111111111111';
const CONNECTION = {
  connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1a2b3c4d-5678-90ab-cdef-111111111111', owner: 'acme', repo: 'orders',
};
const RELEASED = BootstrapImage.fromRelease(`sha256:${'0'.repeat(64)}`);

const PUBLIC_TASKS = NetworkEgress.publicTasks();

const NETWORKS: Made<NetworkOptions>[] = [
  () => ({}),
  () => ({ egress: NetworkEgress.natGateways(2), restrictDefaultSecurityGroup: true }),
  () => ({ egress: NetworkEgress.privateEndpoints() }),
  () => ({ flowLogs: false }),
  (stack) => ({ vpc: importedVpc(stack), flowLogs: true }),
  () => ({ egress: PUBLIC_TASKS }),
];

const HTTPS: Made<BlueGreenServiceOptions>[] = [
  () => ({}),
  (stack) => ({ loadBalancer: { certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE) } }),
  (stack) => ({
    loadBalancer: {
      domainName: 'orders.example.com',
      hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1111111111111', zoneName: 'example.com' }),
    },
  }),
];

const CONTAINERS: Made<BlueGreenServiceOptions>[] = [
  () => ({}),
  () => ({ user: '10001', readonlyRootFilesystem: true, environment: { STAGE: 'trial' } }),
  () => ({ enableExecuteCommand: true, cpuArchitecture: ecs.CpuArchitecture.ARM64 }),
  (stack) => ({ secrets: { TOKEN: ecs.Secret.fromSecretsManager(secretsmanager.Secret.fromSecretNameV2(stack, 'Secret', 'orders')) } }),
];

const RELEASES: Made<BlueGreenServiceOptions>[] = [
  () => ({}),
  () => ({ release: { hooks: DeploymentHooks.smokeTest({ paths: ['/health'] }) } }),
  () => ({ release: { testListener: DeploymentTestListener.fromCidrs(9000, ['10.0.0.0/16']), trafficShift: TrafficShift.linear(25, Duration.minutes(2)) } }),
  () => ({
    scaling: { maxCapacity: 4, targetRequestsPerMinute: 600 },
    release: {
      rollbackAlarms: { enabled: false },
    },
  }),
];

const SOURCES: Made<PipelineSource>[] = [
  () => PipelineSource.codeCommit(),
  () => PipelineSource.connection(CONNECTION),
  () => PipelineSource.connection({ ...CONNECTION, fullClone: true, filePaths: ['orders/**'] }),
  (stack) => PipelineSource.s3({ bucket: s3.Bucket.fromBucketName(stack, 'Archives', 'archives'), key: 'orders.zip' }),
];

const BUILDS: Made<PythonCiPipelineOptions>[] = [
  () => ({}),
  () => ({ python: PythonProject.uv({ pythonVersion: '3.13' }), gates: { imageScan: true } }),
  (stack) => ({ dockerHub: DockerHubCredentials.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Hub', 'hub')), manualApproval: true }),
  () => ({ dockerHub: DockerHubCredentials.pullThroughCache(), python: PythonProject.poetry({ pythonVersion: '3.12' }), cache: false }),
];

const choices = fc.record({
  network: fc.constantFrom(...NETWORKS),
  https: fc.constantFrom(...HTTPS),
  container: fc.constantFrom(...CONTAINERS),
  release: fc.constantFrom(...RELEASES),
  source: fc.constantFrom(...SOURCES),
  build: fc.constantFrom(...BUILDS),
  ownKey: fc.boolean(),
  internal: fc.boolean(),
  retain: fc.boolean(),
  named: fc.boolean(),
  dashboard: fc.boolean(),
});

type Choices = typeof choices extends fc.Arbitrary<infer T> ? T : never;

/** A spread of valid options, each in an app of its own. What stands beside the pattern is not judged. */
export function spreadSubjects(directory: string): Subject[] {
  return fc.sample(choices, { seed: SEED, numRuns: TEMPLATES }).map((choice, index) => synthesize(`spread-${index + 1}`, directory, {}, (app) => {
    const stack = new Stack(app, `Spread${index + 1}`);
    decideAboutSpread(new BlueGreenPythonPipeline(stack, 'Orders', propsOf(stack, choice)));
    return stack;
  }, (path) => path.startsWith('Orders/')));
}

function propsOf(stack: Stack, choice: Choices): BlueGreenPythonPipelineProps {
  const encryptionKey = choice.ownKey ? new kms.Key(stack, 'Key', { enableKeyRotation: true }) : undefined;
  const network = choice.network(stack);
  // a smoke test gets no public address
  const release = network.egress === PUBLIC_TASKS ? RELEASES[0] : choice.release;
  return {
    environmentSuffix: choice.named ? 'trial' : undefined,
    removalPolicy: choice.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    network,
    platform: { encryptionKey },
    service: {
      ...choice.https(stack),
      ...choice.container(stack),
      ...release(stack),
      encryptionKey,
      bootstrapImage: network.egress ? RELEASED : undefined,
      loadBalancer: { internetFacing: !choice.internal },
    },
    pipeline: { ...choice.build(stack), source: choice.source(stack), encryptionKey },
    alerts: {
      channels: [
        AlertChannel.email('devops@example.com'),
        ...(choice.dashboard ? [AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP' })] : []),
      ],
      encryptionKey,
    },
    dashboard: choice.dashboard,
  };
}
