import { RequestRecord } from './requests';
import { percentile } from './samples';
import { Color } from '../assembly/model';

/** The targets of each group at one moment, without those in their initial state and those that drain. */
export type HostCounts = Readonly<Record<Color, { readonly healthy: number; readonly unhealthy: number }>>;

/** The values of a metric of one period. */
export type Values = readonly number[];

const COUNTS: Readonly<Record<string, (record: RequestRecord) => boolean>> = {
  // only requests for which there was a target
  RequestCount: ({ group }) => group !== undefined,
  // HAProxy answers 503 where an Application Load Balancer answers 502
  TargetConnectionErrorCount: ({ failure, status, group }) => failure === 'loadBalancer' && status === 503 && !!group,
  HTTPCode_Target_2XX_Count: (record) => isTarget(record, 2),
  HTTPCode_Target_3XX_Count: (record) => isTarget(record, 3),
  HTTPCode_Target_4XX_Count: (record) => isTarget(record, 4),
  HTTPCode_Target_5XX_Count: (record) => isTarget(record, 5),
  // HAProxy closes a kept connection where an Application Load Balancer answers 502
  HTTPCode_ELB_5XX_Count: ({ failure }) => failure === 'loadBalancer' || failure === 'connection',
};

function isTarget({ status = 0, color }: RequestRecord, hundreds: number): boolean {
  return color !== undefined && Math.floor(status / 100) === hundreds;
}

/** A metric with a statistic, of one target group or of the load balancer. */
export interface MetricChoice {
  readonly metric: string;
  readonly stat: string;
  readonly color?: Color;
}

/** What happened in one period. */
interface Period {
  readonly requests: RequestRecord[];
  readonly hosts: HostCounts[];
}

/** The metrics of an Application Load Balancer, made from requests and health checks. */
export class TargetMetrics {
  private readonly periods: Period[] = [];
  /** A period that has ended does not change any more. */
  private readonly known = new Map<string, (number | undefined)[]>();

  /** @param seconds the length of a period, in real seconds */
  constructor(public readonly seconds: number) {}

  /** Adds a request to the period in which it ended. */
  public addRequest(record: RequestRecord): void {
    this.periodAt(record.time + record.latency / 1000).requests.push(record);
  }

  /** Adds the numbers of healthy and unhealthy targets at a time. */
  public addHosts(time: number, counts: HostCounts): void {
    this.periodAt(time).hosts.push(counts);
  }

  /** The data points of the periods that have ended, where undefined is a missing one. */
  public points({ metric, stat, color }: MetricChoice, until: number): readonly (number | undefined)[] {
    const count = Math.floor(until / this.seconds + 1e-9);
    const key = [metric, stat, color].join(' ');
    const known = this.known.get(key) ?? [];
    this.known.set(key, known);
    while (known.length < count) {
      known.push(statistic(stat, this.valuesIn(known.length, metric, color)));
    }
    return known.slice(0, count);
  }

  private valuesIn(index: number, metric: string, color: Color | undefined): Values {
    const { requests, hosts } = this.periods.at(index) ?? { requests: [], hosts: [] };
    const own = color === undefined ? requests : requests.filter((record) => record.group === color);
    switch (metric) {
      case 'HealthyHostCount': return hostsOf(hosts, color, 'healthy');
      case 'UnHealthyHostCount': return hostsOf(hosts, color, 'unhealthy');
      case 'TargetResponseTime': return own.filter((record) => record.color !== undefined).map(({ latency }) => latency / 1000);
      default: return COUNTS[metric] ? own.filter(COUNTS[metric]).map(() => 1) : [];
    }
  }

  private periodAt(time: number): Period {
    const index = Math.max(Math.floor(time / this.seconds), 0);
    while (this.periods.length <= index) {
      this.periods.push({ requests: [], hosts: [] });
    }
    return this.periods[index];
  }
}

/** Without targets there is no data point. */
function hostsOf(hosts: readonly HostCounts[], color: Color | undefined, which: 'healthy' | 'unhealthy'): Values {
  const colors: readonly Color[] = color === undefined ? ['blue', 'green'] : [color];
  return hosts.filter((counts) => colors.some((one) => counts[one].healthy + counts[one].unhealthy > 0))
    .map((counts) => colors.reduce((sum, one) => sum + counts[one][which], 0));
}

/** A statistic of CloudWatch over the values of a period; undefined without a value. */
export function statistic(name: string, values: Values): number | undefined {
  if (values.length === 0) { return undefined; }
  const sum = values.reduce((total, value) => total + value, 0);
  switch (name) {
    case 'Sum': return sum;
    case 'Average': return sum / values.length;
    case 'Minimum': return values.reduce((one, other) => Math.min(one, other));
    case 'Maximum': return values.reduce((one, other) => Math.max(one, other));
    case 'SampleCount': return values.length;
    default: return percentileOf(name, values);
  }
}

function percentileOf(name: string, values: Values): number {
  const [, percent] = /^p(\d+(?:\.\d+)?)$/i.exec(name) ?? [];
  if (percent === undefined) { throw new Error(`the model does not compute the statistic ${name}`); }
  return percentile([...values].sort((one, other) => one - other), Number(percent));
}
