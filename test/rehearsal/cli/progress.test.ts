import { Progress } from '../../../packages/rehearsal/src/cli/progress';

const NOON = Date.UTC(2026, 10, 30, 12, 0, 0);

function progressOn(output: { readonly isTTY?: boolean; readonly columns?: number }) {
  const written: string[] = [];
  let seconds = 0;
  const write = (text: string) => written.push(text);
  const progress = new Progress({ output: { ...output, write }, now: () => NOON + seconds * 1000 });
  return {
    progress,
    written,
    /** What was written since the last call. */
    taken: () => written.splice(0).join(''),
    at: (time: number) => { seconds = time; },
  };
}

describe('in a terminal', () => {
  test('one line is rewritten with all that is known', () => {
    const { progress, taken, at } = progressOn({ isTTY: true, columns: 120 });
    progress.update({ scenario: 'release', phase: 'build' });
    expect(taken()).toBe('\r\u001b[K0:00  release: build');
    at(72);
    progress.update({ phase: 'canary', weights: { blue: 90, green: 10 }, requestsPerSecond: 199.6, errors: 0 });
    expect(taken()).toBe('\r\u001b[K1:12  release: canary  blue 90 % green 10 %  200 req/s  no errors');
    progress.update({ phase: 'drain', errors: 1 });
    expect(taken()).toBe('\r\u001b[K1:12  release: drain  blue 90 % green 10 %  200 req/s  1 error');
  });

  test('the line is not longer than the terminal is wide', () => {
    const { progress, taken } = progressOn({ isTTY: true, columns: 30 });
    progress.update({ scenario: 'x'.repeat(100), phase: 'build' });
    expect(taken().replace('\r\u001b[K', '')).toHaveLength(29);
  });

  test('figures alone do not rewrite the line more than ten times a second', () => {
    const { progress, written, at } = progressOn({ isTTY: true });
    progress.update({ phase: 'canary', requestsPerSecond: 1 });
    for (let step = 1; step <= 20; step++) {
      at(step / 20);
      progress.update({ requestsPerSecond: step });
    }
    expect(written.length).toBeGreaterThan(5);
    expect(written.length).toBeLessThanOrEqual(11);
  });

  test('a note stays, and the end removes the line', () => {
    const { progress, taken } = progressOn({ isTTY: true });
    progress.update({ phase: 'build' });
    taken();
    progress.note('The engine\nis \u001b[31mready');
    expect(taken()).toBe('\r\u001b[KThe engine is ready\n');
    progress.update({ phase: 'drain' });
    progress.end();
    expect(taken()).toMatch(/drain\r\u001b\[K$/);
    progress.end();
    expect(taken()).toBe('');
  });
});

describe('in CI', () => {
  test('each change of phase and traffic is a line with the time', () => {
    const { progress, taken, at } = progressOn({});
    progress.update({ scenario: 'release', phase: 'build' });
    at(65);
    progress.update({ phase: 'canary', weights: { blue: 90, green: 10 }, requestsPerSecond: 200, errors: 0 });
    at(80);
    progress.update({ weights: { blue: 0, green: 100 } });
    expect(taken()).toBe([
      '12:00:00 release: build, after 0:00',
      '12:01:05 release: canary, blue 90 % green 10 %, 200 req/s, no errors, after 1:05',
      '12:01:20 release: canary, blue 0 % green 100 %, 200 req/s, no errors, after 1:20',
      '',
    ].join('\n'));
  });

  test('a request rate that changes is no line', () => {
    const { progress, taken, at } = progressOn({});
    progress.update({ phase: 'canary', requestsPerSecond: 200, errors: 0 });
    taken();
    at(500);
    progress.update({ requestsPerSecond: 180, errors: 0 });
    expect(taken()).toBe('');
  });

  test('the first errors are a line at once, more of them after a while', () => {
    const { progress, taken, at } = progressOn({});
    progress.update({ phase: 'canary', errors: 0 });
    taken();
    progress.update({ errors: 3 });
    expect(taken()).toContain('3 errors');
    at(5);
    progress.update({ errors: 9 });
    expect(taken()).toBe('');
    at(11);
    progress.update({ errors: 30 });
    expect(taken()).toContain('30 errors');
    at(60);
    progress.update({ errors: 30 });
    expect(taken()).toBe('');
  });

  test('a new scenario forgets the figures of the last', () => {
    const { progress, taken } = progressOn({});
    progress.update({ scenario: 'release', phase: 'drain', weights: { blue: 0, green: 100 }, errors: 4 });
    taken();
    progress.update({ scenario: 'killed-task', phase: 'load' });
    expect(taken()).toBe('12:00:00 killed-task: load, after 0:00\n');
    progress.update({ errors: 1 });
    expect(taken()).toContain('1 error,');
  });

  test('no control character is written', () => {
    const { progress, taken } = progressOn({});
    progress.update({ scenario: 'a\u001b[2J\rb', phase: 'c\nd' });
    progress.note('e\u001b[31m\nf');
    expect(taken()).toBe('12:00:00 a b: c d, after 0:00\n12:00:00 e f\n');
  });
});
