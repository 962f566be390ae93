import { ContainerModel, TaskModel } from '../assembly/model';
import { ScenarioChoice } from '../cli/arguments';
import { BuildReport, Builds, Release } from '../rehearsal/builds';
import { Stage } from '../rehearsal/stage';

/** What a scenario needs. */
export interface World {
  readonly builds: Builds;
  /** The first release, which is built once. @throws if the build fails */
  release(): Promise<Release>;
  /**
   * The stack with these tasks, and with load.
   *
   * @param task @default - the placeholder of the stack
   * @param prepare is called before the tasks start
   */
  stage(task?: TaskModel, prepare?: (stage: Stage) => void): Promise<Stage>;
  /** The tags of the repository of the release. */
  tags(): Promise<readonly string[]>;
}

export interface Outcome {
  readonly passed: boolean;
  /** One sentence, with the figures that decided. */
  readonly finding: string;
  /** Instead of the remedy of the scenario. */
  readonly remedy?: string;
}

export interface Scenario extends ScenarioChoice {
  readonly requirement: string;
  readonly remedy: string;
  run(world: World): Promise<Outcome>;
}

/** CodeDeploy waits an hour for healthy tasks. A rehearsal does not, in seconds on AWS. */
export const PATIENCE_SECONDS = 600;

/** How many requests there were and how many failed, for a finding. */
export function requestsOf(stage: Stage): string {
  return `${amount(stage.requests.length)} requests, ${stage.failed.length === 0 ? 'none' : amount(stage.failed.length)} failed`;
}

export function amount(value: number): string {
  return value.toLocaleString('en-US');
}

/** A task with another container in the place of the one that gets the requests. */
export function withContainer(task: TaskModel, name: string, change: Partial<ContainerModel>): TaskModel {
  const changed = (container: ContainerModel) => container.name === name ? { ...container, ...change } : container;
  return { ...task, containers: task.containers.map(changed) };
}

/** @throws if a build that must pass fails */
export function requireRelease({ release, lastLine }: BuildReport): Release {
  if (!release) { throw new BuildError(lastLine); }
  return release;
}

/** The build of the unchanged application fails, so that there is nothing to release. */
export class BuildError extends Error {
  constructor(lastLine: string) {
    super(`your application cannot be built: ${lastLine}`);
    this.name = 'BuildError';
  }
}
