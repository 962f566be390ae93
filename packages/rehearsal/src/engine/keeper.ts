/**
 * Keeps an engine for the process that forked it: the Docker engine, two registries over one storage, and the tunnel
 * between them.
 *
 * It is a process of its own so that all of it ends however the other one does, even when that is killed: then the
 * channel between them closes.
 */
import { ChildProcess, execFileSync, spawn } from 'child_process';
import { randomBytes } from 'crypto';
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'fs';
import { request } from 'http';
import { AddressInfo, createServer } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { createBridge } from './bridge';
import { removeControlGroup } from './control-group';
import { cleanEnvironment, DOCKER } from './requirements';
import { Certificate, Credentials, DockerHub, Traffic, Tunnel } from './tunnel';

/** What the keeper is told, as its one argument in JSON. */
export interface KeeperOptions {
  readonly region: string;
  /** The account that Docker Hub knows. */
  readonly dockerHub: Credentials;
}

/** Where everything is. */
export interface EngineFacts {
  readonly directory: string;
  readonly socket: string;
  /** The network of the containers. */
  readonly bridge: string;
  readonly certificate: string;
  /** Where the registries keep their images. */
  readonly storage: string;
  readonly registryPort: number;
  readonly registryPassword: string;
}

/** What the keeper says. */
export type Message = { readonly ready: EngineFacts } | { readonly failed: string } | {
  readonly traffic: Readonly<Record<string, Traffic>>;
};

const START_SECONDS = 40;
const STOP_SECONDS = 15;
const SYSTEM_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

/** What dockerd and containerd leave outside the directories that they are given. */
const TRACES = ['/etc/docker', '/opt/containerd', '/run/docker', '/run/containerd', '/var/lib/docker-engine'];
const TRUST_KEY = '/etc/docker/key.json';

/** What is to undo, the last first; one that fails leaves the others their turn. */
class Undo {
  private readonly steps: { readonly what: string; readonly run: () => void | Promise<void> }[] = [];

  public add(what: string, run: () => void | Promise<void>): void {
    this.steps.push({ what, run });
  }

  /** Returns what went wrong. */
  public async all(): Promise<string[]> {
    const problems: string[] = [];
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step.run();
      } catch (error) {
        problems.push(`${step.what}: ${String(error)}`);
      }
    }
    return problems;
  }
}

class Keeper {
  public readonly undo = new Undo();
  public stopping = false;
  private readonly directory = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  private tunnel?: Tunnel;

