import { Access, allowedTo } from '../iam/decisions';
import { ACCOUNT, Deployed, REGION } from '../iam/deployed';
import { TemplateJson } from '../wiring/edits';

const here = (service: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}`;
const roleName = (name: string) => `orders-${name}-${REGION}-prod`;
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${roleName(name)}`;
const each = (actions: string[], resource: string): Access[] => actions.map((action) => [action, resource]);
const passRole = (name: string, service: string): Access => ['iam:PassRole', roleArn(name), { 'iam:PassedToService': service }];

const BUCKET = `arn:aws:s3:::orders-artifacts-${ACCOUNT}-${REGION}-prod`;
const SOURCE = `${BUCKET}/orders/Source/1`;
const ARTIFACT = `${BUCKET}/orders/Build/1`;
const KEY = `${here('kms')}:key/OrdersPipelineArtifactsKey`;
const IMAGES = `${here('ecr')}:repository/orders-app-prod`;
const PROJECT = `${here('codebuild')}:project/orders-build-prod`;
const PIPELINE = `${here('codepipeline')}:orders-pipeline-prod`;
const REPOSITORY = `${here('codecommit')}:orders-source-prod`;
const SERVICE = `${here('ecs')}:service/orders-cluster-prod/orders-web-prod`;
const TASK_SET = `${here('ecs')}:task-set/orders-cluster-prod/orders-web-prod/ecs-svc-1`;
const APPLICATION = `${here('codedeploy')}:application:orders-web-prod`;
const GROUP = `${here('codedeploy')}:deploymentgroup:orders-web-prod/orders-blue-green-prod`;
const FUNCTION = `${here('lambda')}:function:orders-smoke-test-prod`;
const listener = (id: string) => `${here('elasticloadbalancing')}:listener/app/web/1234567890123456/OrdersServiceLoadBalancer${id}`;
const logOf = (name: string) => `${here('logs')}:log-group:${name}:log-stream:1`;

const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const READ_ARTIFACTS: Access[] = [...each(['s3:GetObject', 's3:GetObjectVersion'], ARTIFACT), ['s3:ListBucket', BUCKET], ['kms:Decrypt', KEY]];
const writeArtifacts = (artifact: string): Access[] => [...READ_ARTIFACTS, ['s3:PutObject', artifact], ['kms:GenerateDataKey', KEY]];
const PASS_TO_TASKS = [passRole('task', 'ecs-tasks.amazonaws.com'), passRole('execution', 'ecs-tasks.amazonaws.com')];

/** What no role of the stack may do. */
const NOBODY: Access[] = [
  ['iam:CreateRole', roleArn('admin')], ['iam:AttachRolePolicy', roleArn('build')], ['iam:PutRolePolicy', roleArn('task')],
  ['kms:ScheduleKeyDeletion', KEY], ['kms:PutKeyPolicy', KEY],
  ['s3:DeleteObject', ARTIFACT], ['s3:GetObject', 'arn:aws:s3:::others/1'], ['s3:PutBucketPolicy', BUCKET],
  ['ecr:DeleteRepository', IMAGES], ['ecr:PutImage', `${here('ecr')}:repository/others`], ['ecr:BatchDeleteImage', IMAGES],
  ['codecommit:GitPush', REPOSITORY], ['codepipeline:UpdatePipeline', PIPELINE], ['codebuild:UpdateProject', PROJECT],
  ['codedeploy:UpdateDeploymentGroup', GROUP], ['ecs:UpdateService', SERVICE], ['ecs:DeleteService', SERVICE], ['ecs:RunTask', '*'],
  ['secretsmanager:GetSecretValue', `${here('secretsmanager')}:secret:others-1a2b3c`], ['ssm:GetParameter', `${here('ssm')}:parameter/others`],
  ['logs:PutLogEvents', logOf('/others')], ['lambda:InvokeFunction', `${here('lambda')}:function:others`],
  ['codepipeline:StartPipelineExecution', `${here('codepipeline')}:others`],
  passRole('build', 'codebuild.amazonaws.com'), passRole('task', 'ec2.amazonaws.com'), passRole('execution', 'lambda.amazonaws.com'),
];

interface Row {
  /** Who assumes the role. */
  readonly trusts: { readonly [kind: string]: string };
  readonly may: Access[];
  /** Beside what nobody may. */
  readonly mayNot: Access[];
}

const service = (name: string) => ({ Service: `${name}.amazonaws.com` });
const OWN_ACCOUNT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };

