#!/usr/bin/env bash
# The build, as functions that the commands of the buildspec call one after the other. Everything that differs between projects is in settings.sh.
# A step that runs in the background is called without ||, because bash would otherwise continue after its first failure.
set -euo pipefail

TEST_SECONDS=2400

# the options of the user; the functions in settings.sh call the functions below
requirements_files=() requirements_option='' test_requirements_files=() test_requirements_option='' INSTALLER=UV
extras=() groups=() extra_test_packages=() allow_outdated_lock=no poetry_version='' install_root=yes
# shellcheck source=/dev/null
. "$DELIVERY_HOME/settings.sh"

output="$CODEBUILD_SRC_DIR/.delivery"
reports="$output/reports"
release="$output/release"
archive="$output/cache/downloads.tar"
evidence="s3://$ARTIFACT_BUCKET/reports/${PIPELINE_EXECUTION_ID:-by-hand}"
last_image="s3://$ARTIFACT_BUCKET/cache/image"
home="$DELIVERY_HOME"
gates="$home/gates"
logs="$home/logs"
cache="$home/cache"
production="$home/production.txt"
venv="$home/venv"
python="$venv/bin/python"
uv="$cache/uv-$UV_VERSION/bin/uv"
export UV_CACHE_DIR="$cache/uv" PIP_CACHE_DIR="$cache/pip" POETRY_CACHE_DIR="$cache/poetry"
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# uv does not read the index variables of pip
[ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"
[ -z "${PIP_EXTRA_INDEX_URL:-}" ] || export UV_INDEX="${UV_INDEX:-$PIP_EXTRA_INDEX_URL}"

# sets the message for a failure of the next step, in the file that receives the result of the gate
# a message that starts with ~ reports a failure that a retry may fix
explain() {
  printf '%s\n' "$1" > "$gates/$gate"
}

keep() {
  aws s3 cp --only-show-errors "$@"
}

judge() {
  "$newest" "$home/judge.py" "$@" > "$gates/$gate"
}

# each tool runs on the newest Python of the image, in an environment of its own, so that no pinned version of the project changes
tool() {
  "$uv" tool run --quiet --python "$newest" --from "$1" "${@:2}"
}

wanted() {
  case " $GATES " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

find_pythons() {
  interpreter="$(cd / && python -c 'import sys; print(sys.executable)')"
  newest="$(pyenv versions --bare 2> /dev/null | grep -E '^3\.[0-9]+\.[0-9]+$' | sort -V | tail -n 1 || true)"
  if [ -n "$newest" ]; then newest="$(pyenv root)/versions/$newest/bin/python"; else newest="$interpreter"; fi
}

# the version of the option, or the one that the project names or allows; the user's commands, the installation and the tests use it
choose_python() {
  local active answer pythons root uv_project=no
  [[ "$(declare -f install_project)" != *install_uv_project* ]] || uv_project=yes
  active="$("$interpreter" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')"
  pythons="$(printf '%s\n' "$active" "$(pyenv versions --bare 2> /dev/null | grep -E '^3\.[0-9]+\.[0-9]+$' || true)" | sort -u)"
  # shellcheck disable=SC2086
  answer="$(UV_PROJECT="$uv_project" "$newest" "$home/python_version.py" "$home/checks" "$PROJECT_DIRECTORY" "$PYTHON_VERSION" "$active" $pythons)" \
    || { echo "the Python version of the project could not be read: see the error above; using Python $active"; answer="$active"; }
  case "$answer" in
    '- '*) python_result="the build image has no ${answer#- }: change that file, set pythonVersion, or change buildImage" ;;
    '! '*) python_result="the Python versions contradict each other: ${answer#! }: change one of them" ;;
    "$active") ;;
    *)
      root="$(pyenv root)"
      # another python may come before pyenv's shims
      export PYENV_VERSION="$answer" PATH="$root/versions/$answer/bin:$PATH"
      find_pythons
      ;;
  esac
  export PYTHON_VERSION="${PYTHON_VERSION:-${answer%.*}}"
}

