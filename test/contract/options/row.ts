import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as fc from 'fast-check';
import { baseOf, Given, merge, place, PLACES, PLAIN, Props, structOf } from './places';
import { FindingSeverity, GitHost, RequirementsInstaller, UnauditedAction } from '../../../src';

/** A value that the option refuses, and the error. */
export type BadValue = [value: unknown, message: string | RegExp];

/** All that the tests know about a simple option, one whose value says everything. */
export interface SimpleRow<Option extends string = string, Value = unknown> {
  /** `Struct.member`. */
  readonly option: Option;
  /** The literal that its documentation gives as the default, exactly as it is written there. */
  readonly default?: string;
  /** What a documentation that describes the default in words means: this value changes nothing. */
  readonly same?: Value;
  /** A value that changes the template. */
  readonly other: Value;
  /** What the option works with: both sides of the change have it. */
  readonly beside?: Props;
  /** `this to that`, for the update matrix, where the two values do not tell it. */
  readonly change?: string;
  /** What the update matrix says of the change from the default to the other value. */
  readonly effect: string;
  /** What the templates do not tell, for the update matrix. */
  readonly note?: string;
  /** A part of the template that only the other value brings, such as an attribute and its value. */
  readonly shows?: object;
  readonly bad?: BadValue[];
  /** Further valid values for the property tests, or `false` for an option that others may contradict. */
  readonly drawn?: fc.Arbitrary<Value> | false;
}

type Places = typeof PLACES;
type Struct = keyof Places;
type OptionsOf<S extends Struct> = Required<Parameters<Places[S]>[0]>;
type MemberOf<S extends Struct> = keyof OptionsOf<S> & string;
type RowOf<S extends Struct> = { [M in MemberOf<S>]: SimpleRow<`${S}.${M}`, OptionsOf<S>[M]> }[MemberOf<S>];

/** A simple row, checked against the type of its option. */
export type OptionRow = { [S in Struct]: RowOf<S> }[Struct];

/**
 * The option, what becomes of it, the props before and after (`dev` is the suffix where they say nothing else), and
 * what the templates do not tell.
 */
export type Row = [option: string, change: string, before: Given, after: Given, note?: string];

/** What the text of a `@default` may name. */
const SCOPE = {
  Duration, RemovalPolicy, codebuild, ecs, logs, FindingSeverity, GitHost, RequirementsInstaller, UnauditedAction,
};

/** The value of an expression in the documentation. */
export function evaluate(text: string): unknown {
  return new Function(...Object.keys(SCOPE), `return ${text};`)(...Object.values(SCOPE));
}

export function hasDefault(row: SimpleRow): boolean {
  return 'default' in row || 'same' in row;
}

/** The default, given by hand. */
export function defaultOf(row: SimpleRow): unknown {
  return row.default === undefined ? row.same : evaluate(row.default);
}

/** The props with this value of the row's option, and what it works with. */
export function givenWith({ option, beside }: SimpleRow, value: unknown): Given {
  const given = place(option, value);
  return beside === undefined ? given : merge(beside, propsOf(given));
}

/** The props without the row's option. */
function givenWithout({ option, beside }: SimpleRow): Given {
  const base = baseOf(structOf(option));
  if (beside === undefined) { return base; }
  // the same object for all rows that are beside it, so it is synthesized once
  return base === PLAIN ? beside : merge(beside, propsOf(base));
}

function propsOf(given: Given): Props {
  if (typeof given === 'function') { throw new Error("'beside' is for options whose place is no function of the stack"); }
  return given;
}

/** `15 to 16 seconds`, from the default to the other value. */
function changeOf(row: SimpleRow): string {
  const { change, other } = row;
  if (change !== undefined) { return change; }
  if (!hasDefault(row)) { return `none to ${textOf(other)}`; }
  const [, owner, member] = /^([\w.]+)\.([A-Z][A-Z0-9_]*)$/.exec(row.default ?? '') ?? [];
  if (owner !== undefined) { return `\`${member}\` to \`${memberOf(evaluate(owner) as object, other)}\``; }
  const [from, to] = [textOf(defaultOf(row)), textOf(other)];
  const [unit] = /(?<=^\d+) \w+$/.exec(to) ?? [''];
  return `${from.endsWith(unit) ? from.slice(0, from.length - unit.length) : from} to ${to}`;
}

/** `ARM64` of `ecs.CpuArchitecture`. */
function memberOf(owner: object, value: unknown): string {
  const [name] = Object.entries(owner).find(([, each]) => each === value) ?? ['another one'];
  return name;
}

export function textOf(value: unknown): string {
  if (value instanceof Duration) { return value.toString().replace(/^Duration\.(\w+)\((.*)\)$/, '$2 $1'); }
  if (typeof value === 'string' || typeof value === 'boolean') { return `\`${value}\``; }
  return typeof value === 'number' ? `${value}` : 'one';
}

/** The change of a simple row as the update matrix takes it. */
export function rowOf(row: SimpleRow): Row {
  return [row.option, changeOf(row), givenWithout(row), givenWith(row, row.other), row.note];
}
