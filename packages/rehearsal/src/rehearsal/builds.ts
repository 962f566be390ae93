import { randomBytes, randomUUID } from 'crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { basename, join } from 'path';
import { TaskModel } from '../assembly/model';
import { Rendered } from '../assembly/rendered';
import { parseTaskDefinition } from '../assembly/task-definition';
import { build, BuildResult } from '../build/code-build';
import { Interpreter } from '../build/pythons';
import { Engine } from '../engine/engine';

export interface BuildsOptions {
  readonly engine: Engine;
  readonly rendered: Rendered;
  /** The Python application of the user, which stays as it is. */
  readonly source: string;
  /** Where the builds leave everything. */
  readonly directory: string;
  /** Where their logs stay. @default - in their directory */
  readonly logs?: string;
  readonly interpreters: readonly [Interpreter, ...Interpreter[]];
  /** Values of secrets and parameters, by the names of their variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What CodePipeline hands to CodeDeploy. */
export interface Release {
  /** The image with its digest. */
  readonly image: string;
  readonly digest: string;
  readonly task: TaskModel;
}

export interface BuildReport {
  /** Undefined of a build that failed. */
  readonly release?: Release;
  /** What the build says at its end. */
  readonly lastLine: string;
  readonly output: string;
  readonly seconds: number;
  readonly result: BuildResult;
}

/** Where taskdef.json names the image of the release, as CodePipeline replaces it. */
const IMAGE = /<IMAGE\d?_NAME>/g;
/** What a developer's folder has and a repository has not. */
const IGNORED = ['.git', '.venv', 'venv', 'node_modules', '__pycache__', '.pytest_cache', 'cdk.out'];

/** Builds the application with the buildspec of the template, one build after the other. */
export class Builds {
  /** How many ran so far. */
  public count = 0;

  constructor(private readonly options: BuildsOptions) {}

  /** @param change changes the copy of the source that is built */
  public async build(change?: (source: string) => void): Promise<BuildReport> {
    this.count += 1;
    const { engine, rendered, interpreters, directory: root, environment } = this.options;
    const directory = join(root, `build-${this.count}`);
    const source = this.copySource(directory, change);
    const result = await build({
      engine,
      rendered,
      interpreters,
      source,
      directory,
      mode: 'one script per command',
      downloads: join(root, 'downloads'),
      cacheDirectory: join(root, 'cache'),
      bucketDirectory: join(root, 'buckets'),
      buildNumber: this.count,
      commit: randomBytes(20).toString('hex'),
      uuid: randomUUID(),
      // each build belongs to an execution of its own, since none is a retry
      environment: { ...environment, PIPELINE_EXECUTION_ID: `rehearsal-${this.count}` },
    });
    this.keepLog(result.output);
    const lines = result.output.trimEnd().split('\n').filter((line) => /^the build (passed|failed)/.test(line));
    return {
      lastLine: lines.at(-1) ?? 'the build wrote no last line: see its log',
      output: result.output,
      seconds: result.seconds,
      result,
      ...(result.failed.length === 0 && { release: readRelease(result) }),
    };
  }

  private keepLog(output: string): void {
    const { logs = this.options.directory } = this.options;
    mkdirSync(logs, { recursive: true });
    writeFileSync(join(logs, `build-${this.count}.log`), output);
  }

  private copySource(directory: string, change?: (source: string) => void): string {
    const copy = join(directory, 'changed');
    mkdirSync(directory, { recursive: true });
    cpSync(this.options.source, copy, { recursive: true, filter: (path) => !IGNORED.includes(basename(path)) });
    change?.(copy);
    return copy;
  }
}

/** @throws if the build passed without the files of a release */
function readRelease({ sourceDirectory, released }: BuildResult): Release {
  const read = (name: string) => {
    const found = released.find((file) => basename(file) === name);
    const path = found && join(sourceDirectory, '.delivery', 'release', found);
    if (!path || !existsSync(path)) { throw new Error(`the build passed without ${name}`); }
    return readFileSync(path, 'utf8');
  };
  const { ImageURI: image } = JSON.parse(read('imageDetail.json')) as { readonly ImageURI: string };
  const task = parseTaskDefinition(JSON.parse(read('taskdef.json').replace(IMAGE, image)));
  return { image, digest: image.slice(image.indexOf('@') + 1), task };
}
