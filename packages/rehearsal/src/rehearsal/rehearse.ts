import { cpus, release as kernel, totalmem } from 'os';
import { join } from 'path';
import { Builds, Release } from './builds';
import { publishImages } from './images';
import { Stage } from './stage';
import { PipelineModel } from '../assembly/model';
import { Interpreter } from '../build/pythons';
import { Mutation } from '../deployment/mutation';
import { Secrets } from '../deployment/secrets';
import { Engine } from '../engine/engine';
import { RehearsalEvent, RehearsalRecord, ScenarioRecord } from '../report/record';
import { BuildError, Outcome, requireRelease, Scenario, World } from '../scenarios/scenario';

export interface RehearsalOptions {
  readonly pipeline: PipelineModel;
  readonly scenarios: readonly Scenario[];
  readonly engine: Engine;
  readonly interpreters: readonly [Interpreter, ...Interpreter[]];
  readonly source: string;
  /** Where the builds leave everything. */
  readonly directory: string;
  /** Where the logs of the builds stay. */
  readonly logs?: string;
  readonly speed: number;
  readonly requestsPerSecond: number;
  readonly secrets?: Secrets;
  /** Values of the variables that the build reads from Parameter Store and Secrets Manager. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly mutation?: Mutation;
  readonly onScenario?: (scenario: Scenario) => void;
  readonly onEvent?: (event: RehearsalEvent) => void;
  /** Is called with each stage as soon as it has load, to show where it is. */
  readonly onStage?: (stage: Stage) => void;
}

/** Runs scenarios one after the other. */
export class Rehearsal {
  private readonly builds: Builds;
  private first?: Promise<Release>;
  private deployments = 0;
  private requests = 0;
  private containers = 0;

  constructor(private readonly options: RehearsalOptions) {
    const { engine, pipeline: { build: rendered }, source, directory, logs, interpreters, environment } = options;
    this.builds = new Builds({
      engine, rendered, source, logs, interpreters, environment, directory: join(directory, 'builds'),
    });
  }

  public async run(): Promise<RehearsalRecord> {
    const { pipeline, engine, interpreters, scenarios, speed, requestsPerSecond, onScenario } = this.options;
    const startedAt = new Date().toISOString();
    await publishImages(engine, pipeline.service.task, interpreters);
    const records: ScenarioRecord[] = [];
    for (const scenario of scenarios) {
      onScenario?.(scenario);
      records.push(await this.runScenario(scenario));
    }
    return {
      pipeline: pipeline.path,
      startedAt,
      speed,
      requestsPerSecond,
      facts: {
        machine: `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${kernel()}`,
        engine: `Docker ${await engine.docker('version', '--format', '{{.Server.Version}}')}`,
        containers: this.containers,
        builds: this.builds.count,
        deployments: this.deployments,
        requests: this.requests,
      },
      scenarios: records,
      skipped: pipeline.skipped,
    };
  }

  private async runScenario({ name, description, requirement, remedy, run }: Scenario): Promise<ScenarioRecord> {
    const stages: Stage[] = [];
    const started = performance.now();
    try {
      const outcome = await run(this.world(stages)).catch((error: unknown): Outcome => failureOf(error));
      const [stage] = stages;
      const timeline = stage ? await stage.finish() : { ...NOTHING, seconds: (performance.now() - started) / 1000 };
      this.count(stages);
      const { passed, finding } = outcome;
      return {
        name, description, requirement, finding, verdict: passed ? 'passed' : 'failed', ...(!passed && { remedy: outcome.remedy ?? remedy }), ...timeline,
      };
    } finally {
      for (const stage of stages) { await stage.close(); }
    }
  }

  private world(stages: Stage[]): World {
    const { engine, pipeline, speed, requestsPerSecond, secrets, mutation, onEvent, onStage } = this.options;
    return {
      builds: this.builds,
      release: () => this.first ??= this.builds.build().then(requireRelease),
      tags: async () => engine.registry.tags(pipeline.build.repositories[0].name),
      stage: async (task, prepare) => {
        const stage = await Stage.open({
          pipeline,
          engine,
          speed,
          requestsPerSecond,
          secrets,
          mutation,
          onEvent,
          task,
          prepare,
          paths: [pipeline.service.targetGroups.blue.healthCheck.path],
        });
        stages.push(stage);
        stage.startLoad();
        onStage?.(stage);
        return stage;
      },
    };
  }

  private count(stages: readonly Stage[]): void {
    for (const stage of stages) {
      this.requests += stage.requests.length;
      this.containers += stage.containers;
      this.deployments += stage.recorder.events.filter(({ text }) => text.startsWith('CodeDeploy starts')).length;
    }
  }
}

const NOTHING = { samples: [], weights: [], events: [], alarms: [], health: [] };

function failureOf(error: unknown): Outcome {
  const finding = error instanceof Error ? error.message : String(error);
  return error instanceof BuildError
    ? { passed: false, finding, remedy: 'See build-1.log beside this page, and fix what it names.' }
    : { passed: false, finding: `The scenario could not run: ${finding}`, remedy: 'See the events. If they do not explain it, report it with this page.' };
}
