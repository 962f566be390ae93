import { Duration, Token, Tokenization } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { RollbackAlarmOptions } from '../../rollback-alarms';
import { TargetGroupColor } from '../../target-group-metrics';
import { TrafficShiftConfig } from '../../traffic-shift';
import { CONNECTION_ERRORS, REQUEST_COUNT, SERVER_ERRORS, TargetGroupMetrics } from '../target-group-metrics';

/** The percentage of a canary shift from which on the smaller group is the old release. */
const HALF = 50;

/** The smaller group must have this number of requests in a minute. */
const MINIMUM_REQUESTS = 20;

/**
 * The groups must differ in size by this number of standard deviations of an even split. Otherwise, the smaller group
 * can be the old release by chance, and the alarm would stop the release of a fix.
 */
const SIZE_DEVIATIONS = 4;

/**
 * The share of the smaller group must be near the percentage of the shift: from a quarter of it to one and a half.
 *
 * Otherwise, the smaller group can be the old release: in the minute of the last step, when slow requests to the old
 * release end after it, and when a test listener has more traffic than production.
 */
const SHARES = { least: 0.25, most: 1.5 } as const;

/** The strictness of the comparison. A long shift has more minutes in which chance can mislead. */
interface Strictness {
  /** The longest canary interval, in minutes. */
  readonly upTo: number;
  /** The number of errors of the smaller group that are not counted, because a few errors say nothing. */
  readonly ignoredErrors: number;
  /** The number of standard deviations. */
  readonly deviations: number;
}

/**
 * The values that `scripts/operating-curves.ts` simulates. After a change, run it again.
 *
 * @see docs/rollback-alarms.md
 */
const STRICTNESS: Strictness[] = [
  { upTo: 15, ignoredErrors: 0.8, deviations: 2.65 },
  { upTo: 60, ignoredErrors: 1, deviations: 2.85 },
  { upTo: Infinity, ignoredErrors: 1.25, deviations: 3.9 },
];

/** An alarm on the result of an expression. */
export interface ErrorAlarm {
  readonly metric: cloudwatch.MathExpression;
  readonly threshold: number;
  readonly comparisonOperator: cloudwatch.ComparisonOperator;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm?: number;
}

const TWO_OF_THREE = { evaluationPeriods: 3, datapointsToAlarm: 2 };

type Metrics = { [id: string]: cloudwatch.IMetric };

function expression(text: string, usingMetrics: Metrics, label: string): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({ expression: text, usingMetrics, label, period: Duration.minutes(1) });
}

/**
 * The alarm on the errors of the whole load balancer.
 *
 * A connection that fails is usually also a 5xx response of the load balancer, so the larger of both counts.
 *
 * AWS documents that `+` and `*` treat a missing value as 0, and so does a comparison of two metrics. Other cases are
 * not documented for all functions. `0 * requests` therefore gives each series a value in every minute with requests.
 */
export function ceilingAlarm(metrics: TargetGroupMetrics, options: RollbackAlarmOptions): ErrorAlarm {
  const { serverErrorThreshold, errorRateThreshold = 5, minimumErrors = 20 } = options;
  const requests = metrics.ofLoadBalancer(REQUEST_COUNT.metricName);
  const errors = expression('target5xx + IF(loadBalancer5xx > refused, loadBalancer5xx, refused) + (0 * requests)', {
    requests,
    target5xx: metrics.ofLoadBalancer(SERVER_ERRORS.metricName),
    loadBalancer5xx: metrics.ofLoadBalancer('HTTPCode_ELB_5XX_Count'),
    refused: metrics.ofLoadBalancer(CONNECTION_ERRORS.metricName),
  }, 'errors per minute');
  const comparisonOperator = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;
  if (serverErrorThreshold !== undefined) {
    return { metric: errors, threshold: serverErrorThreshold, comparisonOperator, evaluationPeriods: 1 };
  }
  // without a registered task, the load balancer answers itself and counts no request
  const answers = expression('IF(errors > requests, errors, requests)', { errors, requests }, 'answers');
  const least = Tokenization.stringifyNumber(minimumErrors);
  const metric = expression(`IF(errors >= ${least}, (100 * errors) / answers, 0)`, { errors, answers },
    `error rate in percent, 0 below ${least} errors`);
  return { metric, threshold: errorRateThreshold, comparisonOperator, ...TWO_OF_THREE };
}

