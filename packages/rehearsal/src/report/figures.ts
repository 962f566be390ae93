import { FailureKind, RehearsalRecord, Sample, ScenarioRecord } from './record';
import { Color } from '../assembly/model';

/** More points than these do not show more on a screen, and make the file large. */
const MOST_POINTS = 240;

/** A recorded time after this is a mistake: a rehearsal takes minutes. */
const MOST_SECONDS = 10_000_000;

export const FAILURES: Readonly<Record<FailureKind, string>> = {
  application: '5xx of the application',
  loadBalancer: '5xx of the load balancer',
  connection: 'broken connection',
  timeout: 'no answer in time',
};

export const ANSWERS: readonly (Color | 'nobody')[] = ['blue', 'green', 'nobody'];

/** One point of the charts, and one row of the table: one sample, or some that follow each other. */
export interface Point {
  readonly time: number;
  readonly seconds: number;
  readonly answers: Readonly<Record<Color | 'nobody', number>>;
  readonly failures: Readonly<Record<FailureKind, number>>;
  readonly failed: number;
  /** Of several samples: the median of their medians, and the highest of the others. */
  readonly latency?: { readonly median: number; readonly p99: number; readonly most: number };
}

export interface Figures {
  /** Requests that got an answer, or failed without one. */
  readonly requests: number;
  readonly failed: number;
  readonly failures: Readonly<Record<FailureKind, number>>;
  readonly answers: Readonly<Record<Color | 'nobody', number>>;
  readonly latency: Point['latency'];
}

/** Zero or more: a record that was cut off has gaps. */
export function amount(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : 0;
}

/** Seconds from the start, in the range that a chart can show. */
export function timeOf(value: number): number {
  return Math.min(amount(value), MOST_SECONDS);
}

/** By time. */
export function inOrder<T extends { readonly time: number }>(list: readonly T[]): T[] {
  return [...list].sort((one, other) => timeOf(one.time) - timeOf(other.time));
}

/** The samples in the order of time, merged where there are too many. */
export function pointsOf(samples: readonly Sample[], most = MOST_POINTS): Point[] {
  const sorted = inOrder(samples);
  const size = Math.max(1, Math.ceil(sorted.length / most));
  const number = Math.ceil(sorted.length / size);
  return Array.from({ length: number }, (_, index) => merge(sorted.slice(index * size, (index + 1) * size)));
}

function merge(samples: readonly Sample[]): Point {
  const time = timeOf(samples[0].time);
  const end = samples.reduce((latest, sample) => Math.max(latest, timeOf(sample.time) + timeOf(sample.seconds)), 0);
  return { time, seconds: Math.max(end - time, 0.001), ...totals(samples), latency: latencyOf(samples) };
}

function totals(samples: readonly Sample[]): Pick<Figures, 'answers' | 'failures' | 'failed'> {
  const sum = (pick: (sample: Sample) => number) => samples.reduce((total, sample) => total + amount(pick(sample)), 0);
  const failures = {
    application: sum((sample) => sample.failures.application),
    loadBalancer: sum((sample) => sample.failures.loadBalancer),
    connection: sum((sample) => sample.failures.connection),
    timeout: sum((sample) => sample.failures.timeout),
  };
  return {
    answers: {
      blue: sum((sample) => sample.answers.blue),
      green: sum((sample) => sample.answers.green),
      nobody: sum((sample) => sample.answers.nobody),
    },
    failures,
    failed: Object.values(failures).reduce((total, one) => total + one, 0),
  };
}

function latencyOf(samples: readonly Sample[]): Point['latency'] {
  const found = samples.flatMap(({ latency }) => latency ? [latency] : []);
  if (found.length === 0) { return undefined; }
  const medians = found.map(({ median }) => amount(median)).sort((one, other) => one - other);
  return {
    median: medians[Math.floor((medians.length - 1) / 2)],
    p99: found.reduce((highest, { p99 }) => Math.max(highest, amount(p99)), 0),
    most: found.reduce((highest, { most }) => Math.max(highest, amount(most)), 0),
  };
}

/** Requests that broke off count with those that were answered. */
export function figuresOf({ samples }: Pick<ScenarioRecord, 'samples'>): Figures {
  const { answers, failures, failed } = totals(samples);
  const requests = answers.blue + answers.green + answers.nobody + failures.connection + failures.timeout;
  return { requests, failed, failures, answers, latency: latencyOf(samples) };
}

/** From the start to the last thing that was recorded. */
export function secondsOf(scenario: ScenarioRecord): number {
  const ends = [
    scenario.seconds,
    ...scenario.samples.map(({ time, seconds }) => timeOf(time) + timeOf(seconds)),
    ...[...scenario.events, ...scenario.weights, ...scenario.alarms, ...scenario.health].map(({ time }) => time),
  ];
  return Math.max(1, ends.reduce((most, end) => Math.max(most, timeOf(end)), 0));
}

/** Failed if one scenario failed; skipped if none ran. */
export function verdictOf({ scenarios }: Pick<RehearsalRecord, 'scenarios'>): ScenarioRecord['verdict'] {
  if (scenarios.some(({ verdict }) => verdict === 'failed')) { return 'failed'; }
  return scenarios.some(({ verdict }) => verdict === 'passed') ? 'passed' : 'skipped';
}

/** The verdict of the whole rehearsal in one sentence. */
export function conclusionOf({ scenarios }: Pick<RehearsalRecord, 'scenarios'>): string {
  const number = (verdict: ScenarioRecord['verdict']) => scenarios.filter((scenario) => scenario.verdict === verdict).length;
  const [passed, failed, skipped] = [number('passed'), number('failed'), number('skipped')];
  const ran = passed + failed;
  const rest = skipped > 0 ? `; ${skipped} ${skipped === 1 ? 'was' : 'were'} skipped` : '';
  if (ran === 0) { return skipped > 0 ? `No scenario ran${rest}.` : 'No scenario ran.'; }
  if (ran === 1) { return `The scenario ${failed > 0 ? 'did not end' : 'ended'} as required${rest}.`; }
  if (failed > 0) { return `${failed} of ${ran} scenarios did not end as required${rest}.`; }
  return `${ran === 2 ? 'Both' : `All ${ran}`} scenarios ended as required${rest}.`;
}
