import { ArnFormat, Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { IConstruct } from 'constructs';

/**
 * Who may use the key of an encrypted topic: rules, alarms, and triggers of a deployment group. The topic's policy says
 * who of them may publish.
 */
const PUBLISHERS = ['cloudwatch.amazonaws.com', 'codedeploy.amazonaws.com', 'events.amazonaws.com'];

/**
 * What lets the services that publish use the topic's key.
 *
 * No condition on the source: EventBridge does not send it to KMS, and every alert would vanish.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function publishersMayUseKey(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AllowPublishers',
    principals: PUBLISHERS.map((service) => new iam.ServicePrincipal(service)),
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    // in a key's policy it is the key
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
  // no id: two alerts may share a topic, and SNS refuses a policy that has one twice
  return new iam.PolicyStatement({ principals: [new iam.ServicePrincipal(service)], actions: ['sns:Publish'], resources: [topic.topicArn], conditions });
}

/**
 * Lets EventBridge publish for these rules only.
 *
 * @param ruleArns what is known of them when the template is made
 */
export function grantPublishToRules(scope: IConstruct, topic: sns.ITopic, ruleArns: () => string[]): void {
  topic.addToResourcePolicy(mayPublish(topic, 'events.amazonaws.com', Stack.of(topic) === Stack.of(scope)
    ? { ArnEquals: { 'aws:SourceArn': Lazy.list({ produce: ruleArns }) } }
    // a topic of another stack cannot name the rules, as they name the topic: the stacks would need each other
    : { ArnLike: { 'aws:SourceArn': anyRule(Stack.of(topic)) } }));
}

/** Lets the alarms of the account publish: a topic with a policy of its own has lost the one of SNS, which did. */
export function grantPublishToAlarms(topic: sns.ITopic): void {
  topic.addToResourcePolicy(mayPublish(topic, 'cloudwatch.amazonaws.com', { ArnLike: { 'aws:SourceArn': anyAlarm(Stack.of(topic)) } }));
}

/** The statement that the owner of an imported topic adds. */
export function publishersMayPublish(scope: IConstruct, topic: sns.ITopic): iam.PolicyStatement {
  const stack = Stack.of(scope);
  return new iam.PolicyStatement({
    principals: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'].map((service) => new iam.ServicePrincipal(service)),
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { ArnLike: { 'aws:SourceArn': [anyAlarm(stack), anyRule(stack)] } },
  });
}

/** A statement as somebody may paste it into a template. */
export function asTemplateText(scope: IConstruct, statement: iam.PolicyStatement): string {
  return JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()));
}
