import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const PROGRAM = path.join(__dirname, '..', '..', 'assets', 'build', 'failures.py');
/** The interpreter itself, since a shim of pyenv takes longer than the program. */
const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const OUTPUTS = path.join(__dirname, 'installations');
const MARK = 'uv could not install it; falling back to pip\n';

let home: string;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'failures-'));
  fs.writeFileSync(path.join(home, 'pyproject.toml'), '[project]\nname = "shop"\n');
});

afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

/** What a tool wrote, in a file that has its name. */
function outputOf(name: string): string {
  return fs.readFileSync(path.join(OUTPUTS, `${name}.txt`), 'utf8');
}

function explain(log: string, kind = 'pip', python = '3.9', environment: { readonly [name: string]: string } = {}): string {
  const file = path.join(home, 'log');
  fs.writeFileSync(file, log);
  const { stdout, stderr, status } = spawnSync(PYTHON, [PROGRAM, file, kind, home, python], { encoding: 'utf8', env: { ...process.env, ...environment } });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.trimEnd();
}

const TOO_OLD = 'the project requires Python >=3.12, and the build runs 3.9: set pythonVersion';
const HASHES = 'the hashes of the requirements are for another Python version or platform: set requirementsFiles to a file for the build';
const TOP_LEVEL = 'setuptools found several top-level packages: list them in pyproject.toml, or remove its [build-system] table';
const FROM_GIT = 'is read from Git, and the source has no .git: set fullClone of the source';
const REMOTE = 'the version of lib is read from Git, and its source has no .git: install a release with a wheel, or by git+https';
const lacking = (requirement: string) => `no index has ${requirement}: change the requirement, or name the index that has it`;
const contradiction = (texts: string) => `the requirements contradict each other: ${texts}: change one of them`;
const unfit = (name: string, python: string) => `${name} requires Python ${python}, and the build runs 3.9: set pythonVersion, or choose another version of it`;
const withoutModule = (name: string, what = 'the project') => (
  `the build of ${what} requires the module ${name}: add its package to requires of [build-system], or choose a version with a wheel`);
const native = (what: string) => `shop3 is built from source and requires ${what}: install it with installCommands, or choose a version with a wheel`;
const replaced = (name: string) => `${name} has another hash than in the lock file: find out why its file was replaced, or lock again`;

