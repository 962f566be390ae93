import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '..');
const DOCS = path.join(ROOT, 'docs');
const PAGE = fs.readFileSync(path.join(DOCS, 'pains.md'), 'utf8');

const KINDS = ['by construction', 'at synthesis', 'documented', 'not solved', 'not yet'];

/** Stands for what a template literal fills in, in the page as in the texts of `src`. */
const FILLED_IN = '...';

interface Row {
  readonly pain: string;
  readonly here: string;
  readonly how: string;
  readonly tests: string;
}

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

const rows = rowsOf(PAGE);

function rowsOf(page: string): Row[] {
  return page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (Pain|---) /.test(line)).map((line) => {
    const [pain, here = '', how = '', tests = ''] = line.slice(2, -2).split(' | ');
    return { pain, here, how, tests };
  });
}

function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target);
}

function localLinksOf(text: string): string[] {
  return linksOf(text).filter((link) => !link.startsWith('https://'));
}

function kindsOf({ how }: Row): string[] {
  return [...how.matchAll(/\*\*([^*]+)\*\*/g)].map(([, kind]) => kind);
}

function quotesOf({ how }: Row): string[] {
  return [...how.matchAll(/`([^`]+)`/g)].map(([, quote]) => quote);
}

function testsOf({ tests }: Row): NamedTest[] {
  return [...tests.matchAll(/`(test\/[^`]+)`: `([^`]+)`/g)].map(([, file, title]) => ({ file, title }));
}

/** What a row owes to the way that it claims. */
function debtsOf(row: Row): string[] {
  const kinds = kindsOf(row);
  const owes = (claims: string[], what: string, given: boolean) => kinds.some((kind) => claims.includes(kind)) && !given ? [`${what}: ${row.pain}`] : [];
  return [
    ...kinds.length > 0 && kinds.every((kind) => KINDS.includes(kind)) ? [] : [`no way that is known: ${row.pain}`],
    ...linksOf(row.pain).length > 0 ? [] : [`no thread: ${row.pain}`],
    ...testsOf(row).length === row.tests.split('`; `').length || row.tests === '–' ? [] : [`a test that cannot be read: ${row.pain}`],
    ...owes(['by construction', 'at synthesis'], 'no test', testsOf(row).length > 0),
    ...owes(['at synthesis'], 'no text of an error', quotesOf(row).length > 0),
    ...owes(['documented', 'not solved'], 'no link into the docs', localLinksOf(row.how).length > 0),
    ...owes(['not yet'], 'not said what is to come', /\*\*not yet\*\*: \w/.test(row.how)),
  ];
}

const parse = memoized((file: string) => ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));

const titlesOf = memoized((file: string) => nodesOf(parse(file)).filter(isTest).flatMap(({ arguments: [title] }) => textOf(title) ?? []));

const textsOf = memoized((file: string) => nodesOf(parse(file)).flatMap((node) => textOf(node) ?? []));

function memoized<T>(compute: (file: string) => T): (file: string) => T {
  const known = new Map<string, T>();
  return (file) => {
    const value = known.get(file) ?? compute(file);
    known.set(file, value);
    return value;
  };
}

function nodesOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  node.forEachChild((child) => { children.push(...nodesOf(child)); });
  return [node, ...children];
}

/** `test(...)` and `test.each(...)(...)`. */
function isTest(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) { return false; }
  let callee: ts.Node = node.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) {
    callee = callee.expression;
  }
  return ts.isIdentifier(callee) && callee.text === 'test';
}

function textOf(node: ts.Node | undefined): string | undefined {
  if (node === undefined) { return undefined; }
  if (ts.isStringLiteralLike(node)) { return node.text; }
  if (!ts.isTemplateExpression(node)) { return undefined; }
  return [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join(FILLED_IN);
}

/** The title as it stands in the file, or filled in with texts of the file's rows. */
function isTitle(title: string, template: string, texts: string[]): boolean {
  if (title === template) { return true; }
  const [, ...values] = patternOf(template, /%[sj]/).exec(title) ?? [];
  return values.length > 0 && values.every((value) => texts.some((text) => isTextOfARow(value, text)));
}

function isTextOfARow(value: string, text: string): boolean {
  if (value === text) { return true; }
  // a text that begins with what is filled in would be any
  return !text.startsWith(FILLED_IN) && text.includes(FILLED_IN) && patternOf(text, FILLED_IN).test(value);
}

function patternOf(template: string, gap: string | RegExp): RegExp {
  return new RegExp(`^${template.split(gap).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+)')}$`);
}

function missingTests(named: NamedTest[]): NamedTest[] {
  return named.filter(({ file, title }) => {
    const full = path.join(ROOT, file);
    return !fs.existsSync(full) || !titlesOf(full).some((template) => isTitle(title, template, textsOf(full)));
  });
}

const sources = fs.readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts')).map((file) => path.join(ROOT, 'src', file));

function missingTexts(quotes: string[]): string[] {
  return quotes.filter((quote) => !sources.some((file) => textsOf(file).some((text) => `${text}${FILLED_IN}`.startsWith(quote))));
}

function missingPlaces(links: string[]): string[] {
  return links.filter((link) => {
    const [file, anchor] = link.split('#');
    const full = path.join(DOCS, file);
    return !fs.existsSync(full) || anchor !== undefined && !anchorsOf(full).includes(anchor);
  });
}

/** As GitHub makes them. */
function anchorsOf(file: string): string[] {
  const prose = fs.readFileSync(file, 'utf8').replace(/^```[^]*?^```/gm, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'));
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
    expect(missingTests(rows.flatMap(testsOf))).toEqual([]);
  });

  test('quotes errors and warnings as src begins them', () => {
    expect(missingTexts(rows.flatMap(quotesOf))).toEqual([]);
  });

  test('links to headings of the docs that exist', () => {
    expect(missingPlaces(localLinksOf(PAGE))).toEqual([]);
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
    ['a title that is filled in with no text of the file', 'test/bad-input.test.ts', 'fails with whatever comes to mind'],
  ])('%s', (_what, file, title) => {
    expect(missingTests([{ file, title }])).toHaveLength(1);
  });

  test('a text that src never begins with', () => {
    expect(missingTexts(["'taskSubnets' must be public", 'must be private'])).toHaveLength(2);
  });

  test('a file and a heading that are not there', () => {
    expect(missingPlaces(['nothing.md', 'updates.md#nothing', 'updates.md#tags'])).toEqual(['nothing.md', 'updates.md#nothing']);
  });
});
