import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const PARTS = path.join(__dirname, '..', '..', 'assets', 'build');
/** The interpreter itself, since a shim of pyenv takes longer than the program. */
const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
/** What program.sh sets. */
const SETUP = `
set -euo pipefail
home="$HOME_OF_TEST" gates="$home/gates" venv="$home/venv" python="$home/venv/bin/python" uv="$home/uv" newest=${PYTHON} interpreter=${PYTHON}
production="$home/production.txt" cache="$home/cache" gate=install kind=uv index_option='' allow_outdated_lock=no INSTALLER=UV
extras=() extras_given=no groups=() groups_given=no requirements_files=() test_requirements_files=() pipenv_version=1
explain() { printf '%s\\n' "$1" > "$gates/$gate"; }
for part in install pipenv; do . "${PARTS}/$part.sh"; done
: > "$home/local_versions.sh" > "$home/installer"
seeded=''
cd "$home/checks"
`;

let home: string;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'install-'));
  ['gates', 'checks', 'cache'].forEach((name) => fs.mkdirSync(path.join(home, name)));
  ['project.py', 'indexes.py'].forEach((name) => fs.copyFileSync(path.join(PARTS, name), path.join(home, name)));
});

afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

function write(name: string, text: string): void {
  fs.writeFileSync(path.join(home, name), text, { mode: 0o755 });
}

/** Functions of the program, with a uv that runs these commands. */
function run(commands: string, uv = '', environment: { readonly [name: string]: string } = {}) {
  write('uv', `#!/bin/bash\n${uv}\n`);
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PIP|UV)_/.test(name)));
  const { stdout, stderr, status } = spawnSync('bash', ['-c', `${SETUP}${commands}`], { encoding: 'utf8', env: { ...inherited, ...environment, HOME_OF_TEST: home } });
  const gate = path.join(home, 'gates', 'install');
  return { output: stdout, errors: stderr, status, result: fs.existsSync(gate) ? fs.readFileSync(gate, 'utf8').trim() : '' };
}

describe('a project of uv', () => {
  test('is installed without a mirror that replaces the default index, and with other indexes of the user', () => {
    write('checks/uv.lock', '');

    expect(run('exec 3>&1; install_uv_project', 'echo "uv $1 ${UV_DEFAULT_INDEX-none} ${UV_INDEX-none}" >&3', { UV_DEFAULT_INDEX: 'https://mirror', UV_INDEX: 'https://own' }).output)
      .toMatch(/^uv lock none https:\/\/own\n[^]*\nuv sync none https:\/\/own\n/);
  });

  test.each([
    ['another lock file would help', 'error: The lockfile needs to be updated', 'uv.lock does not match pyproject.toml: run uv lock and commit it, or set allowOutdatedLock'],
    ['none can be made', 'error: No solution found when resolving dependencies', '~uv could not check uv.lock: see the log'],
  ])('has a lock file that does not match: %s', (_what, error, expected) => {
    write('checks/uv.lock', '');
    expect(run('install_uv_project', `echo '${error}' >&2; exit 1`)).toMatchObject({ status: 1, result: expected, errors: `${error}\n` });
  });
});

describe('extras and groups', () => {
  const choose = (options: string) => run(`usual_extras=(test) usual_groups=(dev) extras_file=pyproject.toml\n${options}\nchoose_extras 'is declared'`).output.trim();

  test.each([
    ['', 'extras: test (declared by pyproject.toml); groups: dev (declared by pyproject.toml)'],
    ['groups_given=yes', 'extras: test (declared by pyproject.toml); groups: none (set by the option)'],
    ['extras_given=yes', 'extras: none (set by the option); groups: dev (declared by pyproject.toml)'],
    ['groups_given=yes groups=(ci)', 'extras: test (declared by pyproject.toml); groups: ci (set by the option)'],
  ])('are those of the options, which may be empty: %s', (options, expected) => {
    expect(choose(options || ':')).toBe(expected);
  });

  test('that are chosen by default are named where they cannot be installed', () => {
    write('checks/pyproject.toml', '[project]\nname = "shop"\n[dependency-groups]\ndev = ["x"]\n');
    const install = (option: string) => run(`kind=pip test_requirements_option='' requirements_option=''\n${option}\ninstall_pip_project`, '[[ "$*" != *--group* ]]');
    expect(install(':')).toMatchObject({ status: 1, result: '~the group dev, which is chosen by default, could not be installed: see the log, or set groups: []' });
    expect(install('groups_given=yes').status).toBe(0);
  });
});

