import { Agent, IncomingMessage, request } from 'http';
import { setTimeout as sleep } from 'timers/promises';
import { COLOR_HEADER, failureOf, RequestRecord, TARGET_HEADER } from './requests';
import { SampleOptions, samplesOf } from './samples';
import { Color } from '../assembly/model';
import { FailureKind, Sample } from '../report/record';

export interface LoadOptions {
  readonly host: string;
  readonly port: number;
  /** In turn. */
  readonly paths: readonly string[];
  readonly requestsPerSecond: number;
  /** Seconds since the start of the scenario. */
  readonly now: () => number;
  /** The share of the requests on connections that are kept. By default a half. */
  readonly keptAlive?: number;
  /** After how many milliseconds a request has failed. By default 10 s. */
  readonly timeout?: number;
  /** Is called with each request when it has ended. */
  readonly onRequest?: (record: RequestRecord) => void;
}

const TICK_MILLISECONDS = 5;
const DEFAULT_TIMEOUT = 10_000;
/** Shorter than the idle timeout of the load balancer, which would else close a connection that is just used. */
const IDLE_MILLISECONDS = 15_000;

/** Requests at a constant rate, however long the answers take, as many users together make them. */
export class Load {
  public readonly records: RequestRecord[] = [];
  private readonly kept = new Agent({ keepAlive: true, scheduling: 'fifo', timeout: IDLE_MILLISECONDS });
  private readonly running = new Set<Promise<void>>();
  private timer?: NodeJS.Timeout;
  private began = 0;
  private count = 0;

  constructor(private readonly options: LoadOptions) {}

  public start(): void {
    this.began = this.options.now();
    this.count = 0;
    this.timer = setInterval(() => this.sendDue(), TICK_MILLISECONDS);
  }

  /** Sends nothing more, and waits for the answers to what was sent. */
  public async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.running);
    // sockets close after their last answer only
    await sleep(0);
    this.kept.destroy();
  }

  /** The requests that have failed. */
  public get failed(): readonly RequestRecord[] {
    return this.records.filter(({ failure }) => failure !== undefined);
  }

  public samples(options: SampleOptions): Sample[] {
    return samplesOf(this.records, options);
  }

  private sendDue(): void {
    const { now, requestsPerSecond, paths, keptAlive = 0.5 } = this.options;
    const due = Math.floor((now() - this.began) * requestsPerSecond);
    for (; this.count < due; this.count++) {
      const time = this.began + this.count / requestsPerSecond;
      const isKept = Math.floor((this.count + 1) * keptAlive) > Math.floor(this.count * keptAlive);
      const running: Promise<void> = this.send(time, paths[this.count % paths.length], isKept)
        .finally(() => this.running.delete(running));
      this.running.add(running);
    }
  }

  private send(time: number, path: string, isKept: boolean): Promise<void> {
    const { host, port, timeout = DEFAULT_TIMEOUT } = this.options;
    return new Promise((resolve) => {
      let ended = false;
      const end = (outcome: Omit<RequestRecord, 'time' | 'latency'>) => {
        if (ended) { return; }
        ended = true;
        clearTimeout(timer);
        this.add({ time, latency: (this.options.now() - time) * 1000, ...outcome });
        resolve();
      };
      const fail = (failure: FailureKind, error?: string) => end({ failure, error });
      const outgoing = request({ host, port, path, agent: isKept ? this.kept : false }, (response) => {
        response.on('error', (error) => fail('connection', error.message));
        response.on('close', () => response.complete || fail('connection', 'the answer was cut short'));
        response.on('end', () => end(this.outcomeOf(response)));
        response.resume();
      });
      outgoing.on('error', ({ message }) => fail('connection', message));
      const timer = setTimeout(() => {
        fail('timeout');
        outgoing.destroy();
      }, timeout);
      outgoing.end();
    });
  }

  private outcomeOf({ statusCode: status = 0, headers }: IncomingMessage): Omit<RequestRecord, 'time' | 'latency'> {
    const colorIn = (header: string) => headers[header.toLowerCase()] as Color | undefined;
    const [color, group] = [COLOR_HEADER, TARGET_HEADER].map(colorIn);
    return { status, color, group, failure: failureOf(status, color) };
  }

  private add(record: RequestRecord): void {
    this.records.push(record);
    this.options.onRequest?.(record);
  }
}
