import { Service, waitForSteady } from './service';
import { shiftSchedule } from './shift-schedule';
import { runSmokeTest } from './smoke-test';
import { ReleaseModel, TaskModel } from '../assembly/model';

/** The alarms as CodeDeploy reads them. */
export interface AlarmStates {
  /** The names of those in ALARM. */
  readonly inAlarm: ReadonlySet<string>;
}

export interface DeploymentOptions {
  readonly service: Service;
  readonly release: ReleaseModel;
  readonly alarms: AlarmStates;
  /** How long CodeDeploy waits for healthy tasks, in seconds on AWS. By default an hour, as on AWS. */
  readonly steadyLimit?: number;
}

export type Cause = 'failure' | 'alarm' | 'stop';

export interface DeploymentResult {
  readonly status: 'succeeded' | 'failed' | 'stopped';
  readonly cause?: Cause;
  /** Why it did not succeed, in one sentence. */
  readonly reason?: string;
  readonly rolledBack: boolean;
  /** When each phase began, in seconds from the start of the scenario. */
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
}

export type Phase = 'install' | 'test' | 'ready' | 'shift' | 'shifted' | 'terminate' | 'rollback' | 'end';

const STEADY_LIMIT = 3600;
const WATCH_MILLISECONDS = 50;

/** What ends a deployment from outside. */
class Interruption extends Error {
  constructor(public readonly why: Cause, message: string) {
    super(message);
  }
}

/** A deployment of CodeDeploy: new tasks beside the old ones, a shift of the traffic, and the way back. */
export class Deployment {
  private readonly controller = new AbortController();
  private readonly phases: Partial<Record<Phase, number>> = {};

  constructor(private readonly options: DeploymentOptions) {}

  /** Stops the deployment, as somebody does in the console. */
  public stop(reason = 'it was stopped by hand'): void {
    this.controller.abort(new Interruption('stop', reason));
  }

  /** Runs to the end, with the rollback if there is one. */
  public async run(task: TaskModel): Promise<DeploymentResult> {
    const watch = setInterval(() => this.checkAlarms(), WATCH_MILLISECONDS);
    try {
      await this.install(task);
      await this.test();
      await this.shift();
      this.begin('shifted', 'deployment', `the old tasks stay for ${this.options.release.terminationWait} s`);
      await this.clock.pause(this.options.release.terminationWait, this.controller.signal);
      clearInterval(watch);
      this.begin('terminate', 'deployment', 'the old tasks are drained and stopped');
      await this.options.service.promote();
      this.begin('end', 'deployment', 'the deployment succeeded');
      return { status: 'succeeded', rolledBack: false, phases: this.phases };
    } catch (error) {
      clearInterval(watch);
      return await this.fail(error);
    } finally {
      clearInterval(watch);
    }
  }

  private get clock() {
    return this.options.service.surroundings.recorder.clock;
  }

  private async install(task: TaskModel): Promise<void> {
    const { service, steadyLimit = STEADY_LIMIT } = this.options;
    this.begin('install', 'deployment', `CodeDeploy starts the new tasks in ${service.idle}`);
    const replacement = await service.startReplacement(task);
    await waitForSteady(replacement, service.surroundings, steadyLimit, this.controller.signal);
  }

  private async test(): Promise<void> {
    const { service, release: { testPort, smokeTest, readyWait } } = this.options;
    const { loadBalancer } = service.surroundings;
    if (testPort !== undefined) {
      this.begin('test', 'deployment', 'the new tasks are healthy and get the traffic of the test listener');
      await loadBalancer.routeTest(service.idle);
      if (smokeTest) {
        const { clock, controller: { signal } } = this;
        await runSmokeTest({ ...smokeTest, host: loadBalancer.address, port: testPort, clock, signal });
        this.event('deployment', 'the smoke test succeeded');
      }
    }
    this.begin('ready', 'deployment', 'the new tasks are ready for the traffic');
    await this.clock.pause(readyWait, this.controller.signal);
  }

  private async shift(): Promise<void> {
    this.phases.shift = this.clock.now;
    for (const { percent, seconds } of shiftSchedule(this.options.release)) {
      this.controller.signal.throwIfAborted();
      await this.route(percent);
      await this.clock.pause(seconds, this.controller.signal);
    }
  }

  /** Sends a share of the production traffic to the new tasks. */
  private async route(percent: number): Promise<void> {
    const { service } = this.options;
    await service.surroundings.loadBalancer.shift(service.idle === 'green' ? percent : 100 - percent);
    this.event('traffic', `${percent} % of the requests go to the new tasks in ${service.idle}`);
  }

  private checkAlarms(): void {
    const { release, alarms } = this.options;
    const active = release.rollbackAlarms.filter((name) => alarms.inAlarm.has(name));
    if (active.length > 0) {
      this.controller.abort(new Interruption('alarm', `${active.join(', ')} went into ALARM`));
    }
  }

  private async fail(error: unknown): Promise<DeploymentResult> {
    const cause = error instanceof Interruption ? error.why : 'failure';
    const reason = error instanceof Error ? error.message : String(error);
    const status = cause === 'failure' ? 'failed' : 'stopped';
    this.event('deployment', `the deployment ${status}: ${reason}`);
    const { rollbackOnFailure, rollbackOnStop, rollbackOnAlarm } = this.options.release;
    const rolledBack = { failure: rollbackOnFailure, stop: rollbackOnStop, alarm: rollbackOnAlarm }[cause];
    if (rolledBack) { await this.rollBack(); }
    this.phases.end = this.clock.now;
    return { status, cause, reason, rolledBack, phases: this.phases };
  }

  /** The traffic goes back first: the old tasks still run. */
  private async rollBack(): Promise<void> {
    const { service } = this.options;
    const { loadBalancer } = service.surroundings;
    const wasShifted = this.phases.shift !== undefined;
    this.begin('rollback', 'rollback', wasShifted ? `all requests go back to the old tasks in ${service.live}` : 'the new tasks never got a request of the production listener');
    await loadBalancer.shift(service.live === 'green' ? 100 : 0);
    await loadBalancer.routeTest(service.live);
    await service.discardReplacement();
    this.event('rollback', 'the new tasks have been drained and stopped');
  }

  private begin(phase: Phase, kind: 'deployment' | 'rollback', text: string): void {
    this.phases[phase] = this.clock.now;
    this.event(kind, text);
  }

  private event(kind: 'deployment' | 'rollback' | 'traffic', text: string): void {
    this.options.service.surroundings.recorder.event(kind, text);
  }
}
