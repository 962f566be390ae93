import { Duration, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { fail, noteDefault, show } from '../../../private/errors';
import { DURATION, KindsOf, NUMBER, requireOptions, STRING } from '../../../private/kinds';
import { isUnknown } from '../../../private/unknown-values';
import { requireDuration, requireForwardSlashes, requireInteger, requirePattern } from '../../../private/validation';
import { HealthCheckOptions } from '../../health-check-options';

/** The health check of both target groups, with its defaults. */
export type HealthCheck = Required<HealthCheckOptions>;

const LIMITS_OF_THE_LOAD_BALANCER = 'the load balancer allows no other value';

const THRESHOLDS = { min: 2, max: 10, remedy: LIMITS_OF_THE_LOAD_BALANCER };

const OPTIONS: KindsOf<HealthCheckOptions> = {
  path: STRING,
  healthyHttpCodes: STRING,
  interval: DURATION,
  timeout: DURATION,
  healthyThresholdCount: NUMBER,
  unhealthyThresholdCount: NUMBER,
};

/** The default status code of a healthy application. */
export const HEALTHY_CODES = '200';

/** Checks the options and fills in the defaults. */
export function resolveHealthCheck(scope: IConstruct, options: HealthCheckOptions = {}): HealthCheck {
  validate(scope, options);
  const check: HealthCheck = {
    path: options.path ?? '/',
    // always in the template, so that the removal of the option takes effect
    healthyHttpCodes: options.healthyHttpCodes ?? HEALTHY_CODES,
    interval: options.interval ?? Duration.seconds(15),
    timeout: options.timeout ?? Duration.seconds(5),
    healthyThresholdCount: options.healthyThresholdCount ?? 5,
    unhealthyThresholdCount: options.unhealthyThresholdCount ?? 2,
  };
  requireTimeoutBelowInterval(scope, check, options);
  return check;
}

/** The time that an application has to answer its first request. */
const STARTUP = 60;

/**
 * The steps of the default grace period, in seconds. With smaller steps, each change of the health check would update
 * the service, which ECS may reject.
 */
const STEP = 300;

/** Checks the grace period if it is set. */
export function validateGracePeriod(scope: IConstruct, gracePeriod: Duration | undefined): void {
  requireDuration(scope, 'healthCheckGracePeriod', gracePeriod, {
    unit: 'seconds', min: 0, max: 2_147_483_647, remedy: 'this is the time that a task has to become healthy',
  });
}

/**
 * The default grace period: the time in which a task becomes healthy, in whole steps.
 */
export function gracePeriodFor({ interval, timeout, healthyThresholdCount }: HealthCheck): Duration {
  if (Token.isUnresolved(healthyThresholdCount) || interval.isUnresolved() || timeout.isUnresolved()) {
    return Duration.seconds(STEP);
  }
  const needed = secondsUntilHealthy({
    interval: interval.toSeconds(), timeout: timeout.toSeconds(), healthyThreshold: healthyThresholdCount,
  });
  return Duration.seconds(Math.ceil(needed / STEP) * STEP);
}

/** The settings that determine when an unhealthy task is healthy again. */
interface CheckInSeconds {
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
}

/**
 * The longest time in seconds until a task is healthy if it answers within a minute, even if the load balancer has
 * marked it unhealthy before.
 *
 * The first successful check starts up to an interval after the first answer, and the last one may take as long as the
 * timeout. `test/model/health-check.ts` contains a model of the load balancer and ECS.
 */
export function secondsUntilHealthy({ interval, timeout, healthyThreshold }: CheckInSeconds): number {
  return STARTUP + healthyThreshold * interval + timeout;
}

/** Fails if a load balancer does not accept the codes. */
export function requireHttpCodes(scope: IConstruct, prop: string, codes: string | undefined): void {
  requirePattern(scope, prop, codes, /^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/, "be status codes from 200 to 499, such as '200-299' or '200,301'");
  const ranges = isUnknown(codes) ? [] : codes?.split(',').map((range) => range.split('-')) ?? [];
  if (ranges.some(([from, to = from]) => from > to)) {
    fail(scope, `'${prop}' must have ranges from the lower to the higher code, got ${show(codes)}; swap the two codes`);
  }
}

function validate(scope: IConstruct, options: HealthCheckOptions): void {
  // TypeScript accepts a variable of CDK's own struct, but blue/green does not allow its port and protocol
  requireOptions(scope, 'healthCheck', options, OPTIONS);
  requireForwardSlashes(scope, 'healthCheck.path', options.path);
  requirePattern(scope, 'healthCheck.path', options.path, /^\/\S*$/, "start with '/' and contain no white space");
  requireHttpCodes(scope, 'healthCheck.healthyHttpCodes', options.healthyHttpCodes);
  requireDuration(scope, 'healthCheck.interval', options.interval, { unit: 'seconds', min: 5, max: 300, remedy: LIMITS_OF_THE_LOAD_BALANCER });
  requireDuration(scope, 'healthCheck.timeout', options.timeout, { unit: 'seconds', min: 2, max: 120, remedy: LIMITS_OF_THE_LOAD_BALANCER });
  requireInteger(scope, 'healthCheck.healthyThresholdCount', options.healthyThresholdCount, THRESHOLDS);
  requireInteger(scope, 'healthCheck.unhealthyThresholdCount', options.unhealthyThresholdCount, THRESHOLDS);
}

/** Runs after the defaults are set, so that a single option is checked against the default of the other one. */
function requireTimeoutBelowInterval(
  scope: IConstruct, { interval, timeout }: HealthCheck, options: HealthCheckOptions,
): void {
  if (interval.isUnresolved() || timeout.isUnresolved()) { return; }
  if (timeout.toSeconds() >= interval.toSeconds()) {
    const got = [
      noteDefault(timeout.toHumanString(), 'healthCheck.timeout', options.timeout),
      noteDefault(interval.toHumanString(), 'healthCheck.interval', options.interval),
    ].join(' and ');
    fail(scope, `'healthCheck.timeout' must be shorter than 'healthCheck.interval', got ${got}; `
      + 'lower the timeout or raise the interval');
  }
}
