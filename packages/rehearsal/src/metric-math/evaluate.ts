import { Node } from './parse';

/** A time series with one value for each period. `NaN` means that the period has no data point. */
export type Series = Float64Array;

/** A series from values, where `undefined` is a missing data point. */
export function seriesOf(values: (number | undefined)[]): Series {
  return Float64Array.from(values, (value) => value ?? NaN);
}

/**
 * What a model assumes where the documentation is not clear about missing data points: in a comparison with a number,
 * in AND and OR, which one example of AWS counts as 0, and in arithmetic where no series has a data point. A result on
 * which both assumptions agree depends on documented behavior only.
 */
export type Assumption = 'missing' | 'zero';

type Value = number | Series | Series[];

/** The place of an expression: the series of the ids, and the number of periods. */
export interface Scope {
  readonly length: number;
  readonly assumption: Assumption;
  resolve(id: string): Series;
}

const bit = (condition: boolean): number => condition ? 1 : 0;

const COMPARISONS: { readonly [operator: string]: (left: number, right: number) => number } = {
  '==': (left, right) => bit(left === right),
  '!=': (left, right) => bit(left !== right),
  '<=': (left, right) => bit(left <= right),
  '>=': (left, right) => bit(left >= right),
  '<': (left, right) => bit(left < right),
  '>': (left, right) => bit(left > right),
};

const LOGIC: { readonly [operator: string]: (left: number, right: number) => number } = {
  AND: (left, right) => bit(left !== 0 && right !== 0),
  OR: (left, right) => bit(left !== 0 || right !== 0),
};

const ARITHMETIC: { readonly [operator: string]: (left: number, right: number) => number } = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  // a division by zero drops the data point
  '/': (left, right) => right === 0 ? NaN : left / right,
  '^': (left, right) => left ** right,
};

/** Evaluates an expression for all periods at once. The result must be a time series. */
export function evaluate(node: Node, scope: Scope): Series {
  const value = valueOf(node, scope);
  if (!(value instanceof Float64Array)) {
    throw new Error('the result of an expression must be one time series');
  }
  return value;
}

function valueOf(node: Node, scope: Scope): Value {
  switch (node.kind) {
    case 'number': return node.value;
    case 'id': return scope.resolve(node.id);
    case 'array': return node.items.map((item) => series(valueOf(item, scope)));
    case 'negative': return combine(scope, 0, single(valueOf(node.operand, scope)), ARITHMETIC['-'], false);
    case 'binary': return binary(node.operator, single(valueOf(node.left, scope)), single(valueOf(node.right, scope)), scope);
    case 'call': return call(node.name, node.args.map((arg) => valueOf(arg, scope)), scope);
  }
}

type Operation = (left: number, right: number) => number;

function binary(
  operator: string, left: number | Series, right: number | Series, scope: Scope,
): number | Series {
  if (operator in ARITHMETIC) { return combine(scope, left, right, ARITHMETIC[operator], true); }
  return combine(scope, left, right, COMPARISONS[operator] ?? LOGIC[operator], operator in COMPARISONS);
}

/** @param zero whether AWS documents that a missing value counts as 0 if the other series has a value */
function combine(
  scope: Scope, left: number | Series, right: number | Series, apply: Operation, zero: boolean,
): number | Series {
  if (typeof left === 'number' && typeof right === 'number') { return apply(left, right); }
  const isZero = zero && typeof left !== 'number' && typeof right !== 'number';
  const result = new Float64Array(scope.length);
  for (let index = 0; index < scope.length; index++) {
    const a = pointAt(left, index);
    const b = pointAt(right, index);
    // the sum is no number if one of them is missing
    result[index] = Number.isNaN(a + b) ? pointWithGap(a, b, apply, isZero, scope) : apply(a, b);
  }
  return result;
}

function pointWithGap(
  left: number, right: number, apply: Operation, isZero: boolean, { assumption }: Scope,
): number {
  const isSettled = isZero && !(Number.isNaN(left) && Number.isNaN(right));
  if (!isSettled && assumption === 'missing') { return NaN; }
  return apply(Number.isNaN(left) ? 0 : left, Number.isNaN(right) ? 0 : right);
}

function call(name: string, args: Value[], { length }: Scope): Value {
  switch (name) {
    case 'IF': return choose(args, length);
    case 'FILL': return fill(args);
    default: return aggregate(name, args, length);
  }
}

function choose(args: Value[], length: number): Series {
  if (args.length < 2 || args.length > 3) { throw new Error('IF has two or three arguments'); }
  const [condition, yes, no = NaN] = args.map(single);
  const result = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    const decision = pointAt(condition, index);
    if (Number.isNaN(decision)) {
      result[index] = NaN;
    } else if (decision === 0) {
      result[index] = pointAt(no, index);
    } else {
      const value = pointAt(yes, index);
      result[index] = Number.isNaN(value) ? 0 : value;
    }
  }
  return result;
}

function pointAt(value: number | Series, index: number): number {
  return typeof value === 'number' ? value : value[index];
}

function fill(args: Value[]): Series {
  const [gaps, filler] = args.map(single);
  if (args.length !== 2 || typeof gaps === 'number') { throw new Error('FILL has a time series and a filler'); }
  return gaps.map((value, index) => Number.isNaN(value) ? pointAt(filler, index) : value);
}

const AGGREGATES: { readonly [name: string]: (values: number[]) => number } = {
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
};

/** A number for one series, a series for an array. Periods without any data point stay without one. */
function aggregate(name: string, args: Value[], length: number): number | Series {
  const [input] = args;
  if (args.length !== 1 || typeof input === 'number') { throw new Error(`${name} has one argument, a time series or an array of them`); }
  const present = (values: number[]) => values.filter((value) => !Number.isNaN(value));
  if (!Array.isArray(input)) { return AGGREGATES[name](present([...input])); }
  return Float64Array.from({ length }, (_, index) => {
    const values = present(input.map((one) => one[index]));
    return values.length === 0 ? NaN : AGGREGATES[name](values);
  });
}

function single(value: Value): number | Series {
  if (Array.isArray(value)) { throw new Error('the model accepts an array of time series in MIN, MAX, and SUM only'); }
  return value;
}

function series(value: Value): Series {
  if (!(value instanceof Float64Array)) { throw new Error('an array consists of time series'); }
  return value;
}
