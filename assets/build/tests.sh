#!/usr/bin/env bash
# The tests and their coverage.

# where coverage reads its configuration and its data; the answer of pytest_options.py overrides them
rcfile=() data_file=.coverage

# `python -m pytest` with the options that the project's configuration leads to; a command only gets these, in a variable
ask_pytest() {
  local answer="$home/pytest-options.sh"
  "$@" "$python" "$home/pytest_run.py" "$answer" "$home" "$reports" "$MINIMUM_COVERAGE" "$ALLOW_NO_TESTS" "${test_target[@]}" || code=$?
  if [ -f "$answer" ]; then . "$answer"; fi
}

# the tests are interrupted before the build project's timeout, so that pytest still writes its report
in_time() {
  timeout -s INT -k 30 "$TEST_SECONDS" "$@"
}

check_pytest() {
  local code=0 addopts='' refusal='' result=''
  gate=pytest
  cd "$home/checks/$PROJECT_DIRECTORY"
  export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH"
  if [ -s "$home/test-command.sh" ]; then run_test_command; else run_pytest; fi
  result="${refusal:-$result}"
  [ "$result" != passed ] || judge_tests
  explain "$result"
  # the report contains paths in the repository
  if [ -f "$reports/coverage.xml" ]; then
    sed -i "s#$home/checks/\{0,1\}##" "$reports/coverage.xml"
  elif [ "$result" = passed ]; then
    echo 'the tests passed without coverage data, so the coverage report is empty'
  fi
}

run_pytest() {
  ask_pytest in_time
  case "$code" in
    0) result=passed ;;
    1) result="a test failed, or the coverage is below the project's own threshold: see the report" ;;
    2) result='pytest could not collect the tests, or was interrupted: see the log' ;;
    4) result='pytest rejected its options: if addopts needs a plugin, add it to extraTestPackages' ;;
    5) if [ "$ALLOW_NO_TESTS" = yes ]; then result=passed; else result='no test was found: set testDirectory, or requireTests: false'; fi ;;
    124) result="the tests took more than $TEST_SECONDS seconds: make them faster, or split them" ;;
    137) result='the tests were killed: out of memory (see computeType), or they ignored the time limit' ;;
    *) result="pytest exited with code $code: see the log" ;;
  esac
}

run_test_command() {
  local plugin="$home/pytest-plugin"
  ask_pytest timeout -k 5 90
  [ -z "$refusal" ] || return 0
  # where pytest rejects its options, the command reports that
  [ -f "$home/pytest-options.sh" ] || [ "$code" = 4 ] || measure_what_command_measures
  [ -f "$home/pytest-options.sh" ] || remove_coverage_data
  code=0
  export PYTEST_ADDOPTS="${addopts:-${PYTEST_ADDOPTS:-}}" JUNIT_REPORT="$reports/pytest.xml" COVERAGE_REPORT="$reports/coverage.xml"
  [ ! -d "$plugin" ] || add_pytest_plugin
  # a process that the command leaves behind may hold the pipe, so nothing waits long for its end
  bash -n "$home/test-command.sh" && in_time bash -eo pipefail "$home/test-command.sh" > >(tee "$logs/test-command") 2>&1 || code=$?
  timeout 5 tail --pid="$!" -f /dev/null 2> /dev/null || true
  [ ! -e "$plugin/used" ] || rcfile=(--rcfile="$home/coveragerc")
  write_coverage_report
  case "$code" in
    0) result=passed ;;
    137) result='testCommand was killed: out of memory (see computeType), or it ignored the time limit' ;;
    124) result="testCommand took more than $TEST_SECONDS seconds: make the tests faster, or split them" ;;
    *) result="testCommand exited with code $code: see the log" ;;
  esac
}

# where pytest could not be asked: data of an earlier run, which the repository may contain
remove_coverage_data() {
  local file
  rm -f "$data_file"
  for file in "$data_file".*; do
    [ "$(head -c 13 "$file" 2> /dev/null)" != 'SQLite format' ] || rm "$file"
  done
}

measure_what_command_measures() {
  echo 'the build could not ask pytest for its configuration, so it measures only what testCommand measures'
  addopts="${PYTEST_ADDOPTS:-} --junitxml=$reports/pytest.xml --cov-report=term --cov-report=xml:$reports/coverage.xml${MINIMUM_COVERAGE:+ --cov-fail-under=0}"
}

# environments of their own find the plugin by PYTHONPATH, and that of the project even if the command sets PYTHONPATH
add_pytest_plugin() {
  local packages
  export PYTHONPATH="$plugin${PYTHONPATH:+:$PYTHONPATH}" BUILD_PYTEST_PLUGIN="$plugin"
  packages="$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
  echo 'import os, sys; sys.path += [one for one in [os.environ.get("BUILD_PYTEST_PLUGIN")] if one and one not in sys.path]' > "$packages/build_pytest_plugin.pth" || true
}

# from the data that a command leaves, in one file or in one for each process
write_coverage_report() {
  [ ! -s "$COVERAGE_REPORT" ] || return 0
  ! compgen -G "$data_file.*" > /dev/null || "$python" -m coverage combine --append "${rcfile[@]}" || true
  [ ! -f "$data_file" ] || "$python" -m coverage xml -q "${rcfile[@]}" -o "$COVERAGE_REPORT" || true
}

# the exit code can be that of a plugin or of another command, so the report decides whether tests ran
judge_tests() {
  local found command=()
  [ ! -s "$home/test-command.sh" ] || command=("$home/test-command.sh" "$logs/test-command")
  found="$(ALLOW_NO_TESTS="$ALLOW_NO_TESTS" "$newest" -E "$home/test_report.py" "$reports/pytest.xml" "${command[@]}")"
  case "$found" in
    none) [ "$ALLOW_NO_TESTS" = yes ] || result='no test was found: set testDirectory, or requireTests: false' ;;
    # a test that exits the process with code 0 stops pytest before it writes its report
    unknown) [ "${#command[@]}" -gt 0 ] || result='pytest exited without a report: see the log' ;;
  esac
}

check_coverage() {
  local code=0
  gate=coverage
  "$python" -m coverage report --skip-covered "${rcfile[@]}" --fail-under="$MINIMUM_COVERAGE" || code=$?
  case "$code" in
    0) explain passed ;;
    2) explain "the coverage is below $MINIMUM_COVERAGE percent: add tests for the files in the report" ;;
    *) explain 'the coverage could not be measured: see the log' ;;
  esac
}
