import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { TargetGroupColor, TargetGroupMetricOptions } from '../target-group-metrics';

export const NAMESPACE = 'AWS/ApplicationELB';

/**
 * The group without tasks reports nothing, which counts as 0 in a sum and a comparison.
 *
 * Not `FILL(blue, 0)`: the newest minute has no data yet, would be 0 in both groups, and an alarm that wants some
 * minutes in a row would never go off.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export const SUM_OF_BOTH = 'blue + green';

/** How two groups make one value. */
const JOINED = {
  sum: SUM_OF_BOTH,
  highest: 'IF(blue > green, blue, green)',
} as const;

/** A metric of the load balancer for each target group. */
export interface TargetGroupMetric {
  readonly metricName: string;
  readonly statistic: string;
  readonly joined: keyof typeof JOINED;
  readonly label: string;
}

export const REQUEST_COUNT: TargetGroupMetric = {
  metricName: 'RequestCount', statistic: cloudwatch.Stats.SUM, joined: 'sum', label: 'requests',
};
export const REQUEST_COUNT_PER_TARGET: TargetGroupMetric = {
  metricName: 'RequestCountPerTarget', statistic: cloudwatch.Stats.SUM, joined: 'sum', label: 'requests per task',
};
export const SERVER_ERRORS: TargetGroupMetric = {
  metricName: 'HTTPCode_Target_5XX_Count', statistic: cloudwatch.Stats.SUM, joined: 'sum', label: '5xx answers',
};
export const RESPONSE_TIME: TargetGroupMetric = {
  metricName: 'TargetResponseTime', statistic: cloudwatch.Stats.percentile(95), joined: 'highest', label: 'response time',
};
export const HEALTHY_HOSTS: TargetGroupMetric = {
  metricName: 'HealthyHostCount', statistic: cloudwatch.Stats.MINIMUM, joined: 'sum', label: 'healthy tasks',
};
export const UNHEALTHY_HOSTS: TargetGroupMetric = {
  metricName: 'UnHealthyHostCount', statistic: cloudwatch.Stats.MAXIMUM, joined: 'sum', label: 'unhealthy tasks',
};

/**
 * The metrics of both target groups, from their dimensions: alike for both, whichever listener a group is attached to.
 */
export class TargetGroupMetrics {
  constructor(
    private readonly loadBalancer: elbv2.ApplicationLoadBalancer,
    private readonly groups: { readonly [color in TargetGroupColor]: elbv2.ApplicationTargetGroup },
  ) {}

  /** One group's metric, or both as one. */
  public metric(kind: TargetGroupMetric, options: TargetGroupMetricOptions = {}): cloudwatch.IMetric {
    const { targetGroup, ...rest } = options;
    return targetGroup === undefined ? this.joined(kind, rest) : this.of(targetGroup, kind, { label: `${kind.label} (${targetGroup})`, ...rest });
  }

  /** One group's metric. */
  public of(
    color: TargetGroupColor, kind: TargetGroupMetric, options: cloudwatch.MetricOptions = {},
  ): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: NAMESPACE,
      metricName: kind.metricName,
      dimensionsMap: this.dimensionsOf(color),
      statistic: kind.statistic,
      period: Duration.minutes(1),
      ...options,
    });
  }

  public dimensionsOf(color: TargetGroupColor): { [name: string]: string } {
    return {
      LoadBalancer: this.loadBalancer.loadBalancerFullName,
      TargetGroup: this.groups[color].targetGroupFullName,
    };
  }

  private joined(kind: TargetGroupMetric, options: cloudwatch.MetricOptions): cloudwatch.MathExpression {
    const { label = kind.label, color, period = Duration.minutes(1), ...rest } = options;
    return new cloudwatch.MathExpression({
      expression: JOINED[kind.joined],
      usingMetrics: {
        blue: this.of(TargetGroupColor.BLUE, kind, { ...rest, period }),
        green: this.of(TargetGroupColor.GREEN, kind, { ...rest, period }),
      },
      label,
      color,
      period,
    });
  }
}
