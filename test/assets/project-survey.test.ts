import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const ASSETS = path.join(__dirname, '..', '..', 'assets', 'build');

let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'survey-'));
});

afterEach(() => {
  fs.rmSync(directory, { recursive: true });
});

/** Empty files, except for those that a row gives a content. */
function write(files: string[] | { [name: string]: string }): void {
  for (const [name, content] of Object.entries(Array.isArray(files) ? Object.fromEntries(files.map((each) => [each, ''])) : files)) {
    const file = path.join(directory, 'project', name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
}

function python(code: string, env: NodeJS.ProcessEnv = {}, cwd = path.join(directory, 'project')) {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', `import sys\nsys.path[0] = ${JSON.stringify(ASSETS)}\nsys.dont_write_bytecode = True\n${code}`], {
    encoding: 'utf8', cwd, env: { ...process.env, ...env },
  });
  return { stdout: stdout.trimEnd(), stderr: stderr.trimEnd(), status };
}

describe('the survey of a project', () => {
  function survey(files: string[], folders: string[] = [], { patterns = ['test_*.py', '*_test.py'], strict = false } = {}) {
    write(files);
    const { stdout, stderr } = python([
      'import json, test_code',
      `one = test_code.Survey(".", ${JSON.stringify(patterns)}, ${JSON.stringify(folders)}, ${strict ? 'True' : 'False'})`,
      'print(json.dumps([one.omitted, sorted(sum(one.product.values(), []))]))',
    ].join('\n'));
    expect(stderr).toBe('');
    const [omitted, product] = JSON.parse(stdout) as [string[], string[]];
    return { omitted, product };
  }

  test.each<[string, string[], string[], string[]]>([
    ['folders of tests at any depth', ['tests/helpers/factories.py', 'shop/tests/util.py', 'test/a.py', 'shop/a.py'], ['shop/tests/', 'test/', 'tests/'], ['shop/a.py']],
    ['files that pytest collects', ['shop/test_a.py', 'shop/a_test.py', 'shop/conftest.py', 'shop/tests.py', 'shop/a.py'], ['shop/a_test.py', 'shop/conftest.py', 'shop/test_a.py', 'shop/tests.py'], ['shop/a.py']],
    ['no names that only begin like those of tests', ['shop/testimonials.py', 'shop/test_helpers/users.py', 'testing/a.py', 'contest.py'], [], ['contest.py', 'shop/test_helpers/users.py', 'shop/testimonials.py', 'testing/a.py']],
    ['packages of others', ['node_modules/a.py', 'shop/node_modules/b.py', '.venv/c.py', 'my env/pyvenv.cfg', 'my env/d.py', 'a.py', 'shop.egg-info/e.py'], ['.venv/', 'my env/', 'node_modules/', 'shop/node_modules/', 'shop.egg-info/'], ['a.py']],
    ['outputs and scripts at the top', ['build/lib/a.py', 'docs/conf.py', 'setup.py', 'noxfile.py', 'shop/build/b.py', 'shop/setup.py'], ['build/', 'docs/', 'noxfile.py', 'setup.py'], ['shop/build/b.py', 'shop/setup.py']],
    ['no package at the top with such a name', ['build/__init__.py', 'build/a.py'], [], ['build/__init__.py', 'build/a.py']],
  ])('omits %s', (_what, files, omitted, product) => {
    expect(survey(files)).toEqual({ omitted, product });
  });

  test.each<[string, string[], string[], string[]]>([
    ['has more tests than other modules', ['checks/test_a.py', 'checks/test_b.py', 'checks/factories.py', 'a.py'], ['checks'], ['checks/']],
    ['is below another one', ['checks/unit/test_a.py', 'checks/a.py'], ['checks/unit/'], ['checks/unit/']],
    ['has the product as well', ['shop/a.py', 'shop/test_a.py', 'b.py'], ['shop'], ['shop/test_a.py']],
    ['is all that there is', ['shop/__init__.py', 'shop/test_a.py'], ['shop'], ['shop/test_a.py']],
    ['is the project', ['test_a.py', 'a.py'], ['.'], ['test_a.py']],
    ['is outside of the project', ['a.py'], ['../checks', 'missing'], []],
  ])('treats a folder that testpaths names by its content: it %s', (_what, files, folders, omitted) => {
    expect(survey(files, folders).omitted).toEqual(omitted);
  });

  test('knows the names of the project, and ignores a pattern that says nothing', () => {
    expect(survey(['check_a.py', 'a.py', 'b/spec/c.py'], [], { patterns: ['check_*.py', 'b/spec/*.py', '*.py'] })).toEqual({ omitted: ['check_a.py'], product: ['a.py', 'b/spec/c.py'] });
  });

  test('omits an environment for bandit only if it is one', () => {
    const files = ['shop/pyvenv.cfg', 'shop/a.py', 'one/pyvenv.cfg', 'one/bin/python', 'two/pyvenv.cfg', 'two/Scripts/a.py', 'three/pyvenv.cfg', 'three/lib/a.py'];
    expect(survey(files, [], { strict: true })).toEqual({ omitted: ['one/', 'three/', 'two/'], product: ['shop/a.py'] });
  });

  test('counts a link to nothing', () => {
    write(['checks/test_a.py']);
    fs.symlinkSync('missing', path.join(directory, 'project', 'checks', '__init__.py'));
    expect(survey(['a.py'], ['checks']).omitted).toEqual(['checks/']);
  });

  test('omits no outputs and no hidden folders for bandit', () => {
    expect(survey(['build/a.py', '.hidden/b.py', 'setup.py', 'node_modules/c.py', 'tests/d.py'], [], { strict: true })).toEqual({
      omitted: ['node_modules/', 'tests/'], product: ['.hidden/b.py', 'build/a.py', 'setup.py'],
    });
  });
});

