import { requireCurrentNames } from '../../src/private/moved-options';
import { createStack } from '../helpers';

const MOVED = { size: 'cpu', hooks: 'release.hooks' };
const check = (options: object) => () => requireCurrentNames(createStack(), options, MOVED);

test.each<[string, object]>([
  ['no options', {}],
  ['current names', { cpu: 512 }],
  ['a former name without a value', { size: undefined }],
])('accepts %s', (_what, options) => {
  expect(check(options)).not.toThrow();
});

test('refuses a former name, and names the current one', () => {
  expect(check({ size: 512, cpu: 512 })).toThrow("'size' is now 'cpu'; rename it [Stack]");
});

test('refuses all former names at once', () => {
  expect(check({ hooks: 'h', size: 0 })).toThrow("'size' is now 'cpu', 'hooks' is now 'release.hooks'; rename them [Stack]");
});
