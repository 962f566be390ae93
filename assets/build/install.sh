#!/usr/bin/env bash
# Python, the tools, and the installation of the project.

find_pythons() {
  interpreter="$(cd / && python -c 'import sys; print(sys.executable)')"
  newest="$(pyenv versions --bare 2> /dev/null | grep -E '^3\.[0-9]+\.[0-9]+$' | sort -V | tail -n 1 || true)"
  if [ -n "$newest" ]; then newest="$(pyenv root)/versions/$newest/bin/python"; else newest="$interpreter"; fi
}

# the version of the option, or the one that the project names or allows; the user's commands, the installation and the tests use it
choose_python() {
  local active answer pythons root uv_project=no pipenv_project=no
  [[ "$(declare -f install_project)" != *install_uv_project* ]] || uv_project=yes
  [[ "$(declare -f install_project)" != *install_pipenv_project* ]] || pipenv_project=yes
  active="$("$interpreter" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])')"
  pythons="$(printf '%s\n' "$active" "$(pyenv versions --bare 2> /dev/null | grep -E '^3\.[0-9]+\.[0-9]+$' || true)" | sort -u)"
  # shellcheck disable=SC2086
  answer="$(UV_PROJECT="$uv_project" PIPENV_PROJECT="$pipenv_project" "$newest" "$home/python_version.py" "$home/checks" "$PROJECT_DIRECTORY" "$PYTHON_VERSION" "$active" $pythons)" \
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
    # compiling the packages takes about as long as installing them
    find "$venv/lib" -name '*.pyc' -printf 'lib/%P\0' | tar -cf "$bytecode" -C "$venv" --null --files-from - || rm -f "$bytecode"
    { tar -cf "$archive.$$" -C "$cache" . && mv "$archive.$$" "$archive"; } || echo 'the downloads could not be cached: the next build downloads them again'
  fi
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

# the list is faster, but does not contain what is installed as editable
has_test_tools() {
  [ "$(grep -cE '^pytest(-cov)?==' "$home/constraints.txt")" = 2 ] || "$python" -c 'import pytest, pytest_cov' 2> /dev/null
}

# the project's own pytest and its pinned versions do not change
install_test_tools() {
  local install=("$uv" pip install --python "$python" --constraint "$home/constraints.txt")
  explain '~the test dependencies could not be installed: see the log'
  installed > "$home/constraints.txt"
  has_test_tools || "${install[@]}" pytest pytest-cov
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
  # Python compares the time and the size of each source file
  [ ! -f "$bytecode" ] || tar -xf "$bytecode" -C "$venv" || true
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
