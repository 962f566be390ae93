import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { parseArgs } from 'util';
import { identityOf, isAlive, Mutant, mutantsOf, nowAt, rangesOf, Report } from './mutants';
import { AIM, PAGE, pageOf, readJson, REASONS, Reasons, Score, scoreOf, Scores, SCORES, superfluous, tableOf, unexplained } from './page';
import { Room, ROOMS } from './rooms';
import { cleanUpOnSignals, run } from '../../../packages/rehearsal/src/processes';
import { ROOT } from '../../docs/pages';

const CACHE = path.join(ROOT, '.cache', 'stryker');
const CONFIGURATION = path.join(__dirname, 'stryker.config.json');
const HOURS = 3600;

const FLAGS = {
  /** Leaves out the further tests. */
  own: { type: 'boolean' },
  /** Tries only what lived at the last run, after better tests were written. */
  survivors: { type: 'boolean' },
  /** Writes the page anew, after reasons were written. */
  page: { type: 'boolean' },
} as const;

/** One run of Stryker: these places, by these tests. */
async function mutate(name: string, places: string[], tests: string[]): Promise<Mutant[]> {
  const base = path.join(CACHE, name.replace(/\W/g, '-'));
  const report = `${base}.report.json`;
  const configuration = `${base}.config.json`;
  fs.mkdirSync(CACHE, { recursive: true });
  fs.rmSync(report, { force: true });
  fs.writeFileSync(configuration, JSON.stringify({
    ...readJson<object>(CONFIGURATION),
    mutate: places,
    jsonReporter: {
      fileName: report,
    },
  }));
  const { output } = await run({
    file: process.execPath,
    args: [path.join(ROOT, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js'), 'run', configuration],
    cwd: ROOT,
    env: { ...process.env, CDK_VALIDATION: 'false', MUTATION_TESTS: tests.join(',') },
  }, 12 * HOURS);
  if (!fs.existsSync(report)) { throw new Error(`Stryker wrote no report of ${name}:\n${output}`); }
  return mutantsOf(readJson<Report>(report));
}

/** The files, or lines of them: each n-th ten, counted through all files, so that not all are heads of files. */
function placesOf({ mutate: patterns, sample }: Room): string[] {
  if (sample === undefined) { return patterns; }
  const tens = filesOf(patterns).flatMap((file) => {
    const lines = sourceOf(file).split('\n').length;
    return Array.from({ length: Math.ceil(lines / 10) }, (_, index) => `${file}:${index * 10 + 1}-${Math.min(index * 10 + 10, lines)}`);
  });
  return tens.filter((_, index) => index % sample === sample - 1);
}

function sourceOf(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), 'utf8');
}

function filesOf(patterns: string[]): string[] {
  const without = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  return patterns.filter((pattern) => !pattern.startsWith('!')).flatMap((pattern) => {
    const [directory, ...wild] = pattern.split('*');
    if (wild.length === 0) { return [pattern]; }
    const names = fs.readdirSync(path.join(ROOT, directory), { encoding: 'utf8', recursive: pattern.includes('**') });
    return names.filter((name) => name.endsWith('.ts')).map((name) => path.posix.join(directory, name)).filter((name) => !without.includes(name)).sort();
  });
}

/** All mutants by the room's own tests, then what is left by further ones. */
async function tryRoom(room: string, onlyOwn = false): Promise<Score> {
  const { tests, further, sample } = ROOMS[room];
  const begin = Date.now();
  const mutants = await mutate(room, placesOf(ROOMS[room]), tests);
  const count = (status: Mutant['status']) => mutants.filter((mutant) => mutant.status === status).length;
  return again(room, onlyOwn ? [] : further, begin, {
    date: new Date().toISOString().slice(0, 10),
    machine: `${os.cpus().length} cores, Node.js ${process.versions.node}`,
    minutes: 0,
    sample,
    mutants: mutants.length,
    killed: count('Killed'),
    killedLater: 0,
    timedOut: count('Timeout'),
    survived: count('Survived'),
    noCoverage: count('NoCoverage'),
    alive: mutants.filter(isAlive).map(({ file, line, lastLine, mutation, status }) => ({ file, line, lastLine, mutation, covered: status === 'Survived' })),
  });
}

/** What lived, by better tests. */
async function again(room: string, tests: string[], begin: number, known: Score): Promise<Score> {
  const mutants = known.alive.length > 0 && tests.length > 0 ? await mutate(`${room} again`, rangesOf(known.alive, sourceOf), tests) : [];
  const found = new Map(mutants.map((mutant) => [identityOf(mutant), mutant]));
  const alive = known.alive.map((survivor) => ({ ...survivor, found: found.get(identityOf(survivor)) }))
    .filter((survivor) => survivor.found === undefined || isAlive(survivor.found))
    .map(({ found: mutant, ...survivor }) => ({ ...survivor, covered: survivor.covered || mutant?.status === 'Survived' }))
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return {
    ...known,
    minutes: known.minutes + Math.ceil((Date.now() - begin) / 60_000),
    killedLater: known.killedLater + known.alive.length - alive.length,
    survived: alive.filter(({ covered }) => covered).length,
    noCoverage: alive.filter(({ covered }) => !covered).length,
    alive,
  };
}

/** Only what lived at the last run of the room, by all its tests. */
async function tryAgain(room: string): Promise<Score> {
  const { tests, further } = ROOMS[room];
  const known = readJson<Scores>(SCORES)[room];
  const alive = known.alive.flatMap((survivor) => nowAt(survivor, sourceOf(survivor.file)) ?? []);
  const gone = known.alive.length - alive.length;
  return again(room, [...tests, ...further], Date.now(), { ...known, alive, mutants: known.mutants - gone });
}

function record(room: string, score: Score): void {
  const known: Scores = fs.existsSync(SCORES) ? readJson(SCORES) : {};
  const scores = Object.fromEntries(Object.keys(ROOMS).flatMap((name) => {
    const entry = name === room ? score : known[name];
    return entry === undefined ? [] : [[name, entry]];
  }));
  fs.writeFileSync(SCORES, `${JSON.stringify(scores, undefined, 2)}\n`);
}

function roomsOf(names: string[]): string[] {
  const unknown = names.filter((name) => ROOMS[name] === undefined);
  if (unknown.length > 0) { throw new Error(`no such room: ${unknown.join(', ')}; there are ${Object.keys(ROOMS).join(', ')}`); }
  const wanted = names.length > 0 ? names : Object.keys(ROOMS);
  return wanted.filter((room) => fs.existsSync(path.join(ROOT, ROOMS[room].mutate[0].split('*')[0])));
}

function writePage(): void {
  const scores = readJson<Scores>(SCORES);
  const reasons = readJson<Reasons>(REASONS);
  fs.writeFileSync(PAGE, pageOf(scores, reasons));
  unexplained(scores, reasons).forEach((mutation) => console.log(`not explained: ${mutation}`));
  superfluous(scores, reasons).forEach((mutation) => console.log(`lives no longer, its reason can go: ${mutation}`));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: FLAGS });
  const rooms = values.page ? [] : roomsOf(positionals);
  let passed = 0;
  for (const room of rooms) {
    const score = await (values.survivors ? tryAgain(room) : tryRoom(room, values.own));
    record(room, score);
    passed += scoreOf(score) >= AIM ? 1 : 0;
    console.log(tableOf({ [room]: score }));
  }
  writePage();
  console.log(`${passed} passed, ${rooms.length - passed} failed`);
  process.exitCode = passed === rooms.length ? 0 : 1;
}

cleanUpOnSignals(() => Promise.resolve());
void main();
