"""
Where packages come from. pip, uv, and Poetry read different settings, so this passes the settings of one to the others.

`settings` writes the variables for packages to indexes.sh, for the tools of the build to tools.sh, and for the commands of
the user to commands.sh. It prints PIP if only pip installs what pip would install, or UV_ONLY if only uv knows the sources.
`requirements` does the same for the options in requirements files, or prints `!` and why neither installs them. The line
for the log goes to standard error.
"""
import json, os, re, shlex, subprocess, sys
from urllib.parse import quote, urlsplit, urlunsplit

try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib

PYPI = "https://pypi.org/simple"
HOME = os.path.expanduser("~")
# the option parser of pip merges its files and its variables; importing the command itself takes longer
ASK = """
import sys
sys.path = [one for one in sys.path if one]
import json
from pip._internal.cli import cmdoptions, parser
parser = parser.ConfigOptionParser(name="install", add_help_option=False)
parser.add_option(cmdoptions.constraints())
for group in (cmdoptions.general_group, cmdoptions.index_group):
    parser.add_option_group(cmdoptions.make_option_group(group, parser))
values = parser.get_default_values()
names = [name for name, _ in parser._get_ordered_configuration_items()]
print(json.dumps([{key: value for key, value in vars(values).items() if isinstance(value, (str, list, int))}, names]))
"""
# settings that change neither the source nor the choice of a package
HARMLESS = set(
    "cache-dir no-cache-dir no-cache timeout default-timeout retries resume-retries disable-pip-version-check no-input progress-bar quiet verbose "
    "no-color no-warn-script-location no-warn-conflicts root-user-action break-system-packages require-virtualenv log debug "
    "no-python-version-warning exists-action compile no-compile config-file upgrade upgrade-strategy editable report".split()
)
# settings that uv gets under another name
MAPPED = set("index-url pypi-url extra-index-url find-links no-index trusted-host cert client-cert proxy keyring-provider".split())
# of these, uv reads the ones in requirements files as pip does, or does not need them
NO_INDEX_OPTIONS = {"-f", "--find-links", "--trusted-host", "--pre", "--prefer-binary"}
# the settings of uv that say where packages come from
SOURCES = ["index", "index-url", "extra-index-url", "find-links", "no-index"]
KEPT = [*SOURCES, "index-strategy", "keyring-provider", "allow-insecure-host", "native-tls", "system-certs"]
UV_VARIABLES = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"]
OPTIONS = r"\s*(-i|--index-url|--pypi-url|--extra-index-url|-f|--find-links|--no-index|--trusted-host|--pre|--prefer-binary)(?![\w-])"


