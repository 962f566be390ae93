import { Access } from './decisions';
import { ACCOUNT } from './deployed';
import { ASSET_BUCKET, each, here, keyOf, Place, PROGRAM } from './place';

const ROLES = [
  'pipeline', 'source-action', 'build-action', 'approval-action', 'deploy-action', 'build', 'codedeploy',
  'task', 'execution', 'trigger', 'flow-logs', 'smoke-test', 'image-marks', 'image-marks-start',
];
const SERVICES = ['ecs-tasks', 'ecs', 'ec2', 'lambda', 'codebuild', 'codepipeline', 'codedeploy', 'cloudformation', 'states'].map((name) => `${name}.amazonaws.com`);

/** What somebody who has a role of the stack would try with it, whichever role it is. */
export function attacksOf(place: Place): Access[] {
  return [
    ...onRoles(place), ...onArtifacts(place), ...onKeysAndSecrets(place), ...onRelease(place), ...onImages(place),
    ...onTasks(place), ...onEvidence(place), ...onAlerts(place), ...onNetwork(place),
  ];
}

export function onRoles(place: Place): Access[] {
  return [
    ...ROLES.flatMap((name) => SERVICES.map((service) => place.passRole(name, service))),
    ...ROLES.flatMap((name) => each(['sts:AssumeRole', 'iam:AttachRolePolicy', 'iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy'], place.roleArn(name))),
    ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/administrator`, { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }],
    ...each(['sts:AssumeRole', 'iam:CreateRole', 'iam:DeleteRolePermissionsBoundary'], `arn:aws:iam::${ACCOUNT}:role/administrator`),
    ['iam:CreatePolicyVersion', `arn:aws:iam::${ACCOUNT}:policy/${place.role('build-policy')}`],
    ['iam:CreateAccessKey', `arn:aws:iam::${ACCOUNT}:user/alice`],
    ['cloudformation:UpdateStack', `${here('cloudformation')}:stack/Orders/1`],
  ];
}

function onArtifacts(place: Place): Access[] {
  return [
    ...place.objects.flatMap((object) => each(
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObjectTagging', 's3:PutObjectAcl', 's3:BypassGovernanceRetention'], object,
    )),
    ...each([
      's3:DeleteBucket', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutLifecycleConfiguration', 's3:PutEncryptionConfiguration', 's3:PutBucketVersioning',
      's3:PutBucketPublicAccessBlock', 's3:PutReplicationConfiguration',
    ], place.bucket),
    ...each(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::others/object'),
    ...PROGRAM.flatMap((object) => each(['s3:PutObject', 's3:DeleteObject', 's3:GetObjectVersion'], object)),
    ...each(['s3:GetObject', 's3:PutObject'], `${ASSET_BUCKET}/others.zip`),
    ...['arn:aws:s3:::others', ASSET_BUCKET].map((bucket): Access => ['s3:ListBucket', bucket]),
  ];
}

export function onKeysAndSecrets(place: Place): Access[] {
  return [
    ...[place.key, place.alertsKey].flatMap((key) => each(['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:PutKeyPolicy', 'kms:CreateGrant'], key)),
    ...each(['kms:Decrypt', 'kms:GenerateDataKey'], place.alertsKey),
    ...each(['kms:Decrypt', 'kms:GenerateDataKey'], keyOf('others')),
    ...each(['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'], `${here('secretsmanager')}:secret:others-1a2b3c`),
    ...each(['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath', 'ssm:PutParameter'], `${here('ssm')}:parameter/others`),
  ];
}

export function onRelease({ pipeline, project, repository, deploymentGroup, imageMarks, liveImages }: Place): Access[] {
  return [
    ...each(['codepipeline:UpdatePipeline', 'codepipeline:DeletePipeline', 'codepipeline:StartPipelineExecution', 'codepipeline:StopPipelineExecution'], pipeline),
    ['codepipeline:StartPipelineExecution', `${here('codepipeline')}:others`],
    ['codepipeline:PutApprovalResult', `${pipeline}/Approval/Approve`],
    ...each(['codepipeline:RollbackStage', 'codepipeline:RetryStageExecution', 'codepipeline:DisableStageTransition', 'codepipeline:EnableStageTransition'],
      `${pipeline}/Deploy`),
    ...[project, `${here('codebuild')}:project/others`].flatMap((arn) => each(['codebuild:StartBuild', 'codebuild:RetryBuild', 'codebuild:UpdateProject',
      'codebuild:DeleteProject', 'codebuild:UpdateProjectVisibility'], arn)),
    ...[repository, `${here('codecommit')}:others`].flatMap((arn) => each(
      ['codecommit:GitPush', 'codecommit:GitPull', 'codecommit:PutFile', 'codecommit:GetCommit', 'codecommit:DeleteRepository'], arn,
    )),
    ...[deploymentGroup, deploymentGroup.replace(/[^/]+$/, 'others')].flatMap((arn) => each(
      ['codedeploy:CreateDeployment', 'codedeploy:StopDeployment', 'codedeploy:ContinueDeployment', 'codedeploy:UpdateDeploymentGroup',
        'codedeploy:PutLifecycleEventHookExecutionStatus'], arn,
    )),
    ...[imageMarks, `${here('states')}:stateMachine:others`].flatMap((arn) => each(
      ['states:StartExecution', 'states:UpdateStateMachine', 'states:DeleteStateMachine', 'states:TestState'], arn,
    )),
    ...each(['ssm:PutParameter', 'ssm:DeleteParameter', 'ssm:GetParameter'], liveImages),
    ['codedeploy:CreateDeploymentConfig', `${here('codedeploy')}:deploymentconfig:at-once`],
  ];
}

export function onImages({ images }: Place): Access[] {
  return [
    ...each(['ecr:BatchDeleteImage', 'ecr:DeleteRepository', 'ecr:SetRepositoryPolicy', 'ecr:PutImageTagMutability', 'ecr:PutLifecyclePolicy',
      'ecr:PutImageScanningConfiguration', 'ecr:StartImageScan'], images),
    ...each(['ecr:PutImage', 'ecr:BatchGetImage', 'ecr:InitiateLayerUpload'], `${here('ecr')}:repository/others`),
    ['ecr:PutRegistryPolicy', '*'],
    ['ecr:PutReplicationConfiguration', '*'],
  ];
}

export function onTasks({ service, taskSet, suffix }: Place): Access[] {
  const task = `${here('ecs')}:task/orders-cluster-${suffix}/1a2b3c`;
  return [
    ...each(['ecs:UpdateService', 'ecs:DeleteService'], service),
    ...each(['ecs:DescribeServices', 'ecs:UpdateServicePrimaryTaskSet'], service.replace(/[^/]+$/, 'others')),
    ...each(['ecs:CreateTaskSet', 'ecs:DeleteTaskSet'], taskSet.replace(/orders-web-[^/]+/, 'others')),
    ...each(['ecs:ExecuteCommand', 'ecs:StopTask'], task),
    ['ecs:RunTask', `${here('ecs')}:task-definition/orders-web-${suffix}:1`],
    ['ecs:DeregisterTaskDefinition', '*'],
    ['lambda:InvokeFunction', `${here('lambda')}:function:orders-smoke-test-${suffix}`],
    ['lambda:UpdateFunctionCode', `${here('lambda')}:function:orders-smoke-test-${suffix}`],
  ];
}

export function onEvidence(place: Place): Access[] {
  const { project } = place;
  return [
    ...Object.values(place.logs).flatMap((group) => [
      ...each(['logs:PutLogEvents', 'logs:GetLogEvents', 'logs:DeleteLogStream'], place.logStream(group)),
      ...each(['logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:FilterLogEvents'], `${here('logs')}:log-group:${group}:*`),
    ]),
    ['logs:PutLogEvents', place.logStream('/aws/codebuild/others')],
    ['codebuild:BatchDeleteBuilds', project],
    ...['tests', 'coverage'].flatMap((name) => each(['codebuild:DeleteReport', 'codebuild:DeleteReportGroup', 'codebuild:UpdateReportGroup'],
      `${here('codebuild')}:report-group/orders-${name}-${place.suffix}`)),
    ['codebuild:BatchPutTestCases', `${here('codebuild')}:report-group/others`],
    ['cloudtrail:StopLogging', `${here('cloudtrail')}:trail/account`],
  ];
}

export function onAlerts({ topic, suffix }: Place): Access[] {
  return [
    ...each(['sns:Publish', 'sns:Subscribe', 'sns:SetTopicAttributes', 'sns:DeleteTopic'], topic),
    ...each(['events:DisableRule', 'events:DeleteRule', 'events:PutRule', 'events:PutTargets', 'events:RemoveTargets'],
      `${here('events')}:rule/orders-pipeline-failed-${suffix}`),
    ['events:PutEvents', `${here('events')}:event-bus/default`],
    ...each(['cloudwatch:DeleteAlarms', 'cloudwatch:DisableAlarmActions', 'cloudwatch:SetAlarmState'], `${here('cloudwatch')}:alarm:orders`),
    ['cloudwatch:PutMetricData', '*'],
  ];
}

export function onNetwork({ listener }: Place): Access[] {
  return [
    ...each(['elasticloadbalancing:ModifyListener', 'elasticloadbalancing:DeleteListener'], listener),
    ['elasticloadbalancing:ModifyListener', listener.replace('/web/', '/others/')],
    ['elasticloadbalancing:ModifyRule', `${listener.replace(':listener/', ':listener-rule/').replace('/web/', '/others/')}/1`],
    ['elasticloadbalancing:RegisterTargets', `${here('elasticloadbalancing')}:targetgroup/orders/1`],
    ['ec2:AuthorizeSecurityGroupIngress', `${here('ec2')}:security-group/sg-1`],
    ['ec2:CreateNetworkInterface', `${here('ec2')}:subnet/subnet-1`],
    ['ec2:CreateRoute', `${here('ec2')}:route-table/rtb-1`],
    ['ec2:DeleteFlowLogs', `${here('ec2')}:vpc-flow-log/fl-1`],
  ];
}