# uv comes from the cache, or from the package index
prepare_tools() {
  gate=install
  [ ! -f "$archive" ] || tar -xf "$archive" -C "$cache" || rm -rf "${cache:?}"/*
  explain '~uv could not be installed: see the log'
  [ -x "$uv" ] || "$newest" -m pip install --quiet --target "${uv%/bin/uv}" "uv==$UV_VERSION"
  rm "$gates/install"
}

# the user's commands run in a shell of their own: they can neither call functions of this program nor stop it
user_lines() {
  bash -n "$home/$1.sh" && bash -eo pipefail -c '. "$1"; [ -z "$2" ] || export -p > "$2"' bash "$home/$1.sh" "${2:-}"
}

# the installation and the tests receive the variables that the commands export
run_install_commands() {
  gate=install
  [ -z "$python_result" ] || { explain "$python_result"; exit 1; }
  [ -s "$home/install-commands.sh" ] || return 0
  cd "$home/checks/$PROJECT_DIRECTORY"
  explain '~a command of installCommands failed: see the log'
  user_lines install-commands "$home/exported"
}

take_exports() {
  [ ! -f "$home/exported" ] || . <(sed -n '/^declare -x \(PWD\|OLDPWD\|SHLVL\)\b/d; s/^declare -x /export /; p' "$home/exported")
}

# one file, because it is unknown how CodeBuild's cache treats the links in uv's cache
keep_downloads() {
  # the downloads of an installation that failed would stay under their cache key forever; judge.py is as old as this build
  [ "$(cat "$gates/install")" = passed ] || return 0
  if [ ! -f "$archive" ] || [ -n "$(find "$cache/uv/archive-v0" -mindepth 1 -maxdepth 1 -newer "$home/judge.py" -print -quit 2> /dev/null)" ] \
    || [ -n "$(find "$cache/pip" "$cache/poetry" -type f -newer "$home/judge.py" -print -quit 2> /dev/null)" ]; then
    mkdir -p "$output/cache"
    { tar -cf "$archive.$$" -C "$cache" . && mv "$archive.$$" "$archive"; } || echo 'the downloads could not be cached: the next build downloads them again'
  fi
}

# CodePipeline retries a failed build once. A build that a gate failed would fail again, so the retry exits immediately.
# A verdict is used once: retrying the stage by hand runs the build in full.
end_repetition() {
  local before
  [ -n "${PIPELINE_EXECUTION_ID:-}" ] || return 0
  before="$(keep "$evidence/verdict" - 2> /dev/null || true)"
  [ -n "$before" ] || return 0
  printf '' | keep - "$evidence/verdict"
  gate=repeated
  explain "the previous attempt failed: $before - retry the stage to run the build again"
  exit 1
}

all_installed() {
  "$uv" pip list --quiet --python "$python" --exclude-editable --format freeze
}

# without pip and the other seed packages, which are installed for scripts that call them
installed() {
  local all
  all="$(all_installed)"
  grep -vxF "$seeded" <<< "$all" || true
}

pip_install() {
  if [ "$INSTALLER" = PIP ]; then
    "$python" -m pip install "$@"
  else
    "$uv" pip install --python "$python" "$@" || { echo 'uv could not install it; falling back to pip'; "$python" -m pip install "$@"; }
  fi
}

# installs a requirements file; it must exist if an option names it
requirements() {
  local file="$1" option="$2"
  if [ -f "$file" ]; then
    pip_install --requirement "$file"
    found=yes
  elif [ -n "$option" ]; then
    explain "the requirements file $file is missing: add it, or change $option"
    exit 1
  fi
}

# the extras of the option, otherwise the extras that tests usually need
find_extras() {
  local declared extra
  if [ "${#extras[@]}" = 0 ]; then
    declared="$(sed -n '/^\[project.optional-dependencies\]/,/^\[/p' pyproject.toml 2> /dev/null || true)"
    for extra in test tests dev; do ! grep -Eq "^[\"']?${extra}[\"']? *=" <<< "$declared" || extras+=("$extra"); done
  fi
  for extra in "${extras[@]}"; do options+=(--extra "$extra"); done
}

install_extras() {
  local options=()
  find_extras
  [ "${#options[@]}" -gt 0 ] || return 0
  if [ "${project[0]}" = -r ]; then
    "$uv" pip install --python "$python" "${project[@]}" "${options[@]}"
  else
    "$uv" pip install --python "$python" --editable ".[$(IFS=,; echo "${extras[*]}")]"
  fi
}

install_pip_project() {
  local found=no file group asked="${#extras[@]}" project=()
  for file in "${requirements_files[@]}"; do requirements "$file" "$requirements_option"; done
  # requirements files contain the dependencies, possibly with hashes, which pip does not allow beside an editable install
  if [ -f setup.py ] || grep -qs '^\[build-system\]' pyproject.toml; then
    project=(--editable .)
    if [ "$found" = yes ]; then pip_install --no-deps "${project[@]}"; else pip_install "${project[@]}"; fi
  elif [ "$found" = no ] && grep -qs '^\[project\]' pyproject.toml; then
    project=(-r pyproject.toml)
    "$uv" pip install --python "$python" "${project[@]}"
  fi
  # extras with requirements files: pyproject.toml declares them
  if [ "$asked" -gt 0 ] && [ "${#project[@]}" = 0 ]; then
    explain 'there are no extras to install: pyproject.toml has no [project] table'
    grep -qs '^\[project\]' pyproject.toml
    project=(-r pyproject.toml)
  fi
  [ "$asked" = 0 ] || install_extras
  installed > "$production"
  for file in "${test_requirements_files[@]}"; do requirements "$file" "$test_requirements_option"; done
  # extras that no option names are for the tests only, and are not combined with requirements files
  if [ "$asked" = 0 ] && [ "$found" = no ] && [ "${#project[@]}" -gt 0 ]; then install_extras; fi
  for group in "${groups[@]}"; do
    "$uv" pip install --python "$python" --group "$group"
    found=yes
  done
  explain 'nothing to install: no requirements file, and no [project] table in pyproject.toml; set requirementsFiles of PythonProject.pip()'
  [ "$found" = yes ] || [ "${#project[@]}" -gt 0 ]
}

install_uv_project() {
  local root="$PWD" group extra options=() shipped=() code=0
  while [ ! -f "$root/uv.lock" ] && [ "$root" != "$home/checks" ]; do root="${root%/*}"; done
  explain 'uv.lock is missing: run uv lock and commit it, or use PythonProject.pip()'
  [ -f "$root/uv.lock" ]
  # the lock file contains its own index, which may differ from the index of the tools
  locked() { env -u UV_DEFAULT_INDEX -u UV_INDEX UV_PROJECT_ENVIRONMENT="$venv" "$uv" "$@"; }
  local outdated='uv.lock does not match pyproject.toml: run uv lock and commit it, or set allowOutdatedLock'
  for extra in "${extras[@]}"; do shipped+=(--extra "$extra"); done
  locked lock --check --quiet --python "$interpreter" || code=$?
  case "$code$allow_outdated_lock" in
    0*) ;;
    1yes) echo "warning: $outdated" ;;
    1no) explain "$outdated"; exit 1 ;;
    *) explain '~uv could not check uv.lock: see the log'; exit 1 ;;
  esac
  explain '~the project could not be installed: see the log'
  find_extras
  for group in "${groups[@]}"; do options+=(--group "$group"); done
  locked sync --frozen --python "$interpreter" "${options[@]}"
  locked export --frozen --no-default-groups --no-emit-workspace --no-hashes --no-header --no-annotate --quiet "${shipped[@]}" > "$home/exported.txt"
  list_production
}

install_poetry_project() {
  local version="$poetry_version" options=() shipped=()
  explain 'poetry.lock is missing: run poetry lock and commit it, or use PythonProject.pip()'
  [ -f poetry.lock ]
  explain '~the project could not be installed: see the log'
  [ -n "$version" ] || version="$(sed -n '1s/.*by Poetry \([0-9][0-9.]*\) .*/\1/p' poetry.lock)"
  poetry=("$uv" tool run --quiet --python "$newest" --from "poetry==${version:-2.5.1}" --with poetry-plugin-export --with poetry-plugin-pypi-mirror poetry)
  # Poetry installs into the active environment; without one, into any Python that it finds
  export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH"
  [ "$install_root" = yes ] || options+=(--no-root)
  [ "${#extras[@]}" = 0 ] || shipped=(--extras "${extras[*]}")
  [ "${#groups[@]}" = 0 ] || options+=(--with "$(IFS=,; echo "${groups[*]}")")
  "${poetry[@]}" install --no-interaction "${options[@]}" "${shipped[@]}"
  "${poetry[@]}" export --only main --without-hashes --format requirements.txt --output "$home/exported.txt" "${shipped[@]}"
  list_production
}

