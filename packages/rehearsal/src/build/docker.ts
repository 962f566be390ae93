import { RECORD } from './record';
import { Repository } from '../assembly/rendered';
import { ACCOUNT, REGION } from '../assembly/template';
import { DOCKER } from '../engine/engine';

export const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

export interface DockerOptions {
  /** Where it keeps what happened, and the client its logins. */
  readonly state: string;
  /** The source as it was before the build; the image's context must be the same. */
  readonly pristine: string;
  /** What the client needs to find the engine; nothing else of the build sees it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The storage of the registry. */
  readonly storage: string;
  readonly repositories: readonly Repository[];
  /** Without it there is no engine. */
  readonly privileged: boolean;
}

/**
 * What the checks and their tools leave behind must not be in the context: it would grow the image and spoil its cache.
 */
const LITTER = ['.venv', '.coverage', '__pycache__', '.pytest_cache', '.delivery', 'coverage.xml', 'pytest.xml', '*.egg-info'];

/** The script that writes the call down, adds what only ECR does, and hands it to Debian's client. */
export function dockerScript(
  { state, pristine, environment, storage, repositories, privileged }: DockerOptions,
): string {
  const exports = Object.entries(environment).map(([name, value]) => `export ${name}="\${${name}:-${value}}"`);
  return [
    RECORD(state, 'docker'),
    ...(privileged ? [] : [
      'echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" >&2',
      'exit 1',
    ]),
    CHECK_CONTEXT(pristine),
    checkTag(storage, repositories),
    'case "${1:-}" in',
    '  build) check_context "${@: -1}" ;;',
    `  push) case "\${@: -1}" in '${REGISTRY}/'*) reference="\${@: -1}"; check_tag "\${reference#*/}" ;; esac ;;`,
    'esac',
    ...exports,
    'case " $* " in',
    `  *' --password-stdin '*) printf '%s\\n' "$stdin" | ${DOCKER} "$@" ;;`,
    `  *) exec ${DOCKER} "$@" ;;`,
    'esac',
    '',
  ].join('\n');
}

/** The context is a directory of the source: the one whose path ends as the context's does, else the whole of it. */
const CHECK_CONTEXT = (pristine: string) => `check_context() {
  local inside litter rest wanted='${pristine}'
  [ -d "$1" ] || return 0
  inside="$(cd "$1" && pwd -P)"
  litter="$(find "$inside" ${LITTER.map((name) => `-name '${name}'`).join(' -o ')})"
  [ -z "$litter" ] || refuse "the context has what the checks left: $litter"
  rest="\${inside#/}"
  while [ -n "$rest" ]; do
    if [ -d '${pristine}'"/$rest" ]; then wanted='${pristine}'"/$rest"; break; fi
    case "$rest" in */*) rest="\${rest#*/}" ;; *) rest='' ;; esac
  done
  diff -r --exclude=.delivery "$inside" "$wanted" >&2 || refuse 'the context is not the source'
}`;

/**
 * The registry takes any name and any tag again; ECR has its repositories only, and keeps a tag where that is asked
 * for.
 */
function checkTag(storage: string, repositories: readonly Repository[]): string {
  const known = repositories.map(({ name, immutable, exceptions }) => {
    const excepted = exceptions.length > 0 ? `case "$tag" in ${exceptions.map((pattern) => pattern.replace(/[^a-zA-Z0-9*]/g, '\\$&')).join('|')}) kept=${immutable ? 'no' : 'yes'} ;; esac; ` : '';
    return `    '${name}') kept=${immutable ? 'yes' : 'no'}; ${excepted};;`;
  });
  return `check_tag() {
  local repository="\${1%:*}" tag="\${1##*:}" kept
  case "$repository" in
${known.join('\n')}
    *) echo "name unknown: The repository with name '$repository' does not exist in the registry with id '${ACCOUNT}'" >&2; exit 1 ;;
  esac
  if [ "$kept" = yes ] && [ -e '${storage}/docker/registry/v2/repositories/'"$repository/_manifests/tags/$tag" ]; then
    echo "tag invalid: The image tag '$tag' already exists in the '$repository' repository and cannot be overwritten because the tag is immutable." >&2
    exit 1
  fi
}`;
}
