import { Fn } from 'aws-cdk-lib';
import { bandit, coverage, Gate, pytest } from './gates';
import { quote } from './shell';
import { DeployStageFile } from '../../service/deploy-stage';
import { PythonProjectConfig } from '../python-project';
import { QualityGateOptions } from '../quality-gates';

/** Where the build puts what it hands over, in the source's directory: CodeBuild's paths are relative to it. */
const OUTPUT = '.delivery';
const RELEASE = `${OUTPUT}/release`;
const REPORTS = `${OUTPUT}/reports`;

/** What the build is made of. */
export interface BuildSpecOptions {
  readonly project: PythonProjectConfig;
  readonly gates: QualityGateOptions;
  /** Lines of bash to run before the project is installed. */
  readonly installCommands: string[];
  /** Lines of bash that log in at Docker Hub. */
  readonly dockerHubLogin: string[];
  readonly files: DeployStageFile[];
  readonly repositoryUri: string;
  readonly testReportGroupArn: string;
  readonly coverageReportGroupArn: string;
}

/**
 * The build as data: one phase, in which every gate runs and records its result before one command judges them, and the push comes last.
 *
 * CodeBuild documents one shell for all commands; its own runner starts one for each and carries directory and exports over.
 * So a command of several lines is a subshell with options of its own, and what later ones need is exported outside it.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export function renderBuildSpec(options: BuildSpecOptions): { [key: string]: unknown } {
  const { project, gates } = options;
  const all: Gate[] = [pytest(project, gates), ...coverage(gates), bandit(gates)];
  return {
    version: '0.2',
    env: {
      shell: 'bash',
      variables: {
        PROJECT_DIRECTORY: project.directory,
        PYTHON_VERSION: project.version,
        IMAGE_REPOSITORY: options.repositoryUri,
      },
    },
    phases: {
      install: { 'runtime-versions': { python: project.version } },
      build: {
        commands: [
          ...prepare(options.files),
          ...install(options),
          ...all.map((gate) => block(gate.commands)),
          judge(all),
          ...publish(options),
        ],
        finally: [fillInReports()],
      },
    },
    reports: {
      [options.testReportGroupArn]: { 'base-directory': REPORTS, 'files': ['pytest.xml'], 'file-format': 'JUNITXML' },
      [options.coverageReportGroupArn]: { 'base-directory': REPORTS, 'files': ['coverage.xml'], 'file-format': 'COBERTURAXML' },
    },
    artifacts: {
      'base-directory': RELEASE,
      'files': [...options.files.map(({ path }) => path), 'imageDetail.json'],
    },
  };
}

/** Tests leave files behind, so they get a copy of the source, and the image another that stays as it came. */
function prepare(files: DeployStageFile[]): string[] {
  return [
    'export DELIVERY_HOME="$(mktemp -d)"',
    // pyenv reads a .python-version of the repository before the version that CodeBuild chose
    'export PYENV_VERSION="$(cd / && pyenv version-name 2>/dev/null)"',
    block([
      // a report or an image that the repository holds is none of this build
      `rm -rf "$CODEBUILD_SRC_DIR/${OUTPUT}"`,
      'mkdir "$DELIVERY_HOME/image" "$DELIVERY_HOME/checks" "$DELIVERY_HOME/gates"',
      'cp -a "$CODEBUILD_SRC_DIR/." "$DELIVERY_HOME/image"',
      'cp -a "$CODEBUILD_SRC_DIR/." "$DELIVERY_HOME/checks"',
      `mkdir -p "$CODEBUILD_SRC_DIR/${RELEASE}" "$CODEBUILD_SRC_DIR/${REPORTS}"`,
      // as Base64, so that no quote and no dollar sign of a user's environment reaches the shell
      ...files.map(({ path, content }) => `printf %s ${quote(Fn.base64(content))} | base64 -d > "$CODEBUILD_SRC_DIR/${RELEASE}/${path}"`),
    ]),
  ];
}