# the dependencies of the image as they are installed here: the lock file also contains those for other platforms
list_production() {
  installed > "$home/installed.txt"
  "$newest" - "$home/exported.txt" "$home/installed.txt" > "$production" << 'EOF'
import re, sys
exported, installed = ([line.strip() for line in open(name)] for name in sys.argv[1:])
name = lambda line: re.sub("[-_.]+", "-", re.split("[ =<>!~;@[]", line)[0]).lower()
wanted = {name(line) for line in exported}
print("\n".join(line for line in installed if "==" in line and name(line) in wanted))
EOF
}

# the project's own pytest and its pinned versions do not change
install_test_tools() {
  local install=("$uv" pip install --python "$python" --constraint "$home/constraints.txt")
  explain '~the test dependencies could not be installed: see the log'
  installed > "$home/constraints.txt"
  "$python" -c 'import pytest, pytest_cov' 2> /dev/null || "${install[@]}" pytest pytest-cov
  [ "${#extra_test_packages[@]}" = 0 ] || "${install[@]}" "${extra_test_packages[@]}"
}

install() {
  local seeded version
  gate=install
  cd "$home/checks/$PROJECT_DIRECTORY"
  version="$("$interpreter" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  explain "the build image provides Python $version, not $PYTHON_VERSION: change buildImage or pythonVersion"
  [ "$version" = "$PYTHON_VERSION" ]
  explain '~the project could not be installed: see the log'
  "$uv" venv --quiet --seed --python "$interpreter" "$venv"
  seeded="$(all_installed)"
  : > "$production"
  install_project
  install_test_tools
  explain passed
}

