import { PipOptions, PoetryOptions, PythonProjectOptions, RequirementsInstaller, UvOptions } from '../python-project-options';
import { quote } from './shell';

/** Poetry for a lock file that does not tell what wrote it. */
const POETRY = '2.5.1';

/** Requirements files, and the project itself when it names a build system. */
export function pipCommands(options: PipOptions): string[] {
  const { requirementsFiles, testRequirementsFiles, groups = [] } = options;
  const given = requirementsFiles !== undefined;
  const testFiles = testRequirementsFiles ?? (given ? [] : ['requirements-dev.txt', 'requirements-test.txt']);
  return [
    pipFunction(options.installer),
    'installed=no project=()',
    ...(requirementsFiles ?? ['requirements.txt']).map((file) => requirements(file, given ? 'requirementsFiles' : undefined)),
    // requirements files that are there name the dependencies, possibly with hashes, which an editable install may not mix with
    'if [ -f setup.py ] || grep -qs "^\\[build-system\\]" pyproject.toml; then',
    '  if [ "$installed" = yes ]; then pip_install --no-deps --editable .; else pip_install --editable .; fi',
    '  project=(--editable .)',
    'elif [ "$installed" = no ] && grep -qs "^\\[project\\]" pyproject.toml; then',
    '  "$uv" pip install --python "$python" -r pyproject.toml',
    '  project=(-r pyproject.toml)',
    'fi',
    'installed | grep == > "$DELIVERY_HOME/production.txt" || true',
    ...testFiles.map((file) => requirements(file, testRequirementsFiles && 'testRequirementsFiles')),
    ...findExtras(options),
    // extras that nobody asked for are not mixed with requirements files
    `if [ "\${#extras[@]}" -gt 0 ] && [ "\${#project[@]}" -gt 0 ]${options.extras ? '' : ' && [ "$installed" = no ]'}; then`,
    '  if [ "${project[0]}" = -r ]; then project+=("${options[@]}"); else project[1]=".[$(IFS=,; echo "${extras[*]}")]"; fi',
    '  "$uv" pip install --python "$python" "${project[@]}"',
    'fi',
    ...groups.map((group) => `"$uv" pip install --python "$python" --group ${quote(group)}; installed=yes`),
    'explain "nothing to install: no requirements file and no project in pyproject.toml; name the files by PythonProject.pip({ requirementsFiles })"',
    '[ "$installed" = yes ] || [ "${#project[@]}" -gt 0 ]',
    ...installTestTools(options),
  ];
}

function pipFunction(installer = RequirementsInstaller.UV): string {
  return installer === RequirementsInstaller.PIP
    ? 'pip_install() { "$python" -m pip install "$@"; }'
    : 'pip_install() { "$uv" pip install --python "$python" "$@" || { echo "uv could not install it, so pip does"; "$python" -m pip install "$@"; }; }';
}

function requirements(file: string, givenBy?: string): string {
  const install = `pip_install --requirement ${quote(file)}; installed=yes`;
  return givenBy === undefined
    ? `if [ -f ${quote(file)} ]; then ${install}; fi`
    : `if [ -f ${quote(file)} ]; then ${install}; else explain ${quote(`the requirements file ${file} is missing: add it, or name others by ${givenBy}`)}; exit 1; fi`;
}

/** Extras that are asked for, else those that tests usually have. */
function findExtras({ extras }: PythonProjectOptions): string[] {
  const found = extras ? [`extras=(${extras.map(quote).join(' ')})`] : [
    'extras=()',
    'declared="$(sed -n "/^\\[project.optional-dependencies\\]/,/^\\[/p" pyproject.toml 2>/dev/null || true)"',
    'for extra in test tests dev; do ! grep -Eq "^[\\"\']?$extra[\\"\']? *=" <<< "$declared" || extras+=("$extra"); done',
  ];
  return [...found, 'options=()', 'for extra in "${extras[@]}"; do options+=(--extra "$extra"); done'];
}

