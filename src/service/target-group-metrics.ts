import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/**
 * One of the two target groups. They swap roles with every release, so neither of them always serves production.
 */
export enum TargetGroupColor {
  /** The target group that serves production before the first release. */
  BLUE = 'blue',
  /** The target group to which the first release shifts the traffic. */
  GREEN = 'green',
}

/**
 * Options for a metric of the target groups.
 */
export interface TargetGroupMetricOptions extends cloudwatch.MetricOptions {
  /**
   * The target group of the metric.
   *
   * @default - both target groups, so the metric applies regardless of which one is live
   */
  readonly targetGroup?: TargetGroupColor;
}
