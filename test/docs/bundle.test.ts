import * as fs from 'fs';
import * as path from 'path';
import { BUNDLED } from '../../scripts/packages/languages';

test('the recipe of a bundler in the documentation is the one that the packed library is tested with', () => {
  expect(fs.readFileSync(path.join(__dirname, '../../docs/troubleshooting.md'), 'utf8')).toContain(`\n${BUNDLED}\n`);
});