/** A project with a lock file of uv, in its directory or above it as in a workspace. */
export function uvCommands(options: UvOptions): string[] {
  const { groups = [], allowOutdatedLock = false } = options;
  const outdated = 'uv.lock does not fit pyproject.toml: run uv lock and commit it, or set allowOutdatedLock';
  return [
    'root="$PWD"',
    'while [ ! -f "$root/uv.lock" ] && [ "$root" != "$DELIVERY_HOME/checks" ]; do root="${root%/*}"; done',
    'explain "there is no uv.lock: run uv lock and commit it, or use PythonProject.pip()"',
    '[ -f "$root/uv.lock" ]',
    // the index of the tools is not that of the lock file, which names its own
    'export UV_PROJECT_ENVIRONMENT="$venv"',
    'unset UV_DEFAULT_INDEX',
    `explain ${quote(outdated)}`,
    `"$uv" lock --check --quiet --python "$interpreter"${allowOutdatedLock ? ` || echo ${quote(`warning: ${outdated}`)}` : ''}`,
    'explain "~the project could not be installed: see the log"',
    ...findExtras(options),
    `"$uv" sync --frozen --python "$interpreter"${groups.map((group) => ` --group ${quote(group)}`).join('')} "\${options[@]}"`,
    'installed > "$DELIVERY_HOME/installed.txt"',
    '"$uv" export --frozen --no-default-groups --no-emit-workspace --no-hashes --no-header --no-annotate --quiet > "$DELIVERY_HOME/exported.txt"',
    ...intersect(),
    ...installTestTools(options),
  ];
}

/** A project with a lock file of Poetry, which refuses one that does not fit by itself. */
export function poetryCommands(options: PoetryOptions): string[] {
  const { extras, groups, installRoot = true, poetryVersion, indexUrl } = options;
  const plugins = ['poetry-plugin-export', ...(indexUrl === undefined ? [] : ['poetry-plugin-pypi-mirror'])];
  return [
    'explain "there is no poetry.lock: run poetry lock and commit it, or use PythonProject.pip()"',
    '[ -f poetry.lock ]',
    'explain "~the project could not be installed: see the log"',
    poetryVersion === undefined
      ? `version="$(sed -n "1s/.*by Poetry \\([0-9][0-9.]*\\) .*/\\1/p" poetry.lock)"; version="\${version:-${POETRY}}"`
      : `version=${poetryVersion}`,
    `poetry() { "$uv" tool run --quiet --python "$newest" --from "poetry==$version"${plugins.map((plugin) => ` --with ${plugin}`).join('')} poetry "$@"; }`,
    // Poetry installs into the environment that is active, and without one into whatever Python it finds
    'export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH"',
    `poetry install --no-interaction${installRoot ? '' : ' --no-root'}`
    + `${extras ? ` --extras ${quote(extras.join(' '))}` : ''}${groups ? ` --with ${quote(groups.join(','))}` : ''}`,
    'installed > "$DELIVERY_HOME/installed.txt"',
    'poetry export --only main --without-hashes --format requirements.txt --output "$DELIVERY_HOME/exported.txt"',
    ...intersect(),
    ...installTestTools(options),
  ];
}

/** What the image gets, as it is installed here: the lock file's own list holds what is for other platforms as well. */
function intersect(): string[] {
  return [
    '"$newest" - "$DELIVERY_HOME/exported.txt" "$DELIVERY_HOME/installed.txt" > "$DELIVERY_HOME/production.txt" <<\'EOF\'',
    'import re, sys',
    'exported, installed = ([line.strip() for line in open(name)] for name in sys.argv[1:])',
    'name = lambda line: re.sub("[-_.]+", "-", re.split("[ =<>!~;@[]", line)[0]).lower()',
    'wanted = {name(line) for line in exported}',
    'print("\\n".join(line for line in installed if "==" in line and name(line) in wanted))',
    'EOF',
  ];
}

/** The project's own pytest stays, and nothing that it pins moves. */
function installTestTools({ extraTestPackages = [] }: PythonProjectOptions): string[] {
  const install = '"$uv" pip install --python "$python" --constraint "$DELIVERY_HOME/constraints.txt"';
  return [
    'explain "~what the tests need could not be installed: see the log"',
    'installed > "$DELIVERY_HOME/constraints.txt"',
    `"$python" -c "import pytest, pytest_cov" 2>/dev/null || ${install} pytest pytest-cov`,
    ...(extraTestPackages.length > 0 ? [`${install} ${extraTestPackages.map(quote).join(' ')}`] : []),
  ];
}
