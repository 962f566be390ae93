"""
Chooses the Python of a project among those of the build image: the version of .python-version, otherwise the active one
if the project allows it, otherwise the lowest one that it allows.

Prints the full version, or `-` and what the image lacks. The line for the log goes to standard error.
"""
import ast, configparser, os, re, sys

try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet

root, directory, option, active, *available = sys.argv[1:]
project = os.path.abspath(os.path.join(root, directory))
unreadable = []

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
    with open(path, encoding="utf-8-sig", errors="replace") as file:
        return file.read()

def named():
    """The file, and the versions in it. Other words are names of environments, which exist on no build host."""
    path = upwards(".python-version")
    if path is None:
        return None, []
    words = [word for line in text_of(path).splitlines() for word in line.partition("#")[0].split()]
    versions = [word for word in words if re.match(r"(c?python)?[-@]?\d", word)]
    for word in words:
        if word not in versions:
            unreadable.append("%s in %s is not a version" % (word, shown(path)))
    return shown(path), versions

def installed(word):
    """The newest version of the image that fits. The image has one patch level, which may be another one."""
    found = re.fullmatch(r"(?:c?python)?[-@]?(3(?:\.\d+){0,2})(?:-\S*)?", word)
    if not found:
        return None
    wanted = numbers(found.group(1))
    for length in dict.fromkeys([len(wanted), min(len(wanted), 2)]):
        fitting = [version for version in available if numbers(version)[:length] == wanted[:length]]
        if fitting:
            return fitting[-1]
    return None

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
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", None)) == "setup":
            for keyword in node.keywords:
                if keyword.arg == "python_requires":
                    return ast.literal_eval(keyword.value)

def from_setup_cfg(text):
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    return parser.get("options", "python_requires", fallback=None)

def from_poetry(text):
    python = tomllib.loads(text).get("tool", {}).get("poetry", {}).get("dependencies", {}).get("python")
    return python.get("version") if isinstance(python, dict) else python

SOURCES = [
    ("pyproject.toml", "requires-python", lambda text: tomllib.loads(text).get("project", {}).get("requires-python"), None),
    ("pyproject.toml", "python", from_poetry, poetry),
    ("setup.cfg", "python_requires", from_setup_cfg, None),
    ("setup.py", "python_requires", from_setup, None),
    ("uv.lock", "requires-python", lambda text: tomllib.loads(text).get("requires-python"), None),
]

def requirements():
    """What the project requires, and the alternatives that allow a version, of each file that can be read."""
    for name, key, read, convert in SOURCES:
        path = upwards(name) if name == "uv.lock" else os.path.join(project, name)
        if path is None or not os.path.isfile(path):
            continue
        try:
            text = read(text_of(path))
            if text is not None:
                alternatives = [SpecifierSet(one) for one in (convert or (lambda whole: [whole]))(text)]
                yield "%s of %s (%s)" % (key, shown(path), text), alternatives
        except (ValueError, TypeError, AttributeError, SyntaxError, configparser.Error, InvalidSpecifier):
            unreadable.append("%s of %s cannot be read" % (key, shown(path)))

def choose():
    """The version with the reason, or None with the reason why the image lacks it."""
    file, versions = named()
    for word in versions:
        version = installed(word)
        if version:
            return version, "because %s names %s" % (file, word)
    if versions:
        return None, "Python %s, which %s names" % (versions[0], file)
    required = list(requirements())
    names = " and ".join(name for name, _ in required)
    fits = lambda version: all(any(one.contains(version) for one in alternatives) for _, alternatives in required)
    if fits(active):
        return active, "the default, which %s allows" % names if required else "the default, because the project names no version"
    for version in filter(fits, available):
        return version, "the lowest version of the build image that %s allows" % names
    return None, "Python that %s allows" % names

def overriding():
    """The reason for the version of the option, which wins over the file."""
    file, versions = named()
    differ = versions and not any((installed(word) or "").startswith(option + ".") for word in versions)
    return "because pythonVersion is %s" % option + (", which overrides %s with %s" % (file, versions[0]) if differ else "")

version, reason = (active, overriding()) if option else choose()
print(version or "- " + reason)
# the installation reports that the image lacks the version of the option
if version and (not option or version.startswith(option + ".")):
    print("Python %s, %s" % (version, "; ".join([reason, *unreadable])), file=sys.stderr)
