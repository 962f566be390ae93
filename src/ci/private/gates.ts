import { DependencyAuditConfig } from '../dependency-audit';
import { PythonProjectConfig } from '../python-project-options';
import { FindingSeverity, QualityGateOptions } from '../quality-gates';
import { quote, shellFunction } from './shell';
import { BANDIT, CYCLONEDX, PIP_AUDIT } from './tools';

/** Tests end before the project's own timeout does, with an interrupt: then pytest still writes its report. */
const TEST_SECONDS = 2400;

/** Globs, since the paths begin with `./` and plain names would exclude nothing. */
const BANDIT_EXCLUDED = ['.venv', 'venv', 'node_modules', 'tests', 'test'].map((name) => `*/${name}/*`)
  .concat(['*/test_*.py', '*/tests.py', '*/conftest.py']).join(',');

/** A check of the build: a function of the shell that leaves `passed` or what to do. */
export interface Gate {
  readonly name: string;
  readonly lines: string[];
}

/** How the tests are run. */
export interface TestOptions {
  readonly project: PythonProjectConfig;
  readonly gates: QualityGateOptions;
  readonly testCommand?: string;
}

export function pytest(options: TestOptions): Gate {
  const { testCommand, gates } = options;
  return {
    name: 'pytest',
    lines: shellFunction('check_pytest', [
      'gate=pytest code=0',
      'cd "$DELIVERY_HOME/checks/$PROJECT_DIRECTORY"',
      'export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH"',
      ...coverageScope(),
      ...(testCommand === undefined ? runPytest(options) : runCommand(testCommand)),
      // the sources of the report are those of the repository
      '[ ! -f "$reports/coverage.xml" ] || sed -i "s#$DELIVERY_HOME/checks/\\{0,1\\}##" "$reports/coverage.xml"',
      'case "$code" in',
      ...testCommand === undefined ? judgePytest(gates) : judgeCommand(),
      'esac',
      'explain "$result"',
    ]),
  };
}

/** The options of ours; the last one on a command line wins over the project's own `addopts`, and coverage adds up. */
function pytestOptions({ minimumCoverage }: QualityGateOptions): string {
  // without a threshold of ours the project's own decides
  return `--cov-report=term${minimumCoverage === undefined ? '' : ' --cov-fail-under=0'}`;
}

function runPytest({ project, gates }: TestOptions): string[] {
  const target = project.testDirectory === undefined ? '' : ` ${quote(project.testDirectory)}`;
  return [
    `timeout -s INT -k 30 ${TEST_SECONDS} "$python" -m pytest${target} --junitxml="$reports/pytest.xml" "\${scope[@]}" `
    + `${pytestOptions(gates)} --cov-report="xml:$reports/coverage.xml" || code=$?`,
  ];
}

function runCommand(testCommand: string): string[] {
  return [
    'export JUNIT_REPORT="$reports/pytest.xml" COVERAGE_REPORT="$reports/coverage.xml"',
    // for a command that ends in pytest; tox passes it on when told to
    'export PYTEST_ADDOPTS="--junitxml=\'$JUNIT_REPORT\' ${scope[*]} --cov-report=term --cov-report=\'xml:$COVERAGE_REPORT\'"',
    `timeout -s INT -k 30 ${TEST_SECONDS} bash -euo pipefail -c ${quote(testCommand)} || code=$?`,
    '[ -s "$COVERAGE_REPORT" ] || [ ! -f .coverage ] || "$python" -m coverage xml -q -o "$COVERAGE_REPORT" || true',
  ];
}

function judgePytest({ allowNoTests }: QualityGateOptions): string[] {
  return [
    // tests that end the process as if all were well end pytest before it has judged them
    '  0) if [ -s "$reports/pytest.xml" ]; then result=passed; else result="pytest ended without a report: see the log"; fi ;;',
    '  1) result="a test failed, or the coverage is below the project\'s own threshold: see the report" ;;',
    '  2) result="the tests could not be collected, or were interrupted: see the log" ;;',
    '  4) result="pytest refused its options: when addopts names a plugin, add it by extraTestPackages" ;;',
    `  5) result=${allowNoTests ? 'passed' : '"no test was found: set testDirectory, or allowNoTests"'} ;;`,
    `  124) result="the tests took more than ${TEST_SECONDS} seconds: make them faster, or split them" ;;`,
    '  *) result="pytest ended with exit code $code: see the log" ;;',
  ];
}

