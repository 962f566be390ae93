import { Duration, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as library from '../../src';
import { KEY, LOG_BUCKET, RETENTION_DAYS, TOPIC } from '../../src/private/common-kinds';
import {
  confidential, DURATION, flag, GROUP, Kind, list, map, memberOf, NUMBER, object, required, requireKind,
  requireOptions, STRING, strategy,
} from '../../src/private/kinds';
import { SERVICE_KINDS } from '../../src/service/private/kinds';
import { createStack } from '../helpers';

const stack = createStack();
const check = (value: unknown, kind: Kind) => () => requireKind(stack, 'option', value, kind);

const PYTHON = strategy('PythonProject', 'PythonProject.uv()');
const CERTIFICATE = object('an acm.ICertificate', 'certificateArn');

function anotherCopy(): typeof library {
  let copy: typeof library | undefined;
  jest.isolateModules(() => { copy = jest.requireActual<typeof library>('../../src'); });
  return copy!;
}

/** An object that implements an interface in Python: jsii defines its members, and each read calls Python. */
const ofPython = Object.defineProperty({}, 'certificateArn', { get: () => { throw new Error('called Python'); } });

test.each<[string, unknown, Kind]>([
  ['no value', undefined, CERTIFICATE],
  ['a token for a string', Token.asString({ Ref: 'Name' }), STRING],
  ['a token for a number', Token.asNumber({ Ref: 'Port' }), NUMBER],
  ['a token for a member of an enum', Token.asNumber({ Ref: 'Days' }), RETENTION_DAYS],
  ['a list of tokens', Token.asList({ Ref: 'Names' }), list(STRING)],
  ['the environment of the process as a map', process.env, map(STRING)],
  ['a duration that is known at deployment only', Duration.seconds(Lazy.number({ produce: () => 5 })), DURATION],
  ['an object of another copy of CDK', new (class Imported { public readonly certificateArn = 'arn'; })(), CERTIFICATE],
  ['an object of Python, without a call', ofPython, CERTIFICATE],
  ['a strategy', library.PythonProject.uv(), PYTHON],
  ['a strategy of a user', new (class extends library.PythonProject { public bind(): never { throw new Error(); } })(), PYTHON],
  ['a strategy that does not extend the class', { bind: () => ({}) }, PYTHON],
  ['a strategy of another copy of the library', anotherCopy().PythonProject.uv(), PYTHON],
  ['a member of an enum with numbers', logs.RetentionDays.ONE_DAY, RETENTION_DAYS],
  ['a map', { A: 'x' }, map(STRING)],
])('accepts %s', (_what, value, kind) => {
  expect(check(value, kind)).not.toThrow();
});

test.each<[string, unknown, Kind, string]>([
  ['no value for an option without a default', undefined, required(STRING), 'a string, got undefined'],
  ['another strategy of the library', library.NetworkEgress.none(), PYTHON, 'a PythonProject, such as PythonProject.uv(), got an instance of NoEgress'],
  ['another strategy of another copy', anotherCopy().NetworkEgress.none(), PYTHON, 'a PythonProject, such as PythonProject.uv(), got an instance of NoEgress'],
  ['an object of CDK with a bind method', ecs.ContainerImage.fromRegistry('acme/orders'), SERVICE_KINDS.bootstrapImage,
    'a BootstrapImage, such as BootstrapImage.publicPython(), got an instance of aws_ecs.RepositoryImage'],
  ['a class', library.PythonProject, PYTHON, 'a PythonProject, such as PythonProject.uv(), got a function'],
  ['the name of a member of an enum', 'ONE_DAY', RETENTION_DAYS, 'a member of logs.RetentionDays, such as logs.RetentionDays.ONE_MONTH, got "ONE_DAY"'],
  ['a token for an object', Token.asString({ Ref: 'Arn' }), CERTIFICATE, 'an acm.ICertificate, got a token'],
  ['a token for a boolean', Token.asString({ Ref: 'Yes' }), flag(), 'true or false, got a token'],
  ['a text for a boolean', 'yes', flag('it has no settings'), 'true or false, got "yes"; it has no settings'],
  ['an object without a class', Object.create(null), STRING, 'a string, got an object'],
  ['an object of a class without a name', new (class {})(), STRING, 'a string, got an object'],
  ['null', null, GROUP, 'an object with options, got null'],
  ['a symbol', Symbol('x'), STRING, 'a string, got Symbol(x)'],
  ['no member of an enum', 'keep', memberOf('a RemovalPolicy', () => RemovalPolicy), 'a RemovalPolicy, got "keep"'],
  ['a repository for a bucket', new ecr.Repository(stack, 'Repository'), LOG_BUCKET,
    'an s3.IBucket, such as an s3.Bucket or s3.Bucket.fromBucketName(), got an instance of aws_ecr.Repository'],
  ['a bucket for a topic', new s3.Bucket(stack, 'Bucket'), TOPIC,
    'an sns.ITopic, such as an sns.Topic or sns.Topic.fromTopicArn(), got an instance of aws_s3.Bucket'],
  ['a confidential string', 'hunter2', KEY, 'a kms.IKey, such as a kms.Key or kms.Key.fromLookup(), got a string'],
  ['a confidential number', 4711, confidential(STRING), 'a string, got a number'],
])('rejects %s', (_what, value, kind, rule) => {
  expect(check(value, kind)).toThrow(new Error(`'option' must be ${rule} [Stack]`));
});

test('names the item of a list', () => {
  expect(check([library.AlertChannel.email('a@example.com'), 'b@example.com'], list(strategy('AlertChannel', 'AlertChannel.email()')))).toThrow(
    new Error("'option[1]' must be an AlertChannel, such as AlertChannel.email(), got \"b@example.com\" [Stack]"));
});

test('names the variable of a map, and no value of a confidential one', () => {
  expect(check({ A: 'x', B: 5 }, confidential(map(STRING)))).toThrow(new Error("'option.B' must be a string, got a number [Stack]"));
});

test('names every variable without a value', () => {
  expect(check({ A: undefined, B: 'x', C: undefined }, map(STRING))).toThrow(
    new Error("'option.A', 'option.C' must have a value, got none; is the variable that you read from process.env set? [Stack]"));
});

test('a secret of Secrets Manager is no ecs.Secret', () => {
  const secrets = { PASSWORD: new secretsmanager.Secret(stack, 'Secret') };
  expect(() => requireKind(stack, 'secrets', secrets, SERVICE_KINDS.secrets)).toThrow(
    new Error("'secrets.PASSWORD' must be an ecs.Secret, such as ecs.Secret.fromSecretsManager(), got an instance of aws_secretsmanager.Secret [Stack]"));
});

test.each([ecs.CpuArchitecture.ARM64, ecs.CpuArchitecture.of('X86_64')])('accepts the architecture %#', (architecture) => {
  expect(check(architecture, SERVICE_KINDS.cpuArchitecture)).not.toThrow();
});

test('a group of options may be left out', () => {
  expect(() => requireOptions(stack, 'group', undefined, { name: required(STRING) })).not.toThrow();
});

test.each([
  codebuild.LinuxBuildImage.STANDARD_7_0, codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_3_0,
])('accepts the build image %#', (buildImage) => {
  expect(() => new library.BlueGreenPythonPipeline(new Stack(), 'Orders', {
    service: { cpuArchitecture: 'STANDARD_7_0' in buildImage.constructor ? ecs.CpuArchitecture.X86_64 : ecs.CpuArchitecture.ARM64 },
    pipeline: { buildImage, python: library.PythonProject.pip({ pythonVersion: '3.12' }) },
  })).not.toThrow();
});

test.each(['', 5, undefined])('methods reject a value of a wrong class: %j', (value) => {
  const pattern = new library.BlueGreenPythonPipeline(new Stack(undefined, 'Stack'), 'Orders');
  const got = typeof value === 'string' ? '""' : String(value);
  const alarm = `'alarm' must be a cloudwatch.IAlarm, such as a cloudwatch.Alarm, got ${got}`;
  expect(() => pattern.addRollbackAlarm(value as never)).toThrow(new Error(`${alarm} [Stack/Orders/Service]`));
  expect(() => pattern.alerts.addAlarm(value as never)).toThrow(new Error(`${alarm} [Stack/Orders/Alerts]`));
  expect(() => pattern.alerts.addChannel(value as never)).toThrow(
    new Error(`'channel' must be an AlertChannel, such as AlertChannel.email('devops@example.com'), got ${got} [Stack/Orders/Alerts]`));
});
