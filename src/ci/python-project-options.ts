import { BindOptions } from '../bind-options';
import { BuildSecret, BuildSecretConfig } from './build-secret';

/**
 * Options of every Python project.
 */
export interface PythonProjectOptions {
  /**
   * The Python version that the build uses to install the project and to run its tests, such as `3.12`.
   *
   * The build image must provide this version. Synth fails if the library knows that the image does not provide it.
   * Synth emits a warning for a version that has reached its end of life. The Dockerfile chooses the Python version
   * that the application runs on.
   *
   * @default - the version in `.python-version`; otherwise 3.9 if `requires-python` allows it, or else the lowest
   * version of the build image that it allows
   */
  readonly pythonVersion?: string;

  /**
   * The project's directory in the repository.
   *
   * @default '.'
   */
  readonly directory?: string;

  /**
   * The directory or file of the tests, relative to the project's directory.
   *
   * @default - pytest searches as the project's own configuration says
   */
  readonly testDirectory?: string;

  /**
   * The path of the Dockerfile, relative to the project's directory.
   *
   * @default 'Dockerfile'
   */
  readonly dockerfile?: string;

  /**
   * The build context of the image, a directory in the repository.
   *
   * @default - the project's directory
   */
  readonly imageContext?: string;

  /**
   * The stage of the Dockerfile that becomes the image. Docker calls it the target.
   *
   * The build fails if the Dockerfile has no such stage.
   *
   * @default - the last stage
   * @see https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage
   */
  readonly imageTarget?: string;

  /**
   * Build arguments of the image. They must not contain secrets, since they stay in the image.
   *
   * The values reach Docker as they are: the build expands no variables. It always passes the commit, or the version of
   * an S3 object, as `SOURCE_VERSION`.
   *
   * @default - only `SOURCE_VERSION`
   * @see https://docs.docker.com/build/building/variables/#arg-usage-example
   */
  readonly buildArguments?: { [name: string]: string };

  /**
   * Secrets that the Dockerfile mounts while it is built, by their ids, such as
   * `{ pip_conf: BuildSecret.fromSecret(secret) }` for `RUN --mount=type=secret,id=pip_conf`.
   *
   * Docker does not build a layer of its cache again because a secret has changed.
   *
   * @default - none
   * @see https://docs.docker.com/build/building/secrets/
   */
  readonly buildSecrets?: { [name: string]: BuildSecret };

  /**
   * Extras of the project to install, from its `pyproject.toml`. The dependency audit and the SBOM treat them as
   * dependencies of the image. An empty list installs none.
   *
   * @default - the extras `test`, `tests` and `dev`, where declared, for the tests only; none beside requirements files
   */
  readonly extras?: string[];

  /**
   * Dependency groups to install in addition to the default groups of uv and Poetry. With Pipenv, these are categories
   * of the Pipfile. An empty list installs no others.
   *
   * @default - the groups `test`, `tests` and `dev`, where declared; none beside requirements files
   * @see https://packaging.python.org/en/latest/specifications/dependency-groups/
   */
  readonly groups?: string[];

  /**
   * Packages that the tests need but the project does not declare, in pip's requirement syntax, such as
   * `pytest-xdist>=3`.
   *
   * @default - none; the build adds pytest and pytest-cov if they are missing
   */
  readonly extraTestPackages?: string[];

  /**
   * The URL of a package index that replaces the Python Package Index. It must not contain credentials, since it is in
   * the template.
   *
   * @default - the Python Package Index
   */
  readonly indexUrl?: string;
}

/**
 * The tool that installs the requirements files of a project.
 */
export enum RequirementsInstaller {
  /** uv, which is much faster than pip. If uv cannot install the files, the build falls back to pip. */
  UV = 'UV',
  /** pip only. */
  PIP = 'PIP',
}

/**
 * Options of a project with requirements files.
 */
export interface PipOptions extends PythonProjectOptions {
  /**
   * The requirements files of the image's dependencies, relative to the project's directory. The build fails if one is
   * missing.
   *
   * The dependency audit and the SBOM cover these files.
   *
   * @default - `requirements.txt` if it exists
   */
  readonly requirementsFiles?: string[];

