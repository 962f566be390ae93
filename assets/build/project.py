"""
What a project declares: its extras and groups for tests, and the versions that its build backends read from Git.

`choose` prints the extras and groups that tests usually need as arrays of bash, and the file that declares them.
`versions` writes variables with a stand-in for versions that are read from Git: to versions.sh those that concern one
package, and to local_versions.sh those that would also change the version of dependencies that are built from source.
`local` fails for a requirements file that names no local project, in itself or in the files that it includes.
"""
import ast, configparser, os, re, shlex, sys

try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib

USUAL = ["test", "tests", "dev"]
# directories that contain no project of the repository
FOREIGN = {"node_modules", "site-packages", "__pycache__", "venv"}
# a backend by the name in its requirements, and its variable; none of these can name a package
BACKENDS = {
    "setuptools-scm": "SETUPTOOLS_SCM_PRETEND_VERSION",
    "hatch-vcs": "SETUPTOOLS_SCM_PRETEND_VERSION",
    "flit-scm": "SETUPTOOLS_SCM_PRETEND_VERSION",
    "pdm-backend": "PDM_BUILD_SCM_VERSION",
    "pbr": "PBR_VERSION",
    "uv-dynamic-versioning": "UV_DYNAMIC_VERSIONING_BYPASS",
}


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8-sig", "replace")
    except OSError:
        return ""


def read_toml(path):
    try:
        return tomllib.loads(read(path))
    except ValueError:
        return {}


def read_ini(path):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(read(path))
    except configparser.Error:
        return {}
    return parser


def table(value, *keys):
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def normal(name):
    return re.sub("[-_.]+", "-", str(name)).lower()


def setup_call(directory):
    """The literal arguments of setup() in setup.py, which does not run."""
    try:
        tree = ast.parse(read(os.path.join(directory, "setup.py")))
    except (SyntaxError, ValueError):
        return {}
    constants = {target.id: node.value for node in tree.body if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)}
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "setup":
            for argument in node.keywords:
                value = argument.value
                found[argument.arg] = constants.get(value.id, value) if isinstance(value, ast.Name) else value
    return found


def literals(node):
    """The literal keys of a dictionary, whose values may be computed."""
    keys = node.keys if isinstance(node, ast.Dict) else []
    return [key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]


def declared_extras(directory, project):
    """The extras, and the file that declares them."""
    static = list(table(project, "project", "optional-dependencies")) or list(table(project, "tool", "poetry", "extras"))
    if static:
        return static, "pyproject.toml"
    settings = read_ini(os.path.join(directory, "setup.cfg"))
    if "options.extras_require" in settings:
        return list(settings["options.extras_require"]), "setup.cfg"
    return literals(setup_call(directory).get("extras_require")), "setup.py"


def declared_groups(kind, project):
    if kind != "poetry":
        return list(table(project, "dependency-groups"))
    # Poetry installs the others without being asked
    groups = table(project, "tool", "poetry", "group")
    return [name for name in groups if table(groups, name).get("optional") is True]


def conflicts_of(project):
    """Sets of extras and groups of which only one can be installed."""
    conflicts = table(project, "tool", "uv").get("conflicts")
    sets = [one for one in conflicts if isinstance(one, list)] if isinstance(conflicts, list) else []
    return [{(key, normal(value)) for item in one if isinstance(item, dict) for key, value in item.items()} for one in sets]


def default_groups(project):
    """The groups that uv installs without being asked."""
    declared = list(table(project, "dependency-groups"))
    default = table(project, "tool", "uv").get("default-groups", ["dev"])
    return [name for name in declared if default == "all" or isinstance(default, list) and name in default]


def usual(what, names, kept, conflicts):
    """The usual names, without one that is in conflict with what is kept, to which they are added."""
    for wanted in USUAL:
        for name in names:
            one = (what, normal(name))
            if one[1] == wanted and not any(one in some and kept & some - {one} for some in conflicts):
                kept.add(one)
                yield name


