/** A text as one word of a shell command. */
export function quote(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

/**
 * Several lines as one command of the buildspec.
 *
 * CodeBuild documents one shell for all commands; its own runner starts one for each. So a command is a subshell with options of its own.
 */
export function block(lines: string[]): string {
  return ['(', 'set -euo pipefail', ...lines, ')'].join('\n');
}

/** A function of the shell. Its lines stay as they are: some are those of a document that ends with a line of its own. */
export function shellFunction(name: string, lines: string[]): string[] {
  return [`${name}() {`, ...lines, '}'];
}

/** Where the build keeps the functions that its commands call. */
export const PROGRAM = '"$DELIVERY_HOME/program.sh"';

/** A command that calls a function of the program. */
export function call(name: string): string {
  return block([`. ${PROGRAM}`, name]);
}
