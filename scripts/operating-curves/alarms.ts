import * as crypto from 'crypto';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmModel, AlarmProperties } from '../../packages/rehearsal/src/metric-math';
import { TargetGroupColor, TrafficShift } from '../../src';
import { judgeAlarm } from '../../src/service/private/release/error-alarms';
import { TargetGroupMetrics } from '../../src/service/private/target-group-metrics';
import { createService, createStack, resourcesOf } from '../../test/helpers';

/** The intervals of canary shifts that are simulated, in minutes: the ends of each row of strictness among them. */
export const INTERVALS = [1, 5, 15, 60, 2880];

/** The percentages of canary shifts that are simulated. */
export const PERCENTAGES = [1, 2, 5, 10, 49];

/** The alarms of templates that are simulated. */
export interface Alarms {
  readonly ceiling: AlarmModel;
  /** Changes with every property that decides when an alarm is in ALARM. */
  readonly fingerprint: string;
  /** By the percentage and the interval of the shift. */
  judge(percentage: number, interval: number): AlarmModel;
}

/** The alarms that compare releases, for shifts of these percentages and intervals, from one synthesized template. */
export function synthesizeJudges(
  percentages: readonly number[], intervals: readonly number[],
): { readonly properties: AlarmProperties[]; judge(percentage: number, interval: number): AlarmModel } {
  const stack = createStack();
  const { loadBalancer, blueTargetGroup: blue, greenTargetGroup: green } = createService(stack);
  const groups = { [TargetGroupColor.BLUE]: blue, [TargetGroupColor.GREEN]: green };
  const metrics = new TargetGroupMetrics(loadBalancer, groups);
  const nameOf = (percentage: number, interval: number) => `Compared${percentage}x${interval}x`;
  for (const percentage of percentages) {
    for (const interval of intervals) {
      const alarm = judgeAlarm(metrics, { canaryPercentage: percentage, canaryInterval: Duration.minutes(interval) });
      new cloudwatch.Alarm(stack, nameOf(percentage, interval), {
        ...alarm as NonNullable<typeof alarm>, treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
    }
  }
  const alarms = Object.entries(alarmsOf(Template.fromStack(stack))).filter(([id]) => id.startsWith('Compared'));
  const models = new Map(alarms.map(([id, properties]) => [id.replace(/[0-9A-F]{8}$/, ''), new AlarmModel(properties)]));
  return {
    properties: alarms.map(([, properties]) => properties),
    judge: (percentage, interval) => models.get(nameOf(percentage, interval)) as AlarmModel,
  };
}

function alarmsOf(template: Template): { [id: string]: AlarmProperties } {
  return Object.fromEntries(Object.entries(resourcesOf(template, 'AWS::CloudWatch::Alarm'))
    .map(([id, { Properties }]) => [id, Properties as unknown as AlarmProperties]));
}

/** What decides when an alarm is in ALARM, without names and words. */
function essenceOf({ Metrics, ...alarm }: AlarmProperties): object {
  const { Threshold, ComparisonOperator, EvaluationPeriods, DatapointsToAlarm, TreatMissingData } = alarm;
  return {
    Metrics: Metrics?.map((metric) => ({ ...metric, Label: undefined })),
    Threshold,
    ComparisonOperator,
    EvaluationPeriods,
    DatapointsToAlarm,
    TreatMissingData,
  };
}

/** Reads the alarms from synthesized templates. */
export function synthesizeAlarms(): Alarms {
  const stack = createStack();
  createService(stack, { release: { trafficShift: TrafficShift.canary(10, Duration.minutes(5)) } });
  const [[, ceiling]] = Object.entries(alarmsOf(Template.fromStack(stack))).filter(([id]) => id.includes('Ceiling'));
  const { properties, judge } = synthesizeJudges(PERCENTAGES, INTERVALS);
  const essence = JSON.stringify([ceiling, ...properties].map(essenceOf));
  return {
    ceiling: new AlarmModel(ceiling),
    judge,
    fingerprint: crypto.createHash('sha256').update(essence).digest('hex').slice(0, 16),
  };
}
