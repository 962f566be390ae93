import { randomUUID } from 'crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { AwsAnswers } from './aws';
import { BuildCache, CacheUse } from './cache';
import { run } from '../processes';
import { chooseFor, Interpreter } from './pythons';
import { Call, readCalls, readUnexpected } from './record';
import { Mode, Scripts } from './scripts';
import { installStandIns } from './stand-ins';
import { collectUploads, differences, filesIn, Uploads } from './uploads';
import { Assets, BuildSpec, Rendered } from '../assembly/rendered';
import { REGION } from '../assembly/template';
import { Engine } from '../engine/engine';
import { publishService } from '../engine/service-images';

export type { Mode } from './scripts';

/** What a case may choose. */
export interface BuildChoices {
  /** After how many seconds the tests' own timeout strikes. */
  readonly testSeconds?: number;
  /** Which build of the project it is. @default 7 */
  readonly buildNumber?: number;
  /** The commit, which an image is tagged with. */
  readonly commit?: string;
  /** The UUID of the build. @default - a new one */
  readonly uuid?: string;
  readonly aws?: AwsAnswers;
  /** Where the cache lies that builds hand on; without it each begins with none. */
  readonly cacheDirectory?: string;
  /** What stands for the buckets that builds hand on. */
  readonly bucketDirectory?: string;
  /** What the asset bucket has instead of what the deployment uploaded. */
  readonly assets?: (uploaded: Assets) => Assets;
  /** Variables of the build container that the template does not set. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether there is a Docker engine. @default - what the template says */
  readonly privileged?: boolean;
}

export interface BuildOptions extends BuildChoices {
  readonly engine: Engine;
  /** An empty directory for all that the build leaves. */
  readonly directory: string;
  /** The source, which is copied. */
  readonly source: string;
  readonly rendered: Rendered;
  readonly mode: Mode;
  readonly interpreters: readonly [Interpreter, ...Interpreter[]];
  /** Where the builds without a cache of their own keep what they downloaded: one asks the index for all. */
  readonly downloads: string;
}

export interface BuildResult extends Omit<Uploads, 'complete'> {
  /** Phases that failed, in their order; UPLOAD_ARTIFACTS is one. */
  readonly failed: readonly string[];
  readonly output: string;
  readonly calls: readonly Call[];
  /** Calls that a stand-in did not know. */
  readonly unexpected: readonly string[];
  /** Where the source was built. */
  readonly sourceDirectory: string;
  /** The exported variables at the end that have a value. */
  readonly exported: Readonly<Record<string, string>>;
  /** `<bucket>/<key>` in their directory. */
  readonly buckets: string;
  /** What the cache did, when the project has one. */
  readonly cache?: CacheUse;
  /** What the build changed in the source's directory, its own output aside. */
  readonly changes: readonly string[];
  readonly buildNumber: number;
  /** What stands before the build number in the tag. */
  readonly commit: string;
  /** What stands behind it. */
  readonly uuid: string;
  readonly seconds: number;
}

/** Longer than any build here, shorter than a person waits. */
const BUILD_SECONDS = 240;

/** What a build may take from this machine: how pip reaches its index. */
const INHERITED = /^(LANG|LC_.*|PIP_.*|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE)$/;

const COMMIT = '6f3a'.repeat(10);

/** The execution of the pipeline that a build belongs to, unless a case says otherwise. */
export const EXECUTION = 'execution-1';

