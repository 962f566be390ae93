import * as fs from 'fs';
import * as path from 'path';
import { findingsOfPage, findingsOfSource } from './text/findings';
import { compileSnippets, snippetsOf } from './text/snippets';

/**
 * Checks what people read: the words and the length of the sentences in pages and messages, and whether the TypeScript
 * examples of the pages compile.
 *
 * Files after `--` are checked instead.
 */
const ROOT = path.join(__dirname, '..');
const PAGES = ['README.md', 'CONTRIBUTING.md', 'API.md', 'docs', 'examples'];
/** The last two are what the demo prints. */
const SOURCES = ['src', 'assets', 'test/integ/demo.ts', 'test/integ/decisions.ts'];
/** jsii-rosetta compiles those of the README, and CONTRIBUTING shows parts of tests. */
const WITH_SNIPPETS = /^(docs|test)\//;

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

async function main(chosen: string[]): Promise<void> {
  const files = chosen.length > 0
    ? chosen.map((file) => path.relative(ROOT, path.resolve(file)))
    : [...PAGES, ...SOURCES].flatMap(filesIn);
  const pages = files.filter((file) => file.endsWith('.md'));
  const sources = files.filter((file) => /\.(ts|js|sh|py)$/.test(file) && !file.startsWith('examples'));
  const findings = [
    ...await Promise.all(pages.map((page) => findingsOfPage(page, read(page)))),
    ...await Promise.all(sources.map((source) => findingsOfSource(source, read(source)))),
    compileSnippets(pages.filter((page) => WITH_SNIPPETS.test(page)).flatMap((page) => snippetsOf(page, read(page)))),
  ].flat();
  findings.forEach((finding) => console.error(finding));
  console.log(`lint:text: ${pages.length} pages, ${sources.length} source files, ${findings.length} problems`);
  process.exitCode = findings.length > 0 ? 1 : 0;
}

function filesIn(root: string): string[] {
  return fs.statSync(path.join(ROOT, root)).isFile() ? [root] : listOf(root).filter((file) => !file.includes('node_modules'));
}

function listOf(directory: string): string[] {
  return fs.readdirSync(path.join(ROOT, directory), { recursive: true, encoding: 'utf8' }).map((file) => path.join(directory, file)).sort();
}

function read(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), 'utf8');
}
