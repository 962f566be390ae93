import * as fs from 'fs';
import * as path from 'path';
import { DOCS, FILLED_IN, linksOf, localLinksOf, missingTests, ROOT, testsOf, textsOf } from './pages';

const PAGE = fs.readFileSync(path.join(DOCS, 'pains.md'), 'utf8');

const KINDS = ['by construction', 'at synthesis', 'documented', 'not solved', 'not yet'];

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

/** What a row owes to the way that it claims. */
function debtsOf(row: Row): string[] {
  const kinds = kindsOf(row);
  const owes = (claims: string[], what: string, given: boolean) => kinds.some((kind) => claims.includes(kind)) && !given ? [`${what}: ${row.pain}`] : [];
  return [
    ...kinds.length > 0 && kinds.every((kind) => KINDS.includes(kind)) ? [] : [`no way that is known: ${row.pain}`],
    ...linksOf(row.pain).length > 0 ? [] : [`no thread: ${row.pain}`],
    ...testsOf(row.tests).length === row.tests.split('`; `').length || row.tests === '–' ? [] : [`a test that cannot be read: ${row.pain}`],
    ...owes(['by construction', 'at synthesis'], 'no test', testsOf(row.tests).length > 0),
    ...owes(['at synthesis'], 'no text of an error', quotesOf(row).length > 0),
    ...owes(['documented', 'not solved'], 'no link into the docs', localLinksOf(row.how).length > 0),
    ...owes(['not yet'], 'not said what is to come', /\*\*not yet\*\*: \w/.test(row.how)),
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
    expect(groups).toHaveLength(17);
    groups.forEach((group) => expect(rowsOf(group)).not.toEqual([]));
  });

  test('says of each pain who told of it and what becomes of it, with what that takes', () => {
    expect(rows.flatMap(debtsOf)).toEqual([]);
  });

  test('names tests that exist by exactly these titles', () => {
    expect(missingTests(rows.flatMap(({ tests }) => testsOf(tests)))).toEqual([]);
  });

  test('quotes errors and warnings as src begins them', () => {
    expect(missingTexts(rows.flatMap(quotesOf))).toEqual([]);
  });
});

describe('the check finds', () => {
  const row: Row = { pain: 'a pain: [a thread](https://example.com)', here: '', how: '', tests: '–' };

  test.each<[what: string, row: Row, debt: string]>([
    ['a way that is none', { ...row, how: '**by magic**' }, 'no way that is known'],
    ['a pain without a thread', { ...row, pain: 'a pain', how: '**not yet**: later' }, 'no thread'],
    ['a claim without a test', { ...row, how: '**by construction**' }, 'no test'],
    ['an error without its text', { ...row, how: '**at synthesis**', tests: '`test/a.test.ts`: `a`' }, 'no text of an error'],
    ['docs without a place', { ...row, how: '**documented**' }, 'no link into the docs'],
    ['a later version that is not named', { ...row, how: '**not yet**' }, 'not said what is to come'],
    ['a test without a title', { ...row, how: '**by construction**', tests: '`test/a.test.ts`: `a`; `test/b.test.ts`' }, 'a test that cannot be read'],
  ])('%s', (_what, wrong, debt) => {
    expect(debtsOf(wrong)).toEqual([expect.stringContaining(debt)]);
  });

  test.each<[what: string, file: string, title: string]>([
    ['a file that is not there', 'test/nothing.test.ts', 'change nothing'],
    ['a title that differs by a letter', 'test/blue-green-python-pipeline.test.ts', 'changes nothing'],
    ['a title that is only a describe', 'test/blue-green-python-pipeline.test.ts', 'feature flags of the app'],
    ['a title that is filled in with no text of the file', 'test/contract/bad-input.test.ts', 'fails with whatever comes to mind'],
  ])('%s', (_what, file, title) => {
    expect(missingTests([{ file, title }])).toHaveLength(1);
  });

  test('a text that src never begins with', () => {
    expect(missingTexts(["'taskSubnets' must be open", 'must be private'])).toHaveLength(2);
  });
});