/** Runs a buildspec as CodeBuild does after CodePipeline has handed over the source. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const started = Date.now();
  const container = new BuildContainer(options);
  const variables = container.resolveVariables();
  if (typeof variables === 'string') {
    return container.result({ failed: ['DOWNLOAD_SOURCE'], output: variables, exported: {}, seconds: 0 });
  }
  await provideImages(options);
  const env = container.prepare(variables);
  const { spec, cached } = options.rendered;
  const cache = cached && spec.cache && options.cacheDirectory
    ? new BuildCache(options.cacheDirectory, spec.cache, { source: container.source, home: container.home, env })
    : undefined;
  cache?.restore();
  const scripts = new Scripts(join(options.directory, 'commands'), options.mode);
  const entry = scripts.write(spec);
  // by one pipe, since lines of two come in any order
  const finished = await run({ file: 'bash', args: ['-c', 'exec bash "$0" 2>&1', entry], cwd: container.source, env }, BUILD_SECONDS);
  return container.result({
    failed: finished.timedOut ? ['TIMEOUT'] : scripts.failedPhases(),
    aborted: scripts.aborted(),
    output: finished.output,
    exported: scripts.exportedVariables(),
    cache: cache?.save(),
    seconds: (Date.now() - started) / 1000,
  });
}

/** The images that the Dockerfiles are made of, and their layers where a push would find them after the first. */
async function provideImages({ source, engine, interpreters, rendered }: BuildOptions): Promise<void> {
  const dockerfiles = filesIn(source).filter((file) => basename(file).includes('Dockerfile')).map((file) => readFileSync(join(source, file), 'utf8'));
  // arguments of the build may name the base image
  const versions = [...dockerfiles, rendered.text].flatMap((text) => [...text.matchAll(/\bpython:(3\.\d+)(?:-slim)?\b/g)].map(([, version]) => version));
  for (const version of new Set(versions)) {
    await engine.images.publish(version, chooseFor(version, interpreters).path);
  }
  for (const name of ['redis', 'postgres'] as const) {
    if (rendered.text.includes(`public.ecr.aws/docker/library/${name}:`)) {
      await publishService(engine, name, interpreters[0]);
    }
  }
  for (const { name } of rendered.repositories) {
    await engine.images.share(name);
  }
}

interface Outcome {
  readonly failed: readonly string[];
  readonly aborted?: boolean;
  readonly output: string;
  readonly exported: Readonly<Record<string, string>>;
  readonly cache?: CacheUse;
  readonly seconds: number;
}

/** The machine that CodeBuild gives to one build. */
class BuildContainer {
  public readonly source: string;
  public readonly home: string;
  private readonly pristine: string;
  private readonly state: string;
  private readonly bin: string;
  private readonly buckets: string;
  private readonly uuid: string;

  constructor(private readonly options: BuildOptions) {
    const { directory, source, uuid = randomUUID() } = options;
    this.uuid = uuid;
    const inside = (name: string) => join(directory, name);
    [this.source, this.home, this.pristine, this.state, this.bin] = ['src 1', 'home', 'pristine', 'state', 'bin'].map(inside);
    this.buckets = options.bucketDirectory ?? inside('buckets');
    [this.home, this.buckets, inside('tmp')].forEach((path) => mkdirSync(path, { recursive: true }));
    copySource(source, this.source);
    copySource(source, this.pristine);
  }

  /** The variables whose values lie elsewhere; a text when one is not there, before any command has run. */
  public resolveVariables(): Readonly<Record<string, string>> | string {
    const { rendered: { spec, parameters, secrets }, aws = {} } = this.options;
    const values: Record<string, string> = {};
    for (const [name, parameter] of Object.entries({ ...spec.env?.['parameter-store'], ...parameters })) {
      const value = aws.parameters?.[parameter];
      if (value === undefined) { return `the parameter ${parameter} of ${name} does not exist\n`; }
      values[name] = value;
    }
    for (const [name, reference] of Object.entries({ ...spec.env?.['secrets-manager'], ...secrets })) {
      const value = secretValue(reference, aws.secrets ?? {});
      if (value === undefined) { return `the secret ${reference} of ${name} does not exist\n`; }
      values[name] = value;
    }
    return values;
  }

  /** Puts the tools in place and returns the environment of the commands. */
  public prepare(resolved: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    const { engine, rendered, interpreters, testSeconds, aws = {}, privileged = rendered.privileged } = this.options;
    const { storage, registryPassword } = engine.facts;
    const logins = join(this.state, 'docker');
    this.shareDownloads();
    this.uploadAssets();
    installStandIns({
      bin: this.bin,
      state: this.state,
      docker: {
        pristine: this.pristine,
        environment: engine.environment(logins),
        storage,
        repositories: rendered.repositories,
        privileged,
      },
      aws: { buckets: this.buckets, storage, registryPassword, answers: aws },
      interpreters,
      testSeconds,
      chosen: chooseInterpreter(rendered.spec, interpreters),
    });
    return { ...this.environment(), ...resolved };
  }

