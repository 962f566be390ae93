/**
 * Compares the library's buildspec, cold and warm, with the usual hand-written one: `npm run bench:build`.
 *
 * Both run as CodeBuild would run them, with a real engine and registry, and on an engine that is as empty as that of a
 * new machine. `aws` and the source of advisories are mocks, as in test/runs/buildspec/run.ts; root and some Debian
 * packages are needed, as there.
 *
 * `--runs N` changes the number of runs (5), `--quick` makes 1 and leaves out the build without audit and bill of
 * materials, `--project WORD` chooses the applications whose names have it, `--json FILE` says where the figures go,
 * `--check` fails when an aim is missed.
 */
import { execFileSync } from 'child_process';
import { existsSync, mkdirSync, statfsSync, writeFileSync } from 'fs';
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem } from 'os';
import { dirname, join } from 'path';
import { parseArgs } from 'util';
import { findProjects, Project } from './build-projects';
import { COLD, reportProject, reportSteps, Runs, USUAL, WARM } from './build-report';
import { Builder, Figures, Surroundings } from './build-run';
import { renderLean, renderOurs, renderUsual } from './build-variants';
import { REPOSITORY } from './compile';
import { REGION } from '../packages/rehearsal/src/assembly/template';
import { findInterpreters } from '../packages/rehearsal/src/build/pythons';
import { Engine, EngineError, startEngine, stopEngines } from '../packages/rehearsal/src/engine/engine';
import { cleanUpOnSignals } from '../packages/rehearsal/src/processes';
import { UV_VERSION } from '../src/ci/private/settings';
import { startAdvisories } from '../test/runs/buildspec/advisories';
import { DOCKER_HUB } from '../test/runs/buildspec/expectations';

interface Options {
  readonly runs: number;
  readonly lean: boolean;
  readonly project: string;
  readonly json: string;
  readonly check: boolean;
}

/** Some builds that belong together, and the variants that they are of. */
type Group = () => Promise<Readonly<Record<string, Figures>>>;

/** What the builds of the heavier application leave, with room to spare. */
const MEMORY_GIB = 8;

const LEAN = 'ours without audit and bill of materials';

function readOptions(): Options {
  const { values } = parseArgs({
    options: { runs: { type: 'string' }, quick: { type: 'boolean' }, project: { type: 'string' }, json: { type: 'string' }, check: { type: 'boolean' } },
  });
  const runs = Number(values.runs ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(runs) || runs < 1) {
    throw new Error(`'--runs' must be a whole number of 1 or more, got ${JSON.stringify(values.runs)}`);
  }
  const json = values.json ?? join(REPOSITORY, '.cache', 'bench-build.json');
  return { runs, lean: !values.quick, project: values.project ?? '', json, check: values.check ?? false };
}

/** What the figures depend on. */
async function describeMachine(engine: Engine): Promise<Readonly<Record<string, string>>> {
  return {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['describe', '--always', '--dirty'], { cwd: REPOSITORY, encoding: 'utf8' }).trim(),
    machine: `${availableParallelism()} of ${cpus().length} cores of ${cpus()[0].model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}`,
    files: `${tmpdir()} (${execFileSync('stat', ['--file-system', '--format', '%T', tmpdir()], { encoding: 'utf8' }).trim()})`,
    load: loadavg().map((load) => load.toFixed(2)).join(', '),
    docker: await engine.docker('version', '--format', '{{.Server.Version}}, client {{.Client.Version}}'),
    uv: UV_VERSION,
    node: process.version,
  };
}

/**
 * All files go to memory where that is large enough: ext4 goes through the inodes that were deleted in the minutes
 * before whenever it makes a file, and between two runs tens of thousands are. A new machine of CodeBuild has deleted
 * none.
 */
function chooseWorkFolder(): void {
  const shared = '/dev/shm';
  if (!process.env.TMPDIR && existsSync(shared)) {
    const { bavail, bsize } = statfsSync(shared);
    if (bavail * bsize >= MEMORY_GIB * 2 ** 30) {
      process.env.TMPDIR = shared;
    }
  }
}

