import { Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  AdvisorySource, AdvisorySourceOptions, AlertChannel, BlueGreenPythonPipelineProps, BlueGreenServiceOptions,
  BootstrapImage, BuildSecret, CodeCommitSourceOptions, ConnectionSourceOptions, ContainerPlatformOptions,
  ContainerTestServiceOptions, DeploymentHooks, DockerHubCredentials, HealthCheckOptions, KnownTestServiceOptions,
  LoadBalancerOptions, NamingProps, NetworkEgress, NetworkOptions, OsvAdvisorySourceOptions,
  ParameterBuildSecretOptions, ParameterStoreCredentialsOptions, PartProps, PipelineAlertsOptions, PipelineSource,
  PipenvOptions, PipOptions, PoetryOptions, PostgresTestServiceOptions, PrivateEndpointsOptions,
  PullThroughCacheOptions, PythonCiPipelineOptions, PythonProject, PythonProjectOptions, QualityGateOptions,
  ReleaseOptions, RollbackAlarmOptions, ScalingOptions, SecretBuildSecretOptions, SecretCredentialsOptions,
  SlackChannelOptions, SmokeTestOptions, TeamsChannelOptions, TestService, TestServiceOptions, UvOptions,
} from '../../../src';

export type Props = BlueGreenPythonPipelineProps;

/** Props of the pattern, or a function that creates them in the stack. The same object is synthesized once. */
export type Given = Props | ((stack: Stack) => Props);

/** No option at all. */
export const PLAIN: Props = {};

export const service = (options: BlueGreenServiceOptions): Props => ({ service: options });
export const network = (options: NetworkOptions): Props => ({ network: options });
export const pipeline = (options: PythonCiPipelineOptions): Props => ({ pipeline: options });
export const gates = (options: QualityGateOptions): Props => pipeline({ gates: options });
export const alerts = (options: PipelineAlertsOptions): Props => ({ alerts: options });

export const OWN_IMAGE = BootstrapImage.fromImage(ecs.ContainerImage.fromRegistry('registry.acme.example/own'));
export const CONNECTION = 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1';

const CREDENTIALS: ParameterStoreCredentialsOptions = {
  usernameParameterName: '/hub/user', passwordParameterName: '/hub/password',
};

/** Structs whose members are options of the pattern or of one of its groups. */
export const GROUPS = {
  NamingProps: (options: NamingProps): Props => options,
  PartProps: (options: PartProps): Props => options,
  BlueGreenPythonPipelineProps: (options: Props): Props => options,
  NetworkOptions: network,
  ContainerPlatformOptions: (platform: ContainerPlatformOptions): Props => ({ platform }),
  BlueGreenServiceOptions: service,
  HealthCheckOptions: (healthCheck: HealthCheckOptions): Props => service({ healthCheck }),
  LoadBalancerOptions: (loadBalancer: LoadBalancerOptions): Props => service({ loadBalancer }),
  ReleaseOptions: (release: ReleaseOptions): Props => service({ release }),
  RollbackAlarmOptions: (rollbackAlarms: RollbackAlarmOptions): Props => service({ release: { rollbackAlarms } }),
  PythonCiPipelineOptions: pipeline,
  QualityGateOptions: gates,
  PipelineAlertsOptions: alerts,
};

/** Structs of a choice that the pattern makes by itself. */
const DEFAULT_CHOICES = {
  CodeCommitSourceOptions: (options: CodeCommitSourceOptions): Props => pipeline({
    source: PipelineSource.codeCommit(options),
  }),
  PythonProjectOptions: (options: PythonProjectOptions): Props => pipeline({ python: PythonProject.pip(options) }),
  PipOptions: (options: PipOptions): Props => pipeline({ python: PythonProject.pip(options) }),
};

const container = (options: Partial<ContainerTestServiceOptions>): Props => pipeline({
  testServices: [
    TestService.container({ name: 'search', image: 'registry.acme.example/search:1', port: 9200, ...options }),
  ],
});

export const withSecret = (token: BuildSecret): Props =>
  pipeline({ python: PythonProject.pip({ buildSecrets: { token } }) });

