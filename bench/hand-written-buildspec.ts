import { Fn } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';

/** What the build needs to know of the stack. */
export interface BuildSpecProps {
  readonly repositoryUri: string;
  readonly testReportsArn: string;
  readonly coverageReportsArn: string;
  readonly appSpec: string;
  readonly taskDefinition: string;
}

/**
 * CDK's own inline buildspec escapes the text inside `Fn::Base64` for the JSON around it, and CodeBuild would decode
 * the escaped text.
 */
export class PlainBuildSpec extends codebuild.BuildSpec {
  public readonly isImmediate = true;

  constructor(private readonly spec: { [key: string]: unknown }) {
    super();
  }

  public toBuildSpec(): string {
    return JSON.stringify(this.spec, null, 2);
  }
}

/**
 * The build of the hand-written stack: what the pattern renders from its options stands here as text, as one writes it
 * for one project.
 */
export function buildSpec(props: BuildSpecProps): { [key: string]: unknown } {
  return {
    version: '0.2',
    env: {
      shell: 'bash',
      variables: { PROJECT_DIRECTORY: '.', PYTHON_VERSION: '3.9', IMAGE_REPOSITORY: props.repositoryUri },
    },
    phases: {
      install: { 'runtime-versions': { python: '3.9' } },
      build: {
        commands: [
          'export DELIVERY_HOME="$(mktemp -d)"',
          'export PYENV_VERSION="$(cd / && pyenv version-name 2>/dev/null)"',
          prepare(props.appSpec, props.taskDefinition),
          INSTALL,
          PYTEST,
          BANDIT,
          JUDGE,
          IMAGE,
          LOGIN,
          BUILD_IMAGE,
          PUSH_IMAGE,
        ],
        finally: [FILL_IN_REPORTS],
      },
    },
    reports: {
      [props.testReportsArn]: { 'base-directory': '.delivery/reports', 'files': ['pytest.xml'], 'file-format': 'JUNITXML' },
      [props.coverageReportsArn]: { 'base-directory': '.delivery/reports', 'files': ['coverage.xml'], 'file-format': 'COBERTURAXML' },
    },
    artifacts: { 'base-directory': '.delivery/release', 'files': ['appspec.yaml', 'taskdef.json', 'imageDetail.json'] },
  };
}

function prepare(appSpec: string, taskDefinition: string): string {
  return `(
set -euo pipefail
cp -a "$CODEBUILD_SRC_DIR" "$DELIVERY_HOME/image"
cp -a "$CODEBUILD_SRC_DIR" "$DELIVERY_HOME/checks"
mkdir -p "$DELIVERY_HOME/gates" "$CODEBUILD_SRC_DIR/.delivery/release" "$CODEBUILD_SRC_DIR/.delivery/reports"
printf %s '${Fn.base64(appSpec)}' | base64 -d > "$CODEBUILD_SRC_DIR/.delivery/release/appspec.yaml"
printf %s '${Fn.base64(taskDefinition)}' | base64 -d > "$CODEBUILD_SRC_DIR/.delivery/release/taskdef.json"
)`;
}

const INSTALL = String.raw`(
set -euo pipefail
cd "$DELIVERY_HOME/checks/$PROJECT_DIRECTORY"
found="$(python -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
if [ "$found" != "$PYTHON_VERSION" ]; then
  echo "the build image runs Python $found, not $PYTHON_VERSION: choose another image or another version" >&2
  exit 1
fi
python -m venv "$DELIVERY_HOME/venv"
python="$DELIVERY_HOME/venv/bin/python"
[ -d "$CODEBUILD_SRC_DIR/.git" ] || export SETUPTOOLS_SCM_PRETEND_VERSION="${'$'}{SETUPTOOLS_SCM_PRETEND_VERSION:-0.0.0}"
installed=no
if [ -f 'requirements.txt' ]; then "$python" -m pip install --requirement 'requirements.txt'; installed=yes; fi
if [ -f 'requirements-dev.txt' ]; then "$python" -m pip install --requirement 'requirements-dev.txt'; installed=yes; fi
if [ -f 'requirements-test.txt' ]; then "$python" -m pip install --requirement 'requirements-test.txt'; installed=yes; fi
if [ -f setup.py ] || grep -qs "^\[build-system\]" pyproject.toml; then
  if [ "$installed" = yes ]; then "$python" -m pip install --no-deps --editable .; else "$python" -m pip install --editable .; fi
  installed=yes
fi
if [ "$installed" = no ]; then
  echo "nothing to install: no requirements file and no build system in pyproject.toml" >&2
  exit 1
fi
constraints="$DELIVERY_HOME/constraints.txt"
"$python" -m pip freeze --exclude-editable > "$constraints"
"$python" -c "import pytest, pytest_cov" 2>/dev/null || "$python" -m pip install --constraint "$constraints" pytest pytest-cov
)`;

