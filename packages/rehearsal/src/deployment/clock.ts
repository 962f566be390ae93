import { setTimeout as sleep } from 'timers/promises';

/** The time of a scenario: real seconds since its start, and waits of AWS that pass faster. */
export class Clock {
  private readonly start = performance.now();

  /** @param speed how many times faster than on AWS the waits pass */
  constructor(public readonly speed: number) {
    if (!(speed > 0)) { throw new Error(`the speed must be a number above 0, got ${speed}`); }
  }

  /** Real seconds since the start. */
  public get now(): number {
    return (performance.now() - this.start) / 1000;
  }

  /** The real milliseconds of seconds on AWS. */
  public milliseconds(seconds: number): number {
    return seconds * 1000 / this.speed;
  }

  /** Waits for seconds on AWS. @throws the reason of the signal when it is aborted */
  public async pause(seconds: number, signal?: AbortSignal): Promise<void> {
    await this.real(this.milliseconds(seconds), signal);
  }

  /** Waits for real milliseconds. @throws the reason of the signal when it is aborted */
  public async real(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
  }
}
