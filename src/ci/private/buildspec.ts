import { BuildProgram } from './build-program';
import { normalizePath, withDirectory } from './project-validation';
import { digestOf, RELEASE_DIGEST } from './release-digest';
import { ProgramOptions, renderSettings, UV_VERSION } from './settings';
import { quote } from './shell';
import { writeFile, writeSettings } from '../../private/delivered-files';
import { DeployStageFile } from '../../service/api';
import { PythonProjectConfig } from '../python-project-options';

/** The directory of the build's output, in the source's directory, since CodeBuild's paths are relative to it. */
const OUTPUT = '.delivery';

/**
 * Downloads the program, and compares its SHA-256.
 *
 * Without its program, the build still says why it failed in its last line: a replacement of the program, which
 * `finally` calls, writes that line.
 */
function fetchProgram({ object, sha256 }: BuildProgram): string[] {
  return [
    'program="$DELIVERY_HOME/program.sh"',
    'refuse() {',
    '  printf \'echo %q\\nexit 1\\n\' "the build failed and released nothing: program: $1" > "$program"',
    '  exit 1',
    '}',
    `object='${object}'`,
    'aws s3 cp --only-show-errors "s3://$object" - > "$program" || refuse "s3://$object could not be read: see the error above"',
    `[ "$(sha256sum < "$program")" = '${sha256}  -' ] || refuse "s3://$object was changed: delete it, and deploy the stack again"`,
  ];
}

/** The content of the buildspec. */
export interface BuildSpecOptions extends ProgramOptions {
  /** The Python version that CodeBuild activates. */
  readonly runtimeVersion: string;
  readonly program: BuildProgram;
  readonly files: DeployStageFile[];
  readonly repositoryUri: string;
  readonly artifactBucketName: string;
  readonly testReportGroupArn: string;
  readonly coverageReportGroupArn: string;
  /** The beginning of the image tag. */
  readonly imageTagPrefix?: string;
  /** Whether a later action compares the release with its digest. */
  readonly exportsDigest: boolean;
}

/** The names of the files in the artifact of the build. */
export function releaseFilesOf(files: DeployStageFile[]): string[] {
  return [...files.map((file) => file.path), 'imageDetail.json'];
}

/**
 * The buildspec. In its only phase, every gate runs and records its result, one command evaluates the results, and the
 * push comes last.
 *
 * Variables for later commands are exported outside of the subshell and the program. CodeBuild documents one shell for
 * all commands, but its own runner starts one for each, and passes on the directory and the exports.
 *
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export function renderBuildSpec(options: BuildSpecOptions): { [key: string]: unknown } {
  return {
    version: '0.2',
    env: { 'shell': 'bash', 'variables': variables(options), 'exported-variables': ['IMAGE_DIGEST', ...(options.exportsDigest ? [RELEASE_DIGEST] : [])] },
    phases: {
      install: { 'runtime-versions': { python: options.runtimeVersion } },
      build: {
        commands: [
          ...prepare(options),
          ...['end_repetition', 'check', 'judge_gates', 'push'].map(call),
          'export IMAGE_DIGEST="$(docker image inspect --format "{{range .RepoDigests}}{{println .}}{{end}}" "$IMAGE" '
          + '| grep -F "$IMAGE_REPOSITORY@sha256:" | head -n 1 | cut -d @ -f 2)"',
          call('finish'),
          ...(options.exportsDigest ? [exportDigest(options)] : []),
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
      'files': releaseFilesOf(options.files),
    },
    ...(options.cached && { cache: cache(options) }),
  };
}

/** Exported after it is set, because `export` would hide a failure. */
function exportDigest({ files }: BuildSpecOptions): string {
  const digest = `set -o pipefail; cd "$CODEBUILD_SRC_DIR/${OUTPUT}/release" && ${digestOf(releaseFilesOf(files))}`;
  return `${RELEASE_DIGEST}="$(${digest})" && export ${RELEASE_DIGEST}`;
}

