import { Duration, Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as fc from 'fast-check';
import { Counts, drawReleases, Random, Release, valuesOf } from '../../../../models/releases';
import { AlarmModel, AlarmProperties } from '../../../../packages/rehearsal/src/metric-math';
import { synthesizeJudges } from '../../../../scripts/operating-curves/alarms';
import { RollbackAlarmOptions, TrafficShift, TrafficShiftConfig } from '../../../../src';
import { createService, createStack, resourcesOf, synthesizeService } from '../../../helpers';

type Name = 'Ceiling' | 'Judge';

function alarmsOf(template: Template, name: Name): AlarmProperties[] {
  return Object.entries(resourcesOf(template, 'AWS::CloudWatch::Alarm')).filter(([id]) => id.includes(name))
    .map(([, { Properties }]) => Properties as unknown as AlarmProperties);
}

function propertiesOf(
  name: Name, trafficShift: TrafficShift, rollbackAlarms: RollbackAlarmOptions = {},
): AlarmProperties[] {
  return alarmsOf(synthesizeService({ release: { trafficShift, rollbackAlarms } }).template, name);
}

const canary = (percentage: number, interval = 5) => TrafficShift.canary(percentage, Duration.minutes(interval));

function ceilingOf(rollbackAlarms: RollbackAlarmOptions = {}): AlarmModel {
  return new AlarmModel(propertiesOf('Ceiling', TrafficShift.allAtOnce(), rollbackAlarms)[0]);
}

/** The alarms of the shortest, the default, and the longest shift, and of those where the strictness changes. */
const JUDGES = [1, 5, 15, 16, 60, 61, 2880].map((interval) =>
  [interval, new AlarmModel(propertiesOf('Judge', canary(10, interval))[0])] as const);

/** Minutes with the same counts, as requests and errors of the old and of the new release. */
function minutes(
  length: number, [oldRequests, oldErrors, newRequests, newErrors]: [number, number, number, number],
): Counts {
  const times = (value: number) => new Array<number>(length).fill(value);
  return {
    requests: { old: times(oldRequests), new: times(newRequests) },
    errors: { old: times(oldErrors), new: times(newErrors) },
  };
}

function isAlarm(alarm: AlarmModel, counts: Counts, refused = 0): boolean {
  const [one, other] = (['blue', 'green'] as const).map((newColor) =>
    alarm.firstAlarm(valuesOf(alarm, counts, { newColor, refused })) !== undefined);
  expect(one).toBe(other);
  return one;
}

describe('the alarm that compares releases exists', () => {
  test.each<[string, boolean, TrafficShift]>([
    ['a canary shift of 1 percent', true, canary(1)],
    ['a canary shift of 49 percent', true, canary(49)],
    ['a canary shift of 50 percent', false, canary(50)],
    ['a canary shift of 99 percent', false, canary(99)],
    ['a linear shift', false, TrafficShift.linear(10, Duration.minutes(1))],
    ['a shift of all at once', false, TrafficShift.allAtOnce()],
    ['a percentage that synth does not know', false, canary(Lazy.number({ produce: () => 10 }))],
  ])('with %s: %s', (_name, expected, shift) => {
    expect(propertiesOf('Judge', shift)).toHaveLength(expected ? 1 : 0);
    expect(propertiesOf('Ceiling', shift)).toHaveLength(1);
  });

  test('unless it is turned off', () => {
    expect(propertiesOf('Judge', canary(10), { compareReleases: false })).toEqual([]);
  });

  test('and is as strict as for the longest shift if the interval is not known', () => {
    const expressions = (shift: TrafficShift) => propertiesOf('Judge', shift)[0].Metrics?.map(({ Expression }) => Expression);
    const longest = expressions(canary(10, 2880));
    expect(expressions(TrafficShift.canary(10, Duration.minutes(Lazy.number({ produce: () => 5 }))))).toEqual(longest);
    expect(expressions(new OwnShift({ canaryPercentage: 10 }))).toEqual(longest);
    expect(expressions(new OwnShift({ canaryPercentage: 10, canaryInterval: Duration.seconds(30) })))
      .toEqual(expressions(canary(10, 5)));
    expect(propertiesOf('Judge', new OwnShift({}))).toEqual([]);
  });

  class OwnShift extends TrafficShift {
    constructor(private readonly more: Partial<TrafficShiftConfig>) { super(); }

    public bind(): TrafficShiftConfig {
      return { deploymentConfig: codedeploy.EcsDeploymentConfig.ALL_AT_ONCE, ...this.more };
    }
  }
});

test('the interval decides how strict it is', () => {
  const groups = new Map<string, number[]>();
  for (const [interval] of JUDGES) {
    const text = JSON.stringify(propertiesOf('Judge', canary(10, interval))[0].Metrics);
    groups.set(text, [...groups.get(text) ?? [], interval]);
  }
  expect([...groups.values()]).toEqual([[1, 5, 15], [16, 60], [61, 2880]]);
});

describe.each(JUDGES)('the comparison of a shift of %d minutes', (_minutes, judge) => {
  test.each<[string, boolean, [number, number, number, number]]>([
    ['a release that fails as often as the old one', false, [2700, 14, 300, 2]],
    ['a release that fails ten times as often', true, [2700, 14, 300, 15]],
    ['a release that fails less', false, [2700, 270, 300, 3]],
    ['a release that fails always, after one without errors', true, [2700, 0, 300, 300]],
    ['two releases that fail always', false, [2700, 2700, 300, 300]],
    ['two releases without errors', false, [2700, 0, 300, 0]],
    ['too few requests', false, [171, 0, 19, 19]],
    ['just enough requests', true, [180, 0, 20, 20]],
    ['groups of about the same size', false, [520, 0, 480, 480]],
    ['an old release that is the smaller group, because a test listener has more traffic', false, [60, 12, 200, 0]],
    ['a share of a quarter of the percentage', true, [975, 0, 25, 25]],
    ['less than that', false, [976, 0, 24, 24]],
    ['a share of one and a half of the percentage', true, [850, 0, 150, 150]],
    ['more than one and a half of it', false, [849, 0, 151, 151]],
    ['only one group', false, [3000, 1500, 0, 0]],
    ['only the new group', false, [0, 0, 3000, 1500]],
    ['no traffic', false, [0, 0, 0, 0]],
  ])('%s: %s', (_name, expected, counts) => {
    expect(isAlarm(judge, minutes(3, counts))).toBe(expected);
    expect(isAlarm(judge, minutes(1, counts))).toBe(false);
  });

  test('counts failed connections', () => {
    expect(isAlarm(judge, minutes(2, [2700, 14, 300, 15]), 1)).toBe(true);
  });

  test('has the difference in percentage points as its value', () => {
    const values = valuesOf(judge, minutes(2, [2000, 20, 200, 20]), { newColor: 'green' });
    expect([...values].map((value) => Number(value.toFixed(6)))).toEqual([9, 9]);
  });
});

describe('the alarm on all errors', () => {
  const CEILING = ceilingOf();

  test.each<[string, boolean, Counts, number]>([
    ['one percent', false, minutes(3, [3000, 30, 0, 0]), 0],
    ['just below five percent', false, minutes(3, [1000, 49, 0, 0]), 0],
    ['five percent', true, minutes(2, [900, 40, 100, 10]), 0],
    ['five percent in one minute', false, minutes(1, [1000, 50, 0, 0]), 0],
    ['19 errors', false, minutes(3, [20, 19, 0, 0]), 0],
    ['20 errors', true, minutes(3, [20, 20, 0, 0]), 0],
    ['failed connections, which the load balancer answers', true, minutes(2, [1000, 50, 0, 0]), 1],
    ['failed connections, which count once', false, minutes(2, [1000, 49, 0, 0]), 1],
    ['responses of the load balancer to requests that reach a task', true, { ...minutes(2, [1000, 0, 0, 0]), unrouted: [50, 50] }, 0],
    ['responses of the load balancer alone', true, { ...minutes(2, [0, 0, 0, 0]), unrouted: [50, 50] }, 0],
    ['no traffic', false, minutes(3, [0, 0, 0, 0]), 0],
  ])('%s: %s', (_name, expected, counts, refused) => {
    expect(isAlarm(CEILING, counts, refused)).toBe(expected);
  });

  test('follows the rate and the number that are asked for', () => {
    const ceiling = ceilingOf({ errorRateThreshold: 50, minimumErrors: 5 });
    expect(isAlarm(ceiling, minutes(2, [10, 5, 0, 0]))).toBe(true);
    expect(isAlarm(ceiling, minutes(2, [11, 5, 0, 0]))).toBe(false);
    expect(isAlarm(ceiling, minutes(2, [8, 4, 0, 0]))).toBe(false);
  });

  test('has the percentage as its value', () => {
    const read = (counts: Counts) => [...valuesOf(CEILING, counts, { newColor: 'green' })];
    expect(read(minutes(1, [900, 40, 100, 10]))).toEqual([5]);
    expect(read({ ...minutes(1, [10, 0, 0, 0]), unrouted: [40] })).toEqual([100]);
  });

  test('can be a number in one minute, with the same errors', () => {
    const ceiling = ceilingOf({ serverErrorThreshold: 3 });
    expect(isAlarm(ceiling, minutes(1, [1000, 2, 0, 0]))).toBe(false);
    expect(isAlarm(ceiling, minutes(1, [1000, 2, 100, 1]))).toBe(true);
    expect(isAlarm(ceiling, minutes(1, [1000, 2, 0, 0]), 1)).toBe(false);
    expect(isAlarm(ceiling, { ...minutes(1, [1000, 2, 0, 0]), unrouted: [1] })).toBe(true);
  });

  test('takes numbers that only the deployment knows', () => {
    const later = Lazy.number({ produce: () => 30 });
    const stack = createStack();
    createService(stack, { release: { rollbackAlarms: { errorRateThreshold: later, minimumErrors: later } } });
    const [{ Metrics, Threshold }] = alarmsOf(Template.fromStack(stack), 'Ceiling');
    expect(Threshold).toBe(30);
    expect(Metrics?.[0].Expression).toBe('IF(errors >= 30, (100 * errors) / answers, 0)');
  });
});

const EVERY_PERCENTAGE = Array.from({ length: 49 }, (_, index) => index + 1);
const SHORT_INTERVALS = JUDGES.map(([interval]) => interval).filter((interval) => interval <= 60);
const EVERY_JUDGE = synthesizeJudges(EVERY_PERCENTAGE, SHORT_INTERVALS);

test('the alarm of a service is one of those that are tried here', () => {
  const anyGroup = (properties: AlarmProperties) => JSON.stringify(properties.Metrics).replace(/"Service[^"]*"/g, '""');
  const [own] = propertiesOf('Judge', canary(7, 60));
  expect(EVERY_JUDGE.properties.map(anyGroup)).toContain(anyGroup(own));
});

/** `fc.double` draws very small numbers most of the time. */
function fraction(max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 1000 }).map((part) => max * part / 1000);
}

