import { Color } from '../assembly/model';
import { FailureKind } from '../report/record';

/** One request of the load, and what came of it. */
export interface RequestRecord {
  /** When it was due, in seconds from the start of the scenario. */
  readonly time: number;
  /** In milliseconds, from when it was due to the end of the answer or the failure. */
  readonly latency: number;
  /** Who answered; undefined if nobody or the load balancer itself did. */
  readonly color?: Color;
  readonly status?: number;
  readonly failure?: FailureKind;
  /** The text of a broken connection, such as `ECONNRESET`. */
  readonly error?: string;
}

/** The kind of failure of an answer; undefined if it is none. */
export function failureOf(status: number, color: Color | undefined): FailureKind | undefined {
  if (status < 500) { return undefined; }
  return color === undefined ? 'loadBalancer' : 'application';
}
