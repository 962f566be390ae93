import { Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { NO_ROW } from './no-row';
import { alerts, CONNECTION, gates, Given, network, pipeline, place, PLACES, service, withSecret } from './places';
import {
  AdvisorySource, AlertChannel, BlueGreenPythonPipeline, BootstrapImage, BuildSecret, ContainerPlatform,
  DeliveryDashboard, DeliveryOutputs, DeploymentHooks, DeploymentTestListener, DockerHubCredentials, GitHost,
  Network, NetworkEgress, PipelineAlerts, PipelineSource, PythonCiPipeline, PythonProject, TestService, TrafficShift,
} from '../../../src';
import { createService, createStack, importedVpc } from '../../helpers';
import { factoryParameters, publicOptions } from '../updates/options';

/*
 * Each option and each argument of a factory, with any value in its place.
 */

/** Options that no user sets. The pattern or a choice sets them, and an implementor of a choice returns them. */
const UNCHECKED: { [struct: string]: string } = {
  ...Object.fromEntries(Object.entries(NO_ROW).filter(([name]) => /(BindOptions|Config|DeployStageFile)$/.test(name))),
  DeploymentFailures: NO_ROW.DeploymentFailures,
};

type Construction = (stack: Stack, options: object) => unknown;

const patternIn = (stack: Stack) => new BlueGreenPythonPipeline(stack, 'Orders');

/** The structs that do not reach the props of the pattern. */
const CONSTRUCTIONS: { [struct: string]: Construction } = {
  DeploymentHookFunctions: (stack, options) =>
    construct(stack, service({ release: { hooks: DeploymentHooks.fromFunctions(options) } })),
  S3SourceOptions: (stack, options) => construct(stack, pipeline({
    source: PipelineSource.s3({ bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'archives'), key: 'orders.zip', ...options }),
  })),
  NetworkAttributes: (stack, options) => Network.fromNetworkAttributes(stack, 'Imported', { vpc: importedVpc(stack, 'Vpc'), ...options }),
  ContainerPlatformProps: (stack, options) => new ContainerPlatform(stack, 'Platform', { network: new Network(stack, 'Network'), ...options }),
  ContainerPlatformAttributes: (stack, options) => {
    const { platform: { network: given, cluster, repository } } = patternIn(stack);
    return ContainerPlatform.fromContainerPlatformAttributes(stack, 'Imported', { network: given, cluster, repository, ...options });
  },
  BlueGreenServiceProps: (stack, options) => createService(stack, options),
  PythonCiPipelineProps: (stack, options) => {
    const { service: given, platform: { repository } } = patternIn(stack);
    return new PythonCiPipeline(stack, 'Pipeline', { service: given, repository, ...options });
  },
  PipelineAlertsProps: (stack, options) => new PipelineAlerts(stack, 'Alerts', {
    codePipeline: codepipeline.Pipeline.fromPipelineArn(stack, 'Pipeline', 'arn:aws:codepipeline:eu-west-1:111111111111:orders'), ...options,
  }),
  DeliveryDashboardProps: (stack, options) => {
    const { service: given, pipeline: { codePipeline, buildProject } } = patternIn(stack);
    return new DeliveryDashboard(stack, 'Dashboard', { service: given, codePipeline, buildProject, ...options });
  },
  DeliveryOutputsOptions: (stack, options) => DeliveryOutputs.addTo(stack, { ...patternIn(stack), ...options }),
  TargetGroupMetricOptions: (stack, options) => patternIn(stack).service.metricRequestCount(options),
};

export function construct(stack: Stack, given: Given): unknown {
  return new BlueGreenPythonPipeline(stack, 'Orders', typeof given === 'function' ? given(stack) : given);
}

const testListener = (port: unknown, rest: Partial<{ cidrs: unknown; group: unknown }>): Given => service({
  release: {
    testListener: 'group' in rest
      ? DeploymentTestListener.fromSecurityGroup(port as number, rest.group as never)
      : DeploymentTestListener.fromCidrs(port as number, ('cidrs' in rest ? rest.cidrs : ['10.0.0.0/16']) as string[]),
  },
});

