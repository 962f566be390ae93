import { shellFunction } from './shell';

/** What installs projects and tools, and what checks them: exact versions, so that a build of tomorrow judges as one of today. */
const UV = '0.13.9';
export const BANDIT = 'bandit[toml,sarif]==1.9.4';
export const PIP_AUDIT = 'pip-audit==2.10.1';
export const CYCLONEDX = 'cyclonedx-bom==7.5.0';

/** Part of the cache's key: other tools, another cache. */
export const TOOLS_KEY = `uv${UV}`;

/**
 * Where things are.
 *
 * Tools run on the newest Python of the image, whatever the project's, and each in an environment of its own: bandit reads no syntax newer than its
 * interpreter, and nothing that the project pins may move.
 */
const LOCATIONS = [
  'output="$CODEBUILD_SRC_DIR/.delivery" gates="$DELIVERY_HOME/gates" logs="$DELIVERY_HOME/logs" venv="$DELIVERY_HOME/venv"',
  'reports="$output/reports" release="$output/release" cache="$output/cache" python="$venv/bin/python"',
  `uv="$cache/uv-${UV}/bin/uv"`,
  'export UV_CACHE_DIR="$cache/uv" PIP_CACHE_DIR="$cache/pip" POETRY_CACHE_DIR="$cache/poetry"',
  'export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1',
];

/**
 * What all steps use.
 *
 * `explain` says, before a step, what the build is to say when the step fails: the text stands where the gate's result will stand.
 * A text that begins with `~` tells of something that trying again may cure.
 */
export const BASICS = [
  ...LOCATIONS,
  ...shellFunction('find_pythons', [
    'interpreter="$(cd / && python -c "import sys; print(sys.executable)")"',
    'newest="$(pyenv versions --bare 2>/dev/null | grep -E "^3\\.[0-9.]+$" | sort -V | tail -n 1 || true)"',
    'if [ -n "$newest" ]; then newest="$(pyenv root)/versions/$newest/bin/python"; else newest="$interpreter"; fi',
  ]),
  'explain() { printf "%s\\n" "$1" > "$gates/$gate"; }',
  'keep() { aws s3 cp --only-show-errors "$@"; }',
  'judge() { "$newest" "$DELIVERY_HOME/judge.py" "$@" > "$gates/$gate"; }',
  'tool() { "$uv" tool run --quiet --python "$newest" --from "$1" "${@:2}"; }',
  // uv comes with the cache, or from the index
  ...shellFunction('prepare_tools', [
    'gate=install',
    'explain "~uv could not be installed: see the log"',
    `[ -x "$uv" ] || "$newest" -m pip install --quiet --target "\${uv%/bin/uv}" uv==${UV}`,
  ]),
];
