import { App, Stack, Token } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codecommit from 'aws-cdk-lib/aws-codecommit';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { BlueGreenPythonPipeline, PipelineAlerts } from '../../src';
import { ARGUMENTS, construct, constructWith, errorOf, FACTORY_ARGUMENTS, OPTIONS } from './options/constructions';
import { service } from './options/places';

/*
 * Every option and every argument that is a resource, given one of another region or account. AWS rejects most of them
 * during the deployment, and ignores some.
 */

const HERE = { account: '111111111111', region: 'eu-west-1' };
const OTHER_REGION = { ...HERE, region: 'us-east-1' };
const OTHER_ACCOUNT = { ...HERE, account: '222222222222' };

/** The kinds of resources, each as an import that names its place, and whether it may be in another account. */
const RESOURCES: { [type: string]: { from: (scope: Stack, env: typeof HERE) => unknown; foreign?: boolean } } = {
  'kms.IKey': { from: (scope, env) => kms.Key.fromKeyArn(scope, 'Given', arn('kms', env, 'key/1')), foreign: true },
  'sns.ITopic': { from: (scope, env) => sns.Topic.fromTopicArn(scope, 'Given', arn('sns', env, 'alerts')), foreign: true },
  'cloudwatch.IAlarm': { from: (scope, env) => cloudwatch.Alarm.fromAlarmArn(scope, 'Given', arn('cloudwatch', env, 'alarm:errors')) },
  'codepipeline.IPipeline': { from: (scope, env) => codepipeline.Pipeline.fromPipelineArn(scope, 'Given', arn('codepipeline', env, 'orders')) },
  'events.IRule': { from: (_, env) => new events.Rule(inOther(env), 'Given', { eventPattern: { source: ['aws.s3'] } }) },
  'codebuild.IProject': { from: (scope, env) => codebuild.Project.fromProjectArn(scope, 'Given', arn('codebuild', env, 'project/orders')) },
  'codecommit.IRepository': { from: (scope, env) => codecommit.Repository.fromRepositoryArn(scope, 'Given', arn('codecommit', env, 'orders')) },
  'ecr.IRepository': { from: (scope, env) => ecr.Repository.fromRepositoryArn(scope, 'Given', arn('ecr', env, 'repository/orders')), foreign: true },
  'ecs.ICluster': { from: (scope, env) => ecs.Cluster.fromClusterArn(scope, 'Given', arn('ecs', env, 'cluster/orders')) },
  'ec2.IVpc': { from: (_, env) => new ec2.Vpc(inOther(env), 'Given'), foreign: true },
  'ec2.ISecurityGroup': { from: (_, env) => new ec2.SecurityGroup(inOther(env), 'Given', { vpc: ec2.Vpc.fromVpcAttributes(inOther(env), 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'] }) }), foreign: true },
  's3.IBucket': { from: (scope, env) => s3.Bucket.fromBucketAttributes(scope, 'Given', { bucketName: 'logs', ...env }) },
  'acm.ICertificate': { from: (scope, env) => acm.Certificate.fromCertificateArn(scope, 'Given', arn('acm', env, 'certificate/1')) },
  'lambda.IFunction': { from: (scope, env) => lambda.Function.fromFunctionArn(scope, 'Given', arn('lambda', env, 'function:check')), foreign: true },
  'sqs.IQueue': { from: (scope, env) => sqs.Queue.fromQueueArn(scope, 'Given', arn('sqs', env, 'lost')), foreign: true },
  'secretsmanager.ISecret': { from: (scope, env) => secretsmanager.Secret.fromSecretCompleteArn(scope, 'Given', arn('secretsmanager', env, 'secret:hub-AbCdEf')), foreign: true },
  'INetwork': { from: (_, env) => new BlueGreenPythonPipeline(inOther(env), 'Other').network, foreign: true },
  'IContainerPlatform': { from: (_, env) => new BlueGreenPythonPipeline(inOther(env), 'Other').platform },
  'IBlueGreenService': { from: (_, env) => new BlueGreenPythonPipeline(inOther(env), 'Other').service },
};

/** Types that are no resource of a place: images, address ranges, and a zone, since Route 53 is global. */
const NO_PLACE = ['codebuild.IBuildImage', 'ec2.IIpAddresses', 'route53.IHostedZone', 'codepipeline.IAction'];

/** The options of a bucket differ in the account. */
const FOREIGN_BUCKET = ['LoadBalancerOptions.accessLogsBucket'];

/** A part or the outputs that only read the resource: CDK or another check rejects what cannot be referred to. */
const UNCHECKED = ['DeliveryOutputsOptions.platform', 'DeliveryDashboardProps.codePipeline'];

function arn(name: string, { region, account }: typeof HERE, resource: string): string {
  return `arn:aws:${name}:${region}:${account}:${resource}`;
}

function inOther(env: typeof HERE): Stack {
  return new Stack(new App(), 'Elsewhere', { env });
}

const itemOf = (type: string) => type.replace('[]', '');
const isResource = (type: string) => /(^|\.)I[A-Z]\w+(\[\])?$/.test(type) && !NO_PLACE.includes(itemOf(type));

type Work = (stack: Stack, value: unknown) => unknown;

const CASES: [name: string, type: string, work: Work][] = [
  ...OPTIONS.filter(({ name, type }) => isResource(type) && !UNCHECKED.includes(name))
    .map(({ name, type }): [string, string, Work] => [name, type, (stack, value) => constructWith(stack, name, value)]),
  ...FACTORY_ARGUMENTS.filter(([, type]) => isResource(type)).map(([name, type]): [string, string, Work] => [
    name, type, (stack, value) => construct(stack, ARGUMENTS[name][1](value as never)),
  ]),
];

function outcome(type: string, work: Work, env: typeof HERE): string {
  const stack = new Stack(new App({ treeMetadata: false }), 'Stack', { env: HERE });
  const value = RESOURCES[itemOf(type)].from(stack, env);
  return errorOf(() => work(stack, type.endsWith('[]') ? [value] : value));
}

test.each(CASES)('%s must be in the region of the stack', (_name, type, work) => {
  expect(outcome(type, work, OTHER_REGION)).toMatch(/^'[\w.]+(\[0\])?' must be in the region of the stack, eu-west-1, got one in us-east-1; .+ \[Stack/);
});

test.each(CASES)('%s of another account is accepted where AWS accepts it', (name, type, work) => {
  const error = outcome(type, work, OTHER_ACCOUNT);
  const refusal = /^'[\w.]+(\[0\])?' must be in the account of the stack, 111111111111, got one in 222222222222; .+ \[Stack/;
  const { foreign = FOREIGN_BUCKET.includes(name) } = RESOURCES[itemOf(type)];
  (foreign ? expect(error).not : expect(error)).toMatch(refusal);
});

test('a hosted zone may be in any region of the account', () => {
  const inPlace = (env: typeof HERE) => errorOf(() => construct(new Stack(new App(), 'Stack', { env: HERE }), service({
    loadBalancer: { domainName: 'orders.example.com', hostedZone: new route53.PublicHostedZone(inOther(env), 'Zone', { zoneName: 'example.com' }) },
  })));
  expect(inPlace(OTHER_REGION)).toBe('no error');
  expect(inPlace(OTHER_ACCOUNT)).toContain("'loadBalancer.hostedZone' must be in the account of the stack, 111111111111, got one in 222222222222; ");
});

test.each<[string, string]>([
  ['of the stack', arn('acm', HERE, 'certificate/1')],
  ['with a partition that is a token', `arn:${new Stack().partition}:acm:eu-west-1:111111111111:certificate/1`],
  ['with a region that is a token', `arn:aws:acm:${new Stack().region}:${new Stack().account}:certificate/1`],
  ['that is a token', Token.asString({ Ref: 'Certificate' })],
])('a certificate with an ARN %s is accepted', (_what, certificateArn) => {
  const stack = new Stack(new App(), 'Stack', { env: HERE });
  expect(errorOf(() => construct(stack, service({ loadBalancer: { certificate: acm.Certificate.fromCertificateArn(stack, 'Given', certificateArn) } })))).toBe('no error');
});

test('an ARN that only has a token as its partition is still refused for its region', () => {
  const stack = new Stack(new App(), 'Stack', { env: HERE });
  const certificate = acm.Certificate.fromCertificateArn(stack, 'Given', `arn:${stack.partition}:acm:us-east-1:111111111111:certificate/1`);
  expect(() => construct(stack, service({ loadBalancer: { certificate } }))).toThrow('must be in the region of the stack, eu-west-1, got one in us-east-1');
});

test('a stack without a place accepts resources of any place', () => {
  const stack = new Stack(new App(), 'Stack');
  expect(() => new PipelineAlerts(stack, 'Alerts', {
    codePipeline: codepipeline.Pipeline.fromPipelineArn(stack, 'Given', arn('codepipeline', OTHER_REGION, 'orders')),
  })).not.toThrow();
});
