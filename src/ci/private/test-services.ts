import { Duration, Token, Tokenization } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { BindOptions } from '../../bind-options';
import { describeName, fail, show } from '../../private/errors';
import { isUnknown } from '../../private/unknown-values';
import { requireDuration, requireInteger, requirePattern, requireText } from '../../private/validation';
import { TestServiceConfig } from '../test-service-options';
import { list, quote, shellFunction } from './shell';

/** Names of services, which are also parts of the names of variables and containers. */
export const TEST_SERVICE_NAME = /^(?=.{1,30}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const DEFAULT_TIMEOUT = Duration.seconds(120);

/** Variables of the tests that the build, the shell, or the tools set. */
const TAKEN = [
  'PATH', 'HOME', 'PWD', 'OLDPWD', 'VIRTUAL_ENV', 'PYTEST_ADDOPTS', 'JUNIT_REPORT', 'COVERAGE_REPORT', 'LD_PRELOAD', 'LD_LIBRARY_PATH', 'PYTHONHOME', 'PYTHONPATH',
  'IFS', 'ENV', 'UID', 'EUID', 'GROUPS', 'PPID', 'SHELLOPTS', 'SECONDS', 'RANDOM', 'LINENO', 'FUNCNAME', 'DIRSTACK', 'PIPESTATUS',
];

/** The starts of names of further variables that are taken. */
const TAKEN_PREFIXES = /^(DOCKER|BASH|CODEBUILD)(_|OPTS|PID|$)/;

/** A registry with a dot or a port, a name, and a tag or a digest. A host with a port is no image with a tag. */
const IMAGE = (() => {
  const registry = '(localhost(:\\d+)?|[A-Za-z0-9-]+:\\d+|[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+(:\\d+)?)';
  const component = '[a-z0-9]+((\\.|_{1,2}|-+)[a-z0-9]+)*';
  const digest = '@sha256:[0-9a-f]{64}';
  return new RegExp(`^(?!localhost(:[^/]*|@.*)$)(${registry}/)?${component}(/${component})*(:\\w[\\w.-]{0,127}(${digest})?|${digest})$`);
})();

/** The start of the names of a service's variables. */
export function variablePrefix(name: string): string {
  return name.toUpperCase().replace(/-/g, '_');
}

/** Fails for a service that the build could not start, or could not describe to the tests. */
export function requireService(scope: IConstruct, prop: string, service: TestServiceConfig): void {
  const { name, image, port, environment = {}, command, healthCommand, tmpfs, variables, startTimeout } = service;
  requireName(scope, name);
  requireKnownLists(scope, prop, { command, healthCommand, tmpfs });
  requirePattern(scope, `${prop}.image`, image, IMAGE, "be an image with a tag or a digest, such as 'public.ecr.aws/docker/library/rabbitmq:4'");
  requireInteger(scope, `${prop}.port`, port, { min: 1, max: 65535, remedy: 'pass the port that the service listens on in its container' });
  requireDuration(scope, `${prop}.startTimeout`, startTimeout, { unit: 'seconds', min: 5, max: 600, remedy: 'a service that needs longer delays each build: use a smaller image' });
  requireVariableNames(scope, `${prop}.environment`, environment, /^[A-Za-z_][A-Za-z0-9_]*$/, 'letters, digits and underscores');
  // a name that CDK looks up is no part of a variable yet; the program of the build has variables in lower case
  if (!isUnknown(name)) { requireVariableNames(scope, `${prop}.variables`, variables, /^[A-Z_][A-Z0-9_]*$/, 'upper case letters, digits and underscores'); }
  requirePlaceholders(scope, `${prop}.environment`, environment, ['password']);
  requirePlaceholders(scope, `${prop}.variables`, variables, ['host', 'port', 'password']);
  Object.entries({ command, healthCommand }).filter(([, words]) => words?.length === 0)
    .forEach(([option]) => fail(scope, `'${prop}.${option}' must not be empty, got []; remove it to use the default`));
  requireText(scope, `${prop}.healthCommand`, healthCommand?.[0], 'pass the name of a program in the image');
  tmpfs?.forEach((directory) => requirePattern(scope, `${prop}.tmpfs`, directory, /^\/[^:,\s]+$/, "contain absolute paths in the container, such as '/data'"));
}

/** The name is part of a function of the shell, so it must be known. */
function requireName(scope: IConstruct, name: string): void {
  if (Token.isUnresolved(name)) {
    fail(scope, "'testServices.name' must be known at synth, got a token; the names of variables start with it: pass a plain string");
  }
  requirePattern(scope, 'testServices.name', name, TEST_SERVICE_NAME,
    "be at most 30 lowercase letters and digits that start with a letter, with single hyphens between them, such as 'search'");
}

/** The lists become arrays of the shell, so their lengths must be known. */
function requireKnownLists(
  scope: IConstruct, prop: string, lists: { [option: string]: string[] | undefined },
): void {
  for (const [option, values] of Object.entries(lists)) {
    if (values !== undefined && Token.isUnresolved(values)) {
      fail(scope, `'${prop}.${option}' must be known at synth, got a token; pass a list of strings, which may be tokens themselves`);
    }
  }
}

function requireVariableNames(
  scope: IConstruct, prop: string, variables: { [name: string]: string }, pattern: RegExp, what: string,
): void {
  const wrong = Object.keys(variables).filter((name) => !pattern.test(name));
  if (wrong.length > 0) {
    fail(scope, `'${prop}' must have names of ${what}, got ${wrong.map(describeName).join(', ')}; rename them`);
  }
}

function requirePlaceholders(
  scope: IConstruct, prop: string, variables: { [name: string]: string }, known: string[],
): void {
  for (const [name, value] of Object.entries(variables)) {
    const [unknown] = isUnknown(value) ? [] : [...value.matchAll(/\{([a-z]+)\}/g)].map(([, found]) => found).filter((found) => !known.includes(found));
    if (unknown !== undefined) {
      fail(scope, `'${prop}.${name}' must contain no other placeholders than ${known.map((each) => `{${each}}`).join(', ')}, got {${unknown}}; set a value with this text in the image, or in the tests`);
    }
  }
}

/** The part of a service that is used here: the class itself uses this file. */
interface Bindable {
  bind(scope: Construct, options: BindOptions): TestServiceConfig;
}

/** Binds the services. Fails if two of them have the same name, or set the same variable of the tests. */
export function bindTestServices(
  scope: Construct, services: Bindable[], options: BindOptions, reserved: string[],
): TestServiceConfig[] {
  const configs = services.map((service) => service.bind(scope, options));
  configs.forEach((config) => requireService(scope, `testServices.${config.name}`, config));
  requireUnique(scope, configs.map(({ name }) => name), 'names', "pass another 'name' to one of them");
  const variables = configs.flatMap((config) => Object.keys(config.variables));
  requireUnique(scope, variables, 'variables for the tests', 'rename one of them');
  const taken = variables.filter((name) => [...TAKEN, ...reserved].includes(name) || TAKEN_PREFIXES.test(name));
  if (taken.length > 0) {
    fail(scope, `'testServices' must not set variables that the build or 'environmentVariables' sets, got ${show(taken)}; choose another 'name' of the service, or other 'variables'`);
  }
  return configs;
}

function requireUnique(scope: IConstruct, values: string[], what: string, remedy: string): void {
  const twice = values.filter((value, index) => values.indexOf(value) !== index);
  if (twice.length > 0) {
    fail(scope, `'testServices' must have different ${what}, got ${show(twice[0])} twice; ${remedy}`);
  }
}

/** The settings of the program: the names of the services, and a function with the settings of each. */
export function renderServices(services: TestServiceConfig[]): string[] {
  if (services.length === 0) { return []; }
  return [list('services', services.map(({ name }) => name)), ...services.flatMap(renderService)];
}

function renderService({
  name, image, port, environment = {}, command = [], healthCommand = [], tmpfs = [], variables,
  startTimeout = DEFAULT_TIMEOUT,
}: TestServiceConfig): string[] {
  return shellFunction(`describe_service_${name}`, [
    `image=${quote(image)}`,
    `port=${Tokenization.stringifyNumber(port)}`,
    list('environment', pairs(environment)),
    list('arguments', command),
    list('health', healthCommand),
    list('tmpfs', tmpfs),
    list('variables', pairs(variables)),
    `seconds=${Tokenization.stringifyNumber(startTimeout.toSeconds())}`,
  ]);
}

function pairs(variables: { [name: string]: string }): string[] {
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}
