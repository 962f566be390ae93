import { drawReleases, Random, Release, valuesOf } from '../../models/releases';
import { AlarmModel } from '../../packages/rehearsal/src/metric-math';

/** Releases that differ by chance only. */
export interface Cell {
  readonly requestsPerMinute: number;
  /** The percentage of the first step, 100 for all at once. */
  readonly percentage: number;
  /** The minutes between both steps. */
  readonly interval: number;
  /** Probabilities that a request fails. */
  readonly oldRate: number;
  readonly newRate: number;
  readonly runs: number;
  /** Simulates only the first minutes of a long interval. */
  readonly firstMinutes?: number;
}

/** The number of stopped releases. */
export interface Outcome {
  readonly stopped: number;
  /** Within a number of data points, the first of which is the minute of the first step. */
  readonly within3: number;
  readonly within5: number;
  /** Within a number of data points, the first of which is the first whole minute of the shift. */
  readonly within3Whole: number;
  readonly within5Whole: number;
}

/** The minutes before the first step, and after the last one. */
const BEFORE = 1;
const AFTER = 3;

/** The minutes that are evaluated together. */
const BATCH = 30_000;

function randomOf(cell: Cell, kind: string): Random {
  return new Random(`${kind} ${JSON.stringify(cell)}`);
}

/** Simulates the releases of a cell. The step can be anywhere within its minute. */
export function simulate(alarm: AlarmModel, cell: Cell): Outcome {
  const { requestsPerMinute, percentage, interval, oldRate, newRate, runs, firstMinutes = interval } = cell;
  const random = randomOf(cell, 'releases');
  const minutes = BEFORE + firstMinutes + AFTER;
  const outcome = { stopped: 0, within3: 0, within5: 0, within3Whole: 0, within5Whole: 0 };
  const batch = Math.max(1, Math.floor(BATCH / minutes));
  for (let done = 0; done < runs; done += batch) {
    const releases = Array.from({ length: Math.min(batch, runs - done) }, (): Release => {
      const at = BEFORE + random.next();
      return {
        minutes,
        requestsPerMinute,
        steps: [{ at, share: percentage / 100 }, { at: at + interval, share: 1 }],
        errorRate: { old: oldRate, new: newRate },
      };
    });
    const values = valuesOf(alarm, drawReleases(releases, random), { newColor: 'green' });
    releases.forEach((_, index) => {
      const found = alarm.firstAlarm(values.subarray(index * minutes, (index + 1) * minutes));
      if (found !== undefined) { count(outcome, found - BEFORE + 1); }
    });
  }
  return outcome;
}

function count(outcome: { -readonly [name in keyof Outcome]: number }, points: number): void {
  outcome.stopped += 1;
  outcome.within3 += points <= 3 ? 1 : 0;
  outcome.within5 += points <= 5 ? 1 : 0;
  outcome.within3Whole += points <= 4 ? 1 : 0;
  outcome.within5Whole += points <= 6 ? 1 : 0;
}

/** The share of the whole minutes between both steps whose value is beyond the threshold. */
export function breachingMinutes(alarm: AlarmModel, { runs: minutes, ...cell }: Cell): number {
  const release: Release = {
    minutes,
    requestsPerMinute: cell.requestsPerMinute,
    steps: [{ at: 0, share: cell.percentage / 100 }],
    errorRate: { old: cell.oldRate, new: cell.newRate },
  };
  const values = valuesOf(alarm, drawReleases([release], randomOf({ ...cell, runs: minutes }, 'minutes')), { newColor: 'green' });
  return alarm.breaches(values).filter((isBreaching) => isBreaching).length / minutes;
}
