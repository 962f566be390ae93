import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { RECORD, UNEXPECTED_CALL } from './record';
import { ACCOUNT, REGION } from '../assembly/template';

/** What AWS has for the build. */
export interface AwsAnswers {
  /** Parameter Store, by name. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Secrets Manager, by name or ARN. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The answers about an image's scan, one for each call, the last again and again. */
  readonly scans?: readonly ScanAnswer[];
  /** Calls that fail, by their arguments with `*` for any, such as `s3 cp *`, with what they say. */
  readonly failing?: Readonly<Record<string, string>>;
}

/** The JSON of `describe-image-scan-findings`, or that there is no scan yet. */
export type ScanAnswer = Readonly<Record<string, unknown>> | 'ScanNotFoundException';

export interface AwsOptions {
  /** Where it keeps what happened. */
  readonly state: string;
  /** Stands for all buckets: `<directory>/<bucket>/<key>`. */
  readonly buckets: string;
  /** The storage of the registry, and its password. */
  readonly storage: string;
  readonly registryPassword: string;
  readonly answers: AwsAnswers;
}

/** The script that stands for the AWS command line: it answers what the build may ask and refuses the rest. */
export function awsScript(options: AwsOptions): string {
  const { state, registryPassword, answers: { parameters = {}, secrets = {}, scans = [], failing = {} } } = options;
  const directory = join(state, 'aws');
  mkdirSync(join(directory, 'scans'), { recursive: true });
  scans.forEach((scan, index) => writeFileSync(join(directory, 'scans', String(index)), typeof scan === 'string' ? scan : JSON.stringify(scan)));
  const file = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  const arms = [
    ...Object.entries(failing).map(([pattern, text], index) => (
      arm(around(pattern.replace(/\*/g, '\0')), `cat '${file(`failure-${index}`, `${text}\n`)}' >&2`, pattern.startsWith('s3') ? 1 : 254))),
    arm(quote('ecr get-login-password'), `[ "\${AWS_REGION:-}" = '${REGION}' ] || refuse 'no region'; cat '${file('password', `${registryPassword}\n`)}'`),
    ...Object.entries(parameters).map(([name, value], index) => arm(quote(PARAMETER(name)), `cat '${file(`parameter-${index}`, `${value}\n`)}'`)),
    ...Object.entries(secrets).map(([name, value], index) => arm(quote(SECRET(name)), `cat '${file(`secret-${index}`, `${JSON.stringify({ Name: name, SecretString: value })}\n`)}'`)),
    arm(around(PARAMETER('\0')), error('ParameterNotFound', 'GetParameter', ''), 254),
    arm(around(SECRET('\0')), error('ResourceNotFoundException', 'GetSecretValue', "Secrets Manager can't find the specified secret."), 254),
    arm(around('ecr describe-image-scan-findings --repository-name \0 --image-id imageDigest=sha256:\0 --output json'), 'describe_scan "$4" "${6#imageDigest=}"'),
    arm("'s3 cp '*", 'copy "${@:3}"'),
    arm('*', UNEXPECTED_CALL),
  ];
  return `${RECORD(state, 'aws')}${functions(options)}\ncase "$*" in\n${arms.join('\n')}\nesac\n`;
}

const PARAMETER = (name: string) => `ssm get-parameter --name ${name} --with-decryption --query Parameter.Value --output text`;
const SECRET = (name: string) => `secretsmanager get-secret-value --secret-id ${name} --output json`;

function arm(pattern: string, command: string, code?: number): string {
  return `  ${pattern}) ${command}${code === undefined ? '' : `; exit ${code}`} ;;`;
}

function quote(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

/** A pattern of which the marked places are free. */
function around(text: string): string {
  return text.split('\0').map((part) => (part === '' ? '' : quote(part))).join('*');
}

function error(code: string, operation: string, text: string): string {
  return `printf '\\n%s\\n' ${quote(`An error occurred (${code}) when calling the ${operation} operation: ${text}`)} >&2`;
}

const functions = (options: AwsOptions) => `${scanFunction(options)}${pathFunction(options)}${COPY_FUNCTION}`;

const scanFunction = ({ state, storage }: AwsOptions) => String.raw`
describe_scan() {
  local repository="$1" digest="$2" count answer
  if [ ! -e '${storage}/docker/registry/v2/repositories/'"$repository/_manifests/revisions/sha256/${'${digest#sha256:}'}" ]; then
    ${error('ImageNotFoundException', 'DescribeImageScanFindings', 'The image with imageId does not exist')}
    exit 254
  fi
  count="$(cat '${state}/aws/scanned' 2> /dev/null || echo 0)"
  echo "$((count + 1))" > '${state}/aws/scanned'
  while [ "$count" -gt 0 ] && [ ! -f "${state}/aws/scans/$count" ]; do count=$((count - 1)); done
  answer="$(cat "${state}/aws/scans/$count" 2> /dev/null || echo ScanNotFoundException)"
  if [ "$answer" = ScanNotFoundException ]; then
    printf '\n%s\n' "An error occurred (ScanNotFoundException) when calling the DescribeImageScanFindings operation: Image scan does not exist for the image with '{imageDigest:'$digest'}' in the repository with name '$repository' in the registry with id '${ACCOUNT}'" >&2
    exit 254
  fi
  printf '%s\n' "$answer"
}`;

const pathFunction = ({ buckets }: AwsOptions) => String.raw`
path_of() {
  printf '%s/%s' '${buckets}' "${'${1#s3://}'}"
}`;

const COPY_FUNCTION = String.raw`
copy() {
  local words=() recursive=no quiet=no word target
  for word in "$@"; do
    case "$word" in
      --recursive) recursive=yes ;;
      --only-show-errors) quiet=yes ;;
      --*) ${UNEXPECTED_CALL} ;;
      *) words+=("$word") ;;
    esac
  done
  [ "$quiet" = yes ] && [ "${'${#words[@]}'}" = 2 ] || ${UNEXPECTED_CALL}
  case "$recursive ${'${words[0]}'} ${'${words[1]}'}" in
    'no s3://'*' -')
      if [ ! -f "$(path_of "${'${words[0]}'}")" ]; then
        target="${'${words[0]#s3://}'}"
        echo "fatal error: An error occurred (404) when calling the HeadObject operation: Key \"${'${target#*/}'}\" does not exist" >&2
        exit 1
      fi
      cat "$(path_of "${'${words[0]}'}")" ;;
    'no - s3://'*)
      target="$(path_of "${'${words[1]}'}")"
      mkdir -p "${'${target%/*}'}"
      cat > "$target.part" && mv "$target.part" "$target" ;;
    'yes '*' s3://'*)
      [ -d "${'${words[0]}'}" ] || { echo "The user-provided path ${'${words[0]}'} does not exist." >&2; exit 255; }
      target="$(path_of "${'${words[1]}'}")"
      mkdir -p "$target"
      cp -rL "${'${words[0]}'}/." "$target/" ;;
    'no '*' s3://'*)
      [ -f "${'${words[0]}'}" ] || { echo "The user-provided path ${'${words[0]}'} does not exist." >&2; exit 255; }
      target="$(path_of "${'${words[1]}'}")"
      case "$target" in */) target="$target$(basename "${'${words[0]}'}")" ;; esac
      mkdir -p "${'${target%/*}'}"
      cp -L "${'${words[0]}'}" "$target" ;;
    *) ${UNEXPECTED_CALL} ;;
  esac
}`;
