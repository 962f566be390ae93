import { Files } from './case-factory';

/** Lines that can run, and lines that the tests ran. */
export type Lines = readonly [valid: number, covered: number];

/** A kind of project, and what plain pytest is asked about it. */
export interface Shape {
  readonly name: string;
  /** Beside those of the small project, or instead of them. */
  readonly files: Files;
  /** Variables of the build and of plain pytest. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Instead of `pytest`. */
  readonly testCommand?: string;
  readonly minimumCoverage?: number;
  readonly requireTests?: boolean;
  /** The directory of the project in the repository. */
  readonly directory?: string;
  /**
   * What plain pytest measures: the project's own options say so, or its configuration of coverage does with `--cov`.
   * Otherwise the lines that the build must report, or none at all.
   */
  readonly measured: 'by its options' | 'by its configuration' | Lines | undefined;
  /** Of a build that fails. */
  readonly lastLine?: string;
  /** The build fails although plain pytest passes. */
  readonly stricter?: boolean;
  /** What the log must contain. */
  readonly log?: string;
  /** With these versions of Python besides the usual one. */
  readonly pythons?: readonly string[];
  readonly bothModes?: boolean;
}

const NO_TESTS = 'pytest: no test was found: set testDirectory, or requireTests: false';
const BELOW = "pytest: a test failed, or the coverage is below the project's own threshold: see the report";
const INI = (...lines: readonly string[]) => `[pytest]\n${lines.join('\n')}\n`;
const SHOP = 'def double(number):\n    return 2 * number\n\n\ndef half(number):\n    return number / 2\n';
const CODE = 'def answer():\n    return 42\n';
const COLOCATED = 'from shop import double\n\n\ndef test_double():\n    assert double(2) == 4\n';
const SPAWNING = [
  'import multiprocessing', 'import sys', '', 'from pytest_options import answer', '', '',
  'def child(queue):', '    queue.put(answer())', '', '',
  'def test_it():', '    assert sys.argv[0].endswith("__main__.py")', '    context = multiprocessing.get_context("spawn")', '    queue = context.Queue()',
  '    process = context.Process(target=child, args=(queue,))', '    process.start()', '    assert queue.get(timeout=60) == answer()',
  '    process.join()', '    assert process.exitcode == 0', '',
].join('\n');
const UNITTEST = 'import unittest\nfrom shop import double\n\n\nclass Shop(unittest.TestCase):\n    def test_double(self):\n        self.assertEqual(double(2), 4)\n';
const COMMAND_FAILED = 'pytest: testCommand exited with code 1: see the log';
const IN_BACKEND: Files = { 'shop/__init__.py': undefined, 'tests/test_shop.py': undefined, 'backend/shop/__init__.py': SHOP, 'backend/tests/test_shop.py': COLOCATED };
const crlf = (text: string) => text.replace(/\n/g, '\r\n');

