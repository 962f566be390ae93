import { execFileSync } from 'child_process';
import { existsSync, readdirSync } from 'fs';
import { homedir } from 'os';
import { join } from 'path';

/** An interpreter of this machine that can make environments. */
export interface Interpreter {
  /** Such as `3.12.1`. */
  readonly version: string;
  /** Such as `3.12`. */
  readonly minor: string;
  readonly path: string;
}

/** `_base_executable` is the interpreter itself when the script runs in a virtual environment. */
const DESCRIBE = 'import ensurepip, sys, venv; print("%d.%d.%d" % sys.version_info[:3], getattr(sys, "_base_executable", sys.executable))';

/** The interpreters of this machine, the one called `python3` first. */
export function findInterpreters(): readonly [Interpreter, ...Interpreter[]] {
  const main = describe('python3');
  if (!main) {
    throw new Error('python3 of version 3.9 or newer with venv and ensurepip is needed (Debian: apt-get install python3-venv)');
  }
  const others = candidates().flatMap((path) => describe(path) ?? []);
  const unique = others.filter(({ version }, index) => version !== main.version
    && others.findIndex((other) => other.version === version) === index);
  return [main, ...unique];
}

/** The interpreter of a version such as `3.12`, or the first where this machine has none. */
export function chooseFor(
  version: string | undefined, interpreters: readonly [Interpreter, ...Interpreter[]],
): Interpreter {
  return interpreters.find(({ minor }) => minor === version) ?? interpreters[0];
}

/** The one that runs the tools of the program. */
export function newestOf(interpreters: readonly [Interpreter, ...Interpreter[]]): Interpreter {
  return [...interpreters].sort((one, other) => Number(other.minor.slice(2)) - Number(one.minor.slice(2)))[0];
}

function candidates(): string[] {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions');
  const installed = existsSync(versions) ? readdirSync(versions).map((name) => join(versions, name, 'bin', 'python')) : [];
  return [...[9, 10, 11, 12, 13, 14].map((minor) => `python3.${minor}`), ...installed];
}

function describe(path: string): Interpreter | undefined {
  try {
    const output = execFileSync(path, ['-c', DESCRIBE], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [, version, executable] = /^(\S+) (.+)$/.exec(output.trim()) ?? [];
    const [major, minor] = version.split('.').map(Number);
    return major === 3 && minor >= 9 ? { version, minor: `${major}.${minor}`, path: executable } : undefined;
  } catch {
    return undefined; // not there, or without what an environment needs
  }
}