def shown(url):
    """Without credentials, which are in front of the host or in the query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an invalid URL"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def has_password(url):
    try:
        return bool(urlsplit(url).password)
    except ValueError:
        return True


def read_toml(path):
    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except (OSError, ValueError):
        return {}


def table(value, *keys):
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def texts(value):
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else [value] if isinstance(value, str) else []


def pip_has_settings(pythons):
    """Whether there is a variable or a file that pip reads, since asking pip takes time."""
    named = any(key.startswith("PIP_") and key[4:].lower().replace("_", "-") not in HARMLESS for key in os.environ)
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.join(HOME, ".config")
    system = [os.path.join(one, "pip") for one in (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")]
    places = ["/etc", *system, os.path.join(HOME, ".pip"), os.path.join(config, "pip")]
    places += [os.path.dirname(os.path.dirname(os.path.realpath(python) if index else python)) for python in pythons for index in (0, 1)]
    files = [os.path.join(place, "pip.conf") for place in places]
    return named or bool(os.environ.get("PIP_CONFIG_FILE")) or any(map(os.path.isfile, files))


def ask_pip(pythons):
    """The settings of `pip install`, or None if pip does not say them."""
    for python in pythons:
        try:
            answer = subprocess.run([python, "-c", ASK], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
            return json.loads(answer.stdout)
        except (OSError, ValueError):
            continue
    return None


def in_requirements(path, seen):
    """The options of a requirements file, and of those that it includes, that name a source of packages."""
    path = os.path.normpath(path)
    if path in seen or not os.path.isfile(path):
        return
    seen.add(path)
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().replace("\\\n", " ").splitlines()
    for line in lines:
        included = re.match(r"\s*(?:-r|--requirement|-c|--constraint)[\s=]*([^\s#]+)", line)
        if included:
            yield from in_requirements(os.path.join(os.path.dirname(path), included.group(1)), seen)
        option = re.match(OPTIONS + r"[\s=]*([^\s#]*)", line)
        if option:
            yield path, option.group(1), os.path.expandvars(option.group(2))


class Settings:
    """The variables for the tools that do not read the settings of another one."""

    def __init__(self):
        self.variables, self.removed = {}, []

    def set(self, name, value):
        if value:
            self.variables[name] = value

    def write(self, name):
        lines = ["unset %s\n" % name for name in self.removed]
        private_file(name, lines + ["export %s=%s\n" % (key, shlex.quote(value)) for key, value in self.variables.items()])

    def write_for_commands(self):
        """The commands of the user run their own uv, which reads its own configuration."""
        for_user = lambda name: name.startswith("UV_") and name not in ("UV_CONFIG_FILE", "UV_CONSTRAINT")
        private_file("commands.sh", ["export %s=%s\n" % (key, shlex.quote(value)) for key, value in self.variables.items() if for_user(key)])


def private_file(name, lines):
    """Only the owner may read it, since a URL may contain a password."""
    path = os.path.join(os.environ["DELIVERY_HOME"], name)
    # a tool that runs at the same time must not read a part of it
    with open(os.open(path + ".new", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(lines)
    os.replace(path + ".new", path)
    return path


def write_lines(name, values):
    private_file(name, [one + "\n" for one in values])


def read_lines(name):
    with open(os.path.join(os.environ["DELIVERY_HOME"], name)) as file:
        return file.read().splitlines()


def configurations(directory):
    """The configuration files of uv, the most important one first, with the directory that their paths are relative to."""
    if os.environ.get("UV_NO_CONFIG") in ("1", "true"):
        return
    if os.environ.get("UV_CONFIG_FILE"):
        path = os.path.abspath(os.environ["UV_CONFIG_FILE"])
        yield path, read_toml(path)
        return
    place = directory
    while True:
        for name in ("uv.toml", "pyproject.toml"):
            path = os.path.join(place, name)
            found = read_toml(path)
            found = found if name == "uv.toml" else table(found, "tool", "uv")
            if found:
                yield path, found
                place = "/"
                break
        if place == os.path.dirname(place):
            break
        place = os.path.dirname(place)
    config = os.environ.get("XDG_CONFIG_HOME") or os.path.join(HOME, ".config")
    for path in (os.path.join(config, "uv", "uv.toml"), "/etc/uv/uv.toml"):
        found = read_toml(path)
        if found:
            yield path, found


def indexes_of(configuration):
    return [one for one in configuration.get("index") or [] if isinstance(one, dict) and isinstance(one.get("url"), str)]


def absolute(path, place):
    """uv resolves the paths of a configuration file relative to it."""
    return path if "://" in path else os.path.join(os.path.dirname(place), path)


def to_toml(value):
    if isinstance(value, dict):
        return "{ %s }" % ", ".join("%s = %s" % (json.dumps(key), to_toml(one)) for key, one in value.items())
    if isinstance(value, list):
        return "[%s]" % ", ".join(map(to_toml, value))
    return json.dumps(value)


def keep_sources(directory, result, name="packages.toml", no_index=False):
    """
    Writes a configuration of uv that has only the sources of packages. pip reads no configuration of uv, so that its
    other settings, such as required-version, must not change how a project of pip is installed. Its name is not
    uv.toml, because uv would find it above the project.
    """
    kept = {}
    for path, configuration in configurations(directory):
        for given in (configuration, table(configuration, "pip")):
            for key in KEPT:
                value = given.get(key)
                if key == "find-links":
                    value = [absolute(one, path) for one in texts(value)]
                if key == "index":
                    value = [dict(one, url=absolute(one["url"], path)) for one in indexes_of(given)]
                if isinstance(value, list):
                    kept[key] = kept.get(key, []) + value
                elif value is not None:
                    kept.setdefault(key, value)
    # uv has no variable for it
    if no_index:
        kept["no-index"] = True
    result.set("UV_CONFIG_FILE", private_file(name, ["%s = %s\n" % (key, to_toml(value)) for key, value in kept.items() if value != []]))
    # it would hide the file
    result.removed.append("UV_NO_CONFIG")


def split(value):
    return value.split() if isinstance(value, str) else list(value or [])


def sources_of_uv(directory, option):
    """The default index, the other indexes, the links, and the names of the settings that the user made for uv: of indexes, and of sources."""
    default, others, links, names, sources = None, [], [], [], []
    for name in UV_VARIABLES:
        value = os.environ.get(name)
        if not value or name == "UV_DEFAULT_INDEX" and value == option:
            continue
        names.append(name)
        # an index may have a name
        urls = [re.sub(r"^[\w.-]+=", "", one) for one in value.split()]
        if name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
            default = default or urls[-1]
        elif name == "UV_FIND_LINKS":
            links += value.split(",")
        else:
            others += urls
    for path, configuration in configurations(directory):
        place = os.path.relpath(path, directory) if path.startswith(directory + os.sep) else path
        for given in (configuration, table(configuration, "pip")):
            for one in indexes_of(given):
                if one.get("default"):
                    default = default or one["url"]
                elif not one.get("explicit"):
                    others.append(one["url"])
            default = default or next(iter(texts(given.get("index-url"))), None)
            others += texts(given.get("extra-index-url"))
            links += [absolute(one, path) for one in texts(given.get("find-links"))]
            names += ["%s of %s" % (key, place) for key in SOURCES if given.get(key)]
        if configuration.get("sources"):
            sources.append("sources of %s" % place)
    # uv prefers its variable
    if default and option and os.environ.get("UV_DEFAULT_INDEX") == option:
        default = option
    return default, others, links, names, sources


def has_strategy(directory):
    given = [one for _, configuration in configurations(directory) for one in (configuration, table(configuration, "pip"))]
    return bool(os.environ.get("UV_INDEX_STRATEGY")) or any("index-strategy" in one for one in given)


def sources_of_poetry(directory):
    """The sources of Poetry with their credentials, for the packages that the build adds to those of Poetry."""
    sources = table(read_toml(os.path.join(directory, "pyproject.toml")), "tool", "poetry").get("source")
    config = os.environ.get("POETRY_CONFIG_DIR") or os.path.join(os.environ.get("XDG_CONFIG_HOME") or os.path.join(HOME, ".config"), "pypoetry")
    stored = table(read_toml(os.path.join(config, "auth.toml")), "http-basic")
    primary, supplemental = [], []
    for one in sources if isinstance(sources, list) else []:
        name = str(one.get("name", ""))
        url = one.get("url") or (PYPI if name.lower() == "pypi" else None)
        priority = str(one.get("priority") or ("supplemental" if one.get("secondary") else "primary")).lower()
        if not url or priority == "explicit":
            continue
        variable = "POETRY_HTTP_BASIC_%s_" % re.sub(r"[-.]", "_", name).upper()
        user = os.environ.get(variable + "USERNAME") or table(stored, name).get("username")
        password = os.environ.get(variable + "PASSWORD") or table(stored, name).get("password")
        parts = urlsplit(url)
        if user and "@" not in parts.netloc:
            url = urlunsplit(parts._replace(netloc="%s:%s@%s" % (quote(user, ""), quote(password or "", ""), parts.netloc)))
        (supplemental if priority in ("supplemental", "secondary") else primary).append(url)
    return (primary or [PYPI]) + supplemental if primary or supplemental else []


def pass_indexes(result, urls):
    """uv looks into UV_INDEX in its order, and into the default index last."""
    if urls and urls != [PYPI]:
        result.set("UV_DEFAULT_INDEX", urls[-1])
        result.set("UV_INDEX", " ".join(urls[:-1]))


def pass_behind(result, default, urls):
    """uv reads its own settings, and those of pip where it has none. UV_EXTRA_INDEX_URL comes after the indexes of a configuration."""
    result.set("UV_EXTRA_INDEX_URL", " ".join([*split(os.environ.get("UV_EXTRA_INDEX_URL")), *urls[:0:-1]]))
    if not default and urls and urls[0] != PYPI:
        result.set("UV_DEFAULT_INDEX", urls[0])


def pass_connection(result, values):
    result.set("UV_INSECURE_HOST", " ".join([*split(os.environ.get("UV_INSECURE_HOST")), *split(values.get("trusted_hosts"))]))
    certificates = values.get("cert") or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    # uv already has these
    if certificates and not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        result.set("SSL_CERT_DIR" if os.path.isdir(certificates) else "SSL_CERT_FILE", certificates)
    result.set("SSL_CLIENT_CERT", values.get("client_cert"))
    result.set("HTTP_PROXY", values.get("proxy"))
    result.set("HTTPS_PROXY", values.get("proxy"))


def pass_to_pip(result, urls, links, values):
    """The pip of the environment does not read the file of the interpreter that the environment was created from."""
    result.set("PIP_INDEX_URL", urls[0] if urls and urls[0] != PYPI else "")
    result.set("PIP_EXTRA_INDEX_URL", " ".join(urls[1:]))
    result.set("PIP_FIND_LINKS", " ".join(links))
    result.set("PIP_NO_INDEX", "" if urls else "1")
    result.set("PIP_TRUSTED_HOST", " ".join(split(values.get("trusted_hosts"))))
    result.set("PIP_CERT", values.get("cert"))
    result.set("PIP_CLIENT_CERT", values.get("client_cert"))


def has_keyring(urls, values):
    """Whether pip may ask the command keyring for the credentials of an index."""
    provider = values.get("keyring_provider") or "auto"
    private = any(url != PYPI and not has_password(url) for url in urls)
    command = any(os.access(os.path.join(place, "keyring"), os.X_OK) for place in os.environ.get("PATH", "").split(":"))
    return private and provider != "disabled" and (provider == "import" or command)


def only_pip(values, unknown, urls):
    """Why only pip installs what pip would install, or None."""
    if unknown:
        return "pip installs, because uv has no equivalent of its %s" % ", ".join(unknown)
    if has_keyring(urls, values):
        return "pip installs, because it may ask keyring for the credentials of the index"
    return None


def absolute_links(directory, links):
    """Some tools run in another directory. pip ignores a directory that does not exist."""
    paths = [link if re.match(r"[a-z]+:", link) else os.path.join(directory, os.path.expanduser(link)) for link in links]
    return [path for path in paths if re.match(r"[a-z]+:", path) or os.path.exists(path)]


def pass_constraints(result, directory, values):
    constraints = [one if "://" in one else os.path.join(directory, one) for one in split(values.get("constraints"))]
    result.set("UV_CONSTRAINT", " ".join([*split(os.environ.get("UV_CONSTRAINT")), *constraints]) if constraints else "")


def settings(kind, directory, option, log, *pythons):
    directory = os.path.abspath(directory)
    answer = ask_pip(pythons) if pip_has_settings(pythons) else ({}, [])
    values, names = answer or ({}, [])
    unknown = sorted(set(names) - HARMLESS - MAPPED)
    known = [(values.get("index_url") or PYPI).rstrip("/"), *split(values.get("extra_index_urls"))]
    default, others, own_links, own, sources = sources_of_uv(directory, option)
    poetry = sources_of_poetry(directory) if kind == "poetry" else []

    def variables(urls, poetry=()):
        """What uv gets, and the indexes that it looks into, the preferred one first."""
        result = Settings()
        links = absolute_links(directory, own_links + ([] if poetry else split(values.get("find_links"))))
        if option and not default:
            # that of the option, which installCommands may have replaced for pip
            result.removed.append("UV_DEFAULT_INDEX")
        if poetry:
            # the index of the option, or that of pip, is a mirror; it has pytest, which the sources may not have
            used = list(dict.fromkeys([*(known[0] if url == PYPI else url for url in poetry), known[0]]))
            pass_indexes(result, used)
        elif own:
            used = [*others, *urls[:0:-1], *([default] if default else urls[:1])]
            pass_behind(result, default, urls)
        else:
            # what pip does: the best version of all indexes, not that of the first index that has the package; of equal ones, the last
            used = urls[::-1]
            pass_indexes(result, used)
        if not poetry and len(urls) > 1 and not has_strategy(directory):
            result.set("UV_INDEX_STRATEGY", "unsafe-best-match")
        result.set("UV_FIND_LINKS", ",".join(links))
        pass_connection(result, values)
        if has_keyring(used, values):
            result.variables.setdefault("UV_KEYRING_PROVIDER", os.environ.get("UV_KEYRING_PROVIDER", "subprocess"))
        return result, used, links

    # the tools of the build are in no wheelhouse, and not in every source of Poetry
    tools, _, _ = variables(known)
    result, used, links = variables([] if values.get("no_index") else known, poetry)
    no_index = bool(values.get("no_index")) and not used
    keep_sources(directory, tools, "tools.toml")
    if kind != "uv" or no_index:
        keep_sources(directory, result, no_index=no_index)
    installer, reason = "", "uv is configured by %s" % ", ".join(own + sources) if own or sources else None
    if kind == "pip" and (own or sources):
        # pip reads none of these settings, and would install a public package of the same name
        installer = "UV_ONLY"
        pass_constraints(result, directory, values)
        ignored = [name for name in unknown if name != "constraint"]
        reason += "; it has no equivalent of pip's %s" % ", ".join(ignored) if ignored else ""
    elif kind == "pip":
        reason = only_pip(values, unknown, used) if answer else "pip installs, because its settings could not be read"
        installer = "PIP" if reason else ""
    if poetry:
        reason = None
    elif answer:
        pass_to_pip(result, [] if values.get("no_index") else known, absolute_links(directory, split(values.get("find_links"))), values)
    result.write("indexes.sh")
    tools.write("tools.sh")
    result.write_for_commands()
    write_lines("indexes.txt", used)
    write_lines("uv-settings.txt", own)
    print(installer)
    if log == "yes":
        what = "packages" if kind not in ("uv", "poetry") else "packages that %s.lock does not name" % kind
        # in the order of pip, whose last index wins
        line = "%s come from %s" % (what, ", ".join(map(shown, links + (used if own or poetry else used[::-1]))) or "no index")
        print(*filter(None, [line, reason]), sep="; ", file=sys.stderr)


def requirements(installer, *files):
    """Prints PIP if requirements files name indexes: in pip, they count instead of the settings, and for one command."""
    found = [option for file in files for option in in_requirements(file, set())]
    if not found:
        return
    urls, own = read_lines("indexes.txt"), read_lines("uv-settings.txt")
    indexes = [one for one in found if one[1] not in NO_INDEX_OPTIONS]
    if installer == "UV_ONLY" and own and not indexes:
        # pip would not see the indexes of uv
        return
    if installer == "UV_ONLY" and own:
        print("! %s contains %s, and uv is configured by %s" % (*indexes[0][:2], ", ".join(own)))
        return
    for _, option, url in found:
        if option in ("-i", "--index-url", "--pypi-url"):
            urls[-1:] = [url]
        elif option == "--extra-index-url":
            urls.insert(0, url)
    write_lines("indexes.txt", urls)
    print("PIP")
    print("packages come from %s; pip installs, because %s contains %s" % (", ".join(map(shown, urls[::-1])), *found[0][:2]), file=sys.stderr)


if __name__ == "__main__":
    {"settings": settings, "requirements": requirements}[sys.argv[1]](*sys.argv[2:])
