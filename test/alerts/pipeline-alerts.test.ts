import { App, Aws, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  AlertChannel, AlertChannelBindOptions, AlertChannelConfig, BlueGreenPythonPipeline, BlueGreenPythonPipelineProps,
  FindingSeverity,
  IBlueGreenService, PipelineAlerts, PipelineAlertsProps, PipelineSource,
} from '../../src';
import { createService, createStack, idOf, onlyResource, Resource, resourcesOf, Statement, synthesizePattern, textOf } from '../helpers';

const RULE = 'AWS::Events::Rule';
const TOPIC = 'AWS::SNS::Topic';

function createAlerts(stack: Stack, props: Partial<PipelineAlertsProps> = {}, id = 'Alerts'): PipelineAlerts {
  const region = Token.isUnresolved(stack.region) ? 'eu-west-1' : stack.region;
  const codePipeline = codepipeline.Pipeline.fromPipelineArn(stack, id === 'Alerts' ? 'Pipeline' : `${id}Pipeline`, `arn:aws:codepipeline:${region}:111111111111:orders`);
  return new PipelineAlerts(stack, id, { codePipeline, ...props });
}

function synthesize(props?: Partial<PipelineAlertsProps>) {
  const stack = createStack();
  const alerts = createAlerts(stack, props);
  return { stack, alerts, template: Template.fromStack(stack) };
}

function alarmNamed(stack: Stack, name: string): cloudwatch.IAlarm {
  return cloudwatch.Alarm.fromAlarmArn(stack, name, `arn:aws:cloudwatch:eu-west-1:111111111111:alarm:${name}`);
}

function statementsIn(resource: Resource, property: string): Statement[] {
  return (resource.Properties[property] as { Statement: Statement[] }).Statement;
}

/** The lines that a rule sends to a topic, with what EventBridge fills in left as it is. */
function textsOf(rule: Resource): { [topic: string]: string[] } {
  const targets = (rule.Properties.Targets as { Arn: unknown; InputTransformer?: { InputTemplate: unknown } }[])
    .filter(({ InputTransformer }) => InputTransformer);
  return Object.fromEntries(targets.map(({ Arn, InputTransformer }) => [
    textOf(Arn), textOf(InputTransformer?.InputTemplate).split('\n').map((line) => JSON.parse(line)),
  ]));
}

