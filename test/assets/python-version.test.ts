import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const PROGRAM = path.join(__dirname, '..', '..', 'assets', 'build', 'python_version.py');

/** The versions of the build image, as pyenv lists them. */
const AVAILABLE = ['3.10.13', '3.11.7', '3.12.1', '3.13.0', '3.9.18', '3.9.2'];
const DEFAULT = '3.9.18';

interface Files {
  readonly [path: string]: string | Buffer;
}

interface Choice {
  readonly directory?: string;
  readonly option?: string;
  readonly active?: string;
  readonly available?: string[];
  readonly uv?: boolean;
}

let repository: string;

beforeEach(() => {
  repository = fs.mkdtempSync(path.join(os.tmpdir(), 'python-version-'));
});

afterEach(() => {
  fs.rmSync(repository, { recursive: true });
});

function choose(
  files: Files, { directory = '.', option = '', active = DEFAULT, available = AVAILABLE, uv = true }: Choice = {},
) {
  const root = path.join(repository, 'checks');
  fs.mkdirSync(path.join(root, directory), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
  const { stdout, stderr, status } = spawnSync('python3', [PROGRAM, root, directory, option, active, ...available], {
    encoding: 'utf8', env: { ...process.env, PROJECT_KIND: uv ? 'uv' : 'pip' },
  });
  expect({ stderr, status }).toMatchObject({ status: 0 });
  return { version: stdout.trimEnd(), log: stderr.trimEnd() };
}

const pyproject = (requires: string): Files => ({ 'pyproject.toml': `[project]\nrequires-python = "${requires}"\n` });
const poetry = (python: string): Files => ({ 'pyproject.toml': `[tool.poetry.dependencies]\npython = ${python}\n` });

describe('a .python-version', () => {
  test.each([
    ['a version without a patch level', '3.12', '3.12.1'],
    ['a version that the image has', '3.12.1', '3.12.1'],
    ['another patch level than that of the image', '3.12.4', '3.12.1'],
    ['the newest of two patch levels', '3.9', '3.9.18'],
    ['the older of two patch levels', '3.9.2', '3.9.2'],
    ['only the major version', '3', '3.13.0'],
    ['an implementation', 'cpython-3.12', '3.12.1'],
    ['an implementation as uv writes it', 'cpython@3.12', '3.12.1'],
    ['an implementation and a platform', 'cpython-3.12.1-linux-x86_64-gnu', '3.12.1'],
    ['the name of an interpreter', 'python3.11', '3.11.7'],
    ['an environment of pyenv-virtualenv', 'shop-3.12', '3.12.1'],
    ['the path of such an environment', '3.11.7/envs/shop', '3.11.7'],
    ['a v', 'v3.12', '3.12.1'],
    ['a tag of CPython', 'cp312', '3.12.1'],
    ['a tag of CPython for a version of one digit', 'cp39', '3.9.18'],
    ['an implementation without a dot', 'cpython310', '3.10.13'],
    ['a specifier that allows the default', '>=3.8', '3.9.18'],
    ['a specifier that excludes the default', '>=3.11', '3.11.7'],
    ['a specifier of several parts', '>3.9.18,<3.13', '3.10.13'],
    ['a specifier that excludes a version', '!=3.9.*', '3.10.13'],
    ['a compatible release', '~=3.12.0', '3.12.1'],
    ['an equal version', '==3.13.*', '3.13.0'],
    ['a byte order mark', '\ufeff3.12\r\n', '3.12.1'],
  ])('may have %s', (_what, content, version) => {
    expect(choose({ '.python-version': content })).toEqual({
      version, log: `Python ${version}, because .python-version names ${content.replace(/[\ufeff\r\n]/g, '')}`,
    });
  });

  test.each([
    ['comments and empty lines', '# for the app\n\n3.11 # not 3.12\n', '3.11.7', '3.11'],
    ['several lines, of which the first counts', '3.12\n3.11\n', '3.12.1', '3.12'],
    ['several versions in a line', '3.12 3.11\n', '3.12.1', '3.12'],
    ['several lines, of which the image lacks the first', '3.15\n3.11\n', '3.11.7', '3.11'],
    ['a specifier with spaces', '>= 3.11, < 3.13 # both\n', '3.11.7', '>=3.11,<3.13'],
    ['a specifier with spaces around its commas', '>= 3.11 , <3.13\n', '3.11.7', '>=3.11,<3.13'],
    ['a specifier that no version of the image satisfies, and a version', '>=3.15\n3.11\n', '3.11.7', '3.11'],
    ['another implementation and a version', 'pypy3.10\n3.11\n', '3.11.7', '3.11'],
  ])('may have %s', (_what, content, version, named) => {
    expect(choose({ '.python-version': content })).toEqual({ version, log: `Python ${version}, because .python-version names ${named}` });
  });

  test.each<[string, BufferEncoding, string]>([['little', 'utf16le', ''], ['big', 'utf16le', 'swap']])(
    'may be UTF-16 with a byte order mark of the %s end', (_end, encoding, swap) => {
      const content = Buffer.from('\ufeff3.12\r\n', encoding);
      expect(choose({ '.python-version': swap === '' ? content : content.swap16() }))
        .toEqual({ version: '3.12.1', log: 'Python 3.12.1, because .python-version names 3.12' });
    });

  test.each([
    '3.15', '2.7.18', '3.13t', '3.14.0rc1', '3.13+freethreaded', '3.1', 'cpython-3.13+freethreaded', 'cp313t', 'v3.15', 'cp315',
    'pypy', 'pypy3.10', 'pypy@3.10', 'graalpy-24.0', 'miniconda3-latest', 'jython-2.7.4', 'py312', 'miniconda3-3.12', 'shop-3.15',
    '>=3.15', '~3.12', '=>3.12', '^3.12', '/usr/bin/python3.12',
  ])('that names %s, which the image lacks, is an error', (named) => {
    expect(choose({ '.python-version': `${named}\n` })).toEqual({ version: `- Python ${named}, which .python-version names`, log: '' });
  });

  test.each(['system', 'my-environment', 'web2', 'shop-1234', 'office365', 'project-2.0'])('that names no version (%s) is ignored, and the log says so', (named) => {
    expect(choose({ '.python-version': `${named}\n`, ...pyproject('>=3.10') })).toEqual({
      version: '3.10.13',
      log: `Python 3.10.13, the lowest version of the build image that requires-python of pyproject.toml (>=3.10) allows; ${named} in .python-version is not a version`,
    });
  });

  test.each<[string, Files, string]>([
    ['in the directory of the project', { 'a/b/.python-version': '3.11', 'a/.python-version': '3.12', '.python-version': '3.13' }, 'a/b/.python-version'],
    ['in a directory above it', { 'a/.python-version': '3.11', '.python-version': '3.13' }, 'a/.python-version'],
    ['in the root of the repository', { '.python-version': '3.11', 'a/b/c/.python-version': '3.12' }, '.python-version'],
    ['beside a directory of this name', { '.python-version': '3.11', 'a/b/.python-version/x': '3.12' }, '.python-version'],
  ])('may be %s', (_where, files, file) => {
    expect(choose(files, { directory: 'a/b' })).toEqual({ version: '3.11.7', log: `Python 3.11.7, because ${file} names 3.11` });
  });

  test('outside of the repository does not count', () => {
    fs.writeFileSync(path.join(repository, '.python-version'), '3.12\n');
    expect(choose({}).version).toBe(DEFAULT);
  });

  test.each<[string, string, Files, string]>([
    ['a version', '3.10', pyproject('>=3.12'), 'requires-python of pyproject.toml (>=3.12)'],
    ['a specifier', '<3.12', pyproject('>=3.12'), 'requires-python of pyproject.toml (>=3.12)'],
    ['the constraint of Poetry', '3.11', poetry('"^3.12"'), 'python of pyproject.toml (^3.12)'],
    ['one of two files', '3.11', { ...pyproject('>=3.9'), 'uv.lock': 'requires-python = ">=3.12"\n' }, 'requires-python of uv.lock (>=3.12)'],
    ['both of two files', '3.11', { ...pyproject('>=3.13'), 'uv.lock': 'requires-python = ">=3.12"\n' },
      'requires-python of pyproject.toml (>=3.13) and requires-python of uv.lock (>=3.12)'],
    ['two lines', '3.11', { 'setup.cfg': '[options]\npython_requires =\n    >=3.12,\n    <4\n' }, 'python_requires of setup.cfg (>=3.12, <4)'],
    ['a text of several lines', '3.11', { 'pyproject.toml': '[project]\nrequires-python = """\n>=3.12,\n<4"""\n' }, 'requires-python of pyproject.toml (>=3.12, <4)'],
  ])('that the project excludes is an error: %s', (_what, named, files, excludes) => {
    expect(choose({ '.python-version': `${named}\n`, ...files })).toEqual({ version: `! .python-version names ${named}, which ${excludes} excludes`, log: '' });
  });

  test.each([
    ['>=3.8', '>=3.12', '3.12.1'], ['3', '<3.12', '3.11.7'], ['3.9', '<3.9.10', '3.9.2'],
  ])('with %s agrees with the requirement %s where a version of the image satisfies both', (named, requires, version) => {
    expect(choose({ '.python-version': named, ...pyproject(requires) }).version).toBe(version);
  });
});

describe('without a .python-version', () => {
  test('the default is used', () => {
    expect(choose({})).toEqual({ version: DEFAULT, log: `Python ${DEFAULT}, the default, because the project names no version` });
  });

  test.each<[string, Files, string]>([
    ['pyproject.toml', pyproject('>=3.9'), 'requires-python of pyproject.toml (>=3.9)'],
    ['Poetry', poetry('"^3.9"'), 'python of pyproject.toml (^3.9)'],
    ['no version', {}, ''],
  ])('the default is used where %s allows it', (_what, files, allows) => {
    expect(choose(files).log).toBe(`Python ${DEFAULT}, the default, ${allows === '' ? 'because the project names no version' : `which ${allows} allows`}`);
  });

  test.each<[string, Files, string, string]>([
    ['pyproject.toml', pyproject('>=3.10,<4'), '3.10.13', 'requires-python of pyproject.toml (>=3.10,<4)'],
    ['a patch level that the default has not', pyproject('>3.9.18'), '3.10.13', 'requires-python of pyproject.toml (>3.9.18)'],
    ['a compatible release', pyproject('~=3.11.0'), '3.11.7', 'requires-python of pyproject.toml (~=3.11.0)'],
    ['setup.cfg', { 'setup.cfg': '[options]\npython_requires = >=3.11\n' }, '3.11.7', 'python_requires of setup.cfg (>=3.11)'],
    ['setup.py', { 'setup.py': 'from setuptools import setup\nsetup(name="x", python_requires=">=3.12")\n' }, '3.12.1', 'python_requires of setup.py (>=3.12)'],
    ['setup.py with a module', { 'setup.py': 'import setuptools\nsetuptools.setup(python_requires=">=3.12")\n' }, '3.12.1', 'python_requires of setup.py (>=3.12)'],
    ['setup.py with a constant', { 'setup.py': 'REQUIRES_PYTHON = ">=3.12"\nsetup(python_requires=REQUIRES_PYTHON)\n' }, '3.12.1', 'python_requires of setup.py (>=3.12)'],
    ['setup.py with a typed constant', { 'setup.py': 'R: str = ">=3.12"\nsetup(python_requires=R)\n' }, '3.12.1', 'python_requires of setup.py (>=3.12)'],
    ['uv.lock', { 'uv.lock': 'version = 1\nrequires-python = ">=3.13"\n' }, '3.13.0', 'requires-python of uv.lock (>=3.13)'],
    ['two files', { ...pyproject('>=3.9'), 'uv.lock': 'requires-python = ">=3.11"\n' }, '3.11.7', 'requires-python of pyproject.toml (>=3.9) and requires-python of uv.lock (>=3.11)'],
  ])('the lowest version that %s allows is used', (_what, files, version, allows) => {
    expect(choose(files)).toEqual({ version, log: `Python ${version}, the lowest version of the build image that ${allows} allows` });
  });

  test.each([
    ['"^3.10"', '3.10.13'], ['"^3"', DEFAULT], ['"^3.10.14"', '3.11.7'], ['"~3.11"', '3.11.7'], ['"~3.11.2"', '3.11.7'], ['"~3"', DEFAULT],
    ['">=3.10,<3.13"', '3.10.13'], ['">= 3.10, < 3.13"', '3.10.13'], ['">=3.10 <3.13"', '3.10.13'], ['"~=3.11"', '3.11.7'],
    ['"^3.8,!=3.9.18"', '3.9.2'], ['"3.12.*"', '3.12.1'], ['"3.12.1"', '3.12.1'], ['"=3.12.1"', '3.12.1'], ['"==3.12.*"', '3.12.1'], ['"*"', DEFAULT],
    ['"^2.7 || ^3.11"', '3.11.7'], ['"~2.7|~3.12"', '3.12.1'], ['{ version = "^3.12" }', '3.12.1'],
  ])('the constraint %s of Poetry allows %s', (python, version) => {
    expect(choose(poetry(python)).version).toBe(version);
  });

  test('the lock file of a workspace counts for its members, and other files above them do not', () => {
    expect(choose({ 'uv.lock': 'requires-python = ">=3.12"\n', ...pyproject('>=3.13') }, { directory: 'members/a' }).version).toBe('3.12.1');
  });

  test.each<[string, Files, string]>([
    ['pyproject.toml', pyproject('>=3.15'), 'requires-python of pyproject.toml (>=3.15)'],
    ['Poetry', poetry('"3.12"'), 'python of pyproject.toml (3.12)'],
    ['two files that contradict each other', { ...pyproject('<3.10'), 'uv.lock': 'requires-python = ">=3.11"\n' },
      'requires-python of pyproject.toml (<3.10) and requires-python of uv.lock (>=3.11)'],
  ])('a version that the image lacks is an error for %s', (_what, files, allows) => {
    expect(choose(files)).toEqual({ version: `- Python that ${allows} allows`, log: '' });
  });

  test.each<[string, Files, string]>([
    ['a specifier that is none', pyproject('3.12'), 'requires-python of pyproject.toml'],
    ['a number', { 'pyproject.toml': '[project]\nrequires-python = 3.12\n' }, 'requires-python of pyproject.toml'],
    ['a table that is none', { 'pyproject.toml': 'project = 1\ntool.poetry.name = "x"\n' }, 'requires-python of pyproject.toml'],
    ['a constraint of Poetry that is none', poetry('"three"'), 'python of pyproject.toml'],
    ['constraints of Poetry that have conditions', poetry('[{ version = "^3.12" }]'), 'python of pyproject.toml'],
    ['a setup.cfg that is cut off', { 'setup.cfg': 'python_requires = >=3.12\n' }, 'python_requires of setup.cfg'],
    ['a setup.py that computes it', { 'setup.py': 'R = ">=" + version\nsetup(**{}, python_requires=R)\n' }, 'python_requires of setup.py'],
    ['a setup.py with a constant that changes', { 'setup.py': 'R = ">=3.12"\nif old:\n    R = ">=3.9"\nsetup(python_requires=R)\n' }, 'python_requires of setup.py'],
    ['a setup.py with a constant of a function', { 'setup.py': 'def f():\n    R = ">=3.12"\nsetup(python_requires=R)\n' }, 'python_requires of setup.py'],
    ['a setup.py of Python 2', { 'setup.py': 'print "x"\n' }, 'python_requires of setup.py'],
    ['a uv.lock that is cut off', { 'uv.lock': 'requires-python = ' }, 'requires-python of uv.lock'],
  ])('%s keeps the default, and the log says so', (_what, files, unread) => {
    expect(choose(files)).toEqual({ version: DEFAULT, log: `Python ${DEFAULT}, the default, because no version of the project can be read: ${unread}` });
  });

  test('several files that cannot be read are named, and a word that is ignored too', () => {
    expect(choose({ ...pyproject('3.12'), 'uv.lock': 'requires-python = ', '.python-version': 'system' }).log).toBe(`Python ${DEFAULT}, the default, `
      + 'because no version of the project can be read: requires-python of pyproject.toml and requires-python of uv.lock; system in .python-version is not a version');
  });

  test('a file that cannot be read is named beside one that can', () => {
    expect(choose({ ...pyproject('>=3.9'), 'setup.py': 'print "x"\n' }).log)
      .toBe(`Python ${DEFAULT}, the default, which requires-python of pyproject.toml (>=3.9) allows; python_requires of setup.py cannot be read`);
  });

  test('a setup.py is not run', () => {
    const canary = path.join(repository, 'canary');
    choose({ 'setup.py': `open("${canary}", "w")\nsetup(python_requires=">=3.12")\n` });
    expect(fs.existsSync(canary)).toBe(false);
  });

  test.each<[string, Files]>([
    ['requires nothing', { 'pyproject.toml': '', 'setup.cfg': '[metadata]\nname = x\n', 'setup.py': 'setup(name="x")\n', 'uv.lock': 'version = 1\n' }],
    ['has a requirement in another call', { 'setup.py': 'helper(python_requires=">=3.12")\n(lambda: 1)()\n' }],
  ])('a project that %s gets the default', (_what, files) => {
    expect(choose(files)).toEqual({ version: DEFAULT, log: `Python ${DEFAULT}, the default, because the project names no version` });
  });

  test('an image with one version builds with it', () => {
    expect(choose(pyproject('>=3.9'), { active: '3.12.1', available: ['3.12.1'] })).toEqual({
      version: '3.12.1', log: 'Python 3.12.1, the default, which requires-python of pyproject.toml (>=3.9) allows',
    });
  });
});

describe('the option', () => {
  test('wins', () => {
    expect(choose(pyproject('>=3.8'), { option: '3.9' })).toEqual({ version: DEFAULT, log: `Python ${DEFAULT}, because pythonVersion is 3.9` });
  });

  test('that the project excludes is an error', () => {
    expect(choose({ ...pyproject('>=3.12'), '.python-version': '3.9' }, { option: '3.9' })).toEqual({
      version: '! pythonVersion is 3.9, which requires-python of pyproject.toml (>=3.12) excludes', log: '',
    });
  });

  test.each(['3.12', '3.15'])('wins over a .python-version with %s, and the log says so', (named) => {
    expect(choose({ '.python-version': named }, { option: '3.9' })).toEqual({
      version: DEFAULT, log: `Python ${DEFAULT}, because pythonVersion is 3.9, which overrides .python-version with ${named}`,
    });
  });

  test.each(['3.9', '3.9.18', '3.9.7', '3.12 3.9'])('agrees with a .python-version with %s', (named) => {
    expect(choose({ '.python-version': named }, { option: '3.9' }).log).toBe(`Python ${DEFAULT}, because pythonVersion is 3.9`);
  });

  test.each(['3.14', '3.1'])('for %s, which the image lacks, is left to the installation', (option) => {
    expect(choose(pyproject('>=3.13'), { option, active: '3.12.1' })).toEqual({ version: '3.12.1', log: '' });
  });
});

test('Python 3.10, which has no parser for TOML of its own, reads the files too', () => {
  // hides the parser, as the standard library of 3.10 has none
  const blocked = path.join(repository, 'blocked');
  fs.mkdirSync(path.join(repository, 'checks'), { recursive: true });
  fs.mkdirSync(blocked);
  fs.writeFileSync(path.join(blocked, 'tomllib.py'), 'raise ImportError\n');
  fs.writeFileSync(path.join(repository, 'checks', 'pyproject.toml'), pyproject('>=3.12')['pyproject.toml']);
  const { stdout } = spawnSync('python3', [PROGRAM, path.join(repository, 'checks'), '.', '', DEFAULT, ...AVAILABLE], {
    encoding: 'utf8', env: { ...process.env, PYTHONPATH: blocked },
  });
  expect(stdout).toBe('3.12.1\n');
});

test('a uv.lock decides nothing for a project of another installer, since it may belong to another project of the repository', () => {
  const files = { 'uv.lock': 'requires-python = ">=3.12"\n', 'api/requirements.txt': '' };
  expect(choose(files, { directory: 'api', uv: false }).version).toBe(DEFAULT);
  expect(choose(files, { directory: 'api', uv: false, option: '3.11', active: '3.11.7' }).version).toBe('3.11.7');
  expect(choose(files, { directory: 'api' }).version).toBe('3.12.1');
});

test('of several versions, the first one that the project allows is chosen', () => {
  expect(choose({ '.python-version': '3.9.18\n3.11.7\n', ...pyproject('>=3.10') }).version).toBe('3.11.7');
});

test.each(['==3.11', '===3.11'])('a requirement of exactly one minor version (%s) is no contradiction to the option', (exact) => {
  expect(choose(pyproject(exact), { option: '3.11', active: '3.11.7' }).version).toBe('3.11.7');
  expect(choose(pyproject(exact)).version).toBe(`- Python that requires-python of pyproject.toml (${exact}) allows`);
});
