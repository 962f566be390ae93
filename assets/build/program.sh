#!/usr/bin/env bash
# The build, as functions that the commands of the buildspec call one after the other. Everything that differs between projects is in settings.sh.
# A step that runs in the background is called without ||, because bash would otherwise continue after its first failure.
set -euo pipefail

TEST_SECONDS=2400

# the options of the user; the functions in settings.sh call the functions below
kind=own
requirements_files=() requirements_option='' test_requirements_files=() test_requirements_option='' INSTALLER=UV
extras=() extras_given=no groups=() groups_given=no extra_test_packages=() allow_outdated_lock=no poetry_version='' pipenv_version='' install_root=yes
services=() image_target='' build_secrets=()
read_build_secrets() { :; }
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
bytecode="$cache/bytecode.tar"
venv="$home/venv"
python="$venv/bin/python"
uv="$cache/uv-$UV_VERSION/bin/uv"
export UV_CACHE_DIR="$cache/uv" PIP_CACHE_DIR="$cache/pip" POETRY_CACHE_DIR="$cache/poetry"
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# the index of the option, which is not the user's own setting of uv
index_option=''
[ "${UV_DEFAULT_INDEX:-}" != "${POETRY_PYPI_MIRROR_URL:-}" ] || index_option="${UV_DEFAULT_INDEX:-}"

# sets the message for a failure of the next step, in the file that receives the result of the gate
# a message that starts with ~ reports a failure that a retry may fix
explain() {
  printf '%s\n' "$1" > "$gates/$gate"
}

keep() {
  aws s3 cp --only-show-errors "$@"
}

judge() {
  "$newest" -E "$home/judge.py" "$@" > "$gates/$gate"
}

# modules and variables of the project mean nothing to the Python of the build: it gets -E with a file, and -I with other code
# each tool runs on the newest Python of the image, with packages of its own, so that no pinned version of the project changes
# the tests, which take longest, have the processor first
tool() {
  local requirement="$1" packages="$cache/tools/$1-$newest_version"
  if [ ! -d "$packages" ]; then
    rm -rf "$cache/tools/${requirement%%[[=]*}"[[=]*
    from_tool_indexes env UV_REQUIRE_HASHES=0 nice "$uv" pip install --quiet --no-cache --python "$newest" --target "$packages.new" "$requirement" || return 1
    mv "$packages.new" "$packages"
  fi
  TOOL_PACKAGES="$packages" nice "$newest" -E -S "${@:2}"
}

wanted() {
  case " $GATES " in *" $1 "*) return 0 ;; *) return 1 ;; esac
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

# runs all gates that do not depend on each other in parallel, in one step, since background processes must not outlive it
# the tests run in the foreground: bash makes background processes ignore the interrupt that stops the tests in time
check() {
  local jobs=() job indexes prepared python_result=''
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
  ! wanted services || trap remove_services EXIT
  beside services
  beside image
  find_versions
  find_indexes "$(if [ -s "$home/install-commands.sh" ]; then echo no; else echo yes; fi)" &
  indexes="$!"
  { prepare_tools 2>&1 | tee "$logs/install"; } &
  prepared="$!"
  wait "$indexes"
  if wait "$prepared"; then
    run_install_commands &
    if wait "$!"; then
      take_exports
      { install 2>&1 | tee "$logs/install"; } &
    else
      false &
    fi
    if wait "$!"; then
      # the tests wait for the installation, so nothing slows that down
      beside bandit
      beside audit
      beside sbom
      # tox and nox build the project again
      use_local_versions
      [ ! -s "$home/test-command.sh" ] || use_command_indexes
      if services_ready; then
        (
          export_service_variables
          check_pytest
          if wanted coverage; then check_coverage; fi
        )
      fi
    else
      beside bandit
      explain_installation
    fi
  else
    explain_installation
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
    # gates that did not run because the installation or a service failed are not reported
    [ -s "$gates/$gate" ] || [ "$(cat "$gates/install")" != passed ] || ! services_passed || explain '~the gate did not run: see the log'
    [ ! -s "$gates/$gate" ] || echo "gate $gate: $(sed '1s/^~//' "$gates/$gate")"
    [ "$(cat "$gates/$gate" 2> /dev/null)" = passed ] || failed=1
  done
  exit "$failed"
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
  # a testCommand that passes without a report has one that claims no test
  [ -s "$reports/pytest.xml" ] || printf '<testsuites><testsuite name="pytest" tests="1" failures="0" errors="1"><testcase classname="build" name="pytest"><error message="%s"/></testcase></testsuite></testsuites>\n' \
    "$(printf %s "$1" | tr -d '<>&"')" > "$reports/pytest.xml"
  [ -s "$reports/coverage.xml" ] || printf '%s\n' '<coverage line-rate="0" branch-rate="0" lines-covered="0" lines-valid="0" branches-covered="0" branches-valid="0" complexity="0" version="0" timestamp="0"><sources/><packages/></coverage>' \
    > "$reports/coverage.xml"
}

# always uploads the reports, and writes the last line of the log, which says what to do
conclude() {
  local text='' own=yes file result
  # a check that was killed removed nothing
  ! wanted services || remove_services
  rm -rf "$home/secrets"
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
