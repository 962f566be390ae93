/**
 * Corrects names in the translations of the examples. jsii-rosetta writes the translations, and jsii-pacmak generates
 * the names:
 *
 * - In Python, jsii-rosetta turns `memoryLimitMiB` into `memory_limit_mi_b`, and jsii-pacmak into `memory_limit_mib`.
 * - In Java, jsii-rosetta keeps properties in front of a method, as in `orders.service.metricResponseTime()`, but
 *   jsii-pacmak generates `getService()` only.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

interface Tablet {
  readonly snippets: { [key: string]: { readonly translations: { [language: string]: { source: string } } } };
}

// the tablet has the original as a translation too
const ORIGINAL = '$';

/** The casing of jsii-pacmak's own copy of the package, so that it is the casing of the module. */
const { toSnakeCase } = createRequire(require.resolve('jsii-pacmak/package.json'))('codemaker') as { toSnakeCase(name: string): string };

/** The Python translation of an example, with each name as the generated module has it. */
export function fixPython(python: string, typescript: string): string {
  const names = (typescript.match(/\b[a-z]\w*/g) ?? []).map((name) => toSnakeCase(name));
  // whatever the other tool does to a name, its letters stay
  const byLetters = new Map(names.map((name) => [lettersOf(name), name]));
  // what ends in an underscore is a keyword of Python, such as `lambda_`
  return python.replace(/\b[a-z]\w*_[a-z0-9]+\b/g, (word) => names.includes(word) ? word : byLetters.get(lettersOf(word)) ?? word);
}

function lettersOf(name: string): string {
  return name.replace(/_/g, '');
}

/** The Java translation of an example, with a getter for each property of another object. */
export function fixJava(java: string): string {
  const others = /"(?:\\.|[^"\\])*"|\/\/.*|^import .*|\bthis\.\w+/;
  // behind the name of a class is a constant or a field of Java's own, such as `System.out`
  const property = /(?<=[\w)]\.)(?<!\b[A-Z]\w*\.)[a-z]\w*\b(?!\s*\()/;
  return java.replace(new RegExp(`(${others.source})|${property.source}`, 'gm'),
    (match: string, other?: string) => other ?? `get${match[0].toUpperCase()}${match.slice(1)}()`);
}

function fixTablet(file: string): void {
  const tablet = JSON.parse(readFileSync(file, 'utf8')) as Tablet;
  for (const { translations } of Object.values(tablet.snippets)) {
    translations.python.source = fixPython(translations.python.source, translations[ORIGINAL].source);
    translations.java.source = fixJava(translations.java.source);
  }
  writeFileSync(file, JSON.stringify(tablet, null, 2));
}

if (require.main === module) {
  fixTablet(join(__dirname, '..', '.jsii.tabl.json'));
}
