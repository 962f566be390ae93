import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { baseOf, CHOICES, gates, PLAIN, Props } from './places';
import { OptionRow, Row } from './row';
import { key } from './values';
import { AdvisorySource, BuildSecret, FindingSeverity, RequirementsInstaller, UnauditedAction } from '../../../src';

const EFFECT = 'in place: build project';
const WITH_POLICY = "in place: build project, build's role's policy";

const outside = (prop: string, path: string) =>
  `'python.${prop}' must be a relative path without '..', got ${JSON.stringify(path)}; the build can use only files of the repository: pass a path in it [Stack/Orders/Pipeline]`;
const windows = (prop: string, path: string) =>
  `'python.${prop}' must not contain a backslash, got ${JSON.stringify(path)}; use forward slashes, also if you synthesize on Windows [Stack/Orders/Pipeline]`;
const notAFlag = (gate: string, remedy: string) =>
  `'gates.${gate}' must be true or false, got "false"; ${remedy} [Stack/Orders/Pipeline]`;

const PROJECT: (OptionRow | Row)[] = [
  {
    option: 'PythonProjectOptions.pythonVersion',
    other: '3.12',
    bad: [['3.12.1', "'python.pythonVersion' must be a version such as '3.12', without a patch level, got \"3.12.1\" [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'PythonProjectOptions.directory',
    default: "'.'",
    other: 'app',
    bad: [
      ['../other', outside('directory', '../other')],
      ['services\\orders', windows('directory', 'services\\orders')],
      ['C:/services', outside('directory', 'C:/services')],
    ],
    effect: EFFECT,
  },
  {
    option: 'PythonProjectOptions.testDirectory',
    other: 'tests',
    bad: [['unit\\tests', windows('testDirectory', 'unit\\tests')], [' ', "'python.testDirectory' must not be empty, got \" \"; pass a path in the repository [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'PythonProjectOptions.dockerfile',
    default: "'Dockerfile'",
    other: 'Containerfile',
    bad: [['/Dockerfile', outside('dockerfile', '/Dockerfile')], ['C:\\Dockerfile', windows('dockerfile', 'C:\\Dockerfile')]],
    effect: EFFECT,
  },
  {
    option: 'PythonProjectOptions.imageContext',
    other: 'images',
    bad: [['..', outside('imageContext', '..')], ['..\\x', windows('imageContext', '..\\x')]],
    effect: EFFECT,
  },
  {
    option: 'PythonProjectOptions.buildArguments',
    other: { A: 'b' },
    bad: [[{ 'A B': 'c' },
      "'python.buildArguments' must have names of letters, digits and underscores, got \"A B\"; rename them here and in the Dockerfile [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'PythonProjectOptions.imageTarget',
    other: 'production',
    bad: [['a stage', "'python.imageTarget' must be the name of a stage of the Dockerfile, such as 'production' of 'FROM base AS production', got \"a stage\" [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'PythonProjectOptions.buildSecrets',
    other: { token: BuildSecret.fromParameterStore({ parameterName: '/orders/token' }) },
    change: 'none to `BuildSecret.fromParameterStore(...)`',
    bad: [[{ 'a,b': BuildSecret.fromParameterStore({ parameterName: '/orders/token' }) },
      "'python.buildSecrets' must have ids of at most 100 letters, digits, underscores, hyphens, and dots, got \"a,b\"; rename them here and in the Dockerfile [Stack/Orders/Pipeline]"]],
    effect: WITH_POLICY,
  },
  ['PythonProjectOptions.buildSecrets', 'none to `BuildSecret.fromSecret(...)`', PLAIN, baseOf('SecretBuildSecretOptions')],
  {
    option: 'PythonProjectOptions.extras',
    other: ['test'],
    bad: [[[''], "'python.extras' must not be empty, got \"\"; remove the empty entry [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'PythonProjectOptions.groups',
    other: ['dev'],
    bad: [[[''], "'python.groups' must not be empty, got \"\"; remove the empty entry [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'PythonProjectOptions.extraTestPackages',
    other: ['pytest-mock'],
    effect: EFFECT,
  },
  {
    option: 'PythonProjectOptions.indexUrl',
    other: 'https://pypi.example.com/simple',
    change: 'none to one',
    bad: [['https://user:password@pypi.example.com/simple', "'python.indexUrl' must be a URL with a host and without credentials, such as "
      + "'https://pypi.example.com/simple', got a string [Stack/Orders/Pipeline]"],
    ['https:///simple', /^'python.indexUrl' must be a URL with a host .*, got "https:\/\/\/simple" \[Stack\/Orders\/Pipeline\]$/]],
    effect: EFFECT,
  },
  {
    option: 'PipOptions.requirementsFiles',
    other: ['requirements.txt'],
    bad: [
      [[], "'python.requirementsFiles' must not be empty, got []; remove it to use the default [Stack/Orders/Pipeline]"],
      [['../r.txt'], outside('requirementsFiles', '../r.txt')],
      [['requirements\\web.txt'], windows('requirementsFiles', 'requirements\\web.txt')],
    ],
    effect: EFFECT,
  },
  {
    option: 'PipOptions.testRequirementsFiles',
    other: ['tests.txt'],
    bad: [
      [['/r.txt'], outside('testRequirementsFiles', '/r.txt')],
      [['requirements\\test.txt'], windows('testRequirementsFiles', 'requirements\\test.txt')],
    ],
    effect: EFFECT,
  },
  {
    option: 'PipOptions.installer',
    default: 'RequirementsInstaller.UV',
    other: RequirementsInstaller.PIP,
    effect: EFFECT,
  },
  {
    option: 'UvOptions.allowOutdatedLock',
    default: 'false',
    other: true,
    effect: EFFECT,
  },
  {
    option: 'UvOptions.uvVersion',
    default: "'0.13.9'",
    other: '0.9.1',
    change: 'another one',
    bad: [['latest', "'python.uvVersion' must be a version of digits and dots, such as '0.13.9', got \"latest\" [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'PoetryOptions.poetryVersion',
    other: '2.1.3',
    bad: [['^2', "'python.poetryVersion' must be a version of digits and dots, such as '2.1.3', got \"^2\" [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'PoetryOptions.installRoot',
    default: 'true',
    other: false,
    effect: EFFECT,
  },
  {
    option: 'PipenvOptions.pipenvVersion',
    default: "'2026.10.3'",
    other: '2025.0.4',
    change: 'another one',
    bad: [['2025.x', "'python.pipenvVersion' must be a version of digits and dots, such as '2026.10.3', got \"2025.x\" [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
];

const SERVICES: (OptionRow | Row)[] = [
  {
    option: 'TestServiceOptions.environment',
    other: { MODE: 'single' },
    change: 'none to one',
    bad: [
      [{ 'A-B': 'c' }, "'testServices.search.environment' must have names of letters, digits and underscores, got \"A-B\"; rename them [Stack/Orders/Pipeline]"],
      [{ URL: 'http://{host}' }, "'testServices.search.environment.URL' must contain no other placeholders than {password}, got {host}; set a value with this text in the image, or in the tests [Stack/Orders/Pipeline]"],
    ],
    effect: EFFECT,
  },
  {
    option: 'TestServiceOptions.command',
    other: ['serve'],
    change: 'none to one',
    bad: [[[], "'testServices.search.command' must not be empty, got []; remove it to use the default [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'TestServiceOptions.variables',
    other: { SEARCH_URL: 'http://{host}:{port}' },
    change: 'none to one',
    bad: [
      [{ URL: '{user}' }, "'testServices.search.variables.URL' must contain no other placeholders than {host}, {port}, {password}, got {user}; set a value with this text in the image, or in the tests [Stack/Orders/Pipeline]"],
      [{ PATH: '/' }, "'testServices' must not set variables that the build or 'environmentVariables' sets, got [\"PATH\"]; choose another 'name' of the service, or other 'variables' [Stack/Orders/Pipeline]"],
    ],
    effect: EFFECT,
  },
  {
    option: 'TestServiceOptions.startTimeout',
    default: 'Duration.seconds(120)',
    other: Duration.seconds(300),
    bad: [[Duration.seconds(601), "'testServices.search.startTimeout' must be a whole number of seconds from 5 to 600, got 10 minutes 1 second; "
      + 'a service that needs longer delays each build: use a smaller image [Stack/Orders/Pipeline]']],
    effect: EFFECT,
  },
  {
    option: 'KnownTestServiceOptions.name',
    other: 'broker',
    bad: [['Broker', "'testServices.name' must be at most 30 lowercase letters and digits that start with a letter, with single hyphens between them, such as 'search', got \"Broker\" [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'KnownTestServiceOptions.image',
    other: 'public.ecr.aws/docker/library/redis:7-alpine',
    change: 'none to one',
    effect: EFFECT,
  },
  {
    option: 'PostgresTestServiceOptions.databaseName',
    default: "'test'",
    other: 'orders',
    bad: [['my-orders', "'testServices.postgres.databaseName' must start with a letter or an underscore, and have at most 63 letters, digits, and underscores, got \"my-orders\" [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'ContainerTestServiceOptions.name',
    other: 'index',
    change: 'another one',
    effect: EFFECT,
  },
  {
    option: 'ContainerTestServiceOptions.image',
    other: 'registry.acme.example/search:2',
    change: 'another one',
    bad: [['search', "'testServices.search.image' must be an image with a tag or a digest, such as 'public.ecr.aws/docker/library/rabbitmq:4', got \"search\" [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'ContainerTestServiceOptions.port',
    other: 9201,
    change: 'another one',
    bad: [[0, "'testServices.search.port' must be a whole number from 1 to 65535, got 0; pass the port that the service listens on in its container [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'ContainerTestServiceOptions.healthCommand',
    other: ['curl', 'localhost:9200'],
    change: 'none to one',
    bad: [[[''], "'testServices.search.healthCommand' must not be empty, got \"\"; pass the name of a program in the image [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'ContainerTestServiceOptions.tmpfs',
    other: ['/data'],
    change: 'none to one',
    bad: [[['data'], "'testServices.search.tmpfs' must contain absolute paths in the container, such as '/data', got \"data\" [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
];

const SECRETS: (OptionRow | Row)[] = [
  {
    option: 'ParameterBuildSecretOptions.parameterName',
    other: '/other',
    change: 'another name',
    bad: [['', "'python.buildSecrets.token.parameterName' must not be empty, got \"\"; pass the name of a parameter [Stack/Orders/Pipeline]"]],
    effect: WITH_POLICY,
  },
  ['ParameterBuildSecretOptions.encryptionKey', 'none to one', (stack) => { key(stack); return baseOf('ParameterBuildSecretOptions') as Props; },
    (stack) => CHOICES.ParameterBuildSecretOptions({ encryptionKey: key(stack) })],
  {
    option: 'SecretBuildSecretOptions.field',
    other: 'token',
    change: 'none to one',
    bad: [['', "'python.buildSecrets.token.field' must not be empty, got \"\"; pass the name of a field [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
];

const GATES: (OptionRow | Row)[] = [
  {
    option: 'QualityGateOptions.requireTests',
    default: 'true',
    other: false,
    bad: [['false', notAFlag('requireTests', "pass a minimum of coverage as 'gates.minimumCoverage'")]],
    effect: EFFECT,
  },
  {
    option: 'QualityGateOptions.minimumCoverage',
    other: 80,
    bad: [[0, "'gates.minimumCoverage' must be a whole number from 1 to 100, got 0; remove it to let the project's own configuration decide [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
    drawn: fc.integer({ min: 1, max: 100 }),
  },
  {
    option: 'QualityGateOptions.bandit',
    default: 'true',
    other: false,
    bad: [['false', notAFlag('bandit', "pass the severity as 'gates.banditSeverity'")]],
    effect: EFFECT,
  },
  {
    option: 'QualityGateOptions.banditSeverity',
    default: 'FindingSeverity.HIGH',
    other: FindingSeverity.LOW,
    bad: [[FindingSeverity.CRITICAL, "'gates.banditSeverity' must be LOW, MEDIUM or HIGH, got CRITICAL; bandit does not rate findings as critical: "
      + 'use FindingSeverity.HIGH [Stack/Orders/Pipeline]']],
    effect: EFFECT,
    // excluded by `bandit: false`
    drawn: false,
  },
  {
    option: 'QualityGateOptions.dependencyAudit',
    default: 'true',
    other: false,
    bad: [[AdvisorySource.osv(), "'gates.dependencyAudit' must be true or false, got an instance of ApiSource; "
      + "pass a source of advisories as 'gates.advisorySource' [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'QualityGateOptions.advisorySource',
    same: AdvisorySource.pypi(),
    other: AdvisorySource.osv(),
    change: '`AdvisorySource.pypi()` to `AdvisorySource.osv()`',
    effect: EFFECT,
    // excluded by `dependencyAudit: false`
    drawn: false,
  },
  {
    option: 'QualityGateOptions.imageScan',
    default: 'false',
    other: true,
    bad: [['false', notAFlag('imageScan', "pass the severity as 'gates.imageScanSeverity'")]],
    effect: "in place: build project, build's role's policy",
  },
  {
    option: 'QualityGateOptions.imageScanSeverity',
    beside: gates({ imageScan: true }),
    default: 'FindingSeverity.HIGH',
    other: FindingSeverity.CRITICAL,
    effect: EFFECT,
  },
  {
    option: 'QualityGateOptions.ignoredVulnerabilities',
    other: ['CVE-2024-1'],
    bad: [[[''], "'gates.ignoredVulnerabilities' must not be empty, got \"\"; remove the empty entry [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
    // excluded where no gate looks for any
    drawn: false,
  },
  {
    option: 'QualityGateOptions.sbom',
    default: 'true',
    other: false,
    bad: [['false', notAFlag('sbom', 'it has no settings')]],
    effect: EFFECT,
  },
  {
    option: 'AdvisorySourceOptions.whenUnaudited',
    default: 'UnauditedAction.FAIL',
    other: UnauditedAction.WARN,
    effect: EFFECT,
  },
  {
    option: 'OsvAdvisorySourceOptions.url',
    default: "'https://api.osv.dev/v1/query'",
    other: 'https://osv.example.com/v1/query',
    change: 'none to one',
    bad: [['osv.example.com',
      "'gates.advisorySource.url' must be a URL with a host and without white space and quotation marks, such as 'https://osv.example.com/v1/query', got \"osv.example.com\" [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
];

const DOCKER_HUB: (OptionRow | Row)[] = [
  {
    option: 'SecretCredentialsOptions.usernameField',
    default: "'username'",
    other: 'user',
    effect: EFFECT,
  },
  {
    option: 'SecretCredentialsOptions.passwordField',
    default: "'password'",
    other: 'token',
    bad: [['', "'dockerHub.passwordField' must not be empty, got \"\"; pass the name of a field [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'PullThroughCacheOptions.repositoryPrefix',
    default: "'docker-hub'",
    other: 'hub',
    bad: [['hub/', "'dockerHub.repositoryPrefix' must be the prefix of a rule such as 'docker-hub': lowercase letters and digits, with single dots, hyphens, or underscores between them, got \"hub/\" [Stack/Orders/Pipeline]"]],
    effect: "in place: build project, build's role's policy",
  },
  {
    option: 'PullThroughCacheOptions.buildArgument',
    default: "'DOCKER_HUB'",
    other: 'HUB',
    bad: [['a-b', "'dockerHub.buildArgument' must be the name of an argument of the Dockerfile: letters, digits, and underscores, and must not start with a digit, got \"a-b\" [Stack/Orders/Pipeline]"]],
    effect: EFFECT,
  },
  {
    option: 'ParameterStoreCredentialsOptions.usernameParameterName',
    other: '/other',
    change: 'another name',
    bad: [['', "'dockerHub.usernameParameterName' must not be empty, got \"\"; pass the name of a parameter [Stack/Orders/Pipeline]"]],
    effect: "in place: build project, build's role's policy",
  },
  {
    option: 'ParameterStoreCredentialsOptions.passwordParameterName',
    other: '/other',
    change: 'another name',
    effect: "in place: build project, build's role's policy",
  },
  ['ParameterStoreCredentialsOptions.encryptionKey', 'none to one', (stack) => { key(stack); return baseOf('ParameterStoreCredentialsOptions') as Props; },
    (stack) => CHOICES.ParameterStoreCredentialsOptions({ encryptionKey: key(stack) })],
];

export const BUILD = [...PROJECT, ...SERVICES, ...SECRETS, ...GATES, ...DOCKER_HUB];
