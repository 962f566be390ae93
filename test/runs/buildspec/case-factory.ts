import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { expectRefusal, expectRelease, Refusal, Run } from './expectations';
import { renderPattern } from './template';
import { Rendered } from '../../../packages/rehearsal/src/assembly/rendered';
import { BuildChoices, Mode } from '../../../packages/rehearsal/src/build/code-build';
import { Interpreter } from '../../../packages/rehearsal/src/build/pythons';
import { AdvisorySource, BlueGreenPythonPipelineProps, PipOptions, PythonCiPipelineOptions, PythonProject } from '../../../src';

/** One build and what is expected of it. */
export interface Case {
  /** What holds when the case passes. */
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly render: () => Rendered;
  /** What AWS answers, the number of the build, the variables that the template does not set, and the like. */
  readonly choices?: BuildChoices;
  /** Whether the builds of the case hand on a cache. */
  readonly cached?: boolean;
  /** Makes the source in an empty directory, or names one that is there. */
  readonly source: string | ((directory: string) => void);
  readonly check: (run: Run) => void | Promise<void>;
}

/** Files by their path; `undefined` takes one of the small project's away. */
export type Files = Readonly<Record<string, string | undefined>>;

export interface Project {
  /** Beside those of the small project, or instead of them. */
  readonly files?: Files;
  readonly pipeline?: PythonCiPipelineOptions;
  readonly python?: PipOptions;
  readonly others?: BlueGreenPythonPipelineProps;
  readonly modes?: readonly Mode[];
  readonly choices?: BuildChoices;
}

export const BOTH: readonly Mode[] = ['one shell', 'one script per command'];
export const ONE: readonly Mode[] = ['one script per command'];

/** What every build is judged by, unless a case says otherwise. */
export const GATES = ['audit', 'bandit', 'image', 'install', 'pytest', 'sbom'];
export const LIGHT_GATES = ['bandit', 'image', 'install', 'pytest'];
export const EVIDENCE = ['audit.json', 'bandit.json', 'bandit.sarif', 'coverage.xml', 'pytest.xml', 'sbom.json'];

export const PASSING_TEST = 'from shop import double\n\n\ndef test_double():\n    assert double(2) == 4\n';
export const FAILING_TEST = PASSING_TEST.replace('4', '5');

/** A project with one tested and one untested function; its Dockerfile goes with the version of Python. */
export const SMALL_PROJECT: Files = {
  'requirements.txt': 'itsdangerous==2.2.0\n',
  'requirements-dev.txt': 'pytest==8.4.2\npytest-cov==7.1.0\n',
  'shop/__init__.py': 'def double(number):\n    return 2 * number\n\n\ndef half(number):\n    return number / 2\n',
  'tests/test_shop.py': PASSING_TEST,
};

export const BUILD_SYSTEM = '[build-system]\nrequires = ["setuptools>=61"]\nbuild-backend = "setuptools.build_meta"\n\n';
export const SHELL_INJECTION = 'import subprocess\n\n\ndef run(command):\n    return subprocess.call(command, shell=True)\n';

/** A project with a lock file. */
export function fixture(kind: 'uv' | 'poetry'): Files {
  return Object.fromEntries(['pyproject.toml', `${kind}.lock`].map((name) => [name, readFileSync(join(__dirname, 'projects', kind, name), 'utf8')]));
}

/** What all cases are made with. */
export abstract class CaseFactory {
  constructor(
    protected readonly interpreters: readonly [Interpreter, ...Interpreter[]], protected readonly canary: string,
    private readonly advisories: string,
  ) {}

  public abstract all(): readonly Case[];

  /** What the Dockerfile of the example takes as its base. */
  protected pythonImage(minor: string): { [name: string]: string } {
    return { PYTHON_IMAGE: `public.ecr.aws/docker/library/python:${minor}-slim` };
  }

  /** The names in the report of the audit. */
  protected audited(sourceDirectory: string): string[] {
    const report = JSON.parse(readFileSync(join(sourceDirectory, '.delivery/reports/audit.json'), 'utf8')) as { dependencies: { name: string }[] };
    return report.dependencies.map(({ name }) => name);
  }

  protected hashed(hash = '2.2.0'): Files {
    // the hashes of itsdangerous 2.2.0, or one that nothing has
    const hashes = hash === '2.2.0'
      ? ['c6242fc49e35958c8b15141343aa660db5fc54d4f13a1db01a3f5891b98700ef', 'e0050c0b7da1eea53ffaf149c0cfbb5c6e2e2b69c4bef22c81fa6eb73e5f6173']
      : ['0'.repeat(64)];
    return { 'requirements.txt': `itsdangerous==2.2.0 ${hashes.map((one) => `--hash=sha256:${one}`).join(' ')}\n` };
  }

  protected inside(directory: string, files: Files): Files {
    return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text]));
  }

  protected released(
    name: string, project: Project = {}, also?: (run: Run) => void | Promise<void>, gates: readonly string[] = GATES,
    minimumTests = 1,
  ): Case {
    return {
      ...this.case(name, project),
      check: async (run) => {
        await expectRelease(run, { gates: [...gates].sort(), minimumTests, health: gates === LIGHT_GATES ? undefined : { port: 8080, path: '/' } });
        await also?.(run);
      },
    };
  }

  protected refused(name: string, project: Project, refusal: Refusal, also?: (run: Run) => void | Promise<void>): Case {
    return {
      ...this.case(name, project),
      check: async (run) => {
        await expectRefusal(run, refusal);
        await also?.(run);
      },
    };
  }

  protected case(name: string, { files, pipeline, python, others, modes = ONE, choices }: Project): Omit<Case, 'check'> {
    return {
      name,
      modes,
      choices,
      render: () => this.render(pipeline, python, others),
      source: (directory) => writeFiles(directory, { ...SMALL_PROJECT, Dockerfile: this.dockerfile('shop'), ...files }),
    };
  }

  /** An image that holds the folder and answers on port 8080. */
  protected dockerfile(folder: string): string {
    return [
      `FROM public.ecr.aws/docker/library/python:${this.interpreters[0].minor}-slim`,
      `COPY ${folder.startsWith('[') ? folder : `${folder} /app/${folder}`}`,
      'USER 10001:10001',
      'EXPOSE 8080',
      'CMD ["python", "-m", "http.server", "8080", "--directory", "/app"]',
      '',
    ].join('\n');
  }

  protected render(
    pipeline: PythonCiPipelineOptions = {}, python: PipOptions = {}, others: BlueGreenPythonPipelineProps = {},
  ): Rendered {
    const project = PythonProject.pip({ pythonVersion: this.interpreters[0].minor, ...python });
    const { dependencyAudit, advisorySource = AdvisorySource.osv({ url: this.advisories }) } = pipeline.gates ?? {};
    const gates = { ...pipeline.gates, advisorySource: dependencyAudit === false ? undefined : advisorySource };
    return renderPattern({ ...others, pipeline: { python: project, ...pipeline, gates } });
  }
}

/** Without the gates that take longest and that the case is not about. */
export function light(project: Project): Project {
  const { gates, ...pipeline } = project.pipeline ?? {};
  return { ...project, pipeline: { ...pipeline, gates: { dependencyAudit: false, sbom: false, ...gates } } };
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
