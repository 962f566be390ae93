#!/usr/bin/env bash
# Runs the tests with coverage in a new virtual environment, and removes it afterwards.
# PYTHON sets another interpreter: PYTHON=python3.12 ./run-tests.sh
# Arguments are passed on to pytest.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt

export COVERAGE_FILE="$work/coverage" PYTHONDONTWRITEBYTECODE=1
"$work/venv/bin/python" -m pytest -p no:cacheprovider --cov --cov-report=term-missing "$@"