describe('the options of bandit', () => {
  const OURS = './tests/*';

  function options(files: { [name: string]: string }) {
    write({ 'shop/a.py': '', 'tests/b.py': '', ...files });
    const { stdout, stderr } = spawnSync('python3', ['-E', '-B', path.join(ASSETS, 'bandit_options.py'), directory], {
      encoding: 'utf8', cwd: path.join(directory, 'project'), env: { ...process.env, PYTHONSAFEPATH: '1' },
    });
    const [, given, configured, refused] = /^options=\((.*)\) configured=(.*) refused=(.*)\n$/.exec(stdout) ?? [];
    const written = path.join(directory, 'bandit.ini');
    const [, ...lines] = fs.existsSync(written) ? fs.readFileSync(written, 'utf8').trimEnd().split('\n') : [''];
    return { given: given.replace(directory, ''), configured, refused, lines, log: stderr.trimEnd() };
  }

  test('are ours without a .bandit file', () => {
    expect(options({})).toEqual({ given: '. --ini /bandit.ini', configured: "''", refused: "''", lines: [`exclude = ${OURS}`], log: '' });
  });

  test.each<[string, string, string[]]>([
    ['Windows line ends', '[bandit]\r\nexclude = ./old code,./b\r\nskips: B101\r\n', [`exclude = ./old code,./b,${OURS}`, 'skips = B101']],
    ['another section with exclude', '[other]\nexclude = ./shop\n[bandit]\nskips = B101\n', ['skips = B101', `exclude = ${OURS}`]],
    ['a percent sign', '[bandit]\nexclude = ./100%%\n', [`exclude = ./100%%,${OURS}`]],
    ['a quotation mark', '[bandit]\nexclude = ./it\'s "old"\n', [`exclude = ./it's "old",${OURS}`]],
    ['formats and levels, which the build decides', '[bandit]\nformat = html\noutput = a\nlevel = 3\nconfidence = 2\nnumber = 9\n', ['number = 9', `exclude = ${OURS}`]],
  ])('keep those of a .bandit file with %s', (_what, content, lines) => {
    expect(options({ '.bandit': content })).toMatchObject({ lines, configured: '.bandit', given: '. --ini /bandit.ini' });
  });

  test('are read from a .bandit file below the directory, as bandit does', () => {
    expect(options({ 'shop/.bandit': '[bandit]\nexclude = ./c\n' })).toMatchObject({ lines: [`exclude = ./c,${OURS}`], configured: 'shop/.bandit' });
  });

  test('do not limit bandit to the targets of the project', () => {
    expect(options({ '.bandit': '[bandit]\ntargets = docs\n' })).toMatchObject({ given: '. --ini /bandit.ini', lines: [`exclude = ${OURS}`] });
  });

  test('work with PYTHONSAFEPATH, and with a name that is no UTF-8', () => {
    write(['a.py']);
    const made = python("open(b'../project/test_\\xff.py', 'w').close()", { PYTHONSAFEPATH: '1' });
    expect([made.stderr, options({})]).toMatchObject(['', { lines: [`exclude = ./test_?.py,${OURS}`], log: '' }]);
  });

  test.each([
    ['[tool.bandit]\nskips = []\n', '. --ini /bandit.ini --configfile pyproject.toml', 'pyproject.toml'],
    ['[tool.other]\n', '. --ini /bandit.ini', "''"],
    ['[tool.bandit\n', '. --ini /bandit.ini --configfile pyproject.toml', 'pyproject.toml'],
  ])('name a pyproject.toml with %j if that is for bandit', (content, given, configured) => {
    expect(options({ 'pyproject.toml': content })).toMatchObject({ given, configured });
  });

  test('name the configuration of a .bandit file instead', () => {
    expect(options({ '.bandit': '[bandit]\nconfigfile = b.yaml\n', 'pyproject.toml': '[tool.bandit]\n' })).toMatchObject({
      given: '. --ini /bandit.ini', lines: ['configfile = b.yaml', `exclude = ${OURS}`],
    });
  });

  test('ignore a .bandit file that bandit ignores, and the log says so', () => {
    expect(options({ '.bandit': '[bandit\nexclude = ./shop\n' })).toMatchObject({ lines: [`exclude = ${OURS}`], log: expect.stringMatching(/^bandit ignores \.\/\.bandit: /) as string });
  });

  test('are none for several .bandit files, which bandit refuses', () => {
    expect(options({ '.bandit': '', 'shop/.bandit': '' })).toMatchObject({ given: '', refused: "'.bandit and shop/.bandit'", log: '.bandit and shop/.bandit: bandit accepts one .bandit file only' });
  });
});

