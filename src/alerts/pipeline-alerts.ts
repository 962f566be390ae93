import { Annotations, RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlertChannel } from './alert-channel';
import { PartProps } from '../part-props';
import { EventLog } from './private/event-log';
import { alarmMessage, pipelineMessage } from './private/messages';
import { alarmsMayPublish } from './private/publish-statements';
import { TopicPublisher } from './private/topic-publisher';
import { createCustomerKey } from '../private/customer-key';
import { fail, show } from '../private/errors';
import { MAX_LENGTH, ResourceNames } from '../private/names';
import { requireAbsent } from '../private/validation';

/**
 * Any start but the pipeline's creation; an event that does not tell how the execution started may be of any.
 *
 * Who tries a stage of the first execution again has mended its source, and keeps its trigger: later attempts count.
 */
const NOT_THE_FIRST = {
  $or: [
    { 'execution-trigger': { 'trigger-type': [{ 'anything-but': ['CreatePipeline'] }, { exists: false }] } },
    { 'pipeline-execution-attempt': [{ numeric: ['>', 1] }] },
  ],
};

/**
 * What a parent may tune on alerts.
 */
export interface PipelineAlertsOptions {
  /**
   * Who hears of alerts.
   *
   * @default - nobody, and the synthesis warns
   */
  readonly channels?: AlertChannel[];

  /**
   * A topic that exists; the alerts are published there. Its encryption is its owner's.
   *
   * @default - a new topic, encrypted, over TLS only
   */
  readonly topic?: sns.ITopic;

  /**
   * The key that encrypts the new topic. EventBridge gets the right to use it.
   *
   * @default - a new key, rotated every year
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Alarms to tell of.
   *
   * @default - none
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * Whether a release that succeeded is told of as well.
   *
   * @default false
   */
  readonly notifyOnSuccess?: boolean;
}

/**
 * Props of alerts.
 */
export interface PipelineAlertsProps extends PipelineAlertsOptions, PartProps {
  /** The pipeline to watch. */
  readonly pipeline: codepipeline.IPipeline;

  /**
   * Whether nobody is told when the execution fails that the creation of the pipeline starts: it may find no source yet.
   *
   * @default - it is told of like any other
   */
  readonly ignoreFirstExecution?: boolean;
}

/**
 * A topic that tells people, in plain text, that a pipeline failed or an alarm went off.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 * @example
 * declare const pipeline: PythonCiPipeline;
 * const alerts = new PipelineAlerts(this, 'Alerts', {
 *   pipeline: pipeline.codePipeline,
 *   channels: [AlertChannel.email('devops@example.com')],
 * });
 */
export class PipelineAlerts extends Construct {
  /** Where alerts are published. */
  public readonly topic: sns.ITopic;
  /** Where the events of failed pipelines are kept, for 30 days. */
  public readonly eventLogGroup: logs.LogGroup;

  private readonly names: ResourceNames;
  private readonly publishers: TopicPublisher[];
  private readonly channelKeys = new Set<string>();
  private readonly rules: { rule: events.Rule; text: string }[] = [];
  private readonly alarms = new Set<cloudwatch.IAlarm>();
  private alarmRule?: events.Rule;

