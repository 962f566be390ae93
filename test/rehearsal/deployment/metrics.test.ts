import { AlarmDescription } from '../../../packages/rehearsal/src/assembly/model';
import { AlarmWatch } from '../../../packages/rehearsal/src/load/alarm-watch';
import { failureOf, RequestRecord } from '../../../packages/rehearsal/src/load/requests';
import { percentile, samplesOf } from '../../../packages/rehearsal/src/load/samples';
import { HostCounts, statistic, TargetMetrics } from '../../../packages/rehearsal/src/load/target-metrics';
import { errorAlarm, targetGroup } from '../../runs/rehearsal/sample-service';

const NO_HOSTS: HostCounts = { blue: { healthy: 0, unhealthy: 0 }, green: { healthy: 0, unhealthy: 0 } };
const NO_ANSWERS = { blue: 0, green: 0, nobody: 0 };
const NO_FAILURES = { application: 0, loadBalancer: 0, connection: 0, timeout: 0 };
const TARGET_GROUPS = { blue: targetGroup('BlueGroup'), green: targetGroup('GreenGroup') };

function answer(time: number, color: RequestRecord['color'], status = 200, latency = 10): RequestRecord {
  return { time, latency, color, group: color, status, failure: failureOf(status, color) };
}

describe('samples', () => {
  const records = [
    answer(0, 'blue'), answer(0.5, 'green', 500, 30), answer(0.9, undefined, 502, 20),
    { time: 1, latency: 1, failure: 'connection' as const, error: 'ECONNRESET' }, { time: 1.5, latency: 10_000, failure: 'timeout' as const },
  ];

  test('count answers by color and failures by kind, in the interval in which a request began', () => {
    expect(samplesOf(records, { from: 0, to: 3, seconds: 1 })).toEqual([
      {
        time: 0,
        seconds: 1,
        answers: { blue: 1, green: 1, nobody: 1 },
        failures: { ...NO_FAILURES, application: 1, loadBalancer: 1 },
        latency: { median: 20, p99: 30, most: 30 },
      },
      { time: 1, seconds: 1, answers: NO_ANSWERS, failures: { ...NO_FAILURES, connection: 1, timeout: 1 } },
      { time: 2, seconds: 1, answers: NO_ANSWERS, failures: NO_FAILURES },
    ]);
  });

  test('leave out what began before or after', () => {
    const [sample, ...others] = samplesOf(records, { from: 0.4, to: 0.8, seconds: 0.4 });
    expect(others).toEqual([]);
    expect(sample.answers).toEqual({ blue: 0, green: 1, nobody: 0 });
  });

  test('have percentiles that are values', () => {
    const sorted = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([50, 99, 100, 0].map((percent) => percentile(sorted, percent))).toEqual([50, 99, 100, 1]);
  });
});

describe('metrics', () => {
  function metrics(): TargetMetrics {
    const target = new TargetMetrics(3);
    [
      answer(0, 'blue'), answer(1, 'green', 503), answer(2, undefined, 503), answer(2.5, 'green', 404),
      // no connection to the chosen target
      { ...answer(2.6, undefined, 503), group: 'green' as const },
      // ends in the second period
      answer(2.995, 'blue', 200, 1000),
      { time: 4, latency: 1, failure: 'connection' as const },
    ].forEach((record) => target.addRequest(record));
    return target;
  }

  test.each([
    ['RequestCount', undefined, [4, 1]],
    ['RequestCount', 'blue', [1, 1]],
    ['RequestCount', 'green', [3, undefined]],
    ['HTTPCode_Target_5XX_Count', undefined, [1, undefined]],
    ['HTTPCode_Target_5XX_Count', 'blue', [undefined, undefined]],
    ['HTTPCode_Target_4XX_Count', 'green', [1, undefined]],
    ['HTTPCode_ELB_5XX_Count', undefined, [2, 1]],
    ['TargetConnectionErrorCount', undefined, [1, undefined]],
    ['TargetConnectionErrorCount', 'green', [1, undefined]],
    ['ProcessedBytes', undefined, [undefined, undefined]],
  ] as const)('%s of %s counts in the period in which a request ended', (metric, color, wanted) => {
    expect(metrics().points({ metric, stat: 'Sum', color }, 6.1)).toEqual(wanted);
  });

  test('the response time is in seconds', () => {
    expect(metrics().points({ metric: 'TargetResponseTime', stat: 'Maximum', color: 'blue' }, 6)).toEqual([0.01, 1]);
  });

  test('a period that has not ended has no data point', () => {
    expect(metrics().points({ metric: 'RequestCount', stat: 'Sum' }, 5.9)).toHaveLength(1);
  });

  test('hosts are counted only while there are targets', () => {
    const target = new TargetMetrics(3);
    target.addHosts(0, NO_HOSTS);
    target.addHosts(1, { ...NO_HOSTS, green: { healthy: 1, unhealthy: 1 } });
    target.addHosts(2, { ...NO_HOSTS, green: { healthy: 2, unhealthy: 0 } });
    const points = (metric: string, stat: string, color?: 'blue' | 'green') => target.points({ metric, stat, color }, 3);
    expect(points('UnHealthyHostCount', 'Maximum', 'green')).toEqual([1]);
    expect(points('HealthyHostCount', 'Minimum', 'green')).toEqual([1]);
    expect(points('UnHealthyHostCount', 'Maximum', 'blue')).toEqual([undefined]);
    expect(points('HealthyHostCount', 'Average')).toEqual([1.5]);
  });

  test.each([
    ['Sum', 10], ['Average', 2.5], ['Minimum', 1], ['Maximum', 4], ['SampleCount', 4], ['p50', 2], ['p99.9', 4],
  ])('the statistic %s is %d', (name, wanted) => {
    expect(statistic(name, [4, 1, 3, 2])).toBe(wanted);
    expect(statistic(name, [])).toBeUndefined();
  });
});