describe('the report of the tests', () => {
  const RUN = '<testsuites><testsuite tests="1"><testcase name="a"/></testsuite></testsuites>';

  function report(files: { [name: string]: string }, command?: string, log = '', allow = 'no') {
    write({ 'command.sh': command ?? '', 'log': log, ...files });
    const { stdout, stderr, status } = spawnSync('python3', [path.join(ASSETS, 'test_report.py'), 'report.xml', ...command === undefined ? [] : ['command.sh', 'log']], {
      encoding: 'utf8', cwd: path.join(directory, 'project'), env: { ...process.env, ALLOW_NO_TESTS: allow },
    });
    const file = path.join(directory, 'project', 'report.xml');
    return { found: stdout.trimEnd(), log: stderr.trimEnd(), status, report: fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined };
  }

  test.each<[string, string | undefined, string]>([
    ['with a test', RUN, 'some'],
    ['with a suite as its root', '<testsuite><testcase/></testsuite>', 'some'],
    ['without a test', '<testsuites><testsuite tests="0"/></testsuites>', 'none'],
    ['that counts no test, but has an entry', '<testsuites><testsuite tests="0"><testcase/></testsuite></testsuites>', 'none'],
    ['that is cut off', '<testsuites><testsuite>', 'unknown'],
    ['that is missing', undefined, 'unknown'],
  ])('%s', (_what, content, found) => {
    const { report: left, ...result } = report(content === undefined ? {} : { 'report.xml': content });
    expect(result).toEqual({ found, log: '', status: 0 });
    expect(left).toBe(found === 'unknown' ? undefined : content);
  });

  test.each(['pytest --junitxml=own.xml', 'pytest --junit-xml "own.xml" -q', 'cd . # it\'s\npytest --junitxml=own.xml'])('is the one that the command names: %s', (command) => {
    expect(report({ 'own.xml': RUN }, command)).toEqual({ found: 'some', log: '', status: 0, report: RUN });
  });

  test.each<[string, string]>([
    ['Ran 0 tests in 0.000s\n\nOK\n', 'none'], ['\nNO TESTS RAN\n', 'none'], ['==== no tests ran in 0.01s ====\n', 'none'], ['no tests ran in 0.01s\n', 'none'],
    ['Ran 0 tests in 0.1s\nRan 2 tests in 0.1s\n', 'unknown'], ['no tests ran in 0.01s\n3 passed in 0.1s\n', 'unknown'], ['all is well\n', 'unknown'],
    ['\x1b[33m\x1b[33mno tests ran\x1b[0m\x1b[33m in 0.00s\x1b[0m\n', 'none'],
    ['1 feature passed, 0 failed, 0 skipped\n1 scenario passed, 0 failed, 0 skipped\n', 'unknown'],
    ['==== 1 failed, 2 passed in 0.1s ====\nno tests ran in 0.01s\n', 'unknown'], ['No tests ran the old way\n', 'unknown'],
  ])('that is missing leaves what the command printed: %j', (log, found) => {
    expect(report({}, 'run', log)).toMatchObject({ found });
  });

  test('that is missing does not claim that a test passed where none is required', () => {
    expect(report({}, 'run', 'NO TESTS RAN\n').report).toBeUndefined();
    expect(report({}, 'run', 'NO TESTS RAN\n', 'yes').report).toContain('<skipped message="testCommand wrote no report"/>');
  });

  test.each([['run'], ["echo 'open"]])('that is missing is replaced by one that claims nothing (%s)', (command) => {
    expect(report({ 'report.xml': '<' }, command)).toEqual({
      found: 'unknown',
      status: 0,
      log: 'testCommand wrote no report: nothing is known about its tests',
      report: '<testsuites><testsuite name="pytest" tests="1" failures="0" errors="0" skipped="1"><testcase classname="build" name="testCommand">'
        + '<skipped message="testCommand wrote no report"/></testcase></testsuite></testsuites>\n',
    });
  });
});

