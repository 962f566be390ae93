import { judgeErrors } from './error-alarms';
import { contentWrittenTo } from '../../../src/private/delivered-files';
import { textOf } from '../../helpers';
import { TemplateJson } from '../../template-checks/edits';

type Json = { readonly [name: string]: unknown };

/** A resource of a template, to be asked about. */
interface Asked extends Json {
  readonly id: string;
  readonly Type: string;
  readonly Properties: Json;
}

/** What must be true of each resource of a type; `/` goes down, a list means one of them. */
type Expectation = [what: string, type: string, holds: (resource: Asked, template: TemplateJson) => boolean];

function resourcesOf(template: TemplateJson, type: string): Asked[] {
  const found = Object.entries(template.Resources).filter(([, { Type }]) => Type === `AWS::${type}`);
  return found.map(([id, resource]) => ({ Properties: {}, ...resource, id }) as Asked);
}

function at(resource: Asked, path: string): unknown {
  return path.split('/').reduce<unknown>((node, key) => (node as Json | undefined)?.[key], resource.Properties);
}

/** Whether the value at a path is one of these. */
const is = (path: string, ...values: unknown[]) => (resource: Asked) =>
  values.some((value) => JSON.stringify(value) === JSON.stringify(at(resource, path)));
const has = (path: string) => (resource: Asked) => at(resource, path) !== undefined;
const all = (
  ...conditions: ((resource: Asked) => boolean)[]
) => (resource: Asked) => conditions.every((condition) => condition(resource));
/** What the sample keeps of the logs of others is its own. */
const ofArtifacts = (...conditions: ((resource: Asked) => boolean)[]) => (resource: Asked) =>
  !resource.id.includes('Artifacts') || all(...conditions)(resource);
const kept = (resource: Asked) => resource.DeletionPolicy === 'Retain' && resource.UpdateReplacePolicy === 'Retain';
const mentions = (path: string, text: string) => (resource: Asked) => (JSON.stringify(at(resource, path)) ?? '').includes(text);
const waitsFor = (...parts: string[]) => ({ DependsOn }: Asked) =>
  parts.every((part) => (DependsOn as string[] | undefined ?? []).some((id) => id.includes(part)));
const attribute = (key: string, value: string) => (resource: Asked) =>
  ((at(resource, 'LoadBalancerAttributes') ?? at(resource, 'TargetGroupAttributes')) as Json[])
    .some((candidate) => candidate.Key === key && candidate.Value === value);

/** The rules of the security groups, inside and beside them, as `group < peer port`. */
function openings(template: TemplateJson): string[] {
  const short = (value: unknown) => JSON.stringify(value ?? '').replace(/.*?"([A-Za-z]+?)[0-9A-F]{8}".*/, '$1').replaceAll('"', '');
  const rule = (group: string, entry: Json) =>
    `${group} < ${short(entry.SourceSecurityGroupId ?? entry.CidrIp ?? entry.CidrIpv6)} ${entry.IpProtocol} ${entry.FromPort}-${entry.ToPort}`;
  const inside = resourcesOf(template, 'EC2::SecurityGroup')
    .flatMap(({ id, Properties }) => (Properties.SecurityGroupIngress as Json[] | undefined
      ?? []).map((entry) => rule(short({ Ref: id }), entry)));
  const beside = resourcesOf(template, 'EC2::SecurityGroupIngress').map(({ Properties }) => rule(short(Properties.GroupId), Properties));
  return [...inside, ...beside].sort();
}

const OPENINGS = [
  'OrdersServiceLoadBalancerSecurityGroup < 0.0.0.0/0 tcp 443-443',
  'OrdersServiceLoadBalancerSecurityGroup < 0.0.0.0/0 tcp 80-80',
  'OrdersServiceLoadBalancerSecurityGroup < OrdersServiceSmokeTestSecurityGroup tcp 9000-9000',
  'OrdersServiceSecurityGroup < OrdersServiceLoadBalancerSecurityGroup tcp 8080-8080',
];

/** What may be done to anything: IAM knows no resource of it, or AWS documents none. */
const FOR_ALL = /^(ecr:GetAuthorizationToken|ecs:(Register|Describe)TaskDefinition|elasticloadbalancing:Describe\w+|cloudwatch:DescribeAlarms|ec2:(Create|Delete|Describe)NetworkInterfaces?)$/;

