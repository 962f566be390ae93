import * as fs from 'fs';
import * as path from 'path';
import { ROOT } from './pages';

const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');
const README = read('README.md');

/** The blocks of a language that create an app. */
function programsIn(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\w+)[^\n]*\n([^]*?)^```$/gm)]
    .filter(([, name, code]) => name === language && /\bApp\(\);?$/m.test(code))
    .map(([,, code]) => code);
}

describe('the README shows', () => {
  // jsii-rosetta translates `ts` and `typescript`: the program would be Python below the heading TypeScript
  test.each([
    ['TypeScript', 'examples/typescript/orders/app.ts'],
    ['python', 'examples/python/orders/app.py'],
    ['java', 'examples/java/orders/src/main/java/com/example/OrdersApp.java'],
  ])('the complete program in %s that test:packages installs and synthesizes', (language, file) => {
    expect(programsIn(README, language)).toEqual([read(file)]);
  });

  test('the Maven dependency of the example', () => {
    const [dependency] = /^ {4}<dependency>\n[^]*?<\/dependency>\n/m.exec(read('examples/java/orders/pom.xml')) ?? [];
    expect(dependency).toContain('cdk-blue-green-python-pipeline');
    expect(README).toContain(dependency!.replace(/^ {4}/gm, ''));
  });
});