describe('the watch', () => {
  let now = 0;
  const changes: string[] = [];

  function watch(alarms: readonly AlarmDescription[], hosts = NO_HOSTS): AlarmWatch {
    now = 0;
    changes.length = 0;
    return new AlarmWatch({
      alarms, targetGroups: TARGET_GROUPS, speed: 20, now: () => now, hostCounts: () => hosts, onChange: (alarm, state) => changes.push(`${now} ${alarm}: ${state}`),
    });
  }

  function metricAlarm(more: Partial<AlarmDescription['properties']> = {}): AlarmDescription {
    return {
      name: 'plain',
      period: 60,
      properties: {
        Namespace: 'AWS/ApplicationELB',
        MetricName: 'UnHealthyHostCount',
        Statistic: 'Maximum',
        Dimensions: [{ Name: 'TargetGroup', Value: 'targetgroup/GreenGroup/0' }],
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        EvaluationPeriods: 2,
        TreatMissingData: 'notBreaching',
        ...more,
      },
    };
  }

  test('finds errors of one target group after two of its periods, and their end', () => {
    const model = watch([errorAlarm('BlueGroup'), errorAlarm('GreenGroup')]);
    const second = (count: number, status: number) => {
      for (let index = 0; index < count; index++, now += 1) {
        model.add(answer(now, 'green', status));
        model.add(answer(now, 'blue'));
        model.tick();
      }
    };
    second(6, 500);
    expect([...model.inAlarm]).toEqual([]);
    second(12, 200);
    expect(changes).toEqual(['6 errors in GreenGroup: ALARM', '12 errors in GreenGroup: OK']);
  });

  test('reads the health of the targets', () => {
    const model = watch([metricAlarm()], { ...NO_HOSTS, green: { healthy: 0, unhealthy: 2 } });
    for (; now < 7; now += 1) { model.tick(); }
    expect([...model.inAlarm]).toEqual(['plain']);
  });

  test('does not take what is missing at the start of the rehearsal for a breach', () => {
    const model = watch([metricAlarm({ TreatMissingData: 'breaching' })]);
    now = 4;
    model.start();
    model.stop();
    for (; now < 12; now += 1) { model.tick(); }
    expect(changes).toEqual([]);
    model.tick();
    expect(changes).toEqual(['12 plain: ALARM']);
  });

  test.each<[string, Partial<AlarmDescription['properties']>]>([
    ['a rehearsal has no metrics of AWS/ECS', { Namespace: 'AWS/ECS' }],
    ['no target group has the name targetgroup/Other/0', { Dimensions: [{ Name: 'TargetGroup', Value: 'targetgroup/Other/0' }] }],
    ['the model does not compute the statistic TM(10%:90%)', { Statistic: undefined, ExtendedStatistic: 'TM(10%:90%)' }],
    ['the model does not know how TreatMissingData: ignore changes states', { TreatMissingData: 'ignore' }],
  ])('skips an alarm that it cannot evaluate: %s', (why, more) => {
    const model = watch([metricAlarm(more)]);
    expect(model.skipped).toEqual([{ what: 'the alarm plain', why }]);
  });
});
