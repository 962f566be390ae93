#!/usr/bin/env bash
# The build, as functions that the commands of the buildspec call one after the other. It knows the project by settings.sh alone.
# A step that runs beside others is called plainly and not with ||, since bash would then go on after its first failure.
set -euo pipefail

TEST_SECONDS=2400

# what the user of the library chose; its functions call those below
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
# uv does not read what pip is told
[ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"
[ -z "${PIP_EXTRA_INDEX_URL:-}" ] || export UV_INDEX="${UV_INDEX:-$PIP_EXTRA_INDEX_URL}"

# what the build is to say when the next step fails: it stands where the gate's result will stand
# a text that begins with ~ tells of something that trying again may cure
explain() {
  printf '%s\n' "$1" > "$gates/$gate"
}

keep() {
  aws s3 cp --only-show-errors "$@"
}

judge() {
  "$newest" "$home/judge.py" "$@" > "$gates/$gate"
}

# tools run on the newest Python of the image, each in an environment of its own: nothing that the project pins may move
tool() {
  "$uv" tool run --quiet --python "$newest" --from "$1" "${@:2}"
}

wanted() {
  case " $GATES " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

find_pythons() {
  interpreter="$(cd / && python -c 'import sys; print(sys.executable)')"
  newest="$(pyenv versions --bare 2> /dev/null | grep -E '^3\.[0-9.]+$' | sort -V | tail -n 1 || true)"
  if [ -n "$newest" ]; then newest="$(pyenv root)/versions/$newest/bin/python"; else newest="$interpreter"; fi
}

# uv comes with what was kept, or from the index
prepare_tools() {
  gate=install
  [ ! -f "$archive" ] || tar -xf "$archive" -C "$cache" || rm -rf "${cache:?}"/*
  explain '~uv could not be installed: see the log'
  [ -x "$uv" ] || "$newest" -m pip install --quiet --target "${uv%/bin/uv}" "uv==$UV_VERSION"
  rm "$gates/install"
}

# a user's own lines are no part of this program: they neither call its functions nor end it
user_lines() {
  bash -n "$home/$1.sh" && bash -eo pipefail -c '. "$1"; [ -z "$2" ] || export -p > "$2"' bash "$home/$1.sh" "${2:-}"
}

# what they export is there for the installation and the tests
run_install_commands() {
  gate=install
  [ -s "$home/install-commands.sh" ] || return 0
  cd "$home/checks/$PROJECT_DIRECTORY"
  explain '~a command of installCommands failed: see the log'
  user_lines install-commands "$home/exported"
}

take_exports() {
  [ ! -f "$home/exported" ] || . <(sed -n '/^declare -x \(PWD\|OLDPWD\|SHLVL\)\b/d; s/^declare -x /export /; p' "$home/exported")
}

# one file, since nobody knows what CodeBuild's cache makes of the links in the one of uv
keep_downloads() {
  # what an installation left that broke off would stay for ever under its key
  [ "$(cat "$gates/install")" = passed ] || return 0
  if [ ! -f "$archive" ] || [ -n "$(find "$cache/uv/archive-v0" -mindepth 1 -maxdepth 1 -newer "$home/judge.py" -print -quit 2> /dev/null)" ] \
    || [ -n "$(find "$cache/pip" "$cache/poetry" -type f -newer "$home/judge.py" -print -quit 2> /dev/null)" ]; then
    mkdir -p "$output/cache"
    { tar -cf "$archive.$$" -C "$cache" . && mv "$archive.$$" "$archive"; } || echo 'the downloads could not be kept: the next build asks the index again'
  fi
}

# CodePipeline tries a failed build once more. What failed by its own verdict would fail again, so it ends at once;
# a verdict counts once, and whoever starts the stage again gets a real build.
end_repetition() {
  local before
  [ -n "${PIPELINE_EXECUTION_ID:-}" ] || return 0
  before="$(keep "$evidence/verdict" - 2> /dev/null || true)"
  [ -n "$before" ] || return 0
  printf '' | keep - "$evidence/verdict"
  gate=repeated
  explain "the build before has judged: $before - retry the stage, and it runs again"
  exit 1
}

all_installed() {
  "$uv" pip list --quiet --python "$python" --exclude-editable --format freeze
}

# without pip and its like, which are there for scripts that want them
installed() {
  local all
  all="$(all_installed)"
  grep -vxF "$seeded" <<< "$all" || true
}

pip_install() {
  if [ "$INSTALLER" = PIP ]; then
    "$python" -m pip install "$@"
  else
    "$uv" pip install --python "$python" "$@" || { echo 'uv could not install it, so pip does'; "$python" -m pip install "$@"; }
  fi
}

# a requirements file, which must be there when an option of that name has named it
requirements() {
  local file="$1" option="$2"
  if [ -f "$file" ]; then
    pip_install --requirement "$file"
    found=yes
  elif [ -n "$option" ]; then
    explain "the requirements file $file is missing: add it, or name others by $option"
    exit 1
  fi
}

# extras that are asked for, else those that tests usually have
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
  # requirements files name the dependencies, possibly with hashes, which an editable install may not mix with
  if [ -f setup.py ] || grep -qs '^\[build-system\]' pyproject.toml; then
    project=(--editable .)
    if [ "$found" = yes ]; then pip_install --no-deps "${project[@]}"; else pip_install "${project[@]}"; fi
  elif [ "$found" = no ] && grep -qs '^\[project\]' pyproject.toml; then
    project=(-r pyproject.toml)
    "$uv" pip install --python "$python" "${project[@]}"
  fi
  # asked for with requirements files: what pyproject.toml says of them
  if [ "$asked" -gt 0 ] && [ "${#project[@]}" = 0 ]; then
    explain 'there are no extras to install: pyproject.toml has no project'
    grep -qs '^\[project\]' pyproject.toml
    project=(-r pyproject.toml)
  fi
  [ "$asked" = 0 ] || install_extras
  installed > "$production"
  for file in "${test_requirements_files[@]}"; do requirements "$file" "$test_requirements_option"; done
  # extras that nobody asked for are for the tests, and not mixed with requirements files
  if [ "$asked" = 0 ] && [ "$found" = no ] && [ "${#project[@]}" -gt 0 ]; then install_extras; fi
  for group in "${groups[@]}"; do
    "$uv" pip install --python "$python" --group "$group"
    found=yes
  done
  explain 'nothing to install: no requirements file and no project in pyproject.toml; name the files by PythonProject.pip({ requirementsFiles })'
  [ "$found" = yes ] || [ "${#project[@]}" -gt 0 ]
}

install_uv_project() {
  local root="$PWD" group extra options=() shipped=() code=0
  while [ ! -f "$root/uv.lock" ] && [ "$root" != "$home/checks" ]; do root="${root%/*}"; done
  explain 'there is no uv.lock: run uv lock and commit it, or use PythonProject.pip()'
  [ -f "$root/uv.lock" ]
  # the lock file names its index; the one of the tools is another thing
  locked() { env -u UV_DEFAULT_INDEX -u UV_INDEX UV_PROJECT_ENVIRONMENT="$venv" "$uv" "$@"; }
  local outdated='uv.lock does not fit pyproject.toml: run uv lock and commit it, or set allowOutdatedLock'
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
  explain 'there is no poetry.lock: run poetry lock and commit it, or use PythonProject.pip()'
  [ -f poetry.lock ]
  explain '~the project could not be installed: see the log'
  [ -n "$version" ] || version="$(sed -n '1s/.*by Poetry \([0-9][0-9.]*\) .*/\1/p' poetry.lock)"
  poetry=("$uv" tool run --quiet --python "$newest" --from "poetry==${version:-2.5.1}" --with poetry-plugin-export --with poetry-plugin-pypi-mirror poetry)
  # Poetry installs into the environment that is active, and without one into whatever Python it finds
  export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH"
  [ "$install_root" = yes ] || options+=(--no-root)
  [ "${#extras[@]}" = 0 ] || shipped=(--extras "${extras[*]}")
  [ "${#groups[@]}" = 0 ] || options+=(--with "$(IFS=,; echo "${groups[*]}")")
  "${poetry[@]}" install --no-interaction "${options[@]}" "${shipped[@]}"
  "${poetry[@]}" export --only main --without-hashes --format requirements.txt --output "$home/exported.txt" "${shipped[@]}"
  list_production
}

# what the image gets, as it is installed here: the lock file's own list holds what is for other platforms as well
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

# the project's own pytest stays, and nothing that it pins moves
install_test_tools() {
  local install=("$uv" pip install --python "$python" --constraint "$home/constraints.txt")
  explain '~what the tests need could not be installed: see the log'
  installed > "$home/constraints.txt"
  "$python" -c 'import pytest, pytest_cov' 2> /dev/null || "${install[@]}" pytest pytest-cov
  [ "${#extra_test_packages[@]}" = 0 ] || "${install[@]}" "${extra_test_packages[@]}"
}

install() {
  local seeded version
  gate=install
  cd "$home/checks/$PROJECT_DIRECTORY"
  version="$("$interpreter" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  explain "the build image runs Python $version, not $PYTHON_VERSION: choose another buildImage or another version"
  [ "$version" = "$PYTHON_VERSION" ]
  explain '~the project could not be installed: see the log'
  "$uv" venv --quiet --seed --python "$interpreter" "$venv"
  seeded="$(all_installed)"
  : > "$production"
  install_project
  install_test_tools
  explain passed
}

# what tools say of a failed installation, and what helps
explain_installation() {
  gate=install
  [ -f "$logs/install" ] || return 0
  said() { grep -Eq "$1" "$logs/install"; }
  ! said 'DO NOT MATCH THE HASHES|[Hh]ash mismatch' \
    || explain 'the hashes of the requirements are those of another Python or platform: name a file for the tests by requirementsFiles'
  ! said 'changed significantly since|poetry.lock .*out of date' || explain 'poetry.lock is out of date: run poetry lock and commit it'
  ! said 'Required uv version' || explain 'the project asks for another version of uv: set uvVersion of PythonProject.uv()'
  ! said 'Multiple top-level packages' || explain 'setuptools found several packages: name them in pyproject.toml, or remove its build-system'
}

# the project's own choice, else its src, else all of its code; a bare --cov would count the tests themselves
coverage_scope() {
  local configured entry
  configured="$("$python" -c 'import coverage; c = coverage.Coverage().config; print(c.source or getattr(c, "source_pkgs", None) or "")' || true)"
  if [ -n "$configured" ]; then
    scope=(--cov)
  elif [ -d src ]; then
    scope=(--cov=src)
  elif ! grep -Eqs '^\[(run|report|(tool\.)?coverage)' .coveragerc setup.cfg tox.ini pyproject.toml; then
    # modules that no test imports count as well, and so do folders without __init__.py
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

# tests end before the project's own timeout does, with an interrupt: then pytest still writes its report
in_time() {
  timeout -s INT -k 30 "$TEST_SECONDS" "$@"
}

check_pytest() {
  local code=0 scope=()
  gate=pytest
  cd "$home/checks/$PROJECT_DIRECTORY"
  export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH"
  # what the repository holds of an earlier run is none of this one
  rm -f .coverage .coverage.*
  coverage_scope
  if [ -s "$home/test-command.sh" ]; then run_test_command; else run_pytest; fi
  # the sources of the report are those of the repository
  [ ! -f "$reports/coverage.xml" ] || sed -i "s#$home/checks/\{0,1\}##" "$reports/coverage.xml"
}

# ours come last and win over the project's addopts; coverage adds up
run_pytest() {
  local options=(--junitxml="$reports/pytest.xml" "${scope[@]}" --cov-report=term --cov-report="xml:$reports/coverage.xml") result
  # without a threshold of ours the project's own decides
  [ -z "$MINIMUM_COVERAGE" ] || options+=(--cov-fail-under=0)
  in_time "$python" -m pytest "${test_target[@]}" "${options[@]}" || code=$?
  case "$code" in
    # tests that end the process as if all were well end pytest before it has judged them
    0) if [ -s "$reports/pytest.xml" ]; then result=passed; else result='pytest ended without a report: see the log'; fi ;;
    1) result="a test failed, or the coverage is below the project's own threshold: see the report" ;;
    2) result='the tests could not be collected, or were interrupted: see the log' ;;
    4) result='pytest refused its options: when addopts names a plugin, add it by extraTestPackages' ;;
    5) if [ "$ALLOW_NO_TESTS" = yes ]; then result=passed; else result='no test was found: set testDirectory, or requireTests: false'; fi ;;
    124) result="the tests took more than $TEST_SECONDS seconds: make them faster, or split them" ;;
    137) result='the tests were killed: the host has too little memory (see computeType), or they ignored the end of their time' ;;
    *) result="pytest ended with exit code $code: see the log" ;;
  esac
  explain "$result"
}