/** Each name of a file that coverage or pytest reads. */
const CONFIGURED: readonly Shape[] = [
  {
    name: 'include and fail_under in .coveragerc',
    files: { '.coveragerc': '[run]\ninclude = shop/*\n[report]\nfail_under = 70\n' },
    measured: 'by its configuration',
    pythons: ['3.9', '3.13'],
    bothModes: true,
  },
  { name: 'a fail_under that is not reached', files: { '.coveragerc': '[run]\nsource = shop\n[report]\nfail_under = 90\n' }, measured: 'by its configuration', lastLine: BELOW },
  { name: 'a fail_under alone', files: { '.coveragerc': '[report]\nfail_under = 80\n' }, measured: 'by its configuration' },
  { name: 'a fail_under that minimumCoverage replaces', files: { '.coveragerc': '[run]\nsource = shop\n[report]\nfail_under = 90\n' }, minimumCoverage: 70, measured: [4, 3] },
  { name: 'a source with branches in setup.cfg', files: { 'setup.cfg': '[coverage:run]\nsource = shop\nbranch = True\n' }, measured: 'by its configuration' },
  { name: 'include and omit in tox.ini', files: { 'tox.ini': '[coverage:run]\ninclude = */shop/*\nomit = */extra.py\n', 'shop/extra.py': CODE }, measured: 'by its configuration' },
  { name: 'source_pkgs in pyproject.toml', files: { 'pyproject.toml': '[tool.coverage.run]\nsource_pkgs = ["shop"]\n' }, measured: 'by its configuration' },
  { name: 'a source in .coveragerc.toml', files: { '.coveragerc.toml': '[run]\nsource = ["shop"]\nomit = ["*/extra.py"]\n', 'shop/extra.py': CODE }, measured: 'by its configuration', pythons: ['3.13'] },
  { name: 'a configuration that COVERAGE_RCFILE names', files: { 'ci/rc': '[run]\nsource = shop\n' }, environment: { COVERAGE_RCFILE: 'ci/rc' }, measured: 'by its configuration' },
  {
    name: 'a --cov-config with a space',
    files: { 'pytest.ini': INI('addopts = "--cov-config=my rc"'), 'my rc': '[run]\nsource = shop\nomit = */extra.py\n', 'shop/extra.py': CODE },
    measured: 'by its configuration',
    minimumCoverage: 75,
    pythons: ['3.9'],
  },
  { name: 'an include of the report only', files: { '.coveragerc': '[report]\ninclude = shop/*\n' }, measured: 'by its configuration' },
  { name: 'a configuration without a scope', files: { '.coveragerc': '[run]\nomit = */extra.py\n', 'shop/extra.py': CODE, 'node_modules/gyp/__init__.py': CODE }, measured: [4, 3] },
  {
    name: 'a configuration without a scope, and tests beside the product',
    files: {
      '.coveragerc': '[run]\nbranch = True\n[report]\nexclude_lines =\n    pragma: no cover\n    \\$$never\n',
      'tests/test_shop.py': undefined,
      'shop/tests/test_shop.py': COLOCATED,
      'shop/tests/helper.py': CODE,
    },
    measured: [4, 3],
    minimumCoverage: 75,
    pythons: ['3.9', '3.13'],
  },
  {
    name: 'a configuration in TOML without a scope, and tests beside the product',
    files: {
      'pyproject.toml': '[tool.coverage.run]\nomit = ["*/extra.py"]\n[tool.coverage.report]\nexclude_also = ["#.*never", "def half"]\n[tool.coverage.paths]\nsource = ["shop", "*/shop"]\n',
      'shop/tests/test_more.py': COLOCATED,
      'shop/extra.py': CODE,
    },
    measured: [2, 2],
    pythons: ['3.13'],
  },
  {
    name: 'data in a file for each process',
    files: { '.coveragerc': '[run]\nsource = shop\nparallel = True\ndata_file = data/.cov\n', 'data/keep': '' },
    measured: 'by its configuration',
    minimumCoverage: 75,
  },
  { name: 'a configuration whose name begins as that of the data', files: { 'pytest.ini': INI('addopts = --cov --cov-config=cov.ini'), 'cov.ini': '[run]\nsource = shop\ndata_file = cov\n' }, measured: 'by its options' },
  { name: 'data in a file that COVERAGE_FILE names', files: { '.coveragerc': '[run]\nsource = shop\n' }, environment: { COVERAGE_FILE: '.data' }, measured: 'by its configuration', minimumCoverage: 75 },
  { name: 'a minimumCoverage that is not reached', files: { '.coveragerc': '[run]\ninclude = shop/*\n' }, measured: 'by its configuration', lastLine: 'coverage: the coverage is below 76 percent: add tests for the files in the report', minimumCoverage: 76 },
  { name: 'CRLF in every file', files: { '.coveragerc': crlf('[run]\nsource =\n    shop\n'), 'pytest.ini': crlf(INI('addopts = -v')) }, measured: 'by its configuration' },
  { name: 'a plugin of coverage that is not installed', files: { '.coveragerc': '[run]\nplugins = nothing_here\n' }, measured: undefined, log: "coverage rejects the project's configuration" },
];

