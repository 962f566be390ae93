import { Clock } from './clock';
import { ask } from '../engine/http';

export interface SmokeTestOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly codes: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** As the library's function does it, which runs on AWS in a Lambda function. */
const ROUNDS_IN_A_ROW = 3;
const INTERVAL_SECONDS = 5;
const TIMEOUT_SECONDS = 60;
/** An answer takes as long at any speed. */
const LEAST_TIMEOUT = 5000;

/** Asks the new tasks through the test listener until some rounds in a row succeed. @throws if they do not in time */
export async function runSmokeTest({ host, port, path, codes, clock, signal }: SmokeTestOptions): Promise<void> {
  const deadline = Date.now() + Math.max(clock.milliseconds(TIMEOUT_SECONDS), LEAST_TIMEOUT);
  let answer = '';
  for (let inARow = 0; inARow < ROUNDS_IN_A_ROW;) {
    if (Date.now() > deadline) {
      throw new Error(`the smoke test got no ${codes} from ${path} ${ROUNDS_IN_A_ROW} times in a row; the last answer was ${answer}`);
    }
    if (inARow > 0 || answer !== '') { await clock.pause(INTERVAL_SECONDS, signal); }
    answer = await ask({ host, port }, 'GET', path).then(({ status }) => String(status), (error: unknown) => String(error));
    inARow = matchesCodes(codes, answer) ? inARow + 1 : 0;
  }
}

/** Whether a status is one of the codes of a health check, such as `200-299,301`. */
export function matchesCodes(codes: string, status: string): boolean {
  return codes.split(',').some((range) => {
    const [from, to = from] = range.split('-');
    return /^\d{3}$/.test(status) && status >= from && status <= to;
  });
}
