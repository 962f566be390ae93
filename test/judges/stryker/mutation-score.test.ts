import * as fs from 'fs';
import * as path from 'path';
import { identityOf, isAlive, mutantsOf, nowAt, rangesOf, Report } from './mutants';
import { AIM, PAGE, pageOf, readJson, REASONS, Reasons, Score, scoreOf, Scores, SCORES, superfluous, tableOf, unexplained } from './page';
import { ROOMS } from './rooms';
import { ROOT } from '../../docs/pages';

const scores = readJson<Scores>(SCORES);
const reasons = readJson<Reasons>(REASONS);

/** Tried once, in a sample, and below the aim: what lived was not looked at yet. */
const TO_BE_LOOKED_AT = ['service', 'service/private'];
const done = Object.fromEntries(Object.entries(scores).filter(([room]) => !TO_BE_LOOKED_AT.includes(room)));

describe('what was measured', () => {
  test('stands on the page as in the data', () => {
    expect(fs.readFileSync(PAGE, 'utf8')).toBe(pageOf(scores, reasons));
  });

  test('leaves no survivor without a reason where the aim is reached', () => {
    expect(unexplained(done, reasons)).toEqual([]);
  });

  test('leaves no reason without a survivor', () => {
    expect(superfluous(scores, reasons)).toEqual([]);
  });

  test.each(Object.entries(scores))('adds up: %s', (room, score) => {
    expect(Object.keys(ROOMS)).toContain(room);
    const { mutants, killed, killedLater, timedOut, survived, noCoverage, alive } = score;
    expect(killed + killedLater + timedOut + survived + noCoverage).toBe(mutants);
    expect(alive).toHaveLength(survived + noCoverage);
    expect(scoreOf(score) >= AIM).toBe(!TO_BE_LOOKED_AT.includes(room));
  });
});

describe('the tests of the rooms', () => {
  const named = Object.values(ROOMS).flatMap(({ tests, further }) => [...tests, ...further]).filter((test) => !test.includes('*'));

  test.each([...new Set(named)].filter((test) => !test.startsWith('test/template-checks/')))('%s is there', (test) => {
    expect(fs.existsSync(path.join(ROOT, test))).toBe(true);
  });
});

describe('a report', () => {
  const source = 'const a = 1;\n  if (a > 1) {\n    b();\n  }\n';
  const report: Report = {
    files: {
      'src/a.ts': {
        source,
        mutants: [
          mutant('a >= 1', 'Survived', [2, 7], [2, 12]),
          mutant('{}', 'NoCoverage', [2, 14], [4, 4]),
          mutant('2', 'Killed', [1, 11], [1, 12]),
        ],
      },
    },
  };

  test('tells mutations by what stands in the line', () => {
    expect(mutantsOf(report).map(({ mutation }) => mutation)).toEqual(['if (⟦a > 1 → a >= 1⟧) {', 'if (a > 1) ⟦{ … → {}⟧', 'const a = ⟦1 → 2⟧;']);
  });

  test('tells them by the same text when the lines have moved', () => {
    const { mutants } = report.files['src/a.ts'];
    const moved = mutants.map(
      (each) => ({ ...each, location: { start: below(each.location.start), end: below(each.location.end) } }),
    );
    const after = mutantsOf({ files: { 'src/a.ts': { source: `// more\n${source}`, mutants: moved } } });
    expect(after.map(({ mutation }) => mutation)).toEqual(mutantsOf(report).map(({ mutation }) => mutation));
    expect(after.map(identityOf)).not.toEqual(mutantsOf(report).map(identityOf));
  });

  test('tells where a mutation stands when the lines have moved, and that it is gone', () => {
    const [line, block, other] = mutantsOf(report);
    expect(nowAt(line, `// more\n${source}`)).toEqual({ ...line, line: 3, lastLine: 3 });
    expect(nowAt(block, `// more\n${source}`)).toEqual({ ...block, line: 3, lastLine: 5 });
    expect(nowAt(other, `${source}${source}`)).toEqual(other);
    expect(nowAt(line, source.replace('a > 1', 'a'))).toBeUndefined();
  });

  test('hands over the places of those that live, columns where they are in one line', () => {
    expect(rangesOf(mutantsOf(report).filter(isAlive), () => source)).toEqual(['src/a.ts:2:6-2:11', 'src/a.ts:2-4']);
  });

  function mutant(replacement: string, status: 'Survived' | 'NoCoverage' | 'Killed', start: [number, number], end: [number, number]) {
    return { mutatorName: 'Any', replacement, status, location: { start: position(start), end: position(end) } };
  }

  function position([line, column]: [number, number]) {
    return { line, column };
  }

  function below({ line, column }: { line: number; column: number }) {
    return { line: line + 1, column };
  }
});

describe('the page', () => {
  const measured: Score = {
    date: '2026-11-29',
    machine: '2 cores',
    minutes: 3,
    mutants: 1000,
    killed: 890,
    killedLater: 5,
    timedOut: 4,
    survived: 100,
    noCoverage: 1,
    alive: [{ file: 'src/a.ts', line: 2, lastLine: 2, covered: true, mutation: 'if (⟦a || b → true⟧) {' }],
  };

  test('rounds the score down, and adds the rooms up', () => {
    expect(scoreOf(measured)).toBe(89.9);
    expect(tableOf({ network: measured, ci: measured })).toContain('| **all** | 2000 | 1780 | 10 | 8 | 200 | 2 | 89.9 % | 6 |  |');
  });

  test('has a row for each survivor, and says where a reason is missing', () => {
    expect(pageOf({ network: measured }, {})).toContain('| src/a.ts:2 | `if (⟦a \\|\\| b → true⟧) {` | **not explained** |');
    expect(unexplained({ network: measured }, {})).toEqual(['src/a.ts:2 if (⟦a || b → true⟧) {']);
  });

  test('knows reasons for what lives no longer', () => {
    expect(superfluous({ network: measured }, { 'src/a.ts': { 'if (⟦a || b → true⟧) {': 'equivalent', 'other': 'gone' } })).toEqual(['src/a.ts other']);
  });
});