function variables({ project, repositoryUri, artifactBucketName }: BuildSpecOptions): { [name: string]: string } {
  const { indexUrl } = project;
  return {
    PROJECT_DIRECTORY: project.directory,
    IMAGE_REPOSITORY: repositoryUri,
    ARTIFACT_BUCKET: artifactBucketName,
    DOCKER_BUILDKIT: '1',
    // an attestation would be a second manifest, which the scan and the lifecycle rule treat as an image
    BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
    // each tool reads another variable
    ...(indexUrl !== undefined
      && { PIP_INDEX_URL: indexUrl, UV_DEFAULT_INDEX: indexUrl, POETRY_PYPI_MIRROR_URL: indexUrl }),
  };
}

/** Cache entries are never overwritten. A changed lock file gets a new entry, which starts from the previous one. */
function cache({ project, runtimeVersion }: BuildSpecOptions): { [key: string]: unknown } {
  const { pythonVersion, uvVersion = UV_VERSION, lockFiles } = project;
  // the build chooses the version from the project's files, whose content is therefore in the key
  const chosen = pythonVersion === undefined ? versionFiles(project) : [];
  const prefix = `python${runtimeVersion}-${pythonVersion === undefined ? 'default-' : ''}uv${uvVersion}-`;
  return {
    'key': `${prefix}$(codebuild-hash-files ${[...new Set([...lockFiles, ...chosen])].map(quote).join(' ')})`,
    'fallback-keys': [prefix],
    'paths': [`${OUTPUT}/cache/downloads.tar`],
  };
}

/** The files that the program chooses the Python version from. */
function versionFiles({ directory }: PythonProjectConfig): string[] {
  // a project of the user's own may name it in another way
  const above = normalizePath(directory).split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
  return [
    ...withDirectory(directory, ['pyproject.toml', 'setup.*']),
    ...new Set(['.', ...above].flatMap((place) => withDirectory(place, ['.python-version', 'uv.lock']))),
  ];
}

/** Tests write files, so they run in one copy of the source. The image is built from another, unchanged copy. */
function prepare(options: BuildSpecOptions): string[] {
  return [
    'export DELIVERY_HOME="$(mktemp -d)"',
    // pyenv reads a .python-version of the repository before the version that CodeBuild chose
    'export PYENV_VERSION="$(cd / && pyenv version-name 2>/dev/null)"',
    // A tag for each build, because tags can be immutable. Another build project of the repository can have the same
    // number for the same commit, as can this project after it was created again, so the end is from the build's UUID.
    `export IMAGE="$IMAGE_REPOSITORY:${options.imageTagPrefix ?? ''}$(printf %s "\${CODEBUILD_RESOLVED_SOURCE_VERSION:-source}" | tr -dc "a-zA-Z0-9" | cut -c 1-12)-$CODEBUILD_BUILD_NUMBER-\${CODEBUILD_BUILD_ID: -12}"`,
    [
      '(',
      'set -euo pipefail',
      `output="$CODEBUILD_SRC_DIR/${OUTPUT}"`,
      // the repository may contain reports or artifacts of another build
      'rm -rf "$output"/{release,reports}',
      'mkdir -p "$output"/{release,reports} "$DELIVERY_HOME"/{image,checks,gates,logs,cache}',
      ...options.files.map((file) => writeFile(file.content, `$output/release/${file.path}`)),
      ...userFiles(options),
      ...fetchProgram(options.program),
      ...writeSettings(renderSettings(options)),
      call('unpack'),
      `for copy in image checks; do tar -C "$CODEBUILD_SRC_DIR" --exclude ./${OUTPUT} -cf - . | tar -C "$DELIVERY_HOME/$copy" -xf -; done`,
      ')',
    ].join('\n'),
  ];
}

/** The user's commands, in separate files: the program must be able to report a syntax error in them. */
function userFiles({ installCommands, testCommand }: BuildSpecOptions): string[] {
  return [
    ...(installCommands.length > 0 ? [writeFile(`${installCommands.join('\n')}\n`, '$DELIVERY_HOME/install-commands.sh')] : []),
    ...(testCommand === undefined ? [] : [writeFile(`${testCommand}\n`, '$DELIVERY_HOME/test-command.sh')]),
  ];
}

/** A command that calls a function of the program. */
function call(name: string): string {
  return `bash "$DELIVERY_HOME/program.sh" ${name}`;
}
