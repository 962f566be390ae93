import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, Workspace } from './workspace';

const DIST = join(REPOSITORY, 'dist');
const MAVEN_ARTIFACT = 'io/github/cdkbluegreen/cdk-blue-green-python-pipeline';

/** What `npm run package` makes. */
export interface Artifacts {
  readonly tarball: string;
  readonly wheel: string;
  readonly jar: string;
  /** The folder that is a Maven repository. */
  readonly mavenRepository: string;
  readonly mavenVersion: string;
}

/** Finds the packages; builds them first when they are missing or older than their source, unless told not to. */
export async function packages(workspace: Workspace, build: boolean): Promise<Artifacts> {
  if (build && isStale()) {
    console.log('      building the packages: npx projen package');
    await workspace.run('npx', ['projen', 'package'], { cwd: REPOSITORY, env: process.env });
  }
  return findArtifacts();
}

function findArtifacts(): Artifacts {
  const mavenRepository = join(DIST, 'java');
  const versions = join(mavenRepository, MAVEN_ARTIFACT);
  const jar = only(versions, /-\d[^/]*(?<!-javadoc|-sources)\.jar$/);
  return {
    tarball: only(join(DIST, 'js'), /\.tgz$/),
    wheel: only(join(DIST, 'python'), /\.whl$/),
    jar,
    mavenRepository,
    mavenVersion: jar.slice(versions.length + 1).split('/')[0],
  };
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
    const { tarball, wheel, jar } = findArtifacts();
    const built = Math.min(...[tarball, wheel, jar].map(modified));
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
