import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const PROGRAM = path.join(__dirname, '..', '..', 'assets', 'build', 'prune.py');
/** The interpreter itself, since a shim of pyenv takes longer than the program. */
const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const OLD = new Date('2020-01-01');

let home: string;
let cache: string;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'prune-'));
  cache = path.join(home, 'cache');
});

afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

/** A file, or a directory with a file, of an earlier build. */
function write(name: string, time = OLD): void {
  const file = path.join(home, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, '');
  [file, path.dirname(file), path.dirname(path.dirname(file))].forEach((one) => fs.utimesSync(one, time, time));
}

/** A package in the cache of uv, with the names that uv gives to its parts. */
function unpack(name: string, version: string, id: string, time = OLD): void {
  const pointers = path.join(cache, 'uv/wheels-v8/pypi', name);
  fs.mkdirSync(pointers, { recursive: true });
  fs.symlinkSync(`../../../archive-v0/${id}`, path.join(pointers, `${version}-py3-none-any`));
  fs.writeFileSync(path.join(pointers, `${version}-py3-none-any.msgpack`), '');
  write(`cache/uv/simple-v28/pypi/${name}.rkyv`, time);
  write(`cache/uv/archive-v0/${id}/${name.replace(/-/g, '_')}-${version}.dist-info/METADATA`, time);
}

/** Files and links, which are not followed. */
function walk(directory: string): string[] {
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(directory, entry.name);
    return entry.isDirectory() ? walk(file) : [file];
  });
}

function prune(...state: string[]): string[] {
  fs.writeFileSync(path.join(home, 'started'), '');
  fs.utimesSync(path.join(home, 'started'), new Date('2021-01-01'), new Date('2021-01-01'));
  const { stderr, status } = spawnSync(PYTHON, [PROGRAM, cache, path.join(home, 'venv'), path.join(home, 'started'), ...state], { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return walk(cache).map((file) => path.relative(cache, file)).sort();
}

test('of uv, what the environment, a tool, or this build uses stays, and another version does not', () => {
  write('venv/lib/python3.12/site-packages/shop_lib-2.0.dist-info/METADATA');
  unpack('shop-lib', '2.0', 'a');
  unpack('shop-lib', '1.0', 'b');
  unpack('colorama', '0.4.6', 'c');
  unpack('bandit', '1.9.4', 'd');
  unpack('setuptools', '80.0', 'e', new Date('2022-01-01'));
  write('cache/uv/archive-v0/tool/lib/python3.13/site-packages/bandit-1.9.4.dist-info/METADATA');
  fs.mkdirSync(path.join(cache, 'uv/environments-v2/x'), { recursive: true });
  fs.symlinkSync('../../archive-v0/tool', path.join(cache, 'uv/environments-v2/x/y'));
  write('cache/uv/sdists-v11/editable/0/revision.rev');
  const left = prune();
  expect(left.filter((file) => file.startsWith('uv/archive-v0/')).map((file) => file.split('/')[2])).toEqual(['a', 'd', 'e', 'tool']);
  expect(left.filter((file) => file.startsWith('uv/wheels-v8/') && !file.endsWith('.msgpack')).map((file) => file.split('/')[3])).toEqual(['bandit', 'setuptools', 'shop-lib']);
  expect(left.filter((file) => /colorama|1\.0|sdists/.test(file))).toEqual([]);
});

test('of pip and Poetry, files of packages stay by their name, and old answers of an index do not', () => {
  write('venv/lib/python3.12/site-packages/shop_lib-2.0.dist-info/METADATA');
  write('cache/poetry/artifacts/0/shop_lib-2.0-py3-none-any.whl');
  write('cache/poetry/artifacts/1/colorama-0.4.6-py2.py3-none-any.whl');
  write('cache/pip/wheels/2/shop-lib-2.0.tar.gz');
  write('cache/pip/http-v2/3/body');
  write('cache/pip/http-v2/4/body', new Date('2022-01-01'));
  expect(prune()).toEqual(['pip/http-v2/4/body', 'poetry/artifacts/0/shop_lib-2.0-py3-none-any.whl']);
});

test('without a cache there is nothing to do', () => {
  fs.mkdirSync(cache);
  expect(prune()).toEqual([]);
});

test('the state is written after a success, so that the next build repeats what failed', () => {
  fs.mkdirSync(cache);
  prune('shop 1');
  expect(fs.readFileSync(path.join(cache, 'installed'), 'utf8')).toBe('shop 1');
  const { status } = spawnSync(PYTHON, [PROGRAM, cache, path.join(home, 'venv'), path.join(home, 'missing'), 'shop 2']);
  expect(status).not.toBe(0);
  expect(fs.readFileSync(path.join(cache, 'installed'), 'utf8')).toBe('shop 1');
});