/** The ARN of any such thing of the account. */
function anyOf(service: string, resource: string): unknown {
  return { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${service}:`, { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, `:${resource}`]] };
}

/** A rule by the first part of its logical id. */
function ruleOf(template: Template, id: string): [string, Resource] {
  const found = Object.entries(resourcesOf(template, RULE)).filter(([ruleId]) => new RegExp(`^Alerts${id}[0-9A-F]{8}$`).test(ruleId));
  expect(found).toHaveLength(1);
  return found[0];
}

function textOfService(principal: unknown): string | undefined {
  return (principal as { Service?: string }).Service;
}

/** The texts of all warnings, as they are. */
function warningsOf(stack: Stack): string {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data)).join('\n');
}

const email = AlertChannel.email('devops@example.com');

describe('alerts with an e-mail address', () => {
  const { template, alerts, stack } = synthesize({ channels: [email], environmentSuffix: 'dev', applicationName: 'orders' });
  const [topic] = onlyResource(template, TOPIC);
  const [ruleId, rule] = ruleOf(template, 'Failed');
  const [actionRuleId] = ruleOf(template, 'ActionFailed');
  const [, activityRule] = ruleOf(template, 'Activity');

  test('match the failure of this pipeline', () => {
    expect(rule.Properties.EventPattern).toEqual({
      'source': ['aws.codepipeline'],
      'detail-type': ['CodePipeline Pipeline Execution State Change'],
      'resources': ['arn:aws:codepipeline:eu-west-1:111111111111:orders'],
      'detail': { state: ['FAILED'] },
    });
  });

  test('say in plain text what failed, where, when, and where to look', () => {
    expect(textsOf(rule)).toEqual({
      [`\${${topic}}`]: [
        'orders (dev): the release failed in the pipeline <detail-pipeline>.',
        'Application: orders',
        'Environment: dev',
        'Why: see the alert of the failed action, or the details below',
        'Time: <time>',
        'Execution: <detail-execution-id>',
        'Account and region: <account>, <region>',
        'Details: https://${AWS::Region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/<detail-pipeline>'
        + '/executions/<detail-execution-id>/timeline?region=${AWS::Region}',
      ],
    });
  });

  test('reach the address', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'devops@example.com', TopicArn: { Ref: topic } });
  });

  test('go to an encrypted topic whose key EventBridge may use, without a condition that would drop them', () => {
    const [keyId, key] = onlyResource(template, 'AWS::KMS::Key');
    expect(key.Properties.EnableKeyRotation).toBe(true);
    expect(keyId).toMatch(/^AlertsKey[0-9A-F]{8}$/);
    template.hasResourceProperties(TOPIC, { KmsMasterKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] } });
    expect(statementsIn(key, 'KeyPolicy')).toContainEqual({
      Sid: 'AllowPublishers',
      Effect: 'Allow',
      Principal: { Service: ['cloudwatch.amazonaws.com', 'codedeploy.amazonaws.com', 'events.amazonaws.com'] },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
    });
  });

  test('are published over TLS, by these rules and by alarms of the account only', () => {
    const statements = statementsIn(onlyResource(template, 'AWS::SNS::TopicPolicy')[1], 'PolicyDocument');
    expect(statements).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: { ArnLike: { 'aws:SourceArn': anyOf('cloudwatch', 'alarm:*') } },
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: { ArnEquals: { 'aws:SourceArn': [ruleId, actionRuleId].map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })) } },
      }),
    ]);
    const [target] = rule.Properties.Targets as { RoleArn?: unknown }[];
    expect(target.RoleArn).toBeUndefined();
  });

  test('are kept in a log group for 30 days, to which EventBridge alone may write', () => {
    const [logGroupId, logGroup] = onlyResource(template, 'AWS::Logs::LogGroup');
    expect(logGroup.Properties).toMatchObject({ LogGroupName: '/aws/events/orders-pipeline-events-dev', RetentionInDays: 30 });
    expect(statementsIn(logGroup, 'ResourcePolicyDocument')).toEqual([expect.objectContaining({
      Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: { 'Fn::Join': ['', expect.arrayContaining([':log-group:/aws/events/orders-pipeline-events-dev:*'])] },
    })]);
    const targets = activityRule.Properties.Targets as { Arn: unknown }[];
    expect(targets.map(({ Arn }) => textOf(Arn))).toEqual([
      'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/events/orders-pipeline-events-dev',
    ]);
    expect(activityRule.DependsOn).toEqual([logGroupId]);
    expect(alerts.eventLogGroup).toBeDefined();
    template.resourceCountIs('AWS::Logs::ResourcePolicy', 0);
  });

  test('add no function, and warn of nothing', () => {
    template.resourceCountIs('AWS::Lambda::Function', 0);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('go with the stack', () => {
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });
});

describe('what could not be delivered', () => {
  const { template, alerts } = synthesize({ channels: [email], environmentSuffix: 'dev', applicationName: 'orders' });
  const [queueId, queue] = onlyResource(template, 'AWS::SQS::Queue');

  test('is kept for 14 days, encrypted, by a name with the suffix', () => {
    expect(queue.Properties).toEqual({ QueueName: 'orders-undelivered-alerts-dev', MessageRetentionPeriod: 1209600, KmsMasterKeyId: { 'Fn::GetAtt': [onlyResource(template, 'AWS::KMS::Key')[0], 'Arn'] } });
    expect(queue.DeletionPolicy).toBe('Delete');
    expect(alerts.deadLetterQueue).toBeDefined();
  });

  test('comes from every target of every rule, over TLS, and from nothing else', () => {
    const rules = resourcesOf(template, RULE);
    for (const { Properties } of Object.values(rules)) {
      for (const target of Properties.Targets as { DeadLetterConfig?: unknown }[]) {
        expect(target.DeadLetterConfig).toEqual({ Arn: { 'Fn::GetAtt': [queueId, 'Arn'] } });
      }
    }
    expect(statementsIn(onlyResource(template, 'AWS::SQS::QueuePolicy')[1], 'PolicyDocument')).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      {
        Sid: 'AllowEventRules',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: { 'Fn::GetAtt': [queueId, 'Arn'] },
        Condition: { ArnEquals: { 'aws:SourceArn': Object.keys(rules).map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })) } },
      },
    ]);
  });

  test('raises an alarm that publishes past EventBridge', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'orders-undelivered-alerts-dev',
      AlarmActions: [{ Ref: onlyResource(template, TOPIC)[0] }],
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queueId, 'QueueName'] } }],
      Statistic: 'Maximum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  test('is dropped without queue and alarm when that is asked for, and CloudWatch may not publish', () => {
    const without = synthesize({ channels: [email], keepUndelivered: false });
    without.template.resourceCountIs('AWS::SQS::Queue', 0);
    without.template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
    expect(without.alerts.deadLetterQueue).toBeUndefined();
    expect(JSON.stringify(without.template.toJSON())).not.toContain('DeadLetterConfig');
    expect(statementsIn(onlyResource(without.template, 'AWS::SNS::TopicPolicy')[1], 'PolicyDocument').map(({ Sid }) => Sid))
      .toEqual(['AllowPublishThroughSSLOnly', '1']);
  });
});

describe('the alarm about what could not be delivered', () => {
  test('publishes to every topic, of text and of chats, each of which lets it', () => {
    const stack = createStack();
    createAlerts(stack, {
      channels: [AlertChannel.topic(new sns.Topic(stack, 'Pager')), AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP' })],
    });
    const template = Template.fromStack(stack);
    const topics = Object.keys(resourcesOf(template, TOPIC));
    const { AlarmActions } = onlyResource(template, 'AWS::CloudWatch::Alarm')[1].Properties as { AlarmActions: { Ref: string }[] };
    expect(AlarmActions.map(({ Ref }) => Ref).sort()).toEqual(topics.sort());
    expect(topics).toHaveLength(3);
    for (const policy of Object.values(resourcesOf(template, 'AWS::SNS::TopicPolicy'))) {
      expect(statementsIn(policy, 'PolicyDocument').map(({ Principal }) => textOfService(Principal))).toContain('cloudwatch.amazonaws.com');
    }
  });

  test('has a queue that SQS encrypts when the key is imported', () => {
    const stack = createStack();
    createAlerts(stack, { channels: [email], encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1') });
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, KmsMasterKeyId: Match.absent() });
  });
});

describe('a push that did not start the pipeline', () => {
  const connection = PipelineSource.connection({
    connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1', owner: 'acme', repo: 'orders',
  });
  const described = (template: Template) => Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm'))
    .map(({ Properties }) => String(Properties.AlarmDescription))
    .filter((text) => text.startsWith('EventBridge could not deliver')).join();
  const triggerOf = (template: Template) => Object.entries(resourcesOf(template, RULE))
    .find(([id]) => id.startsWith('OrdersPipelineTrigger'));
  const createRule = (stack: Stack) => new events.Rule(stack, 'Rule', { eventPattern: { source: ['aws.s3'] } });

  test('is kept in the same queue, which lets its rule write, and the alarm says how to release it', () => {
    const { template } = synthesizePattern({ alerts: { channels: [email] } });
    const [ruleId, rule] = triggerOf(template)!;
    const [queueId] = onlyResource(template, 'AWS::SQS::Queue');
    const deadLetters = { DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queueId, 'Arn'] } } };
    expect(rule.Properties.Targets).toEqual([expect.objectContaining(deadLetters)]);
    const [, allow] = statementsIn(onlyResource(template, 'AWS::SQS::QueuePolicy')[1], 'PolicyDocument');
    expect(allow.Condition).toEqual({ ArnEquals: { 'aws:SourceArn': expect.arrayContaining([{ 'Fn::GetAtt': [ruleId, 'Arn'] }]) } });
    expect(described(template)).toMatch(/a push that did not start the pipeline\..*choose Release change in the pipeline\.$/);
  });

  test('is not kept when nothing is, and its rule then stays as it is', () => {
    const { template } = synthesizePattern({ alerts: { channels: [email], keepUndelivered: false } });
    const [target] = triggerOf(template)![1].Properties.Targets as object[];
    expect(target).not.toHaveProperty('DeadLetterConfig');
  });

  test('is not spoken of where the source starts the pipeline itself', () => {
    const { template } = synthesizePattern({ alerts: { channels: [email] }, pipeline: { source: connection } });
    expect(triggerOf(template)).toBeUndefined();
    expect(described(template)).not.toMatch(/push|Release change/);
  });

  const targetOf = (arn: string, queue?: sqs.IQueue): events.IRuleTarget => ({
    bind: () => ({ arn, deadLetterConfig: queue && { arn: queue.queueArn } }),
  });
  const PIPELINE = targetOf('arn:aws:codepipeline:eu-west-1:111111111111:orders');
  const OTHER = targetOf('arn:aws:sns:eu-west-1:111111111111:other');

  test('is kept for the first target of any rule of the stack, whatever else the rule does', () => {
    const stack = createStack();
    const rule = createRule(stack);
    createAlerts(stack, { channels: [email], trigger: rule });
    rule.addTarget(PIPELINE);
    rule.addTarget(OTHER);
    const id = stack.getLogicalId(rule.node.defaultChild as events.CfnRule);
    const targets = resourcesOf(Template.fromStack(stack), RULE)[id].Properties.Targets as object[];
    expect(targets.map((target) => 'DeadLetterConfig' in target)).toEqual([true, false]);
  });

  test('is not kept for targets of an override that comes later, which stay as they are', () => {
    const stack = createStack();
    const rule = createRule(stack);
    const resource = rule.node.defaultChild as events.CfnRule;
    createAlerts(stack, { channels: [email], trigger: rule });
    const targets = [{ Id: 'Pipeline', Arn: 'arn:aws:codepipeline:eu-west-1:111111111111:orders' }];
    resource.addPropertyOverride('Targets', targets);
    const rules = resourcesOf(Template.fromStack(stack), RULE);
    expect(rules[stack.getLogicalId(resource)].Properties.Targets).toEqual(targets);
  });

  test.each<[string, (rule: events.Rule) => void, string]>([
    ['has no target', () => undefined, 'is the pipeline, got Stack/Rule without a target; add the pipeline as its target,'],
    ['has another first target', (rule) => [OTHER, PIPELINE].forEach((target) => rule.addTarget(target)),
      'is the pipeline, got Stack/Rule with the first target "arn:aws:sns:eu-west-1:111111111111:other"; add the pipeline before it,'],
  ])('cannot be kept when the rule %s', (_what, prepare, problem) => {
    const stack = createStack();
    const rule = createRule(stack);
    createAlerts(stack, { channels: [email], trigger: rule });
    prepare(rule);
    expect(() => Template.fromStack(stack)).toThrow(`[Stack/Alerts] 'trigger' must be a rule whose first target ${problem} or remove 'trigger'`);
  });

  test.each<[string, (rule: events.Rule, stack: Stack) => void]>([
    ['has a queue', (rule, stack) => rule.addTarget(targetOf('arn:aws:codepipeline:eu-west-1:111111111111:orders', new sqs.Queue(stack, 'Queue')))],
    ['gets a queue from an override', (rule) => {
      rule.addTarget(PIPELINE);
      (rule.node.defaultChild as events.CfnRule).addPropertyOverride('Targets.0.DeadLetterConfig', { Arn: 'arn:aws:sqs:eu-west-1:111111111111:own' });
    }],
    ['belongs to other alerts', (rule, stack) => {
      rule.addTarget(PIPELINE);
      createAlerts(stack, { channels: [email], trigger: rule, environmentSuffix: 'first' }, 'First');
    }],
  ])('replaces no queue when the first target %s', (_what, prepare) => {
    const stack = createStack();
    const rule = createRule(stack);
    prepare(rule, stack);
    createAlerts(stack, { channels: [email], trigger: rule });
    expect(() => Template.fromStack(stack)).toThrow("[Stack/Alerts] 'trigger' must be a rule whose first target has no dead-letter queue, got Stack/Rule with one, "
      + "which would no longer receive its events; remove that queue, or remove 'trigger', also if other alerts keep the events of the same rule");
  });

  test.each<[string, (stack: Stack) => events.IRule, string]>([
    ['is imported', (stack) => events.Rule.fromEventRuleArn(stack, 'Rule', 'arn:aws:events:eu-west-1:111111111111:rule/trigger'), 'Stack/Rule, which is imported'],
    ['is in another stack', (stack) => createRule(new Stack(stack.node.root as App, 'Other')), 'Other/Rule, which is in the stack Other'],
  ])('cannot be kept when the rule %s', (_what, ruleIn, got) => {
    const stack = createStack();
    expect(() => createAlerts(stack, { trigger: ruleIn(stack) })).toThrow(`'trigger' must be a rule of the stack of the alerts, got ${got}; `
      + "add a dead-letter queue to its target yourself, and remove 'trigger' [Stack/Alerts]");
  });
});

test('two alerts share a topic, whose policy has no id twice', () => {
  const stack = createStack();
  const topic = new sns.Topic(stack, 'Shared');
  const codePipeline = codepipeline.Pipeline.fromPipelineArn(stack, 'Pipeline', 'arn:aws:codepipeline:eu-west-1:111111111111:orders');
  new PipelineAlerts(stack, 'One', { codePipeline, topic });
  new PipelineAlerts(stack, 'Other', { codePipeline, channels: [AlertChannel.topic(topic)] });
  const policies = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::SNS::TopicPolicy')).map((policy) => statementsIn(policy, 'PolicyDocument'));
  for (const statements of policies) {
    expect(new Set(statements.map(({ Sid }) => Sid)).size).toBe(statements.length);
  }
});

describe('without the details of failures', () => {
  const { template } = synthesize({ channels: [email], failureDetails: false });

  test('the end of a failed release alone is told of and kept', () => {
    const [, rule] = onlyResource(template, RULE);
    expect((rule.Properties.EventPattern as { detail: unknown }).detail).toEqual({ state: ['FAILED'] });
    expect((rule.Properties.Targets as { Arn: unknown }[]).map(({ Arn }) => textOf(Arn))).toEqual([
      expect.stringMatching(/Topic/), expect.stringMatching(/:log-group:/),
    ]);
    expect(Object.values(textsOf(rule))[0].join()).not.toContain('Why');
  });
});

describe('without the details of failures, beside a service', () => {
  const { template } = synthesizePattern({ alerts: { channels: [email], failureDetails: false } });
  const [, rule] = Object.entries(resourcesOf(template, RULE)).find(([id]) => id.startsWith('OrdersAlertsFailed')) ?? [];

  test('one rule tells of the end of an execution, and of a deployment that no execution waits for', () => {
    const failed = (service: string, type: string, state: string[]) => ({
      'source': [`aws.${service}`], 'detail-type': [type], 'resources': [expect.anything()], 'detail': { state },
    });
    expect(rule!.Properties.EventPattern).toEqual({
      account: [{ Ref: 'AWS::AccountId' }],
      $or: [
        failed('codepipeline', 'CodePipeline Pipeline Execution State Change', ['FAILED']),
        failed('codedeploy', 'CodeDeploy Deployment State-change Notification', ['FAILURE', 'STOP']),
      ],
    });
    expect(Object.keys(resourcesOf(template, RULE)).filter((id) => /Alerts(Failed|Action|Deployment|Activity)/.test(id))).toHaveLength(1);
  });

  test('the message has the ids of both, of which the event has one, and pages that exist in either case', () => {
    const [lines] = Object.values(textsOf(rule!));
    expect(lines).toEqual(expect.arrayContaining([
      expect.stringMatching(/: a release or a deployment failed\.$/),
      'Execution: <detail-pipeline> <detail-execution-id> (empty if only a deployment failed)',
      'Deployment: <detail-deploymentId> (empty if the pipeline failed)',
      expect.stringMatching(/^Details of a deployment: https:.*\/codedeploy\/deployments\/<detail-deploymentId>\?/),
    ]));
    expect(lines.at(-1)).toMatch(/^Details: https:.*\/codepipeline\/pipelines\/.*\/view\?/);
  });
});

describe('the log', () => {
  test('keeps the events of the pipeline alone when service and project are not known', () => {
    const [, rule] = ruleOf(synthesize({ channels: [email] }).template, 'Activity');
    expect(rule.Properties.EventPattern).toEqual({ source: ['aws.codepipeline'], resources: ['arn:aws:codepipeline:eu-west-1:111111111111:orders'] });
  });

  test('keeps those of a project as well when it is known', () => {
    const stack = createStack();
    createAlerts(stack, { channels: [email], buildProject: codebuild.Project.fromProjectName(stack, 'Project', 'orders-build') });
    const [, rule] = ruleOf(Template.fromStack(stack), 'Activity');
    expect(rule.Properties.EventPattern).toEqual({
      source: ['aws.codepipeline', 'aws.codebuild'],
      resources: [
        'arn:aws:codepipeline:eu-west-1:111111111111:orders',
        { prefix: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':codebuild:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':build/orders-build:']] } },
      ],
    });
  });
});

describe('image scans', () => {
  const repository = (stack: Stack) => ecr.Repository.fromRepositoryName(stack, 'Repository', 'orders');
  const countsOf = (props: Partial<PipelineAlertsProps>) => {
    const stack = createStack();
    createAlerts(stack, { channels: [email], repository: repository(stack), ...props });
    const { detail } = ruleOf(Template.fromStack(stack), 'ImageScan')[1].Properties.EventPattern as { detail: { [name: string]: unknown } };
    return [detail['finding-severity-counts'], detail.$or];
  };
  const some = (severity: string) => ({ [severity]: [{ numeric: ['>', 0] }] });

  // AWS takes `$or` with one member for the name of a field
  test('are told of from the severity CRITICAL on when nothing is said, without a single choice', () => {
    expect(countsOf({})).toEqual([some('CRITICAL'), undefined]);
  });

  test('are told of from another severity on when that is asked for', () => {
    expect(countsOf({ imageScanSeverity: FindingSeverity.MEDIUM }))
      .toEqual([undefined, ['CRITICAL', 'HIGH', 'MEDIUM'].map((severity) => ({ 'finding-severity-counts': some(severity) }))]);
  });

  test('are told of from LOW on whatever their rating', () => {
    const [, choices] = countsOf({ imageScanSeverity: FindingSeverity.LOW });
    expect((choices as { 'finding-severity-counts': object }[]).map((choice) => Object.keys(choice['finding-severity-counts'])[0]))
      .toEqual(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED', 'UNTRIAGED']);
  });

  test('tell of vulnerabilities that become known later, from the same severity on, of images in use alone', () => {
    const stack = createStack();
    createAlerts(stack, { channels: [email], repository: repository(stack), imageScanSeverity: FindingSeverity.HIGH });
    const [, rule] = ruleOf(Template.fromStack(stack), 'ImageFinding');
    expect(rule.Properties.EventPattern).toEqual({
      'source': ['aws.inspector2'],
      'detail-type': ['Inspector2 Finding'],
      'account': [{ Ref: 'AWS::AccountId' }],
      'detail': {
        status: ['ACTIVE'],
        type: ['PACKAGE_VULNERABILITY'],
        severity: ['CRITICAL', 'HIGH'],
        resources: {
          details: {
            awsEcrContainerImage: {
              repositoryName: ['orders'],
              $or: [
                { inUseCount: [{ numeric: ['>', 0] }] },
                { inUseCount: [{ exists: false }], imageTags: [{ prefix: 'live-' }] },
              ],
            },
          },
        },
      },
    });
  });

  test('tell of later vulnerabilities in one thread for all images', () => {
    const stack = createStack();
    createAlerts(stack, {
      repository: repository(stack), channels: [AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP' })],
    });
    const [, rule] = ruleOf(Template.fromStack(stack), 'ImageFinding');
    expect(JSON.stringify(rule)).toMatch(/threadId[^,]*<detail-packageVulnerabilityDetails-vulnerabilityId>/);
  });

  test('are not told of when that is asked for, or when no repository is known', () => {
    const stack = createStack();
    createAlerts(stack, { channels: [email], repository: repository(stack), notifyOnImageScan: false });
    expect(JSON.stringify(resourcesOf(Template.fromStack(stack), RULE))).not.toMatch(/Scan|Inspector/);
    expect(JSON.stringify(resourcesOf(synthesize({ channels: [email] }).template, RULE))).not.toMatch(/Scan|Inspector/);
  });

  test.each<[option: string, props: Partial<PipelineAlertsProps>]>([
    ['notifyOnImageScan', { notifyOnImageScan: true }],
    ['imageScanSeverity', { imageScanSeverity: FindingSeverity.HIGH }],
  ])('of an unknown repository cannot be asked for, with %s', (option, props) => {
    expect(() => createAlerts(createStack(), props)).toThrow(
      `'repository' must be given together with '${option}', got none; pass the repository whose images are scanned, or remove '${option}' [Stack/Alerts]`);
  });

  test('of an unknown repository may be turned off', () => {
    expect(() => createAlerts(createStack(), { notifyOnImageScan: false })).not.toThrow();
  });
});

describe('the execution that the creation of the pipeline starts', () => {
  // the event of a failure does not say reliably what started the execution, so no filter could tell it apart
  test.each<[string, () => PipelineSource]>([
    ['finds an empty repository', () => PipelineSource.codeCommit()],
    ['finds a seed', () => PipelineSource.codeCommit({ seedDirectory: __dirname })],
    ['waits for the handshake of its connection', () => PipelineSource.connection({
      connectionArn: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/1', owner: 'acme', repo: 'orders',
    })],
  ])('is told of with its reason, as every other one: it %s', (_what, createSource) => {
    const { template } = synthesizePattern({ pipeline: { source: createSource() } });
    const patterns = Object.values(resourcesOf(template, RULE))
      .map(({ Properties }) => Properties.EventPattern as { detail?: unknown });
    expect(patterns.filter(({ detail }) => JSON.stringify(detail) === '{"state":["FAILED"]}')).toHaveLength(2);
    expect(JSON.stringify(patterns)).not.toMatch(/CreatePipeline|anything-but/);
  });
});

describe('an approval', () => {
  const rolesOf = (props: BlueGreenPythonPipelineProps) => Object.keys(resourcesOf(synthesizePattern(props)
    .template, RULE)).join();

  test.each<[string, BlueGreenPythonPipelineProps, boolean]>([
    ['nobody approves', {}, false],
    ['somebody approves', { pipeline: { manualApproval: true } }, true],
    ['somebody approves and wants no message', { pipeline: { manualApproval: true }, alerts: { notifyOnApproval: false } }, false],
    ['a stage of the user\'s own approves', { alerts: { notifyOnApproval: true } }, true],
  ])('is told of by the pattern or not: %s', (_what, props, expected) => {
    expect(rolesOf(props).includes('ApprovalWaits')).toBe(expected);
  });
});

describe('a page of the console', () => {
  test.each([
    ['eu-west-1', 'https://eu-west-1.console.aws.amazon.com/'],
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ])('of the region %s is on its partition\'s own domain', (region, page) => {
    const stack = createStack(undefined, { env: { region } });
    createAlerts(stack, { channels: [email] });
    const [, rule] = ruleOf(Template.fromStack(stack), 'Failed');
    expect(Object.values(textsOf(rule))[0].at(-1)).toContain(`Details: ${page}codesuite/`);
  });
});

test('without a channel the synthesis warns that nobody hears', () => {
  const { stack } = synthesize();
  Annotations.fromStack(stack).hasWarning('/Stack/Alerts', Match.stringLikeRegexp("no one is notified of alerts.*'channels'.*noSubscriber"));
});

test('without a suffix the text says so, and the log group is named by its place', () => {
  const { template } = synthesize({ channels: [email] });
  const [lines] = Object.values(textsOf(ruleOf(template, 'Failed')[1]));
  expect(lines.slice(0, 3)).toEqual(['alerts: the release failed in the pipeline <detail-pipeline>.', 'Application: alerts', 'Environment: none']);
  expect(onlyResource(template, 'AWS::Logs::LogGroup')[1].Properties.LogGroupName).toMatch(/^\/aws\/events\/StackAlertsEventLog[0-9A-F]{8}$/);
});

test('RETAIN keeps key, log and queue', () => {
  const { template } = synthesize({ channels: [email], removalPolicy: RemovalPolicy.RETAIN });
  template.hasResource('AWS::SQS::Queue', { DeletionPolicy: 'Retain' });
  template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain' });
  template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
});

test('a success is told of when that is asked for', () => {
  const { template } = synthesize({ channels: [email], notifyOnSuccess: true });
  const [, rule] = ruleOf(template, 'Succeeded');
  expect((rule.Properties.EventPattern as { detail: unknown }).detail).toEqual({ state: ['SUCCEEDED'] });
  expect(Object.values(textsOf(rule))[0][0]).toBe('alerts: the release succeeded in the pipeline <detail-pipeline>.');
});

describe('alarms', () => {
  test('are told of, all by one rule', () => {
    const stack = createStack();
    const alerts = createAlerts(stack, { channels: [email], alarms: [alarmNamed(stack, 'one')] });
    const two = alarmNamed(stack, 'two');
    alerts.addAlarm(two);
    alerts.addAlarm(two);
    const [, rule] = ruleOf(Template.fromStack(stack), 'AlarmRule');
    expect(rule.Properties.EventPattern).toEqual({
      'source': ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      'resources': ['one', 'two'].map((name) => `arn:aws:cloudwatch:eu-west-1:111111111111:alarm:${name}`),
      'detail': { $or: [{ state: { value: ['ALARM'] } }, { previousState: { value: ['ALARM'] } }] },
    });
  });

  test('are spread over several rules, as a pattern has 2,048 characters at most', () => {
    const stack = createStack();
    createAlerts(stack, { channels: [email], alarms: Array.from({ length: 21 }, (_, index) => alarmNamed(stack, `${'a'.repeat(120)}-${index}`)) });
    const template = Template.fromStack(stack);
    const patterns = ['AlarmRule', 'AlarmRule2', 'AlarmRule3'].map((id) => ruleOf(template, id)[1].Properties.EventPattern as { resources: string[] });
    expect(patterns.map(({ resources }) => resources.length)).toEqual([10, 10, 1]);
    patterns.forEach((pattern) => expect(JSON.stringify(pattern).length).toBeLessThan(2048));
  });

  test('that come again when a rule is full make no other', () => {
    const stack = createStack();
    const alarms = Array.from({ length: 10 }, (_, index) => alarmNamed(stack, `alarm-${index}`));
    createAlerts(stack, { channels: [email], alarms: [...alarms, alarms[0]] });
    const patterns = Object.values(resourcesOf(Template.fromStack(stack), RULE))
      .map(({ Properties }) => Properties.EventPattern as { source: string[]; resources: string[] })
      .filter(({ source: [first] }) => first === 'aws.cloudwatch');
    expect(patterns.map(({ resources }) => resources.length)).toEqual([10]);
  });

  test('are the same by their ARN, as an alarm that is imported twice is two objects', () => {
    const stack = createStack();
    const one = alarmNamed(stack, 'one');
    createAlerts(stack, { channels: [email], alarms: [one] }).addAlarm(cloudwatch.Alarm.fromAlarmArn(stack, 'Again', one.alarmArn));
    const [, rule] = ruleOf(Template.fromStack(stack), 'AlarmRule');
    expect(rule.Properties.EventPattern).toMatchObject({ resources: ['arn:aws:cloudwatch:eu-west-1:111111111111:alarm:one'] });
  });

  test('have rules with a suffix, each by its number', () => {
    const stack = createStack();
    createAlerts(stack, {
      channels: [email], applicationName: 'orders', environmentSuffix: 'dev', alarms: Array.from({ length: 11 }, (_, index) => alarmNamed(stack, `alarm-${index}`)),
    });
    const template = Template.fromStack(stack);
    expect(['AlarmRule', 'AlarmRule2'].map((id) => ruleOf(template, id)[1].Properties.Name)).toEqual(['orders-alarm-dev', 'orders-alarm-2-dev']);
  });

  test.each(['orders "hot" path', 'orders\\\\path'])('whose name would spoil a message are refused: %s', (name) => {
    const stack = createStack();
    expect(() => createAlerts(stack, { alarms: [alarmNamed(stack, name)] })).toThrow(
      `'alarms' must have names without quotation marks and backslashes, got ${JSON.stringify(name)}; EventBridge does not escape `
      + 'them, and chats drop the message: rename the alarm [Stack/Alerts]');
  });

  test('of a service that has none to tell of are none', () => {
    const stack = createStack();
    const { deploymentFailures, ecsService } = createService(stack);
    createAlerts(stack, { channels: [email], service: { deploymentFailures, ecsService } as IBlueGreenService });
    expect(Object.keys(resourcesOf(Template.fromStack(stack), RULE)).filter((id) => id.includes('AlarmRule'))).toEqual([]);
  });

  test('of the service and of the user are told of by the pattern', () => {
    const stack = createStack();
    const { service, alerts } = new BlueGreenPythonPipeline(stack, 'Orders', { alerts: { alarms: [alarmNamed(stack, 'one')] } });
    alerts.addAlarm(service.rollbackAlarms[0]);
    const [rule] = Object.entries(resourcesOf(Template.fromStack(stack), RULE)).filter(([id]) => id.includes('AlarmRule')).map(([, found]) => found);
    expect((rule.Properties.EventPattern as { resources: unknown[] }).resources)
      .toHaveLength(service.rollbackAlarms.length + 2);
  });
});

describe('a chat', () => {
  const slack = AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP' });
  const TEAMS = {
    teamId: '1d2c3b4a-0000-4000-8000-1234567890ab',
    tenantId: '5e6f7a8b-0000-4000-8000-1234567890ab',
    channelId: '19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2',
  };
  const teams = AlertChannel.teams(TEAMS);
  const { template } = synthesize({ channels: [email, slack, teams], environmentSuffix: 'dev', applicationName: 'orders' });
  const chatTopic = idOf(template, TOPIC, /^AlertsChatTopic/);
  const role = idOf(template, 'AWS::IAM::Role', /./);
  const guardrail = idOf(template, 'AWS::IAM::ManagedPolicy', /./);

  test('of Slack and of Teams are shown what one topic of their own gets', () => {
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      ConfigurationName: 'orders-slack-T07EA123LEP-C07EA123LEP-dev',
      SlackWorkspaceId: 'T07EA123LEP',
      SlackChannelId: 'C07EA123LEP',
      SnsTopicArns: [{ Ref: chatTopic }],
      IamRoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
      GuardrailPolicies: [{ Ref: guardrail }],
    });
    template.hasResourceProperties('AWS::Chatbot::MicrosoftTeamsChannelConfiguration', {
      ConfigurationName: 'orders-teams-1d2c3b4a-5e6f7a8b-19b6ef35dc342d56ba5654e6fc6d25a071thread-dev',
      TeamId: '1d2c3b4a-0000-4000-8000-1234567890ab',
      TeamsTenantId: '5e6f7a8b-0000-4000-8000-1234567890ab',
      TeamsChannelId: '19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2',
      SnsTopicArns: [{ Ref: chatTopic }],
      IamRoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
      GuardrailPolicies: [{ Ref: guardrail }],
    });
  });

  test('can do nothing by its role, and never more than look at the pipeline', () => {
    const [, { Properties }] = onlyResource(template, 'AWS::IAM::Role');
    expect(Properties.ManagedPolicyArns).toBeUndefined();
    expect(Properties.AssumeRolePolicyDocument).toMatchObject({ Statement: [{ Principal: { Service: 'chatbot.amazonaws.com' } }] });
    expect(Properties.RoleName).toEqual({ 'Fn::Join': ['', ['orders-chat-', { Ref: 'AWS::Region' }, '-dev']] });
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(statementsIn(onlyResource(template, 'AWS::IAM::ManagedPolicy')[1], 'PolicyDocument')).toEqual([
      { Effect: 'Allow', Action: 'codepipeline:GetPipelineState', Resource: 'arn:aws:codepipeline:eu-west-1:111111111111:orders' },
    ]);
  });

  test('has its own encrypted topic with the same key, which the rules may publish to', () => {
    const [key] = onlyResource(template, 'AWS::KMS::Key');
    expect(resourcesOf(template, TOPIC)[chatTopic].Properties).toEqual({
      TopicName: 'orders-chat-alerts-dev', KmsMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] },
    });
    const rules = Object.keys(resourcesOf(template, RULE)).filter((id) => !id.includes('Activity'));
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: chatTopic }],
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': rules.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })) } },
        })]),
      },
    });
  });

  test('beside a topic of the user\'s gets a key of its own, and a name without a suffix', () => {
    const stack = createStack();
    createAlerts(stack, { topic: new sns.Topic(stack, 'Given', { masterKey: new kms.Key(stack, 'GivenKey') }), channels: [slack] });
    const without = Template.fromStack(stack);
    const key = idOf(without, 'AWS::KMS::Key', /^AlertsChatKey/);
    expect(resourcesOf(without, TOPIC)[idOf(without, TOPIC, /^AlertsChatTopic/)].Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [key, 'Arn'] });
    without.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      ConfigurationName: Match.stringLikeRegexp('^Stack-Alerts-Chat-[0-9A-F]{8}-slack-T07EA123LEP-C07EA123LEP$'),
    });
  });

  test('that has a configuration of its own is shown what a topic of it gets', () => {
    const stack = createStack();
    createAlerts(stack, { channels: [AlertChannel.chatTopic(new sns.Topic(stack, 'Shown'))] });
    const shown = Template.fromStack(stack);
    shown.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 0);
    const [, rule] = ruleOf(shown, 'Failed');
    const [, target] = rule.Properties.Targets as {
      Arn: { Ref: string };
      InputTransformer: {
        InputTemplate: unknown;
      };
    }[];
    expect(target.Arn.Ref).toMatch(/^Shown/);
    expect(textOf(target.InputTransformer.InputTemplate)).toContain('"textType":"client-markdown"');
  });

  test('cannot be configured by two alerts of a stack', () => {
    const stack = createStack();
    const alerts = createAlerts(stack, { channels: [slack] });
    expect(() => new PipelineAlerts(stack, 'Others', { codePipeline: codepipeline.Pipeline.fromPipelineArn(stack, 'Other', 'arn:aws:codepipeline:eu-west-1:111111111111:x'), channels: [slack] }))
      .toThrow("'channels' must not contain a chat that has a configuration already, got \"slack T07EA123LEP C07EA123LEP\", which Stack/Alerts/Chat configures; "
        + 'an account has at most one configuration for each chat: create it yourself, and pass its topic to both as AlertChannel.chatTopic(topic) [Stack/Others/Chat]');
    expect(alerts.topic).toBeDefined();
  });

  test('alone is somebody who hears, and is told where there is no suffix', () => {
    const { stack, template: alone } = synthesize({ channels: [teams] });
    expect(JSON.stringify(ruleOf(alone, 'Failed')[1]).replace(/\\/g, '')).toContain('"keywords":["alerts","no environment"]');
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each<[string, () => AlertChannel, string]>([
    ['the name of a Slack channel', () => AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: '#alerts' }), "'channels.channelId' must be the id of a Slack channel"],
    ['the name of a workspace', () => AlertChannel.slack({ workspaceId: 'acme', channelId: 'C07EA123LEP' }), "'channels.workspaceId' must be the id of a Slack workspace"],
    ['what begins with more than the id of a Slack channel', () => AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: '#C07EA123LEP' }), "'channels.channelId'"],
    ['what ends with more than the id of a Slack channel', () => AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP alerts' }), "'channels.channelId'"],
    ['what begins with more than the id of a workspace', () => AlertChannel.slack({ workspaceId: 'acme/T07EA123LEP', channelId: 'C07EA123LEP' }), "'channels.workspaceId'"],
    ['what ends with more than the id of a workspace', () => AlertChannel.slack({ workspaceId: 'T07EA123LEP/C07EA123LEP', channelId: 'C07EA123LEP' }), "'channels.workspaceId'"],
    ['what begins with more than a UUID', () => AlertChannel.teams({ ...TEAMS, teamId: `groupId=${TEAMS.teamId}` }), "'channels.teamId' must be the UUID"],
    ['what ends with more than a UUID', () => AlertChannel.teams({ ...TEAMS, tenantId: `${TEAMS.tenantId}&x` }), "'channels.tenantId' must be the UUID"],
    ['a whole link', () => AlertChannel.teams({ ...TEAMS, channelId: `https://teams/${TEAMS.channelId}` }), "'channels.channelId' must be the id of a channel as it is in the link of the channel"],
    ['the rest of a link', () => AlertChannel.teams({ ...TEAMS, channelId: `${TEAMS.channelId}?tenantId=1` }), "'channels.channelId' must be the id of a channel as it is in the link of the channel"],
    ['an id of Slack that is not known', () => AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: Aws.STACK_NAME }), 'known at synth'],
    ['the name of a team', () => AlertChannel.teams({ teamId: 'ops', tenantId: '5e6f7a8b-0000-4000-8000-1234567890ab', channelId: 'x' }), "'channels.teamId' must be the UUID"],
    ['the name of a tenant', () => AlertChannel.teams({
      teamId: '5e6f7a8b-0000-4000-8000-1234567890ab', tenantId: 'acme', channelId: 'x',
    }), "'channels.tenantId' must be the UUID"],
    ['a link that is not encoded', () => AlertChannel.teams({
      teamId: '5e6f7a8b-0000-4000-8000-1234567890ab', tenantId: '5e6f7a8b-0000-4000-8000-1234567890ab', channelId: '19:b6ef@thread.tacv2',
    }), "'channels.channelId' must be the id of a channel as it is in the link of the channel"],
  ])('refuses %s', (_what, channel, message) => {
    expect(() => synthesize({ channels: [channel()] })).toThrow(message);
  });

  test('may be beside another of its kind', () => {
    const channels = [
      email, AlertChannel.email('ops@example.com'),
      slack, AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C08' }),
      teams, AlertChannel.teams({ ...TEAMS, channelId: TEAMS.channelId.replace('b6ef', 'c6ef') }),
    ];
    const { template: both } = synthesize({ channels });
    ['AWS::SNS::Subscription', 'AWS::Chatbot::SlackChannelConfiguration', 'AWS::Chatbot::MicrosoftTeamsChannelConfiguration']
      .forEach((type) => both.resourceCountIs(type, 2));
  });

  test.each<[string, AlertChannel]>([['Slack', slack], ['Teams', teams]])('of %s cannot be given twice', (_what, channel) => {
    expect(() => synthesize({ channels: [channel, channel] })).toThrow(/^'channels' must not contain the same channel twice, got ".*" again; remove one of the two \[Stack\/Alerts\]$/);
  });
});

