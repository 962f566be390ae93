#!/usr/bin/env node
import { randomBytes } from 'crypto';
import { existsSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { AssemblyError } from './assembly/errors';
import { loadPipeline } from './assembly/pipeline-model';
import { synthesize } from './assembly/synthesize';
import { REGION } from './assembly/template';
import { findInterpreters } from './build/pythons';
import { ArgumentError, helpText, listText, parseArguments, Progress, renderSummary, RunArguments, showsColors } from './cli';
import { parseEnvironmentFile, Secrets } from './deployment/secrets';
import { EngineError, startEngine, stopEngines } from './engine/engine';
import { cleanUpOnSignals, createDirectory, removeDirectory } from './processes';
import { Rehearsal } from './rehearsal/rehearse';
import { watchStage } from './rehearsal/watch-stage';
import { RehearsalRecord, writeReports } from './report';
import { SCENARIOS } from './scenarios';

/** A mistake of the user: its message is one line that says what to do. */
class UsageError extends Error {}

async function main(): Promise<number> {
  const given = parseArguments(process.argv.slice(2), SCENARIOS);
  switch (given.kind) {
    case 'help': process.stdout.write(helpText()); return 0;
    case 'list': process.stdout.write(listText(SCENARIOS)); return 0;
    case 'version': process.stdout.write(`${version()}\n`); return 0;
    // the private engine ends with its rehearsal, however that ends
    case 'clean': process.stdout.write('A rehearsal leaves nothing behind: its engine ends with it.\n'); return 0;
    default: return runAll(given);
  }
}

async function runAll(given: RunArguments): Promise<number> {
  if (given.build !== 'host') { throw new UsageError("'--build-image' is not available yet; builds run on this machine"); }
  if (!existsSync(join(given.source))) { throw new UsageError(`there is no folder ${given.source}; set --source to the folder of the Python application`); }
  const progress = new Progress({ output: process.stdout });
  const directory = createDirectory();
  cleanUpOnSignals(stopEngines);
  try {
    const record = await rehearse(given, directory, progress);
    const report = writeReports(record, given.report);
    progress.end();
    process.stdout.write(renderSummary(record, { report, colors: showsColors(process.stdout, process.env) }));
    return record.scenarios.every(({ verdict }) => verdict !== 'failed') ? 0 : 1;
  } finally {
    progress.end();
    await stopEngines();
    removeDirectory(directory);
  }
}

async function rehearse(given: RunArguments, directory: string, progress: Progress): Promise<RehearsalRecord> {
  const { from, source, pipeline: name, scenarios, speed, requestsPerSecond, envFile, report } = given;
  progress.update({ phase: 'reading the assembly' });
  const assembly = 'assembly' in from ? from.assembly : await synthesize({ app: from.app, directory: process.cwd(), output: join(directory, 'assembly') });
  const pipeline = loadPipeline(assembly, name);
  const interpreters = findInterpreters();
  progress.update({ phase: 'starting a Docker engine' });
  const engine = await startEngine({ region: REGION, dockerHub: { username: 'rehearsal', password: randomBytes(16).toString('hex') } });
  return new Rehearsal({
    pipeline,
    engine,
    interpreters,
    directory,
    logs: report,
    speed,
    requestsPerSecond,
    source: resolve(source),
    scenarios: SCENARIOS.filter((one) => scenarios.includes(one.name)),
    secrets: envFile === undefined ? new Secrets() : Secrets.fromFile(envFile),
    environment: envFile === undefined ? {} : parseEnvironmentFile(readFileSync(envFile, 'utf8')),
    onScenario: (scenario) => progress.update({ scenario: scenario.name, phase: 'build' }),
    onEvent: ({ text }) => progress.update({ phase: text }),
    onStage: (stage) => watchStage(stage, progress),
  }).run();
}

function version(): string {
  return (JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { readonly version: string }).version;
}

function isForTheUser(error: unknown): error is Error {
  return [ArgumentError, AssemblyError, EngineError, UsageError].some((type) => error instanceof type);
}

main().then(
  (code) => { process.exitCode = code; },
  (error: unknown) => {
    console.error(isForTheUser(error) ? error.message : error);
    process.exitCode = 2;
  },
);
