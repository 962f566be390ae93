import { clock, count, countOf, decimal, duration, milliseconds, moment, percent, shorten } from '../../../packages/rehearsal/src/report/format';

test.each([
  [count(28412.4), '28,412'], [count(Number.NaN), '–'],
  [countOf(1, 'request'), '1 request'], [countOf(0, 'request'), '0 requests'],
  [decimal(0.25), '0.25'], [decimal(3), '3'], [decimal(12.345), '12.3'], [decimal(1234.5), '1,235'], [decimal(20.0001), '20'], [decimal(Number.NaN), '–'],
  [percent(0.0095), '0.95 %'], [percent(0), '0 %'], [percent(1), '100 %'], [percent(Number.NaN), '–'],
  [milliseconds(6.96), '7 ms'], [milliseconds(0.25), '0.3 ms'], [milliseconds(51.2), '51 ms'], [milliseconds(1650), '1.65 s'], [milliseconds(0), '0 ms'],
  [milliseconds(undefined), '–'],
  [duration(0.42), '0.4 s'], [duration(42), '42 s'], [duration(60), '1 min'], [duration(185), '3 min 5 s'], [duration(3720), '1 h 2 min'],
  [duration(3600), '1 h'], [duration(Number.POSITIVE_INFINITY), '–'],
  [clock(0.4), '0:00'], [clock(62), '1:02'], [clock(3723), '1:02:03'], [clock(-5), '0:00'], [clock(Number.NaN), '–'],
  [moment('2026-11-30T14:02:11.348Z'), '2026-11-30 14:02 UTC'], [moment('not a date'), 'not a date'],
  [shorten('abcdef', 6), 'abcdef'], [shorten('abcdef', 4), 'abc…'],
])('a figure in words: %s', (actual, expected) => {
  expect(actual).toBe(expected);
});

test('a share that is not quite all or nothing does not look like it', () => {
  expect(percent(0.000001)).toBe('< 0.01 %');
  expect(percent(0.999999)).toBe('> 99.99 %');
});
