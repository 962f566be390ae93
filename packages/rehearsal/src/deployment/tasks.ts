import { cpus } from 'os';
import { ContainerEvents, ContainerState } from './container-events';
import { runArguments, sharedVolumes, startOrder } from './docker-arguments';
import { addressOf, DockerEngine, RunId } from './docker-engine';
import { HAPROXY_IMAGE } from './load-balancer';
import { Mutation } from './mutation';
import { Recorder } from './recorder';
import { Secrets } from './secrets';
import { Task, TaskContainer } from './task';
import { ContainerModel, TaskModel } from '../assembly/model';
import { DOCKER } from '../engine/requirements';

export interface TasksOptions {
  readonly engine: DockerEngine;
  readonly run: RunId;
  readonly recorder: Recorder;
  readonly secrets?: Secrets;
  readonly mutation?: Mutation;
  /** An image with `sleep`, which holds the network of a task. */
  readonly pauseImage?: string;
}

/** How long a container waits for one that it depends on, in seconds on AWS, as without a start timeout. */
const DEPENDENCY_SECONDS = 600;
const OUTPUT_LINES = '15';
/** A container that was killed is gone at once, but its event takes a moment. */
const KILL_MILLISECONDS = 10_000;

const CONDITIONS: Readonly<Record<string, (state: ContainerState) => boolean>> = {
  START: () => true,
  COMPLETE: ({ exitCode }) => exitCode !== undefined,
  SUCCESS: ({ exitCode }) => exitCode === 0,
  HEALTHY: ({ healthy }) => healthy === true,
};

/** Starts and stops tasks as containers of the engine. */
export class Tasks {
  /** How many containers were started so far. */
  public started = 0;
  private readonly events: ContainerEvents;

  constructor(private readonly options: TasksOptions) {
    this.events = new ContainerEvents(options.engine, options.run);
  }

  /** A task that has not started yet. */
  public create(name: string, model: TaskModel): Task {
    return new Task(name, model, this.events);
  }

  /** Starts a task. If a container cannot start, the task has a stop reason. */
  public async start(task: Task): Promise<void> {
    const { name, model } = task;
    try {
      const volumes = await this.createVolumes(name, model);
      const network = await this.startPause(task);
      for (const container of startOrder(model)) {
        await this.startContainer(task, container, volumes, network);
      }
    } catch (error) {
      task.startFailure = error instanceof Error ? error.message : String(error);
    }
  }

  /**
   * Sends the stop signal, kills what is left after the stop timeout, and removes the containers.
   *
   * @returns the names of the containers that had to be killed
   */
  public async stop(task: Task): Promise<readonly string[]> {
    const killed = await Promise.all(task.containers.map((container) => this.stopContainer(container)));
    task.lastOutput = await this.outputOf(task);
    await this.remove(task);
    return task.containers.filter((_, index) => killed[index]).map(({ model }) => model.name);
  }

  /** Kills the containers of a task, as a host that fails does. */
  public async kill(task: Task): Promise<void> {
    await Promise.all(task.containers.map(({ name }) => this.signal(name, 'SIGKILL')));
  }

  /** Ends the watch on the containers. */
  public close(): void {
    this.events.stop();
  }

  private async createVolumes(task: string, model: TaskModel): Promise<Readonly<Record<string, string>>> {
    const { engine, run } = this.options;
    const volumes = sharedVolumes(model).map((volume) => [volume, run.name(`${task}-${volume}`)] as const);
    for (const [, name] of volumes) {
      await engine.docker('volume', 'create', ...run.labels, '--opt', 'type=tmpfs', '--opt', 'device=tmpfs', '--opt', 'o=mode=1777', name);
    }
    return Object.fromEntries(volumes);
  }

  /** As on AWS, a task keeps its address when a container dies: connections are refused, and nobody else gets them. */
  private async startPause(task: Task): Promise<string> {
    const { engine, run, pauseImage = HAPROXY_IMAGE } = this.options;
    const name = run.name(task.name);
    await engine.docker('run', '--detach', '--name', name, ...run.labels, '--entrypoint', 'sleep', pauseImage, 'infinity');
    task.address = await addressOf(engine, name);
    return name;
  }

