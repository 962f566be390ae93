import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as sns from 'aws-cdk-lib/aws-sns';
import { BindOptions } from '../bind-options';

/**
 * Options of a Slack channel.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/slack-setup.html
 */
export interface SlackChannelOptions {
  /**
   * The id of the workspace, such as `T07EA123LEP`. Authorize the workspace once in the console of Amazon Q Developer
   * in chat applications.
   */
  readonly workspaceId: string;
  /** The id of the channel, such as `C07EA123LEP`. Invite Amazon Q to the channel if it is private. */
  readonly channelId: string;
}

/**
 * Options of a Microsoft Teams channel.
 *
 * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/teams-setup.html
 */
export interface TeamsChannelOptions {
  /** The id of the team, a UUID: `groupId` in the link of one of its channels. */
  readonly teamId: string;
  /**
   * The id of the tenant, a UUID. Authorize the tenant once in the console of Amazon Q Developer in chat applications.
   */
  readonly tenantId: string;
  /**
   * The id of the channel as it is in the link of the channel, such as
   * `19%3ab6ef35dc342d56ba5654e6fc6d25a071%40thread.tacv2`.
   */
  readonly channelId: string;
}

/**
 * The topics that the alerts are published to, for implementors of `AlertChannel`.
 */
export interface IAlertTopics {
  /** The topic that receives each alert as plain text. */
  readonly textTopic: sns.ITopic;

  /**
   * Returns the topic that receives each alert as a custom notification of Amazon Q Developer, and creates it with the
   * first call.
   *
   * All chats share it. It is encrypted with the key of the alerts. If the text topic is an existing one and
   * `encryptionKey` is not set, a new key encrypts the chat topic.
   *
   * @throws when there are four topics already
   * @see https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
   */
  obtainChatTopic(): sns.ITopic;
}

/**
 * Options that `PipelineAlerts` passes to `AlertChannel.bind`, for implementors of `AlertChannel`.
 */
export interface AlertChannelBindOptions extends BindOptions {
  /** The topics that the channel can subscribe to. */
  readonly topics: IAlertTopics;

  /** The pipeline that the alerts report on. */
  readonly codePipeline: codepipeline.IPipeline;
}

/**
 * The result of `AlertChannel.bind`, for implementors of `AlertChannel`.
 */
export interface AlertChannelConfig {
  /** The identity of the channel. Synth fails if two channels have the same one. */
  readonly identity: string;

  /**
   * A subscription to the topic that receives each alert as plain text.
   *
   * @default - none
   */
  readonly subscription?: sns.ITopicSubscription;

  /**
   * An existing topic that also receives the alerts, as plain text.
   *
   * @default - none
   */
  readonly topic?: sns.ITopic;

  /**
   * An existing topic that also receives the alerts, as custom notifications of Amazon Q Developer.
   *
   * @default - none
   */
  readonly chatTopic?: sns.ITopic;
}
