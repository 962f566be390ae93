import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, IConstruct } from 'constructs';
import { acknowledge } from '../../../private/acknowledge';
import { fail } from '../../../private/errors';
import { DURATION, flag, KindsOf, NUMBER, requireOptions } from '../../../private/kinds';
import { ResourceNames } from '../../../private/names';
import { requireDuration, requireInteger } from '../../../private/validation';
import { RollbackAlarmOptions } from '../../rollback-alarms';
import { TargetGroupColor } from '../../target-group-metrics';
import { RESPONSE_TIME, SERVER_ERRORS, TargetGroupMetric, TargetGroupMetrics, UNHEALTHY_HOSTS } from '../target-group-metrics';

const OPTIONS: KindsOf<RollbackAlarmOptions> = {
  enabled: flag('set false to create no alarms'),
  suspended: flag('set true to release regardless of any alarm'),
  serverErrorThreshold: NUMBER,
  unhealthyHostThreshold: NUMBER,
  latencyThreshold: DURATION,
};

/** Fails if an option of the alarms is invalid. */
export function validateRollbackAlarms(scope: IConstruct, options: RollbackAlarmOptions = {}): void {
  requireOptions(scope, 'release.rollbackAlarms', options, OPTIONS);
  const { enabled = true, suspended: _suspended, ...thresholds } = options;
  const given = Object.entries(thresholds).filter(([, value]) => value !== undefined).map(([key]) => `'release.rollbackAlarms.${key}'`);
  if (!enabled && given.length > 0) {
    fail(scope, `${given.join(', ')} cannot be used together with 'release.rollbackAlarms.enabled: false'; remove one of the two`);
  }
  const positive = { min: 1, max: Number.MAX_SAFE_INTEGER, remedy: 'the alarm enters ALARM at this number' };
  requireInteger(scope, 'release.rollbackAlarms.serverErrorThreshold', options.serverErrorThreshold, positive);
  requireInteger(scope, 'release.rollbackAlarms.unhealthyHostThreshold', options.unhealthyHostThreshold, positive);
  requireDuration(scope, 'release.rollbackAlarms.latencyThreshold', options.latencyThreshold, {
    unit: 'milliseconds', min: 1, max: 3_600_000, remedy: 'the alarm enters ALARM at this response time',
  });
}

/** Props of the rollback alarms. */
export interface RollbackAlarmSetProps {
  readonly names: ResourceNames;
  readonly metrics: TargetGroupMetrics;
  readonly options: RollbackAlarmOptions;
}

interface Watch {
  readonly id: string;
  readonly purpose: string;
  readonly description: string;
  readonly metric: TargetGroupMetric;
  readonly threshold: number;
  /** The number of consecutive minutes. */
  readonly periods: number;
}

/**
 * The rollback alarms, on both target groups: after the first release, green is live, and an alarm on blue only would
 * see no traffic.
 */
export class RollbackAlarmSet extends Construct {
  public readonly alarms: cloudwatch.IAlarm[];

  constructor(scope: Construct, id: string, private readonly props: RollbackAlarmSetProps) {
    super(scope, id);
    const groups: [string, TargetGroupColor][] = [['Blue', TargetGroupColor.BLUE], ['Green', TargetGroupColor.GREEN]];
    this.alarms = groups.flatMap(([idPrefix, color]) => watches(props.options)
      .map((watch) => this.createAlarm(idPrefix, color, watch)));
  }

  private createAlarm(idPrefix: string, color: TargetGroupColor, watch: Watch): cloudwatch.Alarm {
    const { names, metrics } = this.props;
    const alarm = new cloudwatch.Alarm(this, `${idPrefix}${watch.id}`, {
      alarmName: names.of(`${color}-${watch.purpose}`),
      alarmDescription: `${watch.description} in target group ${color}`,
      metric: metrics.of(color, watch.metric),
      threshold: watch.threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: watch.periods,
      // a target group without tasks reports no data
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    acknowledge(alarm, 'CodeDeploy monitors the alarm without an alarm action. PipelineAlerts, if it is used, sends notifications without one.', {
      compliance: ['CloudWatchAlarmAction'], guard: ['cloudwatch_alarm_action_check'],
    });
    return alarm;
  }
}

function watches(options: RollbackAlarmOptions): Watch[] {
  const { serverErrorThreshold = 10, unhealthyHostThreshold = 1, latencyThreshold } = options;
  const all: Watch[] = [{
    id: 'ServerErrors',
    purpose: 'server-errors',
    description: '5xx responses',
    metric: SERVER_ERRORS,
    threshold: serverErrorThreshold,
    periods: 1,
  }, {
    id: 'UnhealthyHosts',
    purpose: 'unhealthy-hosts',
    description: 'Unhealthy tasks',
    metric: UNHEALTHY_HOSTS,
    threshold: unhealthyHostThreshold,
    periods: 2,
  }];
  if (latencyThreshold) {
    all.push({
      id: 'Latency',
      purpose: 'latency',
      description: '95th percentile of the response time',
      metric: RESPONSE_TIME,
      threshold: latencyThreshold.toSeconds({ integral: false }),
      periods: 2,
    });
  }
  return all;
}
