import * as crypto from 'crypto';
import { Duration } from 'aws-cdk-lib';
import { AlarmModel, AlarmProperties } from '../../models/metric-math';
import { TrafficShift } from '../../src';
import { resourcesOf, synthesizeService } from '../../test/helpers';

/** The intervals of canary shifts that are simulated, in minutes: the ends of each row of strictness among them. */
export const INTERVALS = [1, 5, 15, 60, 2880];

/** The alarms of templates that are simulated. */
export interface Alarms {
  readonly ceiling: AlarmModel;
  /** Changes with every property of an alarm. */
  readonly fingerprint: string;
  /** By the interval of the shift. */
  judge(interval: number): AlarmModel;
}

/** Reads the alarms from synthesized templates. */
export function synthesizeAlarms(): Alarms {
  const templates = INTERVALS.map((minutes) => synthesizeService({
    release: { trafficShift: TrafficShift.canary(10, Duration.minutes(minutes)) },
  }).template);
  const propertiesOf = (id: RegExp) => templates.map((template) => {
    const [[, { Properties }]] = Object.entries(resourcesOf(template, 'AWS::CloudWatch::Alarm')).filter(([name]) => id.test(name));
    return Properties as unknown as AlarmProperties;
  });
  const judges = propertiesOf(/Judge/);
  const [ceiling] = propertiesOf(/Ceiling/);
  const models = new Map(judges.map((properties, index) => [INTERVALS[index], new AlarmModel(properties)]));
  return {
    ceiling: new AlarmModel(ceiling),
    judge: (interval) => models.get(interval) as AlarmModel,
    fingerprint: crypto.createHash('sha256').update(JSON.stringify([ceiling, judges])).digest('hex').slice(0, 16),
  };
}