/** A release with steps anywhere within a minute, and traffic of any size. */
const drawn = fc.record({
  requestsPerMinute: fc.integer({ min: 1, max: 12_000 }),
  percentage: fc.constantFrom(...EVERY_PERCENTAGE),
  interval: fc.constantFrom(...SHORT_INTERVALS),
  slowErrors: fc.constantFrom(0, 0.5, 1),
  offset: fraction(0.999),
  /** The time of a rollback after the first step. */
  rollback: fc.option(fraction(64)),
  newRate: fraction(0.01),
  seed: fc.integer(),
  newColor: fc.constantFrom('blue' as const, 'green' as const),
  reportsZero: fc.boolean(),
  refused: fc.constantFrom(0, 0.5, 1),
});

test('the comparison stops no release that repairs an error rate of 10 percent', () => {
  fc.assert(fc.property(drawn, ({ percentage, interval, offset, rollback, seed, slowErrors, ...more }) => {
    const { requestsPerMinute, newRate, ...reporting } = more;
    const judge = EVERY_JUDGE.judge(percentage, interval);
    const first = 1 + offset;
    const last = first + interval;
    const end = rollback === null ? Infinity : first + rollback;
    const steps = [{ at: first, share: percentage / 100 }, { at: last, share: 1 }].filter(({ at }) => at < end);
    const release: Release = {
      minutes: Math.ceil(last) + 4,
      requestsPerMinute,
      steps: [...steps, ...rollback === null ? [] : [{ at: end, share: 0 }]],
      errorRate: { old: 0.1, new: newRate },
      slowErrors,
    };
    const found = judge.firstAlarm(valuesOf(judge, drawReleases([release], new Random(String(seed))), reporting));
    // where a release is rolled back for another reason, the old one can be the smaller group for a moment
    expect(found ?? Infinity).toBeGreaterThanOrEqual(end < last ? Infinity : Math.floor(end));
  }), { numRuns: 1500 });
});

