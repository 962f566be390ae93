import { Assumption, evaluate, seriesOf } from '../../../packages/rehearsal/src/metric-math/evaluate';
import { parse } from '../../../packages/rehearsal/src/metric-math/parse';

type Points = (number | undefined)[];

const _ = undefined;

function result(expression: string, series: { [id: string]: Points }, assumption: Assumption = 'missing'): Points {
  const [{ length }] = Object.values(series);
  const values = evaluate(parse(expression), { length, assumption, resolve: (id) => seriesOf(series[id]) });
  return [...values].map((value) => Number.isNaN(value) ? undefined : value);
}

describe('examples of the page on metric math', () => {
  const METRICS = { metric1: [30, 20, 0, 0], metric2: [20, _, 20, _] };

  test('a comparison treats a missing data point as 0 if the other series has one', () => {
    expect(result('metric1 < metric2', METRICS)).toEqual([0, 0, 1, 0]);
  });

  test('a comparison with a number', () => {
    expect(result('metric1 >= 30', METRICS)).toEqual([1, 0, 0, 0]);
  });

  test('AND is false where one side is not true, under the assumption that missing counts as 0', () => {
    expect(result('(metric1 > 15 AND metric2 > 15)', METRICS, 'zero')).toEqual([1, 0, 0, 0]);
  });

  const INPUTS = { metric1: [1, 1, 0, 0, _], metric2: [30, _, 0, 0, 30], metric3: [0, 0, 20, _, 20] };

  test.each<[string, Points]>([
    ['IF(metric1, metric2, metric3)', [30, 0, 20, _, _]],
    ['IF(metric1, 5, metric3)', [5, 5, 20, _, _]],
    ['IF(metric1, metric2, 5)', [30, 0, 5, 5, _]],
    ['IF(metric1, metric2)', [30, 0, _, _, _]],
    ['IF(1, metric2, metric3)', [30, 0, 0, 0, 30]],
  ])('%s', (expression, expected) => {
    expect(result(expression, INPUTS)).toEqual(expected);
  });

  test('a division by zero drops the data point', () => {
    expect(result('100 / m1', { m1: [4, 0, 5] })).toEqual([25, _, 20]);
    expect(result('m2 / m1', { m1: [4, _, 5], m2: [8, 8, _] })).toEqual([2, _, 0]);
  });
});

describe('arithmetic', () => {
  test.each<[string, Points]>([
    ['m1 + m2', [3, 2, 1, _]],
    ['m1 - m2', [-1, -2, 1, _]],
    ['-m1 + m2', [1, 2, -1, _]],
    ['m1 + m2 * 2', [5, 4, 1, _]],
    ['(m1 + m2) * 2', [6, 4, 2, _]],
    ['m2 ^ 2', [4, 4, _, _]],
    ['-m2 ^ 2', [-4, -4, _, _]],
    ['10 - 4 - m2', [4, 4, _, _]],
  ])('%s treats missing as 0 where another series has a data point', (expression, expected) => {
    expect(result(expression, { m1: [1, _, 1, _], m2: [2, 2, _, _] })).toEqual(expected);
  });

  test('what is not documented depends on the assumption', () => {
    const series = { m1: [1, _], m2: [2, _] };
    expect(result('m1 + m2', series, 'zero')).toEqual([3, 0]);
    expect(result('m1 >= 0', series)).toEqual([1, _]);
    expect(result('m1 >= 0', series, 'zero')).toEqual([1, 1]);
  });

  test('comparisons, OR, and numbers on both sides', () => {
    const m1 = [1, 2, 3];
    expect(result('m1 == 2 OR m1 != m1', { m1 })).toEqual([0, 1, 0]);
    expect(result('m1 <= 1 || m1 > 2 && 3 < 4', { m1 })).toEqual([1, 0, 1]);
    expect(result('m1 * (2 >= 2)', { m1 })).toEqual(m1);
  });
});

describe('functions', () => {
  const SERIES = { m1: [1, _, 3, _], m2: [5, 2, _, _] };

  test.each<[string, Points]>([
    ['FILL(m1, 0)', [1, 0, 3, 0]],
    ['FILL(m1, m2)', [1, 2, 3, _]],
    ['MIN([m1, m2])', [1, 2, 3, _]],
    ['MAX([m1, m2])', [5, 2, 3, _]],
    ['SUM([m1, m2])', [6, 2, 3, _]],
    ['m1 - MIN(m1)', [0, _, 2, _]],
  ])('%s', (expression, expected) => {
    expect(result(expression, SERIES)).toEqual(expected);
  });

  test.each([
    ['SQRT(m1)', "AWS documents no function SQRT in 'SQRT(m1)'"],
    ['if(m1, 1, 0)', "'(' is one token too many in 'if(m1, 1, 0)'"],
    ['AVG(m1)', "the model does not compute AVG in 'AVG(m1)'"],
    ['IF', "IF has no arguments in 'IF'"],
    ['IF(m1)', 'IF has two or three arguments'],
    ['FILL(m1)', 'FILL has a time series and a filler'],
    ['MIN(m1, m2)', 'MIN has one argument, a time series or an array of them'],
    ['[1, m2]', 'an array consists of time series'],
    ['[m1, m2] + 1', 'the model accepts an array of time series in MIN, MAX, and SUM only'],
    ['1 + 1', 'the result of an expression must be one time series'],
    ['(m1', "')' is missing in '(m1'"],
    ['m1 +', "it ends too early in 'm1 +'"],
    ['* m1', "'*' cannot be an operand in '* m1'"],
    ['m1 % 2', "no token of metric math at position 2 of 'm1 % 2'"],
  ])('%s is refused', (expression, message) => {
    expect(() => result(expression, SERIES)).toThrow(new Error(message));
  });
});
