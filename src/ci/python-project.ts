import { Construct } from 'constructs';
import { bindBuildSecrets } from './private/build-secrets';
import { pipCommands, pipenvCommands, poetryCommands, uvCommands } from './private/installers';
import {
  normalizePath, normalizeTestPath, requireBuildArguments, requireImageTarget, requireRelativePath, requireTexts,
  withDirectory,
} from './private/project-validation';
import {
  PipenvOptions, PipOptions, PoetryOptions, PythonProjectBindOptions, PythonProjectConfig, PythonProjectOptions,
  RequirementsInstaller, UvOptions,
} from './python-project-options';
import { describeUrl } from '../private/errors';
import { confidential, flag, Kinds, KindsOf, list, map, markStrategy, memberOf, requireOptions, STRING, strategy } from '../private/kinds';
import { requireCurrentNames } from '../private/moved-options';
import { requireAbsent, requirePattern } from '../private/validation';

/**
 * The kind of Python project that the pipeline builds, which determines how the build installs it.
 */
export abstract class PythonProject {
  /**
   * A project with requirements files. The build also installs the project itself if its `pyproject.toml` declares a
   * build system.
   *
   * @see https://pip.pypa.io/en/stable/reference/requirements-file-format/
   */
  public static pip(options: PipOptions = {}): PythonProject {
    return new InstalledProject(options, {
      kinds: PIP,
      // a function, because a wrong value is reported with the path of the pipeline
      lockFiles: () => ['*requirements*.txt', ...normalized(options.requirementsFiles) ?? [], ...normalized(options.testRequirementsFiles) ?? [], 'pyproject.toml', 'setup.*'],
      sharedLockFiles: [],
      uvVersion: () => undefined,
      install: () => pipCommands({
        ...options,
        requirementsFiles: normalized(options.requirementsFiles),
        testRequirementsFiles: normalized(options.testRequirementsFiles),
      }),
      validate: (scope) => {
        requireTexts(scope, {
          requirementsFiles: options.requirementsFiles, testRequirementsFiles: options.testRequirementsFiles,
        });
        options.requirementsFiles?.forEach((file) => requireRelativePath(scope, 'python.requirementsFiles', file));
        options.testRequirementsFiles?.forEach((file) => requireRelativePath(scope, 'python.testRequirementsFiles', file));
      },
    });
  }

  /**
   * A uv project with a `uv.lock` in its directory or in a directory above it.
   *
   * @see https://docs.astral.sh/uv/concepts/projects/sync/
   */
  public static uv(options: UvOptions = {}): PythonProject {
    return new InstalledProject(options, {
      kinds: UV,
      lockFiles: () => ['uv.lock', 'pyproject.toml'],
      // the lock file of a workspace is in a directory above its members
      sharedLockFiles: ['uv.lock'],
      uvVersion: () => options.uvVersion,
      install: () => uvCommands(options),
      validate: (scope) => requirePattern(scope, 'python.uvVersion', options.uvVersion, VERSION, "be a version of digits and dots, such as '0.13.9'"),
    });
  }

  /**
   * A Poetry project with a `poetry.lock`.
   *
   * @see https://python-poetry.org/docs/basic-usage/#installing-dependencies
   */
  public static poetry(options: PoetryOptions = {}): PythonProject {
    return new InstalledProject(options, {
      kinds: POETRY,
      lockFiles: () => ['poetry.lock', 'pyproject.toml'],
      sharedLockFiles: [],
      uvVersion: () => undefined,
      install: () => poetryCommands(options),
      validate: (scope) => requirePattern(scope, 'python.poetryVersion', options.poetryVersion, VERSION, "be a version of digits and dots, such as '2.1.3'"),
    });
  }

  /**
   * A Pipenv project with a `Pipfile.lock` in its directory. The build installs its default and development packages.
   *
   * A Pipfile has no extras. Name further categories in `groups`.
   *
   * @see https://pipenv.pypa.io/en/latest/pipfile.html
   */
  public static pipenv(options: PipenvOptions = {}): PythonProject {
    return new InstalledProject(options, {
      kinds: PIPENV,
      lockFiles: () => ['Pipfile.lock', 'Pipfile'],
      sharedLockFiles: [],
      uvVersion: () => undefined,
      install: () => pipenvCommands(options),
      validate: (scope) => {
        requirePattern(scope, 'python.pipenvVersion', options.pipenvVersion, VERSION, "be a version of digits and dots, such as '2026.10.3'");
        requireAbsent(scope, 'PythonProject.pipenv()', { 'python.extras': options.extras }, "a Pipfile has no extras: remove 'extras', or name a category of the Pipfile in 'groups'");
      },
    });
  }

