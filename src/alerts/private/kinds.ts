import {
  ALARM, BUILD_PROJECT, IMAGE_REPOSITORY, KEY, RETENTION_DAYS, PART, PIPELINE, RULE, SERVICE, SEVERITY, TOPIC,
} from '../../private/common-kinds';
import { flag, KindsOf, list, required, strategy } from '../../private/kinds';
import { PipelineAlertsProps } from '../pipeline-alerts-options';

export const CHANNEL = strategy('AlertChannel', "AlertChannel.email('devops@example.com')");

const SWITCH = flag('it has no settings');

/** The kinds of the props of alerts. */
export const ALERTS_KINDS: KindsOf<PipelineAlertsProps> = {
  ...PART,
  channels: list(CHANNEL),
  topic: TOPIC,
  encryptionKey: KEY,
  alarms: list(ALARM),
  notifyOnSuccess: SWITCH,
  notifyOnApproval: SWITCH,
  failureDetails: SWITCH,
  logRetention: RETENTION_DAYS,
  notifyOnImageScan: flag("pass the severity as 'imageScanSeverity'"),
  imageScanSeverity: SEVERITY,
  keepUndelivered: SWITCH,
  codePipeline: required(PIPELINE),
  service: SERVICE,
  buildProject: BUILD_PROJECT,
  trigger: RULE,
  repository: IMAGE_REPOSITORY,
};
