import { mkdirSync, readFileSync, existsSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { Interpreter } from './pythons';
import { ACCOUNT, REGION } from './template';

export const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
export const DOCKER_HUB = { username: 'a user', password: 'pass word' };

/** What a stand-in ends with when the build calls something that it should not: no such code comes from the tools themselves. */
export const UNEXPECTED = 97;

/** What the stand-ins of one build need to know. */
export interface StandInOptions {
  /** Where they go; the first directory of PATH. */
  readonly bin: string;
  /** Where they keep what happened. */
  readonly state: string;
  /** The source as it was before the build; the image's context must be the same. */
  readonly pristine: string;
  /** What `pyenv` lists. */
  readonly interpreters: readonly Interpreter[];
  /** The version that the image chose. */
  readonly chosen: Interpreter;
  /** After how many seconds `timeout` strikes, whatever it is told; undefined leaves it alone. */
  readonly testSeconds?: number;
  /** Where environments lie to copy, by version; undefined lets Python make them. */
  readonly environments?: string;
}

/** A call of `docker` or `aws`. */
export interface Call {
  readonly tool: string;
  readonly args: readonly string[];
  /** How many bytes came on standard input. */
  readonly stdinSize: number;
  /** What the gates had recorded by then, such as `pytest=passed`. */
  readonly gates: readonly string[];
}

/**
 * Puts `docker`, `aws`, `pyenv` and `python` of a build image into a directory.
 *
 * The first two are mocks: neither an engine nor an account is here. They answer what the build may ask and refuse the rest.
 * The others are pyenv's rules over the interpreters of this machine, which need not have pyenv.
 */
export function installStandIns(options: StandInOptions): void {
  [options.bin, options.state].forEach((directory) => mkdirSync(directory, { recursive: true }));
  writeScript(join(options.bin, 'docker'), DOCKER(options));
  writeScript(join(options.bin, 'aws'), AWS(options));
  if (options.testSeconds !== undefined) {
    // nobody waits for the 40 minutes of the buildspec
    writeScript(join(options.bin, 'timeout'), `#!/usr/bin/env bash\nexec /usr/bin/timeout "\${@/#[0-9][0-9][0-9]*/${options.testSeconds}}"\n`);
  }
  const root = join(options.state, 'pyenv');
  const python = PYTHON(root, options.chosen.version);
  ['python', 'python3'].forEach((name) => writeScript(join(options.bin, name), `${python}exec "${root}/versions/$version/bin/python" "$@"\n`));
  writeScript(join(options.bin, 'pyenv'), `${python}${PYENV(root)}`);
  for (const interpreter of options.interpreters) {
    writeScript(join(root, 'versions', interpreter.version, 'bin', 'python'), INTERPRETER(interpreter, options.environments));
  }
}

export function readCalls(state: string): Call[] {
  const log = join(state, 'calls');
  if (!existsSync(log)) { return []; }
  return readFileSync(log, 'utf8').split('\x1e').slice(0, -1).map((entry) => {
    const [tool, stdinSize, gates, ...args] = entry.split('\x1f');
    return { tool, stdinSize: Number(stdinSize), gates: gates.split(' ').filter((gate) => gate !== ''), args };
  });
}

function writeScript(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
}

/** Writes the call into the log: fields and entries end with characters that no argument has. */
const RECORD = (state: string, tool: string) => String.raw`#!/usr/bin/env bash
set -euo pipefail
shopt -s nullglob
state='${state}'
stdin=''
case " $* " in *' --password-stdin '*) stdin="$(cat)" ;; esac
gates="$(cd "$DELIVERY_HOME/gates" && for gate in *; do printf '%s=%s ' "$gate" "$(tr ' ' '-' < "$gate")"; done)"
{
  printf '%s\x1f%s\x1f%s' ${tool} "${'${#stdin}'}" "$gates"
  printf '\x1f%s' "$@"
  printf '\x1e'
} >> "$state/calls"
refuse() {
  echo "${tool}: $1" >&2
  exit ${UNEXPECTED}
}
`;

const AWS = ({ state }: StandInOptions) => `${RECORD(state, 'aws')}
case "$*" in
  'ecr get-login-password')
    [ "$AWS_REGION" = '${REGION}' ] || refuse 'no region'
    echo 'registry password' ;;
  'ssm get-parameter --name /docker-hub/username --with-decryption --query Parameter.Value --output text') echo '${DOCKER_HUB.username}' ;;
  'ssm get-parameter --name /docker-hub/password --with-decryption --query Parameter.Value --output text') echo '${DOCKER_HUB.password}' ;;
  *) refuse "an unexpected call: $*" ;;
esac
`;

/** What the checks and their tools leave behind must not be in the context: it would grow the image and spoil its cache. */
const LITTER = ['.venv', '.coverage', '__pycache__', '.pytest_cache', '.delivery', 'coverage.xml', 'pytest.xml', '*.egg-info'];

const DOCKER = ({ state, pristine }: StandInOptions) => `${RECORD(state, 'docker')}
case "$*" in
  'login --username AWS --password-stdin ${REGISTRY}')
    [ "$stdin" = 'registry password' ] || refuse 'a wrong password of the registry'
    touch "$state/logged-in" ;;
  'login --username ${DOCKER_HUB.username} --password-stdin')
    [ "$stdin" = '${DOCKER_HUB.password}' ] || refuse 'a wrong password of Docker Hub' ;;
  "build --pull --tag ${REGISTRY}/"*" --file "*" .")
    [ -f "$6" ] || refuse "the context has no $6"
    litter="$(find . ${LITTER.map((name) => `-name '${name}'`).join(' -o ')})"
    [ -z "$litter" ] || refuse "the context has what the checks left: $litter"
    prefix="$DELIVERY_HOME/image"
    inside="$(pwd -P)"
    diff -r . '${pristine}'"\${inside#"$prefix"}" || refuse 'the context is not the source'
    printf %s "$4" > "$state/built" ;;
  "push ${REGISTRY}/"*)
    [ -f "$state/logged-in" ] || refuse 'nobody is logged in'
    [ "$2" = "$(cat "$state/built")" ] || refuse "no such image: $2"
    touch "$state/pushed" ;;
  "image inspect --format {{range .RepoDigests}}{{println .}}{{end}} ${REGISTRY}/"*)
    [ -f "$state/pushed" ] || refuse 'an image has no digest before its push'
    # an image that came from another registry keeps that name as well
    printf '%s\\n' 'public.ecr.aws/other/image@sha256:ffff' "\${5%:*}@${DIGEST}" '' ;;
  *) refuse "an unexpected call: $*" ;;
esac
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

const INTERPRETER = ({ version, path }: Interpreter, environments?: string) => `#!/usr/bin/env bash
if [ "$1 $2" = '-m venv' ] && [ -d '${environments}/${version}' ]; then
  exec cp -a '${environments}/${version}' "$3"
fi
exec '${path}' "$@"
`;

const PYENV = (root: string) => `case "$*" in
  version-name) echo "$version" ;;
  'versions --bare') ls "${root}/versions" ;;
  root) echo "${root}" ;;
  *) echo "pyenv: an unexpected call: $*" >&2; exit ${UNEXPECTED} ;;
esac
`;