describe('the list of the dependencies of the image', () => {
  test.each([
    [['flask==1', 'pytest==8', 'own @ file:///x'], 'Flask==1\n', 'flask==1\n'],
    [['pytest==8'], '', ''],
  ])('of %j', (installed, exported, production) => {
    write({ 'exported.txt': exported });
    const home = path.join(directory, 'project');
    const { stderr, status } = spawnSync('bash', ['-euc', `. "${path.join(ASSETS, 'install.sh')}"; installed() { printf '%s\n' ${installed.map((one) => `'${one}'`).join(' ')}; }; list_production`], {
      encoding: 'utf8', env: { ...process.env, home, production: path.join(home, 'production.txt'), newest: 'python3' },
    });
    expect([stderr, status, fs.readFileSync(path.join(home, 'production.txt'), 'utf8')]).toEqual(['', 0, production]);
  });
});

test('the gate of bandit stops when its options cannot be found', () => {
  write({ 'image/shop.py': '' });
  const code = `. "${path.join(ASSETS, 'gates.sh')}"; explain() { echo "$1"; }; tool() { echo bandit ran; }; judge() { echo judged; }; check_bandit`;
  const { stdout, status } = spawnSync('bash', ['-euc', code], {
    encoding: 'utf8', env: { ...process.env, home: path.join(directory, 'project'), PROJECT_DIRECTORY: '.', newest: 'false', reports: directory, BANDIT_SEVERITY: 'HIGH' },
  });
  expect([stdout, status]).toEqual(['~bandit could not run: see the log\n', 1]);
});
