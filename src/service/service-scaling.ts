import { Duration } from 'aws-cdk-lib';

/**
 * How many tasks run.
 *
 * During a release both task sets count; the share of one is what the average shows.
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
   * @default - 60, or none when `targetMemoryUtilizationPercent` is given alone
   */
  readonly targetCpuUtilizationPercent?: number;

  /**
   * The average memory use to keep, in percent from 1 to 99.
   *
   * @default - memory is not looked at
   */
  readonly targetMemoryUtilizationPercent?: number;

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
