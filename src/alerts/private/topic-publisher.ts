import { Annotations, Lazy, Resource, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { allowPublishersToUse } from './publish-statements';

/**
 * A topic as the target of rules. The topic's policy admits EventBridge for these rules only.
 *
 * CDK's own target admits EventBridge for every rule, and a role on a target of SNS may stop the delivery.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export class TopicPublisher extends Construct {
  private readonly ruleArns: string[] = [];

  constructor(scope: Construct, id: string, private readonly topic: sns.ITopic) {
    super(scope, id);
    if (Resource.isOwnedResource(topic)) {
      this.allowRules();
    } else {
      Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:PipelineAlerts.importedTopic',
        `the policy of the imported topic ${topic.node.path} cannot be changed from here: let its owner allow sns:Publish to the service `
        + 'principal events.amazonaws.com, and kms:Decrypt and kms:GenerateDataKey on its key, else alerts are dropped without a trace');
    }
    if (topic.masterKey && !allowPublishersToUse(topic.masterKey)) {
      Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:PipelineAlerts.importedKey',
        `the policy of the imported key ${topic.masterKey.node.path} cannot be changed from here: let its owner allow kms:Decrypt and kms:GenerateDataKey `
        + 'to the service principals events.amazonaws.com and cloudwatch.amazonaws.com, without a condition on the source, '
        + 'else alerts are dropped without a trace');
    }
  }

  /** Sends what the rule matches as text. */
  public subscribeTo(rule: events.Rule, text: string): void {
    this.ruleArns.push(rule.ruleArn);
    rule.addTarget({
      bind: () => ({ arn: this.topic.topicArn, input: events.RuleTargetInput.fromText(text) }),
    });
  }

  private allowRules(): void {
    const { topic } = this;
    topic.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'AllowEventRules',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: Stack.of(topic) === Stack.of(this)
        ? { ArnEquals: { 'aws:SourceArn': Lazy.list({ produce: () => this.ruleArns }) } }
        // a topic of another stack cannot name the rules, as they name the topic: the stacks would need each other
        : { ArnLike: { 'aws:SourceArn': Stack.of(topic).formatArn({ service: 'events', resource: 'rule', resourceName: '*' }) } },
    }));
  }
}
