import type { Figures, Policy, Variant } from './measure';
import { median, slope } from './statistics';

/** What the processes of one subject took, by variant. */
export type Runs = { readonly [variant in Variant]: Figures[] };

/** What growth is measured at: the stacks in one app, and their runs. */
export type Growth = ReadonlyMap<number, Runs>;

/** What the pattern may cost over the hand-written stack. */
const AIMS = { cpuRatio: 1.05, memoryMiB: 5, slopeRatio: 1.1, bend: 1.1 };

/** Lines of a report, and the aims that were missed. */
export interface Report {
  readonly lines: string[];
  readonly missed: string[];
}

interface Row {
  readonly title: string;
  readonly field: keyof Figures;
  readonly digits: number;
  readonly aim?: Aim;
}

interface Aim {
  readonly limit: number;
  readonly text: string;
  readonly of: 'ratio' | 'difference';
}

const ROWS: Row[] = [
  { title: 'CPU time, ms', field: 'cpu', digits: 0, aim: { limit: AIMS.cpuRatio, of: 'ratio', text: `ratio at most ${AIMS.cpuRatio}` } },
  { title: 'wall time, ms', field: 'wall', digits: 0 },
  { title: 'construct time, ms', field: 'construct', digits: 0 },
  { title: 'peak memory, MiB', field: 'memory', digits: 1, aim: { limit: AIMS.memoryMiB, of: 'difference', text: `at most ${AIMS.memoryMiB} MiB more` } },
  { title: 'heap in use, MiB', field: 'heap', digits: 1 },
];

/** Memory is compared by its difference: the aim is one in MiB. */
const MEMORY: (keyof Figures)[] = ['memory', 'heap'];

const WIDTHS = [20, 24, 24, 12, 12];

/**
 * Other work on the machine only adds time, so where it is busy the least of the runs tell more than the medians that
 * the aims go by.
 */
const HEADINGS = ['', 'pattern', 'by hand', 'compared', 'least'];

/** One stack: medians, the range of the runs and their ratio. */
export function reportOneStack(policy: Policy, resources: number, runs: Runs): Report {
  const missed: string[] = [];
  const rows = ROWS.map((row) => {
    const [pattern, handWritten] = [valuesOf(runs.pattern, row), valuesOf(runs['hand-written'], row)];
    const ratio = median(pattern) / median(handWritten);
    const difference = median(pattern) - median(handWritten);
    const verdict = row.aim && judge(`${policy}: ${row.title}`, row.aim.of === 'ratio' ? ratio : difference, row.aim.limit, row.aim.text, missed);
    return columns([
      row.title,
      withRange(pattern, row.digits),
      withRange(handWritten, row.digits),
      MEMORY.includes(row.field) ? signed(difference) : ratio.toFixed(3),
      MEMORY.includes(row.field) ? signed(least(pattern) - least(handWritten)) : ratioOfLeast(pattern, handWritten),
    ], verdict);
  });
  const title = `one stack of ${resources} resources, removal policy ${policy}, ${runs.pattern.length} runs each: median (least to most)`;
  return { lines: [title, columns(HEADINGS), ...rows], missed };
}

/** Several stacks in one app: what one stack more costs, and whether that stays so. */
export function reportGrowth(growth: Growth): Report {
  const missed: string[] = [];
  const rows = [...growth].map(([stacks, runs]) => {
    const [pattern, handWritten] = [cpuOf(runs.pattern), cpuOf(runs['hand-written'])];
    return columns([
      `${stacks} ${stacks === 1 ? 'stack' : 'stacks'}`,
      withRange(pattern, 0),
      withRange(handWritten, 0),
      (median(pattern) / median(handWritten)).toFixed(3),
      ratioOfLeast(pattern, handWritten),
    ], memoryText(runs));
  });
  const [pattern, handWritten] = [pointsOf(growth, 'pattern', median), pointsOf(growth, 'hand-written', median)];
  const ratio = slope(pattern) / slope(handWritten);
  const leastRatio = slope(pointsOf(growth, 'pattern', least)) / slope(pointsOf(growth, 'hand-written', least));
  const [bend, handWrittenBend] = [bendOf(pattern), bendOf(handWritten)];
  const [{ pattern: { length } }] = growth.values();
  return {
    lines: [
      `growth, removal policy destroy, ${length} runs each: CPU time in ms, median (least to most)`,
      columns(HEADINGS, 'peak memory, MiB'),
      ...rows,
      columns(['ms for a stack more', slope(pattern).toFixed(1), slope(handWritten).toFixed(1), ratio.toFixed(3), leastRatio.toFixed(3)],
        judge('growth: slope', ratio, AIMS.slopeRatio, `ratio at most ${AIMS.slopeRatio}`, missed)),
      columns(['late over early', bend.toFixed(3), handWrittenBend.toFixed(3), '', ''],
        judge('growth: linearity', bend, AIMS.bend, `the pattern's at most ${AIMS.bend}`, missed)),
    ],
    missed,
  };
}

/**
 * What one stack more costs between the last two counts, over what it costs from the first to the last but one: 1 is a
 * straight line.
 */
function bendOf(points: [number, number][]): number {
  const [first, lastButOne, last] = [points[0], points[points.length - 2], points[points.length - 1]];
  return slope([lastButOne, last]) / slope([first, lastButOne]);
}

function pointsOf(growth: Growth, variant: Variant, choose: (values: number[]) => number): [number, number][] {
  return [...growth].map(([stacks, runs]) => [stacks, choose(cpuOf(runs[variant]))]);
}

function least(values: number[]): number {
  return Math.min(...values);
}

function ratioOfLeast(pattern: number[], handWritten: number[]): string {
  return (least(pattern) / least(handWritten)).toFixed(3);
}

function signed(mebibytes: number): string {
  return `${mebibytes >= 0 ? '+' : ''}${mebibytes.toFixed(1)} MiB`;
}

function cpuOf(figures: Figures[]): number[] {
  return figures.map(({ cpu }) => cpu);
}

function valuesOf(figures: Figures[], { field }: Row): number[] {
  return figures.map((each) => each[field]);
}

function memoryText(runs: Runs): string {
  const [pattern, handWritten] = [runs.pattern, runs['hand-written']].map((figures) => median(figures.map(({ memory }) => memory)).toFixed(0));
  return `${pattern} / ${handWritten}`;
}

function judge(name: string, value: number, limit: number, aim: string, missed: string[]): string {
  if (value <= limit) { return `ok (${aim})`; }
  missed.push(`${name} is ${value.toFixed(3)}, ${aim}`);
  return `OVER (${aim})`;
}

function withRange(values: number[], digits: number): string {
  return `${median(values).toFixed(digits)} (${least(values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`;
}

function columns(cells: string[], last = ''): string {
  return `  ${cells.map((cell, index) => cell.padEnd(WIDTHS[index])).join('')}${last}`.trimEnd();
}
