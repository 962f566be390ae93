import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

/**
 * What a stand-in ends with when the build calls something that it should not: no such code comes from the tools
 * themselves.
 */
export const UNEXPECTED = 97;

/** The line of a script that refuses the call. */
export const UNEXPECTED_CALL = 'refuse "an unexpected call: $*"';

/** A call of `docker` or `aws`. */
export interface Call {
  readonly tool: string;
  readonly args: readonly string[];
  /** How many bytes came on standard input, when that was a password. */
  readonly stdinSize: number;
  /** What the gates had recorded by then, such as `pytest=passed`. */
  readonly gates: readonly string[];
}

/**
 * The beginning of a script that writes its call into the log: fields and entries end with characters that no argument
 * has.
 */
export const RECORD = (state: string, tool: string) => String.raw`#!/usr/bin/env bash
set -euo pipefail
shopt -s nullglob
stdin=''
case " $* " in *' --password-stdin '*) stdin="$(cat)" ;; esac
gates="$({ cd "${'${DELIVERY_HOME:-}'}/gates" && for gate in *; do printf '%s=%s ' "$gate" "$(tr ' ' '-' < "$gate")"; done; } 2> /dev/null || true)"
{
  printf '%s\x1f%s\x1f%s' ${tool} "${'${#stdin}'}" "$gates"
  printf '\x1f%s' "$@"
  printf '\x1e'
} >> '${state}/calls'
refuse() {
  echo "${tool}: $1" | tee -a '${state}/unexpected' >&2
  exit ${UNEXPECTED}
}
`;

export function readCalls(state: string): Call[] {
  const log = join(state, 'calls');
  if (!existsSync(log)) { return []; }
  return readFileSync(log, 'utf8').split('\x1e').slice(0, -1).map((entry) => {
    const [tool, stdinSize, gates, ...args] = entry.split('\x1f');
    return { tool, stdinSize: Number(stdinSize), gates: gates.split(' ').filter((gate) => gate !== ''), args };
  });
}

/** The calls that a stand-in refused, whatever the build made of it. */
export function readUnexpected(state: string): string[] {
  const log = join(state, 'unexpected');
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
}
