import { ChildProcess } from 'child_process';
import { createInterface } from 'readline';
import { DockerEngine, RunId } from './docker-engine';
import { cleanEnvironment, DOCKER } from '../engine/requirements';
import { endSession, start } from '../processes';

/** What docker says about a container. */
export interface ContainerState {
  /** Undefined while it runs. */
  readonly exitCode?: number;
  readonly outOfMemory: boolean;
  /** Undefined before the first result, and without a health check. */
  readonly healthy?: boolean;
}

/** An event of `docker events --format '{{json .}}'`. */
interface ContainerEvent {
  readonly Action?: string;
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string | undefined>> };
}

const RUNNING: ContainerState = { outOfMemory: false };

/** The states of the containers of a rehearsal, from the events of the engine. */
export class ContainerEvents {
  private readonly states = new Map<string, ContainerState>();
  private readonly child: ChildProcess;
  private readonly waiting = new Set<() => void>();

  constructor(engine: DockerEngine, run: RunId) {
    this.child = start({
      file: DOCKER,
      cwd: '/',
      env: cleanEnvironment(engine.environment()),
      // from a moment ago on, since the client takes a while to start
      args: ['events', '--since', String(Math.floor(Date.now() / 1000)), '--filter', run.filter, '--filter', 'type=container', '--format', '{{json .}}'],
    });
    this.child.on('error', () => undefined);
    if (this.child.stdout) {
      createInterface({ input: this.child.stdout }).on('line', (line) => this.read(line));
    }
  }

  /** The state of a container by its name. */
  public stateOf(name: string): ContainerState {
    return this.states.get(name) ?? RUNNING;
  }

  /** Waits until a container meets a condition. @returns whether it did in that time */
  public until(name: string, condition: (state: ContainerState) => boolean, milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (result: boolean) => {
        clearTimeout(timer);
        this.waiting.delete(check);
        resolve(result);
      };
      const check = () => {
        if (condition(this.stateOf(name))) { end(true); }
      };
      const timer = setTimeout(() => end(false), milliseconds);
      this.waiting.add(check);
      check();
    });
  }

  public stop(): void {
    endSession(this.child);
  }

  private read(line: string): void {
    const { Action = '', Actor } = JSON.parse(line) as ContainerEvent;
    const attributes = Actor?.Attributes ?? {};
    const { name } = attributes;
    if (name === undefined) { return; }
    this.states.set(name, stateAfter(this.stateOf(name), Action, attributes.exitCode));
    [...this.waiting].forEach((check) => check());
  }
}

/** The state of a container after an event. */
export function stateAfter(state: ContainerState, action: string, exitCode?: string): ContainerState {
  switch (action) {
    case 'start': return RUNNING;
    case 'oom': return { ...state, outOfMemory: true };
    case 'die': return { ...state, exitCode: Number(exitCode ?? 0) };
    case 'health_status: healthy': return { ...state, healthy: true };
    case 'health_status: unhealthy': return { ...state, healthy: false };
    default: return state;
  }
}
