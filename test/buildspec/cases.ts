import { existsSync, mkdirSync, rmSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { BuildChoices, Mode } from './code-build';
import { DOCKER_HUB, expectCoverage, expectRefusal, expectRelease, readReport, readTaskDefinition, Run } from './expectations';
import { Interpreter } from './pythons';
import { Rendered, renderPattern, renderSampleApp } from './template';
import { BlueGreenPythonPipelineProps, DockerHubCredentials, PipOptions, PythonCiPipelineOptions, PythonProject } from '../../src';
import { PYTHON_APP } from '../integ/tap-stack';

/** One build and what is expected of it. */
export interface Case {
  /** What holds when the case passes. */
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly render: () => Rendered;
  /** What AWS answers, the number of the build, the variables that the template does not set, and the like. */
  readonly choices?: BuildChoices;
  /** Whether Python makes the environments, which takes longer than all else; otherwise they are copies of one that it made. */
  readonly freshEnvironments?: boolean;
  /** Whether the builds of the case hand on a cache. */
  readonly cached?: boolean;
  /** Makes the source in an empty directory, or names one that is there. */
  readonly source: string | ((directory: string) => void);
  readonly check: (run: Run) => void | Promise<void>;
}

/** Files by their path; `undefined` takes one of the small project's away. */
type Files = Readonly<Record<string, string | undefined>>;

const BOTH: readonly Mode[] = ['one shell', 'one script per command'];
const ONE: readonly Mode[] = ['one script per command'];

const NOTHING_PUSHED = 'nothing was pushed: mend the gates above and push again';
const TESTS_FAILED = "a test failed, or the coverage is below the project's own threshold: see the report";

const PASSING_TEST = 'from shop import double\n\n\ndef test_double():\n    assert double(2) == 4\n';
const FAILING_TEST = PASSING_TEST.replace('4', '5');

const DOCKER_HUB_PARAMETERS = { '/docker-hub/username': DOCKER_HUB.username, '/docker-hub/password': DOCKER_HUB.password };

/** A project with one tested and one untested function; its Dockerfile goes with the version of Python. */
const SMALL_PROJECT: Files = {
  'requirements.txt': 'pytest==8.4.2\npytest-cov==7.1.0\n',
  'shop/__init__.py': 'def double(number):\n    return 2 * number\n\n\ndef half(number):\n    return number / 2\n',
  'tests/test_shop.py': PASSING_TEST,
};

const SHELL_INJECTION = 'import subprocess\n\n\ndef run(command):\n    return subprocess.call(command, shell=True)\n';

/** Everything that a shell, JSON, YAML or a template could take for its own. */
const ODD_ENVIRONMENT = (canary: string): Readonly<Record<string, string>> => ({
  QUOTES: 'it\'s "quoted" \\ and \\n is no line break',
  COMMANDS: `$(touch ${canary}) \`touch ${canary}\` \${HOME} $HOME; touch ${canary} # %s %n`,
  LINES: 'one\ntwo\n\tthree\r\n',
  MARKS: '<IMAGE1_NAME> ${AWS::Region} {{resolve}} «ümlaut» 日本 🐍',
  END_OF_FILE: 'EOF\n)\nexit 0',
});

export class Cases {
  constructor(private readonly interpreters: readonly [Interpreter, ...Interpreter[]], private readonly canary: string) {}

  /** The slow ones first, so that the last to end is a short one. */
  public all(): readonly Case[] {
    return [this.sampleApp(), this.allGatesFail(), ...this.passing(), ...this.failingGates(), ...this.failingBeforeTheGates()];
  }

  /** With the version that the sample app asks for when this machine has it, else with the machine's own. */
  public renderSampleApp(): Rendered {
    const sample = renderSampleApp();
    const wanted = sample.spec.env?.variables?.PYTHON_VERSION;
    return this.interpreters.some(({ minor }) => minor === wanted) ? sample : this.render();
  }

  private sampleApp(): Case {
    return {
      name: 'the example app passes every gate and is handed over whole',
      modes: BOTH,
      freshEnvironments: true,
      render: () => this.renderSampleApp(),
      source: PYTHON_APP,
      check: async (run) => {
        const { expect, result } = run;
        await expectRelease(run, { gates: ['pytest', 'bandit'], minimumTests: 50, health: { port: 8080, path: '/health' } });
        const coverage = expectCoverage(expect, result);
        expect.that((coverage?.figures['line-rate'] ?? 0) > 0.9, `the line rate is ${coverage?.figures['line-rate']}`);
        expect.that(coverage?.text.includes('filename="routes.py"') === true, 'the coverage report does not name the app\'s files');
        expect.that(coverage?.text.includes('test_api.py') === false, 'the coverage report counts the tests');
      },
    };
  }

  private allGatesFail(): Case {
    return this.refused('every gate runs before the build fails, and each says what is wrong', {
      files: { 'tests/test_shop.py': FAILING_TEST, 'shop/run.py': SHELL_INJECTION },
      pipeline: { gates: { minimumCoverage: 95 } },
      modes: BOTH,
      advice: [
        `gate pytest: ${TESTS_FAILED}`,
        'gate coverage: the coverage is below 95 percent: see the report',
        'gate bandit: bandit found something of severity high or above: see the log',
        NOTHING_PUSHED,
      ],
      also: ({ expect, result }) => {
        expect.equal(readReport(result, 'JUNITXML')?.figures.failures, 1, 'the number of failures in the report');
        expectCoverage(expect, result);
      },
    });
  }

  private failingGates(): Case[] {
    const gate = (name: string, text: string) => [`gate ${name}: ${text}`, NOTHING_PUSHED];
    return [
      this.refused('tests that hang fail the build, and leave the report of those that ended', {
        files: { 'tests/test_shop.py': `${PASSING_TEST}\n\ndef test_hang():\n    import time\n    time.sleep(600)\n` },
        choices: { testSeconds: 10 },
        advice: gate('pytest', 'the tests took more than 2400 seconds'),
        also: ({ expect, result }) => expect.equal(readReport(result, 'JUNITXML')?.figures.tests, 1, 'the number of tests in the report'),
      }),
      this.refused('a failing test fails the build', {
        files: { 'tests/test_shop.py': FAILING_TEST },
        advice: gate('pytest', TESTS_FAILED),
      }),
      this.refused('a test that cannot be imported fails the build', {
        files: { 'tests/test_shop.py': 'import not_there\n' },
        advice: gate('pytest', 'the tests could not be collected, or were interrupted: see the log'),
      }),
      this.refused('a project without tests fails the build', {
        files: { 'tests/test_shop.py': undefined },
        advice: gate('pytest', 'no test was found: set testDirectory, or allowNoTests'),
      }),
      this.refused('a coverage below minimumCoverage fails the build', {
        files: {},
        pipeline: { gates: { minimumCoverage: 90 } },
        advice: gate('coverage', 'the coverage is below 90 percent: see the report'),
        also: ({ expect, result }) => void expectCoverage(expect, result),
      }),
      this.refused('a finding of high severity fails the build', {
        files: { 'shop/run.py': SHELL_INJECTION },
        advice: gate('bandit', 'bandit found something of severity high or above: see the log'),
      }),
      this.refused('tests that end the interpreter fail the build', {
        files: { 'tests/conftest.py': 'import os\n\nos._exit(3)\n' },
        advice: gate('pytest', 'pytest ended with exit code 3: see the log'),
        also: expectPlaceholderReport('pytest ended with exit code 3: see the log'),
      }),
      this.refused('tests that end the interpreter as if all were well fail the build', {
        // a report of an earlier build, which the repository holds by mistake, is not one of this build
        files: { 'tests/conftest.py': 'import os\n\nos._exit(0)\n', '.delivery/reports/pytest.xml': '<testsuites><testsuite tests="9"/></testsuites>\n' },
        advice: gate('pytest', 'pytest ended without a report: see the log'),
        also: expectPlaceholderReport('pytest ended without a report: see the log'),
      }),
    ];
  }

  private failingBeforeTheGates(): Case[] {
    const { minor } = this.interpreters[0];
    const missing = ['3.14', '3.13', '3.12', '3.11', '3.10', '3.9'].find((version) => this.interpreters.every((other) => other.minor !== version)) ?? '3.99';
    const also = expectPlaceholderReport('the build failed before the tests');
    return [
      this.refused('a requirements file that is not there fails the build', {
        files: {},
        python: { requirementsFiles: ['requirements-ci.txt'] },
        modes: BOTH,
        advice: ['the requirements file requirements-ci.txt is missing; name the right ones by PythonProject.pip({ requirementsFiles })'],
        also,
      }),
      this.refused('a project with nothing to install fails the build', {
        files: { 'requirements.txt': undefined },
        advice: ['nothing to install: no requirements file and no build system in pyproject.toml; name the files by PythonProject.pip({ requirementsFiles })'],
        also,
      }),
      this.refused('a build image with another Python fails the build', {
        files: {},
        python: { version: missing },
        advice: [`the build image runs Python ${minor}, not ${missing}: choose another buildImage or another version`],
        also,
      }),
      this.refused('a command of installCommands that fails ends the build', {
        files: {},
        pipeline: { installCommands: ['python -c "import not_there"', 'echo "this is not reached"'] },
        advice: ["ModuleNotFoundError: No module named 'not_there'"],
        also: (run) => {
          also(run);
          run.expect.equal(run.result.calls, [], 'the list of calls');
        },
      }),
    ];
  }

  private passing(): Case[] {
    return [this.subdirectory(), this.withoutTests(), this.pinnedByTheRepository()];
  }

  private subdirectory(): Case {
    const root = 'services/my api';
    const files: Files = {
      [`${root}/Dockerfile.web`]: this.dockerfile('src'),
      [`${root}/pyproject.toml`]: '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n[project]\nname = "shop"\nversion = "1"\n',
      [`${root}/src/shop/__init__.py`]: SMALL_PROJECT['shop/__init__.py'],
      [`${root}/unit tests/test_shop.py`]: SMALL_PROJECT['tests/test_shop.py'],
      'broken/test_other.py': 'import not_there\n',
    };
    return {
      name: 'a src-layout project in a sub-directory is installed, and the coverage is that of src',
      modes: ONE,
      freshEnvironments: true,
      render: () => this.render({
        gates: { minimumCoverage: 50 },
        dockerHub: DockerHubCredentials.fromParameterStore({
          usernameParameterName: '/docker-hub/username', passwordParameterName: '/docker-hub/password',
        }),
      }, { directory: root, testDirectory: 'unit tests', dockerfile: 'Dockerfile.web' }),
      choices: { aws: { parameters: DOCKER_HUB_PARAMETERS } },
      source: (directory) => writeFiles(directory, files),
      check: async (run) => {
        const { expect, result, engine } = run;
        await expectRelease(run, { gates: ['pytest', 'coverage', 'bandit'], minimumTests: 1 });
        const coverage = expectCoverage(expect, result);
        expect.equal(coverage?.figures['lines-valid'], 4, 'the number of lines in the coverage report');
        expect.that(/<source>[^<]*\/services\/my api\/src</.test(coverage?.text ?? ''), 'the coverage report does not name src');
        const logins = result.calls.filter(({ args }) => args[0] === 'login').map(({ args, stdinSize }) => [args[2], stdinSize]);
        expect.equal(logins, [['AWS', engine.registry.password.length], [DOCKER_HUB.username, DOCKER_HUB.password.length]], 'the list of logins');
      },
    };
  }

  private withoutTests(): Case {
    const environment = ODD_ENVIRONMENT(this.canary);
    return {
      name: 'allowNoTests lets a project without tests pass, and its odd environment is in taskdef.json unchanged',
      modes: ONE,
      render: () => this.render({ gates: { allowNoTests: true } }, {}, { service: { environment } }),
      source: (directory) => writeFiles(directory, { ...this.smallProject(), 'tests/test_shop.py': undefined }),
      check: async (run) => {
        const { expect, result, rendered } = run;
        await expectRelease(run, { gates: ['pytest', 'bandit'], minimumTests: 0 });
        expect.equal(readReport(result, 'COBERTURAXML')?.root, 'coverage', 'the root of the coverage report');
        expect.that(!existsSync(this.canary), 'a command in the environment was run');
        try {
          const [container] = readTaskDefinition(result, rendered).containerDefinitions;
          expect.equal(Object.fromEntries((container.environment ?? []).map(({ name, value }) => [name, value])), environment, 'the environment');
        } catch {
          // expectRelease has said so
        }
      },
    };
  }

  /** pyenv takes a `.python-version` before the version that CodeBuild chose: one that is there would run the tests unseen. */
  private pinnedByTheRepository(): Case {
    const other = this.interpreters[1]?.version ?? '3.99.0';
    return {
      name: `a .python-version of the repository (${other}) does not change what the tests run on`,
      modes: ONE,
      render: () => this.render(),
      source: (directory) => writeFiles(directory, {
        ...this.smallProject(),
        '.python-version': `${other}\n`,
        'tests/test_version.py': `import sys\n\n\ndef test_version():\n    assert "%d.%d" % sys.version_info[:2] == "${this.interpreters[0].minor}"\n`,
      }),
      check: (run) => expectRelease(run, { gates: ['pytest', 'bandit'], minimumTests: 2 }),
    };
  }

  private refused(name: string, options: {
    readonly files: Files;
    readonly pipeline?: PythonCiPipelineOptions;
    readonly python?: PipOptions;
    readonly modes?: readonly Mode[];
    readonly choices?: BuildChoices;
    /** The last lines of the log. */
    readonly advice: readonly string[];
    readonly also?: (run: Run) => void | Promise<void>;
  }): Case {
    return {
      name,
      modes: options.modes ?? ONE,
      choices: options.choices,
      render: () => this.render(options.pipeline, options.python),
      source: (directory) => writeFiles(directory, { ...this.smallProject(), ...options.files }),
      check: async (run) => {
        await expectRefusal(run, options.advice);
        await options.also?.(run);
      },
    };
  }

  private smallProject(): Files {
    return { ...SMALL_PROJECT, Dockerfile: this.dockerfile('shop') };
  }

  /** An image that holds the folder and answers on port 8080. */
  private dockerfile(folder: string): string {
    return [
      `FROM public.ecr.aws/docker/library/python:${this.interpreters[0].minor}-slim`,
      `COPY ${folder} /app/${folder}`,
      'USER 10001:10001',
      'EXPOSE 8080',
      'CMD ["python", "-m", "http.server", "8080", "--directory", "/app"]',
      '',
    ].join('\n');
  }

  private render(pipeline: PythonCiPipelineOptions = {}, python: PipOptions = {}, others: BlueGreenPythonPipelineProps = {}): Rendered {
    const project = PythonProject.pip({ version: this.interpreters[0].minor, ...python });
    return renderPattern({ ...others, pipeline: { python: project, ...pipeline } });
  }
}

/** The report that stands in for a missing one says why. */
function expectPlaceholderReport(reason: string): (run: Run) => void {
  return ({ expect, result }) => {
    const report = readReport(result, 'JUNITXML');
    expect.equal([report?.figures.tests, report?.figures.errors], [1, 1], 'the number of tests and errors in the report');
    expect.that(report?.text.includes(`message="${reason}"`) === true, `the report does not say '${reason}'`);
  };
}

export function writeFiles(directory: string, files: Files): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    if (text !== undefined) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}