function judgeCommand(): string[] {
  return [
    '  0) result=passed ;;',
    `  124) result="testCommand took more than ${TEST_SECONDS} seconds: make the tests faster, or split them" ;;`,
    '  *) result="testCommand ended with exit code $code: see the log" ;;',
  ];
}

export function coverage({ minimumCoverage }: QualityGateOptions): Gate[] {
  if (minimumCoverage === undefined) { return []; }
  return [{
    name: 'coverage',
    lines: shellFunction('check_coverage', [
      'gate=coverage code=0',
      'cd "$DELIVERY_HOME/checks/$PROJECT_DIRECTORY"',
      `"$python" -m coverage report --skip-covered --fail-under=${minimumCoverage} || code=$?`,
      'case "$code" in',
      '  0) explain passed ;;',
      `  2) explain "the coverage is below ${minimumCoverage} percent: test what the report names" ;;`,
      '  *) explain "the coverage could not be measured: see the log" ;;',
      'esac',
    ]),
  }];
}

export function bandit({ banditSeverity = FindingSeverity.HIGH }: QualityGateOptions): Gate {
  return {
    name: 'bandit',
    lines: shellFunction('check_bandit', [
      'gate=bandit',
      'explain "~bandit could not run: see the log"',
      // the copy that no test writes to
      'cd "$DELIVERY_HOME/image/$PROJECT_DIRECTORY"',
      // what is given replaces the list of a .bandit file
      'own="$(sed -n "s/^ *exclude *[=:] *//p" .bandit 2>/dev/null || true)"',
      `options=(--recursive . --quiet --exit-zero --exclude ${quote(BANDIT_EXCLUDED)}"\${own:+,$own}")`,
      '[ ! -f pyproject.toml ] || options+=(--configfile pyproject.toml)',
      `tool '${BANDIT}' bandit "\${options[@]}" --format json --output "$reports/bandit.json"`,
      `tool '${BANDIT}' bandit "\${options[@]}" --format sarif --output "$reports/bandit.sarif"`,
      `judge bandit "$reports/bandit.json" ${banditSeverity.level.toUpperCase()}`,
    ]),
  };
}

export function audit(config: DependencyAuditConfig | undefined, ignored: string[]): Gate[] {
  if (!config) { return []; }
  return [{
    name: 'audit',
    lines: shellFunction('check_audit', [
      'gate=audit',
      'explain "~pip-audit could not run: see the log"',
      // its exit code is the same for a finding and for a source that is away, so its report decides
      `tool ${PIP_AUDIT} pip-audit --requirement "$DELIVERY_HOME/production.txt" --no-deps --disable-pip --progress-spinner off `
      + `${config.arguments.map(quote).join(' ')} --format json --output "$reports/audit.json" || true`,
      ['judge audit "$reports/audit.json"', config.whenUnaudited, ...ignored.map(quote)].join(' '),
    ]),
  }];
}

export function sbom({ sbom: wanted = true }: QualityGateOptions): Gate[] {
  if (!wanted) { return []; }
  return [{
    name: 'sbom',
    lines: shellFunction('check_sbom', [
      'gate=sbom',
      'explain "~the bill of materials could not be written: see the log"',
      `tool ${CYCLONEDX} cyclonedx-py requirements "$DELIVERY_HOME/production.txt" --output-file "$reports/sbom.json"`,
      'explain passed',
    ]),
  }];
}

/**
 * Coverage of what: the project's own choice, else its `src`, else the packages beside the tests.
 *
 * A bare `--cov` would count the tests themselves.
 */
function coverageScope(): string[] {
  return [
    'scope=()',
    'while IFS= read -r option; do scope+=("$option"); done < <("$python" - <<\'EOF\'',
    'import pathlib, coverage',
    'options = coverage.Coverage().config',
    'names = ["src"] if pathlib.Path("src").is_dir() else sorted(',
    '    path.parent.name for path in pathlib.Path().glob("*/__init__.py") if path.parent.name not in ("test", "tests"))',
    'configured = options.source or getattr(options, "source_pkgs", None)',
    'print("--cov" if configured else "\\n".join("--cov=" + name for name in names or ["."]))',
    'EOF',
    ')',
  ];
}

