import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { join, relative } from 'path';
import { expandGlobs } from './globs';
import { Artifact, BuildSpec } from '../assembly/rendered';

/** What a build hands over. */
export interface Uploads {
  /** Paths in the artifact, which has what the buildspec lists and no more. */
  readonly artifacts: readonly string[];
  readonly secondaryArtifacts: Readonly<Record<string, readonly string[]>>;
  /** What lies in the directory of the artifact, listed or not. */
  readonly released: readonly string[];
  /** Path of the report file by the format. */
  readonly reports: Readonly<Record<string, string | undefined>>;
  /** Whether each that the buildspec lists was there. */
  readonly complete: boolean;
}

/** Reports and artifacts are collected after a failed `build` too; a file that is not there fails the upload. */
export function collectUploads(spec: BuildSpec, source: string): Uploads {
  const { 'secondary-artifacts': secondary = {}, ...primary } = spec.artifacts;
  const base = join(source, primary['base-directory'] ?? '.');
  const main = collectArtifact(primary, source);
  const others = Object.entries(secondary)
    .map(([name, artifact]) => [name, collectArtifact(artifact, source)] as const);
  const reports = Object.fromEntries(Object.values(spec.reports ?? {}).map((report) => {
    const directory = join(source, report['base-directory'] ?? '.');
    const [file] = existsSync(directory) ? expandGlobs(directory, report.files).map((name) => join(directory, name))
      .filter(existsSync) : [];
    return [report['file-format'], file];
  }));
  const all = [main, ...others.map(([, artifact]) => artifact)];
  return {
    artifacts: main.paths,
    secondaryArtifacts: Object.fromEntries(others.map(([name, { paths }]) => [name, paths])),
    released: existsSync(base) ? filesIn(base) : [],
    reports,
    complete: all.every((artifact) => artifact.complete) && Object.values(reports).every((file) => file !== undefined),
  };
}

/** What is not as it came in the source's directory, the build's own output aside. */
export function differences(source: string, pristine: string): string[] {
  const own = (file: string) => file.startsWith('.delivery/');
  const read = (root: string) => new Map(filesIn(root).filter((file) => !own(file)).map((file) => [file, readFileSync(join(root, file), 'latin1')]));
  const before = read(pristine);
  const after = read(source);
  return [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file))
    .sort();
}

export function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

interface Collected {
  readonly paths: readonly string[];
  readonly complete: boolean;
}

function collectArtifact({ 'base-directory': directory = '.', files = [] }: Artifact, source: string): Collected {
  const base = join(source, directory);
  const isFile = (path: string) => statSync(join(base, path), { throwIfNoEntry: false })?.isFile() === true;
  const found = files.map((pattern) => (existsSync(base) ? expandGlobs(base, [pattern]).filter(isFile) : []));
  return { paths: [...new Set(found.flat())], complete: found.every((paths) => paths.length > 0) };
}
