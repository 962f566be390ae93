import { spawnSync } from 'child_process';
import { CfnParameter, Duration, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import {
  ContainerTestServiceOptions, PythonCiPipeline, PythonCiPipelineProps, TestService, TestServiceConfig,
} from '../../src';
import { settingsWrittenBy } from '../../src/private/delivered-files';
import { buildSpecOf, createService, createStack } from '../helpers';

const NAMES = { applicationName: 'orders' };

const bind = (service: TestService) => service.bind(createStack(), NAMES);
const container = (options: Partial<ContainerTestServiceOptions> = {}) =>
  TestService.container(options && { name: 'search-index', image: 'acme/search:1', port: 9200, ...options });

type Props = Partial<PythonCiPipelineProps>;

function settingsOf(props: Props | ((stack: Stack) => Props)): string {
  const stack = createStack();
  const service = createService(stack, { release: { rollbackAlarms: { enabled: false } } });
  new PythonCiPipeline(stack, 'Pipeline', {
    service, repository: ecr.Repository.fromRepositoryName(stack, 'Images', 'images'), ...typeof props === 'function' ? props(stack) : props,
  });
  return settingsWrittenBy(buildSpecOf(Template.fromStack(stack)).spec.phases.build.commands.join('\n'));
}

/** What the function of a service sets, as bash reads it. */
function described(settings: string, name: string): string[] {
  const { stdout } = spawnSync('bash', ['-c', `${settings}\ndescribe_service_${name}; printf '%s\\n' "$image" "$port" "$seconds" "\${environment[@]}" "\${arguments[@]}"`], { encoding: 'utf8' });
  return stdout.trimEnd().split('\n');
}

describe('PostgreSQL', () => {
  test('comes from the public gallery, keeps its data in memory, and has a password of each build', () => {
    expect(bind(TestService.postgres())).toEqual({
      name: 'postgres',
      image: 'public.ecr.aws/docker/library/postgres:17',
      port: 5432,
      command: undefined,
      environment: { POSTGRES_PASSWORD: '{password}', POSTGRES_DB: 'test', PGDATA: '/mnt/data/postgres' },
      tmpfs: ['/mnt/data'],
      healthCommand: ['pg_isready', '--host', '127.0.0.1', '--username', 'postgres'],
      variables: {
        POSTGRES_HOST: '{host}',
        POSTGRES_PORT: '{port}',
        POSTGRES_USER: 'postgres',
        POSTGRES_PASSWORD: '{password}',
        POSTGRES_DB: 'test',
        POSTGRES_URL: 'postgresql://postgres:{password}@{host}:{port}/test',
        DATABASE_URL: 'postgresql://postgres:{password}@{host}:{port}/test',
      },
      startTimeout: undefined,
    });
  });

  test('with a name has variables of that name only', () => {
    const { name, variables } = bind(TestService.postgres('16-alpine', { name: 'read-model', variables: { DSN: '{host}' } }));
    expect(name).toBe('read-model');
    expect(Object.keys(variables)).toEqual([...['HOST', 'PORT', 'USER', 'PASSWORD', 'DB', 'URL'].map((end) => `READ_MODEL_${end}`), 'DSN']);
  });

  test.each([
    ['POSTGRES_DB', "set 'databaseName'"], ['POSTGRES_USER', "the user is 'postgres': create other users in the tests"],
    ['POSTGRES_PASSWORD', 'each build generates the password: '], ['PGDATA', 'the data is in memory: remove it'], ['PGPORT', 'the tests get a free port of the build: remove it'],
  ])('cannot have the variable %s', (name, remedy) => {
    expect(() => bind(TestService.postgres('17', { environment: { [name]: '1' } })))
      .toThrow(`'testServices.postgres.environment' must not set ${name}, which the service sets itself; ${remedy}`);
  });

  test('can have another image, command, and settings', () => {
    const options = { image: 'acme/postgis:16', command: ['postgres', '-c', 'max_connections=9'], environment: { LANG: 'C' }, startTimeout: Duration.minutes(1) };
    expect(bind(TestService.postgres('16', options))).toMatchObject({
      ...options, environment: { ...options.environment, POSTGRES_PASSWORD: '{password}' },
    });
  });
});

test('Redis keeps its data in memory', () => {
  expect(bind(TestService.redis())).toMatchObject({
    name: 'redis',
    image: 'public.ecr.aws/docker/library/redis:7',
    command: ['redis-server', '--save', '', '--appendonly', 'no'],
    variables: { REDIS_HOST: '{host}', REDIS_PORT: '{port}', REDIS_URL: 'redis://{host}:{port}/0' },
  });
});

describe('any container', () => {
  test('tells the tests its host and port, and a password that it uses', () => {
    expect(bind(container()).variables).toEqual({ SEARCH_INDEX_HOST: '{host}', SEARCH_INDEX_PORT: '{port}' });
    expect(bind(container({ environment: { KEY: 'a{password}b' } })).variables).toHaveProperty('SEARCH_INDEX_PASSWORD', '{password}');
    expect(bind(container({ command: ['--key={password}'] })).variables).toHaveProperty('SEARCH_INDEX_PASSWORD', '{password}');
  });

  test.each<[Partial<ContainerTestServiceOptions>, string]>([
    [{ name: '' }, "'testServices.name' must be at most 30 lowercase letters and digits"],
    [{ name: 'a--b' }, "'testServices.name' must be at most 30 lowercase letters and digits"],
    [{ name: 'a'.repeat(31) }, "'testServices.name' must be at most 30 lowercase letters and digits"],
    [{ name: Token.asString({ Ref: 'Name' }) }, "'testServices.name' must be known at synth, got a token; "],
    [{ image: 'acme/search' }, "'testServices.search-index.image' must be an image with a tag or a digest"],
    [{ image: 'acme/search@sha256:12' }, "'testServices.search-index.image' must be an image with a tag or a digest"],
    [{ image: 'acme search:1' }, "'testServices.search-index.image' must be an image with a tag or a digest"],
    [null as never, "'testServices' must be an object with options, got null"],
    [{ environment: { 'A-B': 'c' } }, "'testServices.search-index.environment' must have names of letters, digits and underscores, got \"A-B\"; "],
    [{ variables: { URL: '{user}' } }, "'testServices.search-index.variables.URL' must contain no other placeholders than {host}, {port}, {password}, got {user}; "],
    [{ port: 65536 }, "'testServices.search-index.port' must be a whole number from 1 to 65535, got 65536; "],
    ...['acme//search:1', 'Acme/search:1', 'acme/search/:1', 'localhost:5000', 'localhost:5000/x', 'acme/se_.arch:1', '/search:1'].map((image): [Partial<ContainerTestServiceOptions>, string] => (
      [{ image }, "'testServices.search-index.image' must be an image with a tag or a digest"])),
    ...['command', 'healthCommand', 'tmpfs'].map((option): [Partial<ContainerTestServiceOptions>, string] => (
      [{ [option]: Token.asList({ Ref: 'Words' }) }, `'testServices.search-index.${option}' must be known at synth, got a token; `])),
    [{ variables: { python: '{host}' } }, "'testServices.search-index.variables' must have names of upper case letters, digits and underscores, got \"python\"; "],
    [{ environment: { TEMPLATE: '{word}' } }, 'got {word}; set a value with this text in the image, or in the tests'],
    [{ healthCommand: [] }, "'testServices.search-index.healthCommand' must not be empty, got []; remove it"],
    [{ tmpfs: ['/data:size=1'] }, "'testServices.search-index.tmpfs' must contain absolute paths in the container"],
    [{ startTimeout: Duration.seconds(4) }, "'testServices.search-index.startTimeout' must be a whole number of seconds from 5 to 600, got 4 seconds; "],
  ])('cannot have %j', (options, message) => {
    expect(() => bind(container(options))).toThrow(message);
  });

  test.each<Partial<ContainerTestServiceOptions>>([
    { name: 'a1-b2' }, { name: 'dummy-value-for-/name' }, { image: `localhost:5000/a/b@sha256:${'0a'.repeat(32)}` }, { image: Token.asString({ Ref: 'Image' }) },
    ...['redis:7.2', 'localhost/x:1', 'registry:5000/x:1', `acme/a__b.c-d:1@sha256:${'0a'.repeat(32)}`, '111111111111.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/redis:7'].map((image) => ({ image })),
    { command: [Token.asString({ Ref: 'Word' }), '{word}'] },
    { port: 1 }, { port: 65535 }, { startTimeout: Duration.minutes(10) }, { environment: { JSON: '{"a": 1}', TOKEN: Token.asString({ Ref: 'Value' }) } },
  ])('can have %j', (options) => {
    expect(() => bind(container(options))).not.toThrow();
  });
});

describe('the build', () => {
  test('has a gate and a function for its services, with values as they are', () => {
    const settings = settingsOf({
      testServices: [TestService.redis(), container({ environment: { QUOTE: "it's $HOME" }, command: ['a b'], startTimeout: Duration.minutes(5) })],
    });
    expect(settings).toContain("GATES='install services pytest bandit audit sbom image'\n");
    expect(settings).toContain("services=('redis' 'search-index')\n");
    expect(described(settings, 'redis')).toEqual(['public.ecr.aws/docker/library/redis:7', '6379', '120', 'redis-server', '--save', '', '--appendonly', 'no']);
    expect(described(settings, 'search-index')).toEqual(['acme/search:1', '9200', '300', "QUOTE=it's $HOME", 'a b']);
  });

  test('can have a port that is known at deployment', () => {
    const settings = settingsOf((stack) => ({
      testServices: [container({ port: new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber })],
    }));
    expect(settings).toContain('port=${Port}\n');
  });

  test.each([[undefined], [[]]])('has neither of them without services: %j', (testServices) => {
    expect(settingsOf({ testServices })).toBe(settingsOf({}));
    expect(settingsOf({ testServices })).not.toMatch(/\bservices\b/);
  });

  test.each<[string, Partial<PythonCiPipelineProps>, string]>([
    ['services of the same name', { testServices: [TestService.redis(), container({ name: 'redis' })] },
      "'testServices' must have different names, got \"redis\" twice; pass another 'name' to one of them [Stack/Pipeline]"],
    ['services with the same variable', { testServices: [TestService.postgres(), container({ variables: { DATABASE_URL: '{host}' } })] },
      "'testServices' must have different variables for the tests, got \"DATABASE_URL\" twice; rename one of them [Stack/Pipeline]"],
    ['a variable of the build', { testServices: [container({ variables: { IMAGE: '{host}' } })] },
      "'testServices' must not set variables that the build or 'environmentVariables' sets, got [\"IMAGE\"]; "],
    ...['UID', 'DOCKER_HOST', 'BASH_ENV', 'BASHPID', 'CODEBUILD_SRC_DIR'].map((name): [string, Partial<PythonCiPipelineProps>, string] => (
      [`the variable ${name}`, { testServices: [container({ variables: { [name]: '{host}' } })] }, `sets, got ["${name}"]; `])),
    ['a variable of the user', { testServices: [TestService.redis()], environmentVariables: { REDIS_URL: { value: 'redis://redis' } } },
      "'testServices' must not set variables that the build or 'environmentVariables' sets, got [\"REDIS_URL\"]; choose another 'name' of the service, or other 'variables' [Stack/Pipeline]"],
  ])('cannot have %s', (_what, props, message) => {
    expect(() => settingsOf(props)).toThrow(message);
  });

  test('accepts a service of your own, and checks it', () => {
    class Own extends TestService {
      constructor(private readonly config: TestServiceConfig) {
        super();
      }

      public bind(_scope: Construct): TestServiceConfig {
        return this.config;
      }
    }
    const own = { name: 'own', image: 'own:1', port: 80, variables: { OWN: '{host}' } };
    expect(described(settingsOf({ testServices: [new Own(own)] }), 'own')).toEqual(['own:1', '80', '120']);
    expect(() => settingsOf({ testServices: [new Own({ ...own, port: 0 })] })).toThrow("'testServices.own.port' must be a whole number from 1 to 65535, got 0; ");
  });
});
