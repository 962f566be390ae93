import { ChildProcess, fork, spawn } from 'child_process';
import { mkdtempSync, readFileSync } from 'fs';
import { extname, join } from 'path';
import { BaseImages } from './base-images';
import { EngineFacts, KeeperOptions, Message } from './keeper';
import { Registry } from './registry';
import { cleanEnvironment, DOCKER, EngineError, requireEngine } from './requirements';
import { Traffic } from './tunnel';

export { Registry } from './registry';
export { DOCKER, EngineError } from './requirements';
export type { Credentials, Traffic } from './tunnel';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

export interface Output {
  readonly code: number | null;
  /** What came on standard output. */
  readonly text: string;
  readonly errors: string;
}

/** Those that this process has started and not ended. */
const keepers = new Set<ChildProcess>();

/** Ends every engine of this process, also one that has not started yet: for a process that was told to end. */
export async function stopEngines(): Promise<void> {
  await Promise.all([...keepers].map(ending));
}

/**
 * Starts a Docker engine and a registry that answers to the names of ECR, of its public gallery and of Docker Hub.
 *
 * Both belong to this process and end with it, however it ends.
 *
 * @throws one sentence that says what is missing or what went wrong
 */
export async function startEngine(options: KeeperOptions): Promise<Engine> {
  requireEngine();
  const keeper = fork(join(__dirname, `keeper${extname(__filename)}`), [JSON.stringify(options)], { detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  keepers.add(keeper);
  keeper.once('exit', () => keepers.delete(keeper));
  const message = await nextMessage(keeper).catch((error: unknown) => ({ failed: String(error) }));
  if (!('ready' in message)) {
    await ending(keeper);
    throw new EngineError('failed' in message ? message.failed : 'the engine answered before it was ready');
  }
  // whoever forgets to stop it must not wait for ever
  keeper.unref();
  keeper.channel?.unref();
  return new Engine(keeper, message.ready);
}

/** A running engine. */
export class Engine {
  public readonly registry: Registry;
  public readonly images: BaseImages;

  constructor(private readonly keeper: ChildProcess, public readonly facts: EngineFacts) {
    this.registry = new Registry(facts);
    this.images = new BaseImages(this.registry, facts.directory);
  }

  /** What the client needs to talk to this engine, with a directory for its logins. */
  public environment(configuration: string = mkdtempSync(join(this.facts.directory, 'client-'))): Readonly<Record<string, string>> {
    return { DOCKER_HOST: `unix://${this.facts.socket}`, DOCKER_BUILDKIT: '1', DOCKER_CONFIG: configuration };
  }

  /** Runs any program to its end with that environment. */
  public run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Output> {
    return new Promise((resolve, reject) => {
      const env = cleanEnvironment({ ...this.environment(this.facts.directory), ...options.env });
      const child = spawn(file, args, { cwd: options.cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
      const [output, errors]: Buffer[][] = [[], []];
      child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, text: Buffer.concat(output).toString(), errors: Buffer.concat(errors).toString() }));
      // it may end before it has read all
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.input ?? '');
    });
  }

  /** The output of a docker command. @throws when it fails */
  public async docker(...args: readonly string[]): Promise<string> {
    const { code, text, errors } = await this.run(DOCKER, args);
    if (code !== 0) {
      throw new Error(`docker ${args.join(' ')} ended with ${code}: ${errors.trim()}`);
    }
    return text.trim();
  }

  /** Leaves the engine as a new machine has it: no container, image or cache. What the registry holds stays. */
  public async prune(): Promise<void> {
    const containers = (await this.docker('ps', '--all', '--quiet')).split('\n').filter((id) => id !== '');
    if (containers.length > 0) {
      await this.docker('rm', '--force', ...containers);
    }
    await this.docker('image', 'prune', '--all', '--force');
    await this.docker('builder', 'prune', '--all', '--force');
  }

  /** What went between engine and registries so far, by the registry's host. */
  public async traffic(): Promise<Readonly<Record<string, Traffic>>> {
    this.keeper.channel?.ref();
    const answer = nextMessage(this.keeper);
    this.keeper.send('traffic');
    const message = await answer;
    this.keeper.channel?.unref();
    return 'traffic' in message ? message.traffic : {};
  }

  /** What containers, those of a build too, sent and received so far, such as packages; images are not in it. */
  public containerTraffic(): Traffic {
    const read = (name: string) => Number(readFileSync(`/sys/class/net/${this.facts.bridge}/statistics/${name}`, 'utf8'));
    return { sent: read('rx_bytes'), received: read('tx_bytes') };
  }

  /** Ends the engine and all that belongs to it. */
  public async stop(): Promise<void> {
    const code = await ending(this.keeper);
    if (code !== 0) {
      throw new Error('the engine did not end as it should: see above');
    }
  }
}

function nextMessage(keeper: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const failed = () => reject(new Error('the engine ended without a word'));
    keeper.once('exit', failed);
    keeper.once('error', reject);
    keeper.once('message', (message) => {
      keeper.off('exit', failed);
      keeper.off('error', reject);
      resolve(message as Message);
    });
  });
}

async function ending(keeper: ChildProcess): Promise<number | null> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) { return keeper.exitCode; }
  keeper.ref();
  const ended = new Promise<number | null>((resolve) => keeper.once('exit', resolve));
  if (keeper.connected) { keeper.disconnect(); }
  return ended;
}
