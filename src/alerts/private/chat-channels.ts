import { Names, Stack } from 'aws-cdk-lib';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { failWithSecondChannel } from './second-channel';
import { allow } from '../../private/allow';
import { fail, show } from '../../private/errors';
import { mark, markOf } from '../../private/marks';
import { ResourceNames } from '../../private/names';
import { AlertChannelBindOptions, SlackChannelOptions, TeamsChannelOptions } from '../alert-channel-options';

/** The mark with the identities of the chats that a construct configures. */
const CONFIGURED = Symbol.for('cdk-blue-green-python-pipeline.ChatChannels.configured');

/** Props of the chats. */
interface ChatChannelsProps {
  readonly names: ResourceNames;
  /** The topic for custom notifications. */
  readonly topic: sns.ITopic;
  readonly codePipeline: codepipeline.IPipeline;
}

/**
 * The chats in which Amazon Q Developer shows the alerts.
 *
 * Their role allows nothing: nobody in a channel can run AWS commands through it.
 */
export class ChatChannels extends Construct {
  /** The chats of the alerts, which are created with the first one. */
  public static of(alerts: Construct, { topics, codePipeline, ...parts }: AlertChannelBindOptions): ChatChannels {
    return alerts.node.children.find((child) => child instanceof ChatChannels)
      ?? new ChatChannels(alerts, 'Chat', { names: new ResourceNames(alerts, parts), topic: topics.obtainChatTopic(), codePipeline });
  }

  private readonly role: iam.Role;
  private readonly guardrail: iam.ManagedPolicy;
  private readonly configured = new Set<string>();

  private constructor(private readonly alerts: Construct, id: string, private readonly props: ChatChannelsProps) {
    super(alerts, id);
    mark(this, CONFIGURED, this.configured);
    const { names, codePipeline } = props;
    this.role = new iam.Role(this, 'Role', {
      roleName: names.accountWide('chat'),
      description: 'Assumed by Amazon Q Developer to show alerts in a chat; it allows nothing',
      assumedBy: new iam.ServicePrincipal('chatbot.amazonaws.com'),
    });
    // without a guardrail, AWS uses AdministratorAccess as the guardrail, which limits no role that somebody extends
    this.guardrail = new iam.ManagedPolicy(this, 'Guardrail', {
      managedPolicyName: names.accountWide('chat-guardrail'),
      description: 'The most that anybody in the chat may ever do',
      document: new iam.PolicyDocument({ statements: [allow(['codepipeline:GetPipelineState'], [codePipeline.pipelineArn])] }),
    });
  }

  /** @throws when the stack has a configuration of the channel */
  public addSlack(identity: string, { workspaceId, channelId }: SlackChannelOptions): void {
    this.configure(identity);
    new chatbot.SlackChannelConfiguration(this, `Slack${workspaceId}${channelId}`, {
      slackChannelConfigurationName: this.nameOf(`slack-${workspaceId}-${channelId}`),
      slackWorkspaceId: workspaceId,
      slackChannelId: channelId,
      notificationTopics: [this.props.topic],
      role: this.role,
      guardrailPolicies: [this.guardrail],
    });
  }

  /** @throws when the stack has a configuration of the channel */
  public addTeams(identity: string, { teamId, tenantId, channelId }: TeamsChannelOptions): void {
    this.configure(identity);
    // another team or tenant replaces the configuration, which requires a new name; names cannot contain the separators
    // of a link
    const id = `${teamId.slice(0, 8)}-${tenantId.slice(0, 8)}-${channelId.replace(/%3a|%40|[^0-9A-Za-z]/gi, '').slice(0, 40)}`;
    new chatbot.CfnMicrosoftTeamsChannelConfiguration(this, `Teams${id}`, {
      configurationName: this.nameOf(`teams-${id}`),
      teamId,
      teamsTenantId: tenantId,
      teamsChannelId: channelId,
      snsTopicArns: [this.props.topic.topicArn],
      iamRoleArn: this.role.roleArn,
      guardrailPolicies: [this.guardrail.managedPolicyArn],
    });
  }

  private configure(identity: string): void {
    const other = this.configurerOf(identity);
    if (other === this) {
      failWithSecondChannel(this.alerts, identity);
    }
    if (other !== undefined) {
      fail(this, `'channels' must not contain a chat that has a configuration already, got ${show(identity)}, which ${other.node.path} configures; `
        + 'an account has at most one configuration for each chat: create it yourself, and pass its topic to both as AlertChannel.chatTopic(topic)');
    }
    this.configured.add(identity);
  }

  /** The construct that already configures a chat. Two of one stack are certainly in one account. */
  private configurerOf(identity: string): IConstruct | undefined {
    const stack = Stack.of(this);
    return stack.node.findAll()
      .find((construct) => markOf<Set<string>>(construct, CONFIGURED)?.has(identity) && Stack.of(construct) === stack);
  }

  /** The name of a configuration. It is required, so it is generated if there is no environment suffix. */
  private nameOf(purpose: string): string {
    return this.props.names.of(purpose) ?? `${Names.uniqueResourceName(this, { maxLength: 80, separator: '-' })}-${purpose}`;
  }
}
