import * as events from 'aws-cdk-lib/aws-events';
import { ResourceNames } from '../../private/names';

/** One line of a message. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Whether a person or a tool wrote the value, so that it can contain any character. */
  readonly freeText?: boolean;
}

/** The content of an alert. Values can contain fields of the event. */
export interface Message {
  /** The event, as the rest of a sentence that starts with application and environment. */
  readonly headline: string;
  readonly facts: Fact[];
  /** The URL of the page with details. */
  readonly page: string;
  /** The id of the thread, which related messages share. */
  readonly thread: string;
}

function headlineOf(names: ResourceNames, { headline }: Message): string {
  const { applicationName, environmentSuffix } = names;
  return `${applicationName}${environmentSuffix === undefined ? '' : ` (${environmentSuffix})`}: ${headline}`;
}

/**
 * A message as lines of plain text.
 *
 * EventBridge wraps each line in quotation marks; this cannot be turned off.
 * A line break inside the quotation marks would arrive as the two characters `\n`.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function asText(names: ResourceNames, message: Message): events.RuleTargetInput {
  return events.RuleTargetInput.fromMultilineText([
    headlineOf(names, message),
    `Application: ${names.applicationName}`,
    `Environment: ${names.environmentSuffix ?? 'none'}`,
    ...message.facts.map(({ label, value }) => `${label}: ${value}`),
    `Details: ${message.page}`,
  ].join('\n'));
}

/**
 * A message as Amazon Q Developer shows it in a chat.
 *
 * Free text is left out: EventBridge does not escape it, and a quotation mark in it would cause the message to be
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