  public result({ aborted, ...outcome }: Outcome): BuildResult {
    const { rendered: { spec }, buildNumber = 7, commit = COMMIT } = this.options;
    const { complete, ...uploads } = collectUploads(spec, this.source);
    const uploading = !outcome.failed.includes('DOWNLOAD_SOURCE') && !aborted;
    return {
      ...outcome,
      ...uploads,
      failed: uploading && !complete ? [...outcome.failed, 'UPLOAD_ARTIFACTS'] : outcome.failed,
      changes: differences(this.source, this.pristine),
      calls: readCalls(this.state),
      unexpected: readUnexpected(this.state),
      sourceDirectory: this.source,
      buckets: this.buckets,
      buildNumber,
      commit,
      uuid: this.uuid,
    };
  }

  private uploadAssets(): void {
    const { rendered, assets = (uploaded) => uploaded } = this.options;
    for (const [object, content] of Object.entries(assets(rendered.assets))) {
      const file = join(this.buckets, object);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  /** In the place of a cache, so that the index is not asked again by every build. */
  private shareDownloads(): void {
    const { rendered: { spec }, cacheDirectory, downloads } = this.options;
    if (!spec.cache || cacheDirectory) { return; }
    mkdirSync(join(this.source, '.delivery'), { recursive: true });
    mkdirSync(downloads, { recursive: true });
    symlinkSync(downloads, join(this.source, '.delivery', 'cache'));
  }

  private environment(): NodeJS.ProcessEnv {
    const { directory, rendered, buildNumber = 7, commit = COMMIT, environment, cacheDirectory } = this.options;
    return {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => INHERITED.test(name))),
      PATH: `${this.bin}:/usr/local/bin:/usr/bin:/bin`,
      HOME: this.home,
      TMPDIR: join(directory, 'tmp'),
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      CODEBUILD_SRC_DIR: this.source,
      CODEBUILD_RESOLVED_SOURCE_VERSION: commit,
      CODEBUILD_BUILD_NUMBER: String(buildNumber),
      // builds of different projects share their downloads here, which a build prunes only if they are its own
      CODEBUILD_BUILD_ID: `orders-build-${cacheDirectory ? 'test' : basename(dirname(directory))}:${this.uuid}`,
      PIPELINE_EXECUTION_ID: EXECUTION,
      ...environment,
      // the project's variables win over those of the buildspec
      ...rendered.spec.env?.variables,
      ...rendered.variables,
    };
  }
}

/** `<name or ARN>:<key in the JSON>:<stage>:<version>`, all but the first optional. */
function secretValue(reference: string, secrets: Readonly<Record<string, string>>): string | undefined {
  const parts = reference.split(':');
  const length = reference.startsWith('arn:') ? 7 : 1;
  const text = secrets[parts.slice(0, length).join(':')];
  const key = parts[length];
  if (text === undefined || !key) { return text; }
  return (JSON.parse(text) as Record<string, string | undefined>)[key];
}

/** CodePipeline's bundle has no .git; the rest is what a developer's directory has and a repository has not. */
function copySource(from: string, to: string): void {
  if (!existsSync(from)) { throw new Error(`there is no source in ${from}`); }
  const left = ['.git', '.venv', '__pycache__', '.pytest_cache', '.coverage'];
  cpSync(from, to, { recursive: true, filter: (path) => !left.includes(basename(path)) });
}

/** `runtime-versions` chooses what the image has; an image of the user's own has the one that it has. */
function chooseInterpreter(spec: BuildSpec, interpreters: readonly [Interpreter, ...Interpreter[]]): Interpreter {
  return chooseFor(spec.phases.install?.['runtime-versions']?.python, interpreters);
}
