import { Assumption, evaluate, Series } from './evaluate';
import { Node, parse } from './parse';

/** A metric as a template describes it. The values of the dimensions can be references. */
export interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: { readonly Name: string; readonly Value: unknown }[];
}

/** An item of `Metrics` in an alarm. */
export interface MetricDataQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: Metric; readonly Stat: string; readonly Period: number };
  readonly ReturnData?: boolean;
}

/** The properties of `AWS::CloudWatch::Alarm` that the model reads. */
export interface AlarmProperties extends Partial<Metric> {
  readonly Metrics?: MetricDataQuery[];
  /** Of an alarm on one metric. */
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: string;
}

export type State = 'OK' | 'ALARM';

/** The limits of PutMetricAlarm. */
const MAX_METRICS = 10;
const MAX_EXPRESSIONS = 10;

/**
 * CloudWatch reads more data points than the evaluation periods. The documentation says how many only by an example:
 * five for three.
 */
const EXTRA_PERIODS = 2;

const OPERATORS: { readonly [name: string]: (value: number, threshold: number) => boolean } = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

/**
 * An alarm of a template, evaluated as CloudWatch documents it, without any delay.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export class AlarmModel {
  /** The metrics that the alarm reads, by id. */
  public readonly metrics: ReadonlyMap<string, Metric>;

  private readonly expressions: ReadonlyMap<string, Node>;
  private readonly watched: string;
  private readonly isBreaching: (value: number, threshold: number) => boolean;

  constructor(private readonly properties: AlarmProperties) {
    const queries = properties.Metrics ?? [plainQuery(properties)];
    checkLimits(queries);
    this.metrics = new Map(queries.flatMap(({ Id, MetricStat }) => MetricStat ? [[Id, MetricStat.Metric]] : []));
    this.expressions = new Map(queries.flatMap(
      ({ Id, Expression }) => Expression === undefined ? [] : [[Id, parse(Expression)]],
    ));
    this.watched = theOnly(queries.filter(({ ReturnData = true }) => ReturnData).map(({ Id }) => Id), 'item that returns data');
    this.isBreaching = OPERATORS[properties.ComparisonOperator] ?? refuse(`the model does not know ${properties.ComparisonOperator}`);
    if (!['breaching', 'notBreaching'].includes(properties.TreatMissingData ?? '')) {
      refuse(`the model does not know how TreatMissingData: ${properties.TreatMissingData} changes states`);
    }
  }

  /** The values that the alarm watches, from the series of its metrics by id. */
  public values(series: ReadonlyMap<string, Series>, assumption: Assumption = 'missing'): Series {
    const [first] = series.values();
    const done = new Map(series);
    const open = new Set<string>();
    const resolve = (id: string): Series => {
      const known = done.get(id);
      if (known) { return known; }
      const node = this.expressions.get(id) ?? refuse(`no item has the id '${id}'`);
      if (open.has(id)) { refuse(`the expression '${id}' refers to itself`); }
      open.add(id);
      const value = evaluate(node, { length: first.length, assumption, resolve });
      done.set(id, value);
      return value;
    };
    return resolve(this.watched);
  }

  /** Whether each value is beyond the threshold. A missing value is not. */
  public breaches(values: Series): boolean[] {
    return Array.from(values, (value) => this.isBreaching(value, this.properties.Threshold));
  }

  /** The state after each period. */
  public states(values: Series): State[] {
    return Array.from(values, (_, index) => this.stateAt(values, index));
  }

  /** The first period after which the alarm is in ALARM, undefined if there is none. */
  public firstAlarm(values: Series): number | undefined {
    const { Threshold, TreatMissingData } = this.properties;
    const found = values.findIndex((value, index) =>
      // the quick check spares most periods the slow one
      (TreatMissingData === 'breaching' || this.isBreaching(value, Threshold)) && this.stateAt(values, index) === 'ALARM');
    return found < 0 ? undefined : found;
  }

  private stateAt(values: Series, last: number): State {
    const { EvaluationPeriods: periods, DatapointsToAlarm: needed = periods } = this.properties;
    const { Threshold, TreatMissingData } = this.properties;
    let found = 0;
    let breaching = 0;
    for (let index = last; index > last - periods - EXTRA_PERIODS && index >= 0 && found < periods; index--) {
      const value = values[index];
      if (value === value) {
        found += 1;
        breaching += this.isBreaching(value, Threshold) ? 1 : 0;
      }
    }
    const filled = TreatMissingData === 'breaching' ? periods - found : 0;
    return breaching + filled >= needed ? 'ALARM' : 'OK';
  }
}

function plainQuery({ Namespace = '', MetricName = '', Dimensions }: Partial<Metric>): MetricDataQuery {
  return { Id: 'metric', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Stat: '', Period: 0 } };
}

function checkLimits(queries: MetricDataQuery[]): void {
  const metrics = queries.flatMap(({ MetricStat }) => MetricStat ?? []);
  if (metrics.length > MAX_METRICS) { refuse(`an alarm reads at most ${MAX_METRICS} metrics, got ${metrics.length}`); }
  const expressions = queries.length - metrics.length;
  if (expressions > MAX_EXPRESSIONS) { refuse(`an alarm has at most ${MAX_EXPRESSIONS} expressions, got ${expressions}`); }
  theOnly([...new Set(metrics.map(({ Period }) => Period))], 'period');
  queries.forEach(({ Id }) => { if (!/^[a-z]\w*$/.test(Id)) { refuse(`an id starts with a lowercase letter, got '${Id}'`); } });
}

function theOnly<T>(found: T[], what: string): T {
  return found.length === 1 ? found[0] : refuse(`an alarm has one ${what}, got ${found.length}`);
}

function refuse(reason: string): never {
  throw new Error(reason);
}
