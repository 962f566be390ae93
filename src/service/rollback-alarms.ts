import { Duration } from 'aws-cdk-lib';

/**
 * The alarms that stop a release and roll it back. Each exists for both target groups, because the groups swap with
 * every release.
 *
 * While an alarm is in ALARM, no release succeeds, not even the one that fixes the problem. To release anyway, update
 * the stack with `suspended: true`, release, and update the stack again without it.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html
 */
export interface RollbackAlarmOptions {
  /**
   * Whether to create the alarms of the library. Your own alarms can be added in both cases.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Whether to release regardless of any alarm, including your own. Use it for the release that fixes the cause of an
   * alarm.
   *
   * The alarms remain. Only the deployment group changes.
   *
   * @default false
   */
  readonly suspended?: boolean;

  /**
   * The number of 5xx responses of the application in one minute that stops a release.
   *
   * @default 10
   */
  readonly serverErrorThreshold?: number;

  /**
   * The number of unhealthy tasks that stops a release if it is reached in two consecutive minutes.
   *
   * A new task also counts if it is unhealthy during its start, even within the grace period. Raise this threshold, or
   * `healthCheck.unhealthyThresholdCount`, for an application that needs more than about 30 seconds to answer.
   *
   * @default 1
   */
  readonly unhealthyHostThreshold?: number;

  /**
   * The response time that stops a release if the 95th percentile reaches it in two consecutive minutes.
   *
   * @default - no latency alarm
   */
  readonly latencyThreshold?: Duration;
}
