import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { PythonCiPipeline } from '../../src';
import { wildcard } from '../../src/private/acknowledge';
import { allow } from '../../src/private/allow';
import { isAcknowledged } from '../../src/private/cdk-internals';
import { ManagedPolicyRole } from '../../src/private/managed-policy-role';
import { actionsOf, createService, createStack, resourcesOf, Statement } from '../helpers';

const policiesOf = (role: iam.IRole) => role.node.findAll().filter((child) => child instanceof iam.ManagedPolicy);

function countStatements(role: iam.IRole): number {
  return policiesOf(role).reduce((sum, { document }) => sum + document.statementCount, 0);
}

type Grant = (stack: Stack, role: iam.IRole) => unknown;

/** The actions of the role's policies after a grant, when the library's statements stand for these resources. */
function actionsAfter(grant: Grant, covers: boolean): string[] {
  const stack = createStack();
  const role = new ManagedPolicyRole(stack, 'Role', {
    assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'), covers: () => covers,
  });
  grant(stack, role);
  return policiesOf(role)
    .flatMap(({ document }) => (stack.resolve(document)?.Statement ?? []) as { Action: string | string[] }[])
    .flatMap(({ Action }) => Action);
}

const bucket = (stack: Stack) => new s3.Bucket(stack, 'Bucket');
const key = (stack: Stack) => new kms.Key(stack, 'Key');
const logGroup = (stack: Stack) => new logs.LogGroup(stack, 'Logs');
const repository = (stack: Stack) => new ecr.Repository(stack, 'Images');

test.each<[string, Grant]>([
  ['read a bucket', (stack, role) => bucket(stack).grantRead(role)],
  ['read and write a bucket', (stack, role) => bucket(stack).grantReadWrite(role)],
  ['decrypt', (stack, role) => key(stack).grantDecrypt(role)],
  ['encrypt and decrypt', (stack, role) => key(stack).grantEncryptDecrypt(role)],
  ['write logs', (stack, role) => logGroup(stack).grantWrite(role)],
  ['read an encrypted bucket', (stack, role) => new s3.Bucket(stack, 'Bucket', { encryption: s3.BucketEncryption.KMS }).grantRead(role)],
])('the grant to %s is dropped for what the own statements cover, and kept otherwise', (_what, grant) => {
  expect(actionsAfter(grant, true)).toEqual([]);
  expect(actionsAfter(grant, false)).not.toEqual([]);
});

test.each<[string, string, Grant]>([
  ['put objects', 's3:PutObject', (stack, role) => bucket(stack).grantPut(role)],
  ['write a bucket', 's3:PutObject', (stack, role) => bucket(stack).grantWrite(role)],
  ['delete objects', 's3:DeleteObject*', (stack, role) => bucket(stack).grantDelete(role)],
  ['encrypt', 'kms:Encrypt', (stack, role) => key(stack).grantEncrypt(role)],
  ['sign', 'kms:Sign', (stack, role) => key(stack).grantSign(role)],
  ['read logs', 'logs:GetLogEvents', (stack, role) => logGroup(stack).grantRead(role)],
  ['pull images', 'ecr:BatchGetImage', (stack, role) => repository(stack).grantPull(role)],
  ['push images', 'ecr:PutImage', (stack, role) => repository(stack).grantPush(role)],
  ['read a secret', 'secretsmanager:GetSecretValue', (stack, role) => new secretsmanager.Secret(stack, 'Secret').grantRead(role)],
  ['read a parameter', 'ssm:GetParameters', (stack, role) => new ssm.StringParameter(stack, 'Parameter', { stringValue: 'a' }).grantRead(role)],
  ['publish', 'sns:Publish', (stack, role) => new sns.Topic(stack, 'Topic').grantPublish(role)],
  ['send messages', 'sqs:SendMessage', (stack, role) => new sqs.Queue(stack, 'Queue').grantSendMessages(role)],
  ['write reports', 'codebuild:CreateReport', (stack, role) => new codebuild.ReportGroup(stack, 'Reports').grantWrite(role)],
  ['assume a role', 'sts:AssumeRole', (stack, role) => new iam.Role(stack, 'Other', { assumedBy: role }).grantAssumeRole(role)],
])('the grant to %s is kept whatever is covered', (_what, action, grant) => {
  expect(actionsAfter(grant, true)).toContain(action);
});