/** What a user may write: a queue that receives the text, and a configuration of a chat. */
class OwnChannel extends AlertChannel {
  public bound?: AlertChannelBindOptions;

  constructor(private readonly id: string, private readonly queue: sqs.IQueue) {
    super();
  }

  public bind(scope: Construct, options: AlertChannelBindOptions): AlertChannelConfig {
    this.bound = options;
    new chatbot.SlackChannelConfiguration(scope, this.id, {
      slackChannelConfigurationName: `${options.applicationName}-${this.id}-${options.environmentSuffix}`,
      slackWorkspaceId: 'T0OWN',
      slackChannelId: this.id,
      notificationTopics: [options.topics.obtainChatTopic()],
    });
    return { identity: `own ${this.id}`, subscription: new subscriptions.SqsSubscription(this.queue) };
  }
}

describe('a channel of the user\'s own', () => {
  const slack = AlertChannel.slack({ workspaceId: 'T07EA123LEP', channelId: 'C07EA123LEP' });
  const synthesizeWith = (channels: (own: OwnChannel, other: OwnChannel) => AlertChannel[]) => {
    const stack = createStack();
    const own = new OwnChannel('One', new sqs.Queue(stack, 'Queue'));
    const alerts = createAlerts(stack, {
      channels: channels(own, new OwnChannel('Two', new sqs.Queue(stack, 'OtherQueue'))), environmentSuffix: 'dev', applicationName: 'orders',
    });
    return { own, alerts, template: Template.fromStack(stack) };
  };
  const chatTopicsOf = (template: Template) => Object.values(resourcesOf(template, 'AWS::Chatbot::SlackChannelConfiguration'))
    .map(({ Properties }) => (Properties.SnsTopicArns as { Ref: string }[]).map(({ Ref }) => Ref));

  describe('alone', () => {
    const { own, alerts, template } = synthesizeWith((channel) => [channel]);
    const text = idOf(template, TOPIC, /^AlertsTopic/);
    const chat = idOf(template, TOPIC, /^AlertsChatTopic/);

    test('receives each alert as text', () => {
      expect(own.bound?.topics.textTopic).toBe(alerts.topic);
      template.hasResourceProperties('AWS::SNS::Subscription', {
        Protocol: 'sqs', TopicArn: { Ref: text }, Endpoint: { 'Fn::GetAtt': [idOf(template, 'AWS::SQS::Queue', /^Queue/), 'Arn'] },
      });
    });

    test('shows each alert in its chat, as the built-in channels do', () => {
      expect(chatTopicsOf(template)).toEqual([[chat]]);
      const telling = Object.entries(resourcesOf(template, RULE)).filter(([id]) => !id.includes('Activity'));
      for (const [, { Properties }] of telling) {
        const targets = Properties.Targets as { Arn: { Ref: string }; InputTransformer: { InputTemplate: unknown } }[];
        expect(targets.map(({ Arn }) => Arn.Ref)).toEqual([text, chat]);
        expect(textOf(targets[1].InputTransformer.InputTemplate)).toContain('"textType":"client-markdown"');
      }
      const publishers = Object.values(resourcesOf(template, 'AWS::SNS::TopicPolicy'))
        .filter(({ Properties }) => (Properties.Topics as { Ref: string }[])[0].Ref === chat)
        .flatMap((policy) => statementsIn(policy, 'PolicyDocument').map(({ Principal }) => textOfService(Principal)));
      expect(publishers).toEqual(expect.arrayContaining(['events.amazonaws.com', 'cloudwatch.amazonaws.com']));
    });

    test('is told of undelivered alerts', () => {
      const { AlarmActions } = onlyResource(template, 'AWS::CloudWatch::Alarm')[1].Properties;
      expect(AlarmActions).toEqual([{ Ref: text }, { Ref: chat }]);
    });

    test('gets no role and no guardrail of the library', () => {
      expect(Object.keys(resourcesOf(template, 'AWS::IAM::Role'))).toEqual([expect.stringMatching(/^AlertsOneConfigurationRole/)]);
      template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    });

    test('knows application, environment and pipeline', () => {
      expect(own.bound).toMatchObject({ applicationName: 'orders', environmentSuffix: 'dev' });
      expect(own.bound?.codePipeline.pipelineArn).toBe('arn:aws:codepipeline:eu-west-1:111111111111:orders');
    });
  });

  test.each<[what: string, channels: (own: OwnChannel, other: OwnChannel) => AlertChannel[]]>([
    ['another one', (own, other) => [own, other]],
    ['a built-in one after it', (own) => [own, slack]],
    ['a built-in one before it', (own) => [slack, own]],
  ])('shares the topic of the chats with %s', (_what, channels) => {
    const { template } = synthesizeWith(channels);
    const chat = idOf(template, TOPIC, /^AlertsChatTopic/);
    expect(chatTopicsOf(template)).toEqual([[chat], [chat]]);
    template.resourceCountIs(TOPIC, 2);
  });

  test('is refused with the former name of its identity', () => {
    class FormerChannel extends AlertChannel {
      public bind(): AlertChannelConfig {
        return { ...{ key: 'own' }, identity: 'own' };
      }
    }
    expect(() => synthesize({ channels: [new FormerChannel()] })).toThrow("'key' is now 'identity'; rename it [Stack/Alerts]");
  });

  test('counts as a topic when it has a chat', () => {
    const stack = createStack();
    const topics = ['One', 'Two', 'Three'].map((id) => AlertChannel.topic(new sns.Topic(stack, id)));
    expect(() => createAlerts(stack, { channels: [...topics, new OwnChannel('Own', new sqs.Queue(stack, 'Queue'))] }))
      .toThrow("'channels' must contain at most 3 topics in addition to the topic of the alerts");
  });
});

