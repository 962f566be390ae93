#!/usr/bin/env bash
# Python, the tools, and the installation of the project.

# a call of pyenv takes time
find_pythons() {
  pyenv_root="$(pyenv root 2> /dev/null || true)"
  pyenv_versions="$(pyenv versions --bare 2> /dev/null | grep -E '^3\.[0-9]+\.[0-9]+$' | sort -V || true)"
  find_interpreter
  newest="$interpreter" newest_version="$interpreter_version"
  if [ -n "$pyenv_versions" ]; then newest_version="${pyenv_versions##*$'\n'}"; newest="$pyenv_root/versions/$newest_version/bin/python"; fi
}

find_interpreter() {
  local answer
  answer="$(cd / && python -c 'import sys; print("%d.%d.%d" % sys.version_info[:3], sys.executable)')"
  interpreter_version="${answer%% *}" interpreter="${answer#* }"
}

# the version of the option, or the one that the project names or allows; the user's commands, the installation and the tests use it
choose_python() {
  local active="$interpreter_version" answer pythons
  case "$(declare -f install_project)" in
    *install_uv_project*) kind=uv ;;
    *install_poetry_project*) kind=poetry ;;
    *install_pipenv_project*) kind=pipenv ;;
    *install_pip_project*) kind=pip ;;
  esac
  pythons="$(printf '%s\n' "$active" "$pyenv_versions" | sort -u)"
  # shellcheck disable=SC2086
  answer="$(PROJECT_KIND="$kind" "$newest" -E "$home/python_version.py" "$home/checks" "$PROJECT_DIRECTORY" "$PYTHON_VERSION" "$active" $pythons)" \
    || { echo "the Python version of the project could not be read: see the error above; using Python $active"; answer="$active"; }
  case "$answer" in
    '- '*) python_result="the build image has no ${answer#- }: change that file, set pythonVersion, or change buildImage" ;;
    '! '*) python_result="the Python versions contradict each other: ${answer#! }: change one of them" ;;
    "$active") ;;
    *)
      # another python may come before pyenv's shims
      export PYENV_VERSION="$answer" PATH="$pyenv_root/versions/$answer/bin:$PATH"
      find_interpreter
      ;;
  esac
  export PYTHON_VERSION="${PYTHON_VERSION:-${answer%.*}}"
}

# what the settings of pip, uv, and Poetry say about package indexes, in the variables of each of them; installCommands may change it
find_indexes() {
  # the pip of the user's commands
  local pythons=("$interpreter")
  [ -z "${VIRTUAL_ENV:-}" ] || pythons=("$VIRTUAL_ENV/bin/python" "${pythons[@]}")
  "$newest" -E "$home/indexes.py" settings "$kind" "$home/checks/$PROJECT_DIRECTORY" "$index_option" "$1" "${pythons[@]}" > "$home/installer" \
    || { echo 'the settings of the package indexes could not be read: see the error above; pip installs what it can'; echo PIP > "$home/installer"; }
}

# in a shell of its own, since the tests and a locked project do not get these variables
from_indexes() (
  [ ! -f "$home/indexes.sh" ] || . "$home/indexes.sh"
  exec "$@"
)

# for the tools of the build, which are in no wheelhouse, and not in every source of Poetry
from_tool_indexes() (
  [ ! -f "$home/tools.sh" ] || . "$home/tools.sh"
  exec "$@"
)

# the user's commands may call uv, or a tool that calls it
use_command_indexes() {
  [ ! -f "$home/commands.sh" ] || . "$home/commands.sh"
}

# CodePipeline's bundle has no .git to read a version from
find_versions() {
  : > "$home/local_versions.sh"
  [ ! -d "$CODEBUILD_SRC_DIR/.git" ] || return 0
  "$newest" -E "$home/project.py" versions "$home/checks" || { echo 'the build backends of the repository could not be read: see the error above'; return 0; }
  . "$home/versions.sh"
}

use_local_versions() {
  . "$home/local_versions.sh"
}

