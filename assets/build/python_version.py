"""
Chooses the Python of a project among those of the build image: the version of .python-version, otherwise the active one
if the project allows it, otherwise the lowest one that it allows.

Prints the full version, or `-` and what the image lacks, or `!` and which versions contradict each other. The line for
the log goes to standard error.
"""
import ast, codecs, configparser, os, re, sys

try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet

root, directory, option, active, *available = sys.argv[1:]
project = os.path.abspath(os.path.join(root, directory))
ignored, unreadable = [], []
# the signs that a specifier starts with
SIGNS = "<>=~!"
# other implementations, which no build image has
OTHERS = "pypy|graal|jython|ironpython|micropython|pyodide|anaconda|mini(conda|forge)|mambaforge|stackless|pyston|cinder|nogil|activepython"
# what is meant as a version: a specifier, a number, the name of an implementation, or a word with digits like a version
VERSION = (
    r"[<>=~!]|v?\d|(cp|c?python)\W*\d|.*(?<![\d.])3\.\d|(.*[^a-z\d])?(py|python|venv|env)3\d{1,2}(?!\d)|"
    + OTHERS
)

def numbers(version):
    return [int(part) for part in version.split(".")]

available.sort(key=numbers)

def shown(path):
    return os.path.relpath(path, root)

def upwards(name):
    """The file in the directory of the project, or in the nearest one above it, up to the root of the repository."""
    place = project
    while not os.path.isfile(os.path.join(place, name)):
        if place in (os.path.abspath(root), os.path.dirname(place)):
            return None
        place = os.path.dirname(place)
    return os.path.join(place, name)

def text_of(path):
    with open(path, "rb") as file:
        data = file.read()
    # editors and shells of Windows write UTF-16
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if wide else "utf-8-sig", "replace")

def named():
    """The file, and the versions in it. Other words are names of environments, which exist on no build host."""
    path = upwards(".python-version")
    if path is None:
        return None, []
    versions = []
    for line in text_of(path).splitlines():
        words = line.partition("#")[0].split()
        if words and words[0][0] in SIGNS:
            # a specifier may contain spaces
            words = [re.sub(",+", ",", re.sub("([%s]),+" % SIGNS, r"\1", ",".join(words)))]
        for word in words:
            if re.match(VERSION, word):
                versions.append(word)
            else:
                ignored.append("%s in %s is not a version" % (word, shown(path)))
    return shown(path), versions

def fitting(word):
    """The versions of the image that fit, the preferred one first. The image has one patch level, which may be another one."""
    if word[0] in SIGNS:
        try:
            allowed = SpecifierSet(word)
        except InvalidSpecifier:
            return []
        return [version for version in dict.fromkeys([active, *available]) if allowed.contains(version)]
    # pyenv-virtualenv names an environment orders-3.12, or 3.12.1/envs/orders
    environment = None if re.match(OTHERS, word) else re.fullmatch(r"(?:[a-z][\w-]*-)?(3\.\d+(?:\.\d+)?)(?:/envs/.*)?", word)
    found = environment or re.fullmatch(r"(?:v|cp|c?python)?[-@]?(3(?:\.\d+){0,2}|3\d{1,2})(?:-\S*)?", word)
    if not found:
        return []
    wanted = numbers(re.sub(r"^3(?=\d)", "3.", found.group(1)))
    for length in dict.fromkeys([len(wanted), min(len(wanted), 2)]):
        versions = [version for version in available if numbers(version)[:length] == wanted[:length]]
        if versions:
            return versions[::-1]
    return []

def poetry(text):
    """The specifiers, in the syntax of PEP 440, for the alternatives of a constraint of Poetry."""
    return [",".join(filter(None, map(pep440, re.sub(r"([<>=!~^])\s+", r"\1", one).replace(",", " ").split()))) for one in re.split(r"\|\|?", text)]

def pep440(part):
    if part == "*":
        return ""
    found = re.fullmatch(r"(\^|~|=?)v?(\d+)(?:\.(\d+))?((?:\.\d+)*(?:\.\*)?)", part)
    if not found:
        return part
    sign, major, minor, rest = found.groups()
    version = ".".join(filter(None, [major, minor])) + rest
    if sign in ("", "="):
        return "==" + version
    above = int(major) + 1 if sign == "^" or minor is None else "%s.%d" % (major, int(minor) + 1)
    return ">=%s,<%s" % (version, above)

