import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';

/** Who may publish to an encrypted topic: rules, and alarms with an action on it. */
const PUBLISHERS = ['cloudwatch.amazonaws.com', 'events.amazonaws.com'];

/**
 * Lets the services that publish use the topic's key.
 *
 * No condition on the source: EventBridge does not send it to KMS, and every alert would vanish.
 *
 * @returns whether the key's policy could be extended
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export function allowPublishersToUse(key: kms.IKey): boolean {
  return key.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'AllowPublishers',
    principals: PUBLISHERS.map((service) => new iam.ServicePrincipal(service)),
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
  }), true).statementAdded;
}

/** Lets alarms of this account publish: a topic with a policy of its own has lost the one of SNS, which did. */
export function alarmsMayPublish(scope: IConstruct, topicArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AllowAlarms',
    principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
}
