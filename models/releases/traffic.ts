import { Random } from './random';
import { AlarmModel, Assumption, Metric, Series } from '../../packages/rehearsal/src/metric-math';

/** One of the two releases. */
export type Side = 'old' | 'new';

/** A change of the traffic. */
export interface Step {
  /** Minutes from the start, with a fraction for a step within a minute. */
  readonly at: number;
  /** The share of the new release from then on, 0 to 1. */
  readonly share: number;
}

/** A release, as far as the load balancer counts it. */
export interface Release {
  readonly minutes: number;
  readonly requestsPerMinute: number;
  /** In the order of time. Before the first step, the old release serves everything. */
  readonly steps: Step[];
  /** The probability that a request fails. */
  readonly errorRate: { readonly [side in Side]: number };
  /** The share of the requests with an error that are slow, so that they count in the next minute. */
  readonly slowErrors?: number;
}

/** The requests and errors of each minute. */
export interface Counts {
  readonly requests: { readonly [side in Side]: ArrayLike<number> };
  readonly errors: { readonly [side in Side]: ArrayLike<number> };
  /** The 5xx responses of the load balancer to requests that no task received, which belong to no target group. */
  readonly unrouted?: ArrayLike<number>;
}

/** Draws the requests and errors of releases, one after the other. */
export function drawReleases(releases: Release[], random: Random): Counts {
  const length = releases.reduce((sum, { minutes }) => sum + minutes, 0);
  const pair = () => ({ old: new Float64Array(length), new: new Float64Array(length) });
  const counts = { requests: pair(), errors: pair() };
  let start = 0;
  for (const release of releases) {
    for (let minute = 0; minute < release.minutes; minute++) {
      const requests = drawRequests(release, minute, random);
      for (const side of ['old', 'new'] as const) {
        counts.requests[side][start + minute] = requests[side];
        counts.errors[side][start + minute] = random.binomial(requests[side], release.errorRate[side]);
      }
    }
    delay(counts, start, release);
    start += release.minutes;
  }
  return counts;
}

/** Moves slow requests with an error to the next minute, if the release has one. */
function delay(
  { requests, errors }: { readonly [what in 'requests' | 'errors']: { readonly [side in Side]: Float64Array } },
  start: number, { minutes, slowErrors = 0 }: Release,
): void {
  for (let minute = start + minutes - 2; minute >= start; minute--) {
    for (const side of ['old', 'new'] as const) {
      const slow = Math.round(errors[side][minute] * slowErrors);
      for (const counts of [requests, errors]) {
        counts[side][minute] -= slow;
        counts[side][minute + 1] += slow;
      }
    }
  }
}

function drawRequests(
  { steps, requestsPerMinute }: Release, minute: number, random: Random,
): { [side in Side]: number } {
  let share = 0;
  let from = minute;
  let ofNew = 0;
  let drawn = 0;
  for (const step of [...steps, { at: Infinity, share: 0 }]) {
    const until = Math.min(step.at, minute + 1);
    if (until > from) {
      // all parts of the minute together have the requests of a minute
      const upTo = Math.round((until - minute) * requestsPerMinute);
      ofNew += random.binomial(upTo - drawn, share);
      drawn = upTo;
      from = until;
    }
    if (step.at >= minute + 1) { break; }
    share = step.share;
  }
  return { new: ofNew, old: requestsPerMinute - ofNew };
}

/** How the load balancer reports what it counts. */
export interface Reporting {
  /** The color of the new release. */
  readonly newColor: 'blue' | 'green';
  /** Whether a target group without requests reports a 0, on which the documentation of AWS contradicts itself. */
  readonly reportsZero?: boolean;
  /** The share of the errors that are failed connections instead of 5xx responses. */
  readonly refused?: number;
}

/** The values that an alarm watches during releases. */
export function valuesOf(
  alarm: AlarmModel, counts: Counts, reporting: Reporting, assumption?: Assumption,
): Series {
  const series = [...alarm.metrics].map(([id, metric]) => [id, report(metric, counts, reporting)] as const);
  return alarm.values(new Map(series), assumption);
}

/** AWS reports errors only where there are some. */
function report(
  metric: Metric, { requests, errors, unrouted }: Counts, { newColor, reportsZero = false, refused = 0 }: Reporting,
): Series {
  const color = colorOf(metric);
  const sides: Side[] = color === undefined ? ['old', 'new'] : [color === newColor ? 'new' : 'old'];
  const failed = (value: number) => Math.round(value * refused);
  switch (metric.MetricName) {
    case 'RequestCount': return sumOf(requests, sides, (value) => value, reportsZero);
    case 'HTTPCode_Target_5XX_Count': return sumOf(errors, sides, (value) => value - failed(value));
    // the load balancer responds itself if a connection fails
    case 'TargetConnectionErrorCount': return sumOf(errors, sides, failed);
    case 'HTTPCode_ELB_5XX_Count': {
      const sum = sumOf(errors, sides, failed, true).map((value, index) => value + (unrouted?.[index] ?? 0));
      return sum.map(missingIfZero);
    }
    default: throw new Error(`the model of a load balancer does not count ${metric.MetricName}`);
  }
}

function sumOf(
  counts: Counts['requests'], sides: Side[], part: (value: number) => number, reportsZero = false,
): Series {
  const sum = new Float64Array(counts.old.length);
  for (const side of sides) {
    for (let index = 0; index < sum.length; index++) { sum[index] += part(counts[side][index]); }
  }
  return reportsZero ? sum : sum.map(missingIfZero);
}

function missingIfZero(value: number): number {
  return value === 0 ? NaN : value;
}

/** The color of the target group of a metric, by the reference to it in the template. */
function colorOf({ Dimensions = [] }: Metric): 'blue' | 'green' | undefined {
  const group = Dimensions.find(({ Name }) => Name === 'TargetGroup');
  return group && (/Blue/.test(JSON.stringify(group.Value)) ? 'blue' : 'green');
}
