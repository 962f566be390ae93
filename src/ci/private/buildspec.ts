import { Fn } from 'aws-cdk-lib';
import { audit, bandit, coverage, Gate, pytest, sbom } from './gates';
import { image, publishCommands, publishing } from './image';
import { JUDGE } from './judge';
import { block, call, PROGRAM, quote, shellFunction } from './shell';
import { BASICS, TOOLS_KEY } from './tools';
import { conclude, endRepetition, judgeGates } from './verdict';
import { DeployStageFile } from '../../service/deploy-stage';
import { DependencyAuditConfig } from '../dependency-audit';
import { DockerHubCredentialsConfig } from '../docker-hub-credentials';
import { PythonProjectConfig } from '../python-project-options';
import { QualityGateOptions } from '../quality-gates';

/** Where the build puts what it hands over, in the source's directory: CodeBuild's paths are relative to it. */
const OUTPUT = '.delivery';

/** What the build is made of. */
export interface BuildSpecOptions {
  readonly project: PythonProjectConfig;
  readonly gates: QualityGateOptions;
  /** Undefined when nothing is audited. */
  readonly audit?: DependencyAuditConfig;
  /** Lines of bash to run before the project is installed. */
  readonly installCommands: string[];
  readonly testCommand?: string;
  readonly dockerHub?: DockerHubCredentialsConfig;
  /** Whether downloads and layers of earlier builds are used again. */
  readonly cached: boolean;
  readonly files: DeployStageFile[];
  readonly repositoryUri: string;
  readonly artifactBucketName: string;
  readonly testReportGroupArn: string;
  readonly coverageReportGroupArn: string;
}

/**
 * The build as data: one phase, in which every gate runs and records its result before one command judges them, and the push comes last.
 *
 * What later commands need is exported outside the subshells: CodeBuild documents one shell for all commands,
 * and its own runner starts one for each and carries directory and exports over.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export function renderBuildSpec(options: BuildSpecOptions): { [key: string]: unknown } {
  const { project, gates } = options;
  const checks: Checks = {
    image: image(options),
    bandit: bandit(gates),
    afterInstallation: [...audit(options.audit, gates.ignoredVulnerabilities ?? []), ...sbom(gates)],
    tests: [pytest(options), ...coverage(gates)],
  };
  return {
    version: '0.2',
    env: { 'shell': 'bash', 'variables': variables(options), 'exported-variables': ['IMAGE_DIGEST'] },
    phases: {
      install: { 'runtime-versions': { python: project.version } },
      build: {
        commands: [
          ...prepare(options.files, program(options, checks)),
          call('end_repetition'),
          call('check'),
          call('judge_gates'),
          ...publishCommands(gates),
        ],
        finally: [call('conclude')],
      },
    },
    reports: {
      [options.testReportGroupArn]: { 'base-directory': `${OUTPUT}/reports`, 'files': ['pytest.xml'], 'file-format': 'JUNITXML' },
      [options.coverageReportGroupArn]: { 'base-directory': `${OUTPUT}/reports`, 'files': ['coverage.xml'], 'file-format': 'COBERTURAXML' },
    },
    artifacts: {
      'base-directory': `${OUTPUT}/release`,
      'files': [...options.files.map(({ path }) => path), 'imageDetail.json'],
    },
    ...(options.cached && { cache: cache(project) }),
  };
}

function variables({ project, repositoryUri, artifactBucketName }: BuildSpecOptions): { [name: string]: string } {
  const { indexUrl } = project;
  return {
    PROJECT_DIRECTORY: project.directory,
    PYTHON_VERSION: project.version,
    IMAGE_REPOSITORY: repositoryUri,
    ARTIFACT_BUCKET: artifactBucketName,
    DOCKER_BUILDKIT: '1',
    // an attestation would be pushed as another manifest, which the scan and the lifecycle rule count as an image
    BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
    // each tool has its own name for it
    ...(indexUrl !== undefined && { PIP_INDEX_URL: indexUrl, UV_DEFAULT_INDEX: indexUrl, POETRY_PYPI_MIRROR_URL: indexUrl }),
  };
}

interface Checks {
  readonly image: Gate;
  readonly bandit: Gate;
  /** What needs the list of dependencies. */
  readonly afterInstallation: Gate[];
  readonly tests: Gate[];
}

function allOf(checks: Checks): Gate[] {
  return [...checks.tests, checks.bandit, ...checks.afterInstallation, checks.image];
}

/** An entry is never overwritten; another lock file, another one, which begins with the one before. */
function cache({ version, lockFiles }: PythonProjectConfig): { [key: string]: unknown } {
  const prefix = `python${version}-${TOOLS_KEY}-`;
  return {
    'key': `${prefix}$(codebuild-hash-files ${lockFiles.map(quote).join(' ')})`,
    'fallback-keys': [prefix],
    'paths': [`${OUTPUT}/cache/**/*`],
  };
}

/** The functions that the commands call. */
function program(options: BuildSpecOptions, checks: Checks): string[] {
  return [
    ...BASICS,
    ...endRepetition(),
    ...shellFunction('install', install(options)),
    ...allOf(checks).flatMap(({ lines }) => lines),
    ...shellFunction('check', check(checks)),
    ...judgeGates(['install', ...allOf(checks).map(({ name }) => name)]),
    ...publishing(options.gates, options.cached),
    ...conclude(),
  ];
}