# for a command that builds a project of the repository: these variables would also change the version of other packages that are built from source
locally() (
  use_local_versions
  "$@"
)

# uv comes from the cache, or from the package index
prepare_tools() {
  gate=install
  [ ! -f "$archive" ] || tar -xf "$archive" -C "$cache" || rm -rf "${cache:?}"/*
  explain '~uv could not be installed: see the log'
  # uv is in no wheelhouse; the archive contains it once
  [ -x "$uv" ] || PIP_NO_INDEX=0 "$newest" -I -m pip install --quiet --no-cache-dir --no-compile --target "${uv%/bin/uv}" "uv==$UV_VERSION"
  rm "$gates/install"
}

# the user's commands run in a shell of their own: they can neither call functions of this program nor stop it
user_lines() {
  bash -n "$home/$1.sh" && ( use_command_indexes; exec bash -eo pipefail -c '. "$1"; [ -z "$2" ] || export -p > "$2"' bash "$home/$1.sh" "${2:-}" )
}

# the installation and the tests receive the variables that the commands export
run_install_commands() {
  gate=install
  [ -z "$python_result" ] || { explain "$python_result"; exit 1; }
  [ -s "$home/install-commands.sh" ] || return 0
  cd "$home/checks/$PROJECT_DIRECTORY"
  explain '~a command of installCommands failed: see the log'
  use_local_versions
  user_lines install-commands "$home/exported"
}

take_exports() {
  local name passed
  local -A before=()
  [ -f "$home/exported" ] || return 0
  passed="$(sed -n 's/^export \([A-Z_]*\)=.*/\1/p' "$home/commands.sh" 2> /dev/null || true)"
  for name in $passed; do [ -z "${!name+set}" ] || before[$name]="${!name}"; done
  . <(sed -n '/^declare -x \(PWD\|OLDPWD\|SHLVL\)\b/d; s/^declare -x /export /; p' "$home/exported")
  # they are for the user's commands, which may build the project
  for name in $(sed -n 's/^export \([A-Z_]*\)=0\.0\.0$/\1/p' "$home/local_versions.sh"); do
    [ "${!name:-}" != 0.0.0 ] || unset "$name"
  done
  # what the build passed to the commands is no setting of the user
  for name in $passed; do
    [ "${!name:-}" = "$(. "$home/commands.sh" && printf %s "${!name}")" ] || continue
    if [ -n "${before[$name]+set}" ]; then export "$name=${before[$name]}"; else unset "$name"; fi
  done
}

# one file, because it is unknown how CodeBuild's cache treats the links in uv's cache
keep_downloads() {
  # the downloads of an installation that failed would stay under their cache key forever; judge.py is as old as this build
  [ "$(cat "$gates/install")" = passed ] || return 0
  if prune_downloads || [ ! -f "$archive" ] || [ -n "$(find "$cache/uv/archive-v0" "$cache/tools" -mindepth 1 -maxdepth 1 -newer "$home/judge.py" -print -quit 2> /dev/null)" ] \
    || [ -n "$(find "$cache/pip" "$cache/poetry" -type f -newer "$home/judge.py" -print -quit 2> /dev/null)" ]; then
    mkdir -p "$output/cache"
    # compiling the packages takes about as long as installing them
    find "$venv/lib" -name '*.pyc' -printf 'lib/%P\0' | tar -cf "$bytecode" -C "$venv" --null --files-from - || rm -f "$bytecode"
    { tar -cf "$archive.$$" -C "$cache" . && mv "$archive.$$" "$archive"; } || echo 'the downloads could not be cached: the next build downloads them again'
  fi
}

# an archive that another lock file made contains packages that nothing uses any more
prune_downloads() {
  local before='' now
  now="${CODEBUILD_BUILD_ID%%:*} $(all_installed | sha256sum)"
  [ ! -f "$cache/installed" ] || before="$(cat "$cache/installed")"
  # the archive of another build project has other packages
  if [ ! -f "$archive" ] || [ "$before" = "$now" ] || { [ -n "$before" ] && [ "${before%% *}" != "${now%% *}" ]; }; then
    printf %s "$now" > "$cache/installed"
    return 1
  fi
  # the next build tries again
  "$newest" -E "$home/prune.py" "$cache" "$venv" "$home/judge.py" "$now" || { echo 'the downloads could not be pruned: see the error above'; return 1; }
}