/** The argument of a factory, in the props of the pattern, and the name that the error starts with. */
export const ARGUMENTS: { [argument: string]: [name: string, given: (value: never) => Given] } = {
  'AlertChannel.email(address)': ['channels.email', (value) => alerts({ channels: [AlertChannel.email(value)] })],
  'AlertChannel.topic(topic)': ['channels.topic', (value) => alerts({ channels: [AlertChannel.topic(value)] })],
  'AlertChannel.chatTopic(topic)': ['channels.chatTopic', (value) => alerts({ channels: [AlertChannel.chatTopic(value)] })],
  'AlertChannel.slack(options)': ['channels', (value) => alerts({ channels: [AlertChannel.slack(value)] })],
  'AlertChannel.teams(options)': ['channels', (value) => alerts({ channels: [AlertChannel.teams(value)] })],
  'AdvisorySource.pypi(options)': ['gates.advisorySource', (value) => gates({ advisorySource: AdvisorySource.pypi(value) })],
  'AdvisorySource.osv(options)': ['gates.advisorySource', (value) => gates({ advisorySource: AdvisorySource.osv(value) })],
  'DockerHubCredentials.fromParameterStore(options)': ['dockerHub', (value) => pipeline({ dockerHub: DockerHubCredentials.fromParameterStore(value) })],
  'DockerHubCredentials.fromSecret(secret)': ['dockerHub.secret', (value) => pipeline({ dockerHub: DockerHubCredentials.fromSecret(value) })],
  'DockerHubCredentials.fromSecret(options)': ['dockerHub', (value) => (stack) => pipeline({
    dockerHub: DockerHubCredentials.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Hub', 'hub'), value),
  })],
  'DockerHubCredentials.pullThroughCache(options)': ['dockerHub', (value) => pipeline({ dockerHub: DockerHubCredentials.pullThroughCache(value) })],
  'GitHost.of(commitUrl)': ['source.host', (value) => pipeline({
    source: PipelineSource.connection({ connectionArn: CONNECTION, owner: 'acme', repo: 'orders', host: GitHost.of(value) }),
  })],
  'PipelineSource.codeCommit(options)': ['source', (value) => pipeline({ source: PipelineSource.codeCommit(value) })],
  'PipelineSource.connection(options)': ['source', (value) => pipeline({ source: PipelineSource.connection(value) })],
  'PipelineSource.s3(options)': ['source', (value) => pipeline({ source: PipelineSource.s3(value) })],
  'PythonProject.pip(options)': ['python', (value) => pipeline({ python: PythonProject.pip(value) })],
  'PythonProject.uv(options)': ['python', (value) => pipeline({ python: PythonProject.uv(value) })],
  'PythonProject.poetry(options)': ['python', (value) => pipeline({ python: PythonProject.poetry(value) })],
  'PythonProject.pipenv(options)': ['python', (value) => pipeline({ python: PythonProject.pipenv(value) })],
  'BuildSecret.fromParameterStore(options)': ['python.buildSecrets.token', (value) => withSecret(BuildSecret.fromParameterStore(value))],
  'BuildSecret.fromSecret(secret)': ['python.buildSecrets.token.secret', (value) => withSecret(BuildSecret.fromSecret(value))],
  'BuildSecret.fromSecret(options)': ['python.buildSecrets.token', (value) => (stack) =>
    withSecret(BuildSecret.fromSecret(secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'token'), value))],
  'TestService.postgres(version)': ['testServices.postgres.version', (value) => pipeline({ testServices: [TestService.postgres(value)] })],
  'TestService.postgres(options)': ['testServices.postgres', (value) => pipeline({ testServices: [TestService.postgres('17', value)] })],
  'TestService.redis(version)': ['testServices.redis.version', (value) => pipeline({ testServices: [TestService.redis(value)] })],
  'TestService.redis(options)': ['testServices.redis', (value) => pipeline({ testServices: [TestService.redis('7', value)] })],
  'TestService.container(options)': ['testServices', (value) => pipeline({ testServices: [TestService.container(value)] })],
  'NetworkEgress.natGateways(count)': ['egress', (value) => network({ egress: NetworkEgress.natGateways(value) })],
  'NetworkEgress.privateEndpoints(options)': ['egress', (value) => network({ egress: NetworkEgress.privateEndpoints(value) })],
  'BootstrapImage.python(image)': ['bootstrapImage.image', (value) => service({ bootstrapImage: BootstrapImage.python(value) })],
  'BootstrapImage.fromImage(image)': ['bootstrapImage.image', (value) => service({ bootstrapImage: BootstrapImage.fromImage(value) })],
  'BootstrapImage.fromRelease(imageDigest)': ['bootstrapImage.imageDigest', (value) => service({ bootstrapImage: BootstrapImage.fromRelease(value) })],
  'DeploymentHooks.fromFunctions(functions)': ['release.hooks', (value) => service({ release: { hooks: DeploymentHooks.fromFunctions(value) } })],
  'DeploymentHooks.smokeTest(options)': ['release.hooks.smokeTest', (value) => service({ release: { hooks: DeploymentHooks.smokeTest(value) } })],
  'DeploymentHooks.all(hooks)': ['release.hooks', (value) => service({ release: { hooks: DeploymentHooks.all(value) } })],
  'DeploymentTestListener.fromCidrs(port)': ['release.testListener.port', (value) => testListener(value, {})],
  'DeploymentTestListener.fromCidrs(cidrs)': ['release.testListener.cidrs', (value) => testListener(9000, { cidrs: value })],
  'DeploymentTestListener.fromSecurityGroup(port)': ['release.testListener.port', (value) => testListener(value, { group: undefined })],
  'DeploymentTestListener.fromSecurityGroup(group)': ['release.testListener.group', (value) => testListener(9000, { group: value })],
  ...Object.fromEntries((['canary', 'linear'] as const).flatMap((shape) => [
    [`TrafficShift.${shape}(percentage)`, ['release.trafficShift.percentage', (value: never) =>
      service({ release: { trafficShift: TrafficShift[shape](value, 5 as never) } })]],
    [`TrafficShift.${shape}(interval)`, ['release.trafficShift.interval', (value: never) =>
      service({ release: { trafficShift: TrafficShift[shape](10, value) } })]],
  ])),
};

/** The constructs with one option that has the value. */
export function constructWith(stack: Stack, name: string, value: unknown): unknown {
  const [struct, member] = name.split('.');
  return struct in PLACES ? construct(stack, place(name, value)) : CONSTRUCTIONS[struct](stack, { [member]: value });
}

export function errorOf(work: (stack: Stack) => unknown, stack = createStack()): string {
  try {
    work(stack);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

/** The options that a user sets. */
export const OPTIONS = publicOptions().filter(({ name }) => !(name in UNCHECKED) && !(name.split('.')[0] in UNCHECKED));

/** The arguments of the factories, with their types. */
export const FACTORY_ARGUMENTS = factoryParameters().filter(({ factory, parameter }) => parameter !== undefined && factory !== 'DeliveryOutputs.addTo')
  .map(({ factory, parameter, type }) => [`${factory}(${parameter})`, type!] as const);
