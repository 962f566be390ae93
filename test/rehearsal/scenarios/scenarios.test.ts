import { readFileSync } from 'fs';
import { join } from 'path';
import { TaskModel } from '../../../packages/rehearsal/src/assembly/model';
import { SCENARIOS } from '../../../packages/rehearsal/src/scenarios';
import { requireRelease, withContainer } from '../../../packages/rehearsal/src/scenarios/scenario';

const PAGE = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'rehearsal.md'), 'utf8');

describe('the scenarios', () => {
  test('have names of their own, which the page lists', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const [, table] = PAGE.split('## Scenarios');
    expect([...table.split('Each scenario can fail')[0].matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name).filter((name) => !name.startsWith('--')).sort()).toEqual([...names].sort());
  });

  test.each(SCENARIOS)('say in sentences what $name requires, and what to change', ({ description, requirement, remedy }) => {
    [description, requirement, remedy].forEach((text) => expect(text).toMatch(/^[A-Z].*\.$/));
  });
});

test('a changed container leaves the others of its task alone', () => {
  const container = (name: string) => ({ name, image: 'i', memoryMiB: 512 }) as TaskModel['containers'][number];
  const task: TaskModel = { cpu: 256, memoryMiB: 512, containers: [container('proxy'), container('app')] };
  expect(withContainer(task, 'app', { memoryMiB: 8 }).containers.map(({ memoryMiB }) => memoryMiB)).toEqual([512, 8]);
});

test('an application that cannot be built stops a rehearsal with the last line of its build', () => {
  const report = { lastLine: 'the build failed and released nothing: pytest: a test failed', output: '', seconds: 1, result: {} as never };
  expect(() => requireRelease(report)).toThrow('your application cannot be built: the build failed and released nothing: pytest: a test failed');
});
