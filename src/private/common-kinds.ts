import { RemovalPolicy } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import { confidential, inPlaceOf, Kind, KindsOf, memberOf, object, resource, STRING } from './kinds';
import { Place } from './places';
import { PartProps } from '../part-props';

/** A resource that AWS accepts from another account, but not from another region. */
const THERE: Place = { same: 'region', remedy: 'use a resource of that region, or move the stack' };

/** A resource of the same account, because the service refers to it by its name, or gets only events of the account. */
const HERE: Place = { same: 'region and account', remedy: 'use a resource of the same region and account, or move the stack' };

export const KEY = confidential(resource('a kms.IKey, such as a kms.Key or kms.Key.fromLookup()', 'keyArn', ['keyId'], THERE));
export const LOG_BUCKET = bucketIn({ same: 'region', remedy: 'the load balancer writes only to a bucket of its region: use one there' });
export const VPC = resource('an ec2.IVpc, such as an ec2.Vpc or ec2.Vpc.fromLookup()', 'vpcArn', ['vpcId', 'selectSubnets'], THERE);
export const SECURITY_GROUP = resource('an ec2.ISecurityGroup, such as an ec2.SecurityGroup', 'securityGroupId', ['connections'], THERE);
export const IMAGE_REPOSITORY = resource('an ecr.IRepository, such as an ecr.Repository or ecr.Repository.fromRepositoryName()', 'repositoryArn', ['repositoryUri'], THERE);
export const TOPIC = resource('an sns.ITopic, such as an sns.Topic or sns.Topic.fromTopicArn()', 'topicArn', ['addSubscription'], THERE);
export const ALARM = resource('a cloudwatch.IAlarm, such as a cloudwatch.Alarm', 'alarmArn', ['alarmName'], HERE);
export const PIPELINE = resource('a codepipeline.IPipeline, such as the codePipeline of a PythonCiPipeline', 'pipelineArn', ['pipelineName'], HERE);
export const BUILD_PROJECT = resource('a codebuild.IProject, such as the buildProject of a PythonCiPipeline', 'projectArn', ['projectName'], HERE);
export const RULE = resource('an events.IRule, such as the trigger of a PythonCiPipeline', 'ruleArn', ['ruleName'], HERE);
export const CLUSTER = resource('an ecs.ICluster, such as an ecs.Cluster', 'clusterArn', ['hasEc2Capacity'], HERE);
export const CERTIFICATE = resource('an acm.ICertificate, such as acm.Certificate.fromCertificateArn()', 'certificateArn', [], {
  same: 'region and account', remedy: 'a load balancer uses only certificates of its region and account: request one there',
});
export const NETWORK = inPlaceOf(
  object('an INetwork, such as a Network or Network.fromNetworkAttributes()', 'vpc', 'taskSubnets', 'requireEndpoint'),
  THERE, 'vpcArn', (network) => (network as { readonly vpc: object }).vpc,
);
export const PLATFORM = inPlaceOf(
  object('an IContainerPlatform, such as a ContainerPlatform', 'network', 'cluster', 'repository'),
  HERE, 'clusterArn', (platform) => (platform as { readonly cluster: object }).cluster,
);
export const SERVICE = inPlaceOf(
  object('an IBlueGreenService, such as a BlueGreenService', 'ecsService', 'deploymentFailures'),
  HERE, 'serviceArn', (service) => (service as { readonly ecsService: object }).ecsService,
);
export const SEVERITY = object('a FindingSeverity, such as FindingSeverity.HIGH', 'level');
export const RETENTION_DAYS = memberOf('a member of logs.RetentionDays, such as logs.RetentionDays.ONE_MONTH', () => logs.RetentionDays);

/** The kinds of the properties that all parts share. */
export const PART: KindsOf<PartProps> = {
  applicationName: STRING,
  environmentSuffix: STRING,
  removalPolicy: memberOf('a member of RemovalPolicy, such as RemovalPolicy.RETAIN', () => RemovalPolicy),
};

/** A bucket with a place that depends on its use. */
export function bucketIn(place: Place): Kind {
  return resource('an s3.IBucket, such as an s3.Bucket or s3.Bucket.fromBucketName()', 'bucketArn', ['arnForObjects'], place);
}