const PYTEST = String.raw`(
set -euo pipefail
cd "$DELIVERY_HOME/checks/$PROJECT_DIRECTORY"
python="$DELIVERY_HOME/venv/bin/python"
reports="$CODEBUILD_SRC_DIR/.delivery/reports"
scope=()
while IFS= read -r option; do scope+=("$option"); done < <("$python" - <<'EOF'
import pathlib, coverage
options = coverage.Coverage().config
names = ["src"] if pathlib.Path("src").is_dir() else sorted(
    path.parent.name for path in pathlib.Path().glob("*/__init__.py") if path.parent.name not in ("test", "tests"))
configured = options.source or getattr(options, "source_pkgs", None)
print("--cov" if configured else "\n".join("--cov=" + name for name in names or ["."]))
EOF
)
code=0
timeout -s INT -k 30 2400 "$python" -m pytest --junitxml="$reports/pytest.xml" "${'$'}{scope[@]}" --cov-report=term --cov-report="xml:$reports/coverage.xml" || code=$?
case "$code" in
  0) result=passed ;;
  1) result="a test failed, or the coverage is below the project's own threshold: see the report" ;;
  2) result="the tests could not be collected, or were interrupted: see the log" ;;
  4) result="pytest refused its options: when addopts names a plugin, add it to the requirements" ;;
  5) result="no test was found" ;;
  124) result="the tests took more than 2400 seconds" ;;
  *) result="pytest ended with exit code $code: see the log" ;;
esac
printf '%s\n' "$result" > "$DELIVERY_HOME/gates/pytest"
)`;

const BANDIT = String.raw`(
set -euo pipefail
cd "$DELIVERY_HOME/checks/$PROJECT_DIRECTORY"
newest="$(pyenv versions --bare 2>/dev/null | grep -E "^3\.[0-9.]+$" | sort -V | tail -n 1 || true)"
interpreter=python
[ -z "$newest" ] || interpreter="$(pyenv root)/versions/$newest/bin/python"
tool="$DELIVERY_HOME/bandit"
{ "$interpreter" -m venv "$tool" && "$tool/bin/python" -m pip install --quiet 'bandit[toml]==1.9.4; python_version >= "3.10"' 'bandit[toml]==1.8.6; python_version < "3.10"'; } || {
  printf '%s\n' "bandit could not be installed: see the log" > "$DELIVERY_HOME/gates/bandit"
  exit 0
}
options=(--recursive . --exclude '*/.venv/*,*/venv/*,*/node_modules/*,*/tests/*,*/test/*,*/test_*.py,*/tests.py,*/conftest.py')
[ ! -f pyproject.toml ] || options+=(--configfile pyproject.toml)
"$tool/bin/bandit" "${'$'}{options[@]}" --exit-zero --quiet --format json --output "$tool/findings.json" || true
code=0
"$tool/bin/bandit" "${'$'}{options[@]}" --quiet --severity-level high || code=$?
"$tool/bin/python" - "$tool/findings.json" "$code" > "$DELIVERY_HOME/gates/bandit" <<'EOF' || printf '%s\n' "bandit left no findings to read: see the log" > "$DELIVERY_HOME/gates/bandit"
import json, sys
with open(sys.argv[1]) as findings:
    report = json.load(findings)
unread = ", ".join(error["filename"] for error in report["errors"])
if unread:
    print("bandit could not read " + unread)
elif not report["metrics"]["_totals"]["loc"]:
    print("bandit found no Python code: set the project's directory")
elif sys.argv[2] == "1":
    print("bandit found something of severity high or above: see the log")
elif sys.argv[2] != "0":
    print("bandit ended with exit code " + sys.argv[2] + ": see the log")
else:
    print("passed")
EOF
)`;

const JUDGE = String.raw`(
set -euo pipefail
failed=0
for gate in pytest bandit; do
  result="$(cat "$DELIVERY_HOME/gates/$gate" 2>/dev/null || echo "it did not run")"
  if [ "$result" != passed ]; then
    echo "gate $gate: $result" >&2
    failed=1
  fi
done
if [ "$failed" = 1 ]; then
  echo "nothing was pushed: mend the gates above and push again" >&2
  exit 1
fi
)`;

const IMAGE = 'export IMAGE="$IMAGE_REPOSITORY:$(printf %s "${CODEBUILD_RESOLVED_SOURCE_VERSION:-source}" | tr -c "a-zA-Z0-9" - | cut -c 1-12)'
  + '-$CODEBUILD_BUILD_NUMBER"';

const LOGIN = `(
set -euo pipefail
aws ecr get-login-password | docker login --username AWS --password-stdin "\${IMAGE_REPOSITORY%%/*}"
)`;

const BUILD_IMAGE = `(
set -euo pipefail
cd "$DELIVERY_HOME/image/$PROJECT_DIRECTORY"
docker build --pull --tag "$IMAGE" --file 'Dockerfile' .
)`;

const PUSH_IMAGE = String.raw`(
set -euo pipefail
docker push "$IMAGE"
reference="$(docker image inspect --format "{{range .RepoDigests}}{{println .}}{{end}}" "$IMAGE" | grep -F "$IMAGE_REPOSITORY@sha256:")"
printf '{"ImageURI":"%s"}\n' "${'$'}{reference%%$'\n'*}" > "$CODEBUILD_SRC_DIR/.delivery/release/imageDetail.json"
)`;

const FILL_IN_REPORTS = String.raw`(
set -euo pipefail
reports="$CODEBUILD_SRC_DIR/.delivery/reports"
mkdir -p "$reports"
reason="$(tr -d "<>&\"" < "$DELIVERY_HOME/gates/pytest" 2>/dev/null || echo "the build failed before the tests")"
[ -s "$reports/pytest.xml" ] || printf '<testsuites><testsuite name="pytest" tests="1" errors="1"><testcase classname="build" name="pytest"><error message="%s"/></testcase></testsuite></testsuites>\n' "$reason" > "$reports/pytest.xml"
[ -s "$reports/coverage.xml" ] || printf '<coverage line-rate="0" branch-rate="0" lines-covered="0" lines-valid="0" branches-covered="0" branches-valid="0" complexity="0" version="0" timestamp="0"><sources/><packages/></coverage>\n' > "$reports/coverage.xml"
)`;
