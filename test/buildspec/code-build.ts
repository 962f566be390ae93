import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { basename, join, relative } from 'path';
import { run } from './processes';
import { Interpreter } from './pythons';
import { Call, installStandIns, readCalls } from './stand-ins';
import { BuildSpec, Phase, REGION, Rendered } from './template';

/**
 * How commands share a shell: all run in one, as the documentation of version 0.2 says, or each is a script of its own that hands on
 * directory and exported variables only, as AWS's own runner of the format does.
 */
export type Mode = 'one shell' | 'one script per command';

export interface BuildOptions {
  /** An empty directory for all that the build leaves. */
  readonly directory: string;
  /** The source, which is copied. */
  readonly source: string;
  readonly rendered: Rendered;
  readonly mode: Mode;
  readonly interpreters: readonly [Interpreter, ...Interpreter[]];
  readonly testSeconds?: number;
  readonly environments?: string;
}

export interface BuildResult {
  /** Phases that failed, in their order; UPLOAD_ARTIFACTS is one. */
  readonly failed: readonly string[];
  readonly output: string;
  readonly calls: readonly Call[];
  /** Where the source was built. */
  readonly sourceDirectory: string;
  /** Paths in the artifact, which has what the buildspec lists and no more. */
  readonly artifacts: readonly string[];
  /** What lies in the directory of the artifact, listed or not. */
  readonly released: readonly string[];
  /** Path of the report file by the format. */
  readonly reports: Readonly<Record<string, string | undefined>>;
  /** What the build changed in the source's directory, its own output aside. */
  readonly changes: readonly string[];
}

/** Longer than any build here, shorter than a person waits. */
const BUILD_SECONDS = 240;

const PHASES = ['install', 'pre_build', 'build', 'post_build'];

/** What a build may take from this machine: how pip reaches its index, and where its cache is. */
const INHERITED = /^(HOME|LANG|LC_.*|PIP_.*|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE)$/;

/** Runs a buildspec as CodeBuild does after CodePipeline has handed over the source. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const { directory, source, rendered, mode } = options;
  const sourceDirectory = join(directory, 'src 1');
  const pristine = join(directory, 'pristine');
  copySource(source, sourceDirectory);
  copySource(source, pristine);
  const state = join(directory, 'state');
  const bin = join(directory, 'bin');
  const { interpreters, testSeconds, environments } = options;
  installStandIns({ bin, state, pristine, interpreters, testSeconds, environments, chosen: chooseInterpreter(rendered.spec, interpreters) });
  mkdirSync(join(directory, 'tmp'));

  const scripts = new Scripts(join(directory, 'commands'), mode);
  const entry = scripts.write(rendered.spec);
  const finished = await run({
    file: 'bash', args: [entry], cwd: sourceDirectory, env: environment(options, sourceDirectory, bin),
  }, BUILD_SECONDS);
  const failed = finished.timedOut ? ['TIMEOUT'] : scripts.failedPhases();
  return { ...collect(rendered.spec, sourceDirectory, pristine, failed), output: finished.output, calls: readCalls(state), sourceDirectory };
}

/** CodePipeline's bundle has no .git; the rest is what a developer's directory has and a repository has not. */
function copySource(from: string, to: string): void {
  const left = ['.git', '.venv', '__pycache__', '.pytest_cache', '.coverage'];
  cpSync(from, to, { recursive: true, filter: (path) => !left.includes(basename(path)) });
}

/** `runtime-versions` chooses what the image has; an image of the user's own has the one that it has. */
function chooseInterpreter(spec: BuildSpec, interpreters: readonly [Interpreter, ...Interpreter[]]): Interpreter {
  const wanted = spec.phases.install?.['runtime-versions']?.python;
  return interpreters.find(({ minor }) => minor === wanted) ?? interpreters[0];
}

function environment({ directory, rendered }: BuildOptions, sourceDirectory: string, bin: string): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => INHERITED.test(name))),
    PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
    TMPDIR: join(directory, 'tmp'),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    CODEBUILD_SRC_DIR: sourceDirectory,
    CODEBUILD_RESOLVED_SOURCE_VERSION: '6f3a'.repeat(10),
    CODEBUILD_BUILD_NUMBER: '7',
    CODEBUILD_BUILD_ID: 'orders-build-test:1',
    // the project's variables win over those of the buildspec
    ...rendered.spec.env?.variables,
    ...rendered.variables,
  };
}

