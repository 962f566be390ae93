import * as fs from 'fs';
import * as path from 'path';
import { DOCS, FILLED_IN, missingTests, ROOT, testsOf } from './pages';
import { Shape, SHAPES } from '../runs/buildspec/oracle-shapes';

const PAGE = fs.readFileSync(path.join(DOCS, 'python-builds.md'), 'utf8');

/** What real projects do, by the ids of the rows. */
const IDS = Object.entries({ A: 5, B: 6, C: 8, D: 16, E: 9, F: 7 })
  .flatMap(([group, count]) => Array.from({ length: count }, (_, index) => `${group}${index + 1}`)).concat('G', 'H1', 'H2', 'H3', 'H4');

/** Where the build has its texts from. */
const SOURCES = [...fs.readdirSync(path.join(ROOT, 'assets/build')).map((name) => `assets/build/${name}`), 'src/ci/docker-hub-credentials.ts', 'src/ci/build-secret.ts', 'src/ci/private/buildspec.ts'];

/** What no last line has: what is well, and a text that the judge always writes over. */
const NEVER_SEEN = ['passed'];

const failures = rowsOf('When a build fails');
const shapes = rowsOf('Project shapes that were tried');
const habits = rowsOf('How the build handles common projects');

function rowsOf(heading: string): string[][] {
  const [, section] = PAGE.split(`\n## ${heading}\n`);
  const [, , ...rows] = section.split('\n## ')[0].split('\n').filter((line) => line.startsWith('| '));
  return rows.map((row) => row.slice(2, -2).split(' | '));
}

/** The texts of a cell, without the gate that says them. */
function lastLinesOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text.replace(/^(install|pytest|coverage|bandit|audit|sbom|services|image|push|scan|repeated|program): /, ''));
}

/** What the sources have between quotes, with `...` for what is filled in. */
function textsOf(source: string): string[] {
  const lines = source.split('\n').filter((line) => !/^ *#/.test(line));
  return lines.flatMap((line) => [...line.matchAll(/'((?:[^'\\]|\\.)+)'|"((?:[^"\\]|\\.)+)"|`([^`]+)`/g)].map(([, ...found]) => found.find((text) => text) ?? ''))
    .map((text) => text.replace(/\$\{[^}]*\}|\$\([^)]*\)|\$\w+|%s/g, FILLED_IN).replace(/^~/, ''));
}

/**
 * What a build may say at its end: the texts that the program explains with, the results of pytest, and those of the
 * judge.
 */
function sayings(file: string): string[] {
  const saying = {
    '.sh': /(?:explain |result=|outdated=|text=)(?:'~?[a-z][^']* [^']*'|"~?[a-z][^"]* [^"]*")/g,
    '.py': /(?<=^ *"(?:bandit|audit|scan)": |sys\.exit\(print\(|self\.refusal = |says\()"[^"]+"/gm,
    '.ts': /explain\((?:'[^']*'|`[^`]*`)|refuse "[^"]*"/g,
  }[path.extname(file)] ?? /$./g;
  const found = fs.readFileSync(path.join(ROOT, file), 'utf8').match(saying) ?? [];
  return found.flatMap((text) => textsOf(text));
}

const texts = SOURCES.flatMap((file) => [...textsOf(fs.readFileSync(path.join(ROOT, file), 'utf8')), ...sayings(file)]);
const quoted = failures.flatMap(([, text]) => lastLinesOf(text));

/** Texts of a page that no source says; what a source says may go on with what is filled in. */
function missingTexts(quotes: string[]): string[] {
  return quotes.filter((quote) => !texts.includes(quote) && !texts.some((text) => `${text} ${FILLED_IN}` === quote));
}

/** What the table says about a shape. */
function rowOf({ name, measured, lastLine, stricter }: Shape): string[] {
  const verdict = stricter ? 'fails, although plain pytest passes' : 'fails, as plain pytest does';
  const lines = Array.isArray(measured) ? `${measured[1]} of ${measured[0]} lines` : `as plain pytest measures ${measured}`;
  return [name, lastLine === undefined ? 'passes, as plain pytest does' : verdict, measured === undefined ? 'none' : lines, lastLine === undefined ? '–' : `\`${lastLine}\``];
}

describe('the page of Python builds', () => {
  test('has a row for everything that real projects do', () => {
    expect(habits.map(([id]) => id)).toEqual(IDS);
  });

  test('has all cells in every row', () => {
    expect(failures.filter((cells) => cells.length !== 6)).toEqual([]);
    expect(habits.filter((cells) => cells.length !== 4)).toEqual([]);
  });

  test('lists every shape of a project that is compared with plain pytest', () => {
    expect(shapes).toEqual(SHAPES.map(rowOf));
  });

  test('names tests that exist by exactly these titles', () => {
    const cells = [...failures.map((row) => row[5]), ...habits.map((row) => row[3])];
    expect(cells.filter((cell) => testsOf(cell).length !== cell.split('`; `').length && cell !== '–')).toEqual([]);
    expect(missingTests(testsOf(PAGE))).toEqual([]);
  });

  test('quotes last lines as the build says them', () => {
    expect(missingTexts(quoted)).toEqual([]);
  });

  test('leaves out nothing that a build may say at its end', () => {
    const said = SOURCES.flatMap(sayings).filter((text) => !NEVER_SEEN.includes(text));
    expect(said.length).toBeGreaterThan(40);
    expect(said.filter((text) => !quoted.some((quote) => quote === text || quote === `${text} ${FILLED_IN}`))).toEqual([]);
  });
});

describe('the check finds', () => {
  test('a last line that nothing says', () => {
    expect(missingTexts(['no test was found: set testDirectory', 'all is well'])).toHaveLength(2);
  });

  test('a case of the builds that is not there', () => {
    const file = 'test/runs/buildspec/cases.ts';
    const named = ['a failing test fails the build', 'a project without a lock file of uv fails the build', 'a failing test breaks the build'];
    expect(missingTests(named.map((title) => ({ file, title })))).toEqual([{ file, title: 'a failing test breaks the build' }]);
  });
});
