import { AlarmModel, AlarmProperties, seriesOf } from '../../../packages/rehearsal/src/metric-math';

const QUERY = (id: string, more = {}) => ({
  Id: id, MetricStat: { Metric: { Namespace: 'N', MetricName: id }, Stat: 'Sum', Period: 60 }, ReturnData: false, ...more,
});

function alarm(more: Partial<AlarmProperties> = {}): AlarmModel {
  return new AlarmModel({
    Namespace: 'N', MetricName: 'M', Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold', EvaluationPeriods: 3, TreatMissingData: 'notBreaching', ...more,
  });
}

/** The last state, from data points as the page on alarm evaluation writes them. */
function stateOf(model: AlarmModel, points: string): string | undefined {
  const values = points.split(' ').map((point) => ({ 0: 0, X: 1 })[point]);
  return model.states(seriesOf(values)).at(-1);
}

describe('examples of the page on alarm evaluation', () => {
  test.each([
    ['0 - X - X', 'OK', 'OK'],
    ['0 - - - -', 'OK', 'OK'],
    ['- - - - -', 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM'],
    ['- - - - X', 'ALARM', 'OK'],
    ['X - - - -', 'ALARM', 'OK'],
  ])('%s, 3 of 3: %s if missing data is breaching, %s if not', (points, breaching, notBreaching) => {
    expect(stateOf(alarm({ TreatMissingData: 'breaching' }), points)).toBe(breaching);
    expect(stateOf(alarm(), points)).toBe(notBreaching);
  });

  test.each([
    ['0 - X - X', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM'],
    ['0 - X - -', 'ALARM', 'OK'],
    ['- - - - 0', 'ALARM', 'OK'],
    ['- - - - X', 'ALARM', 'OK'],
  ])('%s, 2 of 3: %s if missing data is breaching, %s if not', (points, breaching, notBreaching) => {
    expect(stateOf(alarm({ DatapointsToAlarm: 2, TreatMissingData: 'breaching' }), points)).toBe(breaching);
    expect(stateOf(alarm({ DatapointsToAlarm: 2 }), points)).toBe(notBreaching);
  });
});

test.each([
  ['GreaterThanThreshold', [false, false, true]],
  ['GreaterThanOrEqualToThreshold', [false, true, true]],
  ['LessThanThreshold', [true, false, false]],
  ['LessThanOrEqualToThreshold', [true, true, false]],
])('%s', (ComparisonOperator, expected) => {
  expect(alarm({ ComparisonOperator }).breaches(seriesOf([0, 1, 2]))).toEqual(expected);
});

test('the first alarm is the first state that is one', () => {
  const model = alarm({ DatapointsToAlarm: 2 });
  const gap = [undefined, undefined, undefined, undefined];
  for (const values of [[0, 1, 0, 1, 1], [1, 0, 0, 1], [1, undefined, 1], [1, ...gap, 1], []]) {
    const series = seriesOf(values);
    const found = model.states(series).indexOf('ALARM');
    expect(model.firstAlarm(series)).toBe(found < 0 ? undefined : found);
  }
  expect(alarm({ TreatMissingData: 'breaching' }).firstAlarm(seriesOf([undefined]))).toBe(0);
});

test('an alarm on expressions computes each from the metrics that it names', () => {
  const model = alarm({
    Metrics: [
      { Id: 'rate', Expression: '100 * errors / all', ReturnData: true },
      { Id: 'all', Expression: 'errors + others', ReturnData: false },
      QUERY('errors'),
      QUERY('others'),
    ],
  });
  expect([...model.metrics.keys()]).toEqual(['errors', 'others']);
  expect(model.values(new Map([['errors', seriesOf([1, undefined])], ['others', seriesOf([3, 4])]]))).toEqual(seriesOf([25, 0]));
});

test('an alarm on a metric reads it', () => {
  expect(alarm().values(new Map([['metric', seriesOf([1, 2])]]))).toEqual(seriesOf([1, 2]));
});

const EXPRESSION = (id: string, expression = '1 * metric', more = {}) => ({
  Id: id, Expression: expression, ReturnData: false, ...more,
});
const MANY = Array.from({ length: 11 }, (_, index) => index);

test.each<[string, Partial<AlarmProperties>]>([
  ['an alarm reads at most 10 metrics, got 11', { Metrics: MANY.map((index) => QUERY(`m${index}`)) }],
  ['an alarm has at most 10 expressions, got 11', { Metrics: [QUERY('metric'), ...MANY.map((index) => EXPRESSION(`e${index}`))] }],
  ['an alarm has one item that returns data, got 0', { Metrics: [QUERY('metric'), EXPRESSION('e1')] }],
  ['an alarm has one item that returns data, got 2', { Metrics: [QUERY('metric', { ReturnData: true }), { Id: 'e1', Expression: 'metric' }] }],
  ['an alarm has one period, got 2', { Metrics: [QUERY('a'), { ...QUERY('b'), MetricStat: { ...QUERY('b').MetricStat, Period: 300 } }] }],
  ["an id starts with a lowercase letter, got 'Metric'", { Metrics: [QUERY('Metric')] }],
  ['the model does not know LessThanLowerThreshold', { ComparisonOperator: 'LessThanLowerThreshold' }],
  ['the model does not know how TreatMissingData: ignore changes states', { TreatMissingData: 'ignore' }],
  ['the model does not know how TreatMissingData: undefined changes states', { TreatMissingData: undefined }],
])('%s', (message, properties) => {
  expect(() => alarm(properties)).toThrow(new Error(message));
});

test.each([
  ["no item has the id 'other'", 'metric + other'],
  ["the expression 'e1' refers to itself", 'metric + e1'],
])('%s', (message, expression) => {
  const model = alarm({ Metrics: [QUERY('metric'), EXPRESSION('e1', expression, { ReturnData: true })] });
  expect(() => model.values(new Map([['metric', seriesOf([1])]]))).toThrow(new Error(message));
});
