import { RULE } from './events';
import { allows, isFor, statementsOf } from './statements';
import { Resource, Rule, Template, Value } from './template';
import { shown } from './text';

/** A sender that the policy of a topic or a queue must allow. */
interface Sending {
  /** The property that names the receiver. */
  readonly place: Value;
  readonly service: string;
  readonly receiver: Resource;
}

/** The policy, the action and the AWS managed key of a type of receiver. */
interface Receiver {
  readonly policy: string;
  /** The property of the policy that names the receivers. */
  readonly list: string;
  readonly action: string;
  /** The AWS managed key, which other services cannot use. */
  readonly managedKey: string;
}

const RECEIVERS: { readonly [type: string]: Receiver } = {
  'AWS::SNS::Topic': { policy: 'AWS::SNS::TopicPolicy', list: 'Topics', action: 'sns:Publish', managedKey: 'alias/aws/sns' },
  'AWS::SQS::Queue': { policy: 'AWS::SQS::QueuePolicy', list: 'Queues', action: 'sqs:SendMessage', managedKey: 'alias/aws/sqs' },
};

function sendingsOf(template: Template): Sending[] {
  const targets = template.ofType(RULE).flatMap((rule) => rule.at('Targets').items);
  const byRules = targets.flatMap((target) => [
    ...(target.at('RoleArn').missing ? [target.at('Arn')] : []),
    target.at('DeadLetterConfig', 'Arn'),
  ]).map((place) => ({ place, service: 'events' }));
  const byAlarms = template.ofType('AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm')
    .flatMap((alarm) => ['AlarmActions', 'OKActions', 'InsufficientDataActions'].flatMap((list) => alarm.at(list).items))
    .map((place) => ({ place, service: 'cloudwatch' }));
  return [...byRules, ...byAlarms].flatMap(({ place, service }) => {
    const receiver = place.referred;
    return receiver && RECEIVERS[receiver.type] ? [{ place, service, receiver }] : [];
  });
}

function policiesOf(receiver: Resource): Resource[] {
  const { policy, list } = RECEIVERS[receiver.type];
  return receiver.template.ofType(policy).filter((candidate) =>
    candidate.at(list)
      .unknown || candidate.at(list).items.some(({ referred }) => referred === undefined || referred === receiver));
}

const publishPermission: Rule = {
  id: 'publish-permission',
  says: 'The policy of a topic or a queue allows the rules and alarms of the template to send to it.',
  aws: 'Nothing: the delivery fails silently. Only the metric FailedInvocations of the rule or the history of the alarm shows it.',
  fix: 'Allow the service (events.amazonaws.com or cloudwatch.amazonaws.com) in the policy of the topic or the queue, for the ARN of this rule.',
  *judge(template) {
    for (const sending of sendingsOf(template)) {
      const { place, service, receiver } = sending;
      const policies = policiesOf(receiver);
      // without a policy, a topic allows only the alarms of its own account to publish
      const asIs = policies.every(({ conditional }) => conditional) && service === 'cloudwatch';
      if (!asIs && !policies.some((policy) => permits(policy.at('PolicyDocument'), sending))) {
        yield place.finding(`${place.owner.id} sends to ${receiver.id}, whose policy does not allow ${service}.amazonaws.com to do so for it`, receiver);
      }
    }
  },
};

function permits(document: Value, { service, receiver, place }: Sending): boolean {
  const { action } = RECEIVERS[receiver.type];
  return document.unknown
    || statementsOf(document).some((statement) => statement.unknown
      || (allows(statement, action) && isFor(statement, service) && isFrom(statement, place.owner)));
}

/** The operators whose values are the allowed senders. Other operators are not checked. */
const EQUALITY = ['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike'];

/** Whether no condition on the sender's ARN excludes this sender. */
function isFrom(statement: Value, sender: Resource): boolean {
  const sources = statement.at('Condition').entries.filter(([operator]) => EQUALITY.includes(operator))
    .flatMap(([, conditions]) => conditions.entries)
    .filter(([key, value]) => key.toLowerCase() === 'aws:sourcearn' && !value.missing);
  return sources.every(
    ([, value]) => value.oneOrMore.some(({ referred }) => referred === undefined || referred === sender),
  );
}

const publishKey: Rule = {
  id: 'publish-key',
  says: 'The key of an encrypted topic or queue allows the services that send to it to use the key.',
  aws: 'Nothing: the delivery fails with `KMSAccessDenied`. Only the metrics of the rule or the history of the alarm show it.',
  fix: 'Use a customer managed key, and allow the service kms:GenerateDataKey* and kms:Decrypt in its policy.',
  *judge(template) {
    for (const { place, service, receiver } of sendingsOf(template)) {
      const key = receiver.at('KmsMasterKeyId');
      const problem = key.text === RECEIVERS[receiver.type].managedKey
        ? `is encrypted with ${shown(key)}, an AWS managed key that other services cannot use`
        : lockedOut(key.resource('AWS::KMS::Key'), service);
      if (problem) { yield place.finding(`${place.owner.id} sends to ${receiver.id}, which ${problem}`, receiver); }
    }
  },
};

const KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

function lockedOut(key: Resource | undefined, service: string): string | undefined {
  const document = key?.at('KeyPolicy');
  if (!document || document.unknown) { return undefined; }
  const missing = KEY_ACTIONS.filter((action) => !statementsOf(document).some((statement) =>
    statement.unknown || (allows(statement, action) && isFor(statement, service))));
  return missing.length > 0 ? `is encrypted with ${key?.id}, whose policy does not allow ${service}.amazonaws.com to call ${missing.join(' and ')}` : undefined;
}

export const PUBLISHING_RULES: Rule[] = [publishPermission, publishKey];

