import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { alerts, baseOf, PLAIN } from './places';
import { BadValue, OptionRow, Row } from './row';
import { key, WITH_KEY } from './values';
import { AlertChannel, FindingSeverity } from '../../../src';

const topic = (stack: Stack): sns.ITopic => sns.Topic.fromTopicArn(stack, 'Pager', 'arn:aws:sns:eu-west-1:111111111111:pager');
const notAFlag = (option: string): BadValue =>
  ['false', `'${option}' must be true or false, got "false"; it has no settings [Stack/Orders/Alerts]`];

const SLACK = "deleted: alerts' slack channel configuration; created: alerts' slack channel configuration";
const TEAMS = "deleted: alerts' microsoft teams channel configuration; created: alerts' microsoft teams channel configuration";
const NEW_RULE = "created: alerts' rule; in place: alerts' queue policy, topic policy";

export const ALERTS: (OptionRow | Row)[] = [
  {
    option: 'PipelineAlertsOptions.channels',
    same: [],
    other: [AlertChannel.email('a@example.com')],
    change: 'none to `AlertChannel.email(...)`',
    bad: [
      ...['devops', 'a@b@c', 'de vops@example.com', '@example.com', 'devops@example', 'devops@example.', 'devops@.com'].map((address): BadValue => [[AlertChannel.email(address)],
        `'channels.email' must be one address with a complete domain, such as 'devops@example.com', got ${JSON.stringify(address)} [Stack/Orders/Alerts]`]),
      [[AlertChannel.email('')], "'channels.email' must not be empty, got \"\"; pass an address such as devops@example.com [Stack/Orders/Alerts]"],
      [[AlertChannel.email('Ops@example.com'), AlertChannel.email('ops@example.com')],
        "'channels' must not contain the same channel twice, got \"email ops@example.com\" again; remove one of the two [Stack/Orders/Alerts]"],
    ],
    effect: "created: alerts' subscription",
  },
  ['PipelineAlertsOptions.channels', 'none to `AlertChannel.topic(...)`', PLAIN, (stack) => alerts({ channels: [AlertChannel.topic(topic(stack))] })],
  ['PipelineAlertsOptions.topic', 'a new topic to an existing one', PLAIN, (stack) => alerts({ topic: topic(stack) })],
  ['PipelineAlertsOptions.encryptionKey', 'a new key to your own', WITH_KEY, (stack) => alerts({ encryptionKey: key(stack) })],
  ['PipelineAlertsOptions.alarms', 'none to one', PLAIN, (stack) => alerts({
    alarms: [cloudwatch.Alarm.fromAlarmArn(stack, 'Own', 'arn:aws:cloudwatch:eu-west-1:111111111111:alarm:own')],
  })],
  ['PipelineAlertsOptions.channels', 'none to `AlertChannel.slack(...)`', PLAIN, baseOf('SlackChannelOptions')],
  ['PipelineAlertsOptions.channels', 'none to `AlertChannel.teams(...)`', PLAIN, baseOf('TeamsChannelOptions')],
  ['PipelineAlertsOptions.channels', 'none to `AlertChannel.chatTopic(...)`', PLAIN, (stack) => alerts({ channels: [AlertChannel.chatTopic(topic(stack))] })],
  {
    option: 'SlackChannelOptions.workspaceId',
    other: 'T0OTHER',
    change: 'another one',
    effect: SLACK,
  },
  {
    option: 'SlackChannelOptions.channelId',
    other: 'C0OTHER',
    change: 'another one',
    bad: [['#alerts', "'channels.channelId' must be the id of a Slack channel, such as C07EA123LEP, not its name, and known at synth, got \"#alerts\"; "
      + 'copy it from the chat [Stack/Orders/Alerts]']],
    effect: SLACK,
  },
  {
    option: 'TeamsChannelOptions.teamId',
    other: '9f8e7d6c-0000-4000-8000-1234567890ab',
    change: 'another one',
    effect: TEAMS,
  },
  {
    option: 'TeamsChannelOptions.tenantId',
    other: '9f8e7d6c-0000-4000-8000-1234567890ab',
    change: 'another one',
    effect: TEAMS,
  },
  {
    option: 'TeamsChannelOptions.channelId',
    other: '19%3aother%40thread.tacv2',
    change: 'another one',
    effect: TEAMS,
  },
  {
    option: 'PipelineAlertsOptions.notifyOnSuccess',
    default: 'false',
    other: true,
    bad: [notAFlag('notifyOnSuccess')],
    effect: NEW_RULE,
  },
  {
    option: 'PipelineAlertsOptions.notifyOnApproval',
    same: false,
    other: true,
    bad: [notAFlag('notifyOnApproval')],
    effect: NEW_RULE,
  },
  {
    option: 'PipelineAlertsOptions.failureDetails',
    default: 'true',
    other: false,
    bad: [notAFlag('failureDetails')],
    effect: "deleted: alerts' rule ×3; in place: alerts' queue policy, alerts' rule, topic policy",
  },
  {
    option: 'PipelineAlertsOptions.notifyOnImageScan',
    same: true,
    other: false,
    bad: [[FindingSeverity.HIGH, "'notifyOnImageScan' must be true or false, got an instance of FindingSeverity; pass the severity as 'imageScanSeverity' [Stack/Orders/Alerts]"]],
    effect: "deleted: alerts' rule ×2; in place: alerts' queue policy, topic policy",
  },
  {
    option: 'PipelineAlertsOptions.imageScanSeverity',
    default: 'FindingSeverity.CRITICAL',
    other: FindingSeverity.HIGH,
    effect: "in place: alerts' rule ×2",
    // excluded by `notifyOnImageScan: false`
    drawn: false,
  },
  {
    option: 'PipelineAlertsOptions.logRetention',
    default: 'logs.RetentionDays.ONE_MONTH',
    other: logs.RetentionDays.ONE_DAY,
    effect: "in place: alerts' log group",
  },
  {
    option: 'PipelineAlertsOptions.keepUndelivered',
    default: 'true',
    other: false,
    bad: [notAFlag('keepUndelivered')],
    effect: "deleted: alarm, alerts' queue policy, alerts' queue; in place: alerts' rule ×7, rule that starts the pipeline, topic policy",
  },
];