run_test_command() {
  export JUNIT_REPORT="$reports/pytest.xml" COVERAGE_REPORT="$reports/coverage.xml"
  # for a command that ends in pytest; tox passes it on when told to
  PYTEST_ADDOPTS="${PYTEST_ADDOPTS:+$PYTEST_ADDOPTS }--junitxml='$JUNIT_REPORT' ${scope[*]} --cov-report=term --cov-report='xml:$COVERAGE_REPORT'"
  [ -z "$MINIMUM_COVERAGE" ] || PYTEST_ADDOPTS="$PYTEST_ADDOPTS --cov-fail-under=0"
  export PYTEST_ADDOPTS
  bash -n "$home/test-command.sh" && in_time bash -eo pipefail "$home/test-command.sh" || code=$?
  [ -s "$COVERAGE_REPORT" ] || [ ! -f .coverage ] || "$python" -m coverage xml -q -o "$COVERAGE_REPORT" || true
  case "$code" in
    0) explain passed ;;
    137) explain 'testCommand was killed: the host has too little memory (see computeType), or it ignored the end of its time' ;;
    124) explain "testCommand took more than $TEST_SECONDS seconds: make the tests faster, or split them" ;;
    *) explain "testCommand ended with exit code $code: see the log" ;;
  esac
}

