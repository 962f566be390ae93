import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlertChannel } from './alert-channel';
import { FindingSeverity } from '../finding-severity';
import { PartProps } from '../part-props';
import { IBlueGreenService } from '../service/api';

/**
 * Options of alerts, for `BlueGreenPythonPipeline` and for a separate `PipelineAlerts`.
 */
export interface PipelineAlertsOptions {
  /**
   * The channels that alerts are sent to.
   *
   * @default - none; no one is notified, and synth emits a warning
   */
  readonly channels?: AlertChannel[];

  /**
   * An existing topic that the alerts are published to. Its encryption is managed by its owner.
   *
   * @default - a new topic, encrypted, that accepts messages over TLS only
   */
  readonly topic?: sns.ITopic;

  /**
   * The key that encrypts the new topics, the event log, and the dead-letter queue. EventBridge and CloudWatch Logs in
   * this region are allowed to use it.
   *
   * An existing `topic` keeps its own encryption. If the key is imported, CloudWatch Logs and SQS use their own keys,
   * because CDK cannot change the policy of an imported key.
   *
   * @default - a new customer managed key, rotated every year; with an existing `topic`, it encrypts the topic of the
   * chats only
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Alarms whose changes send a notification, in addition to the rollback alarms of the service. Their names must not
   * contain quotation marks or backslashes, which EventBridge does not escape.
   *
   * @default - none
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * Whether to send a notification when a release has succeeded.
   *
   * @default false
   */
  readonly notifyOnSuccess?: boolean;

  /**
   * Whether to send a notification when a release waits for approval.
   *
   * @default - in `BlueGreenPythonPipeline`, the value of `pipeline.manualApproval`; otherwise false
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
   */
  readonly notifyOnApproval?: boolean;

  /**
   * Whether to send a notification of each failed action with its reason, and of each deployment that failed or was
   * stopped.
   *
   * With `false`, one rule sends a notification of a failed execution, and of a deployment that failed or was stopped,
   * without the reason. A failed deployment of the pipeline then sends both. The event log
   * contains only these events, instead of all events of pipeline, build, and deployment.
   *
   * @default true
   */
  readonly failureDetails?: boolean;

  /**
   * The retention period of the event log.
   *
   * @default logs.RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Whether to send a notification when the scan of an image finds vulnerabilities. Amazon Inspector can later find one
   * in an image that is in use, which also sends a notification. A notification does not stop a release. To stop one,
   * use the gate `gates.imageScan`.
   *
   * Only enhanced scanning finds vulnerabilities that become known after the push. It is a setting of the registry, for
   * all repositories of the account and the region that its filters select. Amazon Inspector charges for each image and
   * each new scan. With basic scanning, an image is scanned once, when it is pushed.
   *
   * @default - true if the repository is known, as in `BlueGreenPythonPipeline`
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced.html
   */
  readonly notifyOnImageScan?: boolean;

  /**
   * The lowest severity of a vulnerability in an image that sends a notification.
   *
   * @default FindingSeverity.CRITICAL
   */
  readonly imageScanSeverity?: FindingSeverity;

  /**
   * Whether to keep undelivered events in a dead-letter queue for 14 days: alerts, and pushes that did not start the
   * pipeline. An alarm on the queue notifies every topic directly, without EventBridge.
   *
   * With `false`, this alarm does not exist, and the topic policies do not allow alarms to publish directly.
   *
   * @default true
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
   */
  readonly keepUndelivered?: boolean;
}

/**
 * Properties of `PipelineAlerts`.
 */
export interface PipelineAlertsProps extends PipelineAlertsOptions, PartProps {
  /** The pipeline whose events send notifications. */
  readonly codePipeline: codepipeline.IPipeline;

  /**
   * The service that the pipeline releases. Its failed deployments and its rollback alarms send notifications,
   * including alarms that are added later.
   *
   * @default - none; a failed deployment is reported as a failed action only, and no rollback alarm is reported
   */
  readonly service?: IBlueGreenService;

  /**
   * The build project of the pipeline. The event log contains its events.
   *
   * @default - none
   */
  readonly buildProject?: codebuild.IProject;

  /**
   * The rule whose first target is the pipeline, such as the `trigger` of a `PythonCiPipeline`. An event that could not
   * start the pipeline is kept and reported as an undelivered event.
   *
   * The rule must be in the stack of the alerts, and its first target must have no other dead-letter queue: synth fails
   * otherwise. With `keepUndelivered: false`, the rule does not change.
   *
   * @default - none; a push that did not start the pipeline is not reported
   */
  readonly trigger?: events.IRule;

  /**
   * The repository whose image scans, and whose images in use, send a notification.
   *
   * @default - none
   */
  readonly repository?: ecr.IRepository;
}