describe('another topic', () => {
  test('as a channel gets every alert as well, even when it comes late', () => {
    const stack = createStack();
    const pager = new sns.Topic(stack, 'Pager');
    const alerts = createAlerts(stack, { channels: [email] });
    alerts.addAlarm(alarmNamed(stack, 'one'));
    alerts.addChannel(AlertChannel.topic(pager));
    const template = Template.fromStack(stack);
    const [pagerId] = Object.keys(resourcesOf(template, TOPIC)).filter((id) => id.startsWith('Pager'));
    const rules = resourcesOf(template, RULE);
    const telling = Object.keys(rules).filter((id) => !id.includes('Activity'));
    for (const id of telling) {
      const texts = textsOf(rules[id]);
      expect(Object.keys(texts)).toHaveLength(2);
      expect(new Set(Object.values(texts).map(String)).size).toBe(1);
      expect(texts).toHaveProperty([`\${${pagerId}}`]);
    }
    const sources = Object.keys(rules).map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] }));
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Condition: { ArnEquals: { 'aws:SourceArn': Match.exact(sources) } } })]) },
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: pagerId }],
      PolicyDocument: { Statement: [Match.anyValue(), Match.objectLike({ Condition: { ArnEquals: { 'aws:SourceArn': telling.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })) } } })] },
    });
  });

  test('beyond what EventBridge reaches is refused', () => {
    const stack = createStack();
    const topics = ['One', 'Two', 'Three', 'Four'].map((id) => AlertChannel.topic(new sns.Topic(stack, id)));
    expect(() => createAlerts(stack, { channels: topics })).toThrow("'channels' must contain at most 3 topics in addition to the topic of the alerts (all chats share one), got more; "
      + 'EventBridge sends an event to at most five targets: subscribe the other receivers to one of these topics [Stack/Alerts]');
  });

  test('that is encrypted lets EventBridge use its key', () => {
    const stack = createStack();
    createAlerts(stack, { channels: [AlertChannel.topic(new sns.Topic(stack, 'Pager', { masterKey: new kms.Key(stack, 'Key') }))] });
    const [, key] = Object.entries(resourcesOf(Template.fromStack(stack), 'AWS::KMS::Key')).find(([id]) => id.startsWith('Key')) ?? [];
    expect(key && statementsIn(key, 'KeyPolicy')).toContainEqual(expect.objectContaining({ Sid: 'AllowPublishers' }));
  });

  test.each([
    ['a channel', (topic: sns.ITopic) => ({ channels: [AlertChannel.topic(topic)] })],
    ['the topic', (topic: sns.ITopic) => ({ topic })],
  ])('in another stack of the app is published to as %s, by things of its account', (_as, props) => {
    const app = new App();
    const topic = new sns.Topic(new Stack(app, 'Shared'), 'Pager');
    const stack = new Stack(app, 'Stack');
    createAlerts(stack, props(topic));
    const shared = Template.fromStack(Stack.of(topic));
    const allow = statementsIn(onlyResource(shared, 'AWS::SNS::TopicPolicy')[1], 'PolicyDocument').find(({ Principal }) => textOfService(Principal) === 'events.amazonaws.com') as Statement;
    const sourceOf = ({ Condition }: Statement) => textOf((Condition as { ArnLike: { [key: string]: unknown } }).ArnLike['aws:SourceArn']);
    expect(sourceOf(allow)).toBe('arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*');
    const alarm = statementsIn(onlyResource(shared, 'AWS::SNS::TopicPolicy')[1], 'PolicyDocument').filter(({ Principal }) => textOfService(Principal) === 'cloudwatch.amazonaws.com');
    expect(alarm.map(sourceOf)).toEqual(['arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*']);
    expect(JSON.stringify(resourcesOf(Template.fromStack(stack), RULE))).toContain('Fn::ImportValue');
  });

  test('in place of a new one is published to, and nothing is made for it', () => {
    const stack = createStack();
    const topic = new sns.Topic(stack, 'Given');
    const alerts = createAlerts(stack, { topic });
    const template = Template.fromStack(stack);
    expect(alerts.topic).toBe(topic);
    template.resourceCountIs(TOPIC, 1);
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.resourceCountIs('AWS::SNS::TopicPolicy', 1);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('that is imported draws a warning with the statement to add', () => {
    const stack = createStack();
    createAlerts(stack, { topic: sns.Topic.fromTopicArn(stack, 'Given', 'arn:aws:sns:eu-west-1:111111111111:given') });
    Annotations.fromStack(stack).hasWarning('/Stack/Alerts',
      Match.stringLikeRegexp('policy of the imported topic Stack/Given: alerts.*cdk-blue-green-python-pipeline:PipelineAlerts\\.importedTopic'));
    const [, statement, ofKey] = warningsOf(stack).match(/adds (\{.*\}) to it, and (\{.*\}) to the policy of its key/) ?? [];
    expect(JSON.parse(statement)).toEqual({
      Action: 'sns:Publish',
      Condition: { ArnLike: { 'aws:SourceArn': [anyOf('cloudwatch', 'alarm:*'), anyOf('events', 'rule/*')] } },
      Effect: 'Allow',
      Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
      Resource: 'arn:aws:sns:eu-west-1:111111111111:given',
    });
    expect(JSON.parse(ofKey)).toMatchObject({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Effect: 'Allow' });
    Template.fromStack(stack).hasResourceProperties(RULE, { Targets: Match.arrayWith([Match.objectLike({ Arn: 'arn:aws:sns:eu-west-1:111111111111:given' })]) });
  });
});

