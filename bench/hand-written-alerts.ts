import { ArnFormat, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';

export interface Watched {
  readonly pipeline: codepipeline.Pipeline;
  readonly project: codebuild.PipelineProject;
  readonly deploymentGroup: codedeploy.EcsDeploymentGroup;
  readonly images: ecr.Repository;
  readonly alarms: cloudwatch.Alarm[];
}

export interface AlertsPlace {
  readonly suffix: string;
  readonly email: string;
  readonly key: kms.Key;
  readonly eventLog: logs.LogGroup;
  readonly eventLogName: string;
}

const field = events.EventField.fromPath;

/**
 * The alerts of the hand-written stack: a rule for each kind, a topic, a log, and a queue of what was not delivered.
 */
export function createAlerts(
  stack: Stack, { pipeline, project, deploymentGroup, images, alarms }: Watched, place: AlertsPlace,
): void {
  const named = (role: string) => `orders-${role}-${place.suffix}`;
  const topic = new sns.Topic(stack, 'Topic', { topicName: named('alerts'), masterKey: place.key, enforceSSL: true });
  topic.addSubscription(new subscriptions.EmailSubscription(place.email));
  const deadLetterQueue = new sqs.Queue(stack, 'Undelivered', {
    queueName: named('undelivered-alerts'), encryptionMasterKey: place.key, enforceSSL: true, retentionPeriod: Duration.days(14),
  });
  new cloudwatch.Alarm(stack, 'UndeliveredAlarm', {
    alarmName: named('undelivered-alerts'),
    metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible(),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  }).addAlarmAction(new SnsAction(topic));
  // CDK's action adds neither, and the alarm would publish nothing
  topic.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
  }));
  place.key.grant(new iam.ServicePrincipal('cloudwatch.amazonaws.com'), 'kms:Decrypt', 'kms:GenerateDataKey');

  const tell = (
    id: string, role: string, eventPattern: events.EventPattern, lines: string[],
  ) => new events.Rule(stack, id, {
    ruleName: named(role),
    eventPattern,
    targets: [new targets.SnsTopic(topic, {
      message: events.RuleTargetInput.fromMultilineText([`orders (${place.suffix})`, ...lines, `Since: ${field('$.time')}`, `Region: ${field('$.region')}`].join('\n')),
      deadLetterQueue,
    })],
  });
  const execution = [`Pipeline: ${field('$.detail.pipeline')}`, `Execution: ${field('$.detail.execution-id')}`];
  const ofPipeline = (what: string, detail: { [name: string]: unknown }): events.EventPattern => ({
    source: ['aws.codepipeline'], detailType: [`CodePipeline ${what} Execution State Change`], resources: [pipeline.pipelineArn], detail,
  });
  tell('Failed', 'pipeline-failed', ofPipeline('Pipeline', { state: ['FAILED'] }), ['The release failed', ...execution]);
  tell('ActionFailed', 'action-failed', ofPipeline('Action', { state: ['FAILED'] }), [
    `The action ${field('$.detail.action')} failed`, `Why: ${field('$.detail.execution-result.external-execution-summary')}`, ...execution,
  ]);
  tell('DeploymentFailed', 'deployment-failed', {
    source: ['aws.codedeploy'],
    detailType: ['CodeDeploy Deployment State-change Notification'],
    resources: [deploymentGroup.deploymentGroupArn],
    detail: { state: ['FAILURE', 'STOP'] },
  }, [`The deployment ${field('$.detail.deploymentId')} ended as ${field('$.detail.state')}`]);
  tell('ImageScan', 'image-scan', {
    source: ['aws.ecr'],
    detailType: ['ECR Image Scan'],
    detail: { 'repository-name': [images.repositoryName], 'finding-severity-counts': { CRITICAL: [{ numeric: ['>', 0] }] } },
  }, [`Critical: ${field('$.detail.finding-severity-counts.CRITICAL')}`]);
  tell('ImageFinding', 'image-finding', {
    source: ['aws.inspector2'],
    detailType: ['Inspector2 Finding'],
    detail: {
      status: ['ACTIVE'],
      severity: ['CRITICAL'],
      resources: { details: { awsEcrContainerImage: { repositoryName: [images.repositoryName], inUseCount: [{ numeric: ['>', 0] }] } } },
    },
  }, [`Vulnerability: ${field('$.detail.packageVulnerabilityDetails.vulnerabilityId')}`]);
  tell('AlarmRule', 'alarm', {
    source: ['aws.cloudwatch'],
    detailType: ['CloudWatch Alarm State Change'],
    resources: alarms.map(({ alarmArn }) => alarmArn),
    detail: { $or: [{ state: { value: ['ALARM'] } }, { previousState: { value: ['ALARM'] } }] },
  }, [`The alarm ${field('$.detail.alarmName')} is ${field('$.detail.state.value')}`, `Why: ${field('$.detail.state.reason')}`]);
  logEvents(stack, new events.Rule(stack, 'Activity', {
    ruleName: named('activity'),
    eventPattern: {
      source: ['aws.codepipeline', 'aws.codebuild', 'aws.codedeploy'],
      resources: events.Match.anyOf(pipeline.pipelineArn, events.Match.prefix(`${project.projectArn}:`), deploymentGroup.deploymentGroupArn),
    },
  }), place);
}

/** CDK's own target would add a function and one of the account's ten resource policies. */
function logEvents(stack: Stack, rule: events.Rule, { eventLog, eventLogName }: AlertsPlace): void {
  const arn = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: eventLogName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  (eventLog.node.defaultChild as logs.CfnLogGroup).resourcePolicyDocument = new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('events.amazonaws.com'), new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${arn}:*`],
    })],
  });
  rule.addTarget({ bind: () => ({ arn }) });
  (rule.node.defaultChild as CfnResource).node.addDependency(eventLog);
}