# replaces the message of a failed installation where the output of the tools shows the cause
explain_installation() {
  local missing
  gate=install
  [ -f "$logs/install" ] || return 0
  said() { grep -Eq "$1" "$logs/install"; }
  # pip also lists the versions for another Python if the project names one that does not exist
  missing="$(sed -n 's/.*No matching distribution found for [^ =]*==\([^ ,;]*\).*/\1/p' "$logs/install" | tail -n 1)"
  ! said "current Python version \([0-9.]+\) does not satisfy|incompatible with the project's Python requirement|requires a different Python: " \
    && ! said "Current Python version \([0-9.]+\) is not allowed by the project|require a different python version:.*[ ;]${missing:-[^ ;]+} Requires-Python" \
    || explain "the project or one of its dependencies does not run on Python $PYTHON_VERSION: choose another version with .python-version or pythonVersion"
  ! said 'DO NOT MATCH THE HASHES|[Hh]ash mismatch' \
    || explain 'the hashes of the requirements are for another Python version or platform: set requirementsFiles to a file for the build'
  ! said 'changed significantly since|poetry.lock .*out of date' || explain 'poetry.lock is out of date: run poetry lock and commit it'
  ! said 'Required uv version' || explain 'the project requires another version of uv: set uvVersion of PythonProject.uv()'
  ! said 'Multiple top-level packages' || explain 'setuptools found several top-level packages: list them in pyproject.toml, or remove its [build-system] table'
}

# the project's own configuration, otherwise src, otherwise all of its code; a bare --cov would also measure the tests
coverage_scope() {
  local configured entry
  configured="$("$python" -c 'import coverage; c = coverage.Coverage().config; print(c.source or getattr(c, "source_pkgs", None) or "")' || true)"
  if [ -n "$configured" ]; then
    scope=(--cov)
  elif [ -d src ]; then
    scope=(--cov=src)
  elif ! grep -Eqs '^\[(run|report|(tool\.)?coverage)' .coveragerc setup.cfg tox.ini pyproject.toml; then
    # also measures modules that no test imports, and folders without __init__.py
    printf '%s\n' '[run]' 'source = .' 'omit = test*,*/test*,*_test.py,conftest.py,*/conftest.py,setup.py,noxfile.py,docs/*,build/*,.*' \
      '[report]' 'include_namespace_packages = true' > "$home/coveragerc"
    scope=(--cov=. "--cov-config=$home/coveragerc")
  else
    for entry in *; do
      case "$entry" in test* | *_test.py | docs | build | conftest.py | setup.py | noxfile.py | *.egg-info) continue ;; *.py) scope+=("--cov=${entry%.py}") ;; esac
      [ ! -d "$entry" ] || [ -z "$(find "$entry" -name '*.py' -print -quit)" ] || scope+=("--cov=$entry")
    done
  fi
  [ "${#scope[@]}" -gt 0 ] || scope=(--cov=.)
}

# the tests are interrupted before the build project's timeout, so that pytest still writes its report
in_time() {
  timeout -s INT -k 30 "$TEST_SECONDS" "$@"
}

