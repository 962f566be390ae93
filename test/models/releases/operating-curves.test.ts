import * as fs from 'fs';
import * as path from 'path';
import { synthesizeAlarms } from '../../../scripts/operating-curves/alarms';
import { OperatingCurves, Result } from '../../../scripts/operating-curves/curves';
import { Cell, simulate } from '../../../scripts/operating-curves/simulate';
import { fillIn } from '../../../scripts/operating-curves/tables';
import { DOCS, ROOT } from '../../docs/pages';

const RUN = 'npx tsx scripts/operating-curves.ts';

const curves = JSON.parse(fs.readFileSync(path.join(ROOT, 'models', 'releases', 'operating-curves.json'), 'utf8')) as OperatingCurves;
const alarms = synthesizeAlarms();

const { falseAlarms, detection } = curves;
const all = [falseAlarms.judge, falseAlarms.ceiling, detection.judge, detection.ceiling, curves.curves].flat();

test(`the committed simulation is of the alarms in the template, else: ${RUN}`, () => {
  expect(curves.fingerprint).toBe(alarms.fingerprint);
});

test('hundreds of thousands of releases were simulated', () => {
  expect(all.reduce((sum, { runs }) => sum + runs, 0)).toBeGreaterThan(500_000);
});

test(`the page has the tables of the simulation, else: ${RUN} --draw`, () => {
  const page = fs.readFileSync(path.join(DOCS, 'rollback-alarms.md'), 'utf8');
  expect(fillIn(page, curves)).toBe(page);
  expect(() => fillIn('no markers', curves)).toThrow("the page has no place for the table 'false-alarms'");
});

describe('simulated again', () => {
  // with little traffic and with much, for the default shift and for the longest
  const short = (results: Result[]) => results.filter(({ interval, requestsPerMinute }) =>
    requestsPerMinute === 300 ? interval === 5 : requestsPerMinute === 3000 && [5, 2880].includes(interval));

  test.each([
    ['detection by the comparison', short(detection.judge), (cell: Cell) => alarms.judge(cell.percentage, cell.interval)],
    ['detection by the limit for all errors', short(detection.ceiling), () => alarms.ceiling],
    ['false alarms', falseAlarms.judge.filter(({ interval }) => interval === 5).slice(0, 1), (cell: Cell) => alarms.judge(cell.percentage, cell.interval)],
  ])('%s is the same', (_name, results, alarmOf) => {
    expect(results.length).toBeGreaterThan(0);
    for (const { stopped, within3, within5, within3Whole, within5Whole, ...cell } of results) {
      expect(simulate(alarmOf(cell), cell)).toEqual({ stopped, within3, within5, within3Whole, within5Whole });
    }
  });
});

describe('the aims', () => {
  test('of 1,000 releases that are as good as the old one, less than one is stopped', () => {
    const worst = [falseAlarms.judge, falseAlarms.ceiling].flat();
    const misled = worst.filter(({ stopped, runs }) => stopped >= runs / 1000);
    expect(misled).toEqual([]);
    expect(new Set(falseAlarms.judge.map(({ interval }) => interval))).toEqual(new Set([1, 5, 15, 60, 2880]));
  });

  const found = (requestsPerMinute: number, oldRate: number, read: (result: Result) => number) => {
    const results = detection.judge
      .filter((one) => one.requestsPerMinute === requestsPerMinute && one.oldRate === oldRate && one.newRate >= 0.05);
    return Object.fromEntries(results.map((one) => [one.interval, read(one) / one.runs]));
  };

  test('at 3,000 requests per minute, 0.5 to 5 % errors are found within three data points', () => {
    const { 2880: longest, ...others } = found(3000, 0.005, ({ within3 }) => within3);
    for (const share of Object.values(others)) { expect(share).toBeGreaterThan(0.99); }
    expect(longest).toBeGreaterThan(0.9);
    // the first data point of the longest shift has to be a whole minute
    expect(found(3000, 0.005, ({ within3Whole }) => within3Whole)[2880]).toBeGreaterThan(0.99);
  });

  test('at 300 requests per minute, 0.2 to 10 % errors are found within five data points of a shift of at most 15 minutes', () => {
    const { 5: usual, 15: longer, 60: hour } = found(300, 0.002, ({ within5 }) => within5);
    expect(usual).toBeGreaterThan(0.8);
    expect(longer).toBeGreaterThan(0.8);
    expect(hour).toBeLessThan(0.8);
  });
});
