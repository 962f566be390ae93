import { execFileSync, spawn, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as http from 'http';
import { AddressInfo } from 'net';
import * as os from 'os';
import * as path from 'path';

const [PROGRAM, COMPARISON] = ['indexes.py', 'compare_indexes.py'].map((name) => path.join(__dirname, '..', '..', 'assets', 'build', name));
/** The interpreter itself, since a shim of pyenv takes longer than the program. */
const PYTHON = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const PYPI = 'https://pypi.org/simple';
const PRIVATE = 'https://packages.example.com/simple';
const OTHER = 'https://other.example.com/simple';
const LOGIN = 'https://aws:t0ken@packages.example.com/simple';

interface Choice {
  readonly kind?: string;
  readonly option?: string;
  /** Files in the project, and in the home directory with `~/`. */
  readonly files?: { readonly [path: string]: string };
  readonly environment?: { readonly [name: string]: string };
}

let home: string;

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'indexes-'));
  ['delivery', 'home', 'project', 'bin'].forEach((name) => fs.mkdirSync(path.join(home, name)));
});

afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

function settings({ kind = 'pip', option = '', files = {}, environment = {} }: Choice = {}) {
  for (const [name, content] of Object.entries(files)) {
    const file = name.startsWith('~/') ? path.join(home, 'home', name.slice(2)) : path.join(home, 'project', name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PIP_|UV_|SSL_CERT|REQUESTS_|CURL_|XDG_)/.test(name)));
  const env = {
    ...inherited,
    HOME: path.join(home, 'home'),
    DELIVERY_HOME: path.join(home, 'delivery'),
    PATH: `${path.join(home, 'bin')}:${process.env.PATH}`,
    ...option && { UV_DEFAULT_INDEX: option, PIP_INDEX_URL: option },
    ...environment,
  };
  const { stdout, stderr, status } = spawnSync(PYTHON, [PROGRAM, 'settings', kind, path.join(home, 'project'), option, 'yes', PYTHON], { encoding: 'utf8', env });
  expect({ stderr, status }).toMatchObject({ status: 0 });
  // what the tools get
  const result = spawnSync('bash', ['-c', '. "$DELIVERY_HOME/indexes.sh"; env -0'], { encoding: 'utf8', env });
  const variables = Object.fromEntries(result.stdout.split('\0').filter((line) => /^(PIP|UV|SSL)_/.test(line)).map((line) => line.split(/=([^]*)/)));
  return { installer: stdout.trim(), log: stderr.trimEnd(), variables: variables as { [name: string]: string } };
}

function writeLines(name: string, lines: string[]) {
  fs.writeFileSync(path.join(home, 'delivery', name), lines.map((line) => `${line}\n`).join(''));
}

function written(name: string): string {
  return fs.readFileSync(path.join(home, 'delivery', name), 'utf8');
}

function configuration(): string {
  return written('packages.toml');
}

describe('without a setting', () => {
  test.each(['pip', 'poetry', 'uv', 'own'])('the packages of a project of %s come from the Python Package Index', (kind) => {
    const { installer, log, variables } = settings({ kind });
    expect({ installer, log }).toEqual({ installer: '', log: expect.stringMatching(/come from https:\/\/pypi\.org\/simple$/) });
    expect(variables).not.toHaveProperty('UV_DEFAULT_INDEX');
    expect(variables).not.toHaveProperty('UV_INDEX');
  });

  test('only packages without a lock file are meant beside one', () => {
    expect(settings({ kind: 'uv' }).log).toBe(`packages that uv.lock does not name come from ${PYPI}`);
    expect(settings({ kind: 'poetry' }).log).toBe(`packages that poetry.lock does not name come from ${PYPI}`);
  });
});

