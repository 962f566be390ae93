import { Duration, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { describeValue, fail, show } from './errors';

/** A whole number and its bounds. */
export interface IntegerBounds {
  readonly min: number;
  readonly max: number;
  /** What the reader should do, the end of the sentence. */
  readonly remedy: string;
}

/** Refuses a number that is not whole or lies outside the bounds; tokens pass. */
export function requireInteger(
  scope: IConstruct, prop: string, value: number | undefined, bounds: IntegerBounds,
): void {
  if (value === undefined || Token.isUnresolved(value)) { return; }
  if (!Number.isInteger(value) || value < bounds.min || value > bounds.max) {
    fail(scope, `'${prop}' must be a whole number from ${bounds.min} to ${bounds.max}, got ${show(value)}; ${bounds.remedy}`);
  }
}

/** Refuses what is no text, such as a number from plain JavaScript. @returns whether there is a text that is known */
function isKnownText(scope: IConstruct, prop: string, value: string | undefined): value is string {
  if (value === undefined || Token.isUnresolved(value)) { return false; }
  if (typeof value !== 'string') {
    fail(scope, `'${prop}' must be a text, got ${describeValue(value)}`);
  }
  return true;
}

/** Refuses an empty text or one of white space only; tokens pass. */
export function requireText(scope: IConstruct, prop: string, value: string | undefined, remedy: string): void {
  if (isKnownText(scope, prop, value) && value.trim() === '') {
    fail(scope, `'${prop}' must not be empty, got ${show(value)}; ${remedy}`);
  }
}

/** Refuses a text that does not match the pattern; tokens pass. */
export function requirePattern(
  scope: IConstruct, prop: string, value: string | undefined, pattern: RegExp, rule: string,
): void {
  if (isKnownText(scope, prop, value) && !pattern.test(value)) {
    fail(scope, `'${prop}' must ${rule}, got ${show(value)}`);
  }
}

const MILLISECONDS = { milliseconds: 1, seconds: 1000, minutes: 60_000, days: 86_400_000 };

/** A duration's bounds, in the unit that AWS takes. */
export interface DurationBounds {
  readonly unit: 'milliseconds' | 'seconds' | 'minutes' | 'days';
  readonly min: number;
  readonly max: number;
  /** What the reader should do, the end of the sentence. */
  readonly remedy: string;
}

/** Refuses a duration that is not a whole number of the unit or lies outside the bounds; tokens pass. */
export function requireDuration(
  scope: IConstruct, prop: string, value: Duration | undefined, bounds: DurationBounds,
): void {
  if (value === undefined || value.isUnresolved()) { return; }
  const amount = value.toMilliseconds({ integral: false }) / MILLISECONDS[bounds.unit];
  if (!Number.isInteger(amount) || amount < bounds.min || amount > bounds.max) {
    fail(scope, `'${prop}' must be a whole number of ${bounds.unit} from ${bounds.min} to ${bounds.max}, got ${value.toHumanString()}; ${bounds.remedy}`);
  }
}

/** Refuses options that say nothing beside another one, instead of ignoring them. */
export function requireAbsent(
  scope: IConstruct, given: string, others: { [prop: string]: unknown }, remedy: string,
): void {
  const present = Object.keys(others).filter((prop) => others[prop] !== undefined);
  if (present.length > 0) {
    const names = present.map((prop) => `'${prop}'`).join(', ');
    fail(scope, `${names} cannot be used together with '${given}'; ${remedy}`);
  }
}

/** Refuses what is neither true nor false, such as an object that an option of this name accepted before. */
export function requireBoolean(scope: IConstruct, prop: string, value: boolean | undefined, remedy: string): void {
  if (value !== undefined && typeof value !== 'boolean') {
    fail(scope, `'${prop}' must be true or false, got a value of type ${show(typeof value)}; ${remedy}`);
  }
}
