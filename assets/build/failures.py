"""
Says why an installation failed, by the output of pip, uv, and Poetry. Prints nothing for a failure that it does not know,
and for one of the network, which a retry may fix.
"""
import os, re, sys

try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet

path, kind, directory, running = sys.argv[1:]
with open(path, encoding="utf-8", errors="replace") as file:
    # without the colors of a terminal
    log = re.sub(r"\x1b\[[0-9;]*m", "", file.read())
# pip repeats what uv could not do
last = log.rpartition("falling back to pip")[2]

NETWORK = (
    r"error sending request|[Cc]onnection (?:refused|reset|aborted|broken)|Connection error|timed out|ReadTimeout|Max retries exceeded|dns error|"
    r"[Nn]ame resolution|HTTP status server error|50\d (?:Server|Internal|Bad|Service|Gateway)|HTTP error 5\d\d|All attempts to connect|Request failed after"
)
# pip repeats a request; the last attempt has the total 0
RECOVERED = r".*Retrying \(Retry\(total=[1-9].*"
# the packages whose version an option chooses
TOOLS = {"uv": "uvVersion", "poetry": "poetryVersion", "pipenv": "pipenvVersion"}
UNAUTHORIZED = r"lack of valid authentication|40[13] (?:Error|Client Error|Unauthorized|Forbidden)|HTTP error 40[13]|HTTP status client error \(40[13]"
# a failed build of a package, by the words of uv and of pip
BUILD = r"one of the following issues with (\S+)|Failed to (?:download and )?build [`']([^`'\n]+)[`']|Failed building (?:wheel|editable) for (\S+)|Building wheel for (\S+) .*error"


def says(text, *values):
    # the last line of the log is one line
    print(" ".join((text % values).split()))
    sys.exit()


def find(pattern):
    """In the output of the last tool, otherwise in that of the tool before it."""
    return re.search(pattern, last) or re.search(pattern, log)


def own_name():
    try:
        with open(os.path.join(directory, "pyproject.toml"), "rb") as file:
            return tomllib.load(file)["project"]["name"]
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def normal(name):
    return re.sub("[-_.]+", "-", name).lower()


def failed_build():
    found = find(BUILD)
    return next(filter(None, found.groups())) if found else ""


def built():
    """The package whose build failed, without its place."""
    name = failed_build().partition(" @ ")[0]
    return "the project" if not name or "/" in name or normal(name) == normal(own_name()) else name


def is_local(name):
    """Whether a project of the repository has this name."""
    root = os.path.join(os.environ.get("DELIVERY_HOME") or directory, "checks")
    named = r"""\bname["']?\s*[=:]\s*["']?%s\b""" % "[-_.]+".join(map(re.escape, normal(name).split("-")))
    for place, directories, files in os.walk(root if os.path.isdir(root) else directory):
        directories[:] = [one for one in directories if not one.startswith(".") and one != "node_modules"]
        for file in {"pyproject.toml", "setup.cfg", "setup.py"} & set(files):
            with open(os.path.join(place, file), encoding="utf-8", errors="replace") as opened:
                if re.search(named, opened.read(), re.I):
                    return True
    return False


def explain_syntax():
    try:
        with open(os.path.join(directory, "pyproject.toml"), "rb") as file:
            tomllib.load(file)
    except ValueError as error:
        says("pyproject.toml cannot be parsed: %s: correct it", error)
    except OSError:
        pass


def explain_python():
    for pattern in (
        r"current Python version \([\d.]+\) does not satisfy Python(?P<requires>[^ ]+) and (?P<package>\S+) depends on",
        r"Package '(?P<package>[^']+)' requires a different Python: [\d.]+ not in '(?P<requires>[^']+)'",
        r"incompatible with the project's Python requirement: `(?P<requires>[^`]+)`",
        r"Current Python version \([\d.]+\) is not allowed by the project \((?P<requires>[^)]+)\)",
    ):
        found = find(pattern)
        if found:
            package = found.groupdict().get("package") or ""
            name = re.split("[=<>!~]", package)[0]
            if not name or normal(name) == normal(own_name()):
                says("the project requires Python %s, and the build runs %s: set pythonVersion", found["requires"], running)
            says("%s requires Python %s, and the build runs %s: set pythonVersion, or choose another version of it", package, found["requires"], running)
    missing = find(r"No matching distribution found for ([\w.-]+)(?:\[[^\]]*\])?([^\s;(]*)")
    ignored = re.findall(r"(\S+) Requires-Python ([^;\n]+)", (find(r"require a different python version: (.+)") or [""])[0].partition(": ")[2]) if missing else []
    for version, requires in ignored:
        # pip also lists versions that nothing asks for
        if fits(version.split()[-1], missing[2]):
            says("%s requires Python %s, and the build runs %s: set pythonVersion, or choose another version of it", missing[1] + missing[2], requires.strip(), running)


def fits(version, specifier):
    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except (InvalidSpecifier, ValueError):
        return False


def explain_version():
    if find(r"setuptools[-_]scm was unable to detect version|NotVCSError|NotSdistError|Cannot find the version from SCM|"
            r"Versioning for this project requires either an sdist|does not appear to be a Git|This does not appear to be a|Unable to detect version control"):
        source, name = os.environ.get("CODEBUILD_SRC_DIR", ""), built()
        if name != "the project" and " @ file:" not in failed_build() and not is_local(name):
            says("the version of %s is read from Git, and its source has no .git: install a release with a wheel, or by git+https", name)
        if not (source and os.path.isdir(os.path.join(source, ".git"))):
            says("the version of %s is read from Git, and the source has no .git: set fullClone of the source", name)


