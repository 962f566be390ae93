import { Duration } from 'aws-cdk-lib';

/**
 * Which alarms stop a release and roll it back. Each watches both target groups, since they swap with every release.
 *
 * While one of them is in ALARM no release goes through, the one that would mend it included: deploy `suspended: true`, release, and switch back.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html
 */
export interface RollbackAlarmOptions {
  /**
   * Whether the library makes its alarms. Alarms of your own can be added either way.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Whether no alarm stops a release, your own ones included: for the release that mends what an alarm tells of. The alarms themselves stay.
   *
   * It changes the deployment group only.
   *
   * @default false
   */
  readonly suspended?: boolean;

  /**
   * How many answers of the application with a 5xx status in one minute are too many.
   *
   * @default 10
   */
  readonly serverErrorThreshold?: number;

  /**
   * How many unhealthy tasks are too many, in two minutes in a row.
   *
   * @default 1
   */
  readonly unhealthyHostThreshold?: number;

  /**
   * The 95th percentile of the response time that is too long, in two minutes in a row.
   *
   * @default - latency is not looked at
   */
  readonly latencyThreshold?: Duration;
}
