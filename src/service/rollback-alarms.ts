import { Duration } from 'aws-cdk-lib';

/**
 * The alarms that stop a release and roll it back. They watch both target groups, because the groups swap with every
 * release.
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
   * The error rate, in percent of all requests, that stops a release when it is reached in two of three minutes.
   *
   * All target groups and listeners of the load balancer count. Errors are the 5xx responses of the targets. The 5xx
   * responses of the load balancer, or its failed connections to tasks, are added, whichever are more.
   *
   * @default 5
   */
  readonly errorRateThreshold?: number;

  /**
   * The number of errors per minute below which `errorRateThreshold` stops no release.
   *
   * With a low value, a few errors stop a release of an application with little traffic.
   *
   * @default 20
   */
  readonly minimumErrors?: number;

  /**
   * The number of errors in one minute that stops a release. It replaces `errorRateThreshold` and `minimumErrors`.
   *
   * An application with much traffic can exceed the number all the time. Then every release is stopped.
   *
   * @default - `errorRateThreshold` and `minimumErrors` apply
   */
  readonly serverErrorThreshold?: number;

  /**
   * Whether to compare the error rate of the new release with that of the old one during a canary shift below 50
   * percent. The release is stopped if it is worse, and chance cannot explain the difference.
   *
   * It has no effect with another traffic shift, or if the percentage is a token.
   *
   * @default true
   */
  readonly compareReleases?: boolean;

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
