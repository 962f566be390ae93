import { RequestRecord } from './requests';
import { HostCounts, MetricChoice, statistic, TargetMetrics } from './target-metrics';
import { AlarmDescription, Color, ServiceModel } from '../assembly/model';
import { AlarmModel, AlarmProperties, Metric, Series, seriesOf, State } from '../metric-math';

export interface AlarmWatchOptions {
  readonly alarms: readonly AlarmDescription[];
  readonly targetGroups: ServiceModel['targetGroups'];
  readonly speed: number;
  /** Seconds since the start of the scenario. */
  readonly now: () => number;
  readonly hostCounts: () => HostCounts;
  /** Is called when an alarm changes its state. */
  readonly onChange?: (alarm: string, state: State) => void;
}

const TICK_MILLISECONDS = 100;
const NAMESPACE = 'AWS/ApplicationELB';

/** An alarm with the metrics of its period. */
interface Watched {
  readonly description: AlarmDescription;
  readonly model: AlarmModel;
  readonly metrics: TargetMetrics;
  /** By the id in the alarm. */
  readonly choices: ReadonlyMap<string, MetricChoice>;
}

/** Evaluates the alarms of the template on the requests of the load and the health of the targets. */
export class AlarmWatch {
  /** The alarms that cannot be evaluated here, and why. */
  public readonly skipped: { readonly what: string; readonly why: string }[] = [];
  /** The names of the alarms in ALARM. */
  public readonly inAlarm = new Set<string>();

  private readonly watched: Watched[] = [];
  private readonly periods = new Map<number, TargetMetrics>();
  private timer?: NodeJS.Timeout;
  private began = 0;
  private readonly evaluated = new Map<Watched, number>();

  constructor(private readonly options: AlarmWatchOptions) {
    for (const description of options.alarms) {
      this.watch(description);
    }
  }

  /** Periods that have begun before are not evaluated, since there was no load yet. */
  public start(): void {
    this.began = this.options.now();
    this.timer = setInterval(() => this.tick(), TICK_MILLISECONDS);
  }

  public stop(): void {
    clearInterval(this.timer);
  }

  /** Takes a request of the load into account. */
  public add(record: RequestRecord): void {
    this.periods.forEach((metrics) => metrics.addRequest(record));
  }

  /** Reads the health of the targets, and evaluates the alarms of which a period has ended. */
  public tick(): void {
    const now = this.options.now();
    this.periods.forEach((metrics) => metrics.addHosts(now, this.options.hostCounts()));
    for (const watched of this.watched) {
      const ended = Math.floor(now / watched.metrics.seconds + 1e-9);
      if (ended > (this.evaluated.get(watched) ?? 0)) {
        this.evaluated.set(watched, ended);
        this.evaluate(watched, now);
      }
    }
  }

  private watch(description: AlarmDescription): void {
    try {
      const model = new AlarmModel(description.properties);
      const metrics = [...model.metrics.values()];
      const unknown = metrics.find(({ Namespace }) => Namespace !== NAMESPACE);
      if (unknown) { throw new Error(`a rehearsal has no metrics of ${unknown.Namespace}`); }
      const choices = [...model.metrics].map(([id, metric]) => [id, this.choiceOf(description, id, metric)] as const);
      this.watched.push({ description, model, metrics: this.metricsOf(description.period), choices: new Map(choices) });
    } catch (error) {
      this.skipped.push({ what: `the alarm ${description.name}`, why: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Alarms of the same period read the same metrics. */
  private metricsOf(period: number): TargetMetrics {
    const metrics = this.periods.get(period) ?? new TargetMetrics(period / this.options.speed);
    this.periods.set(period, metrics);
    return metrics;
  }

  private evaluate({ description: { name, properties }, model, metrics, choices }: Watched, now: number): void {
    const first = Math.ceil(this.began / metrics.seconds - 1e-9);
    const count = Math.floor(now / metrics.seconds + 1e-9) - first;
    // what is missing only because the rehearsal has just begun breaches nothing
    if (count < (properties.TreatMissingData === 'breaching' ? properties.EvaluationPeriods : 1)) { return; }
    const series = new Map<string, Series>();
    choices.forEach((choice, id) => series.set(id, seriesOf(metrics.points(choice, now).slice(first))));
    const state = model.states(model.values(series)).at(-1) ?? 'OK';
    if ((state === 'ALARM') !== this.inAlarm.has(name)) {
      if (state === 'ALARM') { this.inAlarm.add(name); } else { this.inAlarm.delete(name); }
      this.options.onChange?.(name, state);
    }
  }

  private choiceOf({ properties }: AlarmDescription, id: string, metric: Metric): MetricChoice {
    const choice = { metric: metric.MetricName, stat: statisticOf(properties, id), color: this.colorOf(metric) };
    // refuses one that it cannot compute
    statistic(choice.stat, [1]);
    return choice;
  }

  /** The target group of a metric; undefined for one of the load balancer. */
  private colorOf({ Dimensions = [] }: Metric): Color | undefined {
    const dimension = Dimensions.find(({ Name }) => Name === 'TargetGroup');
    if (!dimension) { return undefined; }
    const value = String(dimension.Value);
    const parts = value.split('/');
    const matches = (color: Color) => {
      const { name, logicalId } = this.options.targetGroups[color];
      return [name, logicalId].some((one) => one === value || parts.includes(one));
    };
    const color = (['blue', 'green'] as const).find(matches);
    if (!color) { throw new Error(`no target group has the name ${value}`); }
    return color;
  }
}

function statisticOf(properties: AlarmProperties, id: string): string {
  const query = properties.Metrics?.find(({ Id }) => Id === id);
  return query?.MetricStat?.Stat ?? properties.Statistic ?? properties.ExtendedStatistic ?? 'Sum';
}
