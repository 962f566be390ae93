import { Color } from '../assembly/model';
import { FailureKind } from '../report/record';

/** The header of an answer of the application, with the color that gave it. */
export const COLOR_HEADER = 'X-Rehearsal-Color';
/** The header of any answer to a request for which the load balancer had a target, with the color of its group. */
export const TARGET_HEADER = 'X-Rehearsal-Target';

/** One request of the load, and what came of it. */
export interface RequestRecord {
  /** When it was due, in seconds from the start of the scenario. */
  readonly time: number;
  /** In milliseconds, from when it was due to the end of the answer or the failure. */
  readonly latency: number;
  /** Who answered; undefined if nobody or the load balancer itself did. */
  readonly color?: Color;
  /** The target group of the chosen target, also for an answer of the load balancer; undefined if it had no target. */
  readonly group?: Color;
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
