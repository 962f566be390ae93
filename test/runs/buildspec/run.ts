/**
 * Runs what the template holds: the buildspec as CodeBuild would, and the command of the container that serves until
 * the first release.
 *
 * `aws` and the source of advisories are mocks, since neither an account nor such a source is here. Everything else is
 * real: bash, Python, uv, pip, Poetry, Pipenv, pytest, coverage, bandit, and a Docker engine with a registry of its
 * own, which needs root and some Debian packages. A word as the argument chooses the cases whose names have it.
 */
import { join } from 'path';
import { startAdvisories } from './advisories';
import { BuildSecretCases } from './build-secret-cases';
import { Case } from './case-factory';
import { Cases } from './cases';
import { Expectations } from './expect';
import { Again, DOCKER_HUB, expectDiscretion, Run } from './expectations';
import { InstallingCases } from './installing';
import { OracleCases } from './oracle';
import { PackageIndexes, startIndexes } from './package-indexes';
import { PipenvCases } from './pipenv-cases';
import { checkPlaceholder } from './placeholder';
import { checkReports } from './reports';
import { ServiceCases } from './service-cases';
import { MAX_BUILDSPEC_LENGTH, renderSampleApp } from './template';
import { REGION } from '../../../packages/rehearsal/src/assembly/template';
import { build, BuildChoices, BuildOptions, BuildResult } from '../../../packages/rehearsal/src/build/code-build';
import { findInterpreters, Interpreter, newestOf } from '../../../packages/rehearsal/src/build/pythons';
import { Engine, EngineError, startEngine, stopEngines } from '../../../packages/rehearsal/src/engine/engine';
import { cleanUpOnSignals, createDirectory, removeDirectory } from '../../../packages/rehearsal/src/processes';

/** The runners of CI have two cores, and downloads leave one of three idle. */
const PARALLEL = 3;
const TAIL = 25;

type Interpreters = readonly [Interpreter, ...Interpreter[]];

interface Check {
  readonly name: string;
  readonly run: () => Promise<Outcome>;
}

interface Outcome {
  readonly failures: readonly string[];
  /** What to show when it failed. */
  readonly log?: string;
}

async function main(): Promise<void> {
  // the templates' own check costs seconds and is another script's work
  process.env.CDK_VALIDATION = 'false';
  cleanUpOnSignals(stopEngines);
  const directory = createDirectory();
  try {
    const interpreters = findInterpreters();
    console.log(`Python ${interpreters.map(({ version }) => version).join(', ')}`);
    const started = Date.now();
    const engine = await startEngine({ region: REGION, dockerHub: DOCKER_HUB });
    console.log(`the Docker engine runs after ${((Date.now() - started) / 1000).toFixed(1)} s`);
    const advisories = await startAdvisories();
    const indexes = await startIndexes(join(directory, 'indexes'));
    const [word] = process.argv.slice(2);
    const checks = allChecks(engine, interpreters, directory, advisories.url, indexes)
      .filter(({ name }) => word === undefined || name.includes(word));
    const failed = await runAll(checks);
    console.log(`${checks.length - failed} passed, ${failed} failed`);
    process.exitCode = failed > 0 || checks.length === 0 ? 1 : 0;
  } finally {
    removeDirectory(directory);
    await stopEngines();
  }
}

function allChecks(
  engine: Engine, interpreters: Interpreters, directory: string, advisories: string, indexes: PackageIndexes,
): Check[] {
  const canary = join(directory, 'canary');
  const factories = [ServiceCases, BuildSecretCases, PipenvCases, OracleCases, Cases];
  const cases = [
    ...factories.flatMap((Factory) => new Factory(interpreters, canary, advisories).all()),
    ...new InstallingCases(interpreters, canary, advisories, indexes).all(),
  ];
  const builds = cases.flatMap((one) => one.modes.map((mode) => ({
    name: one.modes.length > 1 ? `${one.name} (${mode})` : one.name,
    run: () => runCase(one, { engine, mode, interpreters, downloads: join(directory, 'downloads') }),
  })));
  return [
    { name: "the sample app's buildspec has a length that CodeBuild takes", run: checkLength },
    { name: 'the placeholder answers every path at once, with the code that is asked for, and ends on SIGTERM', run: () => expecting((expect) => checkPlaceholder(expect, interpreters[0], directory)) },
    { name: 'the audit reports what pip-audit reports, and the bill of materials is valid', run: () => expecting((expect) => checkReports(expect, newestOf(interpreters), directory)) },
    ...builds,
  ];
}

async function checkLength(): Promise<Outcome> {
  return expecting(async (expect) => {
    const { length } = renderSampleApp().text;
    expect.that(length <= MAX_BUILDSPEC_LENGTH, `it has ${length} characters, more than ${MAX_BUILDSPEC_LENGTH}`);
  });
}

/** What stays the same between the builds of one case. */
type Surroundings = Pick<BuildOptions, 'engine' | 'mode' | 'interpreters' | 'downloads'>;

async function runCase(one: Case, surroundings: Surroundings): Promise<Outcome> {
  const directory = createDirectory();
  const shared = { bucketDirectory: join(directory, 'buckets'), cacheDirectory: one.cached ? join(directory, 'cache') : undefined };
  const rendered = one.render();
  const results: BuildResult[] = [];
  const expect = new Expectations();
  const buildOnce = async ({ source, ...choices }: Pick<Case, 'source'> & BuildChoices): Promise<Run> => {
    const place = join(directory, String(results.length));
    const given = typeof source === 'string' ? source : join(place, 'given');
    if (typeof source === 'function') {
      source(given);
    }
    const result = await build({ ...surroundings, ...shared, ...choices, directory: place, source: given, rendered });
    results.push(result);
    const again = (changes: Again = {}) => buildOnce({
      source, ...choices, buildNumber: result.buildNumber + 1, ...changes,
    });
    const run: Run = { expect, result, rendered, engine: surroundings.engine, again };
    expectDiscretion(run);
    return run;
  };
  try {
    await one.check(await buildOnce({ source: one.source, ...one.choices }));
    return { failures: expect.failures, log: results.map(tail).join('\n    |\n') };
  } finally {
    removeDirectory(directory);
  }
}

async function expecting(check: (expect: Expectations) => Promise<void>): Promise<Outcome> {
  const expect = new Expectations();
  await check(expect);
  return { failures: expect.failures };
}

function tail({ output, calls }: BuildResult): string {
  const asked = calls.map(({ tool, args }) => `${tool} ${args.join(' ')}`);
  return [...output.trimEnd().split('\n').slice(-TAIL), ...asked].map((line) => `    | ${line}`).join('\n');
}

/** Some at a time; returns how many failed. */
async function runAll(checks: readonly Check[]): Promise<number> {
  const waiting = [...checks];
  let failed = 0;
  const work = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const started = Date.now();
      const { failures, log } = await check.run()
        .catch((error: Error): Outcome => ({ failures: [error.stack ?? String(error)] }));
      failed += failures.length > 0 ? 1 : 0;
      console.log(`${failures.length > 0 ? 'FAIL' : 'ok  '} ${check.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
      failures.forEach((failure) => console.log(`    ${failure}`));
      if (failures.length > 0 && log) {
        console.log(log);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return failed;
}

main().catch((error: unknown) => {
  console.error(error instanceof EngineError ? error.message : error);
  process.exitCode = 1;
});
