import { Annotations, ArnFormat, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlertChannel } from './alert-channel';
import { AlertChannelBindOptions } from './alert-channel-options';
import { PipelineAlertsProps } from './pipeline-alerts-options';
import { FindingSeverity } from '../finding-severity';
import {
  actionAlert, alarmAlert, Alert, approvalAlert, deploymentAlert, failureAlert, imageFindingAlert, imageScanAlert,
  pipelineAlert,
} from './private/alerts';
import { EventLog } from './private/event-log';
import { ALERTS_KINDS, CHANNEL } from './private/kinds';
import { asChat, asText, Message } from './private/messages';
import { failWithSecondChannel } from './private/second-channel';
import { listenToAlarms } from './private/service-alarms';
import { TopicPublisher } from './private/topic-publisher';
import { UndeliveredEvents } from './private/undelivered-events';
import { ALARM } from '../private/common-kinds';
import { createCustomerKey } from '../private/customer-key';
import { fail, show } from '../private/errors';
import { required, requireKind, requireKinds } from '../private/kinds';
import { requireCurrentNames } from '../private/moved-options';
import { MAX_LENGTH, ResourceNames } from '../private/names';
import { removalPolicyOf } from '../private/part-defaults';
import { requireAbsent } from '../private/validation';

/** A pattern has at most 2,048 characters, and the longest ARN of an alarm that the library names has 180. */
const ALARMS_PER_RULE = 10;

/** EventBridge sends the events of a rule to at most five targets, and one may be the log. */
const MAX_TOPICS = 4;

/**
 * Plain-text notifications of failed releases with their reasons, of alarms, and of vulnerabilities in images.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 * @example
 * declare const pipeline: PythonCiPipeline;
 * declare const service: BlueGreenService;
 * const alerts = new PipelineAlerts(this, 'Alerts', {
 *   codePipeline: pipeline.codePipeline,
 *   trigger: pipeline.trigger,
 *   service,
 *   channels: [AlertChannel.email('devops@example.com')],
 * });
 */
export class PipelineAlerts extends Construct {
  /** The topic that alerts are published to as plain text. */
  public readonly topic: sns.ITopic;
  /** The log group that contains the event log. The option `logRetention` sets its retention period. */
  public readonly eventLogGroup: logs.LogGroup;
  /** The queue of undelivered events, undefined with `keepUndelivered: false`. */
  public readonly deadLetterQueue?: sqs.IQueue;

  private readonly names: ResourceNames;
  private readonly removalPolicy: RemovalPolicy;
  private readonly publishers: TopicPublisher[] = [];
  private readonly encryptionKey?: kms.IKey;
  private readonly undelivered?: UndeliveredEvents;
  private readonly channelIdentities = new Set<string>();
  private readonly rules: { rule: events.Rule; message: Message }[] = [];
  private readonly alarmArns = new Set<string>();
  private readonly alarmRules: events.Rule[] = [];
  private readonly bindOptions: AlertChannelBindOptions;
  private chatTopic?: sns.ITopic;

  /**
   * @throws when a channel is given twice or is not valid, when there are too many topics, when `trigger` is not a rule
   * of this stack, or when `imageScanSeverity` is given and image scans are not reported
   */
  constructor(scope: Construct, id: string, private readonly props: PipelineAlertsProps) {
    super(scope, id);
    this.validate(props);
    this.names = new ResourceNames(this, props);
    this.removalPolicy = removalPolicyOf(props);

    this.topic = props.topic ?? this.createTopic('Topic', 'alerts', props.encryptionKey);
    // the key of an existing topic is managed by its owner
    this.encryptionKey = props.encryptionKey ?? (props.topic ? undefined : this.topic.masterKey);
    this.bindOptions = {
      ...this.names.parts,
      codePipeline: props.codePipeline,
      topics: {
        textTopic: this.topic,
        obtainChatTopic: () => this.obtainChatTopic(),
      },
    };
    this.channelIdentities.add(AlertChannel.topic(this.topic).bind(this, this.bindOptions).identity);
    this.undelivered = this.createUndelivered();
    this.deadLetterQueue = this.undelivered?.queue;
    this.addPublisher('Publisher', this.topic, asText);
    props.channels?.forEach((channel) => this.addChannel(channel));

    const eventLog = this.createEventLog();
    this.eventLogGroup = eventLog.logGroup;
    eventLog.subscribeTo(this.addReleaseRules());
    this.addImageRules();
    this.addAlarms();

    if (!props.channels?.length && !props.topic) {
      Annotations.of(this).addWarningV2('cdk-blue-green-python-pipeline:PipelineAlerts.noSubscriber',
        "no one is notified of alerts: set 'channels', as in alerts: { channels: [AlertChannel.email('devops@example.com')] }");
    }
  }

