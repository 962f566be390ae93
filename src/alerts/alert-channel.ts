import { Token } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import {
  AlertChannelBindOptions, AlertChannelConfig, SlackChannelOptions, TeamsChannelOptions,
} from './alert-channel-options';
import { ChatChannels } from './private/chat-channels';
import { awaitsLookup } from '../private/cdk-internals';
import { TOPIC } from '../private/common-kinds';
import { describeValue, fail } from '../private/errors';
import { KindsOf, markStrategy, required, requireKind, requireOptions, STRING } from '../private/kinds';
import { requirePattern, requireText } from '../private/validation';

/**
 * A channel that alerts are sent to.
 *
 * To add your own channel, extend the class. Its `bind` can subscribe to the same topics as the built-in channels, and
 * create resources in its scope.
 */
export abstract class AlertChannel {
  /**
   * An email address. Its owner must confirm the subscription with the link in the first email from AWS. No alert
   * arrives before that.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
   */
  public static email(address: string): AlertChannel {
    return new EmailChannel(address);
  }

  /**
   * An existing topic that the alerts are published to as plain text.
   *
   * If the topic is created in this app, the library adds statements to its policy. They allow the EventBridge rules of
   * `PipelineAlerts` and the alarms of the account to publish. A topic policy replaces the default policy of SNS, which
   * allows the whole account to publish. The owner of an imported topic must add the statements.
   */
  public static topic(topic: sns.ITopic): AlertChannel {
    return new TopicChannel(topic);
  }

  /**
   * An existing topic. Your own channel configuration of Amazon Q Developer subscribes to it. The topic receives the
   * messages that `slack` and `teams` show.
   *
   * An account can have only one configuration for each chat channel. Use `chatTopic` if several environments or
   * applications share a channel.
   *
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
   */
  public static chatTopic(topic: sns.ITopic): AlertChannel {
    return new ChatTopicChannel(topic);
  }

  /**
   * A Slack channel, configured for Amazon Q Developer in chat applications. All chats share one topic, because chats
   * require a different message format from email.
   *
   * An account can have only one configuration for each channel. Where two stacks share a channel, create the
   * configuration yourself and pass its topic to `chatTopic` in both.
   *
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/what-is.html
   */
  public static slack(options: SlackChannelOptions): AlertChannel {
    return new SlackChannel(options);
  }

  /**
   * A Microsoft Teams channel, configured for Amazon Q Developer in chat applications. All chats share one topic,
   * because chats require a different message format from email.
   *
   * An account can have only one configuration for each channel. Where two stacks share a channel, create the
   * configuration yourself and pass its topic to `chatTopic` in both.
   *
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/what-is.html
   */
  public static teams(options: TeamsChannelOptions): AlertChannel {
    return new TeamsChannel(options);
  }

  /**
   * Subscribes the channel to the alerts, either through the returned config or directly to the topics.
   * `PipelineAlerts` calls it once at synth.
   *
   * @param scope the `PipelineAlerts` construct; create resources in a child construct of your own
   * @param options the topics, the pipeline, and the name of the application and its environment
   * @throws when an email address or an id of a chat is not valid
   */
  public abstract bind(scope: Construct, options: AlertChannelBindOptions): AlertChannelConfig;
}

markStrategy('AlertChannel', AlertChannel);

const SLACK: KindsOf<SlackChannelOptions> = { workspaceId: required(STRING), channelId: required(STRING) };

const TEAMS: KindsOf<TeamsChannelOptions> = {
  teamId: required(STRING), tenantId: required(STRING), channelId: required(STRING),
};

class EmailChannel extends AlertChannel {
  constructor(private readonly address: string) {
    super();
  }

  public bind(scope: Construct): AlertChannelConfig {
    requireText(scope, 'channels.email', this.address, 'pass an address such as devops@example.com');
    requirePattern(scope, 'channels.email', this.address, /^[^\s@:]+@[^\s@.:/]+(\.[^\s@.:/]+)+$/,
      "be one address with a complete domain, such as 'devops@example.com'");
    return { identity: `email ${this.address.toLowerCase()}`, subscription: new subscriptions.EmailSubscription(this.address) };
  }
}

class TopicChannel extends AlertChannel {
  constructor(private readonly target: sns.ITopic) {
    super();
  }

  public bind(scope: Construct): AlertChannelConfig {
    requireKind(scope, 'channels.topic', this.target, required(TOPIC));
    return { identity: `topic ${this.target.topicArn}`, topic: this.target };
  }
}

class ChatTopicChannel extends AlertChannel {
  constructor(private readonly target: sns.ITopic) {
    super();
  }

  public bind(scope: Construct): AlertChannelConfig {
    requireKind(scope, 'channels.chatTopic', this.target, required(TOPIC));
    return { identity: `chat topic ${this.target.topicArn}`, chatTopic: this.target };
  }
}

class SlackChannel extends AlertChannel {
  constructor(private readonly options: SlackChannelOptions) {
    super();
  }

  public bind(scope: Construct, bindOptions: AlertChannelBindOptions): AlertChannelConfig {
    requireOptions(scope, 'channels', this.options, SLACK);
    const { workspaceId, channelId } = this.options;
    requireId(scope, 'channels.workspaceId', workspaceId, /^[0-9A-Z]{1,255}$/, 'the id of a Slack workspace, such as T07EA123LEP');
    requireId(scope, 'channels.channelId', channelId, /^[0-9A-Z]{1,255}$/, 'the id of a Slack channel, such as C07EA123LEP, not its name');
    const identity = `slack ${workspaceId} ${channelId}`;
    ChatChannels.of(scope, bindOptions).addSlack(identity, this.options);
    return { identity };
  }
}

const UUID = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;

class TeamsChannel extends AlertChannel {
  constructor(private readonly options: TeamsChannelOptions) {
    super();
  }

  public bind(scope: Construct, bindOptions: AlertChannelBindOptions): AlertChannelConfig {
    requireOptions(scope, 'channels', this.options, TEAMS);
    const { teamId, tenantId, channelId } = this.options;
    requireId(scope, 'channels.teamId', teamId, UUID, 'the UUID that is groupId in the link of a channel of the team');
    requireId(scope, 'channels.tenantId', tenantId, UUID, 'the UUID that is tenantId in the link of a channel of the team');
    requireId(scope, 'channels.channelId', channelId, /^[\w=+/.,-]+%3[aA][\w=+/.,-]+%40[\w=+/.,-]+$/,
      'the id of a channel as it is in the link of the channel, such as 19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2');
    const identity = `teams ${teamId} ${channelId}`;
    ChatChannels.of(scope, bindOptions).addTeams(identity, this.options);
    return { identity };
  }
}

/** Physical names contain the id, so it must be known. */
function requireId(scope: Construct, prop: string, value: string, pattern: RegExp, what: string): void {
  if (awaitsLookup(value)) { return; }
  if (Token.isUnresolved(value) || !pattern.test(value)) {
    fail(scope, `'${prop}' must be ${what}, and known at synth, got ${describeValue(value)}; copy it from the chat`);
  }
}