/** What `addopts` may say. */
const OPTIONS: readonly Shape[] = [
  { name: '--cov with its own reports', files: { 'pytest.ini': INI('addopts = --cov=shop --cov-branch --cov-report= --junitxml=own.xml') }, measured: 'by its options', pythons: ['3.9', '3.13'] },
  { name: '--cov with a threshold that is not reached', files: { 'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "--cov=shop --cov-fail-under=90"\n' }, measured: 'by its options', lastLine: BELOW },
  { name: 'a --cov-fail-under without --cov', files: { 'pytest.ini': INI('addopts = --cov-fail-under=90') }, measured: 'by its configuration', lastLine: BELOW },
  { name: '--cov in PYTEST_ADDOPTS', files: {}, environment: { PYTEST_ADDOPTS: '--cov=shop -k "double or nothing"' }, measured: 'by its options' },
  {
    name: '--no-cov',
    files: { 'pytest.ini': INI('addopts = --cov=shop --cov-fail-under=100 --no-cov -k "double or nothing"') },
    measured: [4, 3],
    pythons: ['3.9', '3.13'],
    bothModes: true,
    log: 'the build ignores --no-cov in addopts of pytest.ini',
  },
  { name: '--no-cov in PYTEST_ADDOPTS', files: {}, environment: { PYTEST_ADDOPTS: '--no-cov' }, measured: [4, 3], log: 'the build ignores --no-cov in PYTEST_ADDOPTS' },
  { name: '-p no:cov and -p no:junitxml', files: { '.pytest.ini': INI('addopts = -p no:cov -p no:junitxml'), '.coveragerc': '[report]\nfail_under = 90\n' }, measured: [4, 3], pythons: ['3.9', '3.13'] },
  { name: 'plugins that are not loaded by themselves', files: {}, environment: { PYTEST_DISABLE_PLUGIN_AUTOLOAD: '1' }, measured: [4, 3], pythons: ['3.13'] },
  { name: 'addopts of a project whose --cov needs a plugin that it turns off', files: { 'pytest.ini': INI('addopts = -p no:cov --cov=shop') }, measured: undefined, lastLine: 'pytest: pytest rejected its options: if addopts needs a plugin, add it to extraTestPackages' },
  { name: 'pytest.toml', files: { 'pytest.toml': '[pytest]\naddopts = ["--no-cov", "-k", "double or nothing"]\n' }, measured: [4, 3], pythons: ['3.13'] },
  { name: '-pno:cov in PYTEST_ADDOPTS', files: {}, environment: { PYTEST_ADDOPTS: '-pno:pytest_cov -v' }, measured: [4, 3], log: 'the build ignores -pno:pytest_cov in PYTEST_ADDOPTS' },
  { name: 'warnings that are errors', files: { 'pytest.ini': INI('filterwarnings = error'), '.coveragerc': '[run]\nbranch = True\n', 'tools/__init__.py': CODE, 'other.py': CODE }, measured: [6, 3] },
  { name: 'warnings of the interpreter that are errors', files: { 'tools/__init__.py': CODE }, environment: { PYTHONWARNINGS: 'error' }, measured: [6, 3] },
  { name: 'several processes', files: { 'pytest.ini': INI('addopts = -n 2 --cov=shop') }, measured: 'by its options' },
  { name: 'several processes without --cov', files: { 'pytest.ini': INI('addopts = -n 2') }, measured: [4, 3] },
  { name: 'a plugin with the name of a module of the build', files: { 'pytest.ini': INI('addopts = -p pytest_plugin'), 'pytest_plugin.py': '' }, measured: [4, 3] },
  { name: 'PYTHONSAFEPATH', files: { 'pytest.ini': INI('pythonpath = .') }, environment: { PYTHONSAFEPATH: '1' }, measured: [4, 3] },
  {
    name: 'a plugin that stops the question to pytest',
    files: { 'pytest.ini': INI('addopts = -p stopper'), 'stopper.py': 'import os\n\ndel os.fork\n' },
    measured: 'by its configuration',
    log: 'the build could not ask pytest for its configuration, so it measures what pytest --cov measures',
  },
  { name: '--collect-only', files: { 'setup.cfg': '[tool:pytest]\naddopts = --collect-only\n' }, measured: undefined, lastLine: 'pytest: --collect-only in addopts of setup.cfg runs no test: remove it, or set requireTests: false', stricter: true, bothModes: true },
  { name: '--setup-plan in PYTEST_ADDOPTS', files: {}, environment: { PYTEST_ADDOPTS: '--setup-plan' }, measured: undefined, lastLine: 'pytest: --setup-plan in PYTEST_ADDOPTS runs no test: remove it, or set requireTests: false', stricter: true },
  { name: 'tests that are all deselected', files: { 'pytest.ini': INI('addopts = -k nothing') }, measured: undefined, lastLine: NO_TESTS },
];

