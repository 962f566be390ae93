import { PipelineModel, TaskModel } from '../assembly/model';
import { Clock } from '../deployment/clock';
import { Deployment, DeploymentResult } from '../deployment/deployment';
import { RunId } from '../deployment/docker-engine';
import { LoadBalancer } from '../deployment/load-balancer';
import { Mutation } from '../deployment/mutation';
import { Recorder } from '../deployment/recorder';
import { Secrets } from '../deployment/secrets';
import { Service } from '../deployment/service';
import { Surroundings } from '../deployment/task-set';
import { Tasks } from '../deployment/tasks';
import { Engine } from '../engine/engine';
import { Fault } from '../faults/fault-proxy';
import { Faults } from '../faults/faults';
import { AlarmWatch } from '../load/alarm-watch';
import { Load } from '../load/load';
import { RequestRecord } from '../load/requests';
import { RehearsalEvent, ScenarioRecord } from '../report/record';

export interface StageOptions {
  readonly pipeline: PipelineModel;
  readonly engine: Engine;
  readonly speed: number;
  readonly requestsPerSecond: number;
  /** The paths that the load asks for. */
  readonly paths: readonly string[];
  readonly secrets?: Secrets;
  readonly mutation?: Mutation;
  readonly onEvent?: (event: RehearsalEvent) => void;
  /** What runs at first. @default - the placeholder of the stack */
  readonly task?: TaskModel;
  /** Is called before the first tasks start. */
  readonly prepare?: (stage: Stage) => void;
}

/** How long the first tasks may take, in seconds on AWS. */
const FIRST_TASKS_SECONDS = 900;
/** The parts of a timeline. */
const SAMPLE_SECONDS = 0.25;

type Timeline = Pick<ScenarioRecord, 'seconds' | 'samples' | 'weights' | 'events' | 'alarms' | 'health'>;

/** The stack after its deployment, with a service that gets requests: where a scenario takes place. */
export class Stage {
  /** Deploys the stack. There is no load so far. */
  public static async open(options: StageOptions): Promise<Stage> {
    const recorder = new Recorder(new Clock(options.speed), options.onEvent);
    const { engine, pipeline: { service, release }, mutation, secrets } = options;
    const run = new RunId();
    const loadBalancer = await LoadBalancer.start({
      engine, run, recorder, mutation, release, targetGroups: service.targetGroups, targetPort: service.target.port,
    });
    const faults = new Faults(await gatewayOf(engine), service.target.port);
    const tasks = new Tasks({ engine, run, recorder, secrets, mutation });
    const stage = new Stage(options, recorder, loadBalancer, tasks, faults);
    try {
      options.prepare?.(stage);
      await stage.service.create(FIRST_TASKS_SECONDS);
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  public readonly service: Service;
  /** There are no more requests. */
  public isOver = false;
  private readonly watch: AlarmWatch;
  private readonly load: Load;

  private constructor(
    private readonly options: StageOptions, public readonly recorder: Recorder,
    private readonly loadBalancer: LoadBalancer, private readonly tasks: Tasks, private readonly faults: Faults,
  ) {
    const { pipeline: { release, alarms }, speed, mutation, task } = options;
    const service = { ...options.pipeline.service, ...task && { task } };
    const surroundings: Surroundings = {
      service, tasks, loadBalancer, recorder, mutation, front: (address) => faults.before(address),
    };
    this.service = new Service(surroundings);
    const now = () => recorder.clock.now;
    this.watch = new AlarmWatch({
      alarms,
      targetGroups: service.targetGroups,
      speed,
      now,
      hostCounts: () => loadBalancer.hostCounts(),
      onChange: (alarm, state) => recorder.alarm(alarm, state),
    });
    this.load = new Load({
      host: loadBalancer.address,
      port: release.productionPort,
      paths: options.paths,
      requestsPerSecond: options.requestsPerSecond,
      now,
      onRequest: (record) => this.watch.add(record),
    });
  }

  public get pipeline(): PipelineModel {
    return this.options.pipeline;
  }

  /** The requests that have ended so far. */
  public get requests(): readonly RequestRecord[] {
    return this.load.records;
  }

  public get failed(): readonly RequestRecord[] {
    return this.load.failed;
  }

  /** How many containers were started. */
  public get containers(): number {
    return this.tasks.started + 1;
  }

  /** From now on there are requests, and the alarms are evaluated. */
  public startLoad(): void {
    this.watch.start();
    this.load.start();
  }

  /** Waits so many seconds on AWS. */
  public async wait(seconds: number): Promise<void> {
    await this.recorder.clock.pause(seconds);
  }

  /** A deployment that the caller runs, and may stop. */
  public deployment(steadyLimit?: number): Deployment {
    const { service, options: { pipeline: { release } }, watch } = this;
    return new Deployment({ service, release, alarms: watch, steadyLimit });
  }

  /** Releases a task definition, to the end. */
  public async deploy(task: TaskModel, steadyLimit?: number): Promise<DeploymentResult> {
    return this.deployment(steadyLimit).run(task);
  }

  /** What happens to requests for tasks that start from now on; nothing without arguments. */
  public inject(...faults: readonly Fault[]): void {
    this.faults.inject(...faults);
    if (faults.length > 0) { this.recorder.event('fault', 'the rehearsal puts a fault in front of the new tasks'); }
  }

  /** Kills a task that has the traffic, as a crash does. */
  public async killTask(): Promise<void> {
    const task = this.service.primary?.running[0];
    if (!task) { throw new Error('no task runs that could be killed'); }
    this.recorder.event('fault', `the rehearsal kills the task ${task.name}`);
    await this.tasks.kill(task);
  }

  /** Ends the load, and returns what happened. */
  public async finish(): Promise<Timeline> {
    await this.endLoad();
    const seconds = this.recorder.clock.now;
    const { weights, events, alarms, health } = this.recorder;
    const [first] = this.requests;
    const samples = first ? this.load.samples({ from: first.time, to: seconds, seconds: SAMPLE_SECONDS }) : [];
    return { seconds, samples, weights, events, alarms, health };
  }

  /** Removes all containers. */
  public async close(): Promise<void> {
    await this.endLoad();
    await this.service.stop();
    this.tasks.close();
    await this.loadBalancer.stop();
    await this.faults.close();
  }

  private async endLoad(): Promise<void> {
    this.isOver = true;
    await this.load.stop();
    this.watch.stop();
  }
}

/** This machine, as the containers reach it. */
async function gatewayOf(engine: Engine): Promise<string> {
  return engine.docker('network', 'inspect', '--format', '{{(index .IPAM.Config 0).Gateway}}', 'bridge');
}
