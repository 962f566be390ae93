import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageJob, runJob } from './workflow';
import { REPOSITORY, Workspace } from './workspace';

const MAVEN_ARTIFACT = 'io/github/cdkbluegreen/cdk-blue-green-python-pipeline';
const DIST = join(REPOSITORY, 'dist/js');

/** What the job of the release publishes to PyPI. */
export interface PythonPackage {
  readonly wheel: string;
  /** The folder that it was made in: the repository with the unpacked tarball. */
  readonly checkout: string;
}

/** What the job of the release publishes to Maven Central. */
export interface JavaPackage {
  readonly jar: string;
  readonly sources: string;
  /** The folder that is a Maven repository. */
  readonly repository: string;
  readonly version: string;
  readonly checkout: string;
}

/** The tarball; builds it first when it is missing or older than its source, unless told not to. */
export async function tarball(workspace: Workspace, build: boolean): Promise<string> {
  if (build && isStale()) {
    console.log('      building the tarball: npx projen package');
    await workspace.run('npx', ['projen', 'package'], { cwd: REPOSITORY, env: process.env });
  }
  return findTarball();
}

export async function pythonPackage(packed: string, workspace: Workspace): Promise<PythonPackage> {
  const { dist, checkout } = await runJob(packageJob('release_pypi'), packed, workspace);
  return { wheel: only(join(dist, 'python'), /\.whl$/), checkout };
}

export async function javaPackage(packed: string, workspace: Workspace): Promise<JavaPackage> {
  const { dist, checkout } = await runJob(packageJob('release_maven'), packed, workspace);
  const repository = join(dist, 'java');
  const versions = join(repository, MAVEN_ARTIFACT);
  const jar = only(versions, /-\d[^/]*(?<!-javadoc|-sources)\.jar$/);
  return { jar, sources: only(versions, /-sources\.jar$/), repository, version: jar.slice(versions.length + 1).split('/')[0], checkout };
}

function findTarball(): string {
  return only(DIST, /\.tgz$/);
}

/** Exactly one: with two builds in `dist` it would be unclear which one is tested. */
function only(folder: string, pattern: RegExp): string {
  const found = files(folder).filter((file) => pattern.test(file));
  if (found.length !== 1) {
    throw new Error(`expected one file like ${pattern} in ${folder}, found ${found.length}: run npm run package`);
  }
  return found[0];
}

function isStale(): boolean {
  try {
    const built = modified(findTarball());
    return [...files(join(REPOSITORY, 'src')), ...files(join(REPOSITORY, 'assets')), join(REPOSITORY, 'README.md')].some((file) => modified(file) > built);
  } catch {
    return true;
  }
}

function modified(file: string): number {
  return statSync(file).mtimeMs;
}

/** All files below a folder, none when it does not exist. */
export function files(folder: string): string[] {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What the files of some folders take, in bytes. */
export function sizeOf(...folders: string[]): number {
  return folders.flatMap(files).reduce((sum, file) => sum + statSync(file).size, 0);
}
