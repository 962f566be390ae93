import { Duration } from 'aws-cdk-lib';

/**
 * Limits and targets for the number of tasks.
 *
 * The template does not set the number of tasks, so a stack update never resets it. During a release, both task sets
 * run the same number of tasks.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
export interface ScalingOptions {
  /**
   * The minimum number of tasks.
   *
   * @default 1
   */
  readonly minCapacity?: number;

  /** The maximum number of tasks, at least `minCapacity`. */
  readonly maxCapacity: number;

  /**
   * The target for the average CPU utilization, in percent, from 1 to 99.
   *
   * @default - 60, or no scaling on CPU if another target is set
   */
  readonly targetCpuUtilizationPercent?: number;

  /**
   * The target for the average memory utilization, in percent, from 1 to 99.
   *
   * @default - no scaling on memory
   */
  readonly targetMemoryUtilizationPercent?: number;

  /**
   * The target for the number of requests per task and minute, at least 1.
   *
   * Requests to both target groups count, so the value applies regardless of which group is live.
   *
   * @default - no scaling on requests
   */
  readonly targetRequestsPerMinute?: number;

  /**
   * The cooldown period after ECS adds tasks, before Application Auto Scaling adds more.
   *
   * @default Duration.minutes(1)
   */
  readonly scaleOutCooldown?: Duration;

  /**
   * The cooldown period after ECS removes tasks, before Application Auto Scaling removes more.
   *
   * @default Duration.minutes(5)
   */
  readonly scaleInCooldown?: Duration;
}
