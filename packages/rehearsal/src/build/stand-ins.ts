import { mkdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { AwsOptions, awsScript } from './aws';
import { DockerOptions, dockerScript } from './docker';
import { EXPAND } from './globs';
import { Interpreter } from './pythons';
import { UNEXPECTED } from './record';

/** What the stand-ins of one build need to know. */
export interface StandInOptions {
  /** Where they go; the first directory of PATH. */
  readonly bin: string;
  /** Where they keep what happened. */
  readonly state: string;
  readonly docker: Omit<DockerOptions, 'state'>;
  readonly aws: Omit<AwsOptions, 'state'>;
  /** What `pyenv` lists. */
  readonly interpreters: readonly Interpreter[];
  /** The version that the image chose. */
  readonly chosen: Interpreter;
  /** After how many seconds `timeout` strikes, whatever it is told; undefined leaves it alone. */
  readonly testSeconds?: number;
}

/**
 * Puts `docker`, `aws`, `pyenv`, `python` and CodeBuild's own tool into a directory.
 *
 * `aws` is a mock, since no account is here; `docker` calls a real engine, and adds what only ECR does.
 * The others are pyenv's rules over the interpreters of this machine, which need not have pyenv.
 */
export function installStandIns(options: StandInOptions): void {
  const { bin, state } = options;
  [bin, state].forEach((directory) => mkdirSync(directory, { recursive: true }));
  writeScript(join(bin, 'docker'), dockerScript({ ...options.docker, state }));
  writeScript(join(bin, 'aws'), awsScript({ ...options.aws, state }));
  writeScript(join(bin, 'codebuild-hash-files'), HASH_FILES);
  if (options.testSeconds !== undefined) {
    // nobody waits for the 40 minutes of the buildspec
    writeScript(join(bin, 'timeout'), `#!/usr/bin/env bash\nexec /usr/bin/timeout "\${@/#[0-9][0-9][0-9]*/${options.testSeconds}}"\n`);
  }
  const root = join(state, 'pyenv');
  const python = PYTHON(root, options.chosen.version);
  ['python', 'python3'].forEach((name) => writeScript(join(bin, name), `${python}exec "${root}/versions/$version/bin/python" "$@"\n`));
  writeScript(join(bin, 'pyenv'), `${python}${PYENV(root)}`);
  for (const interpreter of options.interpreters) {
    writeScript(join(root, 'versions', interpreter.version, 'bin', 'python'), INTERPRETER(interpreter));
  }
}

function writeScript(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
}

/** One SHA-256 of what the patterns name in the source's directory, also when that is nothing. */
const HASH_FILES = `#!/usr/bin/env bash
set -euo pipefail
cd "$CODEBUILD_SRC_DIR"
${EXPAND}
expand "$@" | while read -r -d '' file; do [ ! -f "$file" ] || sha256sum "./$file"; done | sha256sum | cut -d ' ' -f 1
`;

/** pyenv's order: the variable, the nearest .python-version upwards, the version that the image chose. */
const PYTHON = (root: string, chosen: string) => `#!/usr/bin/env bash
set -euo pipefail
version="\${PYENV_VERSION:-}"
directory="$PWD"
while [ -z "$version" ] && [ -n "$directory" ]; do
  [ ! -f "$directory/.python-version" ] || read -r version < "$directory/.python-version"
  directory="\${directory%/*}"
done
version="\${version:-${chosen}}"
if [ ! -d "${root}/versions/$version" ]; then
  echo "pyenv: version \\\`$version' is not installed" >&2
  exit 1
fi
`;

const INTERPRETER = ({ path }: Interpreter) => `#!/usr/bin/env bash
exec '${path}' "$@"
`;

const PYENV = (root: string) => `case "$*" in
  version-name) echo "$version" ;;
  'versions --bare') ls "${root}/versions" ;;
  root) echo "${root}" ;;
  *) echo "pyenv: an unexpected call: $*" >&2; exit ${UNEXPECTED} ;;
esac
`;