all_installed() {
  from_indexes "$uv" pip list --quiet --python "$python" --exclude-editable --format freeze
}

# without pip and the other seed packages, which are installed for scripts that call them
installed() {
  local all
  all="$(all_installed)"
  grep -vxF "$seeded" <<< "$all" || true
}

pip_install() {
  case "$INSTALLER" in
    PIP) from_indexes "$python" -m pip install "$@" ;;
    UV_ONLY) uv_install "$@" ;;
    *) uv_install "$@" || { echo 'uv could not install it; falling back to pip'; from_indexes "$python" -m pip install "$@"; } ;;
  esac
}

uv_install() {
  from_indexes "$uv" pip install --python "$python" "$@"
}

# installs a requirements file; it must exist if an option names it
requirements() {
  local file="$1" option="$2"
  if [ -f "$file" ]; then
    if [ -s "$home/local_versions.sh" ] && "$newest" -E "$home/project.py" local "$file"; then
      locally pip_install --requirement "$file"
    else
      pip_install --requirement "$file"
    fi
    found=yes
  elif [ -n "$option" ]; then
    explain "the requirements file $file is missing: add it, or change $option"
    exit 1
  fi
}

# the extras and groups of the options, otherwise those of the usual names that the project declares; says which, and why
choose_extras() {
  local no="none of test, tests, dev $1" why_extras='set by the option' why_groups='set by the option' extra
  if [ "$extras_given" = no ]; then
    extras=("${usual_extras[@]}") why_extras="$no"
    [ "${#extras[@]}" = 0 ] || why_extras="declared by $extras_file"
  fi
  if [ "$groups_given" = no ]; then
    groups=("${usual_groups[@]}") why_groups="$no"
    [ "${#groups[@]}" = 0 ] || why_groups='declared by pyproject.toml'
  fi
  echo "extras: ${extras[*]:-none} ($why_extras); groups: ${groups[*]:-none} ($why_groups)"
  for extra in "${extras[@]}"; do options+=(--extra "$extra"); done
}

read_project() {
  local answer
  usual_extras=() usual_groups=() extras_file='' static_dependencies=no
  answer="$("$newest" -E "$home/project.py" choose "$kind" . "${extras[@]/#/extra:}" "${groups[@]/#/group:}")"
  eval "$answer"
}

install_extras() {
  local options=() extra
  for extra in "${extras[@]}"; do options+=(--extra "$extra"); done
  [ "${#options[@]}" -gt 0 ] || return 0
  if [ "${project[0]}" = -r ]; then
    uv_install "${project[@]}" "${options[@]}"
  else
    locally uv_install --editable ".[$(IFS=,; echo "${extras[*]}")]"
  fi
}

# without the dependencies where they are installed before, with the stand-in for a version that would change theirs
install_editable() {
  local options=()
  if [ "$found" = yes ] || { [ -s "$home/local_versions.sh" ] && [ "$INSTALLER" != PIP ] && [ "$static_dependencies" = yes ] && uv_install -r pyproject.toml; }; then
    options=(--no-deps)
  fi
  locally pip_install "${options[@]}" "${project[@]}"
}

# what the requirements files say about indexes counts in pip only
choose_installer() {
  local answer
  answer="$(cat "$home/installer")"
  [ -z "$answer" ] || [ "$INSTALLER" = PIP ] || INSTALLER="$answer"
  answer="$("$newest" -E "$home/indexes.py" requirements "$INSTALLER" "${requirements_files[@]}" "${test_requirements_files[@]}")"
  case "$answer" in
    '! '*) explain "the package indexes contradict each other: ${answer#! }: keep one of them"; exit 1 ;;
    ?*) INSTALLER="$answer" ;;
  esac
}

