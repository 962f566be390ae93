#!/usr/bin/env bash
# The tests and their coverage.

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
