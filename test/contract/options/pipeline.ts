import * as path from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { baseOf, CONNECTION, Given, pipeline, PLAIN, Props } from './places';
import { BadValue, OptionRow, Row } from './row';
import { key, WITH_KEY } from './values';
import { GitHost, PipelineSource, PythonProject, TestService } from '../../../src';
import { describeValue } from '../../../src/private/errors';

const BUILD = 'in place: build project';
const APP = path.join(__dirname, '..', '..', '..', 'examples', 'python-app');

const archive = (stack: Stack, bucket: string, archiveKey: string): Props =>
  pipeline({ source: PipelineSource.s3({ bucket: s3.Bucket.fromBucketName(stack, 'Archives', bucket), key: archiveKey }) });
const archived: Given = (stack) => archive(stack, 'archives', 'orders.zip');

const withOwnSource: Given = (stack) =>
  pipeline({ source: PipelineSource.codeCommit({ repository: codecommit.Repository.fromRepositoryName(stack, 'Own', 'own') }) });

export const PIPELINE: (OptionRow | Row)[] = [
  ['PythonCiPipelineOptions.source', '`PipelineSource.codeCommit()` with an existing repository', PLAIN, withOwnSource],
  {
    option: 'PythonCiPipelineOptions.source',
    same: PipelineSource.codeCommit(),
    other: PipelineSource.connection({ connectionArn: CONNECTION, owner: 'acme', repo: 'orders' }),
    change: '`PipelineSource.codeCommit()` to `PipelineSource.connection(...)`',
    effect: "deleted: rule that starts the pipeline, source repository, trigger's role's policy, trigger's role; "
      + "in place: alarm, alerts' queue policy, pipeline, source action's role's policy",
  },
  ['PythonCiPipelineOptions.source', '`PipelineSource.codeCommit()` to `PipelineSource.s3(...)`', PLAIN, archived],
  {
    option: 'PythonCiPipelineOptions.python',
    same: PythonProject.pip(),
    other: PythonProject.pip({ extras: ['test'] }),
    change: '`PythonProject.pip()` to the same with extras',
    effect: BUILD,
  },
  ['PythonCiPipelineOptions.python', '`PythonProject.pip()` to `PythonProject.uv()`', PLAIN, baseOf('UvOptions')],
  ['PythonCiPipelineOptions.python', '`PythonProject.pip()` to `PythonProject.poetry()`', PLAIN, baseOf('PoetryOptions')],
  ['PythonCiPipelineOptions.python', '`PythonProject.pip()` to `PythonProject.pipenv()`', PLAIN, baseOf('PipenvOptions')],
  ['PythonCiPipelineOptions.dockerHub', 'none to `DockerHubCredentials.fromSecret(...)`', PLAIN, baseOf('SecretCredentialsOptions')],
  ['PythonCiPipelineOptions.dockerHub', 'none to `DockerHubCredentials.pullThroughCache()`', PLAIN, baseOf('PullThroughCacheOptions')],
  ['PythonCiPipelineOptions.dockerHub', 'none to `DockerHubCredentials.fromParameterStore(...)`', PLAIN, baseOf('ParameterStoreCredentialsOptions')],
  {
    option: 'PythonCiPipelineOptions.buildImage',
    same: codebuild.LinuxBuildImage.AMAZON_LINUX_2023_5,
    other: codebuild.LinuxBuildImage.STANDARD_7_0,
    change: 'another one',
    effect: BUILD,
    // it must have the architecture of the tasks
    drawn: false,
  },
  {
    option: 'PythonCiPipelineOptions.computeType',
    default: 'codebuild.ComputeType.SMALL',
    other: codebuild.ComputeType.MEDIUM,
    effect: BUILD,
  },
  {
    option: 'PythonCiPipelineOptions.environmentVariables',
    other: { A: { value: 'b' } },
    bad: [[{ IMAGE: { value: 'x' } },
      /^'environmentVariables' must not contain variables that the build sets itself \(PROJECT_DIRECTORY, .*, IMAGE_SCAN_SEVERITY\), got \["IMAGE"\]; choose other names \[Stack\/Orders\/Pipeline\]$/]],
    effect: BUILD,
  },
  {
    option: 'PythonCiPipelineOptions.installCommands',
    other: ['true'],
    bad: [[[''], "'installCommands' must not be empty, got \"\"; remove the empty entry [Stack/Orders/Pipeline]"]],
    effect: BUILD,
  },
  {
    option: 'PythonCiPipelineOptions.testCommand',
    other: 'tox',
    bad: [[' ', "'testCommand' must not be empty, got \" \"; remove it to run pytest [Stack/Orders/Pipeline]"]],
    effect: BUILD,
  },
  {
    option: 'PythonCiPipelineOptions.testServices',
    other: [TestService.redis()],
    change: 'none to `TestService.redis()`',
    bad: [
      [[TestService.redis(), TestService.redis()], "'testServices' must have different names, got \"redis\" twice; pass another 'name' to one of them [Stack/Orders/Pipeline]"],
      [[TestService.postgres('latest release')], "'testServices.postgres.version' must be a tag of the official image, such as '16' or '16-alpine', got \"latest release\" [Stack/Orders/Pipeline]"],
    ],
    effect: BUILD,
  },
  ['PythonCiPipelineOptions.testServices', 'none to `TestService.postgres()`', PLAIN, baseOf('PostgresTestServiceOptions')],
  ['PythonCiPipelineOptions.testServices', 'none to `TestService.container(...)`', PLAIN, baseOf('ContainerTestServiceOptions')],
  {
    option: 'PythonCiPipelineOptions.cache',
    default: 'true',
    other: false,
    effect: BUILD,
  },
  {
    option: 'PythonCiPipelineOptions.manualApproval',
    default: 'false',
    other: true,
    bad: [['false', "'manualApproval' must be true or false, got \"false\"; the approval has no settings [Stack/Orders/Pipeline]"]],
    effect: "created: alerts' rule, approval's role, check action's role's policy, check action's role, check's log group, check's role's policy, check's role, "
      + "project of the check; in place: alerts' queue policy, artifacts' key, build project, pipeline's role's policy, pipeline, topic policy",
  },
  {
    option: 'PythonCiPipelineOptions.logRetention',
    default: 'logs.RetentionDays.TWO_WEEKS',
    other: logs.RetentionDays.ONE_DAY,
    effect: "in place: build's log group",
  },
  ['PythonCiPipelineOptions.artifactAccessLogsBucket', 'none to a bucket', (stack) => { new s3.Bucket(stack, 'Logs'); return PLAIN; },
    (stack) => pipeline({ artifactAccessLogsBucket: new s3.Bucket(stack, 'Logs') })],
  {
    option: 'PythonCiPipelineOptions.artifactRetention',
    default: 'Duration.days(30)',
    other: Duration.days(60),
    bad: [[Duration.hours(12), "'artifactRetention' must be a whole number of days from 1 to 3650, got 12 hours; "
      + 'a stopped pipeline needs its artifacts: keep them for some days [Stack/Orders/Pipeline]']],
    effect: 'in place: artifact bucket',
    drawn: fc.integer({ min: 1, max: 3650 }).map((amount) => Duration.days(amount)),
  },
  ['PythonCiPipelineOptions.encryptionKey', 'a new key to your own', WITH_KEY, (stack) => pipeline({ encryptionKey: key(stack) })],
  ['CodeCommitSourceOptions.repository', 'a new one to an existing one', PLAIN, withOwnSource],
  {
    option: 'CodeCommitSourceOptions.branch',
    default: "'main'",
    other: 'trunk',
    bad: [
      ['', "'source.branch' must not be empty, got \"\"; pass a branch such as 'main', or remove it [Stack/Orders/Pipeline/Source]"],
      ...['*', 'feature/*', 'refs/heads/main', 'my branch'].map((branch): BadValue => [branch,
        `'source.branch' must be the name of one branch such as 'main', without 'refs/' in front, white space, and the characters ~ ^ : ? * [ \\, got ${JSON.stringify(branch)} [Stack/Orders/Pipeline/Source]`]),
    ],
    effect: 'in place: pipeline, rule that starts the pipeline',
  },
  {
    option: 'CodeCommitSourceOptions.seedDirectory',
    other: APP,
    change: 'none to one',
    bad: [['/no/such/directory', "'source.seedDirectory' must be a directory, got \"/no/such/directory\", which is /no/such/directory; "
      + 'pass a path relative to the working directory of the app, or an absolute path [Stack/Orders/Pipeline/Source]']],
    effect: 'in place: source repository',
  },
  {
    option: 'CodeCommitSourceOptions.fullClone',
    default: 'false',
    other: true,
    effect: "in place: build's role's policy, pipeline, source action's role's policy",
  },
  {
    option: 'ConnectionSourceOptions.connectionArn',
    other: CONNECTION.replace(/1$/, '2'),
    change: 'another connection',
    bad: ['', 'github', 'arn:aws:codeconnections:eu-west-1:111111111111:host/1', 'arn:aws:codecommit:eu-west-1:111111111111:orders'].map((arn): BadValue => [arn,
      '\'source.connectionArn\' must be the ARN of a connection such as \'arn:aws:codeconnections:eu-west-1:111111111111:connection/1a2b3c4d\', '
      + `got ${JSON.stringify(arn)} [Stack/Orders/Pipeline/Source]`]),
    effect: "in place: pipeline, source action's role's policy",
  },
  {
    option: 'ConnectionSourceOptions.owner',
    other: 'shop',
    change: '`acme` to `shop`',
    bad: ['', ' ', '/acme', 'acme/', 'https://github.com/acme'].map((owner): BadValue => [owner,
      `'source.owner' must be a user, an organization or a group such as 'acme' or 'acme/web', without white space, colons, and empty parts, got ${describeValue(owner)} [Stack/Orders/Pipeline/Source]`]),
    effect: "in place: pipeline, source action's role's policy",
  },
  {
    option: 'ConnectionSourceOptions.repo',
    other: 'bills',
    change: '`orders` to `bills`',
    bad: ['', ' ', 'acme/orders', 'orders.git'].map((repo): BadValue => [repo,
      `'source.repo' must be the name of a repository without its owner and '.git', such as 'orders', and must not contain slashes or colons, got ${JSON.stringify(repo)} [Stack/Orders/Pipeline/Source]`]),
    effect: "in place: pipeline, source action's role's policy",
  },
  {
    option: 'ConnectionSourceOptions.branch',
    default: "'main'",
    other: 'trunk',
    bad: [[' ', "'source.branch' must not be empty, got \" \"; pass a branch such as 'main', or remove it [Stack/Orders/Pipeline/Source]"]],
    effect: 'in place: pipeline',
  },
  {
    option: 'ConnectionSourceOptions.filePaths',
    other: ['app/**'],
    change: 'none to `app/**`',
    bad: [
      ...[[], Array(9).fill('*')].map((filePaths): BadValue => [filePaths, `'source.filePaths' must contain 1 to 8 patterns, got ${filePaths.length}; `
        + 'a CodePipeline trigger rejects more: use wider patterns, or remove it to release every push [Stack/Orders/Pipeline/Source]']),
      [['services\\orders\\**'], "'source.filePaths' must not contain a backslash, got \"services\\\\orders\\\\**\"; use forward slashes, also if you synthesize on Windows [Stack/Orders/Pipeline/Source]"],
      ...['/app/**', './app/**', '../app/**', 'C:/app/**', 'app/'].map((pattern): BadValue => [[pattern],
        "'source.filePaths' must contain patterns that start with a name in the repository's root and do not end with a slash, "
        + `got "${pattern}"; no file matches it: write it as in 'services/orders/**' [Stack/Orders/Pipeline/Source]`]),
      [['app/**', ''], "'source.filePaths' must not be empty, got \"\"; remove the empty pattern [Stack/Orders/Pipeline/Source]"],
      [['a'.repeat(256)], `'source.filePaths' must contain patterns of at most 255 characters, got 256 in "${'a'.repeat(256)}"; `
        + 'a CodePipeline trigger rejects longer patterns: use a shorter one [Stack/Orders/Pipeline/Source]'],
    ],
    effect: 'in place: pipeline',
  },
  {
    option: 'ConnectionSourceOptions.host',
    // the approval shows the address of the host
    beside: pipeline({ manualApproval: true }),
    default: 'GitHost.GITHUB',
    other: GitHost.GITLAB,
    change: '`GITHUB` to `GITLAB`, with an approval',
    bad: ['git.example.com', 'https://git.example.com/{owner}/{repo}', 'http://git.example.com/{commit}'].map((url): BadValue => [GitHost.of(url),
      "'source.host' must have the URL of a commit's page with {commit}, such as 'https://git.example.com/{owner}/{repo}/commit/{commit}', "
      + `got ${JSON.stringify(url)} [Stack/Orders/Pipeline/Source]`]),
    effect: 'in place: pipeline',
  },
  {
    option: 'ConnectionSourceOptions.fullClone',
    default: 'false',
    other: true,
    effect: "in place: build's role's policy, pipeline",
  },
  ['S3SourceOptions.bucket', 'another bucket', archived, (stack) => archive(stack, 'others', 'orders.zip')],
  ['S3SourceOptions.key', 'another key', archived, (stack) => archive(stack, 'archives', 'bills.zip')],
];
