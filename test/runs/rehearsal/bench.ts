import { copyFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { errorAlarm, RELEASE, service as sampleService } from './sample-service';
import { ReleaseModel, ServiceModel, TaskModel } from '../../../packages/rehearsal/src/assembly/model';
import { findInterpreters } from '../../../packages/rehearsal/src/build/pythons';
import { Clock } from '../../../packages/rehearsal/src/deployment/clock';
import { Deployment } from '../../../packages/rehearsal/src/deployment/deployment';
import { removeAll, RunId } from '../../../packages/rehearsal/src/deployment/docker-engine';
import { LoadBalancer } from '../../../packages/rehearsal/src/deployment/load-balancer';
import { Mutation } from '../../../packages/rehearsal/src/deployment/mutation';
import { Recorder } from '../../../packages/rehearsal/src/deployment/recorder';
import { Secrets } from '../../../packages/rehearsal/src/deployment/secrets';
import { Service } from '../../../packages/rehearsal/src/deployment/service';
import { Tasks } from '../../../packages/rehearsal/src/deployment/tasks';
import { Engine } from '../../../packages/rehearsal/src/engine/engine';
import { publishService } from '../../../packages/rehearsal/src/engine/service-images';
import { AlarmWatch } from '../../../packages/rehearsal/src/load/alarm-watch';
import { Load } from '../../../packages/rehearsal/src/load/load';
import { createDirectory, removeDirectory } from '../../../packages/rehearsal/src/processes';

export const IMAGE = 'sample-app:1';

/** Puts the image of the load balancer and that of the application where the engine finds them. */
export async function provideImages(engine: Engine): Promise<void> {
  const [interpreter] = findInterpreters();
  await publishService(engine, 'haproxy', interpreter);
  const context = createDirectory();
  copyFileSync(join(__dirname, 'app.py'), join(context, 'app.py'));
  writeFileSync(join(context, 'Dockerfile'), [
    `FROM public.ecr.aws/docker/library/python:${interpreter.minor}-slim`, 'COPY app.py /app.py', 'CMD ["python3", "-B", "/app.py"]', '',
  ].join('\n'));
  await engine.docker('build', '--tag', IMAGE, context);
  removeDirectory(context);
}

export interface BenchOptions {
  readonly engine: Engine;
  readonly task: TaskModel;
  readonly speed: number;
  readonly mutation?: Mutation;
  readonly secrets?: Secrets;
  readonly release?: ReleaseModel;
  readonly service?: Partial<ServiceModel>;
  readonly requestsPerSecond?: number;
  readonly paths?: readonly string[];
}

/** A service that runs, with load on it. */
export class Bench {
  public static async start(options: BenchOptions): Promise<Bench> {
    const run = new RunId();
    const { engine, mutation } = options;
    const clock = new Clock(options.speed);
    const recorder = new Recorder(clock, ({ time, text }) => console.log(`  ${time.toFixed(1).padStart(6)} s  ${text}`));
    const model = sampleService(options.task, options.service);
    const release = options.release ?? RELEASE;
    const loadBalancer = await LoadBalancer.start({
      engine, run, recorder, mutation, release, targetGroups: model.targetGroups, targetPort: model.target.port,
    });
    const tasks = new Tasks({ engine, run, recorder, mutation, secrets: options.secrets });
    const service = new Service({ service: model, tasks, loadBalancer, recorder, mutation });
    return new Bench(run, engine, release, service, options);
  }

  public readonly load: Load;
  public readonly watch: AlarmWatch;

  private constructor(
    private readonly run: RunId, private readonly engine: Engine, private readonly release: ReleaseModel,
    public readonly service: Service, { requestsPerSecond = 200, paths = ['/'] }: BenchOptions,
  ) {
    const { recorder, loadBalancer, service: { targetGroups } } = service.surroundings;
    const now = () => recorder.clock.now;
    this.watch = new AlarmWatch({
      alarms: [errorAlarm('BlueGroup'), errorAlarm('GreenGroup')],
      targetGroups,
      speed: recorder.clock.speed,
      now,
      hostCounts: () => loadBalancer.hostCounts(),
      onChange: (alarm, state) => {
        recorder.alarm(alarm, state);
        recorder.event('deployment', `the alarm '${alarm}' is in ${state}`);
      },
    });
    this.load = new Load({
      host: loadBalancer.address,
      port: release.productionPort,
      paths,
      requestsPerSecond,
      now,
      onRequest: (record) => this.watch.add(record),
    });
  }

  public get recorder(): Recorder {
    return this.service.surroundings.recorder;
  }

  public deployment(steadyLimit?: number): Deployment {
    return new Deployment({ service: this.service, release: this.release, alarms: this.watch, steadyLimit });
  }

  /** Starts the service, then the load. */
  public async begin(): Promise<void> {
    await this.service.create(600);
    this.watch.start();
    this.load.start();
  }

  /** Ends all of it, and returns what docker still knows of it. */
  public async end(): Promise<string> {
    await this.load.stop();
    this.watch.stop();
    await this.service.stop();
    const { tasks, loadBalancer } = this.service.surroundings;
    tasks.close();
    await loadBalancer.stop();
    const left = await this.engine.docker('ps', '--all', '--format', '{{.Names}}', '--filter', this.run.filter);
    await removeAll(this.engine, this.run);
    return left;
  }
}