  /**
   * The requirements files of dependencies that only the tests need, relative to the project's directory. The build
   * fails if one is missing.
   *
   * @default - `requirements-dev.txt` and `requirements-test.txt` where they exist; none when `requirementsFiles` is
   * given
   */
  readonly testRequirementsFiles?: string[];

  /**
   * The tool that installs the requirements files.
   *
   * @default RequirementsInstaller.UV
   * @see https://docs.astral.sh/uv/pip/compatibility/
   */
  readonly installer?: RequirementsInstaller;
}

/**
 * Options of a uv project.
 */
export interface UvOptions extends PythonProjectOptions {
  /**
   * Whether to accept a `uv.lock` that does not match `pyproject.toml`. The build then installs from `uv.lock` without
   * changes, and the build log contains a warning.
   *
   * @default false
   */
  readonly allowOutdatedLock?: boolean;

  /**
   * The version of uv. Set it if `required-version` in the project requires a certain version.
   *
   * @default '0.13.9'
   */
  readonly uvVersion?: string;
}

/**
 * Options of a Poetry project.
 */
export interface PoetryOptions extends PythonProjectOptions {
  /**
   * The version of Poetry.
   *
   * @default - the version that wrote `poetry.lock`, if the file contains it
   */
  readonly poetryVersion?: string;

  /**
   * Whether to install the project itself. An application without a package of its own requires `false`, or
   * `package-mode = false` in `pyproject.toml`.
   *
   * @default true
   */
  readonly installRoot?: boolean;
}

/**
 * Options of a Pipenv project.
 */
export interface PipenvOptions extends PythonProjectOptions {
  /**
   * The version of Pipenv.
   *
   * @default '2026.10.3'
   */
  readonly pipenvVersion?: string;
}

/**
 * Options that the pipeline passes to `PythonProject.bind`, for implementors of `PythonProject`.
 */
export interface PythonProjectBindOptions extends BindOptions {}

/**
 * The result of `PythonProject.bind`, for implementors of `PythonProject`.
 */
export interface PythonProjectConfig {
  /**
   * The Python version, such as `3.12`.
   *
   * @default - the build chooses the version from the files of the project
   */
  readonly pythonVersion?: string;
  /** The project's directory in the repository. */
  readonly directory: string;
  /**
   * The directory or file of the tests, relative to the project's directory.
   *
   * @default - pytest searches as the project's own configuration says
   */
  readonly testDirectory?: string;
  /** The path of the Dockerfile, relative to the project's directory. */
  readonly dockerfile: string;
  /**
   * The build context of the image, a directory in the repository.
   *
   * @default - the project's directory
   */
  readonly imageContext?: string;
  /**
   * The stage of the Dockerfile that becomes the image.
   *
   * @default - the last stage
   */
  readonly imageTarget?: string;
  /**
   * Build arguments of the image.
   *
   * @default - none
   */
  readonly buildArguments?: { [name: string]: string };
  /**
   * Secrets that the Dockerfile mounts, by their ids.
   *
   * @default - none
   */
  readonly buildSecrets?: { [name: string]: BuildSecretConfig };
  /**
   * Bash commands that install the project and the dependencies of its tests. They run in the project's directory.
   *
   * `$python` is the interpreter of the environment to install into, and `$uv` is uv. The bash function `explain` is
   * available. Put a line `explain "message"` before a command. If the command fails, the message is the last line of
   * the build log. The commands must write the dependencies of the image to the file `$production`, one `name==version`
   * per line.
   */
  readonly installCommands: string[];
  /**
   * The URL of a package index.
   *
   * @default - the Python Package Index
   */
  readonly indexUrl?: string;
  /**
   * The version of uv.
   *
   * @default - the version that the library pins
   */
  readonly uvVersion?: string;
  /** Files or globs in the repository. The build computes the key of the dependency cache from them. */
  readonly lockFiles: string[];
}
