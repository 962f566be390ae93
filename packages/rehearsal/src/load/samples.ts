import { RequestRecord } from './requests';
import { FailureKind, Sample } from '../report/record';

export interface SampleOptions {
  /** In seconds from the start of the scenario. */
  readonly from: number;
  readonly to: number;
  /** The length of a sample. */
  readonly seconds: number;
}

/** Sums requests up by the time at which they began. */
export function samplesOf(records: readonly RequestRecord[], { from, to, seconds }: SampleOptions): Sample[] {
  const count = Math.max(Math.ceil((to - from) / seconds - 1e-9), 0);
  const groups = Array.from({ length: count }, (): RequestRecord[] => []);
  for (const record of records) {
    groups[Math.floor((record.time - from) / seconds)]?.push(record);
  }
  return groups.map((group, index) => sampleOf(group, from + index * seconds, seconds));
}

function sampleOf(group: readonly RequestRecord[], time: number, seconds: number): Sample {
  const answered = group.filter(({ status }) => status !== undefined);
  const answersOf = (who: RequestRecord['color']) => answered.filter(({ color }) => color === who).length;
  const failuresOf = (kind: FailureKind) => group.filter(({ failure }) => failure === kind).length;
  const latencies = answered.map(({ latency }) => latency).sort((one, other) => one - other);
  return {
    time,
    seconds,
    answers: { blue: answersOf('blue'), green: answersOf('green'), nobody: answersOf(undefined) },
    failures: {
      application: failuresOf('application'),
      loadBalancer: failuresOf('loadBalancer'),
      connection: failuresOf('connection'),
      timeout: failuresOf('timeout'),
    },
    ...(latencies.length > 0 && { latency: latencyOf(latencies) }),
  };
}

function latencyOf(sorted: readonly number[]): Sample['latency'] {
  return { median: percentile(sorted, 50), p99: percentile(sorted, 99), most: sorted[sorted.length - 1] };
}

/** The nearest value at or above a percentage of sorted values. */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(Math.ceil(sorted.length * percent / 100) - 1, 0)];
}
