import * as events from 'aws-cdk-lib/aws-events';
import { ResourceNames } from '../../private/names';

/** One line of a message. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Whether the value is what a person or a tool wrote, with any character in it. */
  readonly freeText?: boolean;
}

/** What an alert says. Values may hold fields of the event. */
export interface Message {
  /** What happened, the rest of a sentence that begins with application and environment. */
  readonly headline: string;
  readonly facts: Fact[];
  /** Where to look. */
  readonly page: string;
  /** What messages of one matter have in common. */
  readonly thread: string;
}

function headlineOf(names: ResourceNames, { headline }: Message): string {
  const { applicationName, environmentSuffix } = names;
  return `${applicationName}${environmentSuffix === undefined ? '' : ` (${environmentSuffix})`}: ${headline}`;
}

/**
 * A message as lines of text.
 *
 * EventBridge takes no text without quotation marks, and it keeps them: one line of text, one pair.
 * A line break inside a pair would arrive as the two characters `\n`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function asText(names: ResourceNames, message: Message): events.RuleTargetInput {
  return events.RuleTargetInput.fromMultilineText([
    headlineOf(names, message),
    `Application: ${names.applicationName}`,
    `Environment: ${names.environmentSuffix ?? 'not named'}`,
    ...message.facts.map(({ label, value }) => `${label}: ${value}`),
    `Details: ${message.page}`,
  ].join('\n'));
}

/**
 * A message as Amazon Q Developer shows it in a chat.
 *
 * What somebody wrote is left out: EventBridge escapes nothing, and a quotation mark in it would make a message that is
 * dropped.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export function asChat(names: ResourceNames, message: Message): events.RuleTargetInput {
  const title = headlineOf(names, message);
  return events.RuleTargetInput.fromObject({
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title,
      description: message.facts.filter(({ freeText }) => !freeText).map(({ label, value }) => `*${label}:* ${value}`).join('\n'),
      nextSteps: [`Details: ${message.page}`],
      keywords: [names.applicationName, names.environmentSuffix ?? 'no environment'],
    },
    metadata: { threadId: message.thread, summary: title },
  });
}