function statementsOf(policy: Asked): Json[] {
  return (policy.Properties.PolicyDocument as { Statement: Json[] }).Statement;
}

/** Whose key encrypts a log, by part of the ids. */
const KEYS_OF_LOGS: [group: string, key: RegExp][] = [
  ['FlowLog', /FlowLogKey/], ['BuildLog', /ArtifactsKey/], ['EventLog', /AlertsKey/], ['ServiceLog', /^Key/], ['SmokeTestLog', /^Key/],
];

function keyIdOf(group: Asked): string | undefined {
  return (at(group, 'KmsKeyId/Fn::GetAtt') as string[] | undefined)?.[0];
}

function logStatementsOf(key: Asked): Json[] {
  return (key.Properties.KeyPolicy as { Statement: Json[] }).Statement.filter(({ Principal }) => JSON.stringify(Principal).includes('"logs.'));
}

function isComplete({ Effect, Action }: Json): boolean {
  return Effect === 'Allow' && ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey', 'DescribeKey']
    .every((action) => [Action].flat().includes(`kms:${action}`));
}

const WRITERS_OF_LOGS = [
  ['"logging.s3.amazonaws.com"', '/orders-prod/artifacts/*"', '"aws:SourceArn":{"Fn::GetAtt":["OrdersPipelineArtifactsBucket'],
  ['"logging.s3.amazonaws.com"', '/access-logs/*"'],
  ['"logdelivery.elasticloadbalancing.amazonaws.com"', '/orders-prod/AWSLogs/"'],
];

interface Release { readonly volumes?: unknown; readonly containerDefinitions: Json[] }

/** The task definition that the build hands over; of what is no JSON there is nothing in it. */
function releaseIn(project: Asked): Release {
  const text = contentWrittenTo('taskdef.json', textOf(at(project, 'Source/BuildSpec')));
  try {
    return { containerDefinitions: [], ...JSON.parse(text ?? '') };
  } catch {
    return { containerDefinitions: [] };
  }
}