describe('a setting of pip', () => {
  const extra = { UV_INDEX: PRIVATE, UV_DEFAULT_INDEX: PYPI, UV_INDEX_STRATEGY: 'unsafe-best-match', PIP_EXTRA_INDEX_URL: PRIVATE };

  test.each<[string, Choice, object, string]>([
    ['PIP_INDEX_URL', { environment: { PIP_INDEX_URL: PRIVATE } }, { UV_DEFAULT_INDEX: PRIVATE, PIP_INDEX_URL: PRIVATE }, PRIVATE],
    // of equal versions, pip takes that of the last index, and uv that of the first
    ['PIP_EXTRA_INDEX_URL', { environment: { PIP_EXTRA_INDEX_URL: PRIVATE } }, extra, `${PYPI}, ${PRIVATE}`],
    ['both', { environment: { PIP_INDEX_URL: PRIVATE, PIP_EXTRA_INDEX_URL: `${OTHER}\n ${PYPI}` } },
      { UV_INDEX: `${PYPI} ${OTHER}`, UV_DEFAULT_INDEX: PRIVATE, UV_INDEX_STRATEGY: 'unsafe-best-match' }, `${PRIVATE}, ${OTHER}, ${PYPI}`],
    ['a login', { environment: { PIP_INDEX_URL: LOGIN } }, { UV_DEFAULT_INDEX: LOGIN }, PRIVATE],
    ['a token in the query', { environment: { PIP_INDEX_URL: `${PRIVATE}/?token=t0ken` } }, { UV_DEFAULT_INDEX: `${PRIVATE}/?token=t0ken` }, `${PRIVATE}/`],
    ['PIP_NO_INDEX', { environment: { PIP_NO_INDEX: '1', PIP_FIND_LINKS: '/tmp' } }, { UV_FIND_LINKS: '/tmp', PIP_NO_INDEX: '1' }, '/tmp'],
    ['links', { environment: { PIP_FIND_LINKS: '/tmp https://links.example.com/' } }, { UV_FIND_LINKS: '/tmp,https://links.example.com/' }, `/tmp, https://links.example.com/, ${PYPI}`],
    ['trust', { environment: { PIP_TRUSTED_HOST: 'a.example.com b.example.com:8080' } }, { UV_INSECURE_HOST: 'a.example.com b.example.com:8080' }, PYPI],
    ['certificates', { environment: { PIP_CERT: '/ca.pem', PIP_CLIENT_CERT: '/client.pem' } }, { SSL_CERT_FILE: '/ca.pem', SSL_CLIENT_CERT: '/client.pem' }, PYPI],
    ['a file', { files: { '~/.config/pip/pip.conf': `[global]\nextra-index-url = ${PRIVATE}\n` } }, extra, `${PYPI}, ${PRIVATE}`],
    ['an old file', { files: { '~/.pip/pip.conf': `[install]\nextra-index-url = ${PRIVATE}\n` } }, extra, `${PYPI}, ${PRIVATE}`],
    ['two files', { files: { '~/.pip/pip.conf': `[global]\nindex-url = ${OTHER}\n`, '~/.config/pip/pip.conf': `[global]\nindex-url = ${LOGIN}\n` } }, { UV_DEFAULT_INDEX: LOGIN }, PRIVATE],
    ['a file and a variable', { files: { '~/.config/pip/pip.conf': `[install]\nindex-url = ${OTHER}\n` }, environment: { PIP_INDEX_URL: PRIVATE } }, { UV_DEFAULT_INDEX: PRIVATE }, PRIVATE],
    ['another command', { files: { '~/.config/pip/pip.conf': `[download]\nindex-url = ${OTHER}\n` } }, {}, PYPI],
  ])('reaches uv: %s', (_what, choice, expected, places) => {
    const { installer, log, variables } = settings(choice);
    expect({ installer, log }).toEqual({ installer: '', log: `packages come from ${places}` });
    expect(variables).toMatchObject(expected);
  });

  test.each(['pip', 'uv'])('without an index reaches uv in a project of %s, and the tools of the build have one', (kind) => {
    expect(settings({ kind, environment: { PIP_NO_INDEX: '1' } }).variables)
      .toMatchObject({ UV_CONFIG_FILE: path.join(home, 'delivery', 'packages.toml') });
    expect(configuration()).toBe('no-index = true\n');
    expect(written('tools.sh')).not.toMatch('delivery/packages.toml');
  });

  test('names links that exist, from every directory', () => {
    const { variables } = settings({ files: { 'wheels/README': '' }, environment: { PIP_FIND_LINKS: 'wheels missing' } });
    expect(variables).toMatchObject({ UV_FIND_LINKS: path.join(home, 'project', 'wheels'), PIP_FIND_LINKS: path.join(home, 'project', 'wheels') });
  });

  test.each<[string, Choice]>([
    ['a variable', { environment: { UV_INDEX_STRATEGY: 'first-index' } }], ['a configuration', { files: { 'uv.toml': 'index-strategy = "first-index"\n' } }],
  ])('replaces no strategy of uv: %s', (_what, { files, environment }) => {
    const { variables } = settings({ files, environment: { PIP_EXTRA_INDEX_URL: PRIVATE, ...environment } });
    expect(variables.UV_INDEX_STRATEGY).toBe(environment?.UV_INDEX_STRATEGY);
  });

  test('reaches the uv of the commands of the user, with its own configuration', () => {
    settings({ environment: { PIP_INDEX_URL: LOGIN, PIP_EXTRA_INDEX_URL: OTHER } });
    expect(written('commands.sh').split('\n').sort()).toEqual([
      '', `export UV_DEFAULT_INDEX=${LOGIN}`, 'export UV_INDEX=https://other.example.com/simple', 'export UV_INDEX_STRATEGY=unsafe-best-match',
    ]);
  });

  test('that is no URL is left to the tools', () => {
    expect(settings({ environment: { PIP_EXTRA_INDEX_URL: 'https://[invalid/simple' } })).toMatchObject({
      log: `packages come from ${PYPI}, an invalid URL`, variables: { UV_INDEX: 'https://[invalid/simple' },
    });
    expect(fs.readdirSync(path.join(home, 'delivery')).sort()).toEqual(['commands.sh', 'indexes.sh', 'indexes.txt', 'packages.toml', 'tools.sh', 'tools.toml', 'uv-settings.txt']);
  });

  test('in PIP_CONFIG_FILE reaches uv', () => {
    const file = path.join(home, 'own.conf');
    fs.writeFileSync(file, `[global]\nindex-url = ${LOGIN}\n`);
    expect(settings({ environment: { PIP_CONFIG_FILE: file } })).toMatchObject({ log: `packages come from ${PRIVATE}`, variables: { UV_DEFAULT_INDEX: LOGIN } });
  });

  test('in a file of an environment that installCommands activate is asked from its own pip', () => {
    const bin = path.join(home, 'venv', 'bin');
    fs.mkdirSync(bin, { recursive: true });
    fs.writeFileSync(path.join(home, 'venv', 'pip.conf'), '');
    fs.writeFileSync(path.join(bin, 'python'), `#!/bin/sh\necho '[{"index_url": "${PRIVATE}"}, ["index-url"]]'\n`, { mode: 0o755 });
    const { stderr } = spawnSync(PYTHON, [PROGRAM, 'settings', 'pip', home, '', 'yes', path.join(bin, 'python'), PYTHON], { encoding: 'utf8', env: { ...process.env, DELIVERY_HOME: home } });
    expect(stderr).toContain(PRIVATE);
  });

  test('replaces the index of the option', () => {
    const { variables } = settings({ option: OTHER, environment: { PIP_INDEX_URL: PRIVATE } });
    expect(variables).toMatchObject({ UV_DEFAULT_INDEX: PRIVATE });
    expect(settings({ option: OTHER }).variables).toMatchObject({ UV_DEFAULT_INDEX: OTHER });
  });

  test('that is for one command does not stay for uv', () => {
    expect(settings({ option: OTHER, environment: { PIP_INDEX_URL: '', PIP_NO_INDEX: '1' } }).variables).not.toHaveProperty('UV_DEFAULT_INDEX');
  });

  test.each<[string, string]>([
    ['PIP_PREFER_BINARY', 'prefer-binary'], ['PIP_CONSTRAINT', 'constraint'], ['PIP_PRE', 'pre'], ['PIP_ONLY_BINARY', 'only-binary'],
  ])('that uv does not have lets pip install: %s', (name, setting) => {
    expect(settings({ environment: { [name]: '1' } })).toMatchObject({ installer: 'PIP', log: `packages come from ${PYPI}; pip installs, because uv has no equivalent of its ${setting}` });
  });

  test.each(['PIP_NO_CACHE_DIR', 'PIP_DEFAULT_TIMEOUT', 'PIP_DISABLE_PIP_VERSION_CHECK', 'PIP_ROOT_USER_ACTION', 'PIP_NO_INPUT'])('that changes no package does not: %s', (name) => {
    expect(settings({ environment: { [name]: name === 'PIP_ROOT_USER_ACTION' ? 'ignore' : '1' } }).installer).toBe('');
  });

  test('that cannot be read lets pip install', () => {
    expect(settings({ files: { '~/.config/pip/pip.conf': 'no section\n' } })).toMatchObject({ installer: 'PIP', log: expect.stringContaining('its settings could not be read') });
  });

  test.each<[string, { [name: string]: string }, string]>([
    ['an index without a password', { PIP_INDEX_URL: PRIVATE }, 'PIP'],
    ['an index with one', { PIP_INDEX_URL: LOGIN }, ''],
    ['the Python Package Index', {}, ''],
    ['keyring that is off', { PIP_INDEX_URL: PRIVATE, PIP_KEYRING_PROVIDER: 'disabled' }, ''],
  ])('and the command keyring, with %s', (_what, environment, installer) => {
    fs.writeFileSync(path.join(home, 'bin', 'keyring'), '#!/bin/sh\n', { mode: 0o755 });
    expect(settings({ environment }).installer).toBe(installer);
  });
});