/** As strict as for the longest shift if the interval is not known. */
function strictnessFor(interval: Duration | undefined): Strictness {
  const isKnown = interval !== undefined && !interval.isUnresolved();
  const minutes = isKnown ? interval.toMinutes({ integral: false }) : Infinity;
  return STRICTNESS.find(({ upTo }) => minutes <= upTo) as Strictness;
}

/**
 * The alarm that compares the error rate of the smaller target group with that of the larger one, undefined if the
 * smaller group is not known to be the new release. With a token as the percentage, it can be the old one.
 *
 * It is a one-sided test of two proportions. Metric math has no documented square root, so both sides are squared.
 * The value is the difference of the rates in percentage points, and 0 if the difference can be chance.
 */
export function judgeAlarm(
  metrics: TargetGroupMetrics,
  { canaryPercentage: percentage, canaryInterval: interval }: Pick<TrafficShiftConfig, 'canaryPercentage' | 'canaryInterval'>,
): ErrorAlarm | undefined {
  if (percentage === undefined || Token.isUnresolved(percentage) || percentage >= HALF) { return undefined; }
  const { ignoredErrors, deviations } = strictnessFor(interval);
  const requests = expression('blueRequests + greenRequests', {
    blueRequests: metrics.of(TargetGroupColor.BLUE, REQUEST_COUNT),
    greenRequests: metrics.of(TargetGroupColor.GREEN, REQUEST_COUNT),
  }, 'requests');
  // like above, `0 * requests` gives each series a value in every minute with requests
  const groups = Object.values(TargetGroupColor).map((color) => [
    [color, expression(`${color}Requests + (0 * requests)`, {
      requests, [`${color}Requests`]: metrics.of(color, REQUEST_COUNT),
    }, `${color} requests`)],
    [`${color}Errors`, expression(`${color}5xx + ${color}Refused + (0 * requests)`, {
      requests,
      [`${color}5xx`]: metrics.of(color, SERVER_ERRORS),
      [`${color}Refused`]: metrics.of(color, CONNECTION_ERRORS),
    }, `${color} errors`)],
  ]);
  const both = Object.fromEntries(groups.flat()) as Metrics;
  const larger = expression('IF(blue < green, green, blue)', both, 'requests of the larger group');
  const difference = expression('IF(blue < green, 1, -1) * ((blueErrors * green) - (greenErrors * blue))', both, 'difference');
  const excess = expression(`difference - (${ignoredErrors} * larger)`, { difference, larger }, 'excess');
  const errors = expression('blueErrors + greenErrors', both, 'errors');
  return {
    metric: expression(`IF(${[
      `((requests - larger) >= ${MINIMUM_REQUESTS})`,
      `(((blue - green) * (blue - green)) > (${SIZE_DEVIATIONS ** 2} * requests))`,
      `((100 * (requests - larger)) >= (${percentage * SHARES.least} * requests))`,
      `((100 * (requests - larger)) <= (${percentage * SHARES.most} * requests))`,
      '(excess > 0)',
      `((excess * excess * requests) > (${deviations} * ${deviations} * blue * green * errors * (requests - errors)))`,
    ].join(' AND ')}, (100 * difference) / (blue * green), 0)`, { ...both, requests, larger, excess, difference, errors },
    'error rate of the new release minus that of the old one'),
    threshold: 0,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    ...TWO_OF_THREE,
  };
}
