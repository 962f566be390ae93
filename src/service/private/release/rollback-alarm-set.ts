import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, IConstruct } from 'constructs';
import { ceilingAlarm, judgeAlarm } from './error-alarms';
import { acknowledge } from '../../../private/acknowledge';
import { fail } from '../../../private/errors';
import { DURATION, flag, KindsOf, NUMBER, requireOptions } from '../../../private/kinds';
import { ResourceNames } from '../../../private/names';
import { requireAbsent, requireDuration, requireInteger } from '../../../private/validation';
import { RollbackAlarmOptions } from '../../rollback-alarms';
import { TargetGroupColor } from '../../target-group-metrics';
import { TrafficShiftConfig } from '../../traffic-shift';
import { RESPONSE_TIME, TargetGroupMetric, TargetGroupMetrics, UNHEALTHY_HOSTS } from '../target-group-metrics';

const OPTIONS: KindsOf<RollbackAlarmOptions> = {
  enabled: flag('set false to create no alarms'),
  suspended: flag('set true to release regardless of any alarm'),
  errorRateThreshold: NUMBER,
  minimumErrors: NUMBER,
  serverErrorThreshold: NUMBER,
  compareReleases: flag('set false to create no alarm that compares the new release with the old one'),
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
  if (options.serverErrorThreshold !== undefined) {
    requireAbsent(scope, 'release.rollbackAlarms.serverErrorThreshold', {
      'release.rollbackAlarms.errorRateThreshold': options.errorRateThreshold,
      'release.rollbackAlarms.minimumErrors': options.minimumErrors,
    }, 'one alarm watches the errors, by their rate or by their number');
  }
  requireInteger(scope, 'release.rollbackAlarms.errorRateThreshold', options.errorRateThreshold, {
    min: 1, max: 100, remedy: 'the alarm enters ALARM at this percentage of errors',
  });
  requireInteger(scope, 'release.rollbackAlarms.minimumErrors', options.minimumErrors, {
    min: 1, max: Number.MAX_SAFE_INTEGER, remedy: 'fewer errors in a minute stop no release',
  });
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
  readonly trafficShift: TrafficShiftConfig;
}

type Condition = Omit<cloudwatch.AlarmProps, 'alarmName' | 'alarmDescription' | 'treatMissingData'>;

interface Watch {
  readonly id: string;
  readonly purpose: string;
  readonly description: string;
  readonly metric: TargetGroupMetric;
  readonly threshold: number;
}

const HOW_TO_RELEASE = 'While this alarm is in ALARM, no release succeeds. '
  + 'To release a fix, deploy release.rollbackAlarms.suspended: true, release, and deploy without it again.';

/**
 * The rollback alarms. Those that watch a single target group exist for both: after the first release, green is live,
 * and an alarm on blue only would see no traffic.
 */
export class RollbackAlarmSet extends Construct {
  public readonly alarms: cloudwatch.IAlarm[];

  constructor(scope: Construct, id: string, private readonly props: RollbackAlarmSetProps) {
    super(scope, id);
    this.alarms = [this.createCeiling(), ...this.createJudge(), ...this.createWatches()];
  }

  private createCeiling(): cloudwatch.Alarm {
    const { metrics, options } = this.props;
    const description = `Errors of the application and of the load balancer. ${HOW_TO_RELEASE}`;
    return this.createAlarm('Ceiling', 'errors', description, ceilingAlarm(metrics, options));
  }

  private createJudge(): cloudwatch.Alarm[] {
    const { metrics, options: { compareReleases = true }, trafficShift } = this.props;
    const judge = compareReleases ? judgeAlarm(metrics, trafficShift) : undefined;
    return judge ? [this.createAlarm('Judge', 'canary-errors', 'The new release fails more often than the old one', judge)] : [];
  }

  private createWatches(): cloudwatch.Alarm[] {
    const { metrics, options } = this.props;
    const groups: [string, TargetGroupColor][] = [['Blue', TargetGroupColor.BLUE], ['Green', TargetGroupColor.GREEN]];
    return groups.flatMap(([idPrefix, color]) => watches(options).map(
      ({ id, purpose, description, metric, threshold }) =>
        this.createAlarm(`${idPrefix}${id}`, `${color}-${purpose}`, `${description} in target group ${color}`, {
          metric: metrics.of(color, metric),
          threshold,
          comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          evaluationPeriods: 2,
        }),
    ));
  }

  private createAlarm(
    id: string, purpose: string, alarmDescription: string, condition: Condition,
  ): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, {
      ...condition,
      alarmName: this.props.names.of(purpose),
      alarmDescription,
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
  const { unhealthyHostThreshold = 1, latencyThreshold } = options;
  const all: Watch[] = [{
    id: 'UnhealthyHosts',
    purpose: 'unhealthy-hosts',
    description: 'Unhealthy tasks',
    metric: UNHEALTHY_HOSTS,
    threshold: unhealthyHostThreshold,
  }];
  if (latencyThreshold) {
    all.push({
      id: 'Latency',
      purpose: 'latency',
      description: '95th percentile of the response time',
      metric: RESPONSE_TIME,
      threshold: latencyThreshold.toSeconds({ integral: false }),
    });
  }
  return all;
}
