import * as fs from 'fs';
import * as path from 'path';
import { Place } from './mutants';
import { DOCS } from '../../docs/pages';

export const PAGE = path.join(DOCS, 'maintainers', 'mutation-score.md');
export const SCORES = path.join(__dirname, 'scores.json');
export const REASONS = path.join(__dirname, 'survivors.json');

/** In percent. */
export const AIM = 90;

/** What a run of one room found. */
export interface Score {
  readonly date: string;
  readonly machine: string;
  readonly minutes: number;
  /** Each n-th ten lines of the files, where not all were tried. */
  readonly sample?: number;
  readonly mutants: number;
  /** By the room's own tests. */
  readonly killed: number;
  /** By further tests, or by better ones that were written since. */
  readonly killedLater: number;
  readonly timedOut: number;
  readonly survived: number;
  readonly noCoverage: number;
  readonly alive: Survivor[];
}

export interface Survivor extends Place {
  /** By a test that did not fail. */
  readonly covered: boolean;
}

export interface Scores { readonly [room: string]: Score }

/** Why a mutation may live, by file and mutation. */
export interface Reasons { readonly [file: string]: { readonly [mutation: string]: string } }

export function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
}

/** Rounded down: 89.99 is not 90. */
export function scoreOf({ mutants, survived, noCoverage }: Score): number {
  return mutants === 0 ? 100 : Math.floor((mutants - survived - noCoverage) / mutants * 1000) / 10;
}

export function tableOf(scores: Scores): string {
  const rooms = Object.entries(scores).map(([room, score]) => rowOf(room, score));
  return [
    '| room | mutants | killed at once | killed later | timed out | survived | no coverage | score | minutes | date |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rooms,
    rowOf('**all**', totalOf(Object.values(scores))),
  ].join('\n');
}

function rowOf(room: string, score: Score): string {
  const { mutants, killed, killedLater, timedOut, survived, noCoverage, minutes, date } = score;
  const tried = score.sample === undefined ? mutants : `${mutants}, of each ${ordinal(score.sample)} ten lines`;
  const cells = [room, tried, killed, killedLater, timedOut, survived, noCoverage, `${scoreOf(score).toFixed(1)} %`, minutes, date];
  return `| ${cells.join(' | ')} |`;
}

function ordinal(count: number): string {
  return ['', 'first', 'second', 'third'][count] ?? `${count}th`;
}

function totalOf(scores: Score[]): Score {
  const sum = (count: (score: Score) => number) => scores.reduce((total, score) => total + count(score), 0);
  return {
    date: '',
    machine: '',
    minutes: sum(({ minutes }) => minutes),
    mutants: sum(({ mutants }) => mutants),
    killed: sum(({ killed }) => killed),
    killedLater: sum(({ killedLater }) => killedLater),
    timedOut: sum(({ timedOut }) => timedOut),
    survived: sum(({ survived }) => survived),
    noCoverage: sum(({ noCoverage }) => noCoverage),
    alive: [],
  };
}

export function pageOf(scores: Scores, reasons: Reasons): string {
  const machines = [...new Set(Object.values(scores).map(({ machine }) => machine))];
  return `# Mutation score

\`npm run mutate\` (\`test/judges/stryker/run.ts\`) writes this page. [Stryker](https://stryker-mutator.io) changes one thing
in \`src\` at a time, and checks whether a test fails. \`npm run mutate -- network platform\` runs only these rooms, and keeps
the rows of the others. A run takes hours, so it is not part of CI.

Machine: ${machines.join('; ')}.

${tableOf(scores)}

- The score is the share of mutants that do not survive. The aim is ${AIM} % per room.
- Each room is tested with its own tests (\`test/judges/stryker/rooms.ts\`). Survivors are tested again with more quick tests:
  bad input, names, and the whole pattern. Mutants that fail then are "killed later". The snapshots of the sample app are not
  used, because they would notice almost any change. Slow tests are not used either.
- \`--survivors\` tests the survivors again with all tests of the room. Mutants that fail then also count as "killed later".
- "Of each 5th ten lines" is a sample, for a room that would take hours. Only every fifth group of ten lines is mutated,
  counted through all files of the room. Before 2026-11-30, groups were counted in each file. A mutant that covers more lines,
  such as a whole function, is not in the sample. \`sample\` in \`test/judges/stryker/rooms.ts\` sets it.
- A room below the aim was tested only once, with its own tests. Its survivors are listed, and no one has examined them yet.
  Rooms without a row were not tested.
- A test file that a mutant prevents from loading counts as failed. Stryker alone leaves such a mutant out.

## Survivors

\`test/judges/stryker/survivors.json\` contains the reason for each survivor, by file and changed line. ⟦a → b⟧ is the change.

${survivorsOf(scores, reasons)}`;
}

function survivorsOf(scores: Scores, reasons: Reasons): string {
  return Object.entries(scores).filter(([, { alive }]) => alive.length > 0).map(([room, { alive }]) => `### ${room}

| Where | Mutation | Why it survives |
|---|---|---|
${alive.map(({ file, line, mutation }) => `| ${file}:${line} | ${codeOf(mutation)} | ${reasons[file]?.[mutation] ?? '**not explained**'} |`).join('\n')}
`).join('\n');
}

function codeOf(text: string): string {
  const cell = text.replace(/\|/g, '\\|');
  return text.includes('`') ? `\`\` ${cell} \`\`` : `\`${cell}\``;
}

export function unexplained(scores: Scores, reasons: Reasons): string[] {
  return Object.values(scores).flatMap(({ alive }) => alive)
    .filter(({ file, mutation }) => !reasons[file]?.[mutation])
    .map(({ file, line, mutation }) => `${file}:${line} ${mutation}`);
}

/** Reasons for what is no survivor, or none any more. */
export function superfluous(scores: Scores, reasons: Reasons): string[] {
  const alive = new Set(Object.values(scores).flatMap((score) => score.alive).map(({ file, mutation }) => `${file} ${mutation}`));
  return Object.entries(reasons).flatMap(([file, byMutation]) => Object.keys(byMutation).map((mutation) => `${file} ${mutation}`))
    .filter((mutation) => !alive.has(mutation));
}
