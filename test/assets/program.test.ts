import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const PROGRAM = path.join(__dirname, '..', '..', 'assets', 'build', 'program.sh');

let home: string;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'program-'));
  ['gates', 'logs', 'services', 'secrets', 'checks'].forEach((name) => fs.mkdirSync(path.join(home, name)));
  fs.writeFileSync(path.join(home, 'settings.sh'), 'services=(store)\n');
});

afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

/** Runs commands with the functions of the program, after which others replace those of its other parts. */
function run(commands: string): string {
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', `. ${PROGRAM}\n${commands}`], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      DELIVERY_HOME: home,
      CODEBUILD_SRC_DIR: home,
      ARTIFACT_BUCKET: 'bucket',
      UV_VERSION: '1',
      CODEBUILD_BUILD_NUMBER: '1',
      GATES: 'install services pytest coverage',
      PROJECT_DIRECTORY: '.',
      CACHED: 'no',
      TEST_SECONDS: '1',
    },
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

test('the end of a build removes secrets that a killed step left', () => {
  run('remove_services() { :; }; fill_in_reports() { :; }; keep_reports() { :; }; conclude');
  expect(fs.existsSync(path.join(home, 'secrets'))).toBe(false);
});

test('the variables of services reach the tests and their coverage, and no other step', () => {
  fs.writeFileSync(path.join(home, 'services', 'variables'), 'export AWS_ENDPOINT_URL=http://127.0.0.1:4566\n');
  const output = run(`
    . ${path.join(path.dirname(PROGRAM), 'services.sh')}
    for name in find_pythons choose_python find_versions find_indexes prepare_tools run_install_commands take_exports install use_local_versions remove_services; do
      eval "$name() { :; }"
    done
    check_services() { explain() { :; }; }
    check_pytest() { rcfile=(--rcfile=own); echo "tests: $AWS_ENDPOINT_URL"; }
    check_coverage() { echo "coverage: $AWS_ENDPOINT_URL \${rcfile[*]}"; }
    check
    echo "afterwards: \${AWS_ENDPOINT_URL:-none}"`);
  expect(output).toContain('tests: http://127.0.0.1:4566\ncoverage: http://127.0.0.1:4566 --rcfile=own\n');
  expect(output).toContain('afterwards: none\n');
});

test('a tool is installed once, in the place of its older versions, and reads neither variables nor modules of the project', () => {
  fs.writeFileSync(path.join(home, 'show.py'), 'import os, sys\nprint(os.listdir(os.environ["TOOL_PACKAGES"]), "of the project" in sys.path)\n');
  const output = run(`
    from_tool_indexes() { echo "installs \${*: -1}"; mkdir -p "$cache/tools/checker[more]==2-3.13.0.new/checker"; }
    newest="$(python3 -c 'import sys; print(sys.executable)')" newest_version=3.13.0
    mkdir -p "$cache/tools/checker[more]==1-3.13.0" "$cache/tools/checker-plugin==1-3.13.0"
    export PYTHONPATH='of the project'
    tool 'checker[more]==2' "$home/show.py"
    tool 'checker[more]==2' "$home/show.py"
    ls "$cache/tools"`);
  expect(output).toBe("installs checker[more]==2\n['checker'] False\n['checker'] False\nchecker-plugin==1-3.13.0\nchecker[more]==2-3.13.0\n");
});

test('a command whose pytest could not be asked gets no coverage data of an earlier run', () => {
  const files: { [name: string]: string } = { '.coverage': 'SQLite format 3', '.coverage.host': 'SQLite format 3', '.coverage.toml': '[run]' };
  Object.entries(files).forEach(([name, text]) => fs.writeFileSync(path.join(home, 'checks', name), text));
  fs.symlinkSync('/nothing', path.join(home, 'checks', '.coverage.link'));
  fs.writeFileSync(path.join(home, 'test-command.sh'), 'ls -A\n');
  const output = run(`
    . ${path.join(path.dirname(PROGRAM), 'tests.sh')}
    ask_pytest() { code=4; }
    write_coverage_report() { :; }
    cd "$home/checks"
    refusal='' addopts=''
    run_test_command 2>&1`);
  expect(output.trim().split('\n')).toEqual(['.coverage.link', '.coverage.toml']);
});
