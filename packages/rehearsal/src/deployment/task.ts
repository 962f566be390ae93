import { ContainerEvents, ContainerState } from './container-events';
import { ContainerModel, TaskModel } from '../assembly/model';

/** A container of a task. */
export interface TaskContainer {
  readonly model: ContainerModel;
  /** The name by which docker knows it. */
  readonly name: string;
}

/** A task that runs, or that has stopped. */
export class Task {
  public readonly containers: TaskContainer[] = [];
  /** Undefined until the first container runs. */
  public address?: string;
  /** Why it could not start. */
  public startFailure?: string;
  /** The last lines that its containers wrote, once it was removed. */
  public lastOutput = '';

  constructor(
    public readonly name: string, public readonly model: TaskModel, private readonly events: ContainerEvents,
  ) {}

  /** Why it does not run any more; undefined while it does. A task stops with its first essential container. */
  public get stopReason(): string | undefined {
    if (this.startFailure !== undefined) { return this.startFailure; }
    for (const { model, name } of this.containers.filter((container) => container.model.essential)) {
      const state = this.events.stateOf(name);
      if (state.exitCode !== undefined) { return describeEnd(model.name, state); }
    }
    return undefined;
  }

  /** The exit codes of the containers that have ended, by the name in the task definition. */
  public get exitCodes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.containers.flatMap(({ model, name }) => {
      const { exitCode } = this.events.stateOf(name);
      return exitCode === undefined ? [] : [[model.name, exitCode]];
    }));
  }

  public get outOfMemory(): boolean {
    return this.containers.some(({ name }) => this.events.stateOf(name).outOfMemory);
  }

  /** Whether the essential containers pass their own health checks; undefined while one has no result yet. */
  public get healthy(): boolean | undefined {
    const checked = this.containers.filter(({ model }) => model.essential && model.healthCheck !== undefined);
    const results = checked.map(({ name }) => this.events.stateOf(name).healthy);
    if (results.includes(false)) { return false; }
    return results.includes(undefined) ? undefined : true;
  }
}

/** What a stopped task says in the console of ECS, in short. */
export function describeEnd(container: string, { exitCode, outOfMemory }: ContainerState): string {
  const hint = outOfMemory ? ': out of memory' : { 137: ': killed', 143: ': ended by SIGTERM' }[exitCode ?? 0] ?? '';
  return `the essential container ${container} exited with ${exitCode}${hint}`;
}
