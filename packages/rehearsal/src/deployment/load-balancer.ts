import { chmodSync, writeFileSync } from 'fs';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { AdminSocket } from './admin-socket';
import { addressOf, DockerEngine, RunId } from './docker-engine';
import { ADMIN_PORT, DIRECTORY, haproxyConfiguration, HaproxyOptions, MAP, SLOTS } from './haproxy-configuration';
import { Recorder } from './recorder';
import { Color } from '../assembly/model';
import { DOCKER } from '../engine/requirements';
import { HostCounts } from '../load/target-metrics';
import { createDirectory, removeDirectory } from '../processes';

export const HAPROXY_IMAGE = 'public.ecr.aws/docker/library/haproxy:lts';
const START_MILLISECONDS = 10_000;
/** How often the states of the targets are read. */
const REFRESH_MILLISECONDS = 100;

export interface LoadBalancerOptions extends Omit<HaproxyOptions, 'clock'> {
  readonly engine: DockerEngine;
  readonly run: RunId;
  readonly recorder: Recorder;
  /** The port of the tasks. */
  readonly targetPort: number;
  readonly image?: string;
}

/** A task in a target group. */
export interface Target {
  readonly color: Color;
  readonly server: string;
  /** Whether it passes the health checks. */
  healthy: boolean;
  /** Whether it ever did, so that it is not in its initial state. */
  wasHealthy: boolean;
  /** Whether the last health check failed. */
  failing: boolean;
  draining: boolean;
  readonly registeredAt: number;
}

/** HAProxy in a container, in the place of an Application Load Balancer with two target groups. */
export class LoadBalancer {
  /** Starts with all traffic on blue, and without targets. */
  public static async start(options: LoadBalancerOptions): Promise<LoadBalancer> {
    const container = options.run.name('load-balancer');
    const { engine } = options;
    const files = createDirectory();
    // the image's user must be able to read it
    chmodSync(files, 0o755);
    try {
      const { clock } = options.recorder;
      writeFileSync(join(files, 'haproxy.cfg'), haproxyConfiguration({ ...options, clock }));
      writeFileSync(join(files, 'weights.map'), 'production 0\ntest 0\n');
      await engine.docker(
        'create', '--name', container, ...options.run.labels, options.image ?? HAPROXY_IMAGE, 'haproxy', '-f', `${DIRECTORY}/haproxy.cfg`,
      );
      await engine.docker('cp', `${files}/.`, `${container}:${DIRECTORY}`);
      await engine.docker('start', container);
    } finally {
      removeDirectory(files);
    }
    const loadBalancer = new LoadBalancer(options, container, await addressOf(engine, container));
    await loadBalancer.begin();
    return loadBalancer;
  }

  private readonly admin: AdminSocket;
  private readonly targets = new Set<Target>();
  private timer?: NodeJS.Timeout;

  private constructor(
    private readonly options: LoadBalancerOptions, private readonly container: string,
    /** Where the listeners are, on their ports. */
    public readonly address: string,
  ) {
    this.admin = new AdminSocket(address, ADMIN_PORT);
  }

  /** Sends a share of the production traffic to the tasks of green, in percent. */
  public async shift(green: number): Promise<void> {
    const applied = this.options.mutation === 'wrong-weights' ? 100 - green : green;
    await this.admin.tell(`set map ${MAP} production ${applied}`);
    this.options.recorder.weight(applied);
  }

  /** Sends the traffic of the test listener to one target group. */
  public async routeTest(color: Color): Promise<void> {
    await this.admin.tell(`set map ${MAP} test ${color === 'green' ? 100 : 0}`);
  }

  /** Adds a task, which gets requests as soon as it has passed its health checks. */
  public async register(color: Color, address: string, port = this.options.targetPort): Promise<Target> {
    const used = new Set([...this.targets].map(({ server }) => server));
    const server = Array.from({ length: SLOTS }, (_, index) => `${color}${index + 1}`).find((name) => !used.has(name));
    if (server === undefined) { throw new Error(`the load balancer has no place for more than ${SLOTS} targets in ${color}`); }
    const target: Target = {
      color,
      server,
      healthy: false,
      wasHealthy: false,
      failing: false,
      draining: false,
      registeredAt: this.options.recorder.clock.now,
    };
    this.targets.add(target);
    const name = `${color}/${server}`;
    // a new server counts as up until its first check has failed, so all of it goes at once
    await this.admin.tell([
      `set server ${name} addr ${address} port ${port}`, `set server ${name} state ready`,
      `enable health ${name}`, `set server ${name} health down`,
    ].join('; '));
    return target;
  }

  /** Sends no new request to a task. Those that run may go on. */
  public async drain(target: Target): Promise<void> {
    if (target.draining || !this.targets.has(target)) { return; }
    target.draining = true;
    await this.admin.tell(`set server ${target.color}/${target.server} state drain`);
  }

  /** Removes a task. What still waits for its answer goes on to wait. */
  public async deregister(target: Target): Promise<void> {
    if (!this.targets.has(target)) { return; }
    await this.admin.tell(`set server ${target.color}/${target.server} state maint`);
    this.targets.delete(target);
  }

  /** How many targets of each group are healthy and unhealthy. A target in its initial state is neither. */
  public hostCounts(): HostCounts {
    const count = (color: Color) => {
      const targets = [...this.targets].filter((target) => target.color === color && !target.draining);
      return {
        healthy: targets.filter(({ healthy }) => healthy).length,
        unhealthy: targets.filter((target) => !target.healthy && !this.isInitial(target)).length,
      };
    };
    return { blue: count('blue'), green: count('green') };
  }

  public async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.options.engine.docker('rm', '--force', '--volumes', this.container);
  }

  /** A new target that passes its checks is not unhealthy while it has not passed enough of them. */
  private isInitial({ color, wasHealthy, failing, registeredAt }: Target): boolean {
    const { interval, unhealthyThreshold } = this.options.targetGroups[color].healthCheck;
    const { clock } = this.options.recorder;
    const isNew = clock.now - registeredAt < clock.milliseconds(interval * unhealthyThreshold) / 1000;
    return !wasHealthy && (!failing || isNew);
  }

  private async begin(): Promise<void> {
    for (const deadline = Date.now() + START_MILLISECONDS; ;) {
      try {
        await this.refresh();
        break;
      } catch (error) {
        if (Date.now() > deadline) {
          const { errors } = await this.options.engine.run(DOCKER, ['logs', '--tail', '5', this.container]);
          throw new Error(`the load balancer did not start: ${errors.trim() || String(error)}`);
        }
        await sleep(50);
      }
    }
    this.options.recorder.weight(0);
    this.timer = setInterval(() => void this.refresh().catch(() => undefined), REFRESH_MILLISECONDS).unref();
  }

  private async refresh(): Promise<void> {
    const states = new Map((await this.admin.servers()).map((state) => [state.server, state]));
    for (const target of this.targets) {
      target.healthy = states.get(target.server)?.up ?? false;
      target.failing = states.get(target.server)?.failing ?? false;
      target.wasHealthy ||= target.healthy;
    }
  }
}
