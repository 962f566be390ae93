import { Change } from './classify';

/** What a reader calls a resource: the first entry whose type ends with the text and whose path fits. */
const LABELS: [type: string, path: RegExp, label: string][] = [
  ['ECS::Service', /./, 'ECS service'],
  ['ECS::TaskDefinition', /./, 'task definition'],
  ['::Listener', /\/RedirectListener\//, 'redirect listener'],
  ['::Listener', /\/TestListener\//, 'test listener'],
  ['::Listener', /./, 'production listener'],
  ['::LoadBalancer', /./, 'load balancer'],
  ['::TargetGroup', /./, 'target group'],
  ['CodeDeploy::Application', /./, 'CodeDeploy application'],
  ['::DeploymentGroup', /./, 'deployment group'],
  ['::DeploymentConfig', /./, 'deployment configuration'],
  ['::ScalableTarget', /./, 'scaling target'],
  ['::ScalingPolicy', /./, 'scaling policy'],
  ['ECS::Cluster', /./, 'cluster'],
  ['ECR::Repository', /./, 'image repository'],
  ['CodeCommit::Repository', /./, 'source repository'],
  ['::Pipeline', /./, 'pipeline'],
  ['CodeBuild::Project', /\/ReleaseCheck\//, 'project of the check'],
  ['CodeBuild::Project', /./, 'build project'],
  ['::ReportGroup', /./, 'report group'],
  ['S3::Bucket', /\/Artifacts\//, 'artifact bucket'],
  ['::BucketPolicy', /./, 'bucket policy'],
  ['::VPCGatewayAttachment', /./, 'internet gateway\'s attachment'],
  ['::VPCEndpoint', /./, 'endpoint'],
  ['::EIP', /./, 'elastic IP address'],
  ['::SubnetRouteTableAssociation', /./, 'route table association'],
  ['::NatGateway', /./, 'NAT gateway'],
  ['::VPC', /./, 'VPC'],
  ['::FlowLog', /./, 'flow log'],
  ['::Alarm', /./, 'alarm'],
  ['::RecordSet', /./, 'DNS record'],
  ['::SecurityGroupIngress', /./, 'security group rule'],
  ['::SecurityGroupEgress', /./, 'security group rule'],
  ['::SecurityGroup', /Service\/LoadBalancer\//, 'load balancer\'s security group'],
  ['::SecurityGroup', /Service\/SmokeTest\//, 'smoke test\'s security group'],
  ['::SecurityGroup', /Network\/Endpoints\//, 'endpoints\' security group'],
  ['::SecurityGroup', /./, 'tasks\' security group'],
  ['Lambda::Function', /SmokeTest/, 'smoke test\'s function'],
  ['Lambda::Function', /AutoDelete/, 'function that empties the bucket'],
  ['IAM::Role', /AutoDelete/, 'role of the function that empties the bucket'],
  ['::S3AutoDeleteObjects', /./, 'order to empty the bucket'],
  ['SNS::Topic', /./, 'alerts\' topic'],
  ['::TopicPolicy', /./, 'topic policy'],
  ['Events::Rule', /Pipeline\/Trigger\//, 'rule that starts the pipeline'],
  ['Events::Rule', /./, 'alerts\' rule'],
  ['IAM::ManagedPolicy', /ExecuteCommandPolicy/, 'policy for ECS Exec'],
  ['IAM::ManagedPolicy', /CodeDeploy\/Hooks\//, 'hooks\' policy'],
];

/** Whose roles, policies, keys and log groups: by their paths. */
const OWNERS: [path: RegExp, owner: string][] = [
  [/Network\/FlowLog/, 'flow logs\''],
  [/Service\/ExecutionRole\//, 'execution'],
  [/Service\/TaskRole\//, 'task'],
  [/Service\/SmokeTest\//, 'smoke test\'s'],
  [/Service\/CodeDeploy\//, 'CodeDeploy\'s'],
  [/Service\/ImageMarks\/StartRole\//, 'image marks\' start'],
  [/Service\/ImageMarks\//, 'image marks\''],
  [/Service\/LogGroup\//, 'container\'s'],
  [/Pipeline\/Deploy\//, 'deploy action\'s'],
  [/Pipeline\/Source\//, 'source action\'s'],
  [/Pipeline\/BuildActionRole\//, 'build action\'s'],
  [/Pipeline\/Build\//, 'build\'s'],
  [/Pipeline\/ApprovalActionRole\//, 'approval\'s'],
  [/Pipeline\/ReleaseCheck\/ActionRole\//, 'check action\'s'],
  [/Pipeline\/ReleaseCheck\//, 'check\'s'],
  [/Pipeline\/TriggerRole\//, 'trigger\'s'],
  [/Pipeline\/Role\//, 'pipeline\'s'],
  [/Pipeline\/Artifacts\//, 'artifacts\''],
  [/Alerts\/EventLog\//, 'alerts\''],
  [/Alerts\//, 'alerts\''],
  [/^Stack\/Orders\//, ''],
  [/^Stack\//, 'your'],
];

const OWNED: [type: string, noun: string][] = [
  ['IAM::Role', 'role'], ['IAM::ManagedPolicy', 'role\'s policy'], ['KMS::Key', 'key'], ['KMS::Alias', 'key alias'], ['Logs::LogGroup', 'log group'],
];

export function labelOf({ type, path }: Change): string {
  const label = LABELS.find(([suffix, pattern]) => type.endsWith(suffix) && pattern.test(path))?.[2];
  if (label) { return label; }
  const owner = OWNERS.find(([pattern]) => pattern.test(path))?.[1] ?? '';
  const noun = OWNED.find(([suffix]) => type.endsWith(suffix))?.[1] ?? wordsOf(type);
  return `${owner} ${noun}`.trim();
}

/** `AWS::EC2::RouteTable` is a route table. */
function wordsOf(type: string): string {
  return type.split('::').pop()!.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
