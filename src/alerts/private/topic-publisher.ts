import { Annotations, Resource } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Message } from './messages';
import { grantPublishToRules, grantKeyUseToPublishers, asTemplateText, publishersMayPublish, publishersMayUseKey } from './publish-statements';
import { UndeliveredEvents } from './undelivered-events';
import { ResourceNames } from '../../private/names';

const WARNING = 'cdk-blue-green-python-pipeline:PipelineAlerts.';

/** Props of a topic as a target. */
export interface TopicPublisherProps {
  readonly topic: sns.ITopic;
  readonly names: ResourceNames;
  /** Renders a message for the topic. */
  readonly render: (names: ResourceNames, message: Message) => events.RuleTargetInput;
  /** Receives the events that EventBridge cannot deliver to the topic. */
  readonly undelivered?: UndeliveredEvents;
}

/**
 * A topic as the target of rules. The topic's policy allows EventBridge for these rules only.
 *
 * CDK's own target allows EventBridge for every rule, and a role on an SNS target can prevent the delivery.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export class TopicPublisher extends Construct {
  private readonly ruleArns: string[] = [];

  constructor(scope: Construct, id: string, private readonly props: TopicPublisherProps) {
    super(scope, id);
    const { topic } = props;
    props.undelivered?.notify(topic);
    if (Resource.isOwnedResource(topic)) {
      grantPublishToRules(this, topic, () => this.ruleArns);
    } else {
      this.warnOfTopic();
    }
    if (topic.masterKey && !grantKeyUseToPublishers(topic.masterKey)) {
      this.warnOfKey(topic.masterKey);
    }
  }

  /** Sends the message for each event that matches the rule. */
  public subscribeTo(rule: events.Rule, message: Message): void {
    const { topic, names, render, undelivered } = this.props;
    this.ruleArns.push(rule.ruleArn);
    rule.addTarget({
      bind: () => ({ arn: topic.topicArn, input: render(names, message), ...undelivered?.of(rule) }),
    });
  }

  private warnOfTopic(): void {
    const { topic } = this.props;
    Annotations.of(this.node.scope!).addWarningV2(`${WARNING}importedTopic`,
      `CDK cannot change the policy of the imported topic ${topic.node.path}: alerts are silently dropped until its owner adds `
      + `${asTemplateText(this, publishersMayPublish(this, topic))} to it, and ${asTemplateText(this, publishersMayUseKey())} to the policy of its key`);
  }

  private warnOfKey(key: kms.IKey): void {
    Annotations.of(this.node.scope!).addWarningV2(`${WARNING}importedKey`,
      `CDK cannot change the policy of the imported key ${key.node.path}: alerts are silently dropped until its owner adds `
      + `${asTemplateText(this, publishersMayUseKey())} to it, without a condition on the source`);
  }
}
