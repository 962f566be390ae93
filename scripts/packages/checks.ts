/** Counts checks: one that throws fails, and the others go on. */
export class Checks {
  private passed = 0;
  private failed = 0;

  /** Runs a check and hands back what it found, or `undefined` when it failed. */
  public async run<T>(name: string, check: () => Promise<T> | T): Promise<T | undefined> {
    const start = Date.now();
    try {
      const result = await check();
      this.passed++;
      console.log(`ok    ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
      return result;
    } catch (error) {
      this.failed++;
      console.log(`FAIL  ${name}\n${indent(error instanceof Error ? error.message : String(error))}`);
      return undefined;
    }
  }

  /** Closes with the line that CI reads, and gives the exit code. */
  public finish(): number {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed > 0 ? 1 : 0;
  }
}

function indent(text: string): string {
  return text.split('\n').map((line) => `      ${line}`).join('\n');
}
