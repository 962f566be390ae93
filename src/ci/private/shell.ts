/** A text as one word of a shell command. */
export function quote(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
