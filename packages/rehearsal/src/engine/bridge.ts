import { execFileSync } from 'child_process';
import { readFileSync, writeFileSync } from 'fs';
import { cleanEnvironment } from './requirements';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const PREFIX = 'rehearsal';
const SUBNETS = 200;

/** A network bridge of the containers, with the few rules that let them out. */
export interface Bridge {
  readonly name: string;
  readonly remove: () => void;
}

/**
 * Makes a bridge for one engine alone.
 *
 * An engine left to itself makes `docker0`, chains in every table and a FORWARD policy that drops, which two engines
 * would take from each other and none takes away. So it gets a bridge of its own and is told to leave the firewall
 * alone: three rules do.
 */
export function createBridge(): Bridge {
  const forwarding = readFileSync(FORWARDING, 'utf8').trim();
  const { name, subnet } = addLink();
  const added: string[][] = [];
  const remove = () => {
    added.reverse().forEach((rule) => attempt('iptables', ['-w', ...rule.map((word) => (word === '-I' ? '-D' : word))]));
    attempt('ip', ['link', 'delete', name]);
    // another engine that runs still needs it
    if (forwarding === '0' && bridges().length === 0) {
      writeFileSync(FORWARDING, forwarding);
    }
  };
  try {
    call('ip', ['address', 'add', `${subnet}.1/24`, 'dev', name]);
    call('ip', ['link', 'set', name, 'up']);
    for (const rule of [
      ['-I', 'FORWARD', '-i', name, '-j', 'ACCEPT'],
      ['-I', 'FORWARD', '-o', name, '-j', 'ACCEPT'],
      ['-t', 'nat', '-I', 'POSTROUTING', '-s', `${subnet}.0/24`, '!', '-o', name, '-j', 'MASQUERADE'],
    ]) {
      call('iptables', ['-w', ...rule]);
      added.push(rule);
    }
    writeFileSync(FORWARDING, '1');
  } catch (error) {
    remove();
    throw error;
  }
  return { name, remove };
}

/** The kernel refuses a name that is taken, so two engines that start together get two. */
function addLink(): { readonly name: string; readonly subnet: string } {
  const routes = call('ip', ['-4', 'route', 'show']);
  const free = Array.from({ length: SUBNETS }, (_, index) => index).filter((index) => !routes.includes(`172.29.${index}.`));
  for (const index of free) {
    if (attempt('ip', ['link', 'add', `${PREFIX}${index}`, 'type', 'bridge'])) {
      return { name: `${PREFIX}${index}`, subnet: `172.29.${index}` };
    }
  }
  throw new Error('no network bridge could be made for the containers');
}

function bridges(): string[] {
  return call('ip', ['-brief', 'link', 'show']).split('\n').filter((line) => line.startsWith(PREFIX));
}

function call(file: string, args: readonly string[]): string {
  return execFileSync(file, args, { encoding: 'utf8', env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
}

function attempt(file: string, args: readonly string[]): boolean {
  try {
    call(file, args);
    return true;
  } catch {
    return false;
  }
}
