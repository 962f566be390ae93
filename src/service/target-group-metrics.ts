import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/**
 * One of the two target groups. They swap with every release: neither of them is production for good.
 */
export enum TargetGroupColor {
  /** The one that the first release finds in production. */
  BLUE = 'blue',
  /** The one that the first release moves to. */
  GREEN = 'green',
}

/**
 * How a metric of the target groups is read.
 */
export interface TargetGroupMetricOptions extends cloudwatch.MetricOptions {
  /**
   * The target group that is looked at.
   *
   * @default - both together, which stays right whichever of them is live
   */
  readonly targetGroup?: TargetGroupColor;
}
