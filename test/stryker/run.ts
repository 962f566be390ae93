import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { identityOf, isAlive, Mutant, mutantsOf, rangesOf, Report } from './mutants';
import { AIM, PAGE, pageOf, readJson, REASONS, Reasons, Score, scoreOf, Scores, SCORES, superfluous, tableOf, unexplained } from './page';
import { ROOMS } from './rooms';
import { cleanUpOnSignals, run } from '../buildspec/processes';
import { ROOT } from '../pages';

const CACHE = path.join(ROOT, '.cache', 'stryker');
const CONFIGURATION = path.join(__dirname, 'stryker.config.json');
const HOURS = 3600;

/** One run of Stryker: these places, by these tests. */
async function mutate(name: string, places: string[], tests: string[]): Promise<Mutant[]> {
  const base = path.join(CACHE, name.replace(/\W/g, '-'));
  const report = `${base}.report.json`;
  const configuration = `${base}.config.json`;
  fs.mkdirSync(CACHE, { recursive: true });
  fs.rmSync(report, { force: true });
  fs.writeFileSync(configuration, JSON.stringify({ ...readJson<object>(CONFIGURATION), mutate: places, jsonReporter: { fileName: report } }));
  const { output } = await run({
    file: process.execPath,
    args: [path.join(ROOT, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js'), 'run', configuration],
    cwd: ROOT,
    env: { ...process.env, CDK_VALIDATION: 'false', MUTATION_TESTS: tests.join(',') },
  }, 12 * HOURS);
  if (!fs.existsSync(report)) { throw new Error(`Stryker wrote no report of ${name}:\n${output}`); }
  return mutantsOf(readJson<Report>(report));
}

async function tryRoom(room: string): Promise<Score> {
  const { mutate: places, tests, further } = ROOMS[room];
  const begin = Date.now();
  const first = await mutate(room, places, tests);
  const alive = first.filter(isAlive);
  const second = alive.length > 0 && further.length > 0 ? await mutate(`${room} further`, rangesOf(alive), further) : [];
  const byIdentity = new Map(second.map((mutant) => [identityOf(mutant), mutant]));
  const left = alive.filter((mutant) => isAlive(byIdentity.get(identityOf(mutant)) ?? mutant));
  // what the room's own tests reach is covered, whatever the further ones reach
  const noCoverage = left.filter((mutant) => [mutant, byIdentity.get(identityOf(mutant))].every((each) => (each ?? mutant).status === 'NoCoverage'));
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${os.cpus().length} cores, Node.js ${process.versions.node}`,
    minutes: Math.ceil((Date.now() - begin) / 60_000),
    mutants: first.length,
    killed: first.filter(({ status }) => status === 'Killed').length,
    killedByFurther: alive.length - left.length,
    timedOut: first.filter(({ status }) => status === 'Timeout').length,
    survived: left.length - noCoverage.length,
    noCoverage: noCoverage.length,
    alive: left.map(({ file, line, mutation }) => ({ file, line, mutation })).sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line),
  };
}

function record(room: string, score: Score): Scores {
  const known: Scores = fs.existsSync(SCORES) ? readJson(SCORES) : {};
  const scores = Object.fromEntries(Object.keys(ROOMS).flatMap((name) => {
    const entry = name === room ? score : known[name];
    return entry === undefined ? [] : [[name, entry]];
  }));
  fs.writeFileSync(SCORES, `${JSON.stringify(scores, undefined, 2)}\n`);
  return scores;
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
  const rooms = process.argv.includes('--page') ? [] : roomsOf(process.argv.slice(2));
  let passed = 0;
  for (const room of rooms) {
    const score = await tryRoom(room);
    const scores = record(room, score);
    passed += scoreOf(score) >= AIM ? 1 : 0;
    console.log(tableOf({ [room]: scores[room] }));
  }
  writePage();
  console.log(`${passed} passed, ${rooms.length - passed} failed`);
  process.exitCode = passed === rooms.length ? 0 : 1;
}

cleanUpOnSignals(() => Promise.resolve());
void main();
