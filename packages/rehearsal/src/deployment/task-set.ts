import { LoadBalancer, Target } from './load-balancer';
import { Mutation } from './mutation';
import { Recorder } from './recorder';
import { Task } from './task';
import { Tasks } from './tasks';
import { Color, ServiceModel, TaskModel } from '../assembly/model';
import { HealthChange } from '../report/record';

/** What the task sets of a service have in common. */
export interface Surroundings {
  readonly service: ServiceModel;
  readonly tasks: Tasks;
  readonly loadBalancer: LoadBalancer;
  readonly recorder: Recorder;
  readonly mutation?: Mutation;
  /** Where the load balancer reaches a task that has this address. @default - there, at the port of the tasks */
  readonly front?: (address: string) => Promise<{ readonly host: string; readonly port: number }>;
}

interface Member {
  readonly task: Task;
  /** When its containers ran, from which its grace period counts. */
  startedAt: number;
  target?: Target;
  /** Its containers are being started, or it has died and ECS does not know yet. */
  unobserved: boolean;
  state: HealthChange['state'];
  /** Another task takes its place. */
  replaced: boolean;
}

const TICK_MILLISECONDS = 50;
/** Fargate takes about as long to start a task, so that one that crashes is not started more often. */
const RESTART_SECONDS = 30;
/**
 * How long a task that has died stays in the target group. AWS documents no time; until then the load balancer sends
 * requests to it, unless its health checks have failed before.
 */
const NOTICE_SECONDS = 10;

/** Keeps a number of tasks of one task definition running in one target group, as ECS does for a task set. */
export class TaskSet {
  /** Why tasks have stopped that should not have, with their last output. */
  public readonly failures: { readonly reason: string; readonly output: string }[] = [];
  /** The tasks that ran on after the stop signal until they were killed. */
  public readonly killed: string[] = [];

  private readonly members = new Set<Member>();
  /** What goes on in the background, and ends before the task set does. */
  private readonly work = new Set<Promise<void>>();
  private timer?: NodeJS.Timeout;
  private desiredCount: number;
  private launched = 0;
  private nextStart = 0;

  /** @param name such as `release 2`, for the names of the tasks */
  constructor(
    private readonly surroundings: Surroundings, public readonly color: Color,
    private readonly model: TaskModel, private readonly name: string,
  ) {
    this.desiredCount = surroundings.service.desiredCount;
  }

  /** Whether all desired tasks run, are in the target group, and are healthy. */
  public get isSteady(): boolean {
    const healthy = [...this.members].filter(({ state }) => state === 'healthy').length;
    return healthy >= this.desiredCount;
  }

  /** The tasks that run. */
  public get running(): readonly Task[] {
    return [...this.members].filter(({ state }) => state !== 'draining').map(({ task }) => task);
  }

  public start(): void {
    this.tick();
    this.timer = setInterval(() => this.tick(), TICK_MILLISECONDS);
  }

  /** Changes the number of tasks, as automatic scaling does. */
  public scaleTo(count: number): void {
    this.desiredCount = count;
  }

