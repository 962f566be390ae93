import * as fs from 'fs';
import * as path from 'path';
import { Emulator } from './emulator';
import { CORPUS, Event } from '../../contract/alerts/corpus';
import { ACCOUNT, DeployedRule, REGION } from '../../contract/alerts/deployed-rules';
import { EXPECTED } from '../../contract/alerts/matrix';

const STACK = 'everything told';
const MAILS = path.join(__dirname, '..', '..', 'contract', 'alerts', 'mails');
const WAIT = 10_000;

/** One event of each kind that is told of, and one of each that is not. */
const SENT = [
  'pipeline: failed', 'pipeline: succeeded', 'action: build failed', 'action: approval waits', 'deployment: failure', 'deployment: stop',
  'alarm: goes off', 'alarm: is over', 'scan: by Inspector critical',
  'pipeline: superseded', 'pipeline: stopped', 'stage: failed', 'build: failed', 'deployment: success', 'alarm: is made', 'scan: medium', 'foreign: other pipeline failed',
];

/** The emulator resolves no index of an array, which AWS does. */
const withoutTags = (text: string) => text.replace(' 3f2504e', ' ');

/**
 * Sends events through the rules of the template and compares what comes out of the topics with the committed messages.
 */
export async function compareDelivery(
  rules: DeployedRule[], report: (name: string, problem?: string) => void,
): Promise<void> {
  const emulator = await Emulator.start();
  try {
    const telling = rules.map((rule) => ({ ...rule, targets: rule.targets.filter(({ Arn }) => Arn.includes(':sns:')) })).filter(({ targets }) => targets.length > 0);
    const topics = [...new Set(telling.flatMap(({ targets }) => targets.map(({ Arn }) => Arn)))];
    const queues = new Map<string, string>();
    for (const topic of topics) {
      queues.set(topic, await createTopicWithQueue(emulator, topic));
    }
    for (const rule of telling) {
      await createRule(emulator, rule);
    }
    for (const name of SENT) {
      await putEvent(emulator, CORPUS.get(name)!);
      const told = EXPECTED[STACK](name).some((role) => telling.some((rule) => rule.role === role));
      const received = await Promise.all([...queues.values()].map((queue) => receive(emulator, queue, told ? 1 : 0)));
      report(`${name} ${told ? 'arrives as mail and in the chat' : 'wakes nobody'}`, compare(name, told, received));
    }
  } finally {
    await emulator.stop();
  }
}

function compare(name: string, told: boolean, [mails, chats]: string[][]): string | undefined {
  const file = name.replace(/\W+/g, '-').toLowerCase();
  const expected = told ? [fs.readFileSync(path.join(MAILS, `${file}.txt`), 'utf8').trimEnd()].map(withoutTags) : [];
  const expectedChats = told ? [JSON.parse(withoutTags(fs.readFileSync(path.join(MAILS, `${file}.chat.json`), 'utf8')))] : [];
  const same = JSON.stringify([mails.map(withoutTime), chats.map((chat) => JSON.parse(withoutTime(chat)))])
    === JSON.stringify(
      [expected.map(withoutTime), expectedChats.map((chat) => JSON.parse(withoutTime(JSON.stringify(chat))))],
    );
  return same ? undefined : `expected ${JSON.stringify([expected, expectedChats])}\n    received ${JSON.stringify([mails, chats])}`;
}

/** The emulator gives an event the time at which it came; alarms have a time of their own. */
function withoutTime(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME');
}

async function createTopicWithQueue(emulator: Emulator, topicArn: string): Promise<string> {
  const name = topicArn.split(':').at(-1)!;
  await emulator.sns('CreateTopic', { Name: name });
  const { QueueUrl } = await emulator.json('sqs', 'CreateQueue', { QueueName: name }) as { QueueUrl: string };
  await emulator.sns('Subscribe', {
    'TopicArn': topicArn,
    'Protocol': 'sqs',
    'Endpoint': `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
    'Attributes.entry.1.key': 'RawMessageDelivery',
    'Attributes.entry.1.value': 'true',
  });
  return QueueUrl;
}

/**
 * AWS keeps the sources that begin with `aws.` to itself, and so does the emulator: rules and events go by another name
 * alike.
 */
const underOtherName = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('"aws.', '"rehearsal.aws.'));

async function createRule(emulator: Emulator, { role, pattern, targets }: DeployedRule): Promise<void> {
  await emulator.json('events', 'PutRule', { Name: role, EventPattern: JSON.stringify(underOtherName(pattern)) });
  const answer = await emulator.json('events', 'PutTargets', {
    Rule: role, Targets: targets.map(({ Arn, InputTransformer }, index) => ({ Id: `Target${index}`, Arn, InputTransformer })),
  });
  if (answer.FailedEntryCount !== 0) { throw new Error(`the targets of ${role} are refused: ${JSON.stringify(answer)}`); }
}

async function putEvent(emulator: Emulator, event: Event): Promise<void> {
  const answer = await emulator.json('events', 'PutEvents', {
    Entries: [{
      Source: underOtherName(event.source),
      DetailType: event['detail-type'],
      Detail: JSON.stringify(event.detail),
      Resources: event.resources,
      Time: Date.parse(event.time as string) / 1000,
    }],
  });
  if (answer.FailedEntryCount !== 0) { throw new Error(`the event is refused: ${JSON.stringify(answer)}`); }
}

/** What the queue holds once it has as many messages as expected, or after a while. */
async function receive(emulator: Emulator, QueueUrl: string, expected: number): Promise<string[]> {
  const bodies: string[] = [];
  const deadline = Date.now() + WAIT;
  do {
    const { Messages = [] } = await emulator.json('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }) as
      { Messages?: { Body: string; ReceiptHandle: string }[] };
    for (const { Body, ReceiptHandle } of Messages) {
      bodies.push(Body);
      await emulator.json('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
    }
  } while (bodies.length < expected && Date.now() < deadline);
  return bodies;
}