check_pytest() {
  local code=0 scope=()
  gate=pytest
  cd "$home/checks/$PROJECT_DIRECTORY"
  export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH"
  # the repository may contain coverage data of an earlier run
  rm -f .coverage .coverage.*
  coverage_scope
  if [ -s "$home/test-command.sh" ]; then run_test_command; else run_pytest; fi
  # the report contains paths in the repository
  [ ! -f "$reports/coverage.xml" ] || sed -i "s#$home/checks/\{0,1\}##" "$reports/coverage.xml"
}

# these options come last and override the project's addopts; --cov options accumulate
run_pytest() {
  local options=(--junitxml="$reports/pytest.xml" "${scope[@]}" --cov-report=term --cov-report="xml:$reports/coverage.xml") result
  # without minimumCoverage, the project's own threshold decides
  [ -z "$MINIMUM_COVERAGE" ] || options+=(--cov-fail-under=0)
  in_time "$python" -m pytest "${test_target[@]}" "${options[@]}" || code=$?
  case "$code" in
    # a test that exits the process with code 0 stops pytest before it writes its report
    0) if [ -s "$reports/pytest.xml" ]; then result=passed; else result='pytest exited without a report: see the log'; fi ;;
    1) result="a test failed, or the coverage is below the project's own threshold: see the report" ;;
    2) result='pytest could not collect the tests, or was interrupted: see the log' ;;
    4) result='pytest rejected its options: if addopts needs a plugin, add it to extraTestPackages' ;;
    5) if [ "$ALLOW_NO_TESTS" = yes ]; then result=passed; else result='no test was found: set testDirectory, or requireTests: false'; fi ;;
    124) result="the tests took more than $TEST_SECONDS seconds: make them faster, or split them" ;;
    137) result='the tests were killed: out of memory (see computeType), or they ignored the time limit' ;;
    *) result="pytest exited with code $code: see the log" ;;
  esac
  explain "$result"
}

run_test_command() {
  export JUNIT_REPORT="$reports/pytest.xml" COVERAGE_REPORT="$reports/coverage.xml"
  # for a command that runs pytest; tox passes the variable on if it is configured to
  PYTEST_ADDOPTS="${PYTEST_ADDOPTS:+$PYTEST_ADDOPTS }--junitxml='$JUNIT_REPORT' ${scope[*]} --cov-report=term --cov-report='xml:$COVERAGE_REPORT'"
  [ -z "$MINIMUM_COVERAGE" ] || PYTEST_ADDOPTS="$PYTEST_ADDOPTS --cov-fail-under=0"
  export PYTEST_ADDOPTS
  bash -n "$home/test-command.sh" && in_time bash -eo pipefail "$home/test-command.sh" || code=$?
  [ -s "$COVERAGE_REPORT" ] || [ ! -f .coverage ] || "$python" -m coverage xml -q -o "$COVERAGE_REPORT" || true
  case "$code" in
    0) explain passed ;;
    137) explain 'testCommand was killed: out of memory (see computeType), or it ignored the time limit' ;;
    124) explain "testCommand took more than $TEST_SECONDS seconds: make the tests faster, or split them" ;;
    *) explain "testCommand exited with code $code: see the log" ;;
  esac
}

check_coverage() {
  local code=0
  gate=coverage
  "$python" -m coverage report --skip-covered --fail-under="$MINIMUM_COVERAGE" || code=$?
  case "$code" in
    0) explain passed ;;
    2) explain "the coverage is below $MINIMUM_COVERAGE percent: add tests for the files in the report" ;;
    *) explain 'the coverage could not be measured: see the log' ;;
  esac
}

check_bandit() {
  local own options format
  gate=bandit
  explain '~bandit could not run: see the log'
  # the copy of the source that no test writes to
  cd "$home/image/$PROJECT_DIRECTORY"
  # globs, because the paths start with ./ and plain names would exclude nothing; this list replaces the list of a .bandit file
  own="$(sed -n 's/^ *exclude *[=:] *//p' .bandit 2> /dev/null || true)"
  options=(--recursive . --quiet --exit-zero)
  options+=(--exclude "*/.venv/*,*/venv/*,*/node_modules/*,*/tests/*,*/test/*,*/test_*.py,*/tests.py,*/conftest.py${own:+,$own}")
  [ ! -f pyproject.toml ] || options+=(--configfile pyproject.toml)
  for format in json sarif; do
    tool 'bandit[toml,sarif]==1.9.4' bandit "${options[@]}" --format "$format" --output "$reports/bandit.$format"
  done
  judge bandit "$reports/bandit.json" "$BANDIT_SEVERITY"
}

