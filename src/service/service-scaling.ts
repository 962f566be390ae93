import { Duration } from 'aws-cdk-lib';

/**
 * How many tasks run.
 *
 * The template holds no number of tasks, so that a stack update never resets it. During a release both task sets run with the same number of tasks.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
export interface ServiceScalingOptions {
  /**
   * The fewest tasks.
   *
   * @default 1
   */
  readonly minCapacity?: number;

  /** The most tasks, at least `minCapacity`. */
  readonly maxCapacity: number;

  /**
   * The average CPU use to keep, in percent from 1 to 99.
   *
   * @default - 60, or none when another target is given
   */
  readonly targetCpuUtilizationPercent?: number;

  /**
   * The average memory use to keep, in percent from 1 to 99.
   *
   * @default - memory is not looked at
   */
  readonly targetMemoryUtilizationPercent?: number;

  /**
   * The requests that a task should answer in a minute, at least 1.
   *
   * Both target groups count, so it stays right whichever of them is live.
   *
   * @default - requests are not looked at
   */
  readonly targetRequestsPerMinute?: number;

  /**
   * How long to wait after tasks were added.
   *
   * @default Duration.minutes(1)
   */
  readonly scaleOutCooldown?: Duration;

  /**
   * How long to wait after tasks were removed.
   *
   * @default Duration.minutes(5)
   */
  readonly scaleInCooldown?: Duration;
}
