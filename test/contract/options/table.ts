import { Duration, Token } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { ALERTS } from './alerts';
import { BUILD } from './build';
import { NETWORK } from './network';
import { PATTERN } from './pattern';
import { PIPELINE } from './pipeline';
import { Given, GROUPS, merge, place, PLAIN, Props, structOf } from './places';
import { PLATFORM } from './platform';
import { RELEASE } from './release';
import { defaultOf, givenWith, hasDefault, OptionRow, Row, rowOf, SimpleRow } from './row';
import { SERVICE } from './service';

/** Every public option of the library. A simple one has one row, and further changes of it rows of their own. */
const TABLE: (OptionRow | Row)[] = [
  ...PATTERN, ...NETWORK, ...PLATFORM, ...SERVICE, ...RELEASE, ...PIPELINE, ...BUILD, ...ALERTS,
];

/** A simple row, with the props that its tests synthesize. */
interface Prepared {
  readonly simple: SimpleRow;
  readonly row: Row;
}

const prepared = TABLE.map((each): Prepared | Row => Array.isArray(each) ? each : { simple: each, row: rowOf(each) });
const simple = prepared.flatMap((each) => Array.isArray(each) ? [] : [each]);

/** Every change that the update matrix shows. */
export const ROWS: Row[] = prepared.map((each) => Array.isArray(each) ? each : each.row);

/** What a simple row says of its change. */
export interface Expected {
  readonly row: Row;
  readonly effect: string;
  readonly shows?: object;
}

export const EFFECTS: Expected[] = simple.map(({ simple: { effect, shows }, row }) => ({ row, effect, shows }));

/** A default, as a literal or in words: the props with it given by hand, without it, and with another value. */
export interface Default {
  readonly option: string;
  /** The literal in the documentation; none where it describes the default in words. */
  readonly literal?: string;
  readonly given: Given;
  readonly left: Given;
  readonly other: Given;
}

export const DEFAULTS: Default[] = simple.filter((each) => hasDefault(each.simple))
  .map(({ simple: each, row: [option, , left, other] }) => (
    { option, literal: each.default, given: givenWith(each, defaultOf(each)), left, other }
  ));

/** A value that is refused, in the props. */
export interface Bad {
  readonly title: string;
  readonly given: Given;
  readonly message: string | RegExp;
}

export const BAD: Bad[] = simple.flatMap(({ simple: row }) => (row.bad ?? []).map(([value, message]) => (
  { title: `${row.option} ${shownOf(value)}`, given: givenWith(row, value), message }
)));

function shownOf(value: unknown): string {
  if (value instanceof Duration) { return `of ${value.toHumanString()}`; }
  if (Token.isUnresolved(value)) { return 'that is a token'; }
  return JSON.stringify(value, (_name, each) => each instanceof Duration ? each.toHumanString() : each).slice(0, 80);
}

const LEFT_OUT = Symbol('left out');

/** Any values of the simple options that no other option contradicts: each left out, its default, or another one. */
export const drawnOptions: fc.Arbitrary<Props> = fc
  .tuple(...simple.map((each) => each.simple).filter(isDrawn).map(drawnPropsOf))
  .map((drawn) => drawn.reduce(merge, PLAIN));

function isDrawn({ option, beside, drawn }: SimpleRow): boolean {
  return structOf(option) in GROUPS && beside === undefined && drawn !== false;
}

function drawnPropsOf(row: SimpleRow): fc.Arbitrary<Props> {
  const values = [LEFT_OUT, ...hasDefault(row) ? [defaultOf(row)] : [], row.other];
  const drawn = row.drawn || undefined;
  return fc.oneof(fc.constantFrom(...values), ...drawn ? [drawn] : [])
    .map((value) => value === LEFT_OUT ? PLAIN : place(row.option, value) as Props);
}
