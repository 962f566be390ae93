import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const PROGRAM = path.join(__dirname, '..', '..', 'assets', 'build', 'image_failure.py');
/** The interpreter itself, since a shim of pyenv takes longer than the program. */
const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

let home: string;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'image-failure-'));
});

afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

interface Build {
  /** What the command of the instruction prints. */
  readonly output: string;
  readonly instruction?: string;
  readonly given?: string[];
}

const MOUNT = '--mount=type=secret,id=conf,target=/etc/pip.conf';

/** The log of a build that stops at one instruction, as BuildKit writes it. */
function explain({ output, instruction = `RUN ${MOUNT} pip install -r requirements.txt`, given = [] }: Build): string {
  const [command] = instruction.split('\n').slice(-1);
  const error = `process "/bin/sh -c ${command.replace(/^RUN (--\S+ )*/, '')}" did not complete successfully: exit code: 1`;
  const log = [
    `#7 [3/4] ${command}`, ...output.split('\n').map((line) => `#7 0.412 ${line}`), `#7 ERROR: ${error}`,
    '------', ` > [3/4] ${command}:`, ...output.split('\n').map((line) => `0.412 ${line}`), '------',
    'Dockerfile:3', '--------------------', '   2 |     COPY . .', `   3 | >>> ${command}`, '--------------------', `ERROR: failed to solve: ${error}`,
  ].join('\n');
  return run(log, instruction, given);
}

function run(log: string, instruction: string, given: string[] = []): string {
  fs.writeFileSync(path.join(home, 'log'), log);
  fs.writeFileSync(path.join(home, 'Dockerfile'), `FROM python\nCOPY . .\n${instruction}\n`);
  const { stdout, stderr, status } = spawnSync(PYTHON, [PROGRAM, path.join(home, 'log'), path.join(home, 'Dockerfile'), '', ...given], { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.trimEnd();
}

const lacks = (id: string) => `the Dockerfile mounts the secret ${id}, which the build does not have: add it to buildSecrets`;

test.each<[string, Build]>([
  ['cat', { output: "cat: can't open '/etc/pip.conf': No such file or directory" }],
  ['Python', { output: "FileNotFoundError: [Errno 2] No such file or directory: '/run/secrets/conf'", instruction: 'RUN --mount=type=secret,id=conf python read.py' }],
  ['a shell', { output: '/bin/sh: 1: cannot open /run/secrets/conf: No such file', instruction: 'RUN --mount=type=secret,id=conf cat < /run/secrets/conf' }],
])('a secret is absent if %s says so of its file', (_what, build) => {
  expect(explain(build)).toBe(lacks('conf'));
  expect(explain({ ...build, given: ['conf'] })).toBe('');
});

test('a secret that is required is absent if BuildKit says so', () => {
  const instruction = 'RUN --mount=type=secret,id=token,required=true true';
  expect(run('#7 ERROR: secret token: not found\n------\nERROR: failed to solve: secret token: not found\n', instruction)).toBe(lacks('token'));
  expect(run('ERROR: failed to build: failed to solve: secret token: not found\n', instruction)).toBe(lacks('token'));
  // the words of Docker 20.10
  expect(run('#7 ERROR: secret token not found: not found\n', instruction)).toBe(lacks('token'));
});

test.each<[string, Build]>([
  ['the instruction with the target', { output: 'ERROR: Could not find a version that satisfies the requirement flask==99' }],
  ['the instruction with the default place', {
    output: 'connection refused', instruction: 'RUN --mount=type=secret,id=conf test ! -f /run/secrets/conf || cp /run/secrets/conf /etc/pip.conf # not found',
  }],
  ['a text about another secret file', { output: 'ERROR: secret file not found\nsecret conf: not found' }],
  ['another file that is absent', { output: 'cat: /etc/pip.conf.d/10: No such file or directory\ncat: /app/etc/pip.conf: No such file or directory' }],
  ['a mount in a comment', {
    output: 'cat: /etc/pip.conf: No such file or directory', instruction: `# RUN ${MOUNT} pip install .\nRUN cat /etc/pip.conf`,
  }],
])('%s is no cause', (_what, build) => {
  expect(explain(build)).toBe('');
});
