import { existsSync, readdirSync, readFileSync, rmdirSync } from 'fs';
import { join } from 'path';

const ROOT = '/sys/fs/cgroup';

/** Ends what still runs in a control group, and removes the group from every hierarchy. */
export function removeControlGroup(name: string): void {
  const roots = [ROOT, ...directoriesIn(ROOT)];
  const groups = roots.map((root) => join(root, name)).filter(existsSync).flatMap(deepestFirst);
  for (const pid of new Set(groups.flatMap(membersOf))) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it ended in the meantime
    }
  }
  groups.forEach((group) => {
    try {
      rmdirSync(group);
    } catch {
      // a process takes a moment to end; an empty group costs nothing
    }
  });
}

function deepestFirst(group: string): string[] {
  return [...directoriesIn(group).flatMap(deepestFirst), group];
}

function directoriesIn(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    .map(({ name }) => join(path, name));
}

function membersOf(group: string): number[] {
  const file = join(group, 'cgroup.procs');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').map(Number).filter((pid) => pid > 0) : [];
}