/** Where the product and its tests are. */
const LAYOUTS: readonly Shape[] = [
  { name: 'no configuration', files: {}, measured: [4, 3], pythons: ['3.9', '3.13'] },
  { name: 'a src layout', files: { 'shop/__init__.py': undefined, 'src/shop/__init__.py': SHOP, 'pytest.ini': INI('pythonpath = src') }, measured: [4, 3] },
  { name: 'tests in a folder of another name', files: { 'tests/test_shop.py': undefined, 'checks/test_shop.py': COLOCATED, 'checks/factories.py': '', 'checks/test_more.py': COLOCATED, 'pytest.ini': INI('testpaths = checks') }, measured: [4, 3] },
  { name: 'tests beside the product, which testpaths names', files: { 'tests/test_shop.py': undefined, 'shop/test_shop.py': COLOCATED, 'pytest.ini': INI('testpaths = shop') }, measured: [4, 3], pythons: ['3.9'] },
  {
    name: 'names that only look like tests',
    measured: [8, 3],
    pythons: ['3.9'],
    files: { 'shop/testimonials.py': CODE, 'shop/test_helpers/__init__.py': '', 'shop/test_helpers/users.py': CODE, 'tests/helpers/__init__.py': '', 'tests/helpers/factories.py': CODE },
  },
  {
    name: 'environments and packages of others',
    measured: [4, 3],
    files: { 'shop/node_modules/gyp/__init__.py': CODE, 'node_modules/gyp/__init__.py': CODE, 'my env/pyvenv.cfg': '', 'my env/lib/site-packages/other.py': CODE, 'build/lib/shop.py': CODE, 'docs/conf.py': CODE },
  },
  { name: 'names of modules of the build, in processes that import the main module again', files: { 'pytest_options.py': CODE, 'tests/test_code.py': COLOCATED, 'tests/test_more.py': SPAWNING }, measured: [6, 5], pythons: ['3.9', '3.13'] },
  { name: 'folders with spaces', files: { 'my tools/run me.py': CODE, 'my tests/test_it.py': COLOCATED, 'pytest.ini': INI('testpaths =', '    my tests', '    tests') }, measured: [6, 3] },
  {
    name: 'applications like those of Django',
    measured: [6, 5],
    files: { 'tests/test_shop.py': undefined, 'manage.py': '', 'shop/tests.py': COLOCATED, 'blog/__init__.py': CODE, 'blog/tests/__init__.py': '', 'blog/tests/test_it.py': 'from blog import answer\n\n\ndef test_answer():\n    assert answer() == 42\n', 'pytest.ini': INI('python_files = tests.py test_*.py') },
  },
  { name: 'a project in a folder of tests', directory: 'test/fixtures/app', files: {}, measured: [4, 3] },
  { name: 'a failing test', files: { 'tests/test_more.py': 'def test_it():\n    assert False\n' }, measured: [4, 3], lastLine: BELOW },
  { name: 'a test that cannot be imported', files: { 'tests/test_more.py': 'import nothing_here\n' }, measured: undefined, lastLine: 'pytest: pytest could not collect the tests, or was interrupted: see the log' },
  { name: 'tests that are skipped, expected to fail, and repeated', measured: [4, 3], files: { 'tests/test_more.py': 'import pytest\n\n\n@pytest.mark.skip\ndef test_a():\n    pass\n\n\n@pytest.mark.xfail\ndef test_b():\n    assert False\n\n\n@pytest.mark.parametrize("n", range(5))\ndef test_c(n):\n    pass\n' } },
  { name: 'no test, and a conftest.py that reports success', files: { 'tests/test_shop.py': undefined, 'conftest.py': 'def pytest_sessionfinish(session):\n    session.exitstatus = 0\n' }, measured: undefined, lastLine: NO_TESTS, stricter: true },
  { name: 'no test where none is required', files: { 'tests/test_shop.py': undefined, 'conftest.py': 'def pytest_sessionfinish(session):\n    session.exitstatus = 0\n' }, requireTests: false, measured: [4, 0] },
];

