import { Surroundings, TaskSet } from './task-set';
import { Color, TaskModel } from '../assembly/model';

/** How often a state is looked at that is waited for. */
const LOOK_MILLISECONDS = 50;

/** The ECS service: the tasks that have the traffic, and during a deployment those that will. */
export class Service {
  private current?: TaskSet;
  private next?: TaskSet;
  private generation = 0;
  /** Undefined before automatic scaling has changed it. */
  private count?: number;

  constructor(public readonly surroundings: Surroundings) {}

  /** The target group that has the traffic. */
  public get live(): Color {
    return this.current?.color ?? 'blue';
  }

  public get idle(): Color {
    return this.live === 'blue' ? 'green' : 'blue';
  }

  /** The task set that has the traffic. */
  public get primary(): TaskSet | undefined {
    return this.current;
  }

  /** Starts the tasks of the stack, and waits until they are healthy. @throws if they are not in time */
  public async create(seconds: number): Promise<void> {
    const { service, recorder } = this.surroundings;
    recorder.event('deployment', `ECS starts ${service.desiredCount} tasks`);
    this.current = this.begin(service.task, 'first', 'blue');
    await this.surroundings.loadBalancer.routeTest('blue');
    await waitForSteady(this.current, this.surroundings, seconds);
    recorder.event('deployment', 'the service is steady');
  }

  /** Changes the number of tasks, as automatic scaling does: later releases start as many. */
  public scaleTo(count: number): void {
    this.count = count;
    this.current?.scaleTo(count);
    this.next?.scaleTo(count);
  }

  /** Starts tasks beside those that have the traffic. */
  public async startReplacement(model: TaskModel): Promise<TaskSet> {
    // of a deployment that failed and was not rolled back
    await this.next?.stop();
    this.generation += 1;
    this.next = this.begin(model, `release ${this.generation}`, this.idle);
    return this.next;
  }

  /** Makes the new tasks those of the service, and drains and stops the old ones. */
  public async promote(): Promise<void> {
    const old = this.current;
    this.current = this.next;
    this.next = undefined;
    await old?.stop();
  }

  /** Drains and stops the new tasks. */
  public async discardReplacement(): Promise<void> {
    await this.next?.stop();
    this.next = undefined;
  }

  /** Drains and stops all tasks. */
  public async stop(): Promise<void> {
    await Promise.all([this.current?.stop(), this.next?.stop()]);
    this.current = undefined;
    this.next = undefined;
  }

  private begin(model: TaskModel, name: string, color: Color): TaskSet {
    const set = new TaskSet(this.surroundings, color, model, name);
    if (this.count !== undefined) { set.scaleTo(this.count); }
    set.start();
    return set;
  }
}

/** @throws if the tasks are not healthy in so many seconds on AWS, or the reason of the signal when it is aborted */
export async function waitForSteady(
  set: TaskSet, { recorder: { clock } }: Pick<Surroundings, 'recorder'>, seconds: number, signal?: AbortSignal,
): Promise<void> {
  const deadline = clock.now + clock.milliseconds(seconds) / 1000;
  while (!set.isSteady) {
    if (clock.now > deadline) {
      const last = set.failures.at(-1)?.reason ?? 'no task passed its health checks';
      throw new Error(`the tasks were not healthy after ${seconds} seconds: ${last}`);
    }
    await clock.real(LOOK_MILLISECONDS, signal);
  }
}
