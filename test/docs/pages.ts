import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

export const ROOT = path.join(__dirname, '..', '..');
export const DOCS = path.join(ROOT, 'docs');

/** Stands for what a template literal fills in, in a page as in the texts of the sources. */
export const FILLED_IN = '...';

/** A test as a page names it. */
export interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** Links in the text, and definitions below it. */
export function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(([, target, defined]) => target ?? defined);
}

export function localLinksOf(text: string): string[] {
  return linksOf(text).filter((link) => !link.startsWith('https://'));
}

/** `file`: `title`, as often as a cell has them. */
export function testsOf(cell: string): NamedTest[] {
  return [...cell.matchAll(/`(test\/[^`]+)`: `([^`]+)`/g)].map(([, file, title]) => ({ file, title }));
}

const parse = memoized((file: string) => ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));

/** The cases of the buildspec's runner are named by texts of any place. */
const titlesOf = memoized((file: string) => (file.endsWith('.test.ts')
  ? nodesOf(parse(file)).filter(isTest).flatMap(({ arguments: [title] }) => textOf(title) ?? [])
  : textsOf(file)));

/** The texts of a file, with `...` for what is filled in. */
export const textsOf = memoized((file: string) => nodesOf(parse(file)).flatMap((node) => textOf(node) ?? []));

function memoized<T>(compute: (file: string) => T): (file: string) => T {
  const known = new Map<string, T>();
  return (file) => {
    const value = known.get(file) ?? compute(file);
    known.set(file, value);
    return value;
  };
}

function nodesOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  node.forEachChild((child) => { children.push(...nodesOf(child)); });
  return [node, ...children];
}

/** `test(...)` and `test.each(...)(...)`. */
function isTest(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) { return false; }
  let callee: ts.Node = node.expression;
  while (ts.isCallExpression(callee) || ts.isPropertyAccessExpression(callee)) {
    callee = callee.expression;
  }
  return ts.isIdentifier(callee) && callee.text === 'test';
}

function textOf(node: ts.Node | undefined): string | undefined {
  if (node === undefined) { return undefined; }
  if (ts.isStringLiteralLike(node)) { return node.text; }
  if (!ts.isTemplateExpression(node)) { return undefined; }
  return [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join(FILLED_IN);
}

/** The title as it stands in the file, or filled in with texts of the file's rows. */
function isTitle(title: string, template: string, texts: string[]): boolean {
  if (isTextOfARow(title, template)) { return true; }
  const [, ...values] = patternOf(template, /%[sj]/).exec(title) ?? [];
  return values.length > 0 && values.every((value) => texts.some((text) => isTextOfARow(value, text)));
}

function isTextOfARow(value: string, text: string): boolean {
  if (value === text) { return true; }
  // a text that begins with what is filled in would be any
  return !text.startsWith(FILLED_IN) && text.includes(FILLED_IN) && patternOf(text, FILLED_IN).test(value);
}

function patternOf(template: string, gap: string | RegExp): RegExp {
  return new RegExp(`^${template.split(gap).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.+)')}$`);
}

/** Tests that no file has by that title. */
export function missingTests(named: NamedTest[]): NamedTest[] {
  return named.filter(({ file, title }) => {
    const full = path.join(ROOT, file);
    return !fs.existsSync(full) || !titlesOf(full).some((template) => isTitle(title, template, textsOf(full)));
  });
}

/** Links of a page to files or headings that are not there. */
export function missingPlaces(links: string[], directory = DOCS): string[] {
  return links.filter((link) => {
    const [file, anchor] = link.split('#');
    const full = path.join(directory, file);
    return !fs.existsSync(full) || anchor !== undefined && !anchorsOf(full).includes(anchor);
  });
}

/** As GitHub makes them. */
function anchorsOf(file: string): string[] {
  const prose = fs.readFileSync(file, 'utf8').replace(/^```[^]*?^```/gm, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'));
}
