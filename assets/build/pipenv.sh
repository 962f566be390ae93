#!/usr/bin/env bash
# The installation of Pipenv projects.

install_pipenv_project() {
  local category verified pipenv=(from_tool_indexes "$uv" tool run --quiet --python "$newest" --from "pipenv==$pipenv_version" pipenv)
  explain 'Pipfile.lock is missing: run pipenv lock and commit it, or use PythonProject.pip()'
  [ -f Pipfile.lock ]
  explain 'Pipfile is missing: commit it beside Pipfile.lock'
  [ -f Pipfile ]
  for category in "${groups[@]}"; do
    explain "Pipfile.lock has no category $category: add it to Pipfile and run pipenv lock, or change groups"
    "$newest" -I -c 'import json, sys; sys.exit(sys.argv[1] not in json.load(open("Pipfile.lock")))' "$category"
  done
  explain '~the project could not be installed: see the log'
  # Pipenv installs into the active environment; it would also search above the project, and load a .env file
  export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH" PIPENV_PIPFILE="$PWD/Pipfile" PIPENV_DONT_LOAD_ENV=1
  export PIPENV_CACHE_DIR="$cache/pipenv" PIPENV_NOSPIN=1 PIPENV_VERBOSITY=-1
  # it would break the lines that failures.py reads
  export COLUMNS=1000
  # the index of the option replaces the Python Package Index; other indexes are in the Pipfile
  [ -z "${PIP_INDEX_URL:-}" ] || export PIPENV_PYPI_MIRROR="$PIP_INDEX_URL"
  verified="$("${pipenv[@]}" verify 2>&1)" || {
    echo "$verified"
    [[ "$verified" != *out-of-date* ]] || explain 'Pipfile.lock does not match Pipfile: run pipenv lock and commit it'
    exit 1
  }
  # without arguments it would leave out the development packages
  locally "${pipenv[@]}" sync --categories "packages dev-packages ${groups[*]}"
  "${pipenv[@]}" requirements > "$home/exported.txt"
  list_production
}