check_audit() {
  gate=audit
  # the exit code is the same for a finding and for an unreachable source, so the report decides
  tool pip-audit==2.10.1 pip-audit --requirement "$production" --no-deps --disable-pip --progress-spinner off "${audit_source[@]}" \
    --cache-dir "$home/audit" --format json --output "$reports/audit.json" || true
  judge audit "$reports/audit.json" "$WHEN_UNAUDITED" "${ignored_vulnerabilities[@]}"
}

check_sbom() {
  gate=sbom
  explain '~the SBOM could not be written: see the log'
  tool cyclonedx-bom==7.5.0 cyclonedx-py requirements "$production" --output-file "$reports/sbom.json"
  explain passed
}

check_image() {
  local last commit=()
  gate=image
  cd "$home/image"
  explain '~the login to the registry failed: see the log'
  aws ecr get-login-password | docker login --username AWS --password-stdin "${IMAGE_REPOSITORY%%/*}"
  log_in_to_docker_hub
  explain '~the image could not be built: see the log, and fix the Dockerfile'
  if [ "$CACHED" = yes ]; then
    build_options+=(--build-arg BUILDKIT_INLINE_CACHE=1)
    last="$(keep "$last_image" - 2> /dev/null || true)"
    [ -z "$last" ] || build_options+=(--cache-from "$last")
  fi
  # an empty argument would override the default of the Dockerfile
  [ -z "${CODEBUILD_RESOLVED_SOURCE_VERSION:-}" ] || commit=(--build-arg "SOURCE_VERSION=$CODEBUILD_RESOLVED_SOURCE_VERSION")
  # before the options of the user, since the last of two equal arguments counts
  docker build --pull --tag "$IMAGE" --file "$PROJECT_DIRECTORY/$DOCKERFILE" "${commit[@]}" "${build_options[@]}" "$IMAGE_CONTEXT"
  explain passed
}

# runs all gates that do not depend on each other in parallel, in one step, since background processes must not outlive it
# the tests run in the foreground: bash makes background processes ignore the interrupt that stops the tests in time
check() {
  local jobs=() job python_result=''
  beside() {
    wanted "$1" || return 0
    "check_$1" > "$logs/$1" 2>&1 &
    jobs+=("$1:$!")
  }
  gate=install
  explain "the repository has no directory $PROJECT_DIRECTORY: set the project's directory"
  [ -d "$home/checks/$PROJECT_DIRECTORY" ]
  explain '~the build image has no command python: see the log'
  find_pythons
  choose_python
  # the source bundle has no .git to read a version from; in other projects the variable would change the version of dependencies that are built from source
  if [ ! -d "$CODEBUILD_SRC_DIR/.git" ] && grep -Eqs 'setuptools[-_]scm|hatch-vcs' "$home/checks/$PROJECT_DIRECTORY"/{pyproject.toml,setup.py,setup.cfg}; then
    export SETUPTOOLS_SCM_PRETEND_VERSION="${SETUPTOOLS_SCM_PRETEND_VERSION:-0.0.0}"
  fi
  beside image
  prepare_tools &
  if wait "$!"; then
    beside bandit
    run_install_commands &
    if wait "$!"; then
      take_exports
      { install 2>&1 | tee "$logs/install"; } &
    else
      false &
    fi
    if wait "$!"; then
      beside audit
      beside sbom
      check_pytest
      if wanted coverage; then check_coverage; fi
    else
      explain_installation
    fi
  fi
  for job in "${jobs[@]}"; do
    wait "${job#*:}" || true
    echo "== ${job%%:*}"
    cat "$logs/${job%%:*}"
  done
  [ "$CACHED" = no ] || keep_downloads
}

# the only step that fails because of a gate, so that each gate has run and written its report
judge_gates() {
  local failed=0
  for gate in $GATES; do
    # gates that did not run because the installation failed are not reported
    [ -s "$gates/$gate" ] || [ "$(cat "$gates/install")" != passed ] || explain '~the gate did not run: see the log'
    [ ! -s "$gates/$gate" ] || echo "gate $gate: $(cat "$gates/$gate")"
    [ "$(cat "$gates/$gate" 2> /dev/null)" = passed ] || failed=1
  done
  exit "$failed"
}

