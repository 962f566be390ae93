/** What a case expected and did not get. */
export class Expectations {
  public readonly failures: string[] = [];

  public that(fulfilled: boolean, text: string): void {
    if (!fulfilled) {
      this.failures.push(text);
    }
  }

  public equal(actual: unknown, expected: unknown, what: string): void {
    const [got, wanted] = [actual, expected].map((value) => JSON.stringify(value));
    this.that(got === wanted, `${what} is ${got}, not ${wanted}`);
  }
}
