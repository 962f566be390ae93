import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { fullNameOf } from './cdk-internals';
import { describeType, describeValue, fail } from './errors';
import { isPlain, requireKnownNames } from './known-names';
import { mark, markOf } from './marks';
import { findOtherPlace, Place } from './places';

/** A function that describes a value in an error. */
type Description = (value: unknown) => string;

/** The construct that has the option, and the description of a wrong value. */
interface Inspection {
  readonly scope: IConstruct;
  readonly describe: Description;
}

/**
 * The class or type of the values that an option accepts.
 *
 * TypeScript checks it, Java does, and Python does for most values. Plain JavaScript does not.
 */
export interface Kind {
  /** Returns the error for a value of another kind, without the construct path. */
  readonly problemWith: (prop: string, value: unknown, inspection: Inspection) => string | undefined;
  /** Whether the option has no default. */
  readonly required?: boolean;
}

/** The kind of an option without a default. */
export interface RequiredKind extends Kind {
  readonly required: true;
}

/** The kind of every option of a struct, so that the compiler reports an option without a kind. */
export type KindsOf<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? Kind : RequiredKind };

/** Fails if a value is of another kind. */
export function requireKind(scope: IConstruct, prop: string, value: unknown, kind: Kind): void {
  if (value === undefined && !kind.required) { return; }
  const problem = kind.problemWith(prop, value, { scope, describe: describeValue });
  if (problem !== undefined) { fail(scope, problem); }
}

/** The kinds of the options of any struct. */
export interface Kinds {
  readonly [name: string]: Kind;
}

/** Fails if an option is of another kind. */
export function requireKinds(scope: IConstruct, options: object, kinds: Kinds, prefix = ''): void {
  Object.entries(kinds).forEach(([name, kind]) => requireKind(scope, `${prefix}${name}`, Reflect.get(options, name), kind));
}

/** Fails if a group of options is not a plain object, or if one of its options is unknown or of another kind. */
export function requireOptions(
  scope: IConstruct, prop: string, options: object | undefined, kinds: Kinds, describe: Description = describeValue,
): void {
  if (options === undefined) { return; }
  requireKnownNames(scope, prop, options, kinds, describe);
  requireKinds(scope, options, kinds, `${prop}.`);
}

function kindOf(what: string, accepts: (value: unknown) => boolean, remedy?: string): Kind {
  const end = remedy === undefined ? '' : `; ${remedy}`;
  return {
    problemWith: (prop, value, { describe }) => accepts(value) ? undefined : `'${prop}' must be ${what}, got ${describe(value)}${end}`,
  };
}

/** The kind of an option without a default. */
export function required(kind: Kind): RequiredKind {
  return { ...kind, required: true };
}

/** A kind whose errors name only the type of a value, because the value may be confidential. */
export function confidential(kind: Kind): Kind {
  return { problemWith: (prop, value, { scope }) => kind.problemWith(prop, value, { scope, describe: describeType }) };
}

export const STRING = kindOf('a string', (value) => typeof value === 'string' || Token.isUnresolved(value));

export const NUMBER = kindOf('a number', (value) => typeof value === 'number' || Token.isUnresolved(value));

/** True or false, which decide about the shape of the template, so that a token does not pass. */
export function flag(remedy?: string): Kind {
  return kindOf('true or false', (value) => typeof value === 'boolean', remedy);
}

/** A plain object with options, which the file that uses them checks one by one. */
export const GROUP = kindOf('an object with options', isPlain);

/**
 * An object with these members.
 *
 * `instanceof` would reject an object of another copy of CDK, and an object that implements the interface in Python.
 * Only the names are looked at, because the value of a member can be a call to Python.
 */
export function object(what: string, ...members: string[]): Kind {
  return kindOf(what, (value) => hasMembers(value, members));
}

/**
 * A resource of AWS that must be in the place of the stack. An imported one is often in another region by mistake, and
 * AWS rejects it only during the deployment.
 *
 * @param arn the member with the ARN, because CDK assumes that most imported resources are in the stack's place
 */
export function resource(what: string, arn: string, members: string[], place: Place): Kind {
  return inPlaceOf(object(what, arn, ...members), place, arn, (value) => value);
}

/** An object of this library that is in the place of one of its resources. */
export function inPlaceOf(kind: Kind, place: Place, arn: string, resourceOf: (value: object) => object): Kind {
  return {
    problemWith: (prop, value, inspection) => kind.problemWith(prop, value, inspection)
      ?? findOtherPlace(inspection.scope, prop, resourceOf(value as object), { arn, ...place }),
  };
}

function hasMembers(value: unknown, members: string[]): value is object {
  return typeof value === 'object' && value !== null && members.every((member) => member in value);
}

export const DURATION = object('a Duration, such as Duration.minutes(5)', 'toMilliseconds', 'isUnresolved');

/** A member of an enum. The enum is a callback, so that its file is loaded only for a value. */
export function memberOf(what: string, members: () => object): Kind {
  return kindOf(what, (value) => Token.isUnresolved(value) || valuesOf(members()).includes(value));
}

/** Without the names, which an enum with numbers has as values too. */
function valuesOf(members: object): unknown[] {
  return Object.entries(members).filter(([name]) => Number.isNaN(Number(name))).map(([, value]) => value as unknown);
}

/** A list whose items are of the kind. */
export function list(item: Kind): Kind {
  const whole = kindOf('a list', Array.isArray);
  return {
    problemWith: (prop, value, inspection) => whole.problemWith(prop, value, inspection)
      ?? firstProblem((value as unknown[]).map((each, index) => item.problemWith(`${prop}[${index}]`, each, inspection))),
  };
}

/** An object that maps names to values of the kind. */
export function map(value: Kind): Kind {
  // Node.js gives the environment of a process a class of its own
  const whole = kindOf('an object that maps names to values', (given) => isPlain(given) || given === process.env);
  return {
    problemWith: (prop, given, inspection) => whole.problemWith(prop, given, inspection)
      ?? missingValues(prop, given as object)
      ?? firstProblem(Object.entries(given as object).map(([name, each]) => value.problemWith(`${prop}.${name}`, each, inspection))),
  };
}

function missingValues(prop: string, given: object): string | undefined {
  const names = Object.entries(given).filter(([, value]) => value === undefined).map(([name]) => `'${prop}.${name}'`);
  return names.length === 0 ? undefined
    : `${names.join(', ')} must have a value, got none; is the variable that you read from process.env set?`;
}

function firstProblem(problems: (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined);
}

/** The name of the strategy that a class is. */
const STRATEGY = Symbol.for('cdk-blue-green-python-pipeline.strategy');

/** Marks a base class as a strategy, so that one strategy is not mistaken for another: all of them have a `bind`. */
export function markStrategy(name: string, base: { readonly prototype: object }): void {
  mark(base.prototype, STRATEGY, name);
}

/**
 * A strategy of this library, such as an egress. TypeScript also accepts an object with `bind` that does not extend
 * the base class.
 */
export function strategy(name: string, example: string): Kind {
  const article = /^[AEIOU]/.test(name) ? 'an' : 'a';
  return kindOf(`${article} ${name}, such as ${example}`, (value) => hasMembers(value, ['bind'])
    && [name, undefined].includes(markOf(value, STRATEGY)) && !fullNameOf(value)?.startsWith('aws-cdk-lib.'));
}
