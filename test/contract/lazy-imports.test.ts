import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { makeFolderLazy, makeLazy, makeLazyIndex } from '../../scripts/lazy-imports';

/** Runs a file with `require` calls that are noted. */
function run(text: string): { readonly exported: { [name: string]: unknown }; readonly required: string[] } {
  const required: string[] = [];
  const modules: { [name: string]: unknown } = {
    './base': { Base: class { public readonly kind = 'base'; }, make: () => 'made', Names: { Part: class { public readonly kind = 'part'; } } },
    'fs': fs,
  };
  const exported = {};
  const load = (name: string): unknown => {
    required.push(name);
    return modules[name];
  };
  new Function('require', 'exports', text)(load, exported);
  return { exported, required };
}

const call = (exported: { [name: string]: unknown }, name: string): unknown => (exported[name] as () => unknown)();

test.each([
  ['a function', 'exports.use = () => (0, base_1.make)();', 'made'],
  ['a class', 'exports.use = () => new base_1.Base().kind;', 'base'],
  ['a class in a namespace', 'exports.use = () => new base_1.Names.Part().kind;', 'part'],
  ['a shorthand', 'exports.use = () => ({ base_1 }).base_1.make();', 'made'],
  ['a property of the same name', 'exports.use = () => ({ base_1: { base_1: base_1.make() } }).base_1.base_1;', 'made'],
  ['a spread', 'exports.use = () => ({ ...base_1 }).make();', 'made'],
])('loads a file once it uses %s of it, and once only', (_, use, result) => {
  const { exported, required } = run(makeLazy(`const base_1 = require("./base");\n${use}\n`));
  expect(required).toEqual([]);
  expect(call(exported, 'use')).toBe(result);
  expect(call(exported, 'use')).toBe(result);
  expect(required).toEqual(['./base']);
});

test('loads at once what a class extends', () => {
  const { exported, required } = run(makeLazy('const base_1 = require("./base");\nclass A extends base_1.Base {}\nexports.A = A;\n'));
  expect(required).toEqual(['./base']);
  expect(new (exported.A as new () => { kind: string })().kind).toBe('base');
});

test('loads a namespace without the helpers of the compiler', () => {
  const text = makeLazy('"use strict";\nvar __importStar = (this && this.__importStar) || ((mod) => mod);\n'
    + 'const fs = __importStar(require("fs"));\nexports.use = () => fs.constants.R_OK;\n');
  expect(text).not.toContain('__importStar');
  expect(call(run(text).exported, 'use')).toBe(fs.constants.R_OK);
});

test.each(['(base_1) => base_1', '() => { const base_1 = 1; return base_1; }', '() => { const { base_1 } = { base_1: 1 }; return base_1; }'])(
  'leaves an import whose name means something else in %s', (shadow) => {
    const text = `const base_1 = require("./base");\nexports.use = ${shadow};\n`;
    expect(makeLazy(text)).toBe(text);
  });

test('changes nothing in a second run', () => {
  const once = makeLazy('const base_1 = require("./base");\nexports.use = () => base_1.make();\n');
  expect(makeLazy(once)).toBe(once);
  const index = makeLazyIndex('__exportStar(require("./a"), exports);', () => ['A']);
  expect(makeLazyIndex(index, () => [])).toBe(index);
});

test('the index of a folder loads a file when its export is used, and names its exports for ES modules', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lazy-'));
  try {
    fs.writeFileSync(path.join(folder, 'a.js'), 'globalThis.lazyLoads = (globalThis.lazyLoads ?? 0) + 1;\nexports.A = 1;\n');
    fs.writeFileSync(path.join(folder, 'types.js'), 'Object.defineProperty(exports, "__esModule", { value: true });\n');
    fs.writeFileSync(path.join(folder, 'index.js'), '__exportStar(require("./a"), exports);\n__exportStar(require("./types"), exports);\n');
    makeFolderLazy(folder);
    const text = fs.readFileSync(path.join(folder, 'index.js'), 'utf8');
    expect(text).toContain('exports.A = void 0;');
    expect(text).not.toContain('./types');
    const exported: { [name: string]: unknown } = {};
    const required: string[] = [];
    new Function('require', 'exports', text)((name: string) => {
      required.push(name);
      return { A: 1 };
    }, exported);
    expect(required).toEqual([]);
    expect(exported.A).toBe(1);
    expect(required).toEqual(['./a']);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
