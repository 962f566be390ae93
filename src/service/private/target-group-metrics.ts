import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { memberOf, requireKind } from '../../private/kinds';
import { TargetGroupColor, TargetGroupMetricOptions } from '../target-group-metrics';

export const NAMESPACE = 'AWS/ApplicationELB';

/**
 * The sum of both target groups. A group without tasks reports no data, which counts as 0 in a sum and a comparison.
 *
 * The expression is not `FILL(blue, 0)`: the newest minute has no data yet and would be 0 in both groups, so an alarm
 * on several consecutive minutes would never enter ALARM.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export const SUM_OF_BOTH = 'blue + green';

/** The expressions that combine the values of both target groups. */
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
  metricName: 'HTTPCode_Target_5XX_Count', statistic: cloudwatch.Stats.SUM, joined: 'sum', label: '5xx responses',
};
export const CONNECTION_ERRORS: TargetGroupMetric = {
  metricName: 'TargetConnectionErrorCount', statistic: cloudwatch.Stats.SUM, joined: 'sum', label: 'failed connections',
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

const COLOR = memberOf('a member of TargetGroupColor, such as TargetGroupColor.BLUE', () => TargetGroupColor);

/**
 * The metrics of both target groups. They are built from the dimensions of the groups, so they do not depend on the
 * listener that a group is attached to.
 */
export class TargetGroupMetrics {
  constructor(
    private readonly loadBalancer: elbv2.ApplicationLoadBalancer,
    private readonly groups: { readonly [color in TargetGroupColor]: elbv2.ApplicationTargetGroup },
  ) {}

  /** The metric of one target group, or of both combined. */
  public metric(kind: TargetGroupMetric, options: TargetGroupMetricOptions = {}): cloudwatch.IMetric {
    const { targetGroup, ...rest } = options;
    requireKind(this.loadBalancer, 'targetGroup', targetGroup, COLOR);
    return targetGroup === undefined ? this.joined(kind, rest) : this.of(targetGroup, kind, { label: `${kind.label} (${targetGroup})`, ...rest });
  }

  /** The metric of one target group. */
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

  /** The sum of a metric over the whole load balancer, including what belongs to no target group. */
  public ofLoadBalancer(metricName: string): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { LoadBalancer: this.loadBalancer.loadBalancerFullName },
      statistic: cloudwatch.Stats.SUM,
      period: Duration.minutes(1),
    });
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