def choose(kind, directory, *given):
    project = read_toml(os.path.join(directory, "pyproject.toml"))
    kept = {(what, normal(name)) for what, _, name in (one.partition(":") for one in given)}
    if kind == "uv":
        kept |= {("group", normal(name)) for name in default_groups(project)}
    conflicts = conflicts_of(project)
    names, file = declared_extras(directory, project)
    extras = list(usual("extra", names, kept, conflicts))
    groups = list(usual("group", declared_groups(kind, project), kept, conflicts))
    print("usual_extras=(%s)" % " ".join(map(shlex.quote, extras)))
    print("usual_groups=(%s)" % " ".join(map(shlex.quote, groups)))
    print("extras_file=%s" % shlex.quote(file))
    # the dependencies can be installed before the project is built
    print("static_dependencies=%s" % ("yes" if "project" in project and "dependencies" not in (table(project, "project").get("dynamic") or []) else "no"))


def projects(root):
    """The directories of the repository that pip could install. Each may be a dependency of another one."""
    for place, directories, files in os.walk(root):
        directories[:] = [name for name in directories if name not in FOREIGN and not name.startswith(".")]
        if {"pyproject.toml", "setup.py", "setup.cfg"} & set(files):
            yield place


def requirement_names(values):
    return {normal(re.split(r"[\s\[<>=!~;@(]", one.strip())[0]) for one in values if isinstance(one, str)}


def backends(place, project):
    """The backends that read the version of this project from Git."""
    call = setup_call(place)
    settings = read_ini(os.path.join(place, "setup.cfg"))
    requires = table(project, "build-system").get("requires")
    required = requirement_names(requires if isinstance(requires, list) else [])
    setup_requires = settings["options"].get("setup_requires", "") if "options" in settings else ""
    required |= requirement_names(setup_requires.splitlines())
    found = required & set(BACKENDS)
    if "use_scm_version" in call:
        found.add("setuptools-scm")
    if "pbr" in call:
        found.add("pbr")
    if table(project, "tool", "pdm", "version").get("source") != "scm":
        found.discard("pdm-backend")
    return found


def name_of(place, project):
    settings = read_ini(os.path.join(place, "setup.cfg"))
    named = table(project, "project").get("name") or table(project, "tool", "poetry").get("name")
    named = named or (settings["metadata"].get("name") if "metadata" in settings else None)
    literal = setup_call(place).get("name")
    return named or (literal.value if isinstance(literal, ast.Constant) else None)


def versions(root):
    one, all_packages, overrides = {}, {}, []
    for place in projects(root):
        project = read_toml(os.path.join(place, "pyproject.toml"))
        name = name_of(place, project)
        if name and table(project, "tool", "poetry-dynamic-versioning").get("enable"):
            overrides.append("%s=0.0.0" % name)
        for backend in backends(place, project):
            variable = BACKENDS[backend]
            if backend == "setuptools-scm" and isinstance(name, str):
                one["%s_FOR_%s" % (variable, re.sub("[-_.]+", "_", name).upper())] = "0.0.0"
            else:
                all_packages[variable] = "0.0.0"
    if overrides and "POETRY_DYNAMIC_VERSIONING_BYPASS" not in os.environ:
        one["POETRY_DYNAMIC_VERSIONING_OVERRIDE"] = ",".join(overrides)
    # a version of the user counts
    if "SETUPTOOLS_SCM_PRETEND_VERSION" in os.environ:
        one = {name: value for name, value in one.items() if not name.startswith("SETUPTOOLS_SCM")}
    for file, variables in (("versions.sh", one), ("local_versions.sh", all_packages)):
        with open(os.path.join(os.environ["DELIVERY_HOME"], file), "w") as output:
            output.writelines("export %s=%s\n" % (name, shlex.quote(value)) for name, value in sorted(variables.items()) if name not in os.environ)


def included(path, seen):
    """The lines of a requirements file, and of those that it includes."""
    path = os.path.normpath(path)
    if path in seen:
        return
    seen.add(path)
    for line in read(path).replace("\\\n", " ").splitlines():
        yield line
        found = re.match(r"\s*(?:-r|--requirement|-c|--constraint)[\s=]*([^\s#]+)", line)
        if found:
            yield from included(os.path.join(os.path.dirname(path), found.group(1)), seen)


def local(path):
    paths = r"\s*(?:(?:-e|--editable)[\s=]*)?(?:\.|/|file:|[\w.-]+\s*(?:\[[^\]]*\])?\s*@\s*file:|[\w.-]+/)"
    sys.exit(0 if any(re.match(paths, line) for line in included(path, set())) else 1)


{"choose": choose, "versions": versions, "local": local}[sys.argv[1]](*sys.argv[2:])
