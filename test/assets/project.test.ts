import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const PROGRAM = path.join(__dirname, '..', '..', 'assets', 'build', 'project.py');
/** The interpreter itself, since a shim of pyenv takes longer than the program. */
const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

type Files = Readonly<Record<string, string>>;

let home: string;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'project-'));
});

afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

function run(files: Files, args: string[], environment: Readonly<Record<string, string>> = {}) {
  const repository = path.join(home, 'checks');
  for (const [name, content] of Object.entries({ 'README.md': '', ...files })) {
    const file = path.join(repository, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
  return spawnSync(PYTHON, [PROGRAM, ...args], { encoding: 'utf8', cwd: repository, env: { ...process.env, DELIVERY_HOME: home, ...environment } });
}

describe('the extras and groups of a project', () => {
  function choose(kind: string, files: Files, ...given: string[]) {
    const { stdout, stderr, status } = run(files, ['choose', kind, '.', ...given]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const [extras, groups, file] = stdout.split('\n').map((line) => line.replace(/^.*?=\(?(.*?)\)?$/, '$1'));
    return { extras, groups, file };
  }

  test.each<[string, Files, string, string]>([
    ['a table', { 'pyproject.toml': '[project.optional-dependencies]\ntest = ["x"]\nweb = []\n' }, 'test', 'pyproject.toml'],
    ['an inline table', { 'pyproject.toml': '[project]\noptional-dependencies = { "tests" = ["x"], dev = [] }\n' }, 'tests dev', 'pyproject.toml'],
    ['dotted keys', { 'pyproject.toml': '[project]\noptional-dependencies.dev = ["x"]\n"optional-dependencies".test = []\n' }, 'test dev', 'pyproject.toml'],
    ['another spelling', { 'pyproject.toml': '[project.optional-dependencies]\nTest = ["x"]\n' }, 'Test', 'pyproject.toml'],
    ['a table of Poetry', { 'pyproject.toml': '[tool.poetry.extras]\ntest = ["x"]\n' }, 'test', 'pyproject.toml'],
    ['a table in a text', { 'pyproject.toml': '[project]\ndescription = """\n[project.optional-dependencies]\ntest = []\n"""\n' }, '', 'setup.py'],
    ['setup.cfg', { 'setup.cfg': '[options.extras_require]\ntest =\n  x\n' }, 'test', 'setup.cfg'],
    ['setup.py', { 'setup.py': 'import setuptools\nsetuptools.setup(extras_require={"test": open("x").read(), "web": []})\n' }, 'test', 'setup.py'],
    ['setup.py with a constant', { 'setup.py': 'EXTRAS = {"dev": ["x"]}\nsetup(extras_require=EXTRAS)\n' }, 'dev', 'setup.py'],
    ['setup.py that computes them', { 'setup.py': 'setup(extras_require=read("x"))\n' }, '', 'setup.py'],
    ['files that cannot be read', { 'pyproject.toml': '[project', 'setup.cfg': 'x', 'setup.py': 'print "x"\n' }, '', 'setup.py'],
    ['values of other kinds', { 'pyproject.toml': 'project = 1\ntool = 2\ndependency-groups = 3\n' }, '', 'setup.py'],
  ])('may be declared by %s', (_what, files, extras, file) => {
    expect(choose('pip', files)).toMatchObject({ extras, file });
  });

  const groups = '[dependency-groups]\nbase = ["x"]\ntest = [{ include-group = "base" }]\ndev = []\n';
  const optional = '[tool.poetry.group.test]\noptional = true\n[tool.poetry.group.dev.dependencies]\nx = "*"\n[tool.poetry.group.docs]\noptional = true\n';

  const conflicts = '[tool.uv]\nconflicts = [[{ group = "test" }, { group = "dev" }]]\n';

  test.each<[string, string, string, string]>([
    ['pip', 'all of the usual names', groups, 'test dev'],
    ['uv', 'all of the usual names', groups, 'test dev'],
    ['pip', 'those that do not exclude each other', `${groups}${conflicts}`, 'test'],
    ['poetry', 'those that do not exclude each other', `${optional}${conflicts.replace('dev', 'docs')}`, 'test'],
    // uv installs the group dev in any case
    ['uv', 'those that do not exclude a default', `${groups}${conflicts}`, 'dev'],
    ['uv', 'those that do not exclude each other', `${groups}${conflicts}default-groups = []\n`, 'test'],
    ['poetry', 'those that are optional, since Poetry installs the others', `${groups}${optional}`, 'test'],
    ['pip', 'none of Poetry', optional, ''],
  ])('of %s are %s', (kind, _what, pyproject, expected) => {
    expect(choose(kind, { 'pyproject.toml': pyproject }).groups).toBe(expected);
  });

  test('do not exclude those of the options', () => {
    const pyproject = `${groups}[project.optional-dependencies]\nweb = []\n[tool.uv]\nconflicts = [[{ group = "test" }, { extra = "web" }]]\n`;
    expect(choose('pip', { 'pyproject.toml': pyproject }, 'extra:web').groups).toBe('dev');
  });
});

describe('a version that is read from git', () => {
  function versions(files: Files, environment = {}) {
    const { stderr, status } = run(files, ['versions', path.join(home, 'checks')], environment);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const read = (name: string) => fs.readFileSync(path.join(home, name), 'utf8').split('\n').filter((line) => line !== '').map((line) => line.replace('export ', ''));
    return { one: read('versions.sh'), all: read('local_versions.sh') };
  }
  const project = (requires: string, table = '', name = 'my.shop-Api') => ({
    'pyproject.toml': `[build-system]\nrequires = [${requires}]\n[project]\nname = "${name}"\ndynamic = ["version"]\n${table}`,
  });

  test.each<[string, Files, string[], string[]]>([
    ['setuptools-scm', project('"setuptools", "setuptools_scm[toml]>=8"'), ['SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_SHOP_API=0.0.0'], []],
    ['setuptools-scm in setup.py', { 'setup.py': 'setup(name="shop", use_scm_version=True)\n' }, ['SETUPTOOLS_SCM_PRETEND_VERSION_FOR_SHOP=0.0.0'], []],
    ['setuptools-scm in setup.cfg', { 'setup.cfg': '[metadata]\nname = shop\n[options]\nsetup_requires =\n  setuptools-scm\n' }, ['SETUPTOOLS_SCM_PRETEND_VERSION_FOR_SHOP=0.0.0'], []],
    ['setuptools-scm without a name', { 'setup.py': 'setup(use_scm_version=True)\n' }, [], ['SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0']],
    ['hatch-vcs', project('"hatchling", "hatch-vcs"'), [], ['SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0']],
    ['pdm-backend', project('"pdm-backend"', '[tool.pdm.version]\nsource = "scm"\n'), [], ['PDM_BUILD_SCM_VERSION=0.0.0']],
    ['pdm-backend with a file', project('"pdm-backend"', '[tool.pdm.version]\nsource = "file"\n'), [], []],
    ['pbr', project('"setuptools", "pbr>=6"'), [], ['PBR_VERSION=0.0.0']],
    ['pbr in setup.py', { 'setup.py': 'setup(setup_requires=["pbr"], pbr=True)\n' }, [], ['PBR_VERSION=0.0.0']],
    ['uv-dynamic-versioning', project('"hatchling", "uv-dynamic-versioning"'), [], ['UV_DYNAMIC_VERSIONING_BYPASS=0.0.0']],
    ['poetry-dynamic-versioning', project('"poetry-core", "poetry-dynamic-versioning"', '[tool.poetry-dynamic-versioning]\nenable = true\n'), ['POETRY_DYNAMIC_VERSIONING_OVERRIDE=my.shop-Api=0.0.0'], []],
    ['no backend', project('"setuptools"'), [], []],
    ['a backend without a variable', project('"hatchling", "versioningit"'), [], []],
  ])('has a stand-in: %s', (_what, files, one, all) => {
    expect(versions(files)).toEqual({ one, all });
  });

  test('has one in local dependencies too, but not in environments', () => {
    const local = project('"hatchling", "hatch-vcs"')['pyproject.toml'];
    expect(versions({ 'libs/a/pyproject.toml': local }).all).toEqual(['SETUPTOOLS_SCM_PRETEND_VERSION=0.0.0']);
    expect(versions({ 'libs/a/pyproject.toml': '', 'node_modules/a/pyproject.toml': local, '.venv/b/pyproject.toml': local }).all).toEqual([]);
  });

  test('is that of the user where there is one', () => {
    expect(versions(project('"setuptools-scm"'), { SETUPTOOLS_SCM_PRETEND_VERSION: '1.2' })).toEqual({ one: [], all: [] });
    expect(versions(project('"pbr"'), { PBR_VERSION: '1.2' })).toEqual({ one: [], all: [] });
  });
});

test.each([
  ['-e ./lib', 0], ['./lib', 0], ['lib @ file:///lib', 0], ['--editable=lib', 1], ['libs/a', 0], ['lib==1.0', 1], ['# ./lib', 1], ['lib[a]>=1 ; python_version > "3"', 1],
])('a requirements file with %s is local: %s', (line, status) => {
  expect(run({ 'requirements.txt': `pytest\n${line}\n` }, ['local', 'requirements.txt']).status).toBe(status);
});

test.each(['-r', '--requirement=', '-c'])('a requirements file is local if one that it includes with %s is', (option) => {
  const files = { 'requirements.txt': `${option} more/base.txt\n`, 'more/base.txt': '-r ../requirements.txt\n-e ./lib\n' };
  expect(run(files, ['local', 'requirements.txt']).status).toBe(0);
  expect(run({ ...files, 'more/base.txt': 'pytest\n' }, ['local', 'requirements.txt']).status).toBe(1);
});
