import { MetricOptions, MetricWidget } from './body';
import { createNoise, sampleOf } from './sample-data';

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
  const { expression } = row.options;
  if (expression === undefined) { return samplePoints(row, seconds); }
  const [, fill, quotient, divisor = 1] = /^(?:FILL\((\w+), 0\)|(\w+) \/ (\d+))$/.exec(expression) ?? [];
  const input = inputs.get(fill ?? quotient);
  if (!input) {
    throw new Error(`the script knows FILL(x, 0) and x / number, got '${expression}'`);
  }
  const missing = fill === undefined ? undefined : 0;
  return samplePoints(input, seconds)
    .map(({ time, value }) => ({ time, value: value === undefined ? missing : value / Number(divisor) }));
}

function samplePoints({ name, options }: Row, seconds: number): Point[] {
  const { period = 5 * MINUTE, stat = 'Average' } = options;
  const [namespace, metricName, ...dimensions] = name;
  const isGreen = dimensions.some((dimension) => /Green/.test(dimension));
  const sample = sampleOf(`${namespace} ${metricName} ${stat}`);
  const noise = createNoise(`${namespace} ${metricName} ${stat} ${isGreen}`);
  return Array.from({ length: seconds / period }, (_, index) => {
    const ago = seconds - index * period;
    return {
      time: NOW - ago * 1000,
      value: sample({ minute: Math.round(-ago / MINUTE), day: Math.round(-ago / DAY), isGreen, noise: noise() }),
    };
  });
}
