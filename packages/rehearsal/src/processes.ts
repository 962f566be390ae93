import { ChildProcess, execFileSync, spawn } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** Sessions that may have processes, by the id of the process that opened each. */
const sessions = new Set<number>();
const directories = new Set<string>();

export interface Finished {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly timedOut: boolean;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts a program as the first of a session, so that what it starts can be found again whatever group it moves to. */
export function start({ file, args, cwd, env }: Command): ChildProcess {
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid !== undefined) {
    sessions.add(child.pid);
  }
  return child;
}

/** Runs a program to its end, and ends what it left behind. */
export function run(command: Command, timeoutSeconds: number): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = start(command);
    const chunks: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endSession(child);
    }, timeoutSeconds * 1000);
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    // a process left behind would keep the pipes open, and 'close' would wait for it
    child.on('exit', () => endSession(child));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, output: Buffer.concat(chunks).toString(), timedOut });
    });
  });
}

/** Kills what is left of the session that a program opened. */
export function endSession({ pid }: ChildProcess): void {
  if (pid === undefined) { return; }
  for (const member of membersOf(pid)) {
    try {
      process.kill(member, 'SIGKILL');
    } catch {
      // it ended in the meantime
    }
  }
  sessions.delete(pid);
}

function membersOf(session: number): number[] {
  try {
    return execFileSync('ps', ['-o', 'pid=', '-s', String(session)], { encoding: 'utf8' }).split('\n').map(Number).filter((id) => id > 0);
  } catch {
    return []; // ps ends with 1 when there is none
  }
}

export function createDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'rehearsal-'));
  directories.add(directory);
  return directory;
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  directories.delete(directory);
}

/** Leaves nothing behind, also when somebody interrupts the script or stops to read what it says. */
export function cleanUpOnSignals(stop: () => Promise<void>): void {
  let ending = false;
  const cleanUp = async () => {
    [...sessions].forEach((pid) => endSession({ pid } as ChildProcess));
    await stop().catch(console.error);
    [...directories].forEach(removeDirectory);
    process.exit(130);
  };
  const onEnd = () => {
    if (!ending) { void cleanUp(); }
    ending = true;
  };
  (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).forEach((signal) => process.on(signal, onEnd));
  // nobody reads any more, as after `| head`
  process.stdout.on('error', onEnd);
}
