const MODULUS = [2147483563, 2147483399] as const;
const MULTIPLIER = [40014, 40692] as const;

/** Random numbers from a seed: the same seed gives the same numbers on every machine. */
export class Random {
  private first: number;
  private second: number;

  constructor(seed: string) {
    const hash = (factor: number, modulus: number) =>
      1 + [...seed].reduce((sum, character) => (sum * factor + character.charCodeAt(0)) % (modulus - 1), 7);
    this.first = hash(257, MODULUS[0]);
    this.second = hash(263, MODULUS[1]);
    // similar seeds start with similar numbers
    for (let skipped = 0; skipped < 10; skipped++) { this.next(); }
  }

  /** A number from 0 to 1, without 0 and 1: the combined generator of L'Ecuyer, 1988. */
  public next(): number {
    this.first = this.first * MULTIPLIER[0] % MODULUS[0];
    this.second = this.second * MULTIPLIER[1] % MODULUS[1];
    const difference = this.first - this.second;
    return (difference < 1 ? difference + MODULUS[0] - 1 : difference) / MODULUS[0];
  }

  /** The number of successes in `count` trials: inversion that starts at the most probable number. */
  public binomial(count: number, probability: number): number {
    if (count === 0 || probability <= 0) { return 0; }
    if (probability >= 1) { return count; }
    const odds = probability / (1 - probability);
    const mode = Math.floor((count + 1) * probability);
    const peak = Math.exp(logFactorial(count) - logFactorial(mode) - logFactorial(count - mode)
      + mode * Math.log(probability) + (count - mode) * Math.log1p(-probability));
    let rest = this.next() - peak;
    let [above, below] = [peak, peak];
    for (let step = 1; rest >= 0 && (above > 0 || below > 0); step++) {
      above *= odds * Math.max(0, count - mode - step + 1) / (mode + step);
      rest -= above;
      if (rest < 0) { return mode + step; }
      below *= Math.max(0, mode - step + 1) / (odds * (count - mode + step));
      rest -= below;
      if (rest < 0) { return mode - step; }
    }
    return mode;
  }
}

const LOG_FACTORIALS = [0];

function logFactorial(number: number): number {
  for (let next = LOG_FACTORIALS.length; next <= number; next++) {
    LOG_FACTORIALS.push(LOG_FACTORIALS[next - 1] + Math.log(next));
  }
  return LOG_FACTORIALS[number];
}
