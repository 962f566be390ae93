import { Construct } from 'constructs';
import { quote } from './private/shell';
import { fail, show } from '../private/errors';
import { requirePattern, requireText } from '../private/validation';

/**
 * Where a Python project keeps what the build needs.
 */
export interface PythonProjectOptions {
  /**
   * The version of Python that the tests run on, such as `3.12`. The build image must have it.
   *
   * @default 3.9
   */
  readonly version?: string;

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
   * The Dockerfile, in the project's directory, which is the context of the image.
   *
   * @default Dockerfile
   */
  readonly dockerfile?: string;
}

/**
 * How pip installs a project.
 */
export interface PipOptions extends PythonProjectOptions {
  /**
   * The requirements files to install, in the project's directory, each of which must exist.
   *
   * @default - those there are of `requirements.txt`, `requirements-dev.txt`, `requirements-test.txt`
   */
  readonly requirementsFiles?: string[];

  /**
   * Extras of the project to install, from its `pyproject.toml`.
   *
   * @default - none
   */
  readonly extras?: string[];

  /**
   * Packages that the tests need and no requirements file names, as pip takes them.
   *
   * @default - none; pytest and pytest-cov are installed when they are missing
   */
  readonly extraTestPackages?: string[];
}

/**
 * What a project asks of the build.
 */
export interface PythonProjectConfig {
  /** The version of Python. */
  readonly version: string;
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
   * Lines of bash that install the project and its tests' needs, run in the project's directory.
   *
   * `$python` is the interpreter of the environment to install into.
   */
  readonly installCommands: string[];
}

/**
 * What kind of Python project the pipeline builds.
 */
export abstract class PythonProject {
  /**
   * A project that pip installs: requirements files, and the project itself when it names a build system.
   *
   * @see https://pip.pypa.io/en/stable/reference/requirements-file-format/
   */
  public static pip(options: PipOptions = {}): PythonProject {
    return new PipProject(options);
  }

  /**
   * Called by the pipeline.
   *
   * @param scope the pipeline, whose path an error names
   * @throws when a path leaves the repository or a text is empty
   */
  public abstract bind(scope: Construct): PythonProjectConfig;
}

const DEFAULT_REQUIREMENTS = ['requirements.txt', 'requirements-dev.txt', 'requirements-test.txt'];

class PipProject extends PythonProject {
  constructor(private readonly options: PipOptions) {
    super();
  }

  public bind(scope: Construct): PythonProjectConfig {
    const { options } = this;
    const { version = '3.9', directory = '.', testDirectory, dockerfile = 'Dockerfile' } = options;
    requirePattern(scope, 'python.version', version, /^3\.\d+$/, "be a version such as '3.12', without a patch level");
    requireRelativePath(scope, 'python.directory', directory);
    requireRelativePath(scope, 'python.testDirectory', testDirectory);
    requireRelativePath(scope, 'python.dockerfile', dockerfile);
    this.validateLists(scope);
    return { version, directory, testDirectory, dockerfile, installCommands: this.installCommands() };
  }

  private validateLists(scope: Construct): void {
    const { requirementsFiles, extras, extraTestPackages } = this.options;
    for (const [prop, values] of Object.entries({ requirementsFiles, extras, extraTestPackages })) {
      if (values?.length === 0) {
        fail(scope, `'python.${prop}' must not be empty, got []; leave it out for the default`);
      }
      values?.forEach((value) => requireText(scope, `python.${prop}`, value, 'remove the empty entry'));
    }
    requirementsFiles?.forEach((file) => requireRelativePath(scope, 'python.requirementsFiles', file));
  }

  private installCommands(): string[] {
    const { requirementsFiles, extras, extraTestPackages } = this.options;
    const extra = extras ? `[${extras.join(',')}]` : '';
    return [
      'installed=no',
      ...(requirementsFiles ?? DEFAULT_REQUIREMENTS).flatMap((file) => installRequirements(file, requirementsFiles !== undefined)),
      'if [ -f setup.py ] || grep -qs "^\\[build-system\\]" pyproject.toml; then',
      // requirements files that are there name the dependencies, possibly with hashes, which an editable install may not mix with
      extras
        ? `  "$python" -m pip install --editable ${quote(`.${extra}`)}`
        : '  if [ "$installed" = yes ]; then "$python" -m pip install --no-deps --editable .; else "$python" -m pip install --editable .; fi',
      '  installed=yes',
      'fi',
      'if [ "$installed" = no ]; then',
      '  echo "nothing to install: no requirements file and no build system in pyproject.toml; name the files by PythonProject.pip({ requirementsFiles })" >&2',
      '  exit 1',
      'fi',
      'constraints="$DELIVERY_HOME/constraints.txt"',
      '"$python" -m pip freeze --exclude-editable > "$constraints"',
      // the project's own pytest stays, and nothing that it pins moves
      '"$python" -c "import pytest, pytest_cov" 2>/dev/null || "$python" -m pip install --constraint "$constraints" pytest pytest-cov',
      ...(extraTestPackages ? [`"$python" -m pip install --constraint "$constraints" ${extraTestPackages.map(quote).join(' ')}`] : []),
    ];
  }
}

function installRequirements(file: string, required: boolean): string[] {
  const missing = `echo ${quote(`the requirements file ${file} is missing; name the right ones by PythonProject.pip({ requirementsFiles })`)} >&2; exit 1`;
  return [
    `if [ -f ${quote(file)} ]; then "$python" -m pip install --requirement ${quote(file)}; installed=yes${required ? `; else ${missing}` : ''}; fi`,
  ];
}

function requireRelativePath(scope: Construct, prop: string, value: string | undefined): void {
  requireText(scope, prop, value, 'give a path in the repository');
  if (value !== undefined && (value.startsWith('/') || value.split('/').includes('..'))) {
    fail(scope, `'${prop}' must be a relative path without '..', got ${show(value)}; the build sees the repository only`);
  }
}