  /** Drains and stops all tasks. */
  public async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.work);
    await Promise.all([...this.members].map((member) => this.retire(member)));
  }

  private tick(): void {
    for (const member of this.members) {
      this.observe(member);
    }
    const wanted = [...this.members].filter(({ replaced, state }) => !replaced && state !== 'stopped');
    wanted.slice(this.desiredCount).filter(({ unobserved }) => !unobserved).forEach((member) => {
      member.replaced = true;
      this.inBackground(() => this.retire(member));
    });
    this.launchMissing(this.desiredCount - wanted.length);
  }

  private launchMissing(missing: number): void {
    const { clock } = this.surroundings.recorder;
    if (missing <= 0 || clock.now < this.nextStart) { return; }
    if (this.surroundings.mutation === 'no-replacement' && this.launched > 0) { return; }
    this.nextStart = clock.now + clock.milliseconds(RESTART_SECONDS) / 1000;
    for (let count = 0; count < missing; count++) { this.launch(); }
  }

  private launch(): void {
    this.launched += 1;
    const { tasks, recorder, loadBalancer, front } = this.surroundings;
    const task = tasks.create(`${this.name}-${this.launched}`.replace(/\W+/g, '-'), this.model);
    const member: Member = { task, startedAt: recorder.clock.now, unobserved: true, state: 'starting', replaced: false };
    this.members.add(member);
    recorder.taskHealth(task.name, this.color, 'starting');
    this.inBackground(async () => {
      await tasks.start(task);
      member.startedAt = recorder.clock.now;
      if (task.stopReason === undefined && task.address) {
        const place = await front?.(task.address);
        member.target = await loadBalancer.register(this.color, place?.host ?? task.address, place?.port);
      }
      member.unobserved = false;
    });
  }

  private observe(member: Member): void {
    const { task } = member;
    if (member.unobserved || member.state === 'draining' || member.state === 'stopped') { return; }
    const reason = task.stopReason;
    if (reason !== undefined) {
      member.unobserved = true;
      this.change(member, 'unhealthy');
      this.inBackground(() => this.bury(member, reason));
      return;
    }
    this.observeHealth(member);
  }

  private observeHealth(member: Member): void {
    if (member.target?.healthy && member.task.healthy === true) {
      this.change(member, 'healthy');
    } else if (member.state === 'healthy' || this.hasFailedChecks(member)) {
      this.change(member, 'unhealthy');
    }
    if (member.state === 'unhealthy' && this.isPastGrace(member)) { this.replace(member); }
  }

  /** A task that has just started is not unhealthy before it has failed as many checks as that takes. */
  private hasFailedChecks({ task, target, startedAt }: Member): boolean {
    const { service, recorder: { clock } } = this.surroundings;
    const { interval, unhealthyThreshold } = service.targetGroups[this.color].healthCheck;
    const isNew = clock.now - startedAt <= clock.milliseconds(interval * unhealthyThreshold) / 1000;
    return task.healthy === false || (target?.failing === true && !isNew);
  }

  private isPastGrace({ startedAt }: Member): boolean {
    const { service, recorder: { clock } } = this.surroundings;
    return clock.now - startedAt > clock.milliseconds(service.gracePeriod) / 1000;
  }

  private replace(member: Member): void {
    const reason = member.task.healthy === false ? 'its container health check fails' : 'it fails the health checks of the target group';
    this.surroundings.recorder.event('task', `ECS replaces the task ${member.task.name}: ${reason}`);
    member.replaced = true;
    this.inBackground(async () => {
      await this.retire(member);
      this.failures.push({ reason, output: member.task.lastOutput });
    });
  }

  /** Removes what is left of a task that stopped by itself. */
  private async bury(member: Member, reason: string): Promise<void> {
    const { loadBalancer, tasks, recorder } = this.surroundings;
    recorder.event('task', `the task ${member.task.name} stopped: ${reason}`);
    await recorder.clock.pause(NOTICE_SECONDS);
    this.change(member, 'stopped');
    if (member.target) { await loadBalancer.deregister(member.target); }
    await tasks.stop(member.task);
    this.failures.push({ reason, output: member.task.lastOutput });
    this.members.delete(member);
  }

  private async retire(member: Member): Promise<void> {
    const { loadBalancer, tasks, recorder, service, mutation } = this.surroundings;
    this.change(member, 'draining');
    if (member.target && mutation !== 'no-drain') {
      await loadBalancer.drain(member.target);
      await recorder.clock.pause(service.targetGroups[this.color].deregistrationDelay);
    }
    const killed = await tasks.stop(member.task);
    if (killed.length > 0) {
      this.killed.push(member.task.name);
      recorder.event('task', `the task ${member.task.name} was killed: ${killed.join(', ')} did not stop after the stop signal`);
    }
    if (member.target) { await loadBalancer.deregister(member.target); }
    this.change(member, 'stopped');
    this.members.delete(member);
  }

  private change(member: Member, state: Member['state']): void {
    if (member.state === state) { return; }
    member.state = state;
    this.surroundings.recorder.taskHealth(member.task.name, this.color, state);
  }

  private inBackground(work: () => Promise<void>): void {
    const { recorder } = this.surroundings;
    const running: Promise<void> = work()
      .catch((error: unknown) => recorder.event('fault', `the rehearsal itself failed: ${String(error)}`))
      .finally(() => this.work.delete(running));
    this.work.add(running);
  }
}