  /**
   * Returns the configuration of the project. The pipeline calls it once at synth.
   *
   * @param scope the pipeline; create resources in a child construct of your own
   * @param options the name of the application and its environment
   * @throws when a path leaves the repository, a list or an entry is empty, or a version or a URL is not valid
   */
  public abstract bind(scope: Construct, options: PythonProjectBindOptions): PythonProjectConfig;
}

markStrategy('PythonProject', PythonProject);

const PROJECT: KindsOf<PythonProjectOptions> = {
  pythonVersion: STRING,
  directory: STRING,
  testDirectory: STRING,
  dockerfile: STRING,
  imageContext: STRING,
  imageTarget: STRING,
  buildArguments: confidential(map(STRING)),
  buildSecrets: confidential(map(strategy('BuildSecret', 'BuildSecret.fromSecret()'))),
  extras: list(STRING),
  groups: list(STRING),
  extraTestPackages: confidential(list(STRING)),
  indexUrl: confidential(STRING),
};

const PIP: KindsOf<PipOptions> = {
  ...PROJECT,
  requirementsFiles: list(STRING),
  testRequirementsFiles: list(STRING),
  installer: memberOf('a member of RequirementsInstaller, such as RequirementsInstaller.PIP', () => RequirementsInstaller),
};

const UV: KindsOf<UvOptions> = { ...PROJECT, allowOutdatedLock: flag(), uvVersion: STRING };

const POETRY: KindsOf<PoetryOptions> = { ...PROJECT, poetryVersion: STRING, installRoot: flag() };

const PIPENV: KindsOf<PipenvOptions> = { ...PROJECT, pipenvVersion: STRING };

const VERSION = /^\d+(\.\d+)*$/;

/** The options that are paths in the repository. */
const PATHS = ['directory', 'testDirectory', 'dockerfile', 'imageContext'] as const;

type Paths = { readonly [prop in typeof PATHS[number]]?: string };

function normalizedPaths(options: Paths): Paths {
  const given = PATHS.flatMap((prop) => options[prop] === undefined ? [] : [[prop, (prop === 'testDirectory' ? normalizeTestPath : normalizePath)(options[prop])]]);
  return Object.fromEntries(given) as Paths;
}

function normalized(files: string[] | undefined): string[] | undefined {
  return files?.map(normalizePath);
}

/** The differences between the installers. */
interface Installer {
  readonly kinds: Kinds;
  /** Lock files in the project's directory. */
  readonly lockFiles: () => string[];
  /** Lock files in the root directory of the repository. */
  readonly sharedLockFiles: string[];
  readonly uvVersion: () => string | undefined;
  readonly install: () => string[];
  readonly validate: (scope: Construct) => void;
}

class InstalledProject extends PythonProject {
  constructor(private readonly options: PythonProjectOptions, private readonly installer: Installer) {
    super();
  }

  public bind(scope: Construct, options: PythonProjectBindOptions): PythonProjectConfig {
    requireCurrentNames(scope, this.options, { version: 'python.pythonVersion' });
    requireOptions(scope, 'python', this.options, this.installer.kinds);
    const { pythonVersion, imageTarget, buildArguments, buildSecrets, indexUrl } = this.options;
    requirePattern(scope, 'python.pythonVersion', pythonVersion, /^3\.\d+$/, "be a version such as '3.12', without a patch level");
    this.validate(scope);
    const { directory = '.', testDirectory, dockerfile = 'Dockerfile', imageContext } = normalizedPaths(this.options);
    return {
      pythonVersion,
      directory,
      testDirectory,
      dockerfile,
      imageContext,
      imageTarget,
      buildArguments,
      buildSecrets: buildSecrets && bindBuildSecrets(scope, buildSecrets, options),
      indexUrl,
      uvVersion: this.installer.uvVersion(),
      installCommands: this.installer.install(),
      lockFiles: [
        ...new Set([...withDirectory(directory, this.installer.lockFiles()), ...this.installer.sharedLockFiles]),
      ],
    };
  }

  private validate(scope: Construct): void {
    const { extras, groups, extraTestPackages, indexUrl, imageTarget, buildArguments } = this.options;
    PATHS.forEach((prop) => requireRelativePath(scope, `python.${prop}`, prop === 'testDirectory' ? this.options[prop]?.split('::')[0] : this.options[prop]));
    // an empty list of these means none, and not the usual names
    requireTexts(scope, { extras, groups, extraTestPackages }, ['extras', 'groups']);
    requirePattern(scope, 'python.indexUrl', indexUrl, /^https?:\/\/[^\s@/]+(\/[^\s@]*)?$/, "be a URL with a host and without credentials, such as 'https://pypi.example.com/simple'", describeUrl);
    requireImageTarget(scope, imageTarget);
    requireBuildArguments(scope, buildArguments);
    this.installer.validate(scope);
  }
}