check_coverage() {
  local code=0
  gate=coverage
  "$python" -m coverage report --skip-covered --fail-under="$MINIMUM_COVERAGE" || code=$?
  case "$code" in
    0) explain passed ;;
    2) explain "the coverage is below $MINIMUM_COVERAGE percent: test what the report names" ;;
    *) explain 'the coverage could not be measured: see the log' ;;
  esac
}

check_bandit() {
  local own options format
  gate=bandit
  explain '~bandit could not run: see the log'
  # the copy that no test writes to
  cd "$home/image/$PROJECT_DIRECTORY"
  # globs, since the paths begin with ./ and plain names would exclude nothing; what is given replaces the list of a .bandit file
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
  # its exit code is the same for a finding and for a source that is away, so its report decides
  tool pip-audit==2.10.1 pip-audit --requirement "$production" --no-deps --disable-pip --progress-spinner off "${audit_source[@]}" \
    --cache-dir "$home/audit" --format json --output "$reports/audit.json" || true
  judge audit "$reports/audit.json" "$WHEN_UNAUDITED" "${ignored_vulnerabilities[@]}"
}

check_sbom() {
  gate=sbom
  explain '~the bill of materials could not be written: see the log'
  tool cyclonedx-bom==7.5.0 cyclonedx-py requirements "$production" --output-file "$reports/sbom.json"
  explain passed
}

