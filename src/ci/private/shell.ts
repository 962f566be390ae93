/** A string as one word of a shell command. */
export function quote(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

/** An array variable of the shell. */
export function list(name: string, texts: string[]): string {
  return `${name}=(${texts.map(quote).join(' ')})`;
}

/**
 * A shell function. Its lines are not indented, since some belong to here-documents with a terminating line.
 */
export function shellFunction(name: string, lines: string[]): string[] {
  return [`${name}() {`, ...(lines.length > 0 ? lines : [':']), '}'];
}
