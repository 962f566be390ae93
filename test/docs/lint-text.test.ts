import { spawnSync } from 'child_process';
import * as path from 'path';
import { ROOT } from './pages';

const BAD_TEXTS = ['page.md', 'message.ts', 'message.sh'].map((file) => `test/docs/bad-texts/${file}`);

/** textlint's rules are ECMAScript modules, which jest does not load: the command is tested as it is called. */
function lint(files: string[]): { status: number | null; findings: string[] } {
  const tsx = path.join(ROOT, 'node_modules', '.bin', 'tsx');
  const { status, stderr } = spawnSync(tsx, ['scripts/lint-text.ts', ...files], { cwd: ROOT, encoding: 'utf8' });
  return { status, findings: stderr.split('\n').filter((line) => line !== '') };
}

describe('npm run lint:text', () => {
  test('finds words and long sentences in pages and in messages, and examples that do not compile', () => {
    const { status, findings } = lint(BAD_TEXTS);
    expect(findings).toEqual([
      'test/docs/bad-texts/page.md:3: Incorrect term: “goes off”, use “enters ALARM” instead',
      'test/docs/bad-texts/page.md:5: A sentence of 28 words (25 at most): "This sentence goes on and on with one"',
      'test/docs/bad-texts/page.md:7: Incorrect term: “draws a warning”, use “emits a warning” instead',
      'test/docs/bad-texts/page.md:12: A sentence of 30 words (25 at most): "Each cell of a table is read as"',
      'test/docs/bad-texts/page.md:18: Incorrect term: “hears of”, use “is notified of” instead',
      'test/docs/bad-texts/message.ts:4: Incorrect term: “is told of”, use “is notified of” instead',
      'test/docs/bad-texts/message.ts:7: Incorrect term: “mends”, use “fix” instead',
      'test/docs/bad-texts/message.sh:2: Incorrect term: “mends”, use “fix” instead',
      'test/docs/bad-texts/page.md:15: Object literal may only specify known properties, and \'conainerPort\' does not exist in type \'BlueGreenPythonPipelineProps\'.',
      'test/docs/bad-texts/page.md:21: Object literal may only specify known properties, but \'environmentSufix\' does not exist in type \'BlueGreenPythonPipelineProps\'. Did you mean to write \'environmentSuffix\'?',
    ]);
    expect(status).toBe(1);
  });

  test('accepts a page without faults', () => {
    expect(lint(['docs/maintainers/README.md'])).toMatchObject({ status: 0, findings: [] });
  });
});