def from_setup(text):
    tree = ast.parse(text)
    stored = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    constants = {
        target.id: node.value for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign))
        for target in getattr(node, "targets", None) or [node.target] if isinstance(target, ast.Name) and stored.count(target.id) == 1
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", None)) == "setup":
            for keyword in node.keywords:
                if keyword.arg == "python_requires":
                    return ast.literal_eval(constants.get(getattr(keyword.value, "id", None), keyword.value))

def from_setup_cfg(text):
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    return parser.get("options", "python_requires", fallback=None)

def from_poetry(text):
    python = tomllib.loads(text).get("tool", {}).get("poetry", {}).get("dependencies", {}).get("python")
    return python.get("version") if isinstance(python, dict) else python

def from_pipfile(text):
    requires = tomllib.loads(text).get("requires", {})
    # the image has one patch level, which may be another one
    version = str(requires.get("python_full_version") or requires.get("python_version") or "*")
    return None if version == "*" else ".".join(version.split(".")[:2])

def same_minor(version):
    return ["==%s.*" % version]

SOURCES = [
    ("Pipfile", "python_version", from_pipfile, same_minor),
    ("pyproject.toml", "requires-python", lambda text: tomllib.loads(text).get("project", {}).get("requires-python"), None),
    ("pyproject.toml", "python", from_poetry, poetry),
    ("setup.cfg", "python_requires", from_setup_cfg, None),
    ("setup.py", "python_requires", from_setup, None),
    ("uv.lock", "requires-python", lambda text: tomllib.loads(text).get("requires-python"), None),
]

def requirements():
    """What the project requires, and the alternatives that allow a version, of each file that can be read."""
    for name, key, read, convert in SOURCES:
        path = os.path.join(project, name)
        if name == "uv.lock":
            # another installer does not read the lock file, which may belong to another project of the repository
            path = upwards(name) if os.environ.get("PROJECT_KIND") == "uv" else None
        if name == "Pipfile" and os.environ.get("PROJECT_KIND") != "pipenv":
            path = None
        if path is None or not os.path.isfile(path):
            continue
        try:
            text = read(text_of(path))
            if text is not None:
                # the last line of the log is one line
                text = " ".join(text.split())
                alternatives = [SpecifierSet(one) for one in (convert or (lambda whole: [whole]))(text)]
                yield "%s of %s (%s)" % (key, shown(path), text), alternatives
        except (ValueError, TypeError, AttributeError, SyntaxError, configparser.Error, InvalidSpecifier):
            unreadable.append("%s of %s" % (key, shown(path)))

def excluding(version, required, *forms):
    """The names of the requirements that exclude a version, and other forms of it."""
    allows = lambda one: any(one.contains(form) for form in (version, *forms))
    return " and ".join(name for name, alternatives in required if not any(allows(one) for one in alternatives))

def choose(required):
    """The version with the reason, or None with the reason why there is none."""
    file, versions = named()
    contradictions = []
    for word in versions:
        found = fitting(word)
        for version in found:
            if not excluding(version, required):
                return version, "because %s names %s" % (file, word)
        if found:
            contradictions.append("! %s names %s, which %s excludes" % (file, word, excluding(found[0], required)))
    if contradictions:
        return None, contradictions[0]
    if versions:
        return None, "- Python %s, which %s names" % (versions[0], file)
    names = " and ".join(name for name, _ in required)
    if not required:
        if not unreadable:
            return active, "the default, because the project names no version"
        reason = "the default, because no version of the project can be read: " + " and ".join(unreadable)
        # named once
        unreadable.clear()
        return active, reason
    if not excluding(active, required):
        return active, "the default, which %s allows" % names
    for version in available:
        if not excluding(version, required):
            return version, "the lowest version of the build image that %s allows" % names
    return None, "- Python that %s allows" % names

def overriding(required):
    """The reason for the version of the option, which wins over the file."""
    # the installation reports that the image lacks the version of the option
    # exactly 3.12 excludes 3.12.1, but pip does not read it in every file
    excluded = excluding(active, required, option) if active.startswith(option + ".") else ""
    if excluded:
        return None, "! pythonVersion is %s, which %s excludes" % (option, excluded)
    file, versions = named()
    differ = versions and not any(version.startswith(option + ".") for word in versions for version in fitting(word))
    return active, "because pythonVersion is %s" % option + (", which overrides %s with %s" % (file, versions[0]) if differ else "")

required = list(requirements())
version, reason = (overriding if option else choose)(required)
print(version or reason)
if version and (not option or version.startswith(option + ".")):
    print("Python %s, %s" % (version, "; ".join([reason, *ignored, *("%s cannot be read" % name for name in unreadable)])), file=sys.stderr)