describe('the Python of the build', () => {
  test('does not import modules of the project', () => {
    write('checks/json.py', 'raise SystemExit("a module of the project")\n');
    write('checks/Pipfile.lock', '{"default": {}}');
    const { errors, status } = run('choose_installer\nread_project', '', { PYTHONPATH: path.join(home, 'checks'), DELIVERY_HOME: home });
    expect({ errors, status }).toEqual({ errors: '', status: 0 });
  });

  test.each(fs.readdirSync(PARTS).filter((name) => name.endsWith('.sh')))('is always called so that it does not: %s', (name) => {
    const calls = [...fs.readFileSync(path.join(PARTS, name), 'utf8').matchAll(/(?:"\$newest"|\bpython) (?!-m pip|--)((?:-\w )*)(\S+)/g)]
      .filter(([call, , argument]) => call.startsWith('"$newest"') || argument.startsWith('"$home/'));
    expect(calls.filter(([, options, argument]) => !options.startsWith('-I') && !(options.startsWith('-E') && /^"\$(home|\{@:2\}")/.test(argument))).map(([call]) => call)).toEqual([]);
  });
});

describe('pytest', () => {
  const install = 'installed() { :; }\nhas_test_tools() { false; }\ninstall_test_tools';
  // a wheelhouse that lacks it
  const uv = '[ "${UV_CONFIG_FILE-}" != wheelhouse ]';

  test.each([['no-index = true\n', 0], ['', 1]])('that the index of the project lacks comes from that of the tools only beside a wheelhouse: %p', (configuration, status) => {
    write('packages.toml', configuration);
    write('indexes.sh', 'export UV_CONFIG_FILE=wheelhouse\n');
    expect(run(`extra_test_packages=()\n${install}`, uv).status).toBe(status);
  });
});

describe('the commands of the user', () => {
  test('get the indexes of pip, which are no settings of the user afterwards', () => {
    write('commands.sh', "export UV_INDEX='https://a b'\nexport UV_DEFAULT_INDEX=https://pip\nexport UV_INDEX_STRATEGY=unsafe-best-match\n");
    write('install-commands.sh', 'echo "$UV_INDEX $UV_DEFAULT_INDEX"\nexport UV_INDEX_STRATEGY=first-index TOKEN=1\n');
    const { output } = run('user_lines install-commands "$home/exported"\ntake_exports\necho "${UV_INDEX-none} $UV_DEFAULT_INDEX $UV_INDEX_STRATEGY $TOKEN"', '', { UV_DEFAULT_INDEX: 'https://option' });
    expect(output).toBe('https://a b https://pip\nnone https://option first-index 1\n');
  });
});

test('the options of requirements files that contradict the indexes of uv stop the installation', () => {
  write('indexes.txt', 'https://a\n');
  write('uv-settings.txt', 'UV_INDEX\n');
  write('checks/requirements.txt', '-i https://b\n');
  const { status, result } = run('INSTALLER=UV_ONLY requirements_files=(requirements.txt)\nchoose_installer', '', { DELIVERY_HOME: home });
  expect({ status, result }).toEqual({ status: 1, result: 'the package indexes contradict each other: requirements.txt contains -i, and uv is configured by UV_INDEX: keep one of them' });
});

test('a local project of a Pipfile gets the stand-in for its version, and the output of Pipenv has long lines', () => {
  write('checks/Pipfile', '');
  write('checks/Pipfile.lock', '{}');
  const { output } = run('echo "export PBR_VERSION=0.0.0" > "$home/local_versions.sh"\nexec 3>&1\nlist_production() { :; }\ninstall_pipenv_project', 'echo "${@:8:2} ${PBR_VERSION-none} $COLUMNS" >&3');
  expect(output).toBe('pipenv verify none 1000\npipenv sync 0.0.0 1000\npipenv requirements none 1000\n');
});
