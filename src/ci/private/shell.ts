/** A text as one word of a shell command. */
export function quote(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

/** A variable of the shell that is a list. */
export function list(name: string, texts: string[]): string {
  return `${name}=(${texts.map(quote).join(' ')})`;
}

/**
 * A function of the shell. Its lines stay as they are: some are those of a document that ends with a line of its own.
 */
export function shellFunction(name: string, lines: string[]): string[] {
  return [`${name}() {`, ...(lines.length > 0 ? lines : [':']), '}'];
}