  constructor(private readonly options: KeeperOptions) {
    this.undo.add('directory', () => rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 }));
  }

  public get traffic(): Readonly<Record<string, Traffic>> {
    return this.tunnel?.traffic() ?? {};
  }

  public async start(): Promise<EngineFacts> {
    const files = this.createCertificate();
    const storage = join(this.directory, 'registry');
    const registryPassword = randomBytes(24).toString('base64url');
    const passwords = join(this.directory, 'htpasswd');
    const hashed = execFileSync('htpasswd', ['-niBC', '5', 'AWS'], { input: registryPassword, encoding: 'utf8', env: cleanEnvironment() });
    writeFileSync(passwords, hashed.trimStart());
    const registryPort = await this.startRegistry('private', { ...files, storage, passwords });
    const publicPort = await this.startRegistry('public', { ...files, storage });
    const proxyPort = await this.startTunnel(files, registryPort, publicPort);
    const docker = await this.startDocker(proxyPort, files.certificate);
    return {
      directory: this.directory, ...docker, certificate: files.certificate, storage, registryPort, registryPassword,
    };
  }

  private createCertificate(): Certificate {
    const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(this.directory, name));
    const names = [`*.dkr.ecr.${this.options.region}.amazonaws.com`, 'public.ecr.aws', 'registry-1.docker.io', 'index.docker.io', 'auth.docker.io'];
    execFileSync('openssl', [
      'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate, '-subj', '/CN=rehearsal',
      '-addext', `subjectAltName=${[...names.map((name) => `DNS:${name}`), 'IP:127.0.0.1'].join(',')}`,
    ], { stdio: ['ignore', 'ignore', 'pipe'], env: cleanEnvironment() });
    return { key, certificate };
  }

  /**
   * With passwords it stands for ECR, which asks everybody; without it stands for the public ones, which take nothing.
   */
  private async startRegistry(
    name: string, { key, certificate, storage, passwords }: Certificate & {
      readonly storage: string;
      readonly passwords?: string;
    },
  ): Promise<number> {
    const port = await freePort();
    const file = join(this.directory, `${name}.yml`);
    // JSON is YAML
    writeFileSync(file, JSON.stringify({
      version: 0.1,
      log: { level: 'error', accesslog: { disabled: true } },
      storage: {
        filesystem: { rootdirectory: storage },
        delete: { enabled: true },
        maintenance: { uploadpurging: { enabled: false }, readonly: { enabled: passwords === undefined } },
      },
      http: { addr: `127.0.0.1:${port}`, relativeurls: true, secret: 'rehearsal', tls: { certificate, key } },
      ...(passwords && { auth: { htpasswd: { realm: 'ecr', path: passwords } } }),
    }));
    this.spawn(`${name} registry`, 'docker-registry', ['serve', file], cleanEnvironment());
    return port;
  }

  private async startTunnel(files: Certificate, registryPort: number, publicPort: number): Promise<number> {
    const hub = new DockerHub(files, publicPort, this.options.dockerHub);
    const hubPort = await hub.listen();
    this.undo.add('docker hub', () => hub.close());
    this.tunnel = new Tunnel((host) => {
      if (host.includes('.dkr.ecr.')) { return registryPort; }
      return host.endsWith('.docker.io') ? hubPort : publicPort;
    });
    const port = await this.tunnel.listen();
    this.undo.add('tunnel', () => this.tunnel?.close());
    return port;
  }

  private async startDocker(proxyPort: number, certificate: string): Promise<Pick<EngineFacts, 'socket' | 'bridge'>> {
    const [root, run, socket, pid, bundle] = ['data', 'run', 'docker.sock', 'docker.pid', 'bundle.pem'].map((name) => join(this.directory, name));
    writeFileSync(bundle, [SYSTEM_BUNDLE, certificate].filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8')).join('\n'));
    this.watchTraces();
    this.undo.add('mounts', () => this.unmount());
    this.undo.add('leftover processes', () => this.killLeftovers());
    const bridge = createBridge();
    this.undo.add('bridge', bridge.remove);
    this.undo.add('control group', () => removeControlGroup(bridge.name));
    const daemon = this.spawn('dockerd', 'dockerd', [
      '--data-root', root, '--exec-root', run, '--pidfile', pid, '--host', `unix://${socket}`, '--config-file', this.emptyConfiguration(),
      '--storage-driver', 'overlay2', '--cgroup-parent', `/${bridge.name}`,
      '--bridge', bridge.name, '--iptables=false', '--ip-forward=false', '--ip-masq=false', '--userland-proxy=true',
    ], cleanEnvironment({ HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`, SSL_CERT_FILE: bundle, DOCKER_TMPDIR: join(this.directory, 'tmp') }));
    // dockerd waits for a build that runs, but not for one whose process is gone
    this.undo.add('builds', () => removeControlGroup(bridge.name));
    this.undo.add('containers', () => removeContainers(socket));
    await this.waitForDocker(daemon, socket);
    return { socket, bridge: bridge.name };
  }

  /** The machine's own /etc/docker/daemon.json is for the machine's own engine. */
  private emptyConfiguration(): string {
    const file = join(this.directory, 'daemon.json');
    writeFileSync(file, '{}');
    mkdirSync(join(this.directory, 'tmp'));
    return file;
  }

  private async waitForDocker(daemon: ChildProcess, socket: string): Promise<void> {
    for (const deadline = Date.now() + START_SECONDS * 1000; Date.now() < deadline;) {
      if (daemon.exitCode !== null || daemon.signalCode !== null || this.stopping) { break; }
      if (await answers(socket)) { return; }
      await sleep(100);
    }
    const log = readFileSync(join(this.directory, 'dockerd.log'), 'utf8').trim().split('\n');
    const reason = log.reverse().find((line) => /failed|error|fatal/i.test(line)) ?? log[0];
    throw new Error(`dockerd could not start: ${reason}`);
  }

  private spawn(name: string, file: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    const log = openSync(join(this.directory, `${name}.log`), 'w');
    const child = spawn(file, args, { cwd: this.directory, env, stdio: ['ignore', log, log] });
    this.undo.add(name, () => endProcess(child));
    return child;
  }

  private watchTraces(): void {
    const absent = TRACES.filter((path) => !existsSync(path));
    const hadKey = existsSync(TRUST_KEY);
    this.undo.add('traces', () => {
      if (!hadKey) { rmSync(TRUST_KEY, { force: true }); }
      absent.forEach(removeEmptyDirectories);
    });
  }

  /** Shims and what they run leave the session of the engine, but not its directory and control group. */
  private killLeftovers(): void {
    const list = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
    for (const line of list.filter((text) => text.includes(this.directory))) {
      const pid = Number.parseInt(line, 10);
      if (pid !== process.pid && pid > 1) { killQuietly(pid); }
    }
  }

  private unmount(): void {
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n').map((line) => line.split(' ')[1] ?? '');
    mounts.filter((path) => path.startsWith(`${this.directory}/`)).reverse().forEach((path) => execFileSync('umount', ['--lazy', path]));
  }
}

function removeContainers(socket: string): void {
  const docker = (args: readonly string[]) => execFileSync(DOCKER, ['--host', `unix://${socket}`, ...args], {
    encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: cleanEnvironment(), timeout: STOP_SECONDS * 1000,
  });
  if (!existsSync(socket)) { return; }
  const ids = docker(['ps', '--all', '--quiet']).split('\n').filter((id) => id !== '');
  if (ids.length > 0) {
    docker(['rm', '--force', ...ids]);
  }
}

/** Asks a program to end, and makes it end when it takes too long. */
async function endProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) { return; }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000);
  await ended;
  clearTimeout(timer);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended in the meantime
  }
}

function removeEmptyDirectories(path: string): void {
  try {
    readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory())
      .forEach(({ name }) => removeEmptyDirectories(join(path, name)));
    rmdirSync(path);
  } catch {
    // it is not there, or something else uses it
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    request({ socketPath, path: '/_ping', timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false)).end();
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function main(): Promise<void> {
  const keeper = new Keeper(JSON.parse(process.argv[2]) as KeeperOptions);
  const say = (message: Message) => {
    if (process.connected) { process.send?.(message); }
  };
  const stop = new Promise<void>((resolve) => {
    const end = () => {
      keeper.stopping = true;
      resolve();
    };
    process.on('disconnect', end);
    // the other one may have ended before this one listened
    if (!process.connected) { end(); }
    (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).forEach((signal) => process.on(signal, end));
  });
  process.on('message', () => say({ traffic: keeper.traffic }));
  try {
    if (!keeper.stopping) { say({ ready: await keeper.start() }); }
    await stop;
  } catch (error) {
    say({ failed: error instanceof Error ? error.message : String(error) });
  }
  const problems = await keeper.undo.all();
  problems.forEach((problem) => console.error(`the engine's end: ${problem}`));
  process.exit(problems.length > 0 ? 1 : 0);
}

void main();
