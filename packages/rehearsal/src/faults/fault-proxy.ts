import { Agent, createServer, IncomingMessage, request, Server, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import { setTimeout as sleep } from 'timers/promises';

/** What happens to a request before, or instead of, what the application does. */
export interface Fault {
  /** Of 1: to which share of the requests it happens. */
  readonly share: number;
  /** A status that the proxy answers with. */
  readonly status?: number;
  /** Milliseconds that the request waits first. */
  readonly delay?: number;
  /** The connection breaks without an answer. */
  readonly breaks?: boolean;
  /** Only requests to this path, without a query. @default - all but health checks */
  readonly path?: string;
}

export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Health checks of the load balancer have this user agent, as those of AWS do. */
const HEALTH_CHECKER = /^ELB-HealthChecker\//;

/** Between the load balancer and one task, so that no application needs code for tests. */
export class FaultProxy {
  /** Starts one on an address that the load balancer reaches. */
  public static async start(target: Target, address: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await new Promise<void>((resolve, reject) => proxy.server.once('error', reject).listen(0, address, resolve));
    return proxy;
  }

  private readonly server: Server;
  // a connection that the application closes at the moment of its reuse would look like a lost request
  private readonly agent = new Agent({ keepAlive: false });
  private faults: readonly Fault[] = [];

  private constructor(private readonly target: Target, private readonly random = Math.random) {
    this.server = createServer((incoming, outgoing) => void this.handle(incoming, outgoing));
    // the load balancer decides how long a connection stays open
    this.server.keepAliveTimeout = 0;
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** From now on; none without arguments. */
  public inject(...faults: readonly Fault[]): void {
    this.faults = faults;
  }

  public async close(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const fault = this.faults.find((one) => applies(one, incoming) && this.random() < one.share);
    if (fault?.delay) { await sleep(fault.delay); }
    if (fault?.breaks) {
      incoming.socket.destroy();
    } else if (fault?.status !== undefined) {
      incoming.resume();
      outgoing.writeHead(fault.status, { 'Content-Type': 'text/plain' }).end('a fault of the rehearsal\n');
    } else {
      this.forward(incoming, outgoing);
    }
  }

  private forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url, headers } = incoming;
    const inner = request({ ...this.target, agent: this.agent, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    // a task that is gone breaks the connection, as it does without the proxy
    inner.on('error', () => incoming.socket.destroy());
    outgoing.on('close', () => inner.destroy());
    incoming.pipe(inner);
  }
}

function applies({ path }: Fault, { url = '', headers }: IncomingMessage): boolean {
  return path === undefined ? !HEALTH_CHECKER.test(headers['user-agent'] ?? '') : url.split('?')[0] === path;
}
