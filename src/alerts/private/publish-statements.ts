import { ArnFormat, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { IConstruct } from 'constructs';

/**
 * The services that are allowed to use the key of an encrypted topic: for rules, alarms, and triggers of a deployment
 * group. The policy of the topic decides which of them can publish.
 */
const PUBLISHERS = ['cloudwatch.amazonaws.com', 'codedeploy.amazonaws.com', 'events.amazonaws.com'];

/**
 * The statement that allows the publishing services to use the topic's key.
 *
 * It has no condition on the source: EventBridge does not send the source to KMS, and every alert would be lost.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function publishersMayUseKey(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AllowPublishers',
    principals: PUBLISHERS.map((service) => new iam.ServicePrincipal(service)),
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    // in a key policy, it means the key
    resources: ['*'],
  });
}

/** @returns whether the key's policy could be extended */
export function grantKeyUseToPublishers(key: kms.IKey): boolean {
  return key.addToResourcePolicy(publishersMayUseKey(), true).statementAdded;
}

const anyRule = (stack: Stack) => stack.formatArn({ service: 'events', resource: 'rule', resourceName: '*' });
const anyAlarm = (stack: Stack) => stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME });

function mayPublish(
  topic: sns.ITopic, service: string, conditions: { [operator: string]: unknown },
): iam.PolicyStatement {
  // no Sid: two alerts may share a topic, and SNS rejects a policy with a duplicate Sid
  return new iam.PolicyStatement({ principals: [new iam.ServicePrincipal(service)], actions: ['sns:Publish'], resources: [topic.topicArn], conditions });
}

/**
 * Allows EventBridge to publish for these rules only.
 *
 * @param ruleArns returns the ARNs at the end of the synth
 */
export function grantPublishToRules(scope: IConstruct, topic: sns.ITopic, ruleArns: () => string[]): void {
  topic.addToResourcePolicy(mayPublish(topic, 'events.amazonaws.com', Stack.of(topic) === Stack.of(scope)
    ? { ArnEquals: { 'aws:SourceArn': Lazy.list({ produce: ruleArns }) } }
    // a topic of another stack cannot refer to the rules, which refer to it: the stacks would depend on each other
    : { ArnLike: { 'aws:SourceArn': anyRule(Stack.of(topic)) } }));
}

/** Allows the alarms of the account to publish. A topic policy replaces the default policy of SNS, which allowed it. */
export function grantPublishToAlarms(topic: sns.ITopic): void {
  topic.addToResourcePolicy(mayPublish(topic, 'cloudwatch.amazonaws.com', { ArnLike: { 'aws:SourceArn': anyAlarm(Stack.of(topic)) } }));
}

/** The statement that the owner of an imported topic must add. */
export function publishersMayPublish(scope: IConstruct, topic: sns.ITopic): iam.PolicyStatement {
  const stack = Stack.of(scope);
  return new iam.PolicyStatement({
    principals: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'].map((service) => new iam.ServicePrincipal(service)),
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { ArnLike: { 'aws:SourceArn': [anyAlarm(stack), anyRule(stack)] } },
  });
}

/** A statement as JSON, to be pasted into a template. */
export function asTemplateText(scope: IConstruct, statement: iam.PolicyStatement): string {
  return JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()));
}
