import { add, append, change, drop, Edit, refer, reference, remove, replace, set, TemplateJson } from '../../template-checks/edits';
import {
  BLUE, BUILD, CONTAINER, DEPLOY, FAILED,
  GREEN, GROUP, LISTENER, PAIR, PIPELINE, PROJECT, SERVICE, SOURCE, TASK, TEST_LISTENER, TOPIC_POLICY, TRIGGER,
} from '../../template-checks/places';

/** Something that somebody gets wrong, seeded into the template of the profile `prod`. */
export interface Fault {
  readonly part: string;
  readonly name: string;
  readonly edit: Edit;
}

const BALANCER = 'ElasticLoadBalancingV2::LoadBalancer';
/** The groups behind the production listener. */
const FORWARDED = 'DefaultActions/0/ForwardConfig/TargetGroups';
const BUCKET = 'S3::Bucket Artifacts';
const TO_TASKS = 'EC2::SecurityGroupIngress ServiceSecurityGroupfrom';
const FROM_BALANCER = 'EC2::SecurityGroupEgress LoadBalancerSecurityGroupto';
const TARGET = 'ApplicationAutoScaling::ScalableTarget';
const LOG_BUCKET_POLICY = 'S3::BucketPolicy AccessLogs';
const SMOKE_TEST = 'Lambda::Function';
const BUILD_LOG = 'Logs::LogGroup BuildLogGroup';
const CONTAINER_LOG = 'Logs::LogGroup OrdersServiceLogGroup';
const EVENT_LOG = 'Logs::LogGroup EventLog';
const SMOKE_TEST_LOG = 'Logs::LogGroup SmokeTest';
/** The key of the user, for the logs and the smoke test; the ids of the others have the word in them as well. */
const OWN_KEY = 'KMS::Key Key961B73FD';

interface Statement { readonly Action: string | string[]; readonly Resource: unknown; readonly Condition?: unknown }

const policyOf = (role: string) => `IAM::ManagedPolicy ${role}Policy`;

/** Changes the statements of a role that have an action. */
function statement(
  role: string, action: string, makeNew: (old: Statement, template: TemplateJson) => Statement | undefined,
): Edit {
  return change(policyOf(role), 'PolicyDocument/Statement', (statements, template) => (statements as Statement[])
    .flatMap((old) => [old.Action].flat().includes(action) ? makeNew(old, template) ?? [] : old));
}

/** Takes an action away from a role. */
const withoutAction = (role: string, action: string): Edit => statement(role, action, (old) => {
  const left = [old.Action].flat().filter((other) => other !== action);
  return left.length > 0 ? { ...old, Action: left } : undefined;
});

const onAnything = (role: string, action: string): Edit => statement(role, action, (old) => ({ ...old, Resource: '*' }));

const allow = (role: string, action: string, resource: unknown): Edit =>
  append(policyOf(role), 'PolicyDocument/Statement', { Effect: 'Allow', Action: action, Resource: resource });

const trust = (role: string, principal: object): Edit => set(`IAM::Role ${role}`, 'AssumeRolePolicyDocument/Statement/0/Principal', principal);

const rewrite = (resource: string, property: string, from: string, to: string): Edit =>
  change(resource, property, (text) => (text as string).replace(from, to));

const rewriteDefinition = (from: string, to: string): Edit =>
  change('StepFunctions::StateMachine', 'DefinitionString', (text) => JSON.parse(JSON.stringify(text).replaceAll(from, to)));

const ANOTHER_ACCOUNT = '222222222222';

const withoutTrustCondition = (role: string): Edit => drop(`IAM::Role ${role}`, 'AssumeRolePolicyDocument/Statement/0/Condition');

const trustFromElsewhere = (role: string): Edit =>
  set(`IAM::Role ${role}`, 'AssumeRolePolicyDocument/Statement/0/Condition/StringEquals/aws:SourceAccount', ANOTHER_ACCOUNT);

/** Takes the statements away that have a text in them. */
const withoutStatements = (what: string, path: string, part: string): Edit =>
  change(what, path, (statements) => (statements as unknown[]).filter((candidate) => !JSON.stringify(candidate)
    .includes(part)));

const withoutDenials = (role: string): Edit => withoutStatements(policyOf(role), 'PolicyDocument/Statement', '"Effect":"Deny"');

const keyWithout = (key: string, sid: string): Edit => withoutStatements(key, 'KeyPolicy/Statement', `"Sid":"${sid}"`);

/** Changes the statement of a key that has a Sid. */
const keyStatement = (key: string, sid: string, makeNew: (old: object) => object): Edit => change(key, 'KeyPolicy/Statement', (statements) =>
  (statements as { readonly Sid?: string }[]).map((old) => old.Sid === sid ? makeNew(old) : old));

const keyForAnyLog = (key: string, sid: string): Edit => keyStatement(
  key, sid, (old) => ({ ...old, Condition: undefined }),
);

/** Changes the text of the task definition that the build hands over. */
const release = (from: string, to: string): Edit => replace(PROJECT, 'Source/BuildSpec', from, to);

const withoutDependency = (what: string, part: string): Edit =>
  change(what, '^DependsOn', (ids) => (ids as string[]).filter((id) => !id.includes(part)));