  /**
   * @throws when a channel is given twice or is no address, or when `topic` and `encryptionKey` are given both
   */
  constructor(scope: Construct, id: string, props: PipelineAlertsProps) {
    super(scope, id);
    if (props.topic) {
      requireAbsent(this, 'topic', { encryptionKey: props.encryptionKey }, 'the given topic has its own encryption: remove one of the two');
    }
    this.names = new ResourceNames(this, props);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.DESTROY;

    this.topic = props.topic ?? this.createTopic(props.encryptionKey, removalPolicy);
    this.channelKeys.add(AlertChannel.topic(this.topic).bind(this).key);
    this.publishers = [new TopicPublisher(this, 'Publisher', this.topic)];
    props.channels?.forEach((channel) => this.addChannel(channel));

    const eventLog = new EventLog(this, 'EventLog', { names: this.names, removalPolicy });
    this.eventLogGroup = eventLog.logGroup;
    eventLog.subscribeTo(this.createFailureRule(props));
    if (props.notifyOnSuccess) {
      this.createPipelineRule('Succeeded', 'succeeded', props.pipeline);
    }
    props.alarms?.forEach((alarm) => this.addAlarm(alarm));

    if (!props.channels?.length && !props.topic) {
      Annotations.of(this).addWarningV2('cdk-blue-green-python-pipeline:PipelineAlerts.noSubscriber',
        "nobody hears of alerts: give 'channels', as in alerts: { channels: [AlertChannel.email('devops@example.com')] }");
    }
  }

  /**
   * Tells when the alarm goes off, in plain text. One that is there already is left as it is.
   */
  public addAlarm(alarm: cloudwatch.IAlarm): void {
    if (this.alarms.has(alarm)) { return; }
    this.alarms.add(alarm);
    if (this.alarmRule) {
      this.alarmRule.addEventPattern({ resources: [alarm.alarmArn] });
      return;
    }
    this.alarmRule = new events.Rule(this, 'AlarmRule', {
      ruleName: this.names.of('alarm', MAX_LENGTH.eventRule),
      description: 'Tells of alarms',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        resources: [alarm.alarmArn],
        detail: { state: { value: ['ALARM'] } },
      },
    });
    this.publish(this.alarmRule, alarmMessage(this, this.names));
  }

  /**
   * Lets one more channel hear of alerts.
   *
   * @throws when the channel hears of them already
   */
  public addChannel(channel: AlertChannel): void {
    const { key, subscription, topic } = channel.bind(this);
    if (this.channelKeys.has(key)) {
      fail(this, `'channels' must not hold the same channel twice, got ${show(key)} again; remove one of the two`);
    }
    this.channelKeys.add(key);
    if (subscription) {
      this.topic.addSubscription(subscription);
    }
    if (topic) {
      const publisher = new TopicPublisher(this, `Publisher${this.publishers.length}`, topic);
      this.rules.forEach(({ rule, text }) => publisher.subscribeTo(rule, text));
      this.publishers.push(publisher);
    }
  }

  private createTopic(givenKey: kms.IKey | undefined, removalPolicy: RemovalPolicy): sns.Topic {
    const key = givenKey ?? createCustomerKey(this, 'Key', { names: this.names, role: 'alerts', what: 'Alerts', removalPolicy });
    const topic = new sns.Topic(this, 'Topic', { topicName: this.names.of('alerts'), masterKey: key, enforceSSL: true });
    topic.addToResourcePolicy(alarmsMayPublish(this, topic.topicArn));
    return topic;
  }

  private createFailureRule({ pipeline, ignoreFirstExecution }: PipelineAlertsProps): events.Rule {
    return this.createPipelineRule('Failed', 'failed', pipeline, ignoreFirstExecution ? NOT_THE_FIRST : {});
  }

  private createPipelineRule(id: 'Failed' | 'Succeeded', outcome: string, pipeline: codepipeline.IPipeline, detail: object = {}): events.Rule {
    const rule = new events.Rule(this, id, {
      ruleName: this.names.of(`pipeline-${outcome}`, MAX_LENGTH.eventRule),
      description: `Tells that the pipeline ${outcome}`,
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Pipeline Execution State Change'],
        resources: [pipeline.pipelineArn],
        detail: { state: [outcome.toUpperCase()], ...detail },
      },
    });
    this.publish(rule, pipelineMessage(this, this.names, outcome));
    return rule;
  }

  private publish(rule: events.Rule, text: string): void {
    this.rules.push({ rule, text });
    this.publishers.forEach((publisher) => publisher.subscribeTo(rule, text));
  }
}