const EXPECTATIONS: Expectation[] = [
  ['the VPC resolves names', 'EC2::VPC', all(is('EnableDnsHostnames', true), is('EnableDnsSupport', true))],
  ['no subnet gives a public address by itself', 'EC2::Subnet', is('MapPublicIpOnLaunch', false)],
  ['each route leads somewhere', 'EC2::Route', (route) => ['GatewayId', 'NatGatewayId'].filter((target) => has(target)(route)).length === 1],
  ['only public subnets route to the internet gateway', 'EC2::Route', (route) => has('GatewayId')(route) === mentions('RouteTableId', 'PublicSubnet')(route)],
  ['each NAT gateway waits for its route', 'EC2::NatGateway', waitsFor('DefaultRoute')],
  ['a public route waits for the gateway', 'EC2::Route', (route) => !has('GatewayId')(route) || waitsFor('VPCGW')(route)],
  ['all traffic is in the flow log', 'EC2::FlowLog', is('TrafficType', 'ALL')],
  ['the flow log is of the VPC', 'EC2::FlowLog', all(is('ResourceType', 'VPC'), mentions('ResourceId', 'NetworkVpc'))],
  ['a log is encrypted with the key of its part', 'Logs::LogGroup', (group) => {
    const [, key] = KEYS_OF_LOGS.find(([part]) => group.id.includes(part)) ?? [];
    return key !== undefined && key.test(keyIdOf(group) ?? '');
  }],
  ['a key of a log lets CloudWatch Logs use it for that log', 'Logs::LogGroup', (group, template) => resourcesOf(template, 'KMS::Key')
    .filter(({ id }) => id === keyIdOf(group)).every((key) => logStatementsOf(key).some((entry) =>
      isComplete(entry) && JSON.stringify(entry.Condition ?? '').includes(`:log-group:${at(group, 'LogGroupName')}"`)))],
  ['a key serves CloudWatch Logs for a log by its ARN only', 'KMS::Key', (key) => logStatementsOf(key).every(({ Condition }) =>
    JSON.stringify((Condition as Json | undefined)?.ArnLike ?? '').startsWith('{"kms:EncryptionContext:aws:logs:arn":'))],
  ['a log is kept for a time', 'Logs::LogGroup', is('RetentionInDays', 30, 365)],
  ['logs of production stay', 'Logs::LogGroup', (group) => group.id.includes('SmokeTest') || kept(group)],
  ['keys rotate', 'KMS::Key', is('EnableKeyRotation', true)],
  ['keys stay', 'KMS::Key', kept],
  ['keys are the account\'s', 'KMS::Key', (key) => {
    const [root, ...others] = (key.Properties.KeyPolicy as { Statement: Json[] }).Statement;
    return JSON.stringify(root.Principal).includes(':root') && others.every(({ Principal }) => 'Service' in (Principal as Json));
  }],
  ['the cluster has insights', 'ECS::Cluster', mentions('ClusterSettings', 'containerInsights","Value":"enabled')],
  ['images stay, are scanned, encrypted and immutable', 'ECR::Repository', all(
    kept, is('ImageScanningConfiguration/ScanOnPush', true), is('ImageTagMutability', 'IMMUTABLE'), is('EncryptionConfiguration/EncryptionType', 'KMS'),
    is('EmptyOnDelete', false), mentions('LifecyclePolicy/LifecyclePolicyText', 'imageCountMoreThan'))],
  ['tasks have no public address and are in private subnets', 'ECS::Service', all(
    is('NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp', 'DISABLED'), (service) => !mentions('NetworkConfiguration/AwsvpcConfiguration/Subnets', 'PublicSubnet')(service))],
  ['the service leaves its number of tasks alone', 'ECS::Service', (service) => !has('DesiredCount')(service)],
  ['the service waits for what its first tasks need', 'ECS::Service', waitsFor('ExecutionRolePolicy', 'DefaultRoute', 'LoadBalancerListener')],
  ['the service keeps its tasks while it deploys', 'ECS::Service', is('DeploymentConfiguration/MinimumHealthyPercent', 100)],
  ['the service waits before it is checked', 'ECS::Service', is('HealthCheckGracePeriodSeconds', 300)],
  ['no container has privileges', 'ECS::TaskDefinition', (task) => !mentions('ContainerDefinitions', '"Privileged":true')(task)],
  ['a container cannot write but to its volume, and is not root', 'ECS::TaskDefinition', all(
    is('Volumes', [{ Name: 'tmp' }]), is('ContainerDefinitions/0/MountPoints', [{ ContainerPath: '/tmp', ReadOnly: false, SourceVolume: 'tmp' }]),
    is('ContainerDefinitions/0/ReadonlyRootFilesystem', true), is('ContainerDefinitions/0/User', '10001'))],
  ['nor can that of a release', 'CodeBuild::Project', (project) => {
    const { volumes, containerDefinitions: [container] } = releaseIn(project);
    return JSON.stringify(volumes) === '[{"name":"tmp"}]' && container?.readonlyRootFilesystem === true && container.user === '10001'
      && JSON.stringify(container.mountPoints) === '[{"containerPath":"/tmp","readOnly":false,"sourceVolume":"tmp"}]';
  }],
  ['containers write logs', 'ECS::TaskDefinition', mentions('ContainerDefinitions/0/LogConfiguration', 'awslogs')],
  ['the log of the tasks is theirs', 'ECS::TaskDefinition', mentions('ContainerDefinitions/0/LogConfiguration/Options/awslogs-group', 'OrdersServiceLogGroup')],
  ['the task has its own role and that of its start', 'ECS::TaskDefinition', all(mentions('TaskRoleArn', 'TaskRole'), mentions('ExecutionRoleArn', 'ExecutionRole'))],
  ['the load balancer is protected', 'ElasticLoadBalancingV2::LoadBalancer', all(
    attribute('deletion_protection.enabled', 'true'), attribute('routing.http.drop_invalid_header_fields.enabled', 'true'),
    attribute('idle_timeout.timeout_seconds', '60'))],
  ['the load balancer is public, in public subnets', 'ElasticLoadBalancingV2::LoadBalancer', all(
    is('Scheme', 'internet-facing'), (balancer) => !mentions('Subnets', 'PrivateSubnet')(balancer))],
  ['the load balancer is in two zones', 'ElasticLoadBalancingV2::LoadBalancer', all(mentions('Subnets', 'PublicSubnet1'), mentions('Subnets', 'PublicSubnet2'))],
  ['traffic is encrypted or redirected', 'ElasticLoadBalancingV2::Listener', (listener) => is('Protocol', 'HTTPS')(listener)
    ? mentions('SslPolicy', 'TLS13')(listener) && is('Port', 443, 9000)(listener)
    : is('DefaultActions/0/RedirectConfig', { Port: '443', Protocol: 'HTTPS', StatusCode: 'HTTP_301' })(listener)],
  ['traffic starts with blue, tests with green, and both are behind the production listener', 'ElasticLoadBalancingV2::Listener', (listener) => {
    if (is('Protocol', 'HTTP')(listener)) { return true; }
    const forwarded = 'DefaultActions/0/ForwardConfig/TargetGroups';
    return listener.id.includes('TestListener') ? mentions('DefaultActions/0/TargetGroupArn', 'LoadBalancerGreen')(listener) : all(
      mentions(`${forwarded}/0/TargetGroupArn`, 'LoadBalancerBlue'), is(`${forwarded}/0/Weight`, 100),
      mentions(`${forwarded}/1/TargetGroupArn`, 'LoadBalancerGreen'), is(`${forwarded}/1/Weight`, 0))(listener);
  }],
  ['health is asked for', 'ElasticLoadBalancingV2::TargetGroup', all(
    is('HealthCheckPath', '/health'), is('HealthCheckIntervalSeconds', 15), is('HealthCheckTimeoutSeconds', 5), is('HealthyThresholdCount', 5), is('UnhealthyThresholdCount', 2))],
  ['a target has time to end', 'ElasticLoadBalancingV2::TargetGroup', attribute('deregistration_delay.timeout_seconds', '30')],
  ['the service begins in blue', 'ECS::Service', mentions('LoadBalancers/0/TargetGroupArn', 'LoadBalancerBlue')],
  ['a failed deployment is taken back', 'CodeDeploy::DeploymentGroup', all(
    is('AutoRollbackConfiguration', { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'] }),
    is('AlarmConfiguration/Enabled', true))],
  ['a deployment hears of each alarm', 'CodeDeploy::DeploymentGroup', (group, template) =>
    resourcesOf(template, 'CloudWatch::Alarm').filter(ofTargetGroup).every(({ id }) => mentions('AlarmConfiguration/Alarms', `"${id}"`)(group))],
  ['the former tasks stay for a while', 'CodeDeploy::DeploymentGroup', is(
    'BlueGreenDeploymentConfiguration/TerminateBlueInstancesOnDeploymentSuccess', { Action: 'TERMINATE', TerminationWaitTimeInMinutes: 15 })],
  ['traffic moves by itself, in parts', 'CodeDeploy::DeploymentGroup', all(
    is('DeploymentConfigName', 'CodeDeployDefault.ECSCanary10Percent15Minutes'),
    is('BlueGreenDeploymentConfiguration/DeploymentReadyOption/ActionOnTimeout', 'CONTINUE_DEPLOYMENT'))],
  ['the tests of a release are at the test listener', 'CodeDeploy::DeploymentGroup', mentions('LoadBalancerInfo/TargetGroupPairInfoList/0/TestTrafficRoute', 'TestListener')],
  ['the smoke test asks at the test listener', 'Lambda::Function', (handler, template) => {
    const port = resourcesOf(template, 'ElasticLoadBalancingV2::Listener').find(({ id }) => id.includes('TestListener'))?.Properties.Port;
    return is('Environment/Variables/PORT', String(port))(handler) && is('Environment/Variables/PATHS', '["/health"]')(handler);
  }],
  ['the smoke test waits longer than it asks', 'Lambda::Function', (handler) =>
    Number(at(handler, 'Timeout')) > Number(at(handler, 'Environment/Variables/TIMEOUT_SECONDS'))],
  ['the smoke test has an encrypted environment, room to run, and a queue for what is lost', 'Lambda::Function', all(
    mentions('KmsKeyArn', '"Key'), is('ReservedConcurrentExecutions', 2), mentions('DeadLetterConfig/TargetArn', 'LostSmokeTests'))],
  ['a function is called by its own rule only', 'Lambda::Permission', all(is('Principal', 'events.amazonaws.com'), mentions('SourceArn', 'KeepActive'))],
  ['an alarm is silent without data', 'CloudWatch::Alarm', is('TreatMissingData', 'notBreaching')],
  ['an alarm on a metric enters ALARM at its threshold', 'CloudWatch::Alarm', (alarm) => isMath(alarm) || is('ComparisonOperator', 'GreaterThanOrEqualToThreshold')(alarm)],
  ['an alarm looks at a target group, or at what was not delivered', 'CloudWatch::Alarm', (alarm) => isMath(alarm) || alarm.id.includes('ImageMarks') || (ofTargetGroup(alarm)
    ? mentions('Dimensions', 'TargetGroupFullName')(alarm)
    : all(mentions('Dimensions', 'UndeliveredQueue'), mentions('AlarmActions', 'AlertsTopic'), is('Threshold', 1))(alarm))],
  ['the alarms on errors stop what is worse, and nothing else', 'CloudWatch::Alarm', (alarm) => !isMath(alarm) || judgeErrors(alarm.id, alarm.Properties)],
  ['what was not delivered is kept, encrypted', 'SQS::Queue', (queue) => is('MessageRetentionPeriod', 1209600)(queue)
    && mentions('KmsMasterKeyId', queue.id.includes('Undelivered') ? 'AlertsKey' : '"Key')(queue)],
  ['each alert is published, and the rest is kept in the log', 'Events::Rule', (rule) => !rule.id.includes('Alerts')
    || mentions('Targets/0/Arn', rule.id.includes('Activity') ? ':log-group:' : 'AlertsTopic')(rule)],
  ['each target of an alert, and the pipeline, has a queue for what is not delivered', 'Events::Rule', (rule) => !/Alerts|Trigger/.test(rule.id)
    || (rule.Properties.Targets as Json[]).every(({ DeadLetterConfig }) => JSON.stringify(DeadLetterConfig ?? '').includes('UndeliveredQueue'))],
  ['an alarm is of its own colour', 'CloudWatch::Alarm', (alarm) => !ofTargetGroup(alarm) || isMath(alarm) || mentions('Dimensions', alarm.id.includes('Blue') ? 'LoadBalancerBlue' : 'LoadBalancerGreen')(alarm)],
  ['tasks scale between two and ten', 'ApplicationAutoScaling::ScalableTarget', all(is('MinCapacity', 2), is('MaxCapacity', 10))],
  ['artifacts stay, are versioned, encrypted and not public', 'S3::Bucket', ofArtifacts(
    kept, is('VersioningConfiguration/Status', 'Enabled'), mentions('BucketEncryption', 'ArtifactsKey'), is('PublicAccessBlockConfiguration', {
      BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
    }))],
  ['artifacts go after a while', 'S3::Bucket', ofArtifacts(is('LifecycleConfiguration/Rules/0/ExpirationInDays', 30), is('LifecycleConfiguration/Rules/0/Status', 'Enabled'))],
  ['artifacts travel encrypted', 'S3::BucketPolicy', (policy) => statementsOf(policy).filter(({ Effect, Condition }) =>
    Effect === 'Deny' && /SecureTransport|TlsVersion/.test(JSON.stringify(Condition))).length === 2],
  ['the bucket opens to nobody', 'S3::BucketPolicy', ofArtifacts((policy) => statementsOf(policy).every(({ Effect }) => Effect === 'Deny'))],
  ['who reads artifacts is logged', 'S3::Bucket', ofArtifacts(
    mentions('LoggingConfiguration/DestinationBucketName', 'AccessLogs'), is('LoggingConfiguration/LogFilePrefix', 'orders-prod/artifacts/'))],
  ['the logs of others are kept for a time, encrypted and not public', 'S3::Bucket', (bucket) => bucket.id.includes('Artifacts')
    || all(kept, has('BucketEncryption'), mentions('PublicAccessBlockConfiguration', '"RestrictPublicBuckets":true'))(bucket)],
  ['the bucket of logs takes those of S3 and the load balancer', 'S3::BucketPolicy', (policy) => policy.id.includes('Artifacts')
    || WRITERS_OF_LOGS.every((parts) => statementsOf(policy).some((entry) => entry.Effect === 'Allow' && parts.every((part) => JSON.stringify(entry).includes(part))))],
  ['the bucket of logs takes those of S3 from this account only', 'S3::BucketPolicy', (policy) => statementsOf(policy)
    .every((entry) => !JSON.stringify(entry.Principal).includes('logging.s3.') || JSON.stringify(entry.Condition ?? '').includes('"aws:SourceAccount":{"Ref":"AWS::AccountId"}'))],
  ['requests are logged', 'ElasticLoadBalancingV2::LoadBalancer', all(attribute('access_logs.s3.enabled', 'true'), attribute('access_logs.s3.prefix', 'orders-prod'))],
  ['the source stays', 'CodeCommit::Repository', kept],
  ['reports stay', 'CodeBuild::ReportGroup', all(kept, is('DeleteReports', false))],
  ['the build ends by itself and is logged', 'CodeBuild::Project', all(is('TimeoutInMinutes', 90), is('LogsConfig/CloudWatchLogs/Status', 'ENABLED'))],
  ['the build is encrypted', 'CodeBuild::Project', mentions('EncryptionKey', 'ArtifactsKey')],
  ['the build gives no secret in plain text', 'CodeBuild::Project', (project) => !mentions('Environment', 'PASSWORD')(project)],
  ['the pipeline supersedes, and encrypts', 'CodePipeline::Pipeline', all(
    is('ExecutionMode', 'SUPERSEDED'), is('PipelineType', 'V2'), mentions('ArtifactStore/EncryptionKey', 'ArtifactsKey'), mentions('ArtifactStore/Location', 'ArtifactsBucket'))],
  ['a deployment does not begin twice for one push', 'CodePipeline::Pipeline', mentions('Stages/0/Actions/0/Configuration', '"PollForSourceChanges":false')],
  ['each action has a role of its own', 'CodePipeline::Pipeline', (pipeline) => {
    const stages = pipeline.Properties.Stages as { Actions: { RoleArn?: unknown }[] }[];
    const roles = stages.flatMap(({ Actions }) => Actions.map(({ RoleArn }) => JSON.stringify(RoleArn)));
    return roles.every((role) => role !== undefined) && new Set(roles).size === roles.length;
  }],
  ['a push is built and deployed', 'CodePipeline::Pipeline', (pipeline) => (pipeline.Properties.Stages as Json[]).map(({ Name }) => Name).join() === 'Source,Build,Deploy'],
  ['a build is tried twice', 'CodePipeline::Pipeline', is('Stages/1/OnFailure/Result', 'RETRY')],
  ['the rules are on', 'Events::Rule', is('State', 'ENABLED')],
  ['alerts are encrypted', 'SNS::Topic', mentions('KmsMasterKeyId', 'AlertsKey')],
  ['alerts travel encrypted', 'SNS::TopicPolicy', (policy) => statementsOf(policy).some(({ Effect, Condition }) =>
    Effect === 'Deny' && JSON.stringify(Condition).includes('SecureTransport'))],
  ['alerts come from here only', 'SNS::TopicPolicy', (policy) => statementsOf(policy)
    .every(({ Effect, Principal, Condition }) => Effect === 'Deny' || (Principal !== '*' && /aws:Source(Account|Arn)/.test(JSON.stringify(Condition))))],
  ['images that are live come first in the lifecycle rules', 'ECR::Repository', ({ Properties: { LifecyclePolicy } }) => {
    const { rules } = JSON.parse((LifecyclePolicy as { LifecyclePolicyText?: string } | undefined)?.LifecyclePolicyText ?? '{"rules":[]}') as {
      rules: { rulePriority: number; selection: { tagPatternList?: string[]; countNumber: number } }[];
    };
    const numberFor = (tags: string) => rules.find(({ selection }) => selection.tagPatternList?.includes(tags));
    return numberFor('live-*')?.rulePriority === 1 && numberFor('build-*')?.selection.countNumber === 30;
  }],
  ['the machine that marks images knows both marks', 'StepFunctions::StateMachine', (machine) =>
    ['live-', 'released-', 'RemoveMark', 'IsStillLive'].every((part) => mentions('DefinitionString', part)(machine))],
  ['alerts reach somebody', 'SNS::Subscription', all(is('Protocol', 'email'), is('Endpoint', 'devops@example.com'), mentions('TopicArn', 'AlertsTopic'))],
  ['no statement has a wildcard action', 'IAM::ManagedPolicy', (policy) => statementsOf(policy).every(({ Action }) => [Action].flat().every((action) => !String(action).includes('*')))],
  ['a statement for all things is one that knows no other', 'IAM::ManagedPolicy', (policy) => statementsOf(policy)
    .filter(({ Resource }) => [Resource].flat().includes('*')).every(({ Action }) => [Action].flat().every((action) => FOR_ALL.test(String(action))))],
  ['the hook may answer for its deployment group', 'IAM::ManagedPolicy', (policy) => !policy.id.includes('Hooks')
    || (mentions('PolicyDocument', 'codedeploy:PutLifecycleEventHookExecutionStatus')(policy) && mentions('PolicyDocument', 'DeploymentGroup')(policy))],
  ['no role has a policy of AWS', 'IAM::Role', (role) => !JSON.stringify(role.Properties.ManagedPolicyArns ?? []).includes(':iam::aws:')],
  ['roles are assumed by one principal, nobody\'s guest', 'IAM::Role', (role) => {
    const { Statement } = role.Properties.AssumeRolePolicyDocument as { Statement: { Principal: Json }[] };
    return Statement.length === 1 && !JSON.stringify(Statement[0].Principal).includes('"*"');
  }],
];

const ofTargetGroup = ({ id }: Asked) => id.includes('RollbackAlarms');

/** The alarms on errors, which watch an expression. */
const isMath = ({ id, Properties }: Asked) => id.includes('RollbackAlarms') && 'Metrics' in Properties;

/** How many there are at least, so that nothing passes because it is not there. */
const COUNTS: { readonly [type: string]: number } = {
  'EC2::Subnet': 4,
  'EC2::NatGateway': 2,
  'EC2::FlowLog': 1,
  'Logs::LogGroup': 5,
  'KMS::Key': 4,
  'CloudWatch::Alarm': 6,
  'IAM::Role': 11,
  'IAM::ManagedPolicy': 11,
  'SNS::Subscription': 1,
  'S3::BucketPolicy': 2,
  'SQS::Queue': 2,
  'SQS::QueuePolicy': 2,
  'SNS::TopicPolicy': 1,
  'Lambda::Permission': 1,
  'ApplicationAutoScaling::ScalingPolicy': 2,
  'CodeBuild::ReportGroup': 2,
};

const OUTPUTS: { readonly [id: string]: string } = {
  LoadBalancerDnsName: 'DNSName',
  ClusterArn: 'OrdersPlatformCluster',
  CloneUrl: 'CloneUrlHttp',
  RepositoryUri: '.dkr.ecr.',
  PipelineName: 'OrdersPipeline',
};

/** What the unit tests hold, as small questions to one template. */
export function judgeProperties(template: TemplateJson): string[] {
  const wrong = EXPECTATIONS.flatMap(([what, type, holds]) =>
    resourcesOf(template, type).filter((resource) => !holds(resource, template)).map(({ id }) => `${what}: ${id}`));
  const few = Object.entries(COUNTS).filter(([type, count]) => resourcesOf(template, type).length < count).map(([type, count]) => `${count} of ${type}`);
  const outputs = Object.entries(OUTPUTS)
    .filter(([name, part]) => !Object.entries(template.Outputs ?? {}).some(([id, output]) => id.startsWith(`Orders${name}`) && JSON.stringify(output).includes(part)))
    .map(([name]) => `the output ${name}`);
  const strange = [...JSON.stringify(template.Outputs ?? {}).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g)]
    .filter(([, id]) => !template.Resources[id]).map(([, id]) => `an output of ${id}, which is not there`);
  const open = openings(template);
  return [...wrong, ...few, ...outputs, ...strange, ...(JSON.stringify(open) === JSON.stringify(OPENINGS) ? [] : [`open are ${open.join(', ')}`])];
}
