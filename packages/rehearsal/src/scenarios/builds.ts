import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Outcome, Scenario, World } from './scenario';

const TEST = 'def test_of_the_rehearsal():\n    assert False, "a failing test of the rehearsal"\n';

export const failingTest: Scenario = {
  name: 'failing-test',
  description: 'The commit has a test that fails.',
  requirement: 'The build fails at its tests, pushes no image, and keeps the report of the tests.',
  remedy: 'Let pytest, or testCommand, run the tests of the folder that contains the other tests.',
  async run(world: World): Promise<Outcome> {
    await world.release();
    const before = await world.tags();
    const { lastLine, result } = await world.builds.build((source) => {
      const folder = testFolder(source) ?? join(source, 'tests');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'test_of_the_rehearsal.py'), TEST);
    });
    const pushed = (await world.tags()).filter((tag) => !before.includes(tag));
    const report = Object.values(result.reports).find((file) => file?.endsWith('pytest.xml'));
    return {
      passed: result.failed.length > 0 && /\bpytest: /.test(lastLine) && pushed.length === 0 && existsSync(report ?? ''),
      finding: `${lastLine}; ${pushed.length === 0 ? 'no image was pushed' : `pushed: ${pushed.join(', ')}`}; ${report ? 'the report of the tests was kept' : 'there is no report of the tests'}.`,
    };
  },
};

/** The first folder with tests. */
function testFolder(folder: string): string | undefined {
  const entries = readdirSync(folder).sort();
  if (entries.some((name) => /^test_.*\.py$|_test\.py$/.test(name))) { return folder; }
  const folders = entries.map((name) => join(folder, name)).filter((path) => statSync(path).isDirectory());
  return folders.map(testFolder).find((found) => found !== undefined);
}
