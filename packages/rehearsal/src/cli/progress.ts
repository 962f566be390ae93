import { Color } from '../assembly/model';
import { clock, count, countOf, decimal, shorten } from '../report/format';
import { removeControls } from '../report/markup';

/** What is known while a rehearsal runs. */
export interface ProgressState {
  readonly scenario?: string;
  /** What happens now, such as `build` or `canary`. */
  readonly phase?: string;
  readonly weights?: Readonly<Record<Color, number>>;
  readonly requestsPerSecond?: number;
  /** Failed requests since the scenario began. */
  readonly errors?: number;
}

export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly output: ProgressOutput;
  /** Milliseconds. @default - the time of the machine */
  readonly now?: () => number;
}

/** A terminal redraws its line no more often than this, in milliseconds, unless the phase changes. */
const REDRAW = 100;

/** While errors grow, a log gets a line no more often than this, in milliseconds. */
const ERROR_LINES = 10_000;

const CLEAR = '\r\u001b[K';

/**
 * Shows where a rehearsal is.
 *
 * In a terminal, one line is rewritten. Elsewhere, such as in CI, each change of the phase, of the traffic or of the
 * errors is a line with the time of day; the request rate alone is none.
 */
export class Progress {
  private readonly output: ProgressOutput;
  private readonly now: () => number;
  private readonly startedAt: number;
  private state: ProgressState = {};
  private shownAt = Number.NEGATIVE_INFINITY;
  private shownErrors = 0;
  private shownKey = '';
  private lineIsOpen = false;

  constructor({ output, now = Date.now }: ProgressOptions) {
    this.output = output;
    this.now = now;
    this.startedAt = now();
  }

  /** Takes over what is given, and shows it; a new scenario forgets the figures of the last. */
  update(change: ProgressState): void {
    const begins = change.scenario !== undefined && change.scenario !== this.state.scenario;
    this.state = begins ? change : { ...this.state, ...change };
    if (begins) { this.shownErrors = 0; }
    if (this.output.isTTY) { this.redraw(); } else { this.append(); }
  }

  /** Writes a line that stays. */
  note(text: string): void {
    this.end();
    this.output.write(this.output.isTTY ? `${plain(text)}\n` : `${this.timeOfDay()} ${plain(text)}\n`);
  }

  /** Removes the line that was rewritten. */
  end(): void {
    if (this.lineIsOpen) { this.output.write(CLEAR); }
    this.lineIsOpen = false;
  }

  private redraw(): void {
    const [now, key] = [this.now(), this.key()];
    if (key === this.shownKey && now - this.shownAt < REDRAW) { return; }
    this.output.write(`${CLEAR}${shorten(this.line(true), Math.max(20, (this.output.columns ?? 80) - 1))}`);
    this.lineIsOpen = true;
    this.remember(now, key);
  }

  private append(): void {
    const [now, key, errors] = [this.now(), this.key(), this.state.errors ?? 0];
    const firstErrors = errors > 0 && this.shownErrors === 0;
    const moreErrors = errors > this.shownErrors && now - this.shownAt >= ERROR_LINES;
    if (key === this.shownKey && !firstErrors && !moreErrors) { return; }
    this.output.write(`${this.timeOfDay()} ${this.line(false)}\n`);
    this.remember(now, key);
  }

  private remember(now: number, key: string): void {
    this.shownAt = now;
    this.shownKey = key;
    this.shownErrors = this.state.errors ?? 0;
  }

  /** Of which a change is always shown. */
  private key(): string {
    const { scenario, phase, weights } = this.state;
    return JSON.stringify([scenario, phase, weights?.blue, weights?.green]);
  }

  private line(live: boolean): string {
    const { scenario, phase, weights, requestsPerSecond, errors } = this.state;
    const parts = [
      [scenario, phase].filter((part) => part !== undefined).map(plain).join(': '),
      weights && `blue ${decimal(weights.blue)} % green ${decimal(weights.green)} %`,
      requestsPerSecond !== undefined && `${count(requestsPerSecond)} req/s`,
      errors !== undefined && (errors === 0 ? 'no errors' : countOf(errors, 'error')),
    ].filter((part) => typeof part === 'string' && part !== '');
    const elapsed = clock((this.now() - this.startedAt) / 1000);
    return live ? [elapsed, ...parts].join('  ') : [...parts, `after ${elapsed}`].join(', ');
  }

  private timeOfDay(): string {
    return new Date(this.now()).toISOString().slice(11, 19);
  }
}

/** On one line, without what would control the terminal. */
function plain(text: string): string {
  return removeControls(text).replace(/\s+/g, ' ');
}