check_image() {
  local last
  gate=image
  cd "$home/image"
  explain '~the registry let nobody in: see the log'
  aws ecr get-login-password | docker login --username AWS --password-stdin "${IMAGE_REPOSITORY%%/*}"
  log_in_to_docker_hub
  explain '~the image could not be built: see the log of docker, and mend the Dockerfile'
  if [ "$CACHED" = yes ]; then
    build_options+=(--build-arg BUILDKIT_INLINE_CACHE=1)
    last="$(keep "$last_image" - 2> /dev/null || true)"
    [ -z "$last" ] || build_options+=(--cache-from "$last")
  fi
  docker build --pull --tag "$IMAGE" --file "$PROJECT_DIRECTORY/$DOCKERFILE" "${build_options[@]}" "$IMAGE_CONTEXT"
  explain passed
}

# all at once, as far as they do not need each other, in one step: what runs beside it must end with it
# the tests run in front: bash lets what runs beside it ignore the interrupt that ends tests in time
check() {
  local jobs=() job
  beside() {
    wanted "$1" || return 0
    "check_$1" > "$logs/$1" 2>&1 &
    jobs+=("$1:$!")
  }
  gate=install
  explain "there is no directory $PROJECT_DIRECTORY in the repository: set the project's directory"
  [ -d "$home/checks/$PROJECT_DIRECTORY" ]
  find_pythons
  # the bundle has no .git to read a version from; for a project that reads none, the variable would only mislead what is built from source
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

# the one step that fails for the gates, so that each of them has run and left its report
judge_gates() {
  local failed=0
  for gate in $GATES; do
    # what follows from a failed installation is not told of
    [ -s "$gates/$gate" ] || [ "$(cat "$gates/install")" != passed ] || explain '~it did not run: see the log'
    [ ! -s "$gates/$gate" ] || echo "gate $gate: $(cat "$gates/$gate")"
    [ "$(cat "$gates/$gate" 2> /dev/null)" = passed ] || failed=1
  done
  exit "$failed"
}

push() {
  gate=push
  explain '~the registry refused the image: see the log'
  docker push "$IMAGE"
  explain passed
}

scan() {
  local attempt status
  gate=scan
  find_pythons
  explain '~the registry did not scan the image within ten minutes: let it scan on push, and see its console'
  for attempt in {1..120}; do
    if read_scan; then
      status="$("$newest" -c 'import json, sys; print(json.load(sys.stdin)["imageScanStatus"]["status"])' < "$reports/image-scan.json" || true)"
      case "$status" in
        '' | PENDING | IN_PROGRESS) ;;
        *) judge scan "$reports/image-scan.json" "$IMAGE_SCAN_SEVERITY" "${ignored_vulnerabilities[@]}"; break ;;
      esac
    elif ! grep -q ScanNotFoundException "$logs/scan"; then
      explain '~the scan of the image could not be read: see the log'
      break
    fi
    sleep 5
  done
  [ "$(cat "$gates/scan")" = passed ]
}

