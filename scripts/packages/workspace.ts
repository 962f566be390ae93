import { ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

export const REPOSITORY = resolve(__dirname, '../..');
/** Maven's local repository of all runs, with the 190 MB of aws-cdk-lib and plugins. */
export const MAVEN_CACHE = join(REPOSITORY, '.cache/maven');

// a registry that hangs must not hang the run
const TIMEOUT_MS = 10 * 60 * 1000;
// enough to see why a command failed
const OUTPUT_TAIL = 4000;

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A temporary folder outside the repository, with the processes that work in it: `close` removes both. */
export class Workspace {
  public readonly root = mkdtempSync(join(tmpdir(), 'test-packages-'));
  private readonly running = new Set<ChildProcess>();
  private readonly temporary = this.folder('tmp');

  public folder(name: string): string {
    const path = join(this.root, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** The environment of a user who knows nothing of this repository, with all temporary files in this workspace. */
  public env(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return {
      ...outsideEnv(),
      TMPDIR: this.temporary,
      // the same version of the package is built again and again: no kernel cache may outlive the run
      JSII_RUNTIME_PACKAGE_CACHE_ROOT: join(this.root, 'jsii-cache'),
      JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
      // the templates are compared, not validated: validation takes 5 to 10 seconds a process
      CDK_VALIDATION: 'false',
      ...extra,
    };
  }

  /** The folder for temporary files, for tools that do not read `TMPDIR`. */
  public get temporaryFolder(): string {
    return this.temporary;
  }

  /** Runs a command to its end and hands back what it printed; throws unless it exits with 0. */
  public async run(command: string, args: string[], options: CommandOptions): Promise<string> {
    // a process group of its own, so that its end takes along what the command started
    const child = spawn(command, args, { ...options, env: options.env ?? this.env(), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.running.add(child);
    const timer = setTimeout(() => endGroup(child), TIMEOUT_MS);
    try {
      return await outputOf(child, [command, ...args].join(' '));
    } finally {
      clearTimeout(timer);
      endGroup(child);
      this.running.delete(child);
    }
  }

  public close(): void {
    this.running.forEach(endGroup);
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

function outputOf(child: ChildProcess, command: string): Promise<string> {
  return new Promise((done, fail) => {
    let output = '';
    const collect = (chunk: Buffer) => { output += chunk.toString(); };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', fail);
    child.on('close', (code, signal) => code === 0
      ? done(output)
      : fail(new Error(`${command}: ended with ${code ?? signal}\n${output.slice(-OUTPUT_TAIL)}`)));
  });
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // the whole group has ended by itself
  }
}

/** What `npm run` and projen add would lead a nested npm, Python or CDK back into this repository. */
function outsideEnv(): NodeJS.ProcessEnv {
  const inside = /^(npm_(package|lifecycle|command|execpath|config_local_prefix)|INIT_CWD$|NODE_PATH$|VIRTUAL_ENV$|PYTHON(PATH|HOME)$|CDK_)/;
  const kept = Object.entries(process.env).filter(([name]) => !inside.test(name));
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.startsWith(REPOSITORY));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}