describe('the output of a tool', () => {
  test.each([
    ['pip-project-python', 'pip', TOO_OLD],
    ['uv-project-python', 'pip', TOO_OLD],
    ['uv-lock-python', 'uv', TOO_OLD],
    ['poetry-python', 'poetry', TOO_OLD.replace('>=3.12', '^3.12')],
    ['pip-local-python', 'pip', unfit('unfit', '>=3.12')],
    ['uv-local-python', 'pip', unfit('unfit==1', '>=3.12')],
    ['pip-dep-python', 'pip', unfit('click==8.2.0', '>=3.10')],
    ['uv-dep-python', 'pip', unfit('click==8.2.0', '>=3.10')],
    ['pip-no-version', 'pip', lacking('itsdangerous==99.9.9')],
    ['uv-no-version', 'pip', lacking('itsdangerous==99.9.9')],
    ['uv-no-package', 'pip', lacking('no-such-package-4d1f9c')],
    ['poetry-no-version', 'poetry', lacking('itsdangerous (99.0.0)')],
    ['pip-no-wheel', 'pip', lacking('numpy==1.22.0')],
    ['uv-pip-no-wheel', 'pip', 'numpy==1.22.0 has no file for Python 3.9 on this platform: set pythonVersion, or choose another version of it'],
    ['uv-no-wheel', 'uv', 'tensorflow==2.15.0 has no file for Python 3.9 on this platform: set pythonVersion, or choose another version of it'],
    ['pip-conflict', 'pip', contradiction('The user requested werkzeug==1.0.1 and flask 2.3.3 depends on Werkzeug>=2.3.7')],
    ['uv-conflict', 'pip', contradiction('flask==2.3.3 depends on werkzeug>=2.3.7 and you require flask==2.3.3 and you require werkzeug==1.0.1')],
    ['pip-constraint', 'pip', contradiction('The user requested itsdangerous==2.2.0 and The user requested (constraint) itsdangerous==2.1.2')],
    ['uv-constraint', 'pip', contradiction('you require itsdangerous==2.2.0 and itsdangerous==2.1.2')],
    ['pip-hash', 'pip', HASHES],
    ['uv-hash', 'pip', HASHES],
    ['uv-lock-hash', 'uv', replaced('itsdangerous==2.2.0')],
    ['poetry-hash', 'poetry', replaced('pytest (8.4.2)')],
    ['pip-top', 'pip', TOP_LEVEL],
    ['uv-top', 'pip', TOP_LEVEL],
    ['pip-backend', 'pip', withoutModule('hatchling')],
    ['uv-backend', 'pip', withoutModule('hatchling')],
    ['pip-backend-module', 'pip', withoutModule('numpy')],
    ['uv-backend-module', 'pip', withoutModule('numpy')],
    ['uv-module', 'pip', withoutModule('pkg_resources', 'cryptography==41.0.0')],
    ['pip-compiler', 'pip', native('no-gcc')],
    ['uv-compiler', 'pip', native('no-gcc')],
    ['pip-header', 'pip', native('nothere.h')],
    ['uv-header', 'pip', native('nothere.h')],
    ['uv-version', 'uv', 'the project requires another version of uv: set uvVersion of PythonProject.uv()'],
    ['poetry-version', 'poetry', 'the project requires Poetry >=9.0: set poetryVersion of PythonProject.poetry()'],
    ['uv-no-extra', 'uv', 'the project declares no extra or group nothing: change extras or groups'],
    ['uv-no-group', 'uv', 'the project declares no extra or group nothing: change extras or groups'],
    ['uv-group-pip', 'pip', 'the project declares no extra or group nothing: change extras or groups'],
    ['poetry-no-group', 'poetry', 'the project declares no extra or group dev: change extras or groups'],
    ['vcs-scm', 'pip', `the version of the project ${FROM_GIT}`],
    ['vcs-hatch', 'pip', `the version of the project ${FROM_GIT}`],
    ['vcs-pdm', 'pip', `the version of the project ${FROM_GIT}`],
    ['vcs-pdv', 'pip', `the version of the project ${FROM_GIT}`],
    ['vcs-uvd', 'uv', `the version of the project ${FROM_GIT}`],
    ['vcs-versioningit', 'pip', `the version of the project ${FROM_GIT}`],
    ['poetry-vcs', 'poetry', REMOTE],
    ['pip-hash', 'pipenv', replaced('itsdangerous==2.2.0')],
    ['pip-hash', 'own', 'itsdangerous==2.2.0 has another hash than the one that is required: find out why its file was replaced, or renew the hash'],
  ])('%s names the fix of a project of %s, and no retry follows', (name, kind, text) => {
    expect(explain(outputOf(name), kind)).toBe(text);
  });

  test.each(['pip-network', 'uv-network', 'uv-503', 'poetry-network'])('%s is left to a retry', (name) => {
    expect(explain(outputOf(name))).toBe('');
  });

  test.each(['uv-401', 'uv-403'])('%s says that the index rejected the credentials, which a retry may renew', (name) => {
    expect(explain(outputOf(name))).toBe('~the package index rejected the credentials: see the log');
  });

  test.each(['pip-no-package', 'pip-401', 'pip-403', 'pip-503'])('%s cannot be told from an index that does not answer, which a retry may fix', (name) => {
    expect(explain(outputOf(name))).toMatch(/^~no index has \S+, or none answered: change the requirement, or name the index that has it$/);
  });
});

describe('a version that is read from Git', () => {
  test('is that of a project of the repository', () => {
    fs.mkdirSync(path.join(home, 'libs', 'lib'), { recursive: true });
    fs.writeFileSync(path.join(home, 'libs', 'lib', 'setup.py'), 'setup(name="Lib")\n');
    expect(explain(outputOf('poetry-vcs'), 'poetry')).toBe(`the version of lib ${FROM_GIT}`);
  });

  test('needs no full clone where there is one', () => {
    fs.mkdirSync(path.join(home, '.git'));
    expect(explain(outputOf('vcs-scm'), 'pip', '3.9', { CODEBUILD_SRC_DIR: home })).not.toMatch('fullClone');
    expect(explain(outputOf('poetry-vcs'), 'poetry', '3.9', { CODEBUILD_SRC_DIR: home })).toBe(REMOTE);
  });
});

