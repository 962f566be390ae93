import { Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { IConstruct } from 'constructs';

/** Who may use the key of an encrypted topic: rules, alarms, and triggers of a deployment group. The topic's policy says who of them may publish. */
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
export function allowPublishersToUse(key: kms.IKey): boolean {
  return key.addToResourcePolicy(publishersMayUseKey(), true).statementAdded;
}

/** Who publishes: a service, for things of this stack. */
export interface Publisher {
  readonly sid: string;
  readonly service: string;
  /** The ARNs of the things. */
  readonly sources: () => string[];
  /** The ARN of any such thing in the stack of the topic. */
  readonly anySource: (stack: Stack) => string;
}

/**
 * Lets a service publish for things of this stack only.
 *
 * A topic with a policy of its own has lost the one of SNS, which let the account's things publish.
 */
export function admitPublisher(scope: IConstruct, topic: sns.ITopic, { sid, service, sources, anySource }: Publisher): void {
  topic.addToResourcePolicy(new iam.PolicyStatement({
    sid,
    principals: [new iam.ServicePrincipal(service)],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: Stack.of(topic) === Stack.of(scope)
      ? { ArnEquals: { 'aws:SourceArn': Lazy.list({ produce: sources }) } }
      // a topic of another stack cannot name the things, as they name the topic: the stacks would need each other
      : { ArnLike: { 'aws:SourceArn': anySource(Stack.of(topic)) } },
  }));
}

/** The statement that the owner of an imported topic adds. */
export function publishersMayPublish(scope: IConstruct, topic: sns.ITopic): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AllowAlerts',
    principals: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'].map((service) => new iam.ServicePrincipal(service)),
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}

/** A statement as somebody may paste it into a template. */
export function asTemplateText(scope: IConstruct, statement: iam.PolicyStatement): string {
  return JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()));
}
