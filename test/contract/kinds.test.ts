import { AlertChannel, PipelineSource, PythonProject } from '../../src';
import { ARGUMENTS, construct, constructWith, errorOf, FACTORY_ARGUMENTS, OPTIONS } from './options/constructions';
import { alerts, CONNECTION, Given, pipeline, service } from './options/places';

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

/** Options and arguments whose values may be confidential, also if they are of a wrong class. */
const CONFIDENTIAL = /^DockerHub|^BuildSecret\.|^(Pull|Parameter|Secret)\w+Options\.\w+(Name|Field)$|^AdvisorySource\.|\.(encryptionKey|environment|secrets|environmentVariables|buildArguments|buildSecrets|field|variables|command|entryPoint|containerHealthCheck|dockerHub|source|certificate|installCommands|testCommand|extraTestPackages|indexUrl|url)$/;

/** The errors that do not name the option and the construct, or that contain the inside of a value. */
function faultsOf(option: string, pattern: RegExp, errors: string[]): string[] {
  const forbidden = CONFIDENTIAL.test(option) ? [INSIDE, '=>', SECRET] : [INSIDE, '=>'];
  return errors.filter((error) => !pattern.test(error) || !/ \[Stack(\/[\w/]+)?\]$/.test(error)
    || forbidden.some((text) => error.includes(text)));
}

test.each(OPTIONS.map(({ name, type }) => [name, type] as const))('%s must be of type %s', (name, type) => {
  const [, member] = name.split('.');
  const pattern = new RegExp(`^'([\\w.]+\\.)?${member}(\\[0\\]|\\.NAME)?' must `);
  const errors = wrongValues(type).map((value) => errorOf((stack) => constructWith(stack, name, value)));
  expect(faultsOf(name, pattern, errors)).toEqual([]);
});

test.each([...FACTORY_ARGUMENTS, ['GitHost.of(commitUrl)', 'string'] as const])('the argument of %s must be of type %s', (argument, type) => {
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
