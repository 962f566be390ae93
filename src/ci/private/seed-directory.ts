import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

/** The files that the repository must not contain: third-party code and generated files. */
const LEFT_OUT = new Set([
  '.git', '.venv', 'venv', 'node_modules', '__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.tox', '.coverage', 'htmlcov', 'cdk.out', '.DS_Store',
]);

/**
 * Calls the function with a copy of the directory that CodeCommit accepts as the first commit.
 *
 * CodeCommit rejects a commit with an empty file, and most `__init__.py` files are empty.
 *
 * @see https://github.com/aws/aws-cdk/issues/19012
 */
export function withSeedDirectory<T>(directory: string, use: (copy: string) => T): T {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'seed-'));
  try {
    fs.cpSync(directory, copy, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => source === directory
      || !isLeftOut(source),
    });
    fillEmptyFiles(copy);
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

function fillEmptyFiles(directory: string): void {
  for (const name of fs.readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(directory, name);
    const stats = fs.lstatSync(file);
    if (stats.isFile() && stats.size === 0) {
      fs.writeFileSync(file, '\n');
    }
  }
}