describe('what a retry does not fix', () => {
  const absent = 'ERROR: Could not find a version that satisfies the requirement click==99 (from versions: 8.1.8)\n';
  const again = (total: number) => `WARNING: Retrying (Retry(total=${total}, connect=None)) after connection broken by 'ReadTimeoutError': /simple/click/\n`;

  test.each([
    ['poetry', 'cause: Because there is no version of poetry==99.9 and you require poetry==99.9, we can conclude that your requirements are unsatisfiable.\n', 'poetry 99.9: change poetryVersion'],
    ['pipenv', 'cause: Because there is no version of pipenv==99.9 and you require pipenv==99.9, we can conclude\n', 'pipenv 99.9: change pipenvVersion'],
    ['uv', 'ERROR: Could not find a version that satisfies the requirement uv==99.9 (from versions: 0.0.5, 0.1.0)\n', 'uv 99.9: change uvVersion'],
  ])('is a version of %s that does not exist', (kind, log, text) => {
    expect(explain(log, kind)).toBe(`no index has ${text}`);
  });

  test('is a pyproject.toml that cannot be parsed', () => {
    fs.writeFileSync(path.join(home, 'pyproject.toml'), '[project\n');
    expect(explain('error: Failed to parse\n')).toMatch(/^pyproject\.toml cannot be parsed: .+: correct it$/);
  });

  test('is a requirement that does not exist, after a connection that was repeated', () => {
    expect(explain(`${again(4)}${absent}`)).toBe(lacking('click==99'));
    expect(explain(`${again(1)}${again(0)}${absent}`)).toBe('');
  });
});

describe('the output of uv and then pip', () => {
  test.each([
    ['network', 'network', ''],
    ['503', '503', ''],
    ['401', '401', '~the package index rejected the credentials: see the log'],
    ['no-package', 'no-package', lacking('no-such-package-4d1f9c')],
    ['dep-python', 'dep-python', unfit('click==8.2.0', '>=3.10')],
    ['hash', 'hash', HASHES],
    ['conflict', 'conflict', contradiction('flask==2.3.3 depends on werkzeug>=2.3.7 and you require flask==2.3.3 and you require werkzeug==1.0.1')],
    ['compiler', 'compiler', native('no-gcc')],
  ])('is understood: %s', (uv, pip, text) => {
    expect(explain(`${outputOf(`uv-${uv}`)}${MARK}${outputOf(`pip-${pip}`)}`)).toBe(text);
  });
});

describe('the Python version', () => {
  const ignored = 'ERROR: Ignored the following versions that require a different python version: 8.2.0 Requires-Python >=3.10; 8.2.1 Requires-Python >=3.10\n';
  const missing = (requirement: string) => `${ignored}ERROR: Could not find a version that satisfies the requirement ${requirement} (from versions: 8.1.8)\nERROR: No matching distribution found for ${requirement}\n`;

  test('is named for a range that only other versions of Python satisfy', () => {
    expect(explain(missing('click>=8.2'))).toBe(unfit('click>=8.2', '>=3.10'));
  });

  test('is not blamed for a version that does not exist', () => {
    expect(explain(missing('click==99.0'))).toBe(lacking('click==99.0'));
  });
});

test('a failure that nothing explains is left as it is', () => {
  expect(explain('error: Failed to build `psycopg2==2.9.9`\n')).toBe('');
});

test.each(['pip', 'poetry', 'own'])('a project of %s has no option for the version of uv', (kind) => {
  expect(explain(outputOf('uv-version'), kind)).toBe('');
});

test('colors of a terminal and broken lines do not matter', () => {
  const colored = outputOf('uv-hash').replace('Hash mismatch', '\u001b[1mHash mismatch\u001b[0m');
  expect(explain(colored)).toBe(HASHES);
});