function install(options: BuildSpecOptions): string[] {
  const custom = options.installCommands.length > 0 ? [block(['cd "$DELIVERY_HOME/checks/$PROJECT_DIRECTORY"', ...options.installCommands])] : [];
  return [
    ...custom,
    block([
      'cd "$DELIVERY_HOME/checks/$PROJECT_DIRECTORY"',
      'found="$(python -c \'import sys; print("%d.%d" % sys.version_info[:2])\')"',
      'if [ "$found" != "$PYTHON_VERSION" ]; then',
      '  echo "the build image runs Python $found, not $PYTHON_VERSION: choose another buildImage or another version" >&2',
      '  exit 1',
      'fi',
      'python -m venv "$DELIVERY_HOME/venv"',
      'python="$DELIVERY_HOME/venv/bin/python"',
      // the bundle has no .git to read a version from
      '[ -d "$CODEBUILD_SRC_DIR/.git" ] || export SETUPTOOLS_SCM_PRETEND_VERSION="${SETUPTOOLS_SCM_PRETEND_VERSION:-0.0.0}"',
      ...options.project.installCommands,
    ]),
  ];
}

/** The one command that fails for the gates, so that each of them has run and left its report. */
function judge(gates: Gate[]): string {
  return block([
    'failed=0',
    `for gate in ${gates.map(({ name }) => name).join(' ')}; do`,
    '  result="$(cat "$DELIVERY_HOME/gates/$gate" 2>/dev/null || echo "it did not run")"',
    '  if [ "$result" != passed ]; then',
    '    echo "gate $gate: $result" >&2',
    '    failed=1',
    '  fi',
    'done',
    'if [ "$failed" = 1 ]; then',
    '  echo "nothing was pushed: mend the gates above and push again" >&2',
    '  exit 1',
    'fi',
  ]);
}

function publish({ project, dockerHubLogin }: BuildSpecOptions): string[] {
  return [
    // one image for each build, so that a build that is tried again does not meet its own tag in a registry of immutable ones
    'export IMAGE="$IMAGE_REPOSITORY:$(printf %s "${CODEBUILD_RESOLVED_SOURCE_VERSION:-source}" | tr -c "a-zA-Z0-9" - | cut -c 1-12)-$CODEBUILD_BUILD_NUMBER"',
    block([
      'aws ecr get-login-password | docker login --username AWS --password-stdin "${IMAGE_REPOSITORY%%/*}"',
      ...dockerHubLogin,
    ]),
    block([
      'cd "$DELIVERY_HOME/image/$PROJECT_DIRECTORY"',
      `docker build --pull --tag "$IMAGE" --file ${quote(project.dockerfile)} .`,
    ]),
    block([
      'docker push "$IMAGE"',
      'reference="$(docker image inspect --format "{{range .RepoDigests}}{{println .}}{{end}}" "$IMAGE" | grep -F "$IMAGE_REPOSITORY@sha256:")"',
      `printf '{"ImageURI":"%s"}\\n' "\${reference%%$'\\n'*}" > "$CODEBUILD_SRC_DIR/${RELEASE}/imageDetail.json"`,
    ]),
  ];
}

/** A report that is missing fails the upload, and with it hides what went wrong. */
function fillInReports(): string {
  return block([
    `reports="$CODEBUILD_SRC_DIR/${REPORTS}"`,
    'mkdir -p "$reports"',
    'reason="$(tr -d "<>&\\"" 2>/dev/null < "$DELIVERY_HOME/gates/pytest" || echo "the build failed before the tests")"',
    '[ -s "$reports/pytest.xml" ] || printf \'<testsuites><testsuite name="pytest" tests="1" errors="1"><testcase classname="build" name="pytest">'
    + '<error message="%s"/></testcase></testsuite></testsuites>\\n\' "$reason" > "$reports/pytest.xml"',
    '[ -s "$reports/coverage.xml" ] || printf \'<coverage line-rate="0" branch-rate="0" lines-covered="0" lines-valid="0" branches-covered="0" '
    + 'branches-valid="0" complexity="0" version="0" timestamp="0"><sources/><packages/></coverage>\\n\' > "$reports/coverage.xml"',
  ]);
}

/** Several lines as one command. */
function block(lines: string[]): string {
  return ['(', 'set -euo pipefail', ...lines, ')'].join('\n');
}
