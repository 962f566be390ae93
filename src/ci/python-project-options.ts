import { BindOptions } from '../bind-options';

/**
 * Options of every Python project.
 */
export interface PythonProjectOptions {
  /**
   * The Python version that the build uses to install the project and to run its tests, such as `3.12`.
   *
   * The build image must provide it; synthesis fails where the library knows that it does not. The Dockerfile chooses the version of the application.
   *
   * @default 3.9
   */
  readonly pythonVersion?: string;

  /**
   * The project's directory in the repository.
   *
   * @default .
   */
  readonly directory?: string;

  /**
   * The tests' directory or file, in the project's directory.
   *
   * @default - what pytest finds by the project's own configuration
   */
  readonly testDirectory?: string;

  /**
   * The Dockerfile, in the project's directory.
   *
   * @default Dockerfile
   */
  readonly dockerfile?: string;

  /**
   * The directory in the repository that is the image's context.
   *
   * @default - the project's directory
   */
  readonly imageContext?: string;

  /**
   * Arguments of the image's build. No secrets: they stay in the image.
   *
   * @default - none
   * @see https://docs.docker.com/build/building/variables/#arg-usage-example
   */
  readonly buildArguments?: { [name: string]: string };

  /**
   * Extras of the project to install, from its `pyproject.toml`. They count as what the image gets, and are audited.
   *
   * @default - uv, and pip without requirements files: those of `test`, `tests` and `dev` that it declares, for the tests only; else none
   */
  readonly extras?: string[];

  /**
   * Dependency groups to install besides those that are installed by default.
   *
   * @default - none
   * @see https://packaging.python.org/en/latest/specifications/dependency-groups/
   */
  readonly groups?: string[];

  /**
   * Packages that the tests need and the project does not name, as pip takes them.
   *
   * @default - none; pytest and pytest-cov are installed when they are missing
   */
  readonly extraTestPackages?: string[];

  /**
   * The address of a package index that stands in for the Python Package Index. Credentials do not belong here; it is in the template.
   *
   * @default - the Python Package Index
   */
  readonly indexUrl?: string;
}

/**
 * What installs the requirements files of a project.
 */
export enum RequirementsInstaller {
  /** uv, many times faster; what it cannot install, pip does. */
  UV = 'UV',
  /** pip. */
  PIP = 'PIP',
}

/**
 * How a project of requirements files is installed.
 */
export interface PipOptions extends PythonProjectOptions {
  /**
   * The requirements files of what the image gets, in the project's directory, each of which must exist. They are audited.
   *
   * @default - `requirements.txt` if it is there
   */
  readonly requirementsFiles?: string[];

  /**
   * The requirements files of what only the tests need, in the project's directory, each of which must exist.
   *
   * @default - those there are of `requirements-dev.txt` and `requirements-test.txt`; none when `requirementsFiles` is given
   */
  readonly testRequirementsFiles?: string[];

  /**
   * What installs them.
   *
   * @default RequirementsInstaller.UV
   * @see https://docs.astral.sh/uv/pip/compatibility/
   */
  readonly installer?: RequirementsInstaller;
}

/**
 * How uv installs a project.
 */
export interface UvOptions extends PythonProjectOptions {
  /**
   * Whether a `uv.lock` that does not fit `pyproject.toml` is only warned of; it is then used as it is.
   *
   * @default false
   */
  readonly allowOutdatedLock?: boolean;

  /**
   * The version of uv, for a project that asks for one by `required-version`.
   *
   * @default 0.13.9
   */
  readonly uvVersion?: string;
}

/**
 * How Poetry installs a project.
 */
export interface PoetryOptions extends PythonProjectOptions {
  /**
   * The version of Poetry.
   *
   * @default - the one that wrote `poetry.lock`, when the file tells
   */
  readonly poetryVersion?: string;

  /**
   * Whether the project itself is installed. An application without a package of its own needs `false`, or `package-mode = false`.
   *
   * @default true
   */
  readonly installRoot?: boolean;
}

/**
 * Options that the pipeline passes to `PythonProject.bind`; for implementors.
 */
export interface PythonProjectBindOptions extends BindOptions {}

/**
 * Requirements of a Python project on the build; for implementors of a `PythonProject`.
 */
export interface PythonProjectConfig {
  /** The Python version, such as `3.12`. */
  readonly pythonVersion: string;
  /** The project's directory in the repository. */
  readonly directory: string;
  /**
   * The tests' directory or file.
   *
   * @default - what pytest finds
   */
  readonly testDirectory?: string;
  /** The Dockerfile, in the project's directory. */
  readonly dockerfile: string;
  /**
   * The directory in the repository that is the image's context.
   *
   * @default - the project's directory
   */
  readonly imageContext?: string;
  /**
   * Arguments of the image's build.
   *
   * @default - none
   */
  readonly buildArguments?: { [name: string]: string };
  /**
   * Lines of bash that install the project and its tests' needs, run in the project's directory.
   *
   * `$python` is the interpreter of the environment to install into and `$uv` is uv. Before a step, `explain "text"` tells what the build says when
   * the step fails. The dependencies that the image gets go to the file `$production`, one `name==version` a line.
   */
  readonly installCommands: string[];
  /**
   * The address of a package index.
   *
   * @default - the Python Package Index
   */
  readonly indexUrl?: string;
  /**
   * The version of uv.
   *
   * @default - the library's own
   */
  readonly uvVersion?: string;
  /** What the dependency cache depends on: files or globs in the repository. */
  readonly lockFiles: string[];
}