describe('a role whose wildcard is acknowledged', () => {
  const EVERY_OBJECT = 'arn:aws:s3:::artifacts/*';

  function createRole() {
    const stack = createStack();
    const role = new ManagedPolicyRole(stack, 'Role', {
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'),
      statements: [wildcard('The keys are not known.', allow(['s3:GetObject'], [EVERY_OBJECT]))],
    });
    const statementsIn = (id: string): Statement[] => {
      const policy = role.node.tryFindChild(id) as iam.ManagedPolicy | undefined;
      return stack.resolve(policy?.document)?.Statement ?? [];
    };
    return { role, statementsIn, actionsIn: (id: string) => actionsOf(statementsIn(id)) };
  }

  test('keeps what others grant on the wildcard in another policy, where it stays a finding', () => {
    const { role, actionsIn } = createRole();
    role.addToPrincipalPolicy(allow(['s3:PutObject'], [EVERY_OBJECT]));
    expect(actionsIn('Policy')).toEqual(['s3:GetObject']);
    expect(actionsIn('OwnPolicy')).toEqual(['s3:PutObject']);
    expect(isAcknowledged(role.node.findChild('OwnPolicy'), `AwsSolutions-IAM5[Resource::${EVERY_OBJECT}]`)).toBe(false);
  });

  test('has one other policy for all that is granted so, with what is alike in one statement', () => {
    const { role, actionsIn, statementsIn } = createRole();
    ['s3:PutObject', 's3:DeleteObject'].forEach((action) => role.addToPrincipalPolicy(allow([action], [EVERY_OBJECT])));
    expect(actionsIn('OwnPolicy')).toEqual(['s3:DeleteObject', 's3:PutObject']);
    expect(statementsIn('OwnPolicy')).toHaveLength(1);
  });

  test('needs no other policy for what it has already, and for other resources', () => {
    const { role, actionsIn } = createRole();
    role.addToPrincipalPolicy(allow(['s3:GetObject'], [EVERY_OBJECT]));
    role.addToPrincipalPolicy(allow(['s3:PutObject'], ['arn:aws:s3:::other/*']));
    expect(actionsIn('Policy')).toEqual(['s3:GetObject', 's3:PutObject']);
    expect(actionsIn('OwnPolicy')).toEqual([]);
  });

  test('has a reason for each statement that comes with one later', () => {
    const { role } = createRole();
    role.addToPrincipalPolicy(wildcard('Neither are these.', allow(['s3:GetObject'], ['arn:aws:s3:::reports/*'])));
    expect(isAcknowledged(role.node.findChild('Policy'), 'AwsSolutions-IAM5[Resource::arn:aws:s3:::reports/*]')).toBe(true);
  });
});

test('every policy of a role is attached to it', () => {
  const stack = createStack();
  const role = new ManagedPolicyRole(stack, 'Role', {
    assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'), statements: [wildcard('The keys are not known.', allow(['s3:GetObject'], ['*']))],
  });
  role.addToPrincipalPolicy(allow(['s3:PutObject'], ['*']));
  const policies = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::IAM::ManagedPolicy'));
  expect(policies.map(({ Properties }) => Properties.Roles)).toEqual(Array(2).fill([stack.resolve(role.roleName)]));
});

test('secrets that are granted one by one share a statement, since many would not fit into a policy', () => {
  const stack = createStack();
  const role = new ManagedPolicyRole(stack, 'Role', { assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com') });
  ['One', 'Other'].forEach((id) => new secretsmanager.Secret(stack, id).grantRead(role));
  const [{ document }] = policiesOf(role);
  expect((stack.resolve(document) as { Statement: unknown[] }).Statement).toHaveLength(1);
});

test('what CDK grants to the roles of a pipeline with each kind of option is known', () => {
  const stack = createStack();
  const granted: string[] = [];
  const add = ManagedPolicyRole.prototype.addToPrincipalPolicy;
  const spy = jest.spyOn(ManagedPolicyRole.prototype, 'addToPrincipalPolicy').mockImplementation(function (this: ManagedPolicyRole, statement) {
    const before = countStatements(this);
    const result = add.call(this, statement);
    const verb = countStatements(this) > before ? 'keeps' : 'drops';
    granted.push(`${this.node.path.replace('Stack/', '')} ${verb} ${statement.actions[0]}`);
    return result;
  });
  const secret = new secretsmanager.Secret(stack, 'Secret');
  const service = createService(stack, { secrets: { TOKEN: ecs.Secret.fromSecretsManager(secret) } });
  new PythonCiPipeline(stack, 'Pipeline', {
    service,
    repository: repository(stack),
    manualApproval: true,
    environmentVariables: {
      A: { type: codebuild.BuildEnvironmentVariableType.PARAMETER_STORE, value: '/a' },
      B: { type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value: secret.secretArn },
    },
  });
  spy.mockRestore();
  expect([...new Set(granted)].sort()).toEqual([
    'Pipeline/Build/Role drops kms:Decrypt',
    'Pipeline/Build/Role drops logs:CreateLogGroup',
    'Pipeline/Build/Role drops logs:CreateLogStream',
    'Pipeline/Build/Role drops s3:GetObject*',
    'Pipeline/Build/Role keeps secretsmanager:GetSecretValue',
    'Pipeline/Build/Role keeps ssm:GetParameters',
    'Pipeline/Role drops kms:Decrypt',
    'Pipeline/Role drops s3:GetObject*',
    'Pipeline/Role keeps sts:AssumeRole',
    'Service/ExecutionRole keeps ecr:BatchCheckLayerAvailability',
    'Service/ExecutionRole keeps ecr:GetAuthorizationToken',
    'Service/ExecutionRole keeps logs:CreateLogStream',
    'Service/ExecutionRole keeps secretsmanager:GetSecretValue',
  ]);
});