/** Tests leave files behind, so they get a copy of the source, and the image another that stays as it came. */
function prepare(files: DeployStageFile[], lines: string[]): string[] {
  return [
    'export DELIVERY_HOME="$(mktemp -d)"',
    // pyenv reads a .python-version of the repository before the version that CodeBuild chose
    'export PYENV_VERSION="$(cd / && pyenv version-name 2>/dev/null)"',
    // one image for each build, so that a build that is tried again does not meet its own tag in a registry of immutable ones
    'export IMAGE="$IMAGE_REPOSITORY:$(printf %s "${CODEBUILD_RESOLVED_SOURCE_VERSION:-source}" | tr -c "a-zA-Z0-9" - | cut -c 1-12)-$CODEBUILD_BUILD_NUMBER"',
    block([
      `output="$CODEBUILD_SRC_DIR/${OUTPUT}"`,
      // a report or an image that the repository holds is none of this build
      'rm -rf "$output/release" "$output/reports"',
      'mkdir -p "$output/release" "$output/reports" "$output/cache" "$DELIVERY_HOME/image" "$DELIVERY_HOME/checks" "$DELIVERY_HOME/gates" "$DELIVERY_HOME/logs"',
      // as Base64, so that no quote and no dollar sign of a user's environment reaches the shell
      ...files.map(({ path, content }) => `printf %s ${quote(Fn.base64(content))} | base64 -d > "$output/release/${path}"`),
      ...document('"$DELIVERY_HOME/judge.py"', JUDGE.trimEnd().split('\n')),
      ...document(PROGRAM, lines),
      `for copy in image checks; do tar -C "$CODEBUILD_SRC_DIR" --exclude ./${OUTPUT} -cf - . | tar -C "$DELIVERY_HOME/$copy" -xf -; done`,
    ]),
  ];
}

/** Lines as a file; its end is a line that none of them is. */
function document(path: string, lines: string[]): string[] {
  return [`cat > ${path} <<'END OF FILE'`, ...lines, 'END OF FILE'];
}

/**
 * All checks at once, as far as they do not need each other, in one command: what runs beside it must end with it.
 *
 * A function that runs beside the others ends at its first failure; called with `||` it would not. The tests are not run that way:
 * a shell lets what runs beside it ignore the interrupt that ends tests in time.
 */
function check({ image: { name: imageName }, bandit: { name: banditName }, afterInstallation, tests }: Checks): string[] {
  return [
    'beside() { "check_$1" > "$logs/$1" 2>&1 & jobs+=("$1:$!"); }',
    'jobs=()',
    'find_pythons',
    // the bundle has no .git to read a version from
    '[ -d "$CODEBUILD_SRC_DIR/.git" ] || export SETUPTOOLS_SCM_PRETEND_VERSION="${SETUPTOOLS_SCM_PRETEND_VERSION:-0.0.0}"',
    `beside ${imageName}`,
    'prepare_tools &',
    'if wait "$!"; then',
    `beside ${banditName}`,
    '{ install 2>&1 | tee "$logs/install"; } &',
    'if wait "$!"; then',
    ...afterInstallation.map(({ name }) => `beside ${name}`),
    ...tests.map(({ name }) => `check_${name}`),
    'else',
    ...explainInstallation(),
    'fi',
    'fi',
    'for job in "${jobs[@]}"; do',
    'wait "${job#*:}" || true',
    'echo "== ${job%%:*}"',
    'cat "$logs/${job%%:*}"',
    'done',
  ];
}

function install({ project, installCommands }: BuildSpecOptions): string[] {
  return [
    'gate=install',
    'cd "$DELIVERY_HOME/checks/$PROJECT_DIRECTORY"',
    'found="$("$interpreter" -c "import sys; print(\'%d.%d\' % sys.version_info[:2])")"',
    'explain "the build image runs Python $found, not $PYTHON_VERSION: choose another buildImage or another version"',
    '[ "$found" = "$PYTHON_VERSION" ]',
    ...(installCommands.length > 0 ? ['explain "a command of installCommands failed: see the log"', '(', ...installCommands, ')'] : []),
    'explain "~the project could not be installed: see the log"',
    '"$uv" venv --quiet --seed --python "$interpreter" "$venv"',
    // pip and its like are there for scripts that want them, and are none of the project's dependencies
    'seeded="$("$uv" pip freeze --quiet --python "$python")"',
    'installed() { "$uv" pip freeze --quiet --python "$python" --exclude-editable | grep -vxF "$seeded" || true; }',
    ...project.installCommands,
    'explain passed',
  ];
}

/** What tools say of a failed installation, and what helps. */
const EXPLANATIONS: { [pattern: string]: string } = {
  'DO NOT MATCH THE HASHES|[Hh]ash mismatch': 'the hashes of the requirements are those of another Python or platform: name a file for the tests by requirementsFiles',
  'changed significantly since|poetry.lock .*out of date': 'poetry.lock is out of date: run poetry lock and commit it',
  'Multiple top-level packages': 'setuptools found several packages: name them in pyproject.toml, or remove its build-system',
};

function explainInstallation(): string[] {
  return ['gate=install', ...Object.entries(EXPLANATIONS).map(([pattern, text]) => `! grep -Eq ${quote(pattern)} "$logs/install" || explain ${quote(text)}`)];
}
