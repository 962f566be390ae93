import { Access } from './decisions';
import { REGION } from './deployed';
import { each, here, keyOf, Place, PROGRAM } from './place';

/** What a role may do beyond its work, and why nobody takes it away. */
export interface Beyond {
  readonly why: string;
  readonly accesses: Access[];
}

/** The truth about a role. What is in neither list must be denied: all that the other roles may, and all attacks. */
export interface RoleTable {
  /** Every call that a release makes by the role. */
  readonly may: Access[];
  readonly beyond: Beyond[];
  /** Who may assume it: services, with `elsewhere` when one acts for another account; names of roles. */
  readonly assumedBy: string[];
}

export type RoleTables = { readonly [role: string]: RoleTable };

const PIPELINE = ['pipeline'];
const WHOLE_BUCKET = 'CodePipeline does not document how it cuts the names in its keys, so the whole bucket may be read';
const ASSEMBLES = 'S3 asks for it when it joins the parts of a large upload';

const listBucket = ({ bucket }: Place): Access[] => each(['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], bucket);

function readsArtifact(place: Place, ...names: ('Source' | 'Build')[]): Access[] {
  return [...names.flatMap((name) => each(['s3:GetObject', 's3:GetObjectVersion'], place.artifact(name))), ...listBucket(place), ['kms:Decrypt', place.key]];
}

function writesArtifact(place: Place, ...names: ('Source' | 'Build')[]): Access[] {
  return [...names.map((name): Access => ['s3:PutObject', place.artifact(name)]), ['s3:GetBucketAcl', place.bucket], ['kms:GenerateDataKey', place.key]];
}

function readsAll(place: Place): Beyond {
  return { why: WHOLE_BUCKET, accesses: place.objects.flatMap((object) => each(['s3:GetObject', 's3:GetObjectVersion'], object)) };
}

/** What is created with the stack, and works in a release. */
export function releaseTables(place: Place): RoleTables {
  return {
    'pipeline': pipeline(place, ['source-action', 'build-action', 'deploy-action']),
    'source-action': codeCommitSource(place),
    'build-action': buildAction(place),
    'deploy-action': deployAction(place),
    'trigger': trigger(place),
    'build': build(place),
    'codedeploy': codeDeploy(place),
    'execution': execution(place),
    'task': { may: [], beyond: [], assumedBy: ['ecs-tasks.amazonaws.com'] },
    'flow-logs': flowLogs(place),
    'image-marks': imageMarks(place),
    'image-marks-start': { may: [['states:StartExecution', place.imageMarks]], beyond: [], assumedBy: ['events.amazonaws.com'] },
  };
}

const withMore = (table: RoleTable, ...more: Access[]): RoleTable => ({ ...table, may: [...table.may, ...more] });

/**
 * Of the sample in production: slower traffic, a listener for tests, and a smoke test that keeps what it could not do
 * in an encrypted queue.
 */
export function productionTables(place: Place): RoleTables {
  const tables = releaseTables(place);
  return {
    ...tables,
    'deploy-action': withMore(tables['deploy-action'], ['codedeploy:GetDeploymentConfig', `${here('codedeploy')}:deploymentconfig:CodeDeployDefault.ECSCanary10Percent15Minutes`]),
    'codedeploy': withMore(codeDeploy(place, [`orders-smoke-test-${place.suffix}`]), ['elasticloadbalancing:ModifyListener', place.listener.replace(/Listener$/, 'TestListener')]),
    'smoke-test': withMore(smokeTest(place), ['sqs:SendMessage', `${here('sqs')}:LostSmokeTests`], ...each(['kms:Decrypt', 'kms:GenerateDataKey'], keyOf('Key'))),
  };
}

/**
 * What somebody would try in production beside the usual: network interfaces from the function's code, and the listener
 * that redirects.
 */
export function productionAttacks(place: Place): Access[] {
  return [
    ...each(['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface'], `${here('ec2')}:network-interface/eni-1`, {
      'lambda:SourceFunctionArn': `${here('lambda')}:function:orders-smoke-test-${place.suffix}`,
    }),
    ['elasticloadbalancing:ModifyListener', place.listener.replace(/Listener$/, 'RedirectListener')],
  ];
}

/**
 * It shows what is published, for which it needs nothing. No document says that Amazon Q Developer tells its account.
 */
export const CHAT: RoleTable = { may: [], beyond: [], assumedBy: ['chatbot.amazonaws.com', 'chatbot.amazonaws.com elsewhere'] };

/** UG/how-to-custom-role and ActionDeclaration.roleArn: the store of artifacts, and the roles of the actions. */
export function pipeline(place: Place, actions: string[]): RoleTable {
  return {
    may: [
      ...readsArtifact(place, 'Source', 'Build'), ...writesArtifact(place, 'Source', 'Build'),
      ...actions.map((name): Access => ['sts:AssumeRole', place.roleArn(name)]),
    ],
    beyond: [readsAll(place)],
    // no document says that CodePipeline tells its account
    assumedBy: ['codepipeline.amazonaws.com', 'codepipeline.amazonaws.com elsewhere'],
  };
}

/** UG/action-reference-CodeCommit. */
export function codeCommitSource(place: Place, fullClone = false): RoleTable {
  return {
    may: [
      ...each([
        'codecommit:GetBranch', 'codecommit:GetCommit', 'codecommit:UploadArchive', 'codecommit:GetUploadArchiveStatus', 'codecommit:CancelUploadArchive',
        ...fullClone ? ['codecommit:GetRepository'] : [],
      ], place.repository),
      ...writesSource(place),
    ],
    beyond: [readsAll(place), { why: ASSEMBLES, accesses: [['kms:Decrypt', place.key]] }],
    assumedBy: PIPELINE,
  };
}

function writesSource(place: Place): Access[] {
  return [...writesArtifact(place, 'Source'), ...listBucket(place)];
}

/** A request of a service to the host, by the name that the connection's ARN has. */
export function useConnection(arn: string, repository: string | undefined, providerAction: string): Access {
  const prefix = arn.split(':')[2];
  return [`${prefix}:UseConnection`, arn, {
    ...repository === undefined ? {} : { [`${prefix}:FullRepositoryId`]: repository },
    [`${prefix}:ProviderAction`]: providerAction,
  }];
}

/** UG/action-reference-CodestarConnectionSource; the access list is ignored by the bucket, which takes none. */
export function connectionSource(place: Place, connection: string, repository: string): RoleTable {
  return {
    may: [
      ...['GetBranch', 'ListCommits', 'GetCommit', 'StartUploadArchiveToS3'].map((action) => useConnection(connection, repository, action)),
      useConnection(connection, undefined, 'GetUploadArchiveToS3Status'),
      ['s3:PutObjectAcl', place.artifact('Source')],
      ...writesSource(place),
    ],
    beyond: [
      readsAll(place), { why: ASSEMBLES, accesses: [['kms:Decrypt', place.key]] },
      { why: 'the bucket takes no access lists, so the call changes nothing', accesses: place.objects.map((object) => ['s3:PutObjectAcl', object]) },
    ],
    assumedBy: PIPELINE,
  };
}

const tagsOf = (object: string): Access[] => each(['s3:GetObjectTagging', 's3:GetObjectVersionTagging'], object);

/** UG/action-reference-S3, and UG/how-to-custom-role for an archive with tags, which its copy gets. */
export function s3Source(place: Place, bucket: string, key: string, encryptionKey: string): RoleTable {
  return {
    may: [
      ...each(['s3:GetObject', 's3:GetObjectVersion'], `${bucket}/${key}`), ...tagsOf(`${bucket}/${key}`),
      ...tagsOf(place.artifact('Source')), ['s3:PutObjectTagging', place.artifact('Source')],
      ...each(['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], bucket),
      ['kms:Decrypt', encryptionKey],
      ...writesSource(place),
    ],
    beyond: [
      readsAll(place), { why: WHOLE_BUCKET, accesses: place.objects.flatMap(tagsOf) },
      { why: ASSEMBLES, accesses: [['kms:Decrypt', place.key]] },
    ],
    assumedBy: PIPELINE,
  };
}

/** UG/action-reference-CodeBuild. */
function buildAction({ project }: Pick<Place, 'project'>): RoleTable {
  return { may: each(['codebuild:StartBuild', 'codebuild:BatchGetBuilds', 'codebuild:StopBuild'], project), beyond: [], assumedBy: PIPELINE };
}

export const APPROVAL: RoleTable = { may: [], beyond: [], assumedBy: PIPELINE };

/** The roles of the check after an approval: it reads what the deployment will read, and writes its log. */
export function releaseCheck(place: Place): RoleTables {
  const project = place.project.replace('-build-', '-release-check-');
  return {
    'release-check-action': buildAction({ project }),
    'release-check': {
      may: [
        ...each(['logs:CreateLogStream', 'logs:PutLogEvents'], place.logStream(place.logs.build.replace('-build-', '-release-check-'))),
        ...readsArtifact(place, 'Build'),
        ['s3:GetBucketAcl', place.bucket],
      ],
      beyond: [readsAll(place)],
      assumedBy: ['codebuild.amazonaws.com'],
    },
  };
}

/** UG/action-reference-ECSbluegreen: its list of permissions, narrowed to the group. */
function deployAction(place: Place): RoleTable {
  return {
    may: [
      ...each(['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'], place.deploymentGroup),
      ...each(['codedeploy:GetApplication', 'codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'], place.application),
      ['codedeploy:GetDeploymentConfig', `${here('codedeploy')}:deploymentconfig:CodeDeployDefault.ECSCanary10Percent5Minutes`],
      ['codedeploy:GetDeploymentConfig', `${here('codedeploy')}:deploymentconfig:CodeDeployDefault.ECSAllAtOnce`],
      ['ecs:RegisterTaskDefinition', '*'],
      ...['task', 'execution'].flatMap((name) => ['ecs-tasks.amazonaws.com', 'ecs.amazonaws.com'].map((service) => place.passRole(name, service))),
      ...readsArtifact(place, 'Build'),
    ],
    beyond: [readsAll(place)],
    assumedBy: PIPELINE,
  };
}

/** EventBridge's target is the pipeline. */
function trigger({ pipeline: arn }: Place): RoleTable {
  return { may: [['codepipeline:StartPipelineExecution', arn]], beyond: [], assumedBy: ['events.amazonaws.com'] };
}

/** The calls of the state machine: what is live, its tags, and the record. */
function imageMarks(place: Place): RoleTable {
  return {
    may: [
      ['ecs:DescribeServices', place.service],
      ['ecs:DescribeTaskDefinition', '*'],
      ...each(['ecr:DescribeImages', 'ecr:BatchGetImage', 'ecr:PutImage', 'ecr:BatchDeleteImage'], place.images),
      ...each(['ssm:GetParameter', 'ssm:PutParameter'], place.liveImages),
    ],
    beyond: [],
    assumedBy: ['states.amazonaws.com'],
  };
}

/**
 * What CodeBuild does by itself, the download of the program, and its calls: log, reports, source and output, cache,
 * evidence, login, push, layers.
 */
export function build(place: Place, more: Access[] = []): RoleTable {
  return {
    may: [
      ...each(['logs:CreateLogStream', 'logs:PutLogEvents'], place.logStream(place.logs.build)),
      ...reports(place, 'tests', 'codebuild:BatchPutTestCases'),
      ...reports(place, 'coverage', 'codebuild:BatchPutCodeCoverages'),
      ['ecr:GetAuthorizationToken', '*'],
      ...each([
        'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart',
        'ecr:CompleteLayerUpload', 'ecr:PutImage',
      ], place.images),
      ...readsArtifact(place, 'Source'), ...writesArtifact(place, 'Build'),
      ...place.besideArtifacts.flatMap((object) => each(['s3:GetObject', 's3:PutObject'], object)),
      ...PROGRAM.flatMap((object) => each(['s3:GetObject'], object)),
      ...more,
    ],
    beyond: [readsAll(place)],
    assumedBy: ['codebuild.amazonaws.com'],
  };
}

function reports({ suffix }: Place, name: string, put: string): Access[] {
  return each(['codebuild:CreateReport', 'codebuild:UpdateReport', put], `${here('codebuild')}:report-group/orders-${name}-${suffix}`);
}

/** AWSCodeDeployRoleForECS, for this service only. */
export function codeDeploy(place: Place, hooks: string[] = []): RoleTable {
  return {
    may: [
      ['ecs:DescribeServices', place.service],
      ['ecs:UpdateServicePrimaryTaskSet', place.service],
      ...each(['ecs:CreateTaskSet', 'ecs:DeleteTaskSet'], place.taskSet),
      ['elasticloadbalancing:ModifyListener', place.listener],
      ['elasticloadbalancing:ModifyRule', `${place.listener.replace(':listener/', ':listener-rule/')}/1`],
      ...each(['elasticloadbalancing:DescribeTargetGroups', 'elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:DescribeRules'], '*'),
      ['cloudwatch:DescribeAlarms', `${here('cloudwatch')}:alarm:orders`],
      ...['task', 'execution'].map((name) => place.passRole(name, 'ecs-tasks.amazonaws.com')),
      ...hooks.map((name): Access => ['lambda:InvokeFunction', `${here('lambda')}:function:${name}`]),
    ],
    beyond: [],
    assumedBy: ['codedeploy.amazonaws.com'],
  };
}

/** ECS/task_execution_IAM_role: the image, the log, and the secrets that are told. */
export function execution(place: Place, secrets: Access[] = []): RoleTable {
  return {
    may: [
      ['ecr:GetAuthorizationToken', '*'],
      ...each(['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], place.images),
      ...each(['logs:CreateLogStream', 'logs:PutLogEvents'], place.logStream(place.logs.service)),
      ...secrets,
    ],
    beyond: [],
    // ECS documents the account for the role of the tasks only
    assumedBy: ['ecs-tasks.amazonaws.com', 'ecs-tasks.amazonaws.com elsewhere'],
  };
}

/** ECS/ecs-exec: the channels, and the log of what is typed. */
export function taskWithSessions(place: Place): RoleTable {
  return {
    may: [
      ...each(['ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel'], '*'),
      ['logs:DescribeLogGroups', '*'],
      ...each(['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], place.logStream(place.logs.service)),
    ],
    beyond: [],
    assumedBy: ['ecs-tasks.amazonaws.com'],
  };
}

/** VPC/flow-logs-iam-role. */
function flowLogs(place: Place): RoleTable {
  return {
    may: each(['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], place.logStream(place.logs.flow)),
    beyond: [],
    assumedBy: ['vpc-flow-logs.amazonaws.com'],
  };
}

/** Lambda/configuration-vpc: its network interfaces, its log, and the report to CodeDeploy. */
export function smokeTest(place: Place): RoleTable {
  return {
    may: [
      ...each(['logs:CreateLogStream', 'logs:PutLogEvents'], place.logStream(place.logs.smokeTest)),
      ['ec2:CreateNetworkInterface', `${here('ec2')}:subnet/subnet-1`],
      ['ec2:DeleteNetworkInterface', `${here('ec2')}:network-interface/eni-1`],
      ['ec2:DescribeNetworkInterfaces', '*'],
      ['codedeploy:PutLifecycleEventHookExecutionStatus', place.deploymentGroup],
    ],
    beyond: [],
    assumedBy: ['lambda.amazonaws.com', 'lambda.amazonaws.com elsewhere'],
  };
}

/** By ssm, for this parameter: what a SecureString takes. */
export function decryptParameter(key: string, parameter: string): Access {
  return ['kms:Decrypt', key, { 'kms:ViaService': `ssm.${REGION}.amazonaws.com`, 'kms:EncryptionContext:PARAMETER_ARN': parameter }];
}

/** By secretsmanager. */
export function decryptSecret(key: string): Access {
  return ['kms:Decrypt', key, { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` }];
}