/** The commands as files, and the script that runs them. */
class Scripts {
  private readonly results: string;

  constructor(private readonly directory: string, private readonly mode: Mode) {
    mkdirSync(directory);
    this.results = join(directory, 'results');
  }

  /** Writes everything and returns the script to run. */
  public write(spec: BuildSpec): string {
    const phases = PHASES.flatMap((name) => {
      const phase = spec.phases[name];
      return phase?.commands ? [this.phase(name, phase)] : [];
    });
    const entry = join(this.directory, 'build.sh');
    writeFileSync(entry, ['__blocked=no', ...phases, `echo end >> '${this.results}'`, ''].join('\n'));
    return entry;
  }

  /** Without the last line something has ended the shell that was to write it. */
  public failedPhases(): string[] {
    const lines = existsSync(this.results) ? readFileSync(this.results, 'utf8').trim().split('\n') : [];
    const ended = lines.includes('end') ? [] : ['BUILD'];
    return [...lines.filter((line) => line.startsWith('failed ')).map((line) => line.slice('failed '.length).toUpperCase()), ...ended];
  }

  /** A command that fails ends the commands of its phase, and `finally` follows in any case; after a failed `build` comes `post_build`. */
  private phase(name: string, phase: Phase): string {
    const list = (part: string, commands: readonly string[]) => commands.map((command, index) => this.command(`${name}-${part}-${index}`, command));
    const last = PHASES.slice(PHASES.indexOf(name) + 1).length === 0;
    return [
      'if [ "$__blocked" = no ]; then',
      '__status=0',
      ...list('command', phase.commands ?? []).map((step) => `[ "$__status" != 0 ] || { ${step}; __status=$?; }`),
      '__phase=$__status',
      ...list('finally', phase.finally ?? []).map((step) => `${step}; [ $? = 0 ] || __phase=1`),
      `if [ "$__phase" != 0 ]; then echo 'failed ${name}' >> '${this.results}'; ${name === 'build' || last ? '' : '__blocked=yes;'} fi`,
      'fi',
    ].join('\n');
  }

  private command(name: string, command: string): string {
    const file = join(this.directory, `${name}.sh`);
    if (this.mode === 'one shell') {
      writeFileSync(file, `${command}\n`);
      return `source '${file}'`;
    }
    const carried = join(this.directory, 'carried');
    writeFileSync(file, [
      `[ ! -f '${carried}' ] || source '${carried}'`,
      command,
      '__code=$?',
      `{ export -p; printf 'cd %q\\n' "$PWD"; } > '${carried}'`,
      'exit "$__code"',
      '',
    ].join('\n'));
    return `bash '${file}'`;
  }
}

type Collected = Pick<BuildResult, 'failed' | 'artifacts' | 'released' | 'reports' | 'changes'>;

/** Reports and artifacts are collected after a failed `build` too; a file that is not there fails the upload. */
function collect(spec: BuildSpec, source: string, pristine: string, failed: readonly string[]): Collected {
  const base = join(source, spec.artifacts['base-directory']);
  const artifacts = spec.artifacts.files.filter((file) => existsSync(join(base, file)));
  const reports = Object.fromEntries(Object.values(spec.reports ?? {}).map((report) => {
    const [file] = report.files.map((name) => join(source, report['base-directory'], name)).filter(existsSync);
    return [report['file-format'], file];
  }));
  const complete = artifacts.length === spec.artifacts.files.length && Object.values(reports).every((file) => file !== undefined);
  return {
    failed: complete ? failed : [...failed, 'UPLOAD_ARTIFACTS'],
    artifacts,
    released: existsSync(base) ? filesIn(base) : [],
    reports,
    changes: differences(source, pristine),
  };
}

function differences(source: string, pristine: string): string[] {
  const own = (file: string) => file.startsWith('.delivery/');
  const read = (root: string) => new Map(filesIn(root).filter((file) => !own(file)).map((file) => [file, readFileSync(join(root, file), 'latin1')]));
  const before = read(pristine);
  const after = read(source);
  return [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file)).sort();
}

function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