read_scan() {
  local status=0
  # a process beside this one would still be writing the error when it is looked for
  aws ecr describe-image-scan-findings --repository-name "${IMAGE_REPOSITORY#*/}" --image-id "imageDigest=$IMAGE_DIGEST" --output json \
    > "$reports/image-scan.json" 2> "$logs/scan" || status="$?"
  cat "$logs/scan" >&2
  return "$status"
}

# the artifact is complete with its last file only
finish() {
  gate=push
  explain '~the registry gave no digest of the image: see the log'
  [[ "$IMAGE_DIGEST" == sha256:* ]]
  explain passed
  [ -z "$IMAGE_SCAN_SEVERITY" ] || scan
  printf '{"ImageURI":"%s"}\n' "$IMAGE_REPOSITORY@$IMAGE_DIGEST" > "$release/imageDetail.json"
  [ "$CACHED" = no ] || printf %s "$IMAGE_REPOSITORY@$IMAGE_DIGEST" | keep - "$last_image" || echo 'the next build will have no layers to take'
}

# a report that is missing would fail the upload and hide what went wrong
fill_in_reports() {
  local errors=1 testcase='<testcase classname="build" name="pytest"><error message="%s"/></testcase>'
  # a test command of the user's own may leave no report and pass
  if [ "$(cat "$gates/pytest" 2> /dev/null)" = passed ]; then errors=0 testcase='<testcase name="pytest"/>'; fi
  [ -s "$reports/pytest.xml" ] || printf "<testsuites><testsuite name=\"pytest\" tests=\"1\" failures=\"0\" errors=\"$errors\">$testcase</testsuite></testsuites>\n" \
    "$(printf %s "$1" | tr -d '<>&"')" > "$reports/pytest.xml"
  [ -s "$reports/coverage.xml" ] || printf '%s\n' '<coverage line-rate="0" branch-rate="0" lines-covered="0" lines-valid="0" branches-covered="0" branches-valid="0" complexity="0" version="0" timestamp="0"><sources/><packages/></coverage>' \
    > "$reports/coverage.xml"
}

# however the build ends, its evidence is kept, and the last line of the log says what to do
conclude() {
  local text='' own=yes file result
  for file in "$gates"/*; do
    result="$(cat "$file" 2> /dev/null || true)"
    case "$result" in '' | passed) continue ;; '~'*) own=no ;; esac
    text="$text${text:+; }$(basename "$file"): ${result#\~}"
  done
  [ -n "$text" ] || { text='a command failed, see the log above'; own=no; }
  fill_in_reports "$text"
  # a build that only repeats a verdict has nothing to add to what was kept then
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
  keep --recursive "$reports" "$evidence/$CODEBUILD_BUILD_NUMBER/" || echo 'the reports could not be kept: see the error above'
  echo "reports: $evidence/$CODEBUILD_BUILD_NUMBER/"
}

"$@"