install_pip_project() {
  local found=no file group asked="${#extras[@]}" project=() options=()
  choose_installer
  read_project
  for file in "${requirements_files[@]}"; do requirements "$file" "$requirements_option"; done
  # requirements files contain the dependencies, possibly with hashes, which pip does not allow beside an editable install
  if [ -f setup.py ] || grep -qs '^\[build-system\]' pyproject.toml; then
    project=(--editable .)
    install_editable
  elif [ "$found" = no ] && grep -qs '^\[project\]' pyproject.toml; then
    project=(-r pyproject.toml)
    uv_install "${project[@]}"
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
  # extras and groups that no option names are for the tests only, and are not combined with requirements files
  [ "$found" = no ] || usual_extras=() usual_groups=()
  choose_extras "$(if [ "$found" = yes ]; then echo 'is installed beside requirements files'; else echo 'is declared'; fi)"
  if [ "$asked" = 0 ] && [ "${#project[@]}" -gt 0 ]; then install_extras; fi
  for group in "${groups[@]}"; do
    [ "$groups_given" = yes ] || explain "~the group $group, which is chosen by default, could not be installed: see the log, or set groups: []"
    locally uv_install --group "$group"
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
  # the lock file contains its own default index, which a mirror does not replace
  locked() (
    unset UV_DEFAULT_INDEX
    export UV_PROJECT_ENVIRONMENT="$venv"
    exec "$uv" "$@"
  )
  local outdated='uv.lock does not match pyproject.toml: run uv lock and commit it, or set allowOutdatedLock'
  for extra in "${extras[@]}"; do shipped+=(--extra "$extra"); done
  locally locked lock --check --quiet --python "$interpreter" 2> "$home/lock-check" || code=$?
  cat "$home/lock-check" >&2
  # another lock file would not help
  [ "$allow_outdated_lock" = yes ] || ! grep -q 'No solution found' "$home/lock-check" || code=2
  case "$code$allow_outdated_lock" in
    0*) ;;
    1yes) echo "warning: $outdated" ;;
    1no) explain "$outdated"; exit 1 ;;
    *) explain '~uv could not check uv.lock: see the log'; exit 1 ;;
  esac
  explain '~the project could not be installed: see the log'
  read_project
  choose_extras 'is declared'
  for group in "${groups[@]}"; do options+=(--group "$group"); done
  # with the stand-in for a version, only the projects of the repository are left to build
  [ ! -s "$home/local_versions.sh" ] || locked sync --frozen --python "$interpreter" --no-install-local "${options[@]}" \
    || echo 'this uv installs the projects of the repository together with their dependencies'
  locally locked sync --frozen --python "$interpreter" "${options[@]}"
  locally locked export --frozen --no-default-groups --no-emit-workspace --no-hashes --no-header --no-annotate --quiet "${shipped[@]}" > "$home/exported.txt"
  list_production
}

install_poetry_project() {
  local version="$poetry_version" options=() shipped=()
  explain 'poetry.lock is missing: run poetry lock and commit it, or use PythonProject.pip()'
  [ -f poetry.lock ]
  explain '~the project could not be installed: see the log'
  [ -n "$version" ] || version="$(sed -n '1s/.*by Poetry \([0-9][0-9.]*\) .*/\1/p' poetry.lock)"
  poetry=(from_tool_indexes "$uv" tool run --quiet --python "$newest" --from "poetry==${version:-2.5.1}" --with poetry-plugin-export --with poetry-plugin-pypi-mirror poetry)
  # Poetry installs into the active environment; without one, into any Python that it finds
  export VIRTUAL_ENV="$venv" PATH="$venv/bin:$PATH"
  [ "${#extras[@]}" = 0 ] || shipped=(--extras "${extras[*]}")
  read_project
  choose_extras 'is declared, or Poetry installs it by default'
  options=()
  [ "$install_root" = yes ] || options+=(--no-root)
  [ "${#groups[@]}" = 0 ] || options+=(--with "$(IFS=,; echo "${groups[*]}")")
  [ "${#extras[@]}" = 0 ] || options+=(--extras "${extras[*]}")
  locally "${poetry[@]}" install --no-interaction "${options[@]}"
  "${poetry[@]}" export --only main --without-hashes --format requirements.txt --output "$home/exported.txt" "${shipped[@]}"
  list_production
}