push() {
  gate=push
  explain '~the registry rejected the image: see the log'
  docker push "$IMAGE"
  explain passed
}

scan() {
  local attempt status
  gate=scan
  find_pythons
  explain '~the registry did not scan the image within ten minutes: enable scan on push, and see the ECR console'
  for attempt in {1..120}; do
    if read_scan; then
      status="$("$newest" -c 'import json, sys; print(json.load(sys.stdin)["imageScanStatus"]["status"])' < "$reports/image-scan.json" || true)"
      case "$status" in
        '' | PENDING | IN_PROGRESS) ;;
        *) judge scan "$reports/image-scan.json" "$IMAGE_SCAN_SEVERITY" "${ignored_vulnerabilities[@]}"; break ;;
      esac
    elif ! grep -q ScanNotFoundException "$logs/scan"; then
      explain '~the findings of the image scan could not be read: see the log'
      break
    fi
    sleep 5
  done
  [ "$(cat "$gates/scan")" = passed ]
}

read_scan() {
  local status=0
  # a background process could still be writing the error when it is read
  aws ecr describe-image-scan-findings --repository-name "${IMAGE_REPOSITORY#*/}" --image-id "imageDigest=$IMAGE_DIGEST" --output json \
    > "$reports/image-scan.json" 2> "$logs/scan" || status="$?"
  cat "$logs/scan" >&2
  return "$status"
}

# the artifact is complete only with its last file
finish() {
  gate=push
  explain '~the registry returned no digest for the image: see the log'
  [[ "$IMAGE_DIGEST" == sha256:* ]]
  explain passed
  [ -z "$IMAGE_SCAN_SEVERITY" ] || scan
  printf '{"ImageURI":"%s"}\n' "$IMAGE_REPOSITORY@$IMAGE_DIGEST" > "$release/imageDetail.json"
  [ "$CACHED" = no ] || printf %s "$IMAGE_REPOSITORY@$IMAGE_DIGEST" | keep - "$last_image" || echo 'the next build cannot reuse the layers of this image'
}

# a missing report would fail the upload and hide the cause
fill_in_reports() {
  local errors=1 testcase='<testcase classname="build" name="pytest"><error message="%s"/></testcase>'
  # a testCommand may pass without writing a report
  if [ "$(cat "$gates/pytest" 2> /dev/null)" = passed ]; then errors=0 testcase='<testcase name="pytest"/>'; fi
  [ -s "$reports/pytest.xml" ] || printf "<testsuites><testsuite name=\"pytest\" tests=\"1\" failures=\"0\" errors=\"$errors\">$testcase</testsuite></testsuites>\n" \
    "$(printf %s "$1" | tr -d '<>&"')" > "$reports/pytest.xml"
  [ -s "$reports/coverage.xml" ] || printf '%s\n' '<coverage line-rate="0" branch-rate="0" lines-covered="0" lines-valid="0" branches-covered="0" branches-valid="0" complexity="0" version="0" timestamp="0"><sources/><packages/></coverage>' \
    > "$reports/coverage.xml"
}

# always uploads the reports, and writes the last line of the log, which says what to do
conclude() {
  local text='' own=yes file result
  for file in "$gates"/*; do
    result="$(cat "$file" 2> /dev/null || true)"
    case "$result" in '' | passed) continue ;; '~'*) own=no ;; esac
    text="$text${text:+; }$(basename "$file"): ${result#\~}"
  done
  [ -n "$text" ] || { text='a command failed: see the log'; own=no; }
  fill_in_reports "$text"
  # a build that only repeats a verdict has no reports of its own
  [ -e "$gates/repeated" ] || keep_reports
  if [ -f "$release/imageDetail.json" ]; then
    echo "the build passed: $IMAGE_REPOSITORY@$IMAGE_DIGEST"
  else
    [ "$own" = no ] || [ -z "${PIPELINE_EXECUTION_ID:-}" ] || [ -e "$gates/repeated" ] \
      || printf '%s (reports: %s)' "$text" "$evidence/$CODEBUILD_BUILD_NUMBER/" | keep - "$evidence/verdict" || true
    echo "the build failed and released nothing: $text"
  fi
}

keep_reports() {
  keep --recursive "$reports" "$evidence/$CODEBUILD_BUILD_NUMBER/" || echo 'the reports could not be uploaded: see the error above'
  echo "reports: $evidence/$CODEBUILD_BUILD_NUMBER/"
}

"$@"
