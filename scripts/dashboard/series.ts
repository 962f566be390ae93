import { MetricOptions, MetricWidget } from './body';
import { createNoise, sampleOf } from './sample-data';
import { evaluate, seriesOf as seriesFrom } from '../../packages/rehearsal/src/metric-math/evaluate';
import { parse } from '../../packages/rehearsal/src/metric-math/parse';

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** What the picture shows as the present. */
const NOW = Date.UTC(2025, 0, 15, 12);

export interface Point {
  /** Milliseconds, as of `Date`. */
  readonly time: number;
  readonly value: number | undefined;
}

export interface Series {
  readonly label: string;
  readonly color: string;
  readonly points: Point[];
}

interface Row {
  readonly name: string[];
  readonly options: MetricOptions;
}

/** The lines of a graph, with sample data in the place of what CloudWatch would know. */
export function seriesOf({ properties }: MetricWidget, dashboardStart: string): Series[] {
  const seconds = secondsOf(properties.start ?? dashboardStart);
  const rows = properties.metrics.map(parseRow);
  const inputs = new Map(rows.map((row) => [row.options.id, row]));
  return rows.filter(({ options }) => options.visible !== false).map((row) => {
    const { label, color } = row.options;
    if (label === undefined || color === undefined) {
      throw new Error(`a metric of '${properties.title}' has no label or no color, got ${JSON.stringify(row)}`);
    }
    return { label, color, points: pointsOf(row, seconds, inputs) };
  });
}

/** Such as `-PT3H` and `-P14D`. */
function secondsOf(start: string): number {
  const [, days = 0, hours = 0] = /^-P(?:(\d+)D)?(?:T(\d+)H)?$/.exec(start) ?? [];
  const seconds = Number(days) * DAY + Number(hours) * 60 * MINUTE;
  if (seconds === 0) {
    throw new Error(`the start of a dashboard must be whole days or hours ago, got '${start}'`);
  }
  return seconds;
}

function parseRow(row: (string | MetricOptions)[]): Row {
  const name = row.filter((word) => typeof word === 'string');
  const options = row.find((word) => typeof word !== 'string') ?? {};
  return { name, options };
}

function pointsOf(row: Row, seconds: number, inputs: Map<string | undefined, Row>): Point[] {
  const { expression, period } = row.options;
  if (expression === undefined) { return samplePoints(row, seconds); }
  const times = timesOf(seconds, period);
  const resolve = (id: string) => {
    const input = inputs.get(id);
    if (!input) { throw new Error(`the graph has no metric '${id}', which '${expression}' names`); }
    return seriesFrom(pointsOf(input, seconds, inputs).map(({ value }) => value));
  };
  const values = evaluate(parse(expression), { length: times.length, assumption: 'missing', resolve });
  return times.map((time, index) => ({ time, value: Number.isNaN(values[index]) ? undefined : values[index] }));
}

function timesOf(seconds: number, period = 5 * MINUTE): number[] {
  return Array.from({ length: seconds / period }, (_, index) => NOW - (seconds - index * period) * 1000);
}

function samplePoints({ name, options }: Row, seconds: number): Point[] {
  const { period, stat = 'Average' } = options;
  const [namespace, metricName] = name;
  const sample = sampleOf(`${namespace} ${metricName} ${stat}`);
  const parts = colorsOf(name).map((isGreen) => ({ isGreen, noise: createNoise(`${namespace} ${metricName} ${stat} ${isGreen}`) }));
  return timesOf(seconds, period).map((time) => {
    const ago = (NOW - time) / 1000;
    const moment = { minute: Math.round(-ago / MINUTE), day: Math.round(-ago / DAY) };
    const values = parts.flatMap(({ isGreen, noise }) => sample({ ...moment, isGreen, noise: noise() }) ?? []);
    return { time, value: values.length === 0 ? undefined : values.reduce((sum, value) => sum + value) };
  });
}

/** A metric of the whole load balancer is the sum of both target groups, but what the load balancer counts itself. */
function colorsOf([namespace, metricName, ...dimensions]: string[]): boolean[] {
  const isSum = namespace === 'AWS/ApplicationELB' && !dimensions.includes('TargetGroup') && !metricName.includes('ELB');
  return isSum ? [false, true] : [dimensions.some((dimension) => /Green/.test(dimension))];
}
