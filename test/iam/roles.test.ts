import { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Access, allowedTo } from './decisions';
import { ACCOUNT, Deployed, REGION } from './deployed';
import { BlueGreenPythonPipeline, DockerHubCredentials, FindingSeverity, PipelineSource, PythonCiPipelineOptions } from '../../src';
import { createStack } from '../helpers';

const CONNECTION = `arn:aws:codeconnections:${REGION}:${ACCOUNT}:connection/1a2b3c4d`;
const FORMER_CONNECTION = CONNECTION.replace('codeconnections', 'codestar-connections');
const here = (service: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}`;
const role = (name: string) => `orders-${name}-${REGION}-prod`;
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${role(name)}`;
const keyOf = (id: string) => `${here('kms')}:key/${id}`;
const givenKey = (stack: Stack, id: string) => kms.Key.fromKeyArn(stack, id, keyOf(id));

function deploy(createOptions: (stack: Stack) => PythonCiPipelineOptions): Deployed {
  const stack = createStack();
  new BlueGreenPythonPipeline(stack, 'Orders', { environmentSuffix: 'prod', pipeline: createOptions(stack) });
  return new Deployed(stack);
}

const HUB_SECRET = `${here('secretsmanager')}:secret:hub-1a2b3c`;

// few stacks, since most of the time goes into their synthesis
const plain = deploy(() => ({ manualApproval: true }));
const cloned = deploy((stack) => ({
  source: PipelineSource.connection({ connectionArn: CONNECTION, owner: 'acme', repo: 'orders', fullClone: true }),
  dockerHub: DockerHubCredentials.fromParameterStore({
    usernameParameterName: '/hub/user', passwordParameterName: '/hub/password', encryptionKey: givenKey(stack, 'hub'),
  }),
  encryptionKey: givenKey(stack, 'artifacts'),
}));
const former = deploy(() => ({
  source: PipelineSource.connection({ connectionArn: FORMER_CONNECTION, owner: 'acme', repo: 'orders', fullClone: true }),
}));
const archived = deploy((stack) => ({
  source: PipelineSource.s3({
    bucket: s3.Bucket.fromBucketAttributes(stack, 'Archives', { bucketName: 'archives', encryptionKey: givenKey(stack, 'archives') }),
    key: 'orders/source.zip',
  }),
  gates: { imageScanSeverity: FindingSeverity.HIGH },
  dockerHub: DockerHubCredentials.fromSecret(secretsmanager.Secret.fromSecretAttributes(stack, 'Hub', {
    secretCompleteArn: HUB_SECRET, encryptionKey: givenKey(stack, 'hub'),
  })),
}));
const pulledThrough = deploy(() => ({ dockerHub: DockerHubCredentials.pullThroughCache() }));

const ARTIFACTS = `arn:aws:s3:::orders-artifacts-${ACCOUNT}-${REGION}-prod`;
const ARTIFACT = `${ARTIFACTS}/orders/Source/1`;
const ARTIFACTS_KEY = keyOf('OrdersPipelineArtifactsKey');
const PROJECT = `${here('codebuild')}:project/orders-build-prod`;
const PIPELINE = `${here('codepipeline')}:orders-pipeline-prod`;
const REPOSITORY = `${here('codecommit')}:orders-source-prod`;
const IMAGES = `${here('ecr')}:repository/orders-app-prod`;
const SERVICE = `${here('ecs')}:service/orders-cluster-prod/orders-web-prod`;
const TASK_SET = `${SERVICE.replace(':service/', ':task-set/')}/ecs-svc-1`;
const LISTENER = `${here('elasticloadbalancing')}:listener/app/web/1234567890123456/OrdersServiceLoadBalancerListener`;
const DEPLOYMENT_GROUP = `${here('codedeploy')}:deploymentgroup:orders-web-prod/orders-web-prod`;
const APPLICATION = `${here('codedeploy')}:application:orders-web-prod`;
const PARAMETER = `${here('ssm')}:parameter/hub/password`;

const each = (actions: string[], resource: string, context?: Access[2]): Access[] => actions.map((action) => [action, resource, context]);
const passRole = (name: string, service: string): Access => ['iam:PassRole', roleArn(name), { 'iam:PassedToService': service }];
/** A request of a service to the host, by the name that the connection's ARN has. */
const useConnection = (arn: string, repository: string | undefined, providerAction: string): Access => {
  const prefix = arn.split(':')[2];
  return [`${prefix}:UseConnection`, arn, {
    ...repository === undefined ? {} : { [`${prefix}:FullRepositoryId`]: repository },
    [`${prefix}:ProviderAction`]: providerAction,
  }];
};

