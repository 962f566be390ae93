import * as fs from 'fs';
import * as path from 'path';
import { DOCS, missingTests, testsOf } from './pages';

const PAGE = fs.readFileSync(path.join(DOCS, 'security.md'), 'utf8');

const KINDS = ['**stopped**', '**limited**', '**open**'];

/** Who might: the headings of the page. */
const CASES = [
  'Who can push to the repository', 'Who can read the build log', 'Who controls a dependency', 'Who reaches the load balancer', "Who holds the build's role",
  'Who can write the bootstrap bucket', 'Who holds the task role', 'Who can start or approve releases', 'Who controls other workloads',
];

const sections = PAGE.split('\n## ').slice(1).map((text) => ({ heading: text.split('\n')[0], rows: rowsOf(text) }));

function rowsOf(text: string): string[][] {
  return text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (Step|---) /.test(line)).map((line) => line.slice(2, -2).split(' | '));
}

/** What a row owes to what it claims. */
function debtsOf(cells: string[]): string[] {
  const [step, , kind, tests = ''] = cells;
  const named = testsOf(tests);
  const untested = tests === '–';
  const debts: [owed: boolean, what: string][] = [
    [cells.length !== 4, 'not four cells'],
    [!KINDS.includes(kind), 'no kind that is known'],
    [untested && kind !== '**open**', 'no test'],
    [!untested && named.length !== tests.split('`; `').length, 'a test that cannot be read'],
  ];
  return debts.filter(([owed]) => owed).map(([, what]) => `${what}: ${step}`);
}

describe('the page of abuse cases', () => {
  test('has these cases, each with what is stopped and what is left', () => {
    expect(sections.map(({ heading }) => heading)).toEqual(CASES);
    sections.forEach(({ rows }) => expect(new Set(rows.map(([, , kind]) => kind)).size).toBeGreaterThan(1));
  });

  test('says of each step what becomes of it, with a test', () => {
    expect(sections.flatMap(({ rows }) => rows.flatMap(debtsOf))).toEqual([]);
  });

  test('names tests that exist by exactly these titles', () => {
    expect(testsOf(PAGE).length).toBeGreaterThan(40);
    expect(missingTests(testsOf(PAGE))).toEqual([]);
  });
});

describe('the check finds', () => {
  test.each<[what: string, row: string[], debt: string]>([
    ['a cell too few', ['a step', 'text', '**open**'], 'not four cells'],
    ['a kind that is none', ['a step', 'text', '**unlikely**', '–'], 'no kind'],
    ['a claim without a test', ['a step', 'text', '**stopped**', '–'], 'no test'],
    ['a test without a title', ['a step', 'text', '**stopped**', '`test/a.test.ts`: `a`; `test/b.test.ts`'], 'cannot be read'],
  ])('%s', (_what, row, debt) => {
    expect(debtsOf(row)).toContainEqual(expect.stringContaining(debt));
  });
});
