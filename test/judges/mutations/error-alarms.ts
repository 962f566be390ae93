import { Counts, valuesOf } from '../../../models/releases';
import { AlarmModel, AlarmProperties } from '../../../packages/rehearsal/src/metric-math';

/** Minutes of traffic, and whether the alarm must be in ALARM at some time. */
type Situation = [counts: Counts, isAlarm: boolean, refused?: number];

type Minute = [oldRequests: number, oldErrors: number, newRequests: number, newErrors: number];

/** Minutes as requests and errors of the old and of the new release. */
function minutes(...counts: Minute[]): Counts {
  return {
    requests: { old: counts.map(([requests]) => requests), new: counts.map(([, , requests]) => requests) },
    errors: { old: counts.map(([, errors]) => errors), new: counts.map(([, , , errors]) => errors) },
  };
}

const JUDGE: Situation[] = [
  // as good as the old one, then worse, then worse in one minute only
  [minutes([3000, 15, 0, 0], [2700, 14, 300, 2], [2700, 13, 300, 1], [0, 0, 3000, 15]), false],
  [minutes([3000, 15, 0, 0], [2700, 14, 300, 15], [2700, 13, 300, 16]), true],
  [minutes([2700, 14, 300, 15], [2700, 14, 300, 2], [2700, 13, 300, 1], [2700, 13, 300, 15]), false],
  // a fix, whose last step leaves the old release the smaller part of a minute
  [minutes([3000, 300, 0, 0], [2700, 270, 300, 0], [2700, 270, 300, 0], [500, 50, 2500, 0], [0, 0, 3000, 0]), false],
];

const CEILING: Situation[] = [
  [minutes([3000, 30, 0, 0], [3000, 30, 0, 0]), false],
  [minutes([1000, 60, 0, 0], [1000, 10, 0, 0], [0, 0, 1000, 60]), true],
  [minutes([20, 10, 0, 0], [20, 10, 0, 0]), false],
  // a failed connection is also a response of the load balancer, and counts once
  [minutes([1000, 60, 0, 0], [1000, 60, 0, 0]), true, 1],
  [minutes([1000, 30, 0, 0], [1000, 30, 0, 0]), false, 1],
  [{ ...minutes([1000, 0, 0, 0], [1000, 0, 0, 0]), unrouted: [60, 60] }, true],
  [{ ...minutes([0, 0, 0, 0], [0, 0, 0, 0]), unrouted: [60, 60] }, true],
];

/** Whether an alarm on errors stops what is worse, and nothing else, in either direction of the colors. */
export function judgeErrors(id: string, properties: unknown): boolean {
  const alarm = new AlarmModel(properties as AlarmProperties);
  const situations = id.includes('Judge') ? JUDGE : CEILING;
  return situations.every(([counts, isAlarm, refused]) => (['blue', 'green'] as const).every((newColor) =>
    (alarm.firstAlarm(valuesOf(alarm, counts, { newColor, refused })) !== undefined) === isAlarm));
}
