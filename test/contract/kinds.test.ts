import { Stack } from 'aws-cdk-lib';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import {
  AdvisorySource, AlertChannel, BlueGreenPythonPipeline, BootstrapImage, ContainerPlatform, DeliveryDashboard,
  DeliveryOutputs, DeploymentHooks, DeploymentTestListener, DockerHubCredentials, GitHost, Network, NetworkEgress,
  PipelineAlerts, PipelineSource, PythonCiPipeline, PythonProject, TrafficShift,
} from '../../src';
import { createService, createStack, importedVpc } from '../helpers';
import { NO_ROW } from './options/no-row';
import { alerts, CONNECTION, gates, Given, network, pipeline, place, PLACES, service } from './options/places';
import { factoryParameters, publicOptions } from './updates/options';

/*
 * Every option and every argument of a factory, given a value of a wrong class: the error must start with the name of
 * the option, and end with the construct path. TypeScript rejects such values, but JavaScript and casts do not.
 */

/** A string that no error about a confidential option contains. */
const SECRET = 'hunter2';

/** What an object contains, which appears in no error. */
const INSIDE = 'inside of a thing';

/** A class that no option accepts. Its instances contain themselves. */
class Thing {
  public readonly inside = INSIDE;
  public readonly itself = this;
}

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

function construct(stack: Stack, given: Given): unknown {
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
const ARGUMENTS: { [argument: string]: [name: string, given: (value: never) => Given] } = {
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

/** Values of a wrong class for a type as the source writes it. */
function wrongValues(type: string): unknown[] {
  const [, item] = /^(.+)\[\]$/.exec(type) ?? /^\{ \[name: string\]: (.+) \}$/.exec(type) ?? [];
  if (item !== undefined) {
    const whole = [SECRET, 4.5, null, new Thing()];
    return type.endsWith('[]')
      ? [...whole, {}, ...wrongValues(item).map((value) => [value])]
      : [...whole, [], ...wrongValues(item).map((value) => ({ NAME: value }))];
  }
  const others = [new Thing(), [], null];
  switch (type) {
    case 'string': return [...others, {}, 4.5, true];
    case 'number': return [...others, {}, SECRET, true];
    case 'boolean': return [...others, {}, SECRET, 4.5];
    default: return [...others, ...type.endsWith('Options') || GROUPS.includes(type) ? [] : [{}], SECRET, 4.5, () => SECRET];
  }
}

/** Structs by another name than `...Options`. */
const GROUPS = ['ec2.SubnetSelection', 'ecs.HealthCheck', 'DeploymentHookFunctions'];

/** URLs that a user may have at hand for an option. The path of a webhook is a secret. */
const SECRET_URLS = [`https://hooks.slack.com/services/T0/B0/${SECRET}`, `https://orders:${SECRET}@git.example.com/acme/orders.git`];

function errorOf(work: (stack: Stack) => unknown): string {
  try {
    work(createStack());
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

/** Options and arguments whose values may be confidential, also if they are of a wrong class. */
const CONFIDENTIAL = /^DockerHub|^(Pull|Parameter|Secret)\w+Options\.\w+(Name|Field)$|^AdvisorySource\.|\.(encryptionKey|environment|secrets|environmentVariables|buildArguments|command|entryPoint|containerHealthCheck|dockerHub|source|certificate|installCommands|testCommand|extraTestPackages|indexUrl|url)$/;

/** The errors that do not name the option and the construct, or that contain the inside of a value. */
function faultsOf(option: string, pattern: RegExp, errors: string[]): string[] {
  const forbidden = CONFIDENTIAL.test(option) ? [INSIDE, '=>', SECRET] : [INSIDE, '=>'];
  return errors.filter((error) => !pattern.test(error) || !/ \[Stack(\/[\w/]+)?\]$/.test(error)
    || forbidden.some((text) => error.includes(text)));
}

const options = publicOptions().filter(({ name }) => !(name in UNCHECKED) && !(name.split('.')[0] in UNCHECKED));

test.each(options.map(({ name, type }) => [name, type] as const))('%s must be of type %s', (name, type) => {
  const [struct, member] = name.split('.');
  const work = (stack: Stack, value: unknown) => struct in PLACES
    ? construct(stack, place(name, value))
    : CONSTRUCTIONS[struct](stack, { [member]: value });
  const pattern = new RegExp(`^'([\\w.]+\\.)?${member}(\\[0\\]|\\.NAME)?' must `);
  const errors = wrongValues(type).map((value) => errorOf((stack) => work(stack, value)));
  expect(faultsOf(name, pattern, errors)).toEqual([]);
});

const parameters = factoryParameters().filter(({ factory, parameter }) => parameter !== undefined && factory !== 'DeliveryOutputs.addTo')
  .map(({ factory, parameter, type }) => [`${factory}(${parameter})`, type!] as const);

test.each([...parameters, ['GitHost.of(commitUrl)', 'string'] as const])('the argument of %s must be of type %s', (argument, type) => {
  const [name, given] = ARGUMENTS[argument];
  const pattern = new RegExp(`^'${name.replaceAll('.', '\\.')}(\\[0\\])?' must `);
  const errors = wrongValues(type).map((value) => errorOf((stack) => construct(stack, given(value as never))));
  expect(faultsOf(argument, pattern, errors)).toEqual([]);
});

test.each<[string, Given]>([
  ['a variable', service({ environment: { [`PASSWORD=${SECRET}`]: '' } })],
  ['a build argument', pipeline({ python: PythonProject.uv({ buildArguments: { [`PASSWORD=${SECRET}`]: '' } }) })],
])('the value that the name of %s contains does not appear in the error', (_what, given) => {
  const error = errorOf((stack) => construct(stack, given));
  expect(error).toContain('got "PASSWORD=..."');
  expect(error).not.toContain(SECRET);
});

test.each<[string, (url: never) => Given]>([
  ['a channel', (url) => alerts({ channels: [url] })],
  ['an email address', (url) => alerts({ channels: [AlertChannel.email(url)] })],
  ['the options of a chat', (url) => alerts({ channels: [AlertChannel.teams(url)] })],
  ['the id of a chat', (url) => alerts({ channels: [AlertChannel.slack({ workspaceId: url, channelId: 'C07EA123LEP' })] })],
  ['the options of a source', (url) => pipeline({ source: PipelineSource.connection(url) })],
  ['the owner of a repository', (url) => pipeline({ source: PipelineSource.connection({ connectionArn: CONNECTION, owner: url, repo: 'orders' }) })],
  ['a branch', (url) => pipeline({ source: PipelineSource.codeCommit({ branch: url }) })],
  ['a repository', (url) => pipeline({ source: PipelineSource.codeCommit({ repository: url }) })],
  ['a directory', (url) => pipeline({ source: PipelineSource.codeCommit({ seedDirectory: url }) })],
])('%s that is a URL does not appear in the error', (_what, given) => {
  const errors = SECRET_URLS.map((url) => errorOf((stack) => construct(stack, given(url as never))));
  expect(errors.filter((error) => !/ must .*got a (URL|string)\b/.test(error) || error.includes(SECRET))).toEqual([]);
});