describe('a setting of uv', () => {
  test.each<[string, Choice, string, string]>([
    ['UV_INDEX', { environment: { UV_INDEX: `internal=${LOGIN}` } }, `${PRIVATE}, ${PYPI}`, 'UV_INDEX'],
    ['UV_EXTRA_INDEX_URL', { environment: { UV_EXTRA_INDEX_URL: LOGIN } }, `${PRIVATE}, ${PYPI}`, 'UV_EXTRA_INDEX_URL'],
    ['UV_DEFAULT_INDEX', { environment: { UV_DEFAULT_INDEX: LOGIN } }, PRIVATE, 'UV_DEFAULT_INDEX'],
    ['UV_INDEX_URL', { environment: { UV_INDEX_URL: LOGIN } }, PRIVATE, 'UV_INDEX_URL'],
    ['an index of the project', { files: { 'pyproject.toml': `[[tool.uv.index]]\nname = "internal"\nurl = "${LOGIN}"\n` } }, `${PRIVATE}, ${PYPI}`, 'index of pyproject.toml'],
    ['a default index of the project', { files: { 'pyproject.toml': `[[tool.uv.index]]\nurl = "${LOGIN}"\ndefault = true\n` } }, PRIVATE, 'index of pyproject.toml'],
    ['an explicit index', { files: { 'pyproject.toml': `[tool.uv.sources]\na = { index = "b" }\n[[tool.uv.index]]\nname = "b"\nurl = "${LOGIN}"\nexplicit = true\n` } }, PYPI,
      'index of pyproject.toml, sources of pyproject.toml'],
    ['uv.toml of the project', { files: { 'uv.toml': `extra-index-url = ["${LOGIN}"]\n` } }, `${PRIVATE}, ${PYPI}`, 'extra-index-url of uv.toml'],
    ['settings of uv pip', { files: { 'uv.toml': `[pip]\nindex-url = "${LOGIN}"\n` } }, PRIVATE, 'index-url of uv.toml'],
  ])('lets only uv install, since pip reads none of them: %s', (_what, choice, places, names) => {
    expect(settings(choice)).toMatchObject({ installer: 'UV_ONLY', log: `packages come from ${places}; uv is configured by ${names}` });
  });

  test('of the user is read too', () => {
    const { log } = settings({ files: { '~/.config/uv/uv.toml': `index-url = "${LOGIN}"\n` } });
    expect(log).toMatch(/^packages come from https:\/\/packages\.example\.com\/simple; uv is configured by index-url of .*uv\.toml$/);
  });

  test('keeps its sources and nothing else for a project of pip', () => {
    const pyproject = `[tool.uv]\nrequired-version = "==0.4.0"\nno-build = true\nfind-links = ["wheels"]\n[[tool.uv.index]]\nname = "in\\"ternal"\nurl = "${LOGIN}"\nexplicit = true\n`;
    expect(settings({ files: { 'pyproject.toml': pyproject } }).variables.UV_CONFIG_FILE).toBe(path.join(home, 'delivery', 'packages.toml'));
    expect(configuration()).toBe(`index = [{ "name" = "in\\"ternal", "url" = "${LOGIN}", "explicit" = true }]\nfind-links = ["${path.join(home, 'project', 'wheels')}"]\n`);
  });

  test('stays in a project of uv', () => {
    const { variables } = settings({ kind: 'uv', files: { 'pyproject.toml': '[tool.uv]\nrequired-version = "==0.4.0"\n' } });
    expect(variables).not.toHaveProperty('UV_CONFIG_FILE');
    // the tools of the build are no part of the project
    expect(written('tools.sh')).toContain('UV_CONFIG_FILE');
    expect(written('tools.toml')).toBe('');
  });

  test('wins over one of pip, which adds what it does not say', () => {
    const { variables, installer } = settings({
      environment: { UV_DEFAULT_INDEX: LOGIN, PIP_INDEX_URL: PYPI, PIP_EXTRA_INDEX_URL: OTHER },
    });
    expect({ installer, ...variables }).toMatchObject({ installer: 'UV_ONLY', UV_DEFAULT_INDEX: LOGIN, UV_EXTRA_INDEX_URL: OTHER });
    const other = settings({ environment: { UV_INDEX: LOGIN, PIP_INDEX_URL: OTHER } });
    expect(other.variables).toMatchObject({ UV_DEFAULT_INDEX: OTHER, UV_INDEX: LOGIN });
  });

  test('comes before those of pip, of which the best version counts', () => {
    const { variables, log } = settings({ environment: { UV_INDEX: LOGIN, PIP_INDEX_URL: 'https://a.example.com', PIP_EXTRA_INDEX_URL: 'https://b.example.com https://c.example.com' } });
    expect(variables).toMatchObject({
      UV_INDEX: LOGIN, UV_EXTRA_INDEX_URL: 'https://c.example.com https://b.example.com', UV_DEFAULT_INDEX: 'https://a.example.com', UV_INDEX_STRATEGY: 'unsafe-best-match',
    });
    expect(log).toContain(`come from ${PRIVATE}, https://c.example.com, https://b.example.com, https://a.example.com; uv is configured by UV_INDEX`);
  });

  test('that names no index leaves the order of pip', () => {
    const { installer, variables } = settings({
      files: { 'pyproject.toml': '[tool.uv.sources]\nlib = { path = "lib" }\n' }, environment: { PIP_INDEX_URL: LOGIN, PIP_EXTRA_INDEX_URL: PYPI },
    });
    expect({ installer, ...variables }).toMatchObject({ installer: 'UV_ONLY', UV_INDEX: PYPI, UV_DEFAULT_INDEX: LOGIN, UV_INDEX_STRATEGY: 'unsafe-best-match' });
  });

  test('gets the constraints of pip, and the log names what it lacks', () => {
    const { installer, log, variables } = settings({ environment: { UV_INDEX: LOGIN, PIP_CONSTRAINT: 'limits.txt', PIP_PREFER_BINARY: '1' } });
    expect({ installer, variables }).toMatchObject({ installer: 'UV_ONLY', variables: { UV_CONSTRAINT: path.join(home, 'project', 'limits.txt') } });
    expect(log).toMatch(/uv is configured by UV_INDEX; it has no equivalent of pip's prefer-binary$/);
    expect(written('tools.sh')).not.toMatch('UV_CONSTRAINT');
  });

  test('does not replace the index of the option, which the log names', () => {
    const files = { 'pyproject.toml': `[[tool.uv.index]]\nurl = "${LOGIN}"\ndefault = true\n` };
    expect(settings({ option: OTHER, files })).toMatchObject({ log: `packages come from ${OTHER}; uv is configured by index of pyproject.toml`, variables: { UV_DEFAULT_INDEX: OTHER } });
  });
});

describe('the sources of Poetry', () => {
  const source = (priority: string, name = 'in-ternal') => `[[tool.poetry.source]]\nname = "${name}"\nurl = "${PRIVATE}"\npriority = "${priority}"\n`;
  const login = { POETRY_HTTP_BASIC_IN_TERNAL_USERNAME: 'aws', POETRY_HTTP_BASIC_IN_TERNAL_PASSWORD: 't0ken' };

  test.each<[string, string, object, string]>([
    // it may have private packages only
    ['primary', 'primary', { UV_INDEX: LOGIN, UV_DEFAULT_INDEX: PYPI }, `${PRIVATE}, ${PYPI}`],
    ['supplemental', 'supplemental', { UV_INDEX: PYPI, UV_DEFAULT_INDEX: LOGIN }, `${PYPI}, ${PRIVATE}`],
    ['explicit', 'explicit', {}, PYPI],
  ])('are those of the packages that the build adds: %s', (_what, priority, expected, places) => {
    const { variables, log } = settings({ kind: 'poetry', files: { 'pyproject.toml': source(priority) }, environment: login });
    expect(variables).toMatchObject(expected);
    expect(log).toBe(`packages that poetry.lock does not name come from ${places}`);
  });

  test('may have a login that Poetry stored', () => {
    const files = { 'pyproject.toml': source('primary'), '~/.config/pypoetry/auth.toml': '[http-basic.in-ternal]\nusername = "aws"\npassword = "t0ken"\n' };
    expect(settings({ kind: 'poetry', files }).variables).toMatchObject({ UV_INDEX: LOGIN });
  });

  test.each(['', OTHER])('do not count for the tools of the build, with the option %p', (option) => {
    const { variables } = settings({ kind: 'poetry', option, files: { 'pyproject.toml': source('primary') } });
    expect(variables).toMatchObject({ UV_INDEX: PRIVATE, UV_DEFAULT_INDEX: option || PYPI });
    expect(written('tools.sh')).not.toMatch(PRIVATE);
  });

  test('count in no other project', () => {
    expect(settings({ files: { 'pyproject.toml': source('primary') } }).log).toBe(`packages come from ${PYPI}`);
  });
});

describe('the options of requirements files', () => {
  function requirements(files: { [name: string]: string }, installer = 'UV', own: string[] = []) {
    for (const [name, content] of Object.entries(files)) { fs.writeFileSync(path.join(home, 'project', name), content); }
    writeLines('indexes.txt', [PYPI]);
    writeLines('uv-settings.txt', own);
    const { stdout, stderr, status } = spawnSync(PYTHON, [PROGRAM, 'requirements', installer, 'requirements.txt', 'missing.txt'], {
      encoding: 'utf8', cwd: path.join(home, 'project'), env: { ...process.env, DELIVERY_HOME: path.join(home, 'delivery') },
    });
    expect({ stderr, status }).toMatchObject({ status: 0 });
    return { installer: stdout.trim(), log: stderr.trimEnd() };
  }

  test.each<[string, { [name: string]: string }, string]>([
    ['an extra index', { 'requirements.txt': `--extra-index-url ${LOGIN}\nshop-lib\n` }, `${PYPI}, ${PRIVATE}; pip installs, because requirements.txt contains --extra-index-url`],
    ['another index', { 'requirements.txt': `-i ${LOGIN}\nshop-lib\n` }, `${PRIVATE}; pip installs, because requirements.txt contains -i`],
    ['an equals sign and a line that goes on', { 'requirements.txt': `--index-url=\\\n${LOGIN}\n` }, `${PRIVATE}; pip installs, because requirements.txt contains --index-url`],
    ['links', { 'requirements.txt': '--find-links wheels\n' }, `${PYPI}; pip installs, because requirements.txt contains --find-links`],
    ['a file that is included', { 'requirements.txt': '-r base.txt\n', 'base.txt': `--extra-index-url ${LOGIN}\n` }, `${PYPI}, ${PRIVATE}; pip installs, because base.txt contains --extra-index-url`],
  ])('let pip install: %s', (_what, files, log) => {
    expect(requirements(files)).toEqual({ installer: 'PIP', log: `packages come from ${log}` });
  });

  test.each([
    ['no option', 'shop-lib==1.0 --hash=sha256:0\n# --index-url https://x\n-e ./lib\n'], ['a loop', '-r requirements.txt\n'], ['another option', '--no-binary pluggy\npluggy\n'],
  ])('do not: %s', (_what, content) => {
    expect(requirements({ 'requirements.txt': content })).toEqual({ installer: '', log: '' });
  });

  test.each(['--prefer-binary', '--pre', '--trusted-host a.example.com', '--find-links wheels'])('leave the indexes to uv if it is configured: %s', (option) => {
    expect(requirements({ 'requirements.txt': `${option}\nshop-lib\n` }, 'UV_ONLY', ['UV_INDEX'])).toEqual({ installer: '', log: '' });
  });

  test('and an index of uv contradict each other', () => {
    expect(requirements({ 'requirements.txt': `--pre\n--extra-index-url ${LOGIN}\n` }, 'UV_ONLY', ['UV_INDEX'])).toEqual({
      installer: '! requirements.txt contains --extra-index-url, and uv is configured by UV_INDEX', log: '',
    });
  });

  test('let pip install if uv has sources only', () => {
    expect(requirements({ 'requirements.txt': `-i ${LOGIN}\n` }, 'UV_ONLY').installer).toBe('PIP');
  });
});

describe('the comparison of the indexes', () => {
  test('names a package that two of them have, and an index that does not answer', async () => {
    const server = http.createServer(({ url = '' }, response) => {
      const found = url.startsWith('/a/shop-lib/') || /^\/b\/(shop-lib|local|only-b)\//.test(url);
      response.writeHead(url.startsWith('/broken/') ? 503 : found ? 200 : 404).end(found ? '<a href="x.whl">x.whl</a>' : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const at = (name: string) => `http://127.0.0.1:${port}/${name}`;
    writeLines('indexes.txt', [at('a'), at('b'), at('broken')]);
    const local = path.join(home, 'venv', 'lib', 'python3.12', 'site-packages', 'local-1.0.dist-info');
    fs.mkdirSync(local, { recursive: true });
    fs.writeFileSync(path.join(local, 'direct_url.json'), '{}');
    // a uv that resolves nothing
    fs.writeFileSync(path.join(home, 'bin', 'uv'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const run = spawn(PYTHON, [COMPARISON, path.join(home, 'bin', 'uv'), path.join(home, 'venv', 'bin', 'python')], { env: { ...process.env, DELIVERY_HOME: path.join(home, 'delivery') } });
    let output = '';
    [run.stdout, run.stderr].forEach((stream) => stream.on('data', (data) => { output += data; }));
    run.stdin.end('shop_lib==1.0\nlocal==1.0\nonly-b==1.0\nabsent==1.0\n');
    await new Promise((resolve) => run.on('close', resolve));
    server.close();
    expect(output.trimEnd().split('\n')).toEqual([
      `the packages of ${at('broken')} could not be compared with those of the other indexes: HTTP 503`,
      `warning: shop_lib==1.0 came from one of them, and ${at('a')} and ${at('b')} have shop-lib too: name one index only, or reserve the name in the public one`,
    ]);
  });
});