/** Role by role: what a release needs, and what somebody in the role must not do. */
const ROWS: { readonly [role: string]: Row } = {
  'pipeline': {
    trusts: service('codepipeline'),
    may: [...writeArtifacts(SOURCE), ...['source-action', 'build-action', 'deploy-action'].map((name): Access => ['sts:AssumeRole', roleArn(name)])],
    mayNot: [['codebuild:StartBuild', PROJECT], ['codedeploy:CreateDeployment', GROUP], ['sts:AssumeRole', roleArn('codedeploy')], ...PASS_TO_TASKS],
  },
  'source-action': {
    trusts: OWN_ACCOUNT,
    may: [...each(['codecommit:GetBranch', 'codecommit:GetCommit', 'codecommit:UploadArchive', 'codecommit:GetUploadArchiveStatus'], REPOSITORY), ...writeArtifacts(SOURCE)],
    mayNot: [['codecommit:GetCommit', `${here('codecommit')}:others`], ['codecommit:PutFile', REPOSITORY], ['codebuild:StartBuild', PROJECT], ...PASS_TO_TASKS],
  },
  'build-action': {
    trusts: OWN_ACCOUNT,
    may: each(['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:StopBuild'], PROJECT),
    mayNot: [['codebuild:StartBuild', `${here('codebuild')}:project/others`], ['s3:GetObject', ARTIFACT], ...PASS_TO_TASKS],
  },
  'build': {
    trusts: service('codebuild'),
    may: [
      ...each(LOGS, logOf('/aws/codebuild/orders-build-prod')),
      ...each(['codebuild:CreateReport', 'codebuild:UpdateReport', 'codebuild:BatchPutTestCases'], `${here('codebuild')}:report-group/orders-tests-prod`),
      ...each(['codebuild:CreateReport', 'codebuild:BatchPutCodeCoverages'], `${here('codebuild')}:report-group/orders-coverage-prod`),
      ['ecr:GetAuthorizationToken', '*'],
      ...each(['ecr:BatchGetImage', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'], IMAGES),
      ...writeArtifacts(ARTIFACT),
    ],
    mayNot: [
      ['codedeploy:CreateDeployment', GROUP], ['codepipeline:StartPipelineExecution', PIPELINE], ['sts:AssumeRole', roleArn('deploy-action')],
      ['ecs:RegisterTaskDefinition', '*'], ['ecr:PutImageTagMutability', IMAGES], ['s3:PutObject', SOURCE], ...PASS_TO_TASKS,
    ],
  },
  'deploy-action': {
    trusts: OWN_ACCOUNT,
    may: [
      ...each(['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'], GROUP),
      ...each(['codedeploy:GetApplication', 'codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'], APPLICATION),
      ['codedeploy:GetDeploymentConfig', `${here('codedeploy')}:deploymentconfig:CodeDeployDefault.ECSCanary10Percent15Minutes`],
      ['ecs:RegisterTaskDefinition', '*'], ...PASS_TO_TASKS, ...READ_ARTIFACTS,
    ],
    mayNot: [
      ['codedeploy:CreateDeployment', `${here('codedeploy')}:deploymentgroup:orders-web-prod/others`], ['s3:PutObject', ARTIFACT],
      passRole('codedeploy', 'codedeploy.amazonaws.com'), ['elasticloadbalancing:ModifyListener', listener('Listener')],
    ],
  },
  'codedeploy': {
    trusts: service('codedeploy'),
    may: [
      ...each(['ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet'], SERVICE), ...each(['ecs:CreateTaskSet', 'ecs:DeleteTaskSet'], TASK_SET),
      ...['Listener', 'TestListener'].map((id): Access => ['elasticloadbalancing:ModifyListener', listener(id)]),
      ['elasticloadbalancing:ModifyRule', `${listener('Listener').replace(':listener/', ':listener-rule/')}/1`],
      ...each(['elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules'], '*'),
      ['cloudwatch:DescribeAlarms', `${here('cloudwatch')}:alarm:orders`], ['lambda:InvokeFunction', FUNCTION], ...PASS_TO_TASKS,
    ],
    mayNot: [
      ['ecs:DescribeServices', SERVICE.replace(/orders-web-prod$/, 'others')], ['elasticloadbalancing:ModifyListener', listener('RedirectListener')],
      passRole('task', 'ecs.amazonaws.com'), ['s3:GetObject', ARTIFACT],
    ],
  },
  'trigger': {
    trusts: service('events'),
    may: [['codepipeline:StartPipelineExecution', PIPELINE]],
    mayNot: [['codepipeline:StopPipelineExecution', PIPELINE], ['s3:GetObject', ARTIFACT], ...PASS_TO_TASKS],
  },
  'execution': {
    trusts: service('ecs-tasks'),
    may: [
      ['ecr:GetAuthorizationToken', '*'], ...each(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], IMAGES),
      ...each(LOGS, logOf('/aws/ecs/orders-web-prod')),
    ],
    mayNot: [['ecr:PutImage', IMAGES], ['s3:GetObject', ARTIFACT], ...PASS_TO_TASKS],
  },
  'task': {
    trusts: service('ecs-tasks'),
    may: [],
    mayNot: [['s3:GetObject', ARTIFACT], ['ecr:BatchGetImage', IMAGES], ['codepipeline:StartPipelineExecution', PIPELINE], ...PASS_TO_TASKS],
  },
  'flow-logs': {
    trusts: service('vpc-flow-logs'),
    may: each([...LOGS, 'logs:DescribeLogStreams'], logOf('/aws/vpc/orders-flow-logs-prod')),
    mayNot: [['logs:PutLogEvents', logOf('/aws/ecs/orders-web-prod')], ...PASS_TO_TASKS],
  },
  'smoke-test': {
    trusts: service('lambda'),
    may: [
      // the simulator's data has no resource of PutLifecycleEventHookExecutionStatus, so a question in properties.ts looks after it
      ...each(LOGS, logOf('/aws/lambda/orders-smoke-test-prod')),
      ...each(['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface'], '*'),
    ],
    mayNot: [['codedeploy:CreateDeployment', GROUP], ['s3:GetObject', ARTIFACT], ...PASS_TO_TASKS],
  },
};

/** The template as it would be in an account; `Deployed` knows no ARN of a function. */
function deploy(template: TemplateJson): Deployed {
  const resources = JSON.parse(JSON.stringify(template.Resources), (_, value) => {
    const id = (value?.['Fn::GetAtt'] as string[] | undefined)?.join('.').replace(/\.Arn$/, '');
    return id !== undefined && template.Resources[id]?.Type === 'AWS::Lambda::Function' ? FUNCTION : value;
  });
  return Object.assign(Object.create(Deployed.prototype), { resources });
}

/** A role is judged once for each set of policies that it meets: few faults change those of more than one. */
const known = new Map<string, Promise<string[]>>();

/** What a role may do and should not, or may not and should. */
export async function judgeAccess(template: TemplateJson): Promise<string[]> {
  const deployed = deploy(template);
  const shared = Object.values(template.Resources).filter(({ Type }) => ['AWS::KMS::Key', 'AWS::S3::BucketPolicy'].includes(Type));
  const trusts = Object.keys(ROWS).map((role) => deployed.roles.includes(roleName(role)) ? deployed.trustOf(roleName(role)) : undefined);
  const problems = await Promise.all(Object.keys(ROWS).map((role, index) => {
    if (!trusts[index]) { return [`${role}: is not there`]; }
    const key = JSON.stringify([role, deployed.policiesOf(roleName(role)), role === 'pipeline' ? trusts : trusts[index], shared]);
    const judged = known.get(key) ?? judgeRole(deployed, role);
    known.set(key, judged);
    return judged;
  }));
  return problems.flat();
}

async function judgeRole(deployed: Deployed, role: string): Promise<string[]> {
  const { trusts, may, mayNot } = ROWS[role];
  const denied = [...mayNot, ...NOBODY, ...(role === 'pipeline' ? [] : [['sts:AssumeRole', roleArn('deploy-action')] as Access])];
  const allowed = await allowedTo(deployed, roleName(role), [...may, ...denied]);
  const principals = deployed.trustOf(roleName(role)).Statement.map(({ Principal }) => Principal);
  const text = ([action, resource]: Access) => `${action} on ${resource}`;
  return [
    ...may.filter((access) => !allowed.includes(access)).map((access) => `${role}: may not ${text(access)}`),
    ...denied.filter((access) => allowed.includes(access)).map((access) => `${role}: may ${text(access)}`),
    ...(JSON.stringify(principals) === JSON.stringify([trusts]) ? [] : [`${role}: trusts ${JSON.stringify(principals)}`]),
  ];
}