  /**
   * Adds an alarm: a notification is sent when it enters ALARM, and when it leaves that state. Adding an alarm again
   * has no effect.
   *
   * @throws when the name of the alarm contains a quotation mark or a backslash
   */
  public addAlarm(alarm: cloudwatch.IAlarm): void {
    requireKind(this, 'alarm', alarm, required(ALARM));
    if (this.alarmArns.has(alarm.alarmArn)) { return; }
    if (/["\\]/.test(alarm.alarmName)) {
      fail(this, `'alarms' must have names without quotation marks and backslashes, got ${show(alarm.alarmName)}; EventBridge does not escape them, and chats `
        + 'drop the message: rename the alarm');
    }
    const place = this.alarmArns.size % ALARMS_PER_RULE;
    this.alarmArns.add(alarm.alarmArn);
    if (place > 0) {
      this.alarmRules.at(-1)?.addEventPattern({ resources: [alarm.alarmArn] });
      return;
    }
    const number = this.alarmRules.length + 1;
    this.alarmRules.push(this.addRule(number === 1 ? 'AlarmRule' : `AlarmRule${number}`, alarmAlert(this, alarm.alarmArn, number)));
  }

  /**
   * Adds a channel that alerts are sent to.
   *
   * @throws when the channel has been added already, when it is not valid, or when there are too many topics
   */
  public addChannel(channel: AlertChannel): void {
    requireKind(this, 'channel', channel, required(CHANNEL));
    const config = channel.bind(this, this.bindOptions);
    requireCurrentNames(this, config, { key: 'identity' });
    if (this.channelIdentities.has(config.identity)) {
      failWithSecondChannel(this, config.identity);
    }
    this.channelIdentities.add(config.identity);
    if (config.subscription) {
      this.topic.addSubscription(config.subscription);
    }
    if (config.topic) {
      this.addPublisher(`Publisher${this.publishers.length}`, config.topic, asText);
    }
    if (config.chatTopic) {
      this.addPublisher(`Publisher${this.publishers.length}`, config.chatTopic, asChat);
    }
  }

  private validate(props: PipelineAlertsProps): void {
    requireCurrentNames(this, props, { pipeline: 'codePipeline' });
    requireKinds(this, props, ALERTS_KINDS);
    if (props.trigger) {
      this.requireOwnRule(props.trigger);
    }
  }

  /** The policy of the queue names the rule, and the rule names the queue: both must be resources of this stack. */
  private requireOwnRule(trigger: events.IRule): void {
    const stack = Stack.of(trigger);
    const isImported = !(trigger.node.defaultChild instanceof events.CfnRule);
    if (!isImported && stack === Stack.of(this)) { return; }
    fail(this, `'trigger' must be a rule of the stack of the alerts, got ${trigger.node.path}, which is ${isImported ? 'imported' : `in the stack ${stack.node.path}`}; `
      + "add a dead-letter queue to its target yourself, and remove 'trigger'");
  }

  private obtainChatTopic(): sns.ITopic {
    if (!this.chatTopic) {
      this.chatTopic = this.createTopic('ChatTopic', 'chat-alerts', this.encryptionKey);
      this.addPublisher('ChatPublisher', this.chatTopic, asChat);
    }
    return this.chatTopic;
  }

  private addPublisher(id: string, topic: sns.ITopic, render: typeof asText): void {
    if (this.publishers.length >= MAX_TOPICS) {
      fail(this, `'channels' must contain at most ${MAX_TOPICS - 1} topics in addition to the topic of the alerts (all chats share one), got more; `
        + 'EventBridge sends an event to at most five targets: subscribe the other receivers to one of these topics');
    }
    const publisher = new TopicPublisher(this, id, { topic, names: this.names, render, undelivered: this.undelivered });
    this.rules.forEach(({ rule, message }) => publisher.subscribeTo(rule, message));
    this.publishers.push(publisher);
  }

  private createTopic(id: 'Topic' | 'ChatTopic', purpose: string, givenKey: kms.IKey | undefined): sns.Topic {
    const keyId = id === 'Topic' ? 'Key' : 'ChatKey';
    const key = givenKey ?? createCustomerKey(this, keyId, { names: this.names, purpose, what: 'Alerts', removalPolicy: this.removalPolicy });
    return new sns.Topic(this, id, { topicName: this.names.of(purpose), masterKey: key, enforceSSL: true });
  }

  private createEventLog(): EventLog {
    const { names, removalPolicy, encryptionKey, undelivered } = this;
    return new EventLog(this, 'EventLog', { names, removalPolicy, retention: this.props.logRetention, encryptionKey, undelivered });
  }

  private createUndelivered(): UndeliveredEvents | undefined {
    const { names, removalPolicy, encryptionKey: key } = this;
    const { keepUndelivered = true, trigger, codePipeline: { pipelineArn } } = this.props;
    if (!keepUndelivered) { return undefined; }
    // the policy of an imported key cannot be changed
    const encryptionKey = key && Resource.isOwnedResource(key) ? key : undefined;
    return new UndeliveredEvents(this, 'Undelivered', { names, removalPolicy, encryptionKey, trigger, pipelineArn });
  }

  /** @returns the rule whose events are kept */
  private addReleaseRules(): events.Rule {
    const { codePipeline, service, notifyOnSuccess, notifyOnApproval, failureDetails = true } = this.props;
    const { pipelineArn } = codePipeline;
    const failed = this.addRule('Failed', this.failureAlert(failureDetails));
    if (notifyOnSuccess) {
      this.addRule('Succeeded', pipelineAlert(this, pipelineArn, 'succeeded'));
    }
    if (notifyOnApproval) {
      this.addRule('ApprovalWaits', approvalAlert(this, pipelineArn));
    }
    if (!failureDetails) { return failed; }
    this.addRule('ActionFailed', actionAlert(this, pipelineArn));
    if (service) {
      this.addRule('DeploymentFailed', deploymentAlert(service.deploymentFailures));
    }
    return this.createActivityRule();
  }

  private failureAlert(failureDetails: boolean): Alert {
    const { codePipeline: { pipelineArn: arn, pipelineName: name }, service } = this.props;
    if (failureDetails) {
      return pipelineAlert(this, arn, 'failed', 'see the alert of the failed action, or the details below');
    }
    return service ? failureAlert(this, { name, arn }, service.deploymentFailures) : pipelineAlert(this, arn, 'failed');
  }

  /** Matches every event of pipeline, build and deployment. One failure causes several; two of them send alerts. */
  private createActivityRule(): events.Rule {
    const { codePipeline: { pipelineArn }, buildProject, service } = this.props;
    const deployments = service?.deploymentFailures.eventPattern;
    return new events.Rule(this, 'Activity', {
      ruleName: this.names.of('activity', MAX_LENGTH.eventRule),
      description: 'Writes the events of pipeline, build and deployment to the event log',
      eventPattern: {
        source: ['aws.codepipeline', ...(buildProject ? ['aws.codebuild'] : []), ...(deployments?.source ?? [])],
        resources: events.Match.anyOf(
          pipelineArn,
          ...(buildProject ? [events.Match.prefix(this.buildArnPrefix(buildProject.projectName))] : []),
          ...(deployments?.resources ?? []),
        ),
      },
    });
  }

  private buildArnPrefix(projectName: string): string {
    return Stack.of(this).formatArn({ service: 'codebuild', resource: 'build', resourceName: `${projectName}:`, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  }

  private addAlarms(): void {
    const { service, alarms } = this.props;
    // the alarms of the service come first in the rule
    listenToAlarms(service, (alarm) => this.addAlarm(alarm));
    alarms?.forEach((alarm) => this.addAlarm(alarm));
  }

  private addImageRules(): void {
    const { repository, notifyOnImageScan = true, imageScanSeverity } = this.props;
    if (!notifyOnImageScan) {
      requireAbsent(this, 'notifyOnImageScan: false', { imageScanSeverity }, 'remove one of the two');
      return;
    }
    if (!repository) {
      this.requireNoScans();
      return;
    }
    const { level } = imageScanSeverity ?? FindingSeverity.CRITICAL;
    const { repositoryName: name, repositoryArn: arn } = repository;
    this.addRule('ImageScan', imageScanAlert(this, { name, arn }, level));
    this.addRule('ImageFinding', imageFindingAlert(this, name, level));
  }

  private requireNoScans(): void {
    const { notifyOnImageScan, imageScanSeverity } = this.props;
    const [given] = Object.entries({ notifyOnImageScan, imageScanSeverity }).filter(([, value]) => value !== undefined);
    if (given) {
      fail(this, `'repository' must be given together with '${given[0]}', got none; pass the repository whose images are scanned, or remove '${given[0]}'`);
    }
  }

  private addRule(id: string, { purpose, description, eventPattern, message }: Alert): events.Rule {
    const rule = new events.Rule(this, id, {
      ruleName: this.names.of(purpose, MAX_LENGTH.eventRule), description, eventPattern,
    });
    this.rules.push({ rule, message });
    this.publishers.forEach((publisher) => publisher.subscribeTo(rule, message));
    return rule;
  }
}
