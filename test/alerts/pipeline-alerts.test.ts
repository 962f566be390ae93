import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlertChannel, PipelineAlerts, PipelineAlertsProps, PipelineSource } from '../../src';
import { createStack, onlyResource, Resource, resourcesOf, Statement, synthesizePattern, textOf } from '../helpers';

const RULE = 'AWS::Events::Rule';
const TOPIC = 'AWS::SNS::Topic';

function createAlerts(stack: Stack, props: Partial<PipelineAlertsProps> = {}): PipelineAlerts {
  const pipeline = codepipeline.Pipeline.fromPipelineArn(stack, 'Pipeline', 'arn:aws:codepipeline:eu-west-1:111111111111:orders');
  return new PipelineAlerts(stack, 'Alerts', { pipeline, ...props });
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

/** The text that a rule sends to a topic, with what EventBridge fills in left as it is. */
function textsOf(rule: Resource): { [topic: string]: string } {
  const targets = (rule.Properties.Targets as { Arn: unknown; InputTransformer?: { InputTemplate: unknown } }[])
    .filter(({ InputTransformer }) => InputTransformer);
  return Object.fromEntries(targets.map(({ Arn, InputTransformer }) => [textOf(Arn), JSON.parse(textOf(InputTransformer?.InputTemplate))]));
}

const email = AlertChannel.email('devops@example.com');

describe('alerts with an e-mail address', () => {
  const { template, alerts, stack } = synthesize({ channels: [email], environmentSuffix: 'dev', applicationName: 'orders' });
  const [topic] = onlyResource(template, TOPIC);
  const [ruleId, rule] = onlyResource(template, RULE);

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
        'The pipeline <detail-pipeline> failed.',
        'Application: orders',
        'Environment: dev',
        'Execution: <detail-execution-id>',
        'Time: <time>',
        'Account and region: <account>, <region>',
        'Look at it: https://${AWS::Region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/<detail-pipeline>'
        + '/executions/<detail-execution-id>/timeline?region=${AWS::Region}',
      ].join('\n'),
    });
  });

  test('reach the address', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'devops@example.com', TopicArn: { Ref: topic } });
  });

  test('go to an encrypted topic whose key EventBridge may use, without a condition that would drop them', () => {
    const [keyId, key] = onlyResource(template, 'AWS::KMS::Key');
    expect(key.Properties.EnableKeyRotation).toBe(true);
    template.hasResourceProperties(TOPIC, { KmsMasterKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] } });
    expect(statementsIn(key, 'KeyPolicy')).toContainEqual({
      Sid: 'AllowPublishers',
      Effect: 'Allow',
      Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
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
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: { ArnEquals: { 'aws:SourceArn': [{ 'Fn::GetAtt': [ruleId, 'Arn'] }] } },
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
    const targets = rule.Properties.Targets as { Arn: unknown }[];
    expect(textOf(targets[1].Arn)).toMatch(/:log-group:\/aws\/events\/orders-pipeline-events-dev$/);
    expect(rule.DependsOn).toEqual([logGroupId]);
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

describe('the execution that the creation of the pipeline starts', () => {
  const failed = (detail: object) => ({ state: 'FAILED', ...detail });
  const started = (type: string) => failed({ 'execution-trigger': { 'trigger-type': type } });

  test.each<[string, boolean, object]>([
    ['its failure is told of', true, started('CreatePipeline')],
    ['another failure is told of', true, started('StartPipelineExecution')],
  ])('is like any other when nothing is said: %s', (_what, expected, detail) => {
    expect(matches(failurePattern({}), detail)).toBe(expected);
  });

  // by the rules of AWS's own matcher, event-ruler, which answers the same to these events
  test.each<[string, boolean, object]>([
    ['its failure is not told of', false, started('CreatePipeline')],
    ['its failure at the first attempt is not told of', false, { ...started('CreatePipeline'), 'pipeline-execution-attempt': 1 }],
    ['its failure after it was tried again is told of', true, { ...started('CreatePipeline'), 'pipeline-execution-attempt': 2 }],
    ['a failure after a push is told of', true, started('CloudWatchEvent')],
    ['a failure after a start by hand is told of', true, started('StartPipelineExecution')],
    ['a failure whose event does not say how it started is told of', true, failed({})],
    ['a failure whose event says half of it is told of', true, failed({ 'execution-trigger': {} })],
    ['a success is not told of', false, { ...started('Webhook'), state: 'SUCCEEDED' }],
  ])('is ignored when it may fail: %s', (_what, expected, detail) => {
    expect(matches(failurePattern({ ignoreFirstExecution: true }), detail)).toBe(expected);
  });

  test('is told of when it succeeds', () => {
    const { template } = synthesize({ ignoreFirstExecution: true, notifyOnSuccess: true, channels: [email] });
    template.hasResourceProperties(RULE, { EventPattern: Match.objectLike({ detail: { state: ['SUCCEEDED'] } }) });
  });

  test('is ignored by the pattern when its repository is empty, and not when it has a seed', () => {
    const patternOf = (source: PipelineSource) => JSON.stringify(resourcesOf(synthesizePattern({ pipeline: { source } }).template, RULE));
    expect(patternOf(PipelineSource.codeCommit())).toContain('CreatePipeline');
    expect(patternOf(PipelineSource.codeCommit({ seedDirectory: __dirname }))).not.toContain('CreatePipeline');
  });
});

interface Pattern { readonly [name: string]: Pattern | (Matcher | Pattern)[] }
type Matcher = string | { readonly 'anything-but': string[] } | { readonly exists: boolean } | { readonly numeric: ['>', number] };

function failurePattern(props: Partial<PipelineAlertsProps>): Pattern {
  const [, rule] = onlyResource(synthesize({ ...props, channels: [email] }).template, RULE);
  return (rule.Properties.EventPattern as { detail: Pattern }).detail;
}

/** One of the list matches, for every member: a text, anything but some texts, a greater number, or a member that is there or not. */
function matches(pattern: Pattern, detail: object): boolean {
  return Object.entries(pattern).every(([name, expected]) => {
    if (name === '$or') { return (expected as Pattern[]).some((one) => matches(one, detail)); }
    const value = (detail as { [name: string]: unknown })[name];
    return Array.isArray(expected) ? expected.some((matcher) => accepts(matcher as Matcher, value)) : matches(expected, value as object ?? {});
  });
}

function accepts(matcher: Matcher, value: unknown): boolean {
  if (typeof matcher === 'string') { return value === matcher; }
  if ('exists' in matcher) { return matcher.exists === (value !== undefined); }
  if ('numeric' in matcher) { return typeof value === 'number' && value > matcher.numeric[1]; }
  return value !== undefined && !matcher['anything-but'].includes(value as string);
}

test('without a channel the synthesis warns that nobody hears', () => {
  const { stack } = synthesize();
  Annotations.fromStack(stack).hasWarning('/Stack/Alerts', Match.stringLikeRegexp("nobody hears of alerts.*'channels'.*noSubscriber"));
});

test('without a suffix the text says so, and the log group is named by its place', () => {
  const { template } = synthesize({ channels: [email] });
  expect(Object.values(textsOf(onlyResource(template, RULE)[1]))[0]).toContain('Environment: not named');
  expect(onlyResource(template, 'AWS::Logs::LogGroup')[1].Properties.LogGroupName).toMatch(/^\/aws\/events\/StackAlertsEventLog[0-9A-F]{8}$/);
});

test('RETAIN keeps key and log', () => {
  const { template } = synthesize({ channels: [email], removalPolicy: RemovalPolicy.RETAIN });
  template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain' });
  template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
});

test('a success is told of when that is asked for', () => {
  const { template } = synthesize({ channels: [email], notifyOnSuccess: true });
  const rules = Object.values(resourcesOf(template, RULE));
  expect(rules.map(({ Properties }) => (Properties.EventPattern as { detail: unknown }).detail)).toEqual([{ state: ['FAILED'] }, { state: ['SUCCEEDED'] }]);
  expect(Object.values(textsOf(rules[1]))[0]).toContain('The pipeline <detail-pipeline> succeeded.');
});

describe('alarms', () => {
  test('are told of, all by one rule', () => {
    const stack = createStack();
    const alerts = createAlerts(stack, { channels: [email], alarms: [alarmNamed(stack, 'one')] });
    const two = alarmNamed(stack, 'two');
    alerts.addAlarm(two);
    alerts.addAlarm(two);
    const rules = Object.values(resourcesOf(Template.fromStack(stack), RULE));
    expect(rules).toHaveLength(2);
    expect(rules[1].Properties.EventPattern).toEqual({
      'source': ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      'resources': ['one', 'two'].map((name) => `arn:aws:cloudwatch:eu-west-1:111111111111:alarm:${name}`),
      'detail': { state: { value: ['ALARM'] } },
    });
    expect(Object.values(textsOf(rules[1]))[0]).toBe([
      'The alarm <detail-alarmName> went off.',
      'Application: alerts',
      'Environment: not named',
      'Reason: <detail-state-reason>',
      'Since: <detail-state-timestamp>',
      'Account and region: <account>, <region>',
      'Look at it: https://${AWS::Region}.console.aws.amazon.com/cloudwatch/home?region=${AWS::Region}#alarmsV2:alarm/<detail-alarmName>',
    ].join('\n'));
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
    for (const rule of Object.values(rules)) {
      const texts = textsOf(rule);
      expect(Object.keys(texts)).toHaveLength(2);
      expect(new Set(Object.values(texts)).size).toBe(1);
      expect(texts).toHaveProperty([`\${${pagerId}}`]);
    }
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      Topics: [{ Ref: pagerId }],
      PolicyDocument: { Statement: [Match.objectLike({ Condition: { ArnEquals: { 'aws:SourceArn': Object.keys(rules).map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })) } } })] },
    });
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
  ])('in another stack of the app is published to as %s, by rules of its account', (_as, props) => {
    const app = new App();
    const topic = new sns.Topic(new Stack(app, 'Shared'), 'Pager');
    const stack = new Stack(app, 'Stack');
    createAlerts(stack, props(topic));
    const shared = Template.fromStack(Stack.of(topic));
    const [allow] = statementsIn(onlyResource(shared, 'AWS::SNS::TopicPolicy')[1], 'PolicyDocument');
    expect(textOf((allow.Condition as { ArnLike: { [key: string]: unknown } }).ArnLike['aws:SourceArn']))
      .toBe('arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*');
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
      Match.stringLikeRegexp('policy of the imported topic Stack/Given.*allow sns:Publish to the service principal events.amazonaws.com'));
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
    Annotations.fromStack(stack).hasWarning('/Stack/Alerts', Match.stringLikeRegexp('imported key Stack/Key.*kms:Decrypt and kms:GenerateDataKey.*events.amazonaws.com'));
  });
});
