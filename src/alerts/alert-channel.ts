import { Token } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { BindOptions } from '../bind-options';
import { fail, show } from '../private/errors';
import { requireText } from '../private/validation';

/**
 * A channel of Slack.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
 */
export interface SlackChannelOptions {
  /** The id of the workspace, such as `T07EA123LEP`, which somebody has authorized in the console of Amazon Q Developer in chat applications. */
  readonly workspaceId: string;
  /** The id of the channel, such as `C07EA123LEP`. Amazon Q must be invited to a private one. */
  readonly channelId: string;
}

/**
 * A channel of Microsoft Teams.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/teams-setup.html
 */
export interface TeamsChannelOptions {
  /** The id of the team, a UUID: `groupId` in the link of one of its channels. */
  readonly teamId: string;
  /** The id of the tenant, a UUID, which somebody has authorized in the console of Amazon Q Developer in chat applications. */
  readonly tenantId: string;
  /** The id of the channel as it stands in its link, such as `19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2`. */
  readonly channelId: string;
}

/**
 * Options that the alerts pass to `AlertChannel.bind`; for implementors.
 */
export interface AlertChannelBindOptions extends BindOptions {}

/**
 * Requirements of a channel on the alerts; for implementors of an `AlertChannel`.
 */
export interface AlertChannelConfig {
  /** What tells two channels apart; the same one twice is refused. */
  readonly key: string;

  /**
   * A subscription of the alerts' topic.
   *
   * @default - none
   */
  readonly subscription?: sns.ITopicSubscription;

  /**
   * Another topic that the alerts are sent to as well.
   *
   * @default - none
   */
  readonly topic?: sns.ITopic;

  /**
   * Another topic that the alerts are sent to as well, in the form of a chat.
   *
   * @default - none
   */
  readonly chatTopic?: sns.ITopic;

  /**
   * A channel of Slack in which the alerts are shown.
   *
   * @default - none
   */
  readonly slack?: SlackChannelOptions;

  /**
   * A channel of Microsoft Teams in which the alerts are shown.
   *
   * @default - none
   */
  readonly teams?: TeamsChannelOptions;
}

/**
 * Who hears of alerts.
 */
export abstract class AlertChannel {
  /**
   * An e-mail address. Its owner must confirm by the link in AWS's first mail; until then nothing arrives.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
   */
  public static email(address: string): AlertChannel {
    return new EmailChannel(address);
  }

  /**
   * Another topic, which the alerts are sent to as text.
   *
   * A topic of this app gets the statements that let these rules and the alarms of the account publish; with a policy it loses the one of SNS,
   * by which everything of the account could. For an imported topic its owner adds them.
   */
  public static topic(topic: sns.ITopic): AlertChannel {
    return new TopicChannel(topic);
  }

  /**
   * A topic whose messages a chat shows: one of a channel configuration that you own. It gets what `slack` and `teams` show, in their form.
   *
   * An account has one configuration of each channel, so environments and applications that share a channel share its configuration.
   *
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
   */
  public static chatTopic(topic: sns.ITopic): AlertChannel {
    return new ChatTopicChannel(topic);
  }

  /**
   * A channel of Slack, by Amazon Q Developer in chat applications. Its messages have a form of their own, so they go by a topic of their own.
   *
   * An account has one configuration of a channel: where two share it, make the configuration yourself and give both `chatTopic`.
   *
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/what-is.html
   */
  public static slack(options: SlackChannelOptions): AlertChannel {
    return new SlackChannel(options);
  }

  /**
   * A channel of Microsoft Teams, by Amazon Q Developer in chat applications. Its messages have a form of their own, so they go by a topic of their own.
   *
   * An account has one configuration of a channel: where two share it, make the configuration yourself and give both `chatTopic`.
   *
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/what-is.html
   */
  public static teams(options: TeamsChannelOptions): AlertChannel {
    return new TeamsChannel(options);
  }

  /**
   * Returns the subscription or the topic of the channel. The alerts call it once at synth.
   *
   * @param scope the alerts, whose path is in every error
   * @param options the name of the application and its environment
   * @throws when an e-mail address or an id of a chat is not valid
   */
  public abstract bind(scope: Construct, options: AlertChannelBindOptions): AlertChannelConfig;
}

class EmailChannel extends AlertChannel {
  constructor(private readonly address: string) {
    super();
  }

  public bind(scope: Construct): AlertChannelConfig {
    requireText(scope, 'email', this.address, 'give an address such as devops@example.com');
    if (!Token.isUnresolved(this.address) && !/^[^\s@]+@[^\s@]+$/.test(this.address)) {
      fail(scope, `'email' must be an address with one @, got ${show(this.address)}; AlertChannel.email takes one address such as devops@example.com`);
    }
    return { key: `email ${this.address.toLowerCase()}`, subscription: new subscriptions.EmailSubscription(this.address) };
  }
}

class TopicChannel extends AlertChannel {
  constructor(private readonly target: sns.ITopic) {
    super();
  }

  public bind(): AlertChannelConfig {
    return { key: `topic ${this.target.topicArn}`, topic: this.target };
  }
}

class ChatTopicChannel extends AlertChannel {
  constructor(private readonly target: sns.ITopic) {
    super();
  }

  public bind(): AlertChannelConfig {
    return { key: `chat topic ${this.target.topicArn}`, chatTopic: this.target };
  }
}

class SlackChannel extends AlertChannel {
  constructor(private readonly options: SlackChannelOptions) {
    super();
  }

  public bind(scope: Construct): AlertChannelConfig {
    const { workspaceId, channelId } = this.options;
    requireId(scope, 'workspaceId', workspaceId, /^[0-9A-Z]{1,255}$/, 'the id of a workspace of Slack, such as T07EA123LEP');
    requireId(scope, 'channelId', channelId, /^[0-9A-Z]{1,255}$/, 'the id of a channel of Slack, such as C07EA123LEP, and not its name');
    return { key: `slack ${workspaceId} ${channelId}`, slack: this.options };
  }
}

const UUID = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;

class TeamsChannel extends AlertChannel {
  constructor(private readonly options: TeamsChannelOptions) {
    super();
  }

  public bind(scope: Construct): AlertChannelConfig {
    const { teamId, tenantId, channelId } = this.options;
    requireId(scope, 'teamId', teamId, UUID, 'the UUID that the link of a channel of the team has as groupId');
    requireId(scope, 'tenantId', tenantId, UUID, 'the UUID that the link of a channel of the team has as tenantId');
    requireId(scope, 'channelId', channelId, /^[\w=+/.,-]+%3[aA][\w=+/.,-]+%40[\w=+/.,-]+$/,
      'the id of a channel as its link has it, such as 19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2');
    return { key: `teams ${teamId} ${channelId}`, teams: this.options };
  }
}

/** An id is a part of the names of what is made for it, so it must be known. */
function requireId(scope: Construct, prop: string, value: string, pattern: RegExp, what: string): void {
  if (Token.isUnresolved(value) || !pattern.test(value)) {
    fail(scope, `'${prop}' must be ${what}, known at synthesis, got ${show(value)}; copy it from the chat`);
  }
}