def explain_tool():
    if find(r"changed significantly since|poetry\.lock .*out of date"):
        says("poetry.lock is out of date: run poetry lock and commit it")
    if kind == "uv" and find("Required uv version"):
        says("the project requires another version of uv: set uvVersion of PythonProject.uv()")
    found = find(r"requires Poetry ([^,\n]+), but you are using")
    if found and kind == "poetry":
        says("the project requires Poetry %s: set poetryVersion of PythonProject.poetry()", found[1])
    found = find(r"(?:Group|Extra) `([^`]+)` is not defined|dependency group '([^']+)' was not found|Group\(s\) not found: (\S+)|Extra \[([^\]]+)\] is not specified")
    if found:
        says("the project declares no extra or group %s: change extras or groups", next(filter(None, found.groups())))


def explain_hashes():
    found = find(r"[Hh]ash mismatch(?: for)? `([^`]+)`|Downloaded distributions for ([^\n]+) did not match|DO NOT MATCH THE HASHES[^\n]*\n(?:\[[^\]\n]*\]:?)?\s+(\S+) from")
    if found and kind == "own":
        says("%s has another hash than the one that is required: find out why its file was replaced, or renew the hash", next(filter(None, found.groups())))
    if found and kind != "pip":
        says("%s has another hash than in the lock file: find out why its file was replaced, or lock again", next(filter(None, found.groups())))
    if found:
        says("the hashes of the requirements are for another Python version or platform: set requirementsFiles to a file for the build")


def explain_build():
    if find("Multiple top-level packages"):
        says("setuptools found several top-level packages: list them in pyproject.toml, or remove its [build-system] table")
    found = find(r"BackendUnavailable: Cannot import '([\w.]+)'|ModuleNotFoundError: No module named '([\w.]+)'|Backend '([\w.]+)' is not available")
    if found and find(BUILD + r"|Call to `|BackendUnavailable|is not available"):
        module = next(filter(None, found.groups())).partition(".")[0]
        says("the build of %s requires the module %s: add its package to requires of [build-system], or choose a version with a wheel", built(), module)
    found = find(
        r"command '([^']+)' failed: No such file|fatal error: (\S+): No such file|(pg_config) executable not found|(mysql_config|krb5-config)\S* (?:not found|: command not found)|"
        r"can't find (Rust) compiler|[Ll]inker `([^`]+)` not found|[`'\"]?(cargo|rustc|cmake|pkg-config|ninja|swig|gfortran)[`'\"]?[^\n]{0,40} (?:not found|is not installed|is not on PATH|not be found)"
    )
    if found:
        says("%s is built from source and requires %s: install it with installCommands, or choose a version with a wheel", built(), next(filter(None, found.groups())))


def explain_tool_version():
    # from an index that answered: pip lists its versions, and uv says that there is none
    found = find(r"no version of (uv|poetry|pipenv)==(\S+?)(?: and|,|$|\s)|requirement (uv|poetry|pipenv)==(\S+) \(from versions: (?!none)")
    name, version = filter(None, found.groups()) if found else ("", "")
    if found and name == kind:
        says("no index has %s %s: change %s", name, version, TOOLS[name])


def explain_resolution():
    found = find(r"(\S+) has no (?:usable )?wheels|Distribution `([^` ]+)[^`]*` can't be installed because|Unable to find installation candidates for ([^\n]+)|(\S+) is not a supported wheel")
    if found and not find(r"\b0 candidate\(s\) were identified"):
        says("%s has no file for Python %s on this platform: set pythonVersion, or choose another version of it", next(filter(None, found.groups())), running)
    found = find(r"The conflict is caused by:\n((?: +.+\n)+)")
    conflict = found[1].splitlines() if found else []
    if not re.search("was not found in the|there is no version of|there are no versions of", log):
        # the words of uv, which name the packages in full sentences
        conflict = re.findall(r"(?:Because|And because) (.+?), we can conclude", log) or conflict
    if conflict:
        # pip may list many versions of one package
        says("the requirements contradict each other: %s: change one of them", " and ".join(line.strip() for line in conflict[:3]))
    found = find(r"Unable to find installation candidates for ([^\n]+)|Because (\S+) was not found in the|there (?:is|are) no versions? of (\S+)")
    if found:
        says("no index has %s: change the requirement, or name the index that has it", next(filter(None, found.groups())))
    found = find(r"requirement ([^\s(]+)[^\n]* \(from versions: (.*)\)")
    if found and found[2] != "none":
        says("no index has %s: change the requirement, or name the index that has it", found[1])
    if found:
        # pip says the same when the index does not answer
        says("~no index has %s, or none answered: change the requirement, or name the index that has it", found[1])


for explain in (explain_syntax, explain_version, explain_python, explain_tool, explain_hashes, explain_build):
    explain()
# of uv too, since pip does not say that an index failed
if re.search(NETWORK, re.sub(RECOVERED, "", log)):
    sys.exit()
if re.search(UNAUTHORIZED, log):
    says("~the package index rejected the credentials: see the log")
explain_tool_version()
explain_resolution()
