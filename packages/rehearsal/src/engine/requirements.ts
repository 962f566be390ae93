import { accessSync, constants } from 'fs';
import { delimiter, join } from 'path';

/** What the engine runs, and the Debian package that has it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'dockerd': 'docker.io',
  'docker-registry': 'docker-registry',
  'iptables': 'iptables',
  'ip': 'iproute2',
  'htpasswd': 'apache2-utils',
  'openssl': 'openssl',
  'ps': 'procps',
};

/** The client of Debian's docker.io: one that lies before it on PATH may have no builder that can use the engine's. */
export const DOCKER = '/usr/bin/docker';

/** A user's PATH need not have the directories of the system's programs. */
const PATH = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].join(delimiter);

/** The environment of the programs that the engine starts: none of the machine's own Docker settings, no proxy. */
export function cleanEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(DOCKER_.*|BUILDKIT_.*|COMPOSE_.*|.*_PROXY|.*_proxy|NODE_.*)$/.test(name));
  return { ...Object.fromEntries(kept), PATH, ...more };
}

/** What somebody has to do before an engine can run, or why it cannot, in one sentence. */
export class EngineError extends Error {}

/** @throws one sentence that says what to do */
export function requireEngine(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new EngineError('the Docker engine of this test needs Linux and root');
  }
  const packages = Object.entries(PROGRAMS).filter(([program]) => !isThere(program)).map(([, name]) => name);
  if (!isExecutable(DOCKER)) {
    packages.push('docker.io');
  }
  if (packages.length > 0) {
    const names = [...new Set(packages)].join(' ');
    throw new EngineError(`the Docker engine of this test needs more programs: apt-get update && apt-get install -y --no-install-recommends ${names}`);
  }
}

function isThere(program: string): boolean {
  return PATH.split(delimiter).some((directory) => isExecutable(join(directory, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
