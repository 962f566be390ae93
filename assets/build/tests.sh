#!/usr/bin/env bash
# The tests and their coverage.

# where coverage reads its configuration and its data; the answer of pytest_options.py overrides them
rcfile=() data_file=.coverage

# what pytest and coverage make of the project's configuration decides about the options
ask_pytest() {
  local answer="$home/pytest-options.sh" code=0
  # where pytest refuses its options, the tests report that
  timeout -k 5 90 "$python" "$home/pytest_options.py" "$answer" "$home" "$reports" "$MINIMUM_COVERAGE" "$ALLOW_NO_TESTS" "${test_target[@]}" \
    > "$logs/pytest-options" 2>&1 || code=$?
  options=(--junitxml="$reports/pytest.xml") addopts="${PYTEST_ADDOPTS:-}"
  if [ -f "$answer" ]; then
    . "$answer"
  else
    cat "$logs/pytest-options"
    [ "$code" = 4 ] || measure_as_pytest_does
  fi
  [ -z "$note" ] || printf '%s\n' "${note%$'\n'}"
}

measure_as_pytest_does() {
  local measured=(--cov-report=term --cov-report=xml:"$reports/coverage.xml")
  note='the build could not ask pytest for its configuration, so it measures what pytest --cov measures'
  [ -z "$MINIMUM_COVERAGE" ] || measured+=(--cov-fail-under=0)
  if [ -s "$home/test-command.sh" ]; then
    note='the build could not ask pytest for its configuration, so it measures only what testCommand measures'
    addopts+=" ${options[*]} ${measured[*]}"
  else
    options+=(--cov "${measured[@]}")
  fi
}

# the tests are interrupted before the build project's timeout, so that pytest still writes its report
in_time() {
  timeout -s INT -k 30 "$TEST_SECONDS" "$@"
}

# of an earlier run, which the repository may contain; a configuration file may have a similar name
remove_coverage_data() {
  local file
  rm -f "$data_file"
  for file in "$data_file".*; do
    [ "$(head -c 13 "$file" 2> /dev/null)" != 'SQLite format' ] || rm "$file"
  done
}

check_pytest() {
  local code=0 options=() addopts='' note='' refusal='' result=''
  gate=pytest
  cd "$home/checks/$PROJECT_DIRECTORY"
  export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH"
  ask_pytest
  remove_coverage_data
  if [ -n "$refusal" ]; then
    result="$refusal"
  else
    export PYTEST_ADDOPTS="$addopts"
    if [ -s "$home/test-command.sh" ]; then run_test_command; else run_pytest; fi
  fi
  [ "$result" != passed ] || judge_tests
  explain "$result"
  # the report contains paths in the repository
  if [ -f "$reports/coverage.xml" ]; then
    sed -i "s#$home/checks/\{0,1\}##" "$reports/coverage.xml"
  elif [ "$result" = passed ]; then
    echo 'the tests passed without coverage data, so the coverage report is empty'
  fi
}

# these options come last and override the project's addopts; --cov options accumulate
run_pytest() {
  in_time "$python" -m pytest "${test_target[@]}" "${options[@]}" || code=$?
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
  export JUNIT_REPORT="$reports/pytest.xml" COVERAGE_REPORT="$reports/coverage.xml"
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
  found="$(ALLOW_NO_TESTS="$ALLOW_NO_TESTS" "$newest" "$home/test_report.py" "$reports/pytest.xml" "${command[@]}")"
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
