import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { ResourceNames } from '../../private/names';
import { RollbackAlarmOptions } from '../rollback-alarms';
import { LoadBalancing } from './load-balancing';

/** Props of the alarms that stop a release. */
export interface RollbackAlarmSetProps {
  readonly names: ResourceNames;
  readonly loadBalancing: LoadBalancing;
  readonly options: RollbackAlarmOptions;
}

interface Watch {
  readonly id: string;
  readonly role: string;
  readonly description: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly threshold: number;
  /** Minutes in a row. */
  readonly periods: number;
}

/**
 * The same alarms on both target groups: after a release the green one is live, and an alarm on blue alone would see nothing.
 */
export class RollbackAlarmSet extends Construct {
  public readonly alarms: cloudwatch.IAlarm[];

  constructor(scope: Construct, id: string, private readonly props: RollbackAlarmSetProps) {
    super(scope, id);
    const { blue, green } = props.loadBalancing;
    const groups: [string, elbv2.ApplicationTargetGroup][] = [['Blue', blue], ['Green', green]];
    this.alarms = groups.flatMap(([color, group]) => watches(props.options).map((watch) => this.createAlarm(color, group, watch)));
  }

  private createAlarm(color: string, group: elbv2.ApplicationTargetGroup, watch: Watch): cloudwatch.Alarm {
    const { names, loadBalancing } = this.props;
    // CDK refuses the metrics of a group that is attached to no listener, which green is until its first release
    const metric = new cloudwatch.Metric({
      namespace: 'AWS/ApplicationELB',
      metricName: watch.metricName,
      dimensionsMap: {
        LoadBalancer: loadBalancing.loadBalancer.loadBalancerFullName,
        TargetGroup: group.targetGroupFullName,
      },
      statistic: watch.statistic,
      period: Duration.minutes(1),
    });
    return new cloudwatch.Alarm(this, `${color}${watch.id}`, {
      alarmName: names.of(`${color.toLowerCase()}-${watch.role}`),
      alarmDescription: `${watch.description} in target group ${color.toLowerCase()}`,
      metric,
      threshold: watch.threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: watch.periods,
      // the group without tasks reports nothing
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

function watches(options: RollbackAlarmOptions): Watch[] {
  const { serverErrorThreshold = 10, unhealthyHostThreshold = 1, latencyThreshold } = options;
  const all: Watch[] = [{
    id: 'ServerErrors',
    role: 'server-errors',
    description: 'Answers with a 5xx status',
    metricName: 'HTTPCode_Target_5XX_Count',
    statistic: cloudwatch.Stats.SUM,
    threshold: serverErrorThreshold,
    periods: 1,
  }, {
    id: 'UnhealthyHosts',
    role: 'unhealthy-hosts',
    description: 'Unhealthy tasks',
    metricName: 'UnHealthyHostCount',
    statistic: cloudwatch.Stats.MAXIMUM,
    threshold: unhealthyHostThreshold,
    periods: 2,
  }];
  if (latencyThreshold) {
    all.push({
      id: 'Latency',
      role: 'latency',
      description: '95th percentile of the response time',
      metricName: 'TargetResponseTime',
      statistic: cloudwatch.Stats.percentile(95),
      threshold: latencyThreshold.toSeconds({ integral: false }),
      periods: 2,
    });
  }
  return all;
}
