import { execFileSync } from 'child_process';

/** `**` goes into every directory, and a name may begin with a dot; without `IFS` a space in a name is a space. */
export const EXPAND = `shopt -s globstar nullglob dotglob
IFS=
expand() {
  for pattern in "$@"; do
    for found in $pattern; do
      printf '%s\\0' "$found"
    done
  done | sort --zero-terminated --unique
}`;

/** What the patterns name, relative to the directory; a directory goes without what is in it. */
export function expandGlobs(directory: string, patterns: readonly string[]): string[] {
  const output = execFileSync('bash', ['-c', `${EXPAND}\nexpand "$@"`, 'bash', ...patterns], { cwd: directory, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return output.split('\0').filter((path) => path !== '');
}
