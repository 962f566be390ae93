/**
 * Shows that each scenario can fail: it runs with a fault of the pipeline or of the harness, and must not pass.
 *
 * Arguments: names of scenarios. Takes some minutes, so CI does not run it.
 */
import { join } from 'path';
import { EXAMPLE, readPattern } from './pattern';
import { PipelineModel, TargetGroupModel } from '../../../packages/rehearsal/src/assembly/model';
import { REGION } from '../../../packages/rehearsal/src/assembly/template';
import { findInterpreters } from '../../../packages/rehearsal/src/build/pythons';
import { Mutation } from '../../../packages/rehearsal/src/deployment/mutation';
import { Engine, startEngine, stopEngines } from '../../../packages/rehearsal/src/engine/engine';
import { cleanUpOnSignals, createDirectory, removeDirectory } from '../../../packages/rehearsal/src/processes';
import { Rehearsal } from '../../../packages/rehearsal/src/rehearsal/rehearse';
import { SCENARIOS } from '../../../packages/rehearsal/src/scenarios';
import { DOCKER_HUB } from '../buildspec/expectations';

interface MutationOf {
  readonly scenario: string;
  readonly what: string;
  readonly change?: (pipeline: PipelineModel) => PipelineModel;
  readonly harness?: Mutation;
}

const released = (change: Partial<PipelineModel['release']>) => (pipeline: PipelineModel): PipelineModel => (
  { ...pipeline, release: { ...pipeline.release, ...change } });

const checked = (change: Partial<TargetGroupModel['healthCheck']>) => (pipeline: PipelineModel): PipelineModel => {
  const { blue, green } = pipeline.service.targetGroups;
  const changed = (group: TargetGroupModel) => ({ ...group, healthCheck: { ...group.healthCheck, ...change } });
  const targetGroups = { blue: changed(blue), green: changed(green) };
  return { ...pipeline, service: { ...pipeline.service, targetGroups } };
};

const withoutJudge = (pipeline: PipelineModel): PipelineModel => {
  const text = JSON.stringify(pipeline.build.spec).replace(/bash \\"[^"]*program\.sh\\" judge_gates/g, 'true');
  return { ...pipeline, build: { ...pipeline.build, spec: JSON.parse(text) as PipelineModel['build']['spec'] } };
};

const MUTATIONS: readonly MutationOf[] = [
  { scenario: 'release', what: 'the load balancer asks another port', change: (pipeline) => ({ ...pipeline, service: { ...pipeline.service, target: { ...pipeline.service.target, port: 9 } } }) },
  { scenario: 'failing-test', what: 'nobody judges the gates', change: withoutJudge },
  { scenario: 'crash-at-start', what: 'a deployment that failed is not rolled back', change: released({ rollbackOnFailure: false }) },
  { scenario: 'bad-health-path', what: 'health checks accept 404', change: checked({ codes: '200-499' }) },
  { scenario: 'slow-start', what: 'the health checks ask a path that does not exist', change: checked({ path: '/nothing-here' }) },
  { scenario: 'errors-after-shift', what: 'there are no alarms', change: (pipeline) => ({ ...released({ rollbackAlarms: [] })(pipeline), alarms: [] }) },
  { scenario: 'errors-after-shift', what: 'the weights are those of the other group', harness: 'wrong-weights' },
  { scenario: 'slow-requests', what: 'a task stops without a drain', harness: 'no-drain' },
  { scenario: 'killed-task', what: 'ECS starts no other task', harness: 'no-replacement' },
  { scenario: 'out-of-memory', what: 'a deployment that failed is not rolled back', change: released({ rollbackOnFailure: false, rollbackOnAlarm: false }) },
  { scenario: 'rollback-on-stop', what: 'a deployment that was stopped is not rolled back', change: released({ rollbackOnStop: false }) },
];

async function verdictWith(
  mutation: MutationOf, pipeline: PipelineModel, engine: Engine, directory: string,
): Promise<{ readonly red: boolean; readonly finding: string }> {
  const { scenarios: [{ verdict, finding }] } = await new Rehearsal({
    pipeline: mutation.change?.(pipeline) ?? pipeline,
    scenarios: SCENARIOS.filter(({ name }) => name === mutation.scenario),
    engine,
    interpreters: findInterpreters(),
    source: EXAMPLE,
    directory,
    speed: 20,
    requestsPerSecond: 100,
    mutation: mutation.harness,
  }).run();
  return { red: verdict === 'failed', finding };
}

async function main(): Promise<void> {
  process.env.CDK_VALIDATION = 'false';
  cleanUpOnSignals(stopEngines);
  const directory = createDirectory();
  try {
    const words = process.argv.slice(2);
    const chosen = MUTATIONS.filter(({ scenario }) => words.length === 0 || words.includes(scenario));
    const pipeline = await readPattern(directory);
    const engine = await startEngine({ region: REGION, dockerHub: DOCKER_HUB });
    let survived = 0;
    for (const [index, mutation] of chosen.entries()) {
      const { red, finding } = await verdictWith(mutation, pipeline, engine, join(directory, String(index)));
      console.log(`${red ? 'red ' : 'GREEN'} ${mutation.scenario}, ${mutation.what}: ${finding}`);
      survived += red ? 0 : 1;
    }
    console.log(`${chosen.length - survived} passed, ${survived} failed`);
    process.exitCode = survived > 0 || chosen.length === 0 ? 1 : 0;
  } finally {
    removeDirectory(directory);
    await stopEngines();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
