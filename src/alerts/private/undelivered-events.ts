import { CfnResource, Duration, Lazy, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { grantPublishToAlarms, grantKeyUseToPublishers } from './publish-statements';
import { acknowledge } from '../../private/acknowledge';
import { propertyOverrideOf, renderedProperties } from '../../private/cdk-internals';
import { show } from '../../private/errors';
import { MAX_LENGTH, ResourceNames } from '../../private/names';

/** The path of the dead-letter queue of a rule's first target. */
const QUEUE_OF_FIRST_TARGET = 'Targets.0.DeadLetterConfig';

/** Props of undelivered events. */
export interface UndeliveredEventsProps {
  readonly names: ResourceNames;
  readonly removalPolicy: RemovalPolicy;
  /** A key whose policy can be changed, so that EventBridge is allowed to use it; undefined for the key of SQS. */
  readonly encryptionKey?: kms.IKey;
  /** The rule that starts the pipeline as its first target. */
  readonly trigger?: events.IRule;
  /** The pipeline that the trigger starts. */
  readonly pipelineArn: string;
}

/**
 * The events that EventBridge could not deliver, and an alarm about them.
 *
 * The alarm publishes directly to the topics: a policy that blocks EventBridge, for example through a condition, does
 * not necessarily block CloudWatch.
 */
export class UndeliveredEvents extends Construct {
  public readonly queue: sqs.Queue;
  private readonly alarm: cloudwatch.Alarm;
  private readonly ruleArns: string[] = [];

  constructor(scope: Construct, id: string, props: UndeliveredEventsProps) {
    super(scope, id);
    const { names, removalPolicy, encryptionKey, trigger, pipelineArn } = props;
    this.queue = new sqs.Queue(this, 'Queue', {
      queueName: names.of('undelivered-alerts', MAX_LENGTH.queue),
      encryption: encryptionKey ? sqs.QueueEncryption.KMS : sqs.QueueEncryption.SQS_MANAGED,
      encryptionMasterKey: encryptionKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy,
    });
    this.queue.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AllowEventRules',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [this.queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': Lazy.list({ produce: () => this.ruleArns }) } },
    }));
    if (encryptionKey) {
      grantKeyUseToPublishers(encryptionKey);
    }
    this.acknowledgeFindings(encryptionKey);
    this.alarm = this.createAlarm(names, trigger !== undefined);
    if (trigger) {
      validateTrigger(scope, trigger, pipelineArn);
      this.keepEventsOf(trigger);
    }
  }

  /** Adds the topic to the alarm, so that its subscribers are notified of lost alerts. */
  public notify(topic: sns.ITopic): void {
    this.alarm.addAlarmAction({ bind: () => ({ alarmActionArn: topic.topicArn }) });
    if (Resource.isOwnedResource(topic)) {
      grantPublishToAlarms(topic);
    }
  }

  /** Keeps the events that the rule cannot deliver. */
  public of(rule: events.IRule): { readonly deadLetterConfig: { readonly arn: string } } {
    if (!this.ruleArns.includes(rule.ruleArn)) {
      this.ruleArns.push(rule.ruleArn);
    }
    return { deadLetterConfig: { arn: this.queue.queueArn } };
  }

  /** The pipeline creates its rule before the queue exists, and CDK does not change the target of a rule. */
  private keepEventsOf(trigger: events.IRule): void {
    const { deadLetterConfig: { arn: Arn } } = this.of(trigger);
    resourceOf(trigger).addPropertyOverride(QUEUE_OF_FIRST_TARGET, { Arn });
  }

  private acknowledgeFindings(encryptionKey: kms.IKey | undefined): void {
    const queue = this.queue.node.defaultChild as CfnResource;
    acknowledge(queue, 'This is the dead-letter queue. It has no dead-letter queue of its own.', { solutions: ['SQS3'], guard: ['sqs_dlq_check'] });
    if (!encryptionKey) {
      acknowledge(queue, 'SQS encrypts the queue with its own key, because CDK cannot change the policy of the imported key.', { checkov: ['CKV_AWS_27'] });
    }
  }

  private createAlarm(names: ResourceNames, withTrigger: boolean): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, 'Alarm', {
      alarmName: names.of('undelivered-alerts'),
      alarmDescription: `EventBridge could not deliver events of ${names.applicationName}: ${withTrigger ? 'alerts, or a push that did not start the pipeline' : 'alerts'}. `
        + `See ERROR_CODE and ERROR_MESSAGE of the messages in the dead-letter queue.${withTrigger ? ' To release such a push, choose Release change in the pipeline.' : ''}`,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5), statistic: cloudwatch.Stats.MAXIMUM,
      }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

/** Checks the first target at the end of the synth, because targets can be added until then. */
function validateTrigger(scope: Construct, trigger: events.IRule, pipelineArn: string): void {
  const formerQueue = propertyOverrideOf(resourceOf(trigger), QUEUE_OF_FIRST_TARGET);
  scope.node.addValidation({
    validate: () => {
      const problem = findWrongTarget(trigger, pipelineArn) ?? findReplacedQueue(trigger, formerQueue);
      return problem === undefined ? [] : [problem];
    },
  });
}

function findWrongTarget(trigger: events.IRule, pipelineArn: string): string | undefined {
  const { Targets: targets } = renderedProperties(resourceOf(trigger));
  const requirement = `'trigger' must be a rule whose first target is the pipeline, got ${trigger.node.path}`;
  // without targets, the override of the queue renders an object
  if (!Array.isArray(targets)) { return `${requirement} without a target; add the pipeline as its target, or remove 'trigger'`; }
  const arn = show((targets as Target[])[0].Arn);
  if (arn === show(Stack.of(trigger).resolve(pipelineArn))) { return undefined; }
  return `${requirement} with the first target ${arn}; add the pipeline before it, or remove 'trigger'`;
}

function findReplacedQueue(trigger: events.IRule, formerQueue: unknown): string | undefined {
  const targets = Stack.of(trigger).resolve(resourceOf(trigger).targets) as events.CfnRule.TargetProperty[] | undefined;
  if ((formerQueue ?? targets?.[0].deadLetterConfig) === undefined) { return undefined; }
  return `'trigger' must be a rule whose first target has no dead-letter queue, got ${trigger.node.path} with one, which would no longer receive its events; `
    + "remove that queue, or remove 'trigger', also if other alerts keep the events of the same rule";
}

interface Target {
  readonly Arn: unknown;
}

/** `PipelineAlerts` accepts only rules with this resource. */
function resourceOf(rule: events.IRule): events.CfnRule {
  return rule.node.defaultChild as events.CfnRule;
}
