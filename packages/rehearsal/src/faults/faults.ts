import { Fault, FaultProxy, Target } from './fault-proxy';

/** A proxy in front of each task that starts while faults are injected; the others are reached as on AWS. */
export class Faults {
  private readonly proxies: FaultProxy[] = [];
  private faults?: readonly Fault[];

  /**
   * @param address of this machine, as containers reach it
   * @param port of the tasks
   */
  constructor(private readonly address: string, private readonly port: number) {}

  /** For tasks that start from now on, and those that started since the first call. */
  public inject(...faults: readonly Fault[]): void {
    this.faults = faults;
    this.proxies.forEach((proxy) => proxy.inject(...faults));
  }

  /** Where the load balancer finds a task. */
  public async before(host: string): Promise<Target> {
    const target = { host, port: this.port };
    if (!this.faults) { return target; }
    const proxy = await FaultProxy.start(target, this.address);
    proxy.inject(...this.faults);
    this.proxies.push(proxy);
    return { host: this.address, port: proxy.port };
  }

  public async close(): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
  }
}