# the dependencies of the image as they are installed here: the lock file also contains those for other platforms
list_production() {
  installed > "$home/installed.txt"
  "$newest" -I - "$home/exported.txt" "$home/installed.txt" > "$production" << 'EOF'
import re, sys
exported, installed = ([line.strip() for line in open(name)] for name in sys.argv[1:])
name = lambda line: re.sub("[-_.]+", "-", re.split("[ =<>!~;@[]", line)[0]).lower()
wanted = {name(line) for line in exported}
sys.stdout.writelines(line + "\n" for line in installed if "==" in line and name(line) in wanted)
EOF
}

# the list is faster, but does not contain what is installed as editable
has_test_tools() {
  [ "$(grep -cE '^pytest(-cov)?==' "$home/constraints.txt")" = 2 ] || "$python" -c 'import pytest, pytest_cov' 2> /dev/null
}

# a wheelhouse may have only what the project requires
is_wheelhouse() {
  grep -qsx 'no-index = true' "$home/packages.toml"
}

# the project's own pytest and its pinned versions do not change
install_test_tools() {
  local install=(uv_install --constraint "$home/constraints.txt") tools=(pytest pytest-cov)
  explain '~the test dependencies could not be installed: see the log'
  installed > "$home/constraints.txt"
  if is_wheelhouse; then
    has_test_tools || "${install[@]}" "${tools[@]}" || from_tool_indexes "$uv" pip install --python "$python" --constraint "$home/constraints.txt" "${tools[@]}"
  else
    has_test_tools || "${install[@]}" "${tools[@]}"
  fi
  [ "${#extra_test_packages[@]}" = 0 ] || "${install[@]}" "${extra_test_packages[@]}"
}

# of a project with a lock file, only the packages that the build added
compare_indexes() {
  local names
  [ "$(sort -u "$home/indexes.txt" 2> /dev/null | wc -l)" -gt 1 ] || return 0
  names="$(all_installed)"
  case "$kind" in uv | poetry) names="$(grep -vxF -f "$home/constraints.txt" <<< "$names" || true)" ;; esac
  from_indexes "$newest" -E "$home/compare_indexes.py" "$uv" "$python" <<< "$names"
}

install() {
  local seeded version
  gate=install
  [ ! -s "$home/install-commands.sh" ] || find_indexes yes
  cd "$home/checks/$PROJECT_DIRECTORY"
  version="${interpreter_version%.*}"
  explain "the build image provides Python $version, not $PYTHON_VERSION: change buildImage or pythonVersion"
  [ "$version" = "$PYTHON_VERSION" ]
  explain '~the project could not be installed: see the log'
  from_tool_indexes "$uv" venv --quiet --seed --python "$interpreter" "$venv"
  seeded="$(all_installed)"
  : > "$production"
  [ "$kind" != own ] || use_command_indexes
  install_project
  install_test_tools
  # Python compares the time and the size of each source file
  [ ! -f "$bytecode" ] || tar -xf "$bytecode" -C "$venv" || true
  compare_indexes || echo 'the packages of the indexes could not be compared: see the error above'
  explain passed
}

# replaces the message of a failed installation where the output of the tools shows the cause
explain_installation() {
  local text
  gate=install
  [ -f "$logs/install" ] && [[ "$(cat "$gates/install")" == '~'* ]] || return 0
  text="$("$newest" -E "$home/failures.py" "$logs/install" "$kind" "$home/checks/$PROJECT_DIRECTORY" "$PYTHON_VERSION" || true)"
  [ -z "$text" ] || explain "$text"
}
