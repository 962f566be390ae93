import * as fs from 'fs';
import * as path from 'path';
import { DOCS, FILLED_IN, linksOf, localLinksOf, missingTests, ROOT, testsOf, textsOf } from './pages';

const PAGE = fs.readFileSync(path.join(DOCS, 'pains.md'), 'utf8');

const KINDS = ['by construction', 'at synth', 'documented', 'not solved', 'not yet'];

interface Row {
  readonly pain: string;
  readonly here: string;
  readonly how: string;
  readonly tests: string;
}

const rows = rowsOf(PAGE);

function rowsOf(page: string): Row[] {
  return page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (Pain|---) /.test(line)).map((line) => {
    const [pain, here = '', how = '', tests = ''] = line.slice(2, -2).split(' | ');
    return { pain, here, how, tests };
  });
}

function kindsOf({ how }: Row): string[] {
  return [...how.matchAll(/\*\*([^*]+)\*\*/g)].map(([, kind]) => kind);
}

function quotesOf({ how }: Row): string[] {
  return [...how.matchAll(/`([^`]+)`/g)].map(([, quote]) => quote);
}

/** The problems of a row. Each kind requires a test, an error message, or a link. */
function problemsOf(row: Row): string[] {
  const kinds = kindsOf(row);
  const requireFor = (claims: string[], problem: string, given: boolean) => kinds.some((kind) => claims.includes(kind)) && !given ? [`${problem}: ${row.pain}`] : [];
  return [
    ...kinds.length > 0 && kinds.every((kind) => KINDS.includes(kind)) ? [] : [`unknown kind: ${row.pain}`],
    ...linksOf(row.pain).length > 0 ? [] : [`no link to a public thread: ${row.pain}`],
    ...testsOf(row.tests).length === row.tests.split('`; `').length || row.tests === '–' ? [] : [`unreadable name of a test: ${row.pain}`],
    ...requireFor(['by construction', 'at synth'], 'no test', testsOf(row.tests).length > 0),
    ...requireFor(['at synth'], 'no error message', quotesOf(row).length > 0),
    ...requireFor(['documented', 'not solved'], 'no link to the docs', localLinksOf(row.how).length > 0),
    ...requireFor(['not yet'], 'no description of the later version', /\*\*not yet\*\*: \w/.test(row.how)),
  ];
}

const sources = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts')).map((file) => path.join(ROOT, 'src', file));

function missingTexts(quotes: string[]): string[] {
  return quotes.filter((quote) => !sources.some((file) => textsOf(file).some((text) => `${text}${FILLED_IN}`.startsWith(quote))));
}

describe('the page of pains', () => {
  test('has rows in every group', () => {
    const [, ...groups] = PAGE.split('\n## ');
    expect(groups).toHaveLength(18);
    groups.forEach((group) => expect(rowsOf(group)).not.toEqual([]));
  });

  test('names a public thread and a kind for each pain, with everything that the kind requires', () => {
    expect(rows.flatMap(problemsOf)).toEqual([]);
  });

  test('names tests that exist by exactly these titles', () => {
    expect(missingTests(rows.flatMap(({ tests }) => testsOf(tests)))).toEqual([]);
  });

  test('quotes the start of errors and warnings in src', () => {
    expect(missingTexts(rows.flatMap(quotesOf))).toEqual([]);
  });
});

describe('the check finds', () => {
  const row: Row = { pain: 'a pain: [a thread](https://example.com)', here: '', how: '', tests: '–' };

  test.each<[what: string, row: Row, problem: string]>([
    ['an unknown kind', { ...row, how: '**by magic**' }, 'unknown kind'],
    ['a pain without a thread', { ...row, pain: 'a pain', how: '**not yet**: later' }, 'no link to a public thread'],
    ['a claim without a test', { ...row, how: '**by construction**' }, 'no test'],
    ['an error without its message', { ...row, how: '**at synth**', tests: '`test/a.test.ts`: `a`' }, 'no error message'],
    ['a documented pain without a link', { ...row, how: '**documented**' }, 'no link to the docs'],
    ['a later version without a description', { ...row, how: '**not yet**' }, 'no description of the later version'],
    ['a test without a title', { ...row, how: '**by construction**', tests: '`test/a.test.ts`: `a`; `test/b.test.ts`' }, 'unreadable name of a test'],
  ])('%s', (_what, wrong, problem) => {
    expect(problemsOf(wrong)).toEqual([expect.stringContaining(problem)]);
  });

  test.each<[what: string, file: string, title: string]>([
    ['a missing file', 'test/nothing.test.ts', 'change nothing'],
    ['a title that differs in one letter', 'test/blue-green-python-pipeline.test.ts', 'changes nothing'],
    ['the title of a describe block', 'test/blue-green-python-pipeline.test.ts', 'feature flags of the app'],
    ['a title whose placeholder is replaced by a text that is not in the file', 'test/contract/bad-input.test.ts', 'fails with whatever comes to mind'],
  ])('%s', (_what, file, title) => {
    expect(missingTests([{ file, title }])).toHaveLength(1);
  });

  test('a message that does not start like one in src', () => {
    expect(missingTexts(["'taskSubnets' must be open", 'must be private'])).toHaveLength(2);
  });
});
