/**
 * Compares the pattern with a stack of the same resources that is written by hand: `npm run bench`.
 *
 * `--runs N` changes the number of runs (7), `--quick` makes 3 without the growth, `--check` fails when an aim is
 * missed.
 */
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { parseArgs } from 'util';
import { compileInto, REPOSITORY } from './compile';
import { differences, Figures, Policy, Runner, Variant } from './measure';
import { Growth, Report, reportGrowth, reportOneStack, Runs } from './report';

interface Options {
  readonly runs: number;
  readonly growth: boolean;
  readonly check: boolean;
}

const POLICIES: Policy[] = ['destroy', 'retain'];
const STACK_COUNTS = [1, 50, 100, 200];
/** A run of the growth takes half a minute for both, and its slope is steadier than one process. */
const GROWTH_RUNS = 3;

function readOptions(): Options {
  const { values } = parseArgs({
    options: { runs: { type: 'string' }, quick: { type: 'boolean' }, check: { type: 'boolean' } },
  });
  const runs = Number(values.runs ?? (values.quick ? 3 : 7));
  if (!Number.isInteger(runs) || runs < 1) {
    throw new Error(`'--runs' must be a whole number of 1 or more, got ${JSON.stringify(values.runs)}`);
  }
  return { runs, growth: !values.quick, check: values.check ?? false };
}

/** What else runs on the machine slows both variants down, but not evenly. */
function warnOfOtherWork(): void {
  const [load] = os.loadavg();
  const processors = os.availableParallelism();
  if (load > processors / 2) {
    console.log(`other work is running (load ${load.toFixed(1)} on ${processors} processors): the ratios are good to some percent only`);
  }
}

/** Without equal resources there is nothing to compare. It also warms up the disk's cache for both. */
function requireSameResources(runner: Runner, policy: Policy): number {
  const [pattern, handWritten] = [runner.takeInventory('pattern', policy), runner.takeInventory('hand-written', policy)];
  const different = differences(pattern, handWritten);
  if (different.length > 0) {
    throw new Error(`the stacks must hold the same resources, but with removal policy ${policy} these counts differ (pattern / by hand):\n  `
      + `${different.join('\n  ')}\nbring bench/hand-written-*.ts up to the pattern`);
  }
  console.log(`removal policy ${policy}: ${pattern.resources} resources of ${Object.keys(pattern.types).length} types in both, `
    + `templates of ${kibibytes(pattern.size)} (pattern) and ${kibibytes(handWritten.size)} KiB (by hand)`);
  return pattern.resources;
}

function kibibytes(characters: number): string {
  return (characters / 1024).toFixed(1);
}

/** Alternates, and who comes first alternates too: what else the machine does meanwhile then falls on both. */
function alternate(rounds: number, measure: (variant: Variant) => Figures): Runs {
  const runs: Runs = { 'pattern': [], 'hand-written': [] };
  for (let round = 0; round < rounds; round++) {
    const order: Variant[] = round % 2 === 0 ? ['pattern', 'hand-written'] : ['hand-written', 'pattern'];
    order.forEach((variant) => runs[variant].push(measure(variant)));
  }
  return runs;
}

function measureGrowth(runner: Runner, rounds: number): Growth {
  return new Map(STACK_COUNTS.map((stacks) => [
    stacks, alternate(rounds, (variant) => runner.measure({ variant, policy: 'destroy', stacks })),
  ]));
}

function print(report: Report): string[] {
  console.log(`\n${report.lines.join('\n')}`);
  return report.missed;
}

function compare(runner: Runner, { runs, growth }: Options): string[] {
  const counts = new Map(POLICIES.map((policy) => [policy, requireSameResources(runner, policy)]));
  const missed = [...counts].flatMap(([policy, resources]) => print(
    reportOneStack(policy, resources, alternate(runs, (variant) => runner.measure({ variant, policy, stacks: 1 }))),
  ));
  return growth ? [...missed, ...print(reportGrowth(measureGrowth(runner, Math.min(runs, GROWTH_RUNS))))] : missed;
}

/** In the repository, since the compiled files find CDK by the folders above them. */
function withWorkFolder<T>(use: (folder: string) => T): T {
  const cache = path.join(REPOSITORY, '.cache');
  fs.mkdirSync(cache, { recursive: true });
  const folder = fs.mkdtempSync(path.join(cache, 'bench-'));
  try {
    return use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function main(): void {
  const options = readOptions();
  warnOfOtherWork();
  const missed = withWorkFolder((folder) => {
    compileInto(folder);
    return compare(new Runner(folder), options);
  });
  console.log(missed.length === 0 ? '\nall aims are met' : `\nover the aims:\n  ${missed.join('\n  ')}`);
  if (options.check && missed.length > 0) {
    process.exitCode = 1;
  }
}

main();
