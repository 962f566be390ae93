import { MAX_LENGTH } from '../../private/names';

/** The limits of a name. */
export interface NameLimits {
  /** The property with the name. */
  readonly property: string;
  readonly min?: number;
  readonly max: number;
  readonly pattern: RegExp;
  /** The description of the pattern. */
  readonly allowed: string;
  /** The reserved prefixes. */
  readonly reserved?: RegExp;
}

const BALANCING = { property: 'Name', max: MAX_LENGTH.loadBalancer, pattern: /^[a-z\d]([a-z\d-]*[a-z\d])?$/i, allowed: 'letters, digits and hyphens, with no hyphen first or last' };
const WORDS = { pattern: /^[\w-]+$/, allowed: 'letters, digits, hyphens and underscores' };
const IAM = { pattern: /^[\w+=,.@-]+$/, allowed: 'letters, digits and +=,.@-_' };
const CODE_DEPLOY = { max: MAX_LENGTH.codeSuite, pattern: /^.+$/, allowed: 'one character or more' };

/** The limits of the names, by resource type. */
export const NAMES: { readonly [type: string]: NameLimits } = {
  'AWS::CloudWatch::Alarm': { property: 'AlarmName', max: 255, pattern: /^[^\0-\x1f]+$/, allowed: 'printable characters' },
  'AWS::CloudWatch::Dashboard': { property: 'DashboardName', max: 255, ...WORDS },
  'AWS::CodeBuild::Project': { property: 'Name', min: 2, max: 150, pattern: /^[a-z\d][\w-]*$/i, allowed: 'letters, digits, hyphens and underscores' },
  'AWS::CodeBuild::ReportGroup': { property: 'Name', min: 2, max: 128, pattern: /^.+$/, allowed: 'one character or more' },
  'AWS::CodeCommit::Repository': { property: 'RepositoryName', max: MAX_LENGTH.codeSuite, pattern: /^[\w.-]+(?<!\.git)$/, allowed: 'letters, digits and ._-, without .git at the end' },
  'AWS::CodeDeploy::Application': { property: 'ApplicationName', ...CODE_DEPLOY },
  'AWS::CodeDeploy::DeploymentConfig': { property: 'DeploymentConfigName', ...CODE_DEPLOY, reserved: /^CodeDeployDefault\./ },
  'AWS::CodeDeploy::DeploymentGroup': { property: 'DeploymentGroupName', ...CODE_DEPLOY },
  'AWS::CodePipeline::Pipeline': { property: 'Name', max: MAX_LENGTH.codeSuite, pattern: /^[\w.@-]+$/, allowed: 'letters, digits and .@-_' },
  'AWS::EC2::SecurityGroup': { property: 'GroupName', max: 255, pattern: /^[\w .:/()#,@[\]+=&;{}!$*-]+$/, allowed: 'letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*', reserved: /^sg-/i },
  'AWS::ECR::Repository': {
    property: 'RepositoryName', min: 2, max: 256, pattern: /^[a-z\d]+([._\-/]+[a-z\d]+)*$/, allowed: 'lowercase letters, digits and ._-/ between them',
  },
  'AWS::ECS::Cluster': { property: 'ClusterName', max: 255, ...WORDS },
  'AWS::ECS::Service': { property: 'ServiceName', max: 255, ...WORDS },
  'AWS::ECS::TaskDefinition': { property: 'Family', max: 255, ...WORDS },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': { ...BALANCING, reserved: /^internal-/ },
  'AWS::ElasticLoadBalancingV2::TargetGroup': BALANCING,
  'AWS::Events::Rule': { property: 'Name', max: MAX_LENGTH.eventRule, pattern: /^[\w.-]+$/, allowed: 'letters, digits and .-_' },
  'AWS::IAM::ManagedPolicy': { property: 'ManagedPolicyName', max: 128, ...IAM },
  'AWS::IAM::Role': { property: 'RoleName', max: MAX_LENGTH.iam, ...IAM },
  'AWS::KMS::Alias': { property: 'AliasName', max: 256, pattern: /^alias\/[\w/-]+$/, allowed: '`alias/`, then letters, digits and /_-', reserved: /^alias\/aws\// },
  'AWS::Lambda::Function': { property: 'FunctionName', max: MAX_LENGTH.lambdaFunction, ...WORDS },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', max: 512, pattern: /^[\w./#-]+$/, allowed: 'letters, digits and ._-/#', reserved: /^aws\// },
  'AWS::S3::Bucket': {
    property: 'BucketName',
    min: 3,
    max: MAX_LENGTH.bucket,
    pattern: /^[a-z\d](?!.*\.\.)[a-z\d.-]*[a-z\d]$/,
    allowed: 'lowercase letters, digits, hyphens and dots, a letter or a digit first and last',
    reserved: /^(xn--|sthree-|amzn-s3-demo-)/,
  },
  'AWS::SNS::Topic': { property: 'TopicName', max: 256, pattern: /^[\w-]+(\.fifo)?$/, allowed: 'letters, digits, hyphens and underscores' },
  'AWS::SQS::Queue': { property: 'QueueName', max: MAX_LENGTH.queue, pattern: /^[\w-]+(\.fifo)?$/, allowed: 'letters, digits, hyphens and underscores' },
};