const readArtifacts = (key: string): Access[] => [
  ...each(['s3:GetObject', 's3:GetObjectVersion'], ARTIFACT),
  ...each(['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], ARTIFACTS),
  ['kms:Decrypt', key],
];
const writeArtifacts = (key: string): Access[] => [...readArtifacts(key), ['s3:PutObject', ARTIFACT], ['kms:GenerateDataKey', key]];

/** What no role of a delivery is there for. */
const OUT_OF_REACH: Access[] = [
  ...each(['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObjectTagging'], ARTIFACT),
  ...each(['s3:DeleteBucket', 's3:PutBucketPolicy', 's3:PutLifecycleConfiguration'], ARTIFACTS),
  ['s3:GetObject', 'arn:aws:s3:::others/object'],
  ...each(['kms:ScheduleKeyDeletion', 'kms:PutKeyPolicy', 'kms:CreateGrant'], ARTIFACTS_KEY),
  ['kms:Decrypt', keyOf('others')],
  ...each(['iam:CreateRole', 'iam:AttachRolePolicy', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy'], roleArn('task')),
  ['secretsmanager:GetSecretValue', `${here('secretsmanager')}:secret:orders-1a2b3c`],
  ['ssm:GetParameter', `${here('ssm')}:parameter/orders`],
  ['ecs:UpdateService', SERVICE],
  ['ecs:DeleteService', SERVICE],
  ['codepipeline:UpdatePipeline', PIPELINE],
  ['codepipeline:PutApprovalResult', `${PIPELINE}/Approval/Approve`],
  ['codebuild:UpdateProject', PROJECT],
  ['codecommit:GitPush', REPOSITORY],
  ['ecr:DeleteRepository', IMAGES],
  ['ecr:BatchDeleteImage', IMAGES],
  ['lambda:InvokeFunction', `${here('lambda')}:function:orders`],
  ['sns:Publish', `${here('sns')}:orders-alerts-prod`],
  passRole('pipeline', 'codepipeline.amazonaws.com'),
  passRole('build', 'codebuild.amazonaws.com'),
  passRole('task', 'ec2.amazonaws.com'),
  passRole('task', 'lambda.amazonaws.com'),
];

const PASS_TO_TASKS = [passRole('task', 'ecs-tasks.amazonaws.com'), passRole('execution', 'ecs-tasks.amazonaws.com')];

interface RoleTable {
  readonly deployed: Deployed;
  readonly role: string;
  readonly may: Access[];
  /** Beside what is out of every role's reach. */
  readonly mayNot: Access[];
}

const TABLES: { readonly [who: string]: RoleTable } = {
  'the pipeline': {
    deployed: plain,
    role: 'pipeline',
    may: [
      ...writeArtifacts(ARTIFACTS_KEY),
      ...['source-action', 'build-action', 'approval-action', 'deploy-action'].map((name): Access => ['sts:AssumeRole', roleArn(name)]),
    ],
    mayNot: [
      ...['build', 'codedeploy', 'task', 'execution', 'trigger'].map((name): Access => ['sts:AssumeRole', roleArn(name)]),
      ['codebuild:StartBuild', PROJECT], ['codedeploy:CreateDeployment', DEPLOYMENT_GROUP], ['codecommit:GetCommit', REPOSITORY], ...PASS_TO_TASKS,
    ],
  },
  'the source action of CodeCommit': {
    deployed: plain,
    role: 'source-action',
    may: [
      ...each([
        'codecommit:GetBranch', 'codecommit:GetCommit', 'codecommit:UploadArchive', 'codecommit:GetUploadArchiveStatus', 'codecommit:CancelUploadArchive',
      ], REPOSITORY),
      ...writeArtifacts(ARTIFACTS_KEY),
    ],
    mayNot: [
      ...each(['codecommit:GetRepository', 'codecommit:GitPull', 'codecommit:DeleteRepository', 'codecommit:PutFile'], REPOSITORY),
      ['codecommit:GetCommit', `${here('codecommit')}:others`],
      ['s3:PutObjectAcl', ARTIFACT], ['codebuild:StartBuild', PROJECT], ...PASS_TO_TASKS,
    ],
  },
  'the source action of a connection': {
    deployed: cloned,
    role: 'source-action',
    may: [
      useConnection(CONNECTION, 'acme/orders', 'GetBranch'),
      useConnection(CONNECTION, undefined, 'GetUploadArchiveToS3Status'),
      ['s3:PutObjectAcl', ARTIFACT],
      ...writeArtifacts(keyOf('artifacts')),
    ],
    mayNot: [
      useConnection(CONNECTION, 'acme/others', 'GetBranch'),
      useConnection(CONNECTION.replace(/\w+$/, 'others'), 'acme/orders', 'GetBranch'),
      ...each(['codeconnections:DeleteConnection', 'codeconnections:PassConnection', 'codeconnections:UpdateConnectionInstallation'], CONNECTION),
      ['kms:Decrypt', keyOf('hub')], ['codebuild:StartBuild', PROJECT], ...PASS_TO_TASKS,
    ],
  },
  'the source action of a connection with a former ARN': {
    deployed: former,
    role: 'source-action',
    may: [useConnection(FORMER_CONNECTION, 'acme/orders', 'StartUploadArchiveToS3')],
    mayNot: [useConnection(FORMER_CONNECTION, 'acme/others', 'StartUploadArchiveToS3')],
  },
  'the build of a clone by a connection with a former ARN': {
    deployed: former,
    role: 'build',
    may: [useConnection(FORMER_CONNECTION, 'acme/orders', 'GitPull')],
    mayNot: [useConnection(FORMER_CONNECTION, 'acme/others', 'GitPull'), useConnection(FORMER_CONNECTION, 'acme/others', 'GitPush')],
  },
  'the source action of a bucket': {
    deployed: archived,
    role: 'source-action',
    may: [
      ...each(['s3:GetObject', 's3:GetObjectVersion'], 'arn:aws:s3:::archives/orders/source.zip'),
      ...each(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], 'arn:aws:s3:::archives'),
      ['kms:Decrypt', keyOf('archives')],
      ...writeArtifacts(ARTIFACTS_KEY),
    ],
    mayNot: [
      ...each(['s3:PutObject', 's3:DeleteObject'], 'arn:aws:s3:::archives/orders/source.zip'),
      ['s3:GetObject', 'arn:aws:s3:::archives/bills/source.zip'],
      ['kms:GenerateDataKey', keyOf('archives')], ['codebuild:StartBuild', PROJECT], ...PASS_TO_TASKS,
    ],
  },
  'the build action': {
    deployed: plain,
    role: 'build-action',
    may: each(['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:StopBuild'], PROJECT),
    mayNot: [...each(['codebuild:StartBuild'], `${here('codebuild')}:project/others`), ...writeArtifacts(ARTIFACTS_KEY), ...PASS_TO_TASKS],
  },
  'the approval': {
    deployed: plain,
    role: 'approval-action',
    may: [],
    mayNot: [...writeArtifacts(ARTIFACTS_KEY), ['codebuild:StartBuild', PROJECT], ['codedeploy:CreateDeployment', DEPLOYMENT_GROUP], ...PASS_TO_TASKS],
  },
  'the deploy action': {
    deployed: plain,
    role: 'deploy-action',
    may: [
      ...each(['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'], DEPLOYMENT_GROUP),
      ...each(['codedeploy:GetApplication', 'codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'], APPLICATION),
      ['codedeploy:GetDeploymentConfig', `${here('codedeploy')}:deploymentconfig:CodeDeployDefault.ECSCanary10Percent5Minutes`],
      ['ecs:RegisterTaskDefinition', '*'],
      ...PASS_TO_TASKS,
      // AWS documents both for this action
      passRole('task', 'ecs.amazonaws.com'),
      passRole('execution', 'ecs.amazonaws.com'),
      ...readArtifacts(ARTIFACTS_KEY),
    ],
    mayNot: [
      ['codedeploy:CreateDeployment', DEPLOYMENT_GROUP.replace(/orders-web-prod$/, 'others')],
      ['codedeploy:UpdateDeploymentGroup', DEPLOYMENT_GROUP], ['codedeploy:StopDeployment', '*'],
      ['s3:PutObject', ARTIFACT], ['kms:GenerateDataKey', ARTIFACTS_KEY],
      ...['codedeploy', 'execution', 'build'].map((name): Access => ['sts:AssumeRole', roleArn(name)]),
      passRole('codedeploy', 'codedeploy.amazonaws.com'), passRole('build', 'ecs-tasks.amazonaws.com'), passRole('execution', 'ec2.amazonaws.com'),
      ['elasticloadbalancing:ModifyListener', LISTENER],
    ],
  },
  'the trigger': {
    deployed: plain,
    role: 'trigger',
    may: [['codepipeline:StartPipelineExecution', PIPELINE]],
    mayNot: [
      ['codepipeline:StartPipelineExecution', `${here('codepipeline')}:others`], ['codepipeline:StopPipelineExecution', PIPELINE],
      ...writeArtifacts(ARTIFACTS_KEY), ...PASS_TO_TASKS,
    ],
  },
  'the build': {
    deployed: plain,
    role: 'build',
    may: [
      ...each(['logs:CreateLogStream', 'logs:PutLogEvents'], `${here('logs')}:log-group:/aws/codebuild/orders-build-prod:log-stream:1`),
      ...each(['codebuild:CreateReport', 'codebuild:UpdateReport', 'codebuild:BatchPutTestCases'], `${here('codebuild')}:report-group/orders-tests-prod`),
      ...each(['codebuild:CreateReport', 'codebuild:UpdateReport', 'codebuild:BatchPutCodeCoverages'], `${here('codebuild')}:report-group/orders-coverage-prod`),
      ['ecr:GetAuthorizationToken', '*'],
      ...each(['ecr:BatchGetImage', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'], IMAGES),
      ...writeArtifacts(ARTIFACTS_KEY),
    ],
    mayNot: [
      ['ecr:PutImage', `${here('ecr')}:repository/others`], ['ecr:PutImageTagMutability', IMAGES],
      ['logs:PutLogEvents', `${here('logs')}:log-group:/aws/codebuild/others:log-stream:1`], ['codecommit:GitPull', REPOSITORY],
      ['codedeploy:CreateDeployment', DEPLOYMENT_GROUP], ['codebuild:StartBuild', PROJECT], ['codepipeline:StartPipelineExecution', PIPELINE],
      ['ssm:GetParameter', PARAMETER], ['sts:AssumeRole', roleArn('deploy-action')], ['ecs:RegisterTaskDefinition', '*'], ...PASS_TO_TASKS,
    ],
  },
  'the build of a clone, with credentials and keys of one\'s own': {
    deployed: cloned,
    role: 'build',
    may: [
      useConnection(CONNECTION, 'acme/orders', 'GitPull'),
      ['ssm:GetParameter', PARAMETER], ['ssm:GetParameter', PARAMETER.replace('password', 'user')],
      ['kms:Decrypt', keyOf('hub'), { 'kms:ViaService': `ssm.${REGION}.amazonaws.com`, 'kms:EncryptionContext:PARAMETER_ARN': PARAMETER }],
      ...writeArtifacts(keyOf('artifacts')),
    ],
    mayNot: [
      useConnection(CONNECTION, 'acme/others', 'GitPull'),
      useConnection(CONNECTION.replace(/\w+$/, 'others'), 'acme/orders', 'GitPull'),
      ['ssm:PutParameter', PARAMETER], ['ssm:GetParameter', PARAMETER.replace('password', 'others')],
      ['kms:Decrypt', keyOf('hub')],
      ['kms:Decrypt', keyOf('hub'), {
        'kms:ViaService': `ssm.${REGION}.amazonaws.com`, 'kms:EncryptionContext:PARAMETER_ARN': PARAMETER.replace('password', 'others'),
      }],
      ['kms:Decrypt', ARTIFACTS_KEY], ...PASS_TO_TASKS,
    ],
  },
  'the build that waits for a scan, with credentials in a secret': {
    deployed: archived,
    role: 'build',
    may: [
      ['ecr:DescribeImageScanFindings', IMAGES], ...each(['inspector2:ListCoverage', 'inspector2:ListFindings'], '*'),
      ['secretsmanager:GetSecretValue', HUB_SECRET], ['kms:Decrypt', keyOf('hub'), { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` }],
    ],
    mayNot: [
      ['ecr:DescribeImageScanFindings', IMAGES.replace('orders-app', 'others')], ['ecr:StartImageScan', IMAGES], ['inspector2:Disable', '*'],
      ['secretsmanager:PutSecretValue', HUB_SECRET], ['secretsmanager:GetSecretValue', HUB_SECRET.replace('hub', 'others')],
      ['kms:Decrypt', keyOf('hub')], ['kms:Decrypt', keyOf('archives')],
    ],
  },
  'the build with a pull-through cache': {
    deployed: pulledThrough,
    role: 'build',
    may: each(
      ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      `${here('ecr')}:repository/docker-hub/library/python`,
    ),
    mayNot: [
      ['ecr:PutImage', `${here('ecr')}:repository/docker-hub/library/python`], ['ecr:CreateRepository', IMAGES],
      ['ecr:BatchImportUpstreamImage', `${here('ecr')}:repository/quay/library/python`],
    ],
  },
  'CodeDeploy': {
    deployed: plain,
    role: 'codedeploy',
    may: [
      ['ecs:DescribeServices', SERVICE],
      ['ecs:UpdateServicePrimaryTaskSet', SERVICE],
      ...each(['ecs:CreateTaskSet', 'ecs:DeleteTaskSet'], TASK_SET),
      ['elasticloadbalancing:ModifyListener', LISTENER],
      ['elasticloadbalancing:ModifyRule', `${LISTENER.replace(':listener/', ':listener-rule/')}/1`],
      ...each(['elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules'], '*'),
      ['cloudwatch:DescribeAlarms', `${here('cloudwatch')}:alarm:orders`],
      ...PASS_TO_TASKS,
    ],
    mayNot: [
      ['ecs:DescribeServices', SERVICE.replace(/orders-web-prod$/, 'others')],
      ['ecs:UpdateServicePrimaryTaskSet', SERVICE.replace(/orders-web-prod$/, 'others')],
      ['ecs:DeleteTaskSet', TASK_SET.replace('/orders-web-prod/', '/others/')],
      ['elasticloadbalancing:ModifyListener', LISTENER.replace('/web/', '/others/')],
      passRole('task', 'ecs.amazonaws.com'), passRole('codedeploy', 'ecs-tasks.amazonaws.com'), ...writeArtifacts(ARTIFACTS_KEY),
    ],
  },
};

describe.each(Object.keys(TABLES))('%s', (who) => {
  const { deployed, role: name, may, mayNot } = TABLES[who];

  test('may do this', async () => {
    expect(await allowedTo(deployed, role(name), may)).toEqual(may);
  });

  test('may not do that', async () => {
    expect(await allowedTo(deployed, role(name), [...mayNot, ...OUT_OF_REACH])).toEqual([]);
  });
});

test('these are all roles of a delivery but those of the tasks, the flow logs and the function that empties the bucket', () => {
  const others = ['task', 'execution', 'flow-logs'].map(role).concat('CustomS3AutoDeleteObjectsCustomResourceProviderRole');
  const looked = Object.values(TABLES).map(({ role: name }) => role(name));
  expect(plain.roles.filter((name) => !others.includes(name))).toEqual([...new Set(looked)].sort());
});

test('each role is assumed by one service, or by the account for the pipeline to assume it', () => {
  const principals = Object.fromEntries(plain.roles.filter((name) => name.startsWith('orders-'))
    .map((name) => [name, plain.trustOf(name).Statement.map(({ Principal }) => Principal)]));
  const account = [{ AWS: `arn:aws:iam::${ACCOUNT}:root` }];
  const service = (name: string) => [{ Service: `${name}.amazonaws.com` }];
  expect(principals).toEqual({
    [role('approval-action')]: account,
    [role('build-action')]: account,
    [role('deploy-action')]: account,
    [role('source-action')]: account,
    [role('build')]: service('codebuild'),
    [role('codedeploy')]: service('codedeploy'),
    [role('pipeline')]: service('codepipeline'),
    [role('trigger')]: service('events'),
    [role('flow-logs')]: service('vpc-flow-logs'),
    [role('execution')]: service('ecs-tasks'),
    [role('task')]: service('ecs-tasks'),
  });
});

test('two roles may be passed, to ECS, and by the deploy action and CodeDeploy only', () => {
  const passed = plain.roles.flatMap((name) => plain.policiesOf(name)
    .flatMap(({ Statement }) => Statement)
    .filter(({ Action }) => [Action].flat().some((action) => /^(iam:PassRole|iam:\*|\*)$/.test(String(action))))
    .map(({ Resource }) => [name, Resource]));
  expect(passed).toEqual([role('codedeploy'), role('deploy-action')].map((name) => [name, [roleArn('task'), roleArn('execution')]]));
});
