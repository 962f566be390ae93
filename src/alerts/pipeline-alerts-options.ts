import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as codepipeline from 'aws-cdk-lib/aws-codepipeline';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlertChannel } from './alert-channel';
import { FindingSeverity } from '../finding-severity';
import { PartProps } from '../part-props';
import { IBlueGreenService } from '../service/deploy-stage';

/**
 * What a parent may tune on alerts.
 */
export interface PipelineAlertsOptions {
  /**
   * Who hears of alerts.
   *
   * @default - nobody, and the synthesis warns
   */
  readonly channels?: AlertChannel[];

  /**
   * A topic that exists; the alerts are published there. Its encryption is its owner's.
   *
   * @default - a new topic, encrypted, over TLS only
   */
  readonly topic?: sns.ITopic;

  /**
   * The key that encrypts the new topic and the log of the events. EventBridge and CloudWatch Logs of this region get the right to use it.
   *
   * An imported key, whose policy is its owner's, does not encrypt the log: a key of AWS does.
   *
   * @default - a new key, rotated every year
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Alarms to tell of. Their names hold neither a quotation mark nor a backslash, which would spoil the message.
   *
   * @default - none
   */
  readonly alarms?: cloudwatch.IAlarm[];

  /**
   * Whether a release that succeeded is told of as well.
   *
   * @default false
   */
  readonly notifyOnSuccess?: boolean;

  /**
   * Whether a release that waits for approval is told of.
   *
   * @default - as `manualApproval` of the pattern's pipeline says, else false
   * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
   */
  readonly notifyOnApproval?: boolean;

  /**
   * Whether a failed action is told of with its reason, and a deployment that failed or was stopped; and whether every event of pipeline,
   * build and deployment is kept in the log. Without it the end of a failed release is told of and kept, and no more.
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
   * Whether to send a notification when the scan of an image finds vulnerabilities. It stops no release; the gate `gates.imageScan` does.
   *
   * @default - true when the repository is known, as it is in the pattern
   * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
   */
  readonly notifyOnImageScan?: boolean;

  /**
   * The lowest severity of an image scan finding that sends a notification.
   *
   * @default FindingSeverity.CRITICAL
   */
  readonly imageScanSeverity?: FindingSeverity;

  /**
   * Whether what could not be delivered is kept for 14 days in a queue, with an alarm that tells of it past EventBridge.
   *
   * Without it no alarm may publish to the topics by itself.
   *
   * @default true
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
   */
  readonly keepUndelivered?: boolean;
}

/**
 * Props of alerts.
 */
export interface PipelineAlertsProps extends PipelineAlertsOptions, PartProps {
  /** The pipeline to watch. */
  readonly pipeline: codepipeline.IPipeline;

  /**
   * The service that the pipeline releases, whose deployments are watched.
   *
   * @default - none: a failed deployment is told of as a failed action only
   */
  readonly service?: IBlueGreenService;

  /**
   * The project that the pipeline builds with, whose events are kept in the log.
   *
   * @default - none
   */
  readonly buildProject?: codebuild.IProject;

  /**
   * Where the images are whose scans are watched.
   *
   * @default - none
   */
  readonly repository?: ecr.IRepository;

  /**
   * Whether nobody is told when the execution fails that the creation of the pipeline starts: it may find no source yet.
   *
   * @default - it is told of like any other
   */
  readonly ignoreFirstExecution?: boolean;
}