function groupsOf(project: Project, builder: Builder, { lean }: Options, advisories: string): Group[] {
  const [usual, ours, leaner] = [renderUsual(project), renderOurs(project, advisories), renderLean(project)];
  const leanGroup: Group = async () => {
    const { cold, warm } = await builder.coldAndWarm(leaner);
    return { [`${LEAN}, cold`]: cold, [`${LEAN}, warm`]: warm };
  };
  return [
    async () => ({ [USUAL]: await builder.usual(usual) }),
    async () => {
      const { cold, warm } = await builder.coldAndWarm(ours);
      return { [COLD]: cold, [WARM]: warm };
    },
    ...(lean ? [leanGroup] : []),
  ];
}

/** Alternates, and who comes first alternates too: what else the machine does meanwhile then falls on all. */
async function alternate(groups: readonly Group[], rounds: number): Promise<Runs> {
  const runs = new Map<string, Figures[]>();
  for (let round = 0; round < rounds; round++) {
    const first = round % groups.length;
    for (const group of [...groups.slice(first), ...groups.slice(0, first)]) {
      for (const [variant, figures] of Object.entries(await group())) {
        console.log(`  run ${round + 1}: ${variant}: ${figures.seconds.toFixed(1)} s, ${figures.cpu.toFixed(1)} s of the processor (${figures.others.toFixed(2)} cores busy before)`);
        runs.set(variant, [...runs.get(variant) ?? [], figures]);
      }
    }
  }
  return runs;
}

interface Measured {
  readonly project: string;
  readonly python: string;
  /** What the usual build installs with: the one that comes with the interpreter. */
  readonly pip: string;
  readonly runs: Readonly<Record<string, readonly Figures[]>>;
}

async function measure(
  project: Project, surroundings: Surroundings, options: Options, advisories: string,
): Promise<Measured & { readonly missed: string[] }> {
  const { name, interpreter: { version, path } } = project;
  const pip = execFileSync(path, ['-m', 'ensurepip', '--version'], { encoding: 'utf8' }).trim();
  console.log(`\n${name}, Python ${version} with ${pip}`);
  const builder = new Builder(surroundings, project);
  await builder.prepare();
  const runs = await alternate(groupsOf(project, builder, options, advisories), options.runs);
  const { lines, missed } = reportProject(name, runs);
  console.log(`\n${[...lines, ...reportSteps(runs)].join('\n')}`);
  return { project: name, python: version, pip, runs: Object.fromEntries(runs), missed };
}

async function compare(options: Options): Promise<string[]> {
  const interpreters = findInterpreters();
  const projects = findProjects(interpreters).filter(({ name }) => name.includes(options.project));
  if (projects.length === 0) {
    throw new Error(`no application's name has '${options.project}'`);
  }
  const engine = await startEngine({ region: REGION, dockerHub: DOCKER_HUB });
  const advisories = await startAdvisories();
  const machine = await describeMachine(engine);
  Object.entries(machine).forEach(([name, value]) => console.log(`${name}: ${value}`));
  const measured = [];
  for (const project of projects) {
    measured.push(await measure(project, { engine, interpreters }, options, advisories.url));
  }
  const loadAfter = loadavg().map((load) => load.toFixed(2)).join(', ');
  mkdirSync(dirname(options.json), { recursive: true });
  writeFileSync(options.json, `${JSON.stringify({ machine: { ...machine, loadAfter }, projects: measured }, null, 2)}\n`);
  console.log(`\nload after: ${loadAfter}\nall figures: ${options.json}`);
  return measured.flatMap(({ missed }) => missed);
}

async function main(): Promise<void> {
  // the templates' own check costs seconds and is another script's work
  process.env.CDK_VALIDATION = 'false';
  // what this machine's shell sets for Python, such as that it keeps no bytecode, CodeBuild's does not
  Object.keys(process.env).filter((name) => name.startsWith('PYTHON')).forEach((name) => delete process.env[name]);
  cleanUpOnSignals(stopEngines);
  const options = readOptions();
  chooseWorkFolder();
  try {
    const missed = await compare(options);
    console.log(missed.length === 0 ? '\nall aims are met' : `\nover the aims:\n  ${missed.join('\n  ')}`);
    if (options.check && missed.length > 0) {
      process.exitCode = 1;
    }
  } finally {
    await stopEngines();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof EngineError ? error.message : error);
  process.exitCode = 1;
});
