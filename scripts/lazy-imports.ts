/**
 * Makes the compiled files load what they import when they first use it, as aws-cdk-lib does: an app loads the files of
 * the options that it sets, and no others.
 *
 * It runs at the end of a compilation, on `lib`; a second run changes nothing.
 */
import * as fs from 'fs';
import { createRequire } from 'module';
import * as path from 'path';
import * as ts from 'typescript';

const HELPER = /^var __(createBinding|setModuleDefault|importStar|exportStar) = /;

interface Import {
  readonly name: string;
  readonly module: string;
  readonly statement: ts.VariableStatement;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The file with imports that are loaded on first use. */
export function makeLazy(text: string): string {
  const file = ts.createSourceFile('file.js', text, ts.ScriptTarget.ES2022, true);
  const uses = identifiersOf(file);
  const imports = file.statements.flatMap(importOf).filter(({ name }) => isDeclaredOnce(name, uses));
  const edits = imports.flatMap(({ name, module, statement }) => [
    { ...spanOf(statement, file), text: `let ${name} = () => { const m = require(${module}); ${name} = () => m; return m; };` },
    ...(uses.get(name) ?? []).filter(isUse).map((use) => callOf(use, file)),
  ]);
  const unused = file.statements.filter((statement) => HELPER.test(statement.getText(file)))
    .map((statement) => ({ ...spanOf(statement, file), text: '' }));
  const rest = apply(text, edits);
  return /__(importStar|exportStar)\(/.test(rest) ? rest : apply(text, [...edits, ...unused]).replace(/\n{2,}/g, '\n');
}

/** The index with a getter for each name. `exportsOf` tells the names that a file exports. */
export function makeLazyIndex(text: string, exportsOf: (module: string) => string[]): string {
  const modules = [...text.matchAll(/^__exportStar\(require\("(.+)"\), exports\);$/gm)].map(([, module]) => module);
  if (modules.length === 0) { return text; }
  const exported = modules.flatMap((module) => exportsOf(module).map((name) => ({ name, module })));
  return [
    '"use strict";',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    // ES modules learn the names from these lines, without running the file
    ...exported.map(({ name }) => `exports.${name} = void 0;`),
    'const lazy = (name, load) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: load });',
    ...exported.map(({ name, module }) => `lazy("${name}", () => require("${module}").${name});`),
    '',
  ].join('\n');
}

function importOf(statement: ts.Statement): Import[] {
  if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length !== 1) { return []; }
  const [{ name, initializer }] = statement.declarationList.declarations;
  if (!ts.isIdentifier(name) || !initializer || !ts.isCallExpression(initializer)) { return []; }
  const call = isCallOf('__importStar', initializer) ? initializer.arguments[0] : initializer;
  if (!ts.isCallExpression(call) || !isCallOf('require', call)) { return []; }
  return [{ name: name.text, module: call.arguments[0].getText(), statement }];
}

function isCallOf(name: string, { expression }: ts.CallExpression): boolean {
  return ts.isIdentifier(expression) && expression.text === name;
}

function identifiersOf(file: ts.SourceFile): Map<string, ts.Identifier[]> {
  const found = new Map<string, ts.Identifier[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      found.set(node.text, [...found.get(node.text) ?? [], node]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** A name that a parameter or variable has as well would have to be told apart: such an import stays as it is. */
function isDeclaredOnce(name: string, uses: Map<string, ts.Identifier[]>): boolean {
  return (uses.get(name) ?? []).filter(isDeclaration).length === 1;
}

function isDeclaration(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent)
    || ts.isFunctionDeclaration(parent) || ts.isClassDeclaration(parent)) && parent.name === node;
}

function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (isDeclaration(node)) { return false; }
  if (ts.isPropertyAccessExpression(parent)) { return parent.expression === node; }
  if (ts.isBindingElement(parent)) { return parent.propertyName !== node; }
  return !((ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertyDeclaration(parent)
    || ts.isGetAccessor(parent)) && parent.name === node);
}

function callOf(use: ts.Identifier, file: ts.SourceFile): Edit {
  const shorthand = ts.isShorthandPropertyAssignment(use.parent) ? `${use.text}: ` : '';
  // `new x().Y()` would make an instance of x
  const inNew = isClassOfNew(use);
  return { ...spanOf(use, file), text: `${shorthand}${inNew ? `(${use.text}())` : `${use.text}()`}` };
}

function isClassOfNew(use: ts.Identifier): boolean {
  let node: ts.Node = use;
  while (ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node) { node = node.parent; }
  return ts.isNewExpression(node.parent) && node.parent.expression === node;
}

function spanOf(node: ts.Node, file: ts.SourceFile): { start: number; end: number } {
  return { start: node.getStart(file), end: node.getEnd() };
}

function apply(text: string, edits: Edit[]): string {
  return [...edits].sort((a, b) => b.start - a.start)
    .reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
}

function filesOf(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js')).map((name) => path.join(folder, name));
}

/** Transforms the folder of a compilation. */
export function makeFolderLazy(folder: string): void {
  const index = path.join(folder, 'index.js');
  for (const file of filesOf(folder).filter((name) => name !== index)) {
    fs.writeFileSync(file, makeLazy(fs.readFileSync(file, 'utf8')));
  }
  // a name that is only a type has no export
  const load = createRequire(path.resolve(index));
  const exportsOf = (module: string): string[] => Object.keys(load(module) as object);
  fs.writeFileSync(index, makeLazyIndex(fs.readFileSync(index, 'utf8'), exportsOf));
}

if (require.main === module) {
  makeFolderLazy(path.join(__dirname, '..', 'lib'));
}
