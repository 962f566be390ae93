import { Alarms, INTERVALS, PERCENTAGES } from './alarms';
import { breachingMinutes, Cell, Outcome, simulate } from './simulate';
import { AlarmModel } from '../../packages/rehearsal/src/metric-math';

/** A cell with its result. */
export type Result = Cell & Outcome;

/** What is committed. */
export interface OperatingCurves {
  readonly fingerprint: string;
  /** The worst cells of each interval, with releases that are as good as the old ones. */
  readonly falseAlarms: { readonly judge: Result[]; readonly ceiling: Result[] };
  readonly detection: { readonly judge: Result[]; readonly ceiling: Result[] };
  /** The detection by the error rate of the new release. */
  readonly curves: Result[];
}

/** Where false alarms are searched: the traffic, and the error rates of both releases. */
const TRAFFIC = [60, 300, 400, 1000, 3000, 6000, 12_000];
const RATES = [0.001, 0.003, 0.005, 0.01, 0.02];

/** Whole minutes of each cell that are searched, the worst cells that are simulated then, and their releases. */
const SEARCHED_MINUTES = 15_000;
const WORST = 2;
const RUNS: { readonly [interval: number]: number } = { 1: 50_000, 5: 50_000, 15: 50_000, 60: 20_000, 2880: 6000 };

/** Minutes of a long interval that detection looks at. */
const FIRST_MINUTES = 12;
const DETECTION_RUNS = 5000;

const JUDGED = { percentage: 10, runs: DETECTION_RUNS };

/** The old and the new error rate, and the traffic, of releases that the judge has to find. */
const WORSE = [[0.002, 0.1], [0.005, 0.05], [0.005, 0.02]];
const WORSE_TRAFFIC = [60, 120, 300, 1000, 3000, 12_000];

const CURVE_RATES = [0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2];
const CURVE_TRAFFIC = [60, 300, 1000, 3000, 12_000];
const CURVE_RUNS = 2000;

const withStart = (cell: Omit<Cell, 'firstMinutes'>): Cell => cell.interval > FIRST_MINUTES
  ? { ...cell, firstMinutes: FIRST_MINUTES } : cell;

/** The cells of detection. */
export function detectionCells(): { judge: Cell[]; ceiling: Cell[] } {
  const judge = INTERVALS.filter((interval) => interval >= 5).flatMap((interval) => WORSE.flatMap(
    ([oldRate, newRate]) => WORSE_TRAFFIC.map(
      (requestsPerMinute) => withStart({ ...JUDGED, interval, requestsPerMinute, oldRate, newRate }),
    ),
  ));
  const ceiling = [0.07, 0.1, 0.2, 0.5, 1].flatMap((newRate) => WORSE_TRAFFIC.map((requestsPerMinute) =>
    ({ percentage: 100, interval: 5, requestsPerMinute, oldRate: 0.005, newRate, runs: DETECTION_RUNS })));
  return { judge, ceiling };
}

/** The cells of the chart. */
export function curveCells(): Cell[] {
  return [5, 2880].flatMap((interval) => CURVE_TRAFFIC.flatMap((requestsPerMinute) => CURVE_RATES.map((newRate) =>
    withStart({ ...JUDGED, interval, requestsPerMinute, oldRate: 0.005, newRate, runs: CURVE_RUNS }))));
}

type AlarmOf = (percentage: number) => AlarmModel;

/** The cells with the most minutes in which chance misleads the alarm. */
function worstCells(alarmOf: AlarmOf, percentages: number[]): Cell[] {
  const cells = TRAFFIC.flatMap((requestsPerMinute) => RATES.flatMap((rate) => percentages.map((percentage): Cell =>
    ({ requestsPerMinute, percentage, interval: 0, oldRate: rate, newRate: rate, runs: SEARCHED_MINUTES }))));
  return cells
    .map((cell) => ({ cell, share: breachingMinutes(alarmOf(cell.percentage), cell) }))
    .sort((one, other) => other.share - one.share)
    .slice(0, WORST)
    .map(({ cell }) => cell);
}

function falseAlarms(alarmOf: AlarmOf, percentages: number[], intervals: number[]): Result[] {
  const worst = worstCells(alarmOf, percentages);
  return intervals.flatMap((interval) => worst.map((found) => {
    const cell = { ...found, interval, runs: RUNS[interval] };
    return { ...cell, ...simulate(alarmOf(cell.percentage), cell) };
  }));
}

/** Runs the whole simulation. */
export function simulateAll(alarms: Alarms, report: (progress: string) => void): OperatingCurves {
  const judge = (cell: Cell): Result => ({ ...cell, ...simulate(alarms.judge(cell.percentage, cell.interval), cell) });
  const ceiling = (cell: Cell): Result => ({ ...cell, ...simulate(alarms.ceiling, cell) });
  const step = <T>(name: string, run: () => T): T => {
    const start = Date.now();
    const result = run();
    report(`${name}: ${Math.round((Date.now() - start) / 1000)} s`);
    return result;
  };
  const cells = detectionCells();
  return {
    fingerprint: alarms.fingerprint,
    falseAlarms: {
      // the same strictness for several intervals
      judge: [[1, 5, 15], [60], [2880]].flatMap((intervals) => step(`false alarms of the judge, ${intervals} minutes`,
        () => falseAlarms((percentage) => alarms.judge(percentage, intervals[0]), PERCENTAGES, intervals))),
      ceiling: step('false alarms of the ceiling', () => falseAlarms(() => alarms.ceiling, [100], [2880])),
    },
    detection: {
      judge: step('detection by the judge', () => cells.judge.map(judge)),
      ceiling: step('detection by the ceiling', () => cells.ceiling.map(ceiling)),
    },
    curves: step('curves', () => curveCells().map(judge)),
  };
}
