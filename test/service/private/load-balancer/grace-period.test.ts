import { Duration, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { HealthCheckOptions } from '../../../../src';
import { gracePeriodFor, resolveHealthCheck, secondsUntilHealthy } from '../../../../src/service/private/load-balancer/health-check';
import { createService, createStack, onlyResource } from '../../../helpers';
import { healthOf, HealthCheckModel, longestStartup, survives } from '../../../model/health-check';

const DEFAULTS: HealthCheckModel = { interval: 15, timeout: 5, healthyThreshold: 5, unhealthyThreshold: 2 };

function optionsOf({ interval, timeout, healthyThreshold, unhealthyThreshold }: HealthCheckModel): HealthCheckOptions {
  return {
    interval: Duration.seconds(interval),
    timeout: Duration.seconds(timeout),
    healthyThresholdCount: healthyThreshold,
    unhealthyThresholdCount: unhealthyThreshold,
  };
}

function graceOf(check: HealthCheckModel): number {
  return gracePeriodFor(resolveHealthCheck(createStack(), optionsOf(check))).toSeconds();
}

const checks: fc.Arbitrary<HealthCheckModel> = fc.integer({ min: 5, max: 300 }).chain((interval) => fc.record({
  interval: fc.constant(interval),
  timeout: fc.integer({ min: 2, max: Math.min(120, interval - 1) }),
  healthyThreshold: fc.integer({ min: 2, max: 10 }),
  unhealthyThreshold: fc.integer({ min: 2, max: 10 }),
}));

describe('the model', () => {
  test('a task that answers before the first check is healthy by one success', () => {
    expect(healthOf(DEFAULTS, { startup: 3, phase: 4, refuses: true, latency: 0 })).toEqual({ healthyFrom: 4 });
  });

  test('a task that misses two checks needs five successes', () => {
    expect(healthOf(DEFAULTS, { startup: 31, phase: 15, refuses: true, latency: 0 }))
      .toEqual({ unhealthyFrom: 30, healthyFrom: 105 });
  });

  test('a check that times out is known to have failed later', () => {
    expect(healthOf(DEFAULTS, { startup: 31, phase: 15, refuses: false, latency: 0 }))
      .toEqual({ unhealthyFrom: 35, healthyFrom: 105 });
  });

  test('with the 60 seconds of the ECS patterns, a task that needs 31 seconds is lost, although it answers', () => {
    expect(survives(DEFAULTS, { startup: 31, phase: 15, refuses: true, latency: 0 }, 60)).toBe(false);
    expect(survives(DEFAULTS, { startup: 29, phase: 15, refuses: true, latency: 0 }, 60)).toBe(true);
  });
});

describe('the default grace period', () => {
  test('is five minutes for the default health check, in which a startup of 226 seconds survives', () => {
    expect(graceOf(DEFAULTS)).toBe(300);
    expect(longestStartup(DEFAULTS, 300)).toBe(226);
    expect(longestStartup(DEFAULTS, 60)).toBeLessThan(30);
  });

  test('is the longest time until a task is healthy that answers within 60 seconds, and no second more', () => {
    fc.assert(fc.property(checks, (check) => {
      const needed = secondsUntilHealthy(check);
      // the second before the answer, the load balancer has just missed it, and each good answer takes its time
      const worst = { startup: 60, phase: 59 % check.interval, refuses: true, latency: check.timeout };
      const { unhealthyFrom, healthyFrom } = healthOf({ ...check, unhealthyThreshold: 1 }, worst);
      expect(unhealthyFrom).toBeDefined();
      // a check starts in whole seconds here, so the last second of the interval is never used
      expect(healthyFrom).toBe(needed - 1);
      expect(survives({ ...check, unhealthyThreshold: 1 }, worst, needed)).toBe(true);
      expect(survives({ ...check, unhealthyThreshold: 1 }, worst, needed - 2)).toBe(false);
    }), { numRuns: 500 });
  });

  test('lets every task survive that answers within 60 seconds, whatever the health check', () => {
    fc.assert(fc.property(
      checks, fc.record({
        startup: fc.integer({ min: 0, max: 60 }), phase: fc.nat(299), refuses: fc.boolean(), latency: fc.nat(120),
      }),
      (check, task) => survives(
        check, {
          ...task,
          phase: task.phase % check.interval,
          latency: Math.min(
            task.latency, check.timeout,
          ),
        }, secondsUntilHealthy(check)),
    ), { numRuns: 2000 });
  });

  test('changes in steps of five minutes, so that most changes of the health check leave the service alone', () => {
    expect([15, 20, 30, 46].map((interval) => graceOf({ ...DEFAULTS, interval }))).toEqual([300, 300, 300, 300]);
    expect([48, 60, 100, 120].map((interval) => graceOf({ ...DEFAULTS, interval }))).toEqual([600, 600, 600, 900]);
  });

  test.each<[string, HealthCheckOptions]>([
    ['an interval', { interval: Duration.seconds(Token.asNumber({ Ref: 'Interval' })) }],
    ['a timeout', { timeout: Duration.seconds(Token.asNumber({ Ref: 'Timeout' })) }],
    ['a threshold', { healthyThresholdCount: Token.asNumber({ Ref: 'Threshold' }) }],
  ])('is five minutes with %s that is known only at deployment', (_what, options) => {
    expect(gracePeriodFor(resolveHealthCheck(createStack(), options)).toSeconds()).toBe(300);
  });
});

test('a grace period of your own reaches the service', () => {
  const stack = createStack();
  createService(stack, { healthCheckGracePeriod: Duration.minutes(20) });
  expect(onlyResource(Template.fromStack(stack), 'AWS::ECS::Service')[1].Properties.HealthCheckGracePeriodSeconds).toBe(1200);
});
