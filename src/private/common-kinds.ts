import { RemovalPolicy } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { confidential, KindsOf, memberOf, object, STRING } from './kinds';
import { PartProps } from '../part-props';

export const KEY = confidential(object('a kms.IKey, such as a kms.Key or kms.Key.fromLookup()', 'keyArn', 'keyId'));
export const BUCKET = object('an s3.IBucket, such as an s3.Bucket or s3.Bucket.fromBucketName()', 'bucketArn', 'arnForObjects');
export const VPC = object('an ec2.IVpc, such as an ec2.Vpc or ec2.Vpc.fromLookup()', 'vpcId', 'selectSubnets');
export const SECURITY_GROUP = object('an ec2.ISecurityGroup, such as an ec2.SecurityGroup', 'securityGroupId', 'connections');
export const IMAGE_REPOSITORY = object('an ecr.IRepository, such as an ecr.Repository or ecr.Repository.fromRepositoryName()', 'repositoryArn', 'repositoryUri');
export const TOPIC = object('an sns.ITopic, such as an sns.Topic or sns.Topic.fromTopicArn()', 'topicArn', 'addSubscription');
export const ALARM = object('a cloudwatch.IAlarm, such as a cloudwatch.Alarm', 'alarmArn', 'alarmName');
export const PIPELINE = object('a codepipeline.IPipeline, such as the codePipeline of a PythonCiPipeline', 'pipelineArn', 'pipelineName');
export const RULE = object('an events.IRule, such as the trigger of a PythonCiPipeline', 'ruleArn', 'ruleName');
export const BUILD_PROJECT = object('a codebuild.IProject, such as the buildProject of a PythonCiPipeline', 'projectArn', 'projectName');
export const NETWORK = object('an INetwork, such as a Network or Network.fromNetworkAttributes()', 'vpc', 'taskSubnets', 'requireEndpoint');
export const PLATFORM = object('an IContainerPlatform, such as a ContainerPlatform', 'network', 'cluster', 'repository');
export const SERVICE = object('an IBlueGreenService, such as a BlueGreenService', 'deploymentFailures');
export const SEVERITY = object('a FindingSeverity, such as FindingSeverity.HIGH', 'level');
export const RETENTION_DAYS = memberOf('a member of logs.RetentionDays, such as logs.RetentionDays.ONE_MONTH', () => logs.RetentionDays);

/** The kinds of the properties that all parts share. */
export const PART: KindsOf<PartProps> = {
  applicationName: STRING,
  environmentSuffix: STRING,
  removalPolicy: memberOf('a member of RemovalPolicy, such as RemovalPolicy.RETAIN', () => RemovalPolicy),
};
