import { renderSummary, showsColors } from '../../../packages/rehearsal/src/cli/summary';
import { badHealthPath, empty, errorsAfterShift, failingTest, outOfMemory, recordOf, release } from '../report/records';

test('the summary has a line per scenario, the remedies, the verdict, and the path of the report', () => {
  const record = recordOf(release, failingTest, errorsAfterShift, badHealthPath, outOfMemory);
  expect(renderSummary(record, { report: 'rehearsal/report.html', colors: false })).toBe([
    '✓ release             passed   48 s  9,600 requests      0 failed',
    '✓ failing-test        passed   14 s',
    '✓ errors-after-shift  passed   40 s  8,000 requests     76 failed',
    '✗ bad-health-path     failed   30 s  6,000 requests  2,800 failed',
    `    ${badHealthPath.finding}`,
    `    How to fix it: ${badHealthPath.remedy}`,
    '– out-of-memory       skipped',
    `    ${outOfMemory.finding}`,
    '',
    '1 of 4 scenarios did not end as required; 1 was skipped.',
    'Report: rehearsal/report.html',
    '',
  ].join('\n'));
});

test('the summary of an empty record says that nothing ran', () => {
  expect(renderSummary(empty, { report: 'r.html', colors: false })).toBe('No scenario ran.\nReport: r.html\n');
});

test('the summary has colors only where they are wanted', () => {
  expect(renderSummary(recordOf(release), { report: 'r.html', colors: true })).toContain('\u001b[32m✓\u001b[0m release');
});

test('the summary has no control character of a text', () => {
  const text = renderSummary(recordOf({ ...badHealthPath, finding: 'a\u001b[2J\nb', remedy: undefined }), { report: 'r.html', colors: false });
  expect(text).toContain('    a b\n\n');
});

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
  [{}, {}, false],
])('output %j with the variables %j shows colors: %s', (output, environment, expected) => {
  expect(showsColors(output, environment)).toBe(expected);
});
