import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { deflateRawSync } from 'zlib';
import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { fail, show } from '../../private/errors';

/**
 * The maximum size of the archive.
 *
 * @see https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html
 */
const MAX_BYTES = 20 * 1024 * 1024;

/** The bytes that an archive contains for each file, besides its content and twice its name. */
const ENTRY = 100;

/** The maximum size of a file that Node.js reads at once. */
const MAX_READ = 2 ** 31 - 1;

/** More names would make the warning too long to read. */
const SHOWN = 3;

/** The files that the repository must not contain: third-party code and generated files. */
const LEFT_OUT = new Set([
  '.git', '.venv', 'venv', 'node_modules', '__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.tox', '.coverage', 'htmlcov', 'cdk.out', '.DS_Store',
]);

/**
 * Calls the function with a copy of the directory that CodeCommit accepts as the first commit.
 *
 * CodeCommit rejects a commit with an empty file, and most `__init__.py` files are empty.
 *
 * @throws if the copy is too large, or if it has a link that leaves it
 * @see https://github.com/aws/aws-cdk/issues/19012
 */
export function withSeedDirectory<T>(scope: IConstruct, directory: string, use: (copy: string) => T): T {
  requireInnerLinks(scope, directory);
  const files = filesOf(directory);
  requireSize(scope, directory, files);
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'seed-'));
  try {
    fs.cpSync(directory, copy, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => source === directory
      || !isLeftOut(source),
    });
    makeWritable(copy);
    files.filter(({ size }) => size === 0).forEach(({ name }) => fs.writeFileSync(path.join(copy, name), '\n'));
    warnOfExecutables(scope, files);
    return use(copy);
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
}

function isLeftOut(source: string): boolean {
  const name = path.basename(source);
  return LEFT_OUT.has(name) || /\.pyc$|\.egg-info$/.test(name) || isSecret(name);
}

/**
 * A commit is permanent, and others can read the bucket of the asset. Files with environment values are therefore left
 * out; examples of such files are not.
 */
function isSecret(name: string): boolean {
  return /^\.env(\..*)?$/.test(name) && !/\.(example|sample|template)$/.test(name);
}

interface SeedFile {
  /** The path relative to the directory. */
  readonly name: string;
  readonly size: number;
  readonly executable: boolean;
}

function filesOf(directory: string): SeedFile[] {
  return pathsIn(directory).map((file) => ({ name: path.relative(directory, file), stats: fs.lstatSync(file) }))
    .filter(({ stats }) => stats.isFile())
    .map(({ name, stats }) => ({ name, size: stats.size, executable: isExecutable(stats) }));
}

/** Whether the owner may execute the file. On Windows, no file has this mode. */
function isExecutable({ mode }: fs.Stats): boolean {
  return Math.floor(mode / 0o100) % 2 === 1;
}

/**
 * The paths that the copy contains, without those behind a link.
 *
 * A recursive `readdir` of Node.js 20 follows links to directories: out of the copy, or in circles.
 */
function pathsIn(directory: string): string[] {
  return fs.readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => !isLeftOut(name))
    .flatMap((entry) => {
      const file = path.join(directory, entry.name);
      return entry.isDirectory() ? [file, ...pathsIn(file)] : [file];
    });
}

/**
 * Fails for a link to a place outside of the directory, or to a directory. The CDK CLI packs the files behind links:
 * the first commit could contain a private key, and links in a circle would never end.
 */
function requireInnerLinks(scope: IConstruct, directory: string): void {
  const wrong = pathsIn(directory).filter((file) => fs.lstatSync(file).isSymbolicLink()).filter((file) => {
    const target = fs.readlinkSync(file);
    const place = path.resolve(path.dirname(file), target);
    return path.isAbsolute(target) || !isIn(path.resolve(directory), place) || !leadsToFile(file);
  });
  if (wrong.length > 0) {
    fail(scope, `'source.seedDirectory' must have only relative links to other files in it, got ${wrong.map((file) => show(path.relative(directory, file))).join(', ')}; `
      + 'the first commit would contain the files behind the link: copy them, or remove the link');
  }
}

/** Whether a link leads to a file, or to nothing. Links that lead to each other are an error of the system. */
function leadsToFile(link: string): boolean {
  try {
    return fs.statSync(link, { throwIfNoEntry: false })?.isDirectory() !== true;
  } catch {
    return false;
  }
}

function isIn(directory: string, file: string): boolean {
  return !path.relative(directory, file).split(path.sep).includes('..');
}

/** The copy has the modes of the directory: a file could not be filled, and a directory could not be deleted. */
function makeWritable(copy: string): void {
  for (const file of [copy, ...pathsIn(copy)]) {
    const stats = fs.lstatSync(file);
    if (!stats.isSymbolicLink()) { fs.chmodSync(file, stats.isDirectory() || isExecutable(stats) ? 0o755 : 0o644); }
  }
}

/** Compresses the files only if they could be too large, and before a large directory is copied. */
function requireSize(scope: IConstruct, directory: string, files: SeedFile[]): void {
  if (!exceedsLimit(files, ({ size }) => size)) { return; }
  // with the largest files first, the sum exceeds the limit after few files
  const sorted = [...files].sort((one, other) => other.size - one.size);
  const [largest] = sorted;
  const isUnreadable = largest.size > MAX_READ;
  const compress = ({ name }: SeedFile) => deflateRawSync(fs.readFileSync(path.join(directory, name))).length;
  if (isUnreadable || exceedsLimit(sorted, compress)) {
    fail(scope, `'source.seedDirectory' must have at most 20 MB when it is compressed, got ${isUnreadable ? 'a file of 2 GB or more' : 'more than 20 MB'} in ${show(directory)}; `
      + `CodeCommit rejects a larger first commit: move large files such as ${path.basename(largest.name)} out of the directory, or push the code yourself`);
  }
}

/** Whether an archive of the files is too large. Looks at no more files once it is. */
function exceedsLimit(files: SeedFile[], bytesOf: (file: SeedFile) => number): boolean {
  let bytes = 0;
  return files.some((file) => {
    bytes += bytesOf(file) + 2 * Buffer.byteLength(file.name) + ENTRY;
    return bytes > MAX_BYTES;
  });
}

function warnOfExecutables(scope: IConstruct, files: SeedFile[]): void {
  const names = files.filter(({ executable }) => executable).map(({ name }) => name).sort();
  if (names.length === 0) { return; }
  const shown = `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? `, and ${names.length - SHOWN} more` : ''}`;
  Annotations.of(scope).addWarningV2('cdk-blue-green-python-pipeline:PipelineSource.executableSeed',
    `the first commit does not keep the executable mode of ${shown}: call them with their interpreter, as in python manage.py, or commit the mode with git update-index --chmod=+x`);
}
