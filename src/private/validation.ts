import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { describeValue, fail, show } from './errors';
import { DURATION, requireKind, STRING } from './kinds';
import { isUnknown } from './unknown-values';

/** The bounds of a whole number. */
export interface IntegerBounds {
  readonly min: number;
  readonly max: number;
  /** The reason or the fix, as the end of the error. */
  readonly remedy: string;
}

/** Fails if a number is not whole or is out of bounds. Unknown values pass. */
export function requireInteger(
  scope: IConstruct, prop: string, value: number | undefined, bounds: IntegerBounds,
): void {
  if (value === undefined || isUnknown(value)) { return; }
  if (!Number.isInteger(value) || value < bounds.min || value > bounds.max) {
    fail(scope, `'${prop}' must be a whole number from ${bounds.min} to ${bounds.max}, got ${describeValue(value)}; ${bounds.remedy}`);
  }
}

/** Whether a string is known at synth. Fails if a value is not a string, such as a number from plain JavaScript. */
function isKnownText(scope: IConstruct, prop: string, value: string | undefined): value is string {
  requireKind(scope, prop, value, STRING);
  return value !== undefined && !isUnknown(value);
}

/** Fails if a string is empty or contains only white space. Unknown values pass. */
export function requireText(scope: IConstruct, prop: string, value: string | undefined, remedy: string): void {
  if (isKnownText(scope, prop, value) && value.trim() === '') {
    fail(scope, `'${prop}' must not be empty, got ${show(value)}; ${remedy}`);
  }
}

/**
 * Fails for a path with a backslash, as Windows writes it. The backslash is not replaced: on Linux it is part of a
 * name, and in a pattern it escapes. Unknown values pass.
 */
export function requireForwardSlashes(
  scope: IConstruct, prop: string, value: string | undefined, describe = describeValue,
): void {
  if (isKnownText(scope, prop, value) && value.includes('\\')) {
    fail(scope, `'${prop}' must not contain a backslash, got ${describe(value)}; use forward slashes, also if you synthesize on Windows`);
  }
}

/** Fails if a string does not match the pattern. Unknown values pass. */
export function requirePattern(
  scope: IConstruct, prop: string, value: string | undefined, pattern: RegExp, rule: string, describe = describeValue,
): void {
  if (isKnownText(scope, prop, value) && !pattern.test(value)) {
    fail(scope, `'${prop}' must ${rule}, got ${describe(value)}`);
  }
}

const MILLISECONDS = { milliseconds: 1, seconds: 1000, minutes: 60_000, days: 86_400_000 };

/** The bounds of a duration, in the unit that AWS uses. */
export interface DurationBounds {
  readonly unit: 'milliseconds' | 'seconds' | 'minutes' | 'days';
  readonly min: number;
  readonly max: number;
  /** The reason or the fix, as the end of the error. */
  readonly remedy: string;
}

/** Fails if a duration is not a whole number of the unit or is out of bounds. Unknown values pass. */
export function requireDuration(
  scope: IConstruct, prop: string, value: Duration | undefined, bounds: DurationBounds,
): void {
  requireKind(scope, prop, value, DURATION);
  if (value === undefined || value.isUnresolved()) { return; }
  const amount = value.toMilliseconds({ integral: false }) / MILLISECONDS[bounds.unit];
  if (!Number.isInteger(amount) || amount < bounds.min || amount > bounds.max) {
    fail(scope, `'${prop}' must be a whole number of ${bounds.unit} from ${bounds.min} to ${bounds.max}, got ${value.toHumanString()}; ${bounds.remedy}`);
  }
}

/** Fails if options are set that would have no effect together with another one. */
export function requireAbsent(
  scope: IConstruct, given: string, others: { [prop: string]: unknown }, remedy: string,
): void {
  const present = Object.keys(others).filter((prop) => others[prop] !== undefined);
  if (present.length > 0) {
    const names = present.map((prop) => `'${prop}'`).join(', ');
    fail(scope, `${names} cannot be used together with '${given}'; ${remedy}`);
  }
}
