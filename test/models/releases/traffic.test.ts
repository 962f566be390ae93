import { drawReleases, Random, valuesOf } from '../../../models/releases';
import { AlarmModel } from '../../../packages/rehearsal/src/metric-math';

describe('random numbers', () => {
  test('are the same for the same seed', () => {
    const draw = (seed: string) => Array.from({ length: 5 }, ((random) => () => random.next())(new Random(seed)));
    expect(draw('one')).toEqual(draw('one'));
    expect(draw('one')).not.toEqual(draw('two'));
    expect(draw('').every((value) => value > 0 && value < 1)).toBe(true);
  });

  test.each([[10, 0.5], [300, 0.1], [3000, 0.005], [12_000, 0.49], [30, 0.999]])('the successes of %d trials with probability %d have the right mean and variance', (count, probability) => {
    const random = new Random('successes');
    const draws = Array.from({ length: 20_000 }, () => random.binomial(count, probability));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    const expected = count * probability * (1 - probability);
    expect(Math.abs(mean - count * probability)).toBeLessThan(5 * Math.sqrt(expected / draws.length));
    expect(variance / expected).toBeGreaterThan(0.9);
    expect(variance / expected).toBeLessThan(1.1);
    expect(draws.every((draw) => draw >= 0 && draw <= count)).toBe(true);
  });

  test('have no choice where nothing or all succeeds', () => {
    const random = new Random('certain');
    expect([random.binomial(0, 0.5), random.binomial(7, 0), random.binomial(7, 1)]).toEqual([0, 0, 7]);
  });
});

test('the traffic shifts within a minute, and each minute has all requests', () => {
  const steps = [{ at: 1.5, share: 0.2 }, { at: 2.25, share: 1 }];
  const { requests, errors } = drawReleases([
    { minutes: 4, requestsPerMinute: 10_000, steps, errorRate: { old: 0, new: 1 } },
    { minutes: 1, requestsPerMinute: 50, steps: [], errorRate: { old: 1, new: 0 } },
  ], new Random('steps'));
  const sums = Array.from(requests.old, (old, minute) => old + requests.new[minute]);
  expect(sums).toEqual([10_000, 10_000, 10_000, 10_000, 50]);
  expect(Array.from(requests.new, (count) => Math.round(count / 500) / 20)).toEqual([0, 0.1, 0.8, 1, 0]);
  expect(errors.new).toEqual(requests.new);
  expect(Array.from(errors.old)).toEqual([0, 0, 0, 0, 50]);
});

test('a metric that a load balancer does not count is refused', () => {
  const alarm = new AlarmModel({
    Namespace: 'AWS/ApplicationELB',
    MetricName: 'Unknown',
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
  });
  const counts = { requests: { old: [1], new: [1] }, errors: { old: [0], new: [0] } };
  expect(() => valuesOf(alarm, counts, { newColor: 'blue' })).toThrow('the model of a load balancer does not count Unknown');
});