  private async startContainer(
    task: Task, model: ContainerModel, volumes: Readonly<Record<string, string>>, networkOf: string,
  ): Promise<void> {
    const { engine, run, recorder: { clock }, secrets = new Secrets() } = this.options;
    await this.awaitDependencies(task, model);
    const name = run.name(`${task.name}-${model.name}`);
    const env = secrets.of(Object.keys(model.secrets));
    const place = { name, labels: run.labels, networkOf, volumes, clock, processors: cpus().length };
    task.containers.push({ model, name });
    const { code, errors } = await engine.run(DOCKER, runArguments(task.model, model, place), { env });
    if (code !== 0) {
      throw new Error(`the container ${model.name} could not start: ${shortened(errors)}`);
    }
    this.started += 1;
  }

  private async awaitDependencies(task: Task, { name, dependsOn }: ContainerModel): Promise<void> {
    for (const { container, condition } of dependsOn) {
      const other = task.containers.find(({ model }) => model.name === container);
      const isMet = CONDITIONS[condition] ?? CONDITIONS.START;
      // a container that has ended never reaches another condition
      const isDecided = (state: ContainerState) => (
        isMet(state) || state.exitCode !== undefined || state.healthy === false);
      const limit = this.options.recorder.clock.milliseconds(DEPENDENCY_SECONDS);
      if (other) { await this.events.until(other.name, isDecided, limit); }
      if (!other || !isMet(this.events.stateOf(other.name))) {
        throw new Error(`the container ${name} did not start, since ${container} did not reach ${condition}`);
      }
    }
  }

  /** Returns whether it had to be killed. */
  private async stopContainer({ model, name }: TaskContainer): Promise<boolean> {
    const { recorder: { clock }, mutation } = this.options;
    const hasEnded = ({ exitCode }: ContainerState) => exitCode !== undefined;
    if (hasEnded(this.events.stateOf(name))) { return false; }
    if (mutation !== 'no-stop-signal') {
      const { text } = await this.options.engine.run(DOCKER, ['inspect', '--format', '{{.Config.StopSignal}}', name]);
      // one that never started gets no event either
      if (!await this.signal(name, text.trim() || 'SIGTERM')) { return false; }
      if (await this.events.until(name, hasEnded, clock.milliseconds(model.stopTimeout))) { return false; }
    }
    if (!await this.signal(name, 'SIGKILL')) { return false; }
    await this.events.until(name, hasEnded, KILL_MILLISECONDS);
    return true;
  }

  /** Returns whether there was somebody to get it. */
  private async signal(name: string, signal: string): Promise<boolean> {
    const { code } = await this.options.engine.run(DOCKER, ['kill', '--signal', signal, name]);
    return code === 0;
  }

  private async outputOf(task: Task): Promise<string> {
    const outputs = await Promise.all(task.containers.map(async ({ name }) => {
      const { text, errors } = await this.options.engine.run(DOCKER, ['logs', '--tail', OUTPUT_LINES, name]);
      return `${text}${errors}`;
    }));
    return outputs.join('').trim();
  }

  private async remove(task: Task): Promise<void> {
    const { engine, run } = this.options;
    const names = [...task.containers.map(({ name }) => name), run.name(task.name)];
    await engine.run(DOCKER, ['rm', '--force', '--volumes', ...names]);
    const volumes = sharedVolumes(task.model).map((volume) => run.name(`${task.name}-${volume}`));
    if (volumes.length > 0) {
      await engine.run(DOCKER, ['volume', 'rm', '--force', ...volumes]);
    }
  }
}

/** The reason in what docker run writes. */
function shortened(errors: string): string {
  const lines = errors.trim().split('\n').filter((line) => !line.startsWith('See \'docker run'));
  const reason = lines.find((line) => line.startsWith('docker: ')) ?? lines.at(-1) ?? '';
  return reason.replace(/^docker: (Error response from daemon: )?/, '');
}