const FAULTS_BY_PART: { readonly [part: string]: { readonly [name: string]: Edit } } = {
  'network': {
    'public addresses in a private subnet': set('EC2::Subnet PrivateSubnet1', 'MapPublicIpOnLaunch', true),
    'private subnet routed to the internet gateway': change('EC2::Route PrivateSubnet1', 'NatGatewayId', () => undefined),
    'private route without a gateway': (template) => {
      drop('EC2::Route PrivateSubnet2', 'NatGatewayId')(template);
      set('EC2::Route PrivateSubnet2', 'GatewayId', reference(template, 'EC2::InternetGateway'))(template);
    },
    'overlapping subnets': set('EC2::Subnet PrivateSubnet2', 'CidrBlock', '10.0.32.0/20'),
    'subnet outside of the VPC': set('EC2::Subnet PrivateSubnet2', 'CidrBlock', '10.9.0.0/20'),
    'no names in the VPC': set('EC2::VPC', 'EnableDnsHostnames', false),
    'one NAT gateway gone': (template) => {
      remove('EC2::NatGateway PublicSubnet2')(template);
      refer('EC2::Route PrivateSubnet2', 'NatGatewayId', 'EC2::NatGateway PublicSubnet1')(template);
    },
    'NAT gateway before its route': withoutDependency('EC2::NatGateway PublicSubnet1', 'DefaultRoute'),
    'public route before the gateway': withoutDependency('EC2::Route PublicSubnet1', 'VPCGW'),
    'flow logs of rejected traffic only': set('EC2::FlowLog', 'TrafficType', 'REJECT'),
    'no flow logs': remove('EC2::FlowLog'),
    'flow logs in plain text': drop('Logs::LogGroup FlowLog', 'KmsKeyId'),
    'flow log key for another log group': replace('KMS::Key FlowLog', 'KeyPolicy', ':log-group:/aws/vpc/orders-flow-logs-prod', ':log-group:/aws/vpc/others'),
    'flow log role of another service': trust('FlowLogRole', { Service: 'ec2.amazonaws.com' }),
    'flow log role for flow logs elsewhere': withoutTrustCondition('FlowLogRole'),
    'flow log role for flow logs of another account': trustFromElsewhere('FlowLogRole'),
    'flow log role that writes nothing': withoutAction('FlowLogRole', 'logs:PutLogEvents'),
  },
  'platform': {
    'mutable tags': set('ECR::Repository', 'ImageTagMutability', 'MUTABLE'),
    'no scan': set('ECR::Repository', 'ImageScanningConfiguration/ScanOnPush', false),
    'images go with the stack': set('ECR::Repository', '^DeletionPolicy', 'Delete'),
    'images with the key of AWS': drop('ECR::Repository', 'EncryptionConfiguration'),
    'images kept for ever': drop('ECR::Repository', 'LifecyclePolicy'),
    'no rule for live images': rewrite('ECR::Repository', 'LifecyclePolicy/LifecyclePolicyText', 'live-*', 'alive-*'),
    'candidates kept for a day': rewrite('ECR::Repository', 'LifecyclePolicy/LifecyclePolicyText', '"countNumber":30', '"countNumber":1'),
    'marks without a look at what is live': rewriteDefinition('IsStillLive', 'IsLive'),
    'marks of failed deployments': set('Events::Rule ImageMarks', 'EventPattern/detail/state', ['FAILURE']),
    'marks in any repository': onAnything('ImageMarksRole', 'ecr:PutImage'),
    'marks that cannot be removed': withoutAction('ImageMarksRole', 'ecr:BatchDeleteImage'),
    'repository with a capital': set('ECR::Repository', 'RepositoryName', 'Orders-app-prod'),
    'no insights': drop('ECS::Cluster', 'ClusterSettings'),
    'cluster name with a space': set('ECS::Cluster', 'ClusterName', 'orders cluster'),
  },
  'service': {
    'another container port in the task': set(TASK, 'ContainerDefinitions/0/PortMappings/0/ContainerPort', 80),
    'another container name in the service': set(SERVICE, 'LoadBalancers/0/ContainerName', 'web'),
    'another container port in the service': set(SERVICE, 'LoadBalancers/0/ContainerPort', 9090),
    'no execution role': drop(TASK, 'ExecutionRoleArn'),
    'task role in the place of the execution role': refer(TASK, 'ExecutionRoleArn', 'IAM::Role TaskRole', 'Arn'),
    'CPU and memory that are no pair': set(TASK, 'Memory', '512'),
    'bridge network': set(TASK, 'NetworkMode', 'bridge'),
    'privileged container': set(TASK, 'ContainerDefinitions/0/Privileged', true),
    'log in the group of the build': refer(TASK, 'ContainerDefinitions/0/LogConfiguration/Options/awslogs-group', 'Logs::LogGroup BuildLogGroup'),
    'no log': drop(TASK, 'ContainerDefinitions/0/LogConfiguration'),
    'public address for tasks': set(SERVICE, 'NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp', 'ENABLED'),
    'tasks in public subnets': refer(SERVICE, 'NetworkConfiguration/AwsvpcConfiguration/Subnets/0', 'EC2::Subnet PublicSubnet1'),
    'service that deploys itself': drop(SERVICE, 'DeploymentController'),
    'number of tasks in the template': set(SERVICE, 'DesiredCount', 1),
    'service before the pull permission': withoutDependency(SERVICE, 'ExecutionRolePolicy'),
    'service before the way out': withoutDependency(SERVICE, 'DefaultRoute'),
    'no grace period': drop(SERVICE, 'HealthCheckGracePeriodSeconds'),
    'execution role that may not pull': withoutAction('ExecutionRole', 'ecr:BatchGetImage'),
    'execution role that may not log': withoutAction('ExecutionRole', 'logs:CreateLogStream'),
    'execution role that pulls anything': onAnything('ExecutionRole', 'ecr:BatchGetImage'),
    'task role of the build service': trust('TaskRole', { Service: 'codebuild.amazonaws.com' }),
    'log kept for ever': drop('Logs::LogGroup OrdersServiceLogGroup', 'RetentionInDays'),
    'log goes with the stack': set('Logs::LogGroup OrdersServiceLogGroup', '^DeletionPolicy', 'Delete'),
    'container that writes to its root file system': drop(TASK, `${CONTAINER}/ReadonlyRootFilesystem`),
    'root file system that may be written': set(TASK, `${CONTAINER}/ReadonlyRootFilesystem`, false),
    'no mount point': drop(TASK, `${CONTAINER}/MountPoints`),
    'mount point that cannot be written': set(TASK, `${CONTAINER}/MountPoints/0/ReadOnly`, true),
    'mount point of another volume': set(TASK, `${CONTAINER}/MountPoints/0/SourceVolume`, 'temporary'),
    'no volume': drop(TASK, 'Volumes'),
    'no user': drop(TASK, `${CONTAINER}/User`),
    'root': set(TASK, `${CONTAINER}/User`, '0'),
    'container log in plain text': drop(CONTAINER_LOG, 'KmsKeyId'),
    'container log with the key of the artifacts': refer(CONTAINER_LOG, 'KmsKeyId', 'KMS::Key ArtifactsKey', 'Arn'),
    'execution role that another service assumes as well': set('IAM::Role ExecutionRole', 'AssumeRolePolicyDocument/Statement/0/Principal/Service', ['ecs-tasks.amazonaws.com', 'ec2.amazonaws.com']),
    'task role for tasks elsewhere': withoutTrustCondition('TaskRole'),
    'no scaling by requests': remove('ApplicationAutoScaling::ScalingPolicy Requests'),
    'one task at least': set(TARGET, 'MinCapacity', 1),
    'circuit breaker': set(SERVICE, 'DeploymentConfiguration/DeploymentCircuitBreaker', { Enable: true, Rollback: true }),
    'deployment alarms': set(SERVICE, 'DeploymentConfiguration/Alarms', { AlarmNames: [], Enable: false, Rollback: false }),
    'Service Connect': set(SERVICE, 'ServiceConnectConfiguration', { Enabled: true, Namespace: 'local' }),
    'EBS volume': set(SERVICE, 'VolumeConfigurations', [{ Name: 'data' }]),
    'service registry': set(SERVICE, 'ServiceRegistries', [{ RegistryArn: 'arn:aws:servicediscovery:eu-west-1:111111111111:service/srv-1' }]),
    'second load balancer of the service': change(SERVICE, 'LoadBalancers', (list) => [...list as unknown[], ...list as unknown[]]),
    'capacity providers beside the launch type': set(SERVICE, 'CapacityProviderStrategy', [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }]),
    'capacity providers that the release does not have': (template) => {
      drop(SERVICE, 'LaunchType')(template);
      set(SERVICE, 'CapacityProviderStrategy', [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }])(template);
    },
    'replaced revisions are deregistered': set(TASK, '^UpdateReplacePolicy', 'Delete'),
  },
  'load balancer': {
    'targets by instance': set(BLUE, 'TargetType', 'instance'),
    'another health path for green': set(GREEN, 'HealthCheckPath', '/'),
    'another health path for both': (template) => [BLUE, GREEN].forEach((group) => set(group, 'HealthCheckPath', '/healthz')(template)),
    'timeout above the interval': (template) => [BLUE, GREEN].forEach((group) => set(group, 'HealthCheckTimeoutSeconds', 20)(template)),
    'green in another VPC': set(GREEN, 'VpcId', 'vpc-11111111'),
    'long target group name': set(BLUE, 'Name', 'orders-blue-target-group-of-production'),
    'stickiness of green only': set(GREEN, 'TargetGroupAttributes/1/Value', 'true'),
    'slow start of blue only': append(BLUE, 'TargetGroupAttributes', { Key: 'slow_start.duration_seconds', Value: '60' }),
    'no time for targets to end': set(BLUE, 'TargetGroupAttributes/0/Value', '0'),
    'two listeners on one port': set(TEST_LISTENER, 'Port', 443),
    'HTTPS without a certificate': drop(LISTENER, 'Certificates'),
    'old TLS': set(LISTENER, 'SslPolicy', 'ELBSecurityPolicy-2016-08'),
    'HTTP that is not redirected': (template) => {
      set('ElasticLoadBalancingV2::Listener Redirect', 'DefaultActions', [{ Type: 'forward', TargetGroupArn: reference(template, BLUE) }])(template);
    },
    'listener that begins with green': (template) => {
      set(LISTENER, `${FORWARDED}/0/Weight`, 0)(template);
      set(LISTENER, `${FORWARDED}/1/Weight`, 100)(template);
    },
    'listener that begins with both': set(LISTENER, `${FORWARDED}/1/Weight`, 1),
    'green behind no production listener': drop(LISTENER, `${FORWARDED}/1`),
    'blue twice behind the listener': refer(LISTENER, `${FORWARDED}/1/TargetGroupArn`, BLUE),
    'another idle timeout': set(BALANCER, 'LoadBalancerAttributes/2/Value', '10'),
    'service that begins in green': refer(SERVICE, 'LoadBalancers/0/TargetGroupArn', GREEN),
    'no deletion protection': set(BALANCER, 'LoadBalancerAttributes/0/Value', 'false'),
    'invalid headers pass': drop(BALANCER, 'LoadBalancerAttributes/1'),
    'internal load balancer': set(BALANCER, 'Scheme', 'internal'),
    'one subnet': drop(BALANCER, 'Subnets/1'),
    'reserved name': set(BALANCER, 'Name', 'internal-orders-prod'),
    'no access log': set(BALANCER, 'LoadBalancerAttributes/4/Value', 'false'),
    'access log where it may not be written': set(BALANCER, 'LoadBalancerAttributes/6/Value', 'others'),
    'log bucket without the load balancer': withoutStatements(LOG_BUCKET_POLICY, 'PolicyDocument/Statement', 'logdelivery.elasticloadbalancing'),
    'tasks open to the world': append('EC2::SecurityGroup OrdersServiceSecurityGroup', 'SecurityGroupIngress', { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, CidrIp: '0.0.0.0/0' }),
    'test listener open to the world': append('EC2::SecurityGroup LoadBalancer', 'SecurityGroupIngress', { IpProtocol: 'tcp', FromPort: 9000, ToPort: 9000, CidrIp: '0.0.0.0/0' }),
    'tasks closed to the load balancer': remove(TO_TASKS),
    'tasks open at another port': (template) => ['FromPort', 'ToPort'].forEach((end) => set(TO_TASKS, end, 80)(template)),
    'load balancer closed to the tasks': (template) => ['FromPort', 'ToPort'].forEach((end) => set(FROM_BALANCER, end, 80)(template)),
  },
  'pipeline': {
    'input that nobody makes': set(PIPELINE, `${DEPLOY}/InputArtifacts/0/Name`, 'Release'),
    'source artifact in the place of the build\'s': set(PIPELINE, `${DEPLOY}/InputArtifacts/0/Name`, 'Source'),
    'deployment before the build': change(PIPELINE, 'Stages', (stages) => [0, 2, 1].map((index) => (stages as unknown[])[index])),
    'no deployment': drop(PIPELINE, 'Stages/2'),
    'source stage only': change(PIPELINE, 'Stages', (stages) => (stages as unknown[]).slice(0, 1)),
    'no application in the action': drop(PIPELINE, `${DEPLOY}/Configuration/ApplicationName`),
    'cluster in the place of the project': refer(PIPELINE, `${BUILD}/Configuration/ProjectName`, 'ECS::Cluster'),
    'variable of a later action': set(PIPELINE, `${BUILD}/Configuration/EnvironmentVariables`, '[{"name":"A","value":"#{Deploy.Id}"}]'),
    'polled source': set(PIPELINE, `${SOURCE}/Configuration/PollForSourceChanges`, true),
    'queued executions': set(PIPELINE, 'ExecutionMode', 'QUEUED'),
    'no retry': drop(PIPELINE, 'Stages/1/OnFailure'),
    'artifacts with the key of AWS': drop(PIPELINE, 'ArtifactStore/EncryptionKey'),
    'no role of the action': drop(PIPELINE, `${DEPLOY}/RoleArn`),
    'role of the build in the deployment': refer(PIPELINE, `${DEPLOY}/RoleArn`, 'IAM::Role BuildActionRole', 'Arn'),
    'bucket without a key': drop(BUCKET, 'BucketEncryption'),
    'public bucket': drop(BUCKET, 'PublicAccessBlockConfiguration'),
    'bucket without versions': drop(BUCKET, 'VersioningConfiguration'),
    'artifacts kept for ever': set(BUCKET, 'LifecycleConfiguration/Rules/0/Status', 'Disabled'),
    'bucket that goes with the stack': set(BUCKET, '^DeletionPolicy', 'Delete'),
    'plain HTTP to the bucket': drop('S3::BucketPolicy Artifacts', 'PolicyDocument/Statement/0'),
    'bucket open to another account': append('S3::BucketPolicy Artifacts', 'PolicyDocument/Statement', { Effect: 'Allow', Principal: { AWS: ANOTHER_ACCOUNT }, Action: 's3:GetObject', Resource: '*' }),
    'reads of artifacts are not logged': drop(BUCKET, 'LoggingConfiguration'),
    'log of artifacts where it may not be written': set(BUCKET, 'LoggingConfiguration/LogFilePrefix', 'artifacts/'),
    'log bucket without S3': withoutStatements(LOG_BUCKET_POLICY, 'PolicyDocument/Statement', 'logging.s3.'),
    'log bucket without the artifacts': drop(LOG_BUCKET_POLICY, 'PolicyDocument/Statement/4'),
    'log bucket for S3 of anybody': drop(LOG_BUCKET_POLICY, 'PolicyDocument/Statement/4/Condition'),
    'plain HTTP to the log bucket': drop(LOG_BUCKET_POLICY, 'PolicyDocument/Statement/0'),
    'public log bucket': drop('S3::Bucket AccessLogs', 'PublicAccessBlockConfiguration'),
    'source goes with the stack': set('CodeCommit::Repository', '^DeletionPolicy', 'Delete'),
    'trigger of another branch': set(TRIGGER, 'EventPattern/detail/referenceName', ['develop']),
    'trigger for a branch that is a text': set(TRIGGER, 'EventPattern/detail/referenceName', 'main'),
    'trigger that is off': set(TRIGGER, 'State', 'DISABLED'),
    'trigger without a role': drop(TRIGGER, 'Targets/0/RoleArn'),
    'trigger of new branches only': set(TRIGGER, 'EventPattern/detail/event', ['referenceCreated']),
    'trigger that may start another pipeline only': replace(policyOf('TriggerRole'), 'PolicyDocument', ':codepipeline:', ':codebuild:'),
  },
  'build': {
    'unknown compute type': set(PROJECT, 'Environment/ComputeType', 'BUILD_GENERAL2_SMALL'),
    'image for the other processor': set(PROJECT, 'Environment/Image', 'aws/codebuild/amazonlinux-aarch64-standard:3.0'),
    'no privileged mode': set(PROJECT, 'Environment/PrivilegedMode', false),
    'buildspec without a version': replace(PROJECT, 'Source/BuildSpec', '{"version":"0.2",', '{'),
    'broken buildspec': replace(PROJECT, 'Source/BuildSpec', '"phases":{', '"phases":'),
    'misspelt phase': replace(PROJECT, 'Source/BuildSpec', '"build":{"commands"', '"built":{"commands"'),
    'artifacts in a bucket': set(PROJECT, 'Artifacts/Type', 'S3'),
    'task definition that is not handed over': replace(PROJECT, 'Source/BuildSpec', '"appspec.yaml","taskdef.json"', '"appspec.yaml"'),
    'another container in the AppSpec': replace(PROJECT, 'Source/BuildSpec', 'ContainerName: "app"', 'ContainerName: "web"'),
    'another port in the AppSpec': replace(PROJECT, 'Source/BuildSpec', 'ContainerPort: 8080', 'ContainerPort: 80'),
    'public addresses in the AppSpec only': replace(PROJECT, 'Source/BuildSpec', 'ContainerPort: 8080', [
      'ContainerPort: 8080', '        NetworkConfiguration:', '          AwsvpcConfiguration:',
      '            Subnets: ["subnet-1"]', '            SecurityGroups: ["sg-1"]', '            AssignPublicIp: "ENABLED"',
    ].join('\n')),
    'another placeholder': replace(PROJECT, 'Source/BuildSpec', '<IMAGE1_NAME>', '<IMAGE_NAME>'),
    'another family in the release': replace(PROJECT, 'Source/BuildSpec', '"family":"orders-web-prod"', '"family":"orders"'),
    'roles of the release exchanged': replace(PROJECT, 'Source/BuildSpec', '"executionRoleArn"', '"taskRole"'),
    'release that writes to its root file system': release('"readonlyRootFilesystem":true,', ''),
    'release whose root file system may be written': release('"readonlyRootFilesystem":true', '"readonlyRootFilesystem":false'),
    'release with a misspelt root file system': release('"readonlyRootFilesystem"', '"readOnlyRootFilesystem"'),
    'release without a mount point': release('"mountPoints":[{"containerPath":"/tmp","readOnly":false,"sourceVolume":"tmp"}],', ''),
    'release with a mount point of another volume': release('"sourceVolume":"tmp"', '"sourceVolume":"temporary"'),
    'release without a volume': release(',"volumes":[{"name":"tmp"}]', ''),
    'release without a user': release(',"user":"10001"', ''),
    'release of root': release('"user":"10001"', '"user":"0"'),
    'release that is no JSON': release('{"containerDefinitions":[', '{"containerDefinitions":'),
    'parameter without a name': append(PROJECT, 'Environment/EnvironmentVariables', { Name: 'TOKEN', Type: 'PARAMETER_STORE', Value: '' }),
    'password in plain text': append(PROJECT, 'Environment/EnvironmentVariables', { Name: 'HUB_PASSWORD', Type: 'PLAINTEXT', Value: 'secret' }),
    'output in plain text': drop(PROJECT, 'EncryptionKey'),
    'no log of the build': set(PROJECT, 'LogsConfig/CloudWatchLogs/Status', 'DISABLED'),
    'build log in plain text': drop(BUILD_LOG, 'KmsKeyId'),
    'build without an end': set(PROJECT, 'TimeoutInMinutes', 2160),
    'reports that go': set('CodeBuild::ReportGroup TestReports', 'DeleteReports', true),
    'build that may not push': withoutAction('BuildRole', 'ecr:PutImage'),
    'build that may not report': withoutAction('BuildRole', 'codebuild:BatchPutCodeCoverages'),
    'build that may not decrypt': withoutAction('BuildRole', 'kms:Decrypt'),
    'build that pushes anywhere': onAnything('BuildRole', 'ecr:PutImage'),
    'build that writes any object': onAnything('BuildRole', 's3:PutObject'),
    'build that may do anything in ECR': allow('BuildRole', 'ecr:*', '*'),
    'build that passes roles': allow('BuildRole', 'iam:PassRole', '*'),
    'build that writes the source': withoutDenials('BuildRole'),
    'build role for builds elsewhere': withoutTrustCondition('BuildRole'),
    'build role for builds of another account': trustFromElsewhere('BuildRole'),
    'build role that EC2 assumes': trust('BuildRole', { Service: 'ec2.amazonaws.com' }),
    'build role that anybody assumes': trust('BuildRole', { AWS: '*' }),
    'build role of an administrator': set('IAM::Role BuildRole', 'ManagedPolicyArns', ['arn:aws:iam::aws:policy/AdministratorAccess']),
  },
  'deployment': {
    'target groups exchanged for one': refer(GROUP, `${PAIR}/TargetGroups/1/Name`, BLUE, 'TargetGroupName'),
    'listener that redirects': refer(GROUP, `${PAIR}/ProdTrafficRoute/ListenerArns/0`, 'ElasticLoadBalancingV2::Listener Redirect'),
    'listeners exchanged': (template) => {
      refer(GROUP, `${PAIR}/ProdTrafficRoute/ListenerArns/0`, TEST_LISTENER)(template);
      refer(GROUP, `${PAIR}/TestTrafficRoute/ListenerArns/0`, LISTENER)(template);
    },
    'no listener for tests': drop(GROUP, `${PAIR}/TestTrafficRoute`),
    'configuration for servers': set(GROUP, 'DeploymentConfigName', 'CodeDeployDefault.HalfAtATime'),
    'all traffic at once': set(GROUP, 'DeploymentConfigName', 'CodeDeployDefault.ECSAllAtOnce'),
    'application for servers': set('CodeDeploy::Application', 'ComputePlatform', 'Server'),
    'in place': set(GROUP, 'DeploymentStyle/DeploymentType', 'IN_PLACE'),
    'cluster of somebody else': (template) => {
      add('Other', 'ECS::Cluster', {})(template);
      set(GROUP, 'ECSServices/0/ClusterName', { Ref: 'Other' })(template);
    },
    'no rollback': set(GROUP, 'AutoRollbackConfiguration/Enabled', false),
    'no rollback by alarm': drop(GROUP, 'AutoRollbackConfiguration/Events/2'),
    'alarms that are not heard': set(GROUP, 'AlarmConfiguration/Enabled', false),
    'one alarm forgotten': drop(GROUP, 'AlarmConfiguration/Alarms/0'),
    'alarm of the other colour': refer('CloudWatch::Alarm BlueUnhealthyHosts', 'Dimensions/1/Value', GREEN, 'TargetGroupFullName'),
    'judge that takes one colour for both': change('CloudWatch::Alarm Judge', 'Metrics', (metrics) => (metrics as { Id: string; MetricStat?: object }[])
      .map((each, _, all) => each.Id === 'greenRequests' ? { ...each, MetricStat: all.find(({ Id }) => Id === 'blueRequests')?.MetricStat } : each)),
    'judge that also stops a fix': change('CloudWatch::Alarm Judge', 'Metrics/0/Expression', (expression) => (expression as string)
      .replace('(excess > 0) AND ', '').replace('(100 * difference)', '(100 * requests)')),
    'judge without patience': set('CloudWatch::Alarm Judge', 'DatapointsToAlarm', 1),
    'ceiling that does not see the load balancer': change('CloudWatch::Alarm Ceiling', 'Metrics', (metrics) => (metrics as { Id: string }[])
      .map((each) => each.Id === 'errors' ? { ...each, Expression: 'target5xx + (0 * requests)' } : each)),
    'alarm that wants less': set('CloudWatch::Alarm BlueLatency', 'ComparisonOperator', 'LessThanThreshold'),
    'alarm without data': set('CloudWatch::Alarm BlueLatency', 'TreatMissingData', 'breaching'),
    'former tasks end at once': set(GROUP, 'BlueGreenDeploymentConfiguration/TerminateBlueInstancesOnDeploymentSuccess/TerminationWaitTimeInMinutes', 0),
    'traffic that waits for a person': set(GROUP, 'BlueGreenDeploymentConfiguration/DeploymentReadyOption/ActionOnTimeout', 'STOP_DEPLOYMENT'),
    'smoke test at another port': set('Lambda::Function', 'Environment/Variables/PORT', '9001'),
    'smoke test that ends before its answer': set('Lambda::Function', 'Timeout', 60),
    'smoke test with its environment in plain text': drop(SMOKE_TEST, 'KmsKeyArn'),
    'smoke test without room to run': drop(SMOKE_TEST, 'ReservedConcurrentExecutions'),
    'smoke test that never runs': set(SMOKE_TEST, 'ReservedConcurrentExecutions', 0),
    'smoke test that is lost': drop(SMOKE_TEST, 'DeadLetterConfig'),
    'lost smoke tests in plain text': drop('SQS::Queue LostSmokeTests', 'KmsMasterKeyId'),
    'lost smoke tests in the queue of the alerts': refer(SMOKE_TEST, 'DeadLetterConfig/TargetArn', 'SQS::Queue Undelivered', 'Arn'),
    'smoke test that may not decrypt': withoutAction('SmokeTestRole', 'kms:Decrypt'),
    'smoke test that may not encrypt': withoutAction('SmokeTestRole', 'kms:GenerateDataKey'),
    'smoke test that may not send what is lost': withoutAction('SmokeTestRole', 'sqs:SendMessage'),
    'smoke test that may not log': withoutAction('SmokeTestRole', 'logs:PutLogEvents'),
    'smoke test that may not enter the VPC': withoutAction('SmokeTestRole', 'ec2:DescribeNetworkInterfaces'),
    'smoke test that makes network interfaces itself': withoutDenials('SmokeTestRole'),
    'smoke test log in plain text': drop(SMOKE_TEST_LOG, 'KmsKeyId'),
    'hook that may not answer': withoutAction('CodeDeployHooks', 'codedeploy:PutLifecycleEventHookExecutionStatus'),
    'CodeDeploy that may not call the hook': withoutAction('CodeDeployServiceRole', 'lambda:InvokeFunction'),
    'CodeDeploy that may not move traffic': withoutAction('CodeDeployServiceRole', 'elasticloadbalancing:ModifyListener'),
    'CodeDeploy that may not make tasks': withoutAction('CodeDeployServiceRole', 'ecs:CreateTaskSet'),
    'CodeDeploy that may move any listener': onAnything('CodeDeployServiceRole', 'elasticloadbalancing:ModifyListener'),
    'CodeDeploy that may not pass roles': withoutAction('CodeDeployServiceRole', 'iam:PassRole'),
    'CodeDeploy that may not move tests': statement('CodeDeployServiceRole', 'elasticloadbalancing:ModifyListener', (old) => ({ ...old, Resource: (old.Resource as unknown[]).slice(0, 1) })),
    'CodeDeploy role for deployments elsewhere': withoutTrustCondition('CodeDeployServiceRole'),
    'CodeDeploy role for deployments of another account': trustFromElsewhere('CodeDeployServiceRole'),
    'CodeDeploy role of the pipeline': trust('CodeDeployServiceRole', { Service: 'codepipeline.amazonaws.com' }),
    'action that may not pass roles': withoutAction('DeployActionRole', 'iam:PassRole'),
    'action that passes any role': onAnything('DeployActionRole', 'iam:PassRole'),
    'roles passed to another service': replace(policyOf('DeployActionRole'), 'PolicyDocument', 'ecs-tasks.amazonaws.com', 'ec2.amazonaws.com'),
    'roles passed to any service': statement('DeployActionRole', 'iam:PassRole', (old) => ({ ...old, Condition: undefined })),
    'task role only is passed': statement('DeployActionRole', 'iam:PassRole', (old) => ({ ...old, Resource: [(old.Resource as unknown[])[0]] })),
    'action that may not register a task': withoutAction('DeployActionRole', 'ecs:RegisterTaskDefinition'),
    'action that may not read the key': withoutAction('DeployActionRole', 'kms:Decrypt'),
    'action that deploys anything': onAnything('DeployActionRole', 'codedeploy:CreateDeployment'),
  },
  'pipeline roles': {
    'pipeline that may not assume the deployment': statement('PipelineRole', 'sts:AssumeRole', (old) => ({ ...old, Resource: (old.Resource as unknown[]).slice(0, 1) })),
    'pipeline that assumes anything': onAnything('PipelineRole', 'sts:AssumeRole'),
    'pipeline role of the build service': trust('PipelineRole', { Service: 'codebuild.amazonaws.com' }),
    'action role that another account assumes': trust('BuildActionRole', { AWS: 'arn:aws:iam::222222222222:root' }),
    'action role that the pipeline cannot assume': trust('SourceActionRole', { Service: 'codecommit.amazonaws.com' }),
    'deploy action role that the account assumes': withoutTrustCondition('DeployActionRole'),
    'deploy action role that another role assumes': replace('IAM::Role DeployActionRole', 'AssumeRolePolicyDocument/Statement/0/Condition', ':role/orders-pipeline-', ':role/orders-build-'),
    'source action role that the account assumes': withoutTrustCondition('SourceActionRole'),
    'build action role that the account assumes': withoutTrustCondition('BuildActionRole'),
    'pipeline that writes caches and reports': withoutDenials('PipelineRole'),
    'source that writes builds, caches and reports': withoutDenials('SourceActionRole'),
    'trigger for rules elsewhere': withoutTrustCondition('TriggerRole'),
    'trigger for rules of another account': trustFromElsewhere('TriggerRole'),
    'source that may not upload': withoutAction('SourceActionRole', 'codecommit:UploadArchive'),
    'source of any repository': onAnything('SourceActionRole', 'codecommit:GetCommit'),
    'build that may not be started': withoutAction('BuildActionRole', 'codebuild:StartBuild'),
    'trigger that starts any pipeline': onAnything('TriggerRole', 'codepipeline:StartPipelineExecution'),
    'trigger that is not trusted': trust('TriggerRole', { Service: 'scheduler.amazonaws.com' }),
  },
  'alerts': {
    'state that does not exist': set(FAILED, 'EventPattern/detail/state', ['FAILURE']),
    'state of success': set(FAILED, 'EventPattern/detail/state', ['SUCCEEDED']),
    'state as a text': set(FAILED, 'EventPattern/detail/state', 'FAILED'),
    'events of each pipeline': drop(FAILED, 'EventPattern/resources'),
    'events of the build': set(FAILED, 'EventPattern/source', ['aws.codebuild']),
    'misspelt field': set(FAILED, 'EventPattern/detailType', ['CodePipeline Pipeline Execution State Change']),
    'rule that is off': set(FAILED, 'State', 'DISABLED'),
    'misspelt placeholder': replace(FAILED, 'Targets/0/InputTransformer/InputTemplate', '<time>', '<when>'),
    'topic in plain text': drop('SNS::Topic', 'KmsMasterKeyId'),
    'topic with the key of AWS': set('SNS::Topic', 'KmsMasterKeyId', 'alias/aws/sns'),
    'key without EventBridge': replace('KMS::Key AlertsKey', 'KeyPolicy', 'events.amazonaws.com', 'sns.amazonaws.com'),
    'key that does not decrypt': drop('KMS::Key AlertsKey', 'KeyPolicy/Statement/1/Action/0'),
    'policy without EventBridge': drop(TOPIC_POLICY, 'PolicyDocument/Statement/2'),
    'policy for one rule of two': drop(TOPIC_POLICY, 'PolicyDocument/Statement/2/Condition/ArnEquals/aws:SourceArn/0'),
    'policy for rules of anybody': drop(TOPIC_POLICY, 'PolicyDocument/Statement/2/Condition'),
    'two statements of one Sid': set(TOPIC_POLICY, 'PolicyDocument/Statement/1/Sid', 'AllowPublishThroughSSLOnly'),
    'pattern longer than EventBridge takes': set(FAILED, 'EventPattern/detail/pipeline', Array.from({ length: 200 }, (_, index) => `pipeline-${index}`)),
    'policy for everybody': set(TOPIC_POLICY, 'PolicyDocument/Statement/1/Principal', '*'),
    'plain HTTP to the topic': drop(TOPIC_POLICY, 'PolicyDocument/Statement/0'),
    'reason of any state of an action': set('Events::Rule ActionFailed', 'EventPattern/detail/state', ['FAILED', 'SUCCEEDED']),
    'action that is not told of': drop('Events::Rule ActionFailed', 'Targets/0'),
    'deployment that is stopped and not told of': set('Events::Rule DeploymentFailed', 'EventPattern/detail/state', ['FAILURE']),
    'deployment of any group': drop('Events::Rule DeploymentFailed', 'EventPattern/resources'),
    'alarm that is not over': set('Events::Rule AlarmRule', 'EventPattern/detail', { state: { value: ['ALARM'] } }),
    'alarm of another colour': drop('Events::Rule AlarmRule', 'EventPattern/resources/0'),
    'single choice, which is a field': set('Events::Rule ImageScan', 'EventPattern/detail/$or', [{ 'finding-severity-counts': { CRITICAL: [{ numeric: ['>', 0] }] } }]),
    'scan of any repository': drop('Events::Rule ImageScan', 'EventPattern/detail/repository-name'),
    'scan in any account': drop('Events::Rule ImageScan', 'EventPattern/account'),
    'finding in any image': drop('Events::Rule ImageFinding', 'EventPattern/detail/resources/details/awsEcrContainerImage/$or'),
    'finding in any repository': drop('Events::Rule ImageFinding', 'EventPattern/detail/resources/details/awsEcrContainerImage/repositoryName'),
    'finding in any account': drop('Events::Rule ImageFinding', 'EventPattern/account'),
    'push that is lost': drop('Events::Rule PipelineTrigger', 'Targets/0/DeadLetterConfig'),
    'log of the pipeline alone': set('Events::Rule Activity', 'EventPattern/source', ['aws.codepipeline']),
    'undelivered and lost': drop('Events::Rule ActionFailed', 'Targets/0/DeadLetterConfig'),
    'queue that takes nothing': drop('SQS::QueuePolicy Undelivered', 'PolicyDocument/Statement/1'),
    'queue in plain text': drop('SQS::Queue Undelivered', 'KmsMasterKeyId'),
    'queue that forgets': set('SQS::Queue Undelivered', 'MessageRetentionPeriod', 60),
    'undelivered and not told of': drop('CloudWatch::Alarm Undelivered', 'AlarmActions'),
    'alarm that may not publish': drop(TOPIC_POLICY, 'PolicyDocument/Statement/1'),
    'key without alarms': replace('KMS::Key AlertsKey', 'KeyPolicy', 'cloudwatch.amazonaws.com', 'sns.amazonaws.com'),
    'event log in plain text': drop(EVENT_LOG, 'KmsKeyId'),
    'nobody hears': remove('SNS::Subscription'),
    'mail to nobody': set('SNS::Subscription', 'Protocol', 'http'),
  },
  'keys': {
    'key without rotation': set('KMS::Key ArtifactsKey', 'EnableKeyRotation', false),
    'key that goes with the stack': set('KMS::Key ArtifactsKey', '^DeletionPolicy', 'Delete'),
    'key of anybody': set('KMS::Key ArtifactsKey', 'KeyPolicy/Statement/0/Principal', { AWS: '*' }),
    'key that denies the account': set('KMS::Key ArtifactsKey', 'KeyPolicy/Statement/0/Action', ['kms:DescribeKey', 'kms:PutKeyPolicy']),
    'key of the artifacts without the build log': keyWithout('KMS::Key ArtifactsKey', 'AllowBuildLogs'),
    'key of the artifacts for any log': keyForAnyLog('KMS::Key ArtifactsKey', 'AllowBuildLogs'),
    'key of the alerts without the event log': keyWithout('KMS::Key AlertsKey', 'AllowEventLog'),
    'key of the alerts for any log': keyForAnyLog('KMS::Key AlertsKey', 'AllowEventLog'),
    'key of the flow log without it': keyWithout('KMS::Key FlowLogKey', 'AllowFlowLogs'),
    'key of the flow log for any log': keyForAnyLog('KMS::Key FlowLogKey', 'AllowFlowLogs'),
    'key of the service without the container log': keyWithout(OWN_KEY, 'AllowContainerLogs'),
    'key of the service for any log': keyForAnyLog(OWN_KEY, 'AllowContainerLogs'),
    'key of the service without the smoke test log': keyWithout(OWN_KEY, 'AllowSmokeTestLogs'),
    'key for a log of another name': replace(OWN_KEY, 'KeyPolicy', ':log-group:/aws/ecs/orders-web-prod', ':log-group:/aws/ecs/others'),
    'key that writes no log': keyStatement('KMS::Key ArtifactsKey', 'AllowBuildLogs', (old) => ({ ...old, Action: ['kms:Decrypt', 'kms:DescribeKey'] })),
    'key with a condition that CloudWatch Logs never meets': replace('KMS::Key ArtifactsKey', 'KeyPolicy', 'kms:EncryptionContext:aws:logs:arn', 'kms:EncryptionContext:logs:arn'),
    'reserved alias': set('KMS::Alias Artifacts', 'AliasName', 'alias/aws/artifacts'),
  },
  'outputs': {
    'no address': change('CodePipeline::Pipeline', '^Metadata', (_, template) => {
      delete template.Outputs?.[Object.keys(template.Outputs).find((id) => id.startsWith('OrdersLoadBalancerDnsName')) as string];
      return undefined;
    }),
    'output of what is not there': change('CodePipeline::Pipeline', '^Metadata', (_, template) => {
      Object.assign(template.Outputs ?? {}, { Gone: { Value: { Ref: 'Gone' } } });
      return undefined;
    }),
  },
};

export const FAULTS: readonly Fault[] = Object.entries(FAULTS_BY_PART)
  .flatMap(([part, faults]) => Object.entries(faults).map(([name, edit]) => ({ part, name, edit })));