const COMMANDS: readonly Shape[] = [
  { name: 'a command that runs pytest', testCommand: 'pytest -q tests', files: { 'pytest.ini': INI('pythonpath = .') }, measured: [4, 3] },
  { name: 'a command with its own --cov and --junitxml', testCommand: 'python -m pytest --cov=shop --cov-report=xml:own.xml --junitxml="my report.xml"', files: { 'other.py': CODE }, measured: [4, 3], minimumCoverage: 75 },
  { name: 'a command that runs coverage for each process', testCommand: 'python -m coverage run -m pytest', files: { '.coveragerc': '[run]\nsource = shop\nparallel = True\n' }, measured: [4, 3], bothModes: true },
  { name: 'a command that hides that there are no tests', testCommand: 'python -m pytest || true', files: { 'tests/test_shop.py': undefined }, measured: undefined, lastLine: NO_TESTS, stricter: true },
  {
    name: 'a command that calls a script, whose pytest has a threshold',
    testCommand: 'bash run.sh',
    files: { 'run.sh': 'python -m pytest --cov=shop --cov-fail-under=90\n' },
    measured: [4, 3],
    lastLine: COMMAND_FAILED,
    pythons: ['3.9', '3.13'],
  },
  {
    name: 'a command that changes the directory, where the coverage is configured',
    testCommand: 'cd backend && python -m pytest',
    files: {
      ...IN_BACKEND, 'backend/.coveragerc': '[run]\nsource = shop\n[report]\nfail_under = 90\n', 'backend/pytest.ini': INI('addopts = --cov'), 'tool.py': CODE,
    },
    measured: [4, 3],
    lastLine: COMMAND_FAILED,
  },
  { name: 'a command that changes the directory, where nothing is configured', testCommand: 'cd backend && python -m pytest', files: { ...IN_BACKEND, 'tool.py': CODE }, measured: [6, 3] },
  {
    name: 'a command that names another configuration of pytest',
    testCommand: 'python -m pytest -c ci/pytest.ini --rootdir=. tests',
    files: { 'ci/pytest.ini': INI('addopts = --cov=shop --cov-config=ci/rc'), 'ci/rc': '[run]\nomit = */extra.py\n[report]\nfail_under = 90\n', 'shop/extra.py': CODE },
    measured: [4, 3],
    lastLine: COMMAND_FAILED,
  },
  {
    name: 'a command that calls a script, which runs coverage',
    testCommand: 'bash run.sh',
    files: { 'run.sh': 'coverage run --source=shop -m pytest; coverage report --fail-under=70\n', 'other.py': CODE },
    measured: [4, 3],
    pythons: ['3.9', '3.13'],
  },
  { name: 'a command that sets PYTHONPATH', testCommand: 'PYTHONPATH=. pytest tests', files: {}, measured: [4, 3], pythons: ['3.9', '3.13'] },
  {
    name: 'a command that runs pytest twice, in several processes',
    testCommand: 'python -m pytest -n 2 tests/test_shop.py\nPYTHONPATH=. pytest -n 2 tests/test_half.py',
    files: { 'tests/test_half.py': 'from shop import half\n\n\ndef test_half():\n    assert half(2) == 1\n' },
    measured: [4, 4],
    minimumCoverage: 100,
  },
  {
    name: 'a command whose tests start pytest',
    testCommand: 'python -m pytest',
    files: { 'tests/test_more.py': 'import os\nimport subprocess\nimport sys\n\n\ndef test_it(tmp_path):\n    (tmp_path / "test_a.py").write_text("def test_a(): pass")\n    env = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}\n    subprocess.run([sys.executable, "-m", "pytest", str(tmp_path)], check=True, env=env)\n' },
    measured: [4, 3],
  },
  { name: 'a command that prints colors and finds no test', testCommand: 'PYTEST_ADDOPTS= python -m pytest --color=yes || true', files: { 'tests/test_shop.py': undefined }, measured: undefined, lastLine: NO_TESTS, stricter: true },
  { name: 'a command of another runner', testCommand: "echo '1 scenario passed, 0 failed, 0 skipped'", files: {}, measured: undefined, log: 'testCommand wrote no report: nothing is known about its tests' },
  { name: 'unittest with no test', testCommand: 'python -m unittest discover -s shop || true', files: {}, measured: undefined, lastLine: NO_TESTS, stricter: true },
  { name: 'unittest with a test', testCommand: 'python -m unittest discover -s tests -t .', files: { 'tests/__init__.py': '', 'tests/test_shop.py': UNITTEST }, measured: undefined, log: 'testCommand wrote no report: nothing is known about its tests' },
];

export const SHAPES: readonly Shape[] = [...CONFIGURED, ...OPTIONS, ...LAYOUTS, ...COMMANDS];
