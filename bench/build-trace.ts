import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { BuildSpec } from '../packages/rehearsal/src/assembly/rendered';

/** A part of a build: from and to in seconds after its first command began. */
export interface Step {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

interface Event {
  readonly name: string;
  readonly time: number;
}

/**
 * What bash writes down of a build: when each command begins and ends, and when each function of our program is at
 * work.
 */
export class Trace {
  private readonly log: string;
  private readonly script: string;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.log = join(directory, 'log');
    this.script = join(directory, 'trace.sh');
    writeFileSync(this.script, traceScript(this.log));
  }

  /** Bash reads this file before any script: the buildspec stays as it is. */
  public get environment(): Readonly<Record<string, string>> {
    return { BASH_ENV: this.script };
  }

  public steps(spec: BuildSpec): Step[] {
    const text = existsSync(this.log) ? readFileSync(this.log, 'utf8') : '';
    const commands = [...text.matchAll(/@@([\d.]+) command (\S+)@@/g)].map(([, time, script]) => ({ name: nameOf(script, spec), time: Number(time) }));
    const functions = [...text.matchAll(/@@([\d.]+) function ([\w ]+)@@/g)].flatMap(([, time, stack]) => partOf(stack).map((name) => ({ name, time: Number(time) })));
    return toSteps([...commands, ...functions]);
  }
}

/**
 * A function's line is written before the line is run, so what a function does last is not counted; here that is never
 * more than a moment.
 */
const traceScript = (log: string) => String.raw`case "$0" in
  */program.sh)
    exec {BASH_XTRACEFD}>> '${log}'
    PS4='+@@$EPOCHREALTIME function ${'${FUNCNAME[*]}'}@@ '
    set -x ;;
  */commands/*-*-*.sh)
    __mark() { printf '@@%s command %s@@\n' "$EPOCHREALTIME" "${'${0##*/}'}" >> '${log}'; }
    __mark
    trap __mark EXIT ;;
esac
`;

/** They say nothing of what is at work. */
const HELPERS = ['main', 'beside', 'wanted'];

/**
 * The functions that run beside each other: those that \`check\` calls. The innermost function comes first in the
 * stack.
 */
function partOf(stack: string): string[] {
  const [outermost, part] = stack.split(' ').filter((name) => !HELPERS.includes(name)).reverse();
  return outermost === 'check' && part ? [`  ${part}`] : [];
}

/** The command itself, or the function that it calls. */
function nameOf(script: string, { phases }: BuildSpec): string {
  const [, phase, part, index] = /^(\w+)-(\w+)-(\d+)\.sh$/.exec(script) ?? [];
  const commands = (part === 'finally' ? phases[phase]?.finally : phases[phase]?.commands) ?? [];
  const command = commands[Number(index)] ?? script;
  const [, called] = /program\.sh" (\w+)$/.exec(command) ?? [];
  if (called) { return called; }
  return command.includes('\n') ? 'unpack, copy the source' : command.slice(0, 44);
}

function toSteps(events: readonly Event[]): Step[] {
  const begin = Math.min(...events.map(({ time }) => time));
  const byName = new Map<string, number[]>();
  for (const { name, time } of events) {
    byName.set(name, [...byName.get(name) ?? [], time - begin]);
  }
  return [...byName].map(([name, times]) => ({ name, from: Math.min(...times), to: Math.max(...times) }))
    .sort((a, b) => a.from - b.from);
}