describe('a key of the user\'s', () => {
  test('encrypts the topic and lets EventBridge use it', () => {
    const stack = createStack();
    createAlerts(stack, { channels: [email], encryptionKey: new kms.Key(stack, 'Key') });
    const [, key] = onlyResource(Template.fromStack(stack), 'AWS::KMS::Key');
    expect(statementsIn(key, 'KeyPolicy').filter(({ Sid }) => Sid === 'AllowPublishers')).toHaveLength(1);
  });

  test('that is imported draws a warning with the statement to add', () => {
    const stack = createStack();
    createAlerts(stack, { channels: [email], encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1') });
    Annotations.fromStack(stack).hasWarning('/Stack/Alerts', Match.stringLikeRegexp('imported key Stack/Key: .*"kms:Decrypt","kms:GenerateDataKey".*events.amazonaws.com.*without a condition on the source.*cdk-blue-green-python-pipeline:PipelineAlerts\\.importedKey'));
  });
});

describe('the log of the events', () => {
  test('is encrypted with the key of the alerts, which CloudWatch Logs may use for it only', () => {
    const { template } = synthesize({ channels: [email], environmentSuffix: 'dev', applicationName: 'orders' });
    const [keyId, key] = onlyResource(template, 'AWS::KMS::Key');
    expect(onlyResource(template, 'AWS::Logs::LogGroup')[1].Properties.KmsKeyId).toEqual({ 'Fn::GetAtt': [keyId, 'Arn'] });
    const [statement] = statementsIn(key, 'KeyPolicy').filter(({ Sid }) => Sid === 'AllowEventLog');
    expect(textOf((statement.Condition as { ArnLike: { [name: string]: unknown } }).ArnLike['kms:EncryptionContext:aws:logs:arn']))
      .toMatch(/:log-group:\/aws\/events\/orders-pipeline-events-dev$/);
  });

  test('does without an imported key, which the deployment of a stack that had it for the topic would fail by', () => {
    const stack = createStack();
    createAlerts(stack, { channels: [email], encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1') });
    expect(onlyResource(Template.fromStack(stack), 'AWS::Logs::LogGroup')[1].Properties).not.toHaveProperty('KmsKeyId');
    Annotations.fromStack(stack).hasNoWarning('/Stack/Alerts/EventLog', Match.anyValue());
  });

  test('beside a topic that is given has the key of the user, and so has the rest that the alerts create', () => {
    const stack = createStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    createAlerts(stack, { topic: new sns.Topic(stack, 'Given'), encryptionKey });
    const template = Template.fromStack(stack);
    const [keyId, key] = onlyResource(template, 'AWS::KMS::Key');
    const arn = { 'Fn::GetAtt': [keyId, 'Arn'] };
    expect(onlyResource(template, TOPIC)[1]).not.toHaveProperty('Properties.KmsMasterKeyId');
    expect(onlyResource(template, 'AWS::Logs::LogGroup')[1].Properties.KmsKeyId).toEqual(arn);
    expect(onlyResource(template, 'AWS::SQS::Queue')[1].Properties.KmsMasterKeyId).toEqual(arn);
    // without the chats no topic asks for it, and EventBridge could not write to the queue
    expect(statementsIn(key, 'KeyPolicy').filter(({ Sid }) => Sid === 'AllowPublishers')).toHaveLength(1);
  });

  test('leaves the key of a topic that is given to its owner', () => {
    const stack = createStack();
    createAlerts(stack, { topic: new sns.Topic(stack, 'Given', { masterKey: new kms.Key(stack, 'Key') }) });
    expect(onlyResource(Template.fromStack(stack), 'AWS::Logs::LogGroup')[1].Properties).not.toHaveProperty('KmsKeyId');
  });
});