test('slow requests to the old release, which end after the last step, stop no release that repairs it', () => {
  const judge = EVERY_JUDGE.judge(10, 5);
  // the minutes before the last step, of the step, and after it
  const counts: Counts = {
    requests: { old: [900, 337, 25, 0], new: [100, 663, 975, 1000] },
    errors: { old: [90, 30, 25, 0], new: [0, 0, 0, 0] },
  };
  expect(isAlarm(judge, counts)).toBe(false);
});

const side = fc.record({
  requests: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 12_000 })),
  rate: fraction(1),
});
const anyMinute = fc.record({ old: side, new: side, unrouted: fc.integer({ min: 0, max: 30 }) });
const anyMinutes = fc.array(anyMinute, { minLength: 1, maxLength: 8 })
  .map((all): Counts => ({
    requests: { old: all.map((minute) => minute.old.requests), new: all.map((minute) => minute.new.requests) },
    errors: {
      old: all.map((minute) => Math.round(minute.old.requests * minute.old.rate)),
      new: all.map((minute) => Math.round(minute.new.requests * minute.new.rate)),
    },
    unrouted: all.map(({ unrouted }) => unrouted),
  }));
const reportings = fc.record({
  newColor: fc.constantFrom('blue' as const, 'green' as const), reportsZero: fc.boolean(), refused: fc.constantFrom(0, 0.5, 1),
});
const ALL = [...JUDGES.map(([, judge]) => judge), ceilingOf(), ceilingOf({ serverErrorThreshold: 1 })];

test('no alarm depends on what AWS does not document about missing data', () => {
  fc.assert(fc.property(fc.constantFrom(...ALL), anyMinutes, reportings, (alarm, counts, reporting) => {
    const [missing, zero] = (['missing', 'zero'] as const).map((assumption) => valuesOf(alarm, counts, reporting, assumption));
    expect(alarm.breaches(zero)).toEqual(alarm.breaches(missing));
    missing.forEach((value, minute) => {
      const hasRequests = counts.requests.old[minute] + counts.requests.new[minute] > 0;
      if (hasRequests) { expect(value).toBe(zero[minute]); }
    });
  }), { numRuns: 500 });
});

test('no comparison says anything while one group serves alone', () => {
  fc.assert(fc.property(fc.constantFrom(...JUDGES), anyMinutes, reportings, ([, judge], counts, reporting) => {
    const { requests, errors } = counts;
    const none = Array.from(errors.new, () => 0);
    const alone = { requests: { ...requests, new: none }, errors: { ...errors, new: none } };
    const values = valuesOf(judge, alone, reporting);
    expect(values.every((value) => Number.isNaN(value) || value === 0)).toBe(true);
  }));
});