/** Structs that stand for a choice themselves, each with what the choice requires. */
export const CHOICES = {
  PrivateEndpointsOptions: (options: PrivateEndpointsOptions): Props => ({
    service: { bootstrapImage: OWN_IMAGE }, network: { egress: NetworkEgress.privateEndpoints(options) },
  }),
  ScalingOptions: (options: Partial<ScalingOptions>): Props => service({ scaling: { maxCapacity: 4, ...options } }),
  SmokeTestOptions: (options: Partial<SmokeTestOptions>): Props => service({
    release: { hooks: DeploymentHooks.smokeTest({ paths: ['/'], ...options }) },
  }),
  ConnectionSourceOptions: (options: Partial<ConnectionSourceOptions>): Props => pipeline({
    source: PipelineSource.connection({ connectionArn: CONNECTION, owner: 'acme', repo: 'orders', ...options }),
  }),
  UvOptions: (options: UvOptions): Props => pipeline({ python: PythonProject.uv(options) }),
  PoetryOptions: (options: PoetryOptions): Props => pipeline({ python: PythonProject.poetry(options) }),
  PipenvOptions: (options: PipenvOptions): Props => pipeline({ python: PythonProject.pipenv(options) }),
  TestServiceOptions: (options: TestServiceOptions): Props => container(options),
  ContainerTestServiceOptions: container,
  KnownTestServiceOptions: (options: KnownTestServiceOptions): Props => pipeline({
    testServices: [TestService.redis('7', options)],
  }),
  PostgresTestServiceOptions: (options: PostgresTestServiceOptions): Props => pipeline({
    testServices: [TestService.postgres('17', options)],
  }),
  ParameterBuildSecretOptions: (options: Partial<ParameterBuildSecretOptions>): Props =>
    withSecret(BuildSecret.fromParameterStore({ parameterName: '/orders/token', ...options })),
  SecretBuildSecretOptions: (options: SecretBuildSecretOptions) => (stack: Stack): Props =>
    withSecret(BuildSecret.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'token'), options)),
  AdvisorySourceOptions: (options: AdvisorySourceOptions): Props => gates({
    advisorySource: AdvisorySource.osv(options),
  }),
  OsvAdvisorySourceOptions: (options: OsvAdvisorySourceOptions): Props => gates({
    advisorySource: AdvisorySource.osv(options),
  }),
  SecretCredentialsOptions: (options: SecretCredentialsOptions) => (stack: Stack): Props => pipeline({
    dockerHub: DockerHubCredentials.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Hub', 'hub'), options),
  }),
  PullThroughCacheOptions: (options: PullThroughCacheOptions): Props => pipeline({
    dockerHub: DockerHubCredentials.pullThroughCache(options),
  }),
  ParameterStoreCredentialsOptions: (options: Partial<ParameterStoreCredentialsOptions>): Props => pipeline({
    dockerHub: DockerHubCredentials.fromParameterStore({ ...CREDENTIALS, ...options }),
  }),
  SlackChannelOptions: (options: Partial<SlackChannelOptions>): Props => alerts({
    channels: [AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP', ...options })],
  }),
  TeamsChannelOptions: (options: Partial<TeamsChannelOptions>): Props => alerts({
    channels: [AlertChannel.teams({
      teamId: '1d2c3b4a-0000-4000-8000-1234567890ab',
      tenantId: '5e6f7a8b-0000-4000-8000-1234567890ab',
      channelId: '19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2',
      ...options,
    })],
  }),
};

/** How the value of an option of each struct reaches the props of the pattern. */
export const PLACES = { ...GROUPS, ...DEFAULT_CHOICES, ...CHOICES };

/** The struct of an option such as `HealthCheckOptions.interval`. */
export function structOf(option: string): string {
  return option.split('.')[0];
}

/** The props of the pattern with this value of the option. */
export function place(option: string, value: unknown): Given {
  const [struct, member] = option.split('.');
  return placeAll(struct, { [member]: value });
}

function placeAll(struct: string, options: object): Given {
  const places = PLACES as { [name: string]: (values: object) => Given };
  return places[struct](options);
}

const bases = new Map<string, Given>();

/** The props that a change of an option of the struct starts from. */
export function baseOf(struct: string): Given {
  if (!(struct in CHOICES)) { return PLAIN; }
  const base = bases.get(struct) ?? placeAll(struct, {});
  bases.set(struct, base);
  return base;
}

/** Both, where the later ones win. Groups of options are merged, and everything else is one value. */
export function merge(one: Props, other: Props): Props {
  return mergeGroups(one, other) as Props;
}

function mergeGroups(one: unknown, other: unknown): unknown {
  if (!isGroup(one) || !isGroup(other)) { return other; }
  const merged = Object.entries(other).map(([name, value]) => [name, mergeGroups(one[name], value)]);
  return { ...one, ...Object.fromEntries(merged) };
}

function isGroup(value: unknown): value is { [name: string]: unknown } {
  // fast-check creates objects of its own realm
  return typeof value === 'object' && value !== null && [undefined, 'Object'].includes(value.constructor?.name);
}
