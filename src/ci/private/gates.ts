import { quote } from './shell';
import { PythonProjectConfig } from '../python-project';
import { FindingSeverity, QualityGateOptions } from '../quality-gates';

/** Tests end before the project's own timeout does, with an interrupt: then pytest still writes its report. */
const TEST_SECONDS = 2400;

/** bandit reads no syntax newer than its own interpreter, so it runs on the newest one of the image; the last version for 3.9 is the older one. */
const BANDIT = ['bandit[toml]==1.9.4; python_version >= "3.10"', 'bandit[toml]==1.8.6; python_version < "3.10"'];

/** Globs, since the paths begin with `./` and plain names would exclude nothing. */
const BANDIT_EXCLUDED = ['.venv', 'venv', 'node_modules', 'tests', 'test'].map((name) => `*/${name}/*`)
  .concat(['*/test_*.py', '*/tests.py', '*/conftest.py']).join(',');

/** A check of the build that records `passed` or what to do, and never ends the build itself. */
export interface Gate {
  readonly name: string;
  readonly commands: string[];
}

export function pytest(project: PythonProjectConfig, gates: QualityGateOptions): Gate {
  const name = 'pytest';
  // without a threshold of ours the project's own decides
  const threshold = gates.minimumCoverage === undefined ? '' : ' --cov-fail-under=0';
  const target = project.testDirectory === undefined ? '' : ` ${quote(project.testDirectory)}`;
  return {
    name,
    commands: [
      ...enterChecks(),
      ...coverageScope(),
      'code=0',
      `timeout -s INT -k 30 ${TEST_SECONDS} "$python" -m pytest${target} --junitxml="$reports/pytest.xml" "\${scope[@]}" `
      + `--cov-report=term --cov-report="xml:$reports/coverage.xml"${threshold} || code=$?`,
      'case "$code" in',
      // tests that end the process as if all were well end pytest before it has judged them
      '  0) if [ -s "$reports/pytest.xml" ]; then result=passed; else result="pytest ended without a report: see the log"; fi ;;',
      '  1) result="a test failed, or the coverage is below the project\'s own threshold: see the report" ;;',
      '  2) result="the tests could not be collected, or were interrupted: see the log" ;;',
      '  4) result="pytest refused its options: when addopts names a plugin, add it by extraTestPackages" ;;',
      `  5) result=${gates.allowNoTests ? 'passed' : '"no test was found: set testDirectory, or allowNoTests"'} ;;`,
      `  124) result="the tests took more than ${TEST_SECONDS} seconds" ;;`,
      '  *) result="pytest ended with exit code $code: see the log" ;;',
      'esac',
      record(name, '"$result"'),
    ],
  };
}

export function coverage({ minimumCoverage }: QualityGateOptions): Gate[] {
  if (minimumCoverage === undefined) { return []; }
  const name = 'coverage';
  return [{
    name,
    commands: [
      ...enterChecks(),
      'code=0',
      `"$python" -m coverage report --skip-covered --fail-under=${minimumCoverage} || code=$?`,
      'case "$code" in',
      '  0) result=passed ;;',
      `  2) result="the coverage is below ${minimumCoverage} percent: see the report" ;;`,
      '  *) result="the coverage could not be measured: see the log" ;;',
      'esac',
      record(name, '"$result"'),
    ],
  }];
}

export function bandit({ banditSeverity = FindingSeverity.HIGH }: QualityGateOptions): Gate {
  const name = 'bandit';
  return {
    name,
    commands: [
      ...enterChecks(),
      'newest="$(pyenv versions --bare 2>/dev/null | grep -E "^3\\.[0-9.]+$" | sort -V | tail -n 1 || true)"',
      'interpreter=python',
      '[ -z "$newest" ] || interpreter="$(pyenv root)/versions/$newest/bin/python"',
      'tool="$DELIVERY_HOME/bandit"',
      `{ "$interpreter" -m venv "$tool" && "$tool/bin/python" -m pip install --quiet ${BANDIT.map(quote).join(' ')}; } || {`,
      `  ${record(name, '"bandit could not be installed: see the log"')}`,
      '  exit 0',
      '}',
      `options=(--recursive . --exclude ${quote(BANDIT_EXCLUDED)})`,
      '[ ! -f pyproject.toml ] || options+=(--configfile pyproject.toml)',
      '"$tool/bin/bandit" "${options[@]}" --exit-zero --quiet --format json --output "$tool/findings.json" || true',
      'code=0',
      `"$tool/bin/bandit" "\${options[@]}" --quiet --severity-level ${banditSeverity.level} || code=$?`,
      // bandit passes when it scanned nothing and skips what it cannot parse, so its own figures decide
      `"$tool/bin/python" - "$tool/findings.json" "$code" > "$DELIVERY_HOME/gates/${name}" <<'EOF' || ${record(name, '"bandit left no findings to read: see the log"')}`,
      ...judgeBandit(banditSeverity.level),
      'EOF',
    ],
  };
}

function judgeBandit(level: string): string[] {
  return [
    'import json, sys',
    'with open(sys.argv[1]) as findings:',
    '    report = json.load(findings)',
    'unread = ", ".join(error["filename"] for error in report["errors"])',
    'if unread:',
    '    print("bandit could not read " + unread)',
    'elif not report["metrics"]["_totals"]["loc"]:',
    '    print("bandit found no Python code: set the project\'s directory")',
    'elif sys.argv[2] == "1":',
    `    print("bandit found something of severity ${level} or above: see the log")`,
    'elif sys.argv[2] != "0":',
    '    print("bandit ended with exit code " + sys.argv[2] + ": see the log")',
    'else:',
    '    print("passed")',
  ];
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

function enterChecks(): string[] {
  return [
    'cd "$DELIVERY_HOME/checks/$PROJECT_DIRECTORY"',
    'python="$DELIVERY_HOME/venv/bin/python"',
    'reports="$CODEBUILD_SRC_DIR/.delivery/reports"',
  ];
}

function record(name: string, result: string): string {
  return `printf '%s\\n' ${result} > "$DELIVERY_HOME/gates/${name}"`;
}
