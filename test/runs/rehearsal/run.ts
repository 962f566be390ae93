/**
 * Runs the pattern with the example application through scenarios of the rehearsal, on a private engine.
 *
 * Arguments: names of scenarios, and `--speed N`, `--requests-per-second N`, `--report DIR`.
 */
import { parseArgs } from 'util';
import { EXAMPLE, readPattern } from './pattern';
import { REGION } from '../../../packages/rehearsal/src/assembly/template';
import { findInterpreters } from '../../../packages/rehearsal/src/build/pythons';
import { startEngine, stopEngines } from '../../../packages/rehearsal/src/engine/engine';
import { cleanUpOnSignals, createDirectory, removeDirectory } from '../../../packages/rehearsal/src/processes';
import { Rehearsal } from '../../../packages/rehearsal/src/rehearsal/rehearse';
import { writeReports } from '../../../packages/rehearsal/src/report';
import { SCENARIOS } from '../../../packages/rehearsal/src/scenarios';
import { DOCKER_HUB } from '../buildspec/expectations';

async function main(): Promise<void> {
  process.env.CDK_VALIDATION = 'false';
  cleanUpOnSignals(stopEngines);
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'speed': { type: 'string', default: '20' }, 'requests-per-second': { type: 'string', default: '200' }, 'report': { type: 'string' } },
  });
  const directory = createDirectory();
  try {
    const pipeline = await readPattern(directory);
    const engine = await startEngine({ region: REGION, dockerHub: DOCKER_HUB });
    const record = await new Rehearsal({
      pipeline,
      scenarios: SCENARIOS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
      engine,
      interpreters: findInterpreters(),
      source: EXAMPLE,
      directory,
      speed: Number(values.speed),
      requestsPerSecond: Number(values['requests-per-second']),
      onScenario: ({ name }) => console.log(`\n${name}`),
      onEvent: ({ time, text }) => console.log(`  ${time.toFixed(1).padStart(6)} s  ${text}`),
    }).run();
    record.scenarios.forEach(({ name, verdict, finding, seconds }) => console.log(`${verdict} ${name} (${seconds.toFixed(0)} s): ${finding}`));
    if (values.report) { writeReports(record, values.report); }
    // a typo selects none, and shows nothing
    process.exitCode = record.scenarios.length > 0 && record.scenarios.every(({ verdict }) => verdict === 'passed') ? 0 : 1;
  } finally {
    removeDirectory(directory);
    await stopEngines();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
