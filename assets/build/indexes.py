"""
Where packages come from. pip, uv, and Poetry read different settings, so this passes the settings of one to the others.

`settings` writes the variables for the tools to indexes.sh, and prints PIP if only pip installs what pip would install,
or UV_ONLY if only uv knows the sources. `requirements` does the same for the options in requirements files. The line for
the log goes to standard error. `compare` warns of packages that more than one index has.
"""
import json, os, re, shlex, subprocess, sys
from urllib.parse import quote, urlsplit, urlunsplit

try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib

PYPI = "https://pypi.org/simple"
HOME = os.path.expanduser("~")
# the option parser of pip merges its files and its variables
ASK = """
import json
from pip._internal.commands import create_command
parser = create_command("install").parser
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
# the settings of uv that say where packages come from
SOURCES = ["index", "index-url", "extra-index-url", "find-links", "no-index"]
KEPT = [*SOURCES, "index-strategy", "keyring-provider", "allow-insecure-host", "native-tls", "system-certs"]
UV_VARIABLES = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_NO_INDEX"]
OPTIONS = r"\s*(-i|--index-url|--pypi-url|--extra-index-url|-f|--find-links|--no-index|--trusted-host|--pre|--prefer-binary)(?![\w-])"


def shown(url):
    """Without credentials, which are in front of the host or in the query."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


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

    def write(self):
        lines = ["unset %s\n" % name for name in self.removed]
        private_file("indexes.sh", lines + ["export %s=%s\n" % (name, shlex.quote(value)) for name, value in self.variables.items()])


def private_file(name, lines):
    """Only the owner may read it, since a URL may contain a password."""
    path = os.path.join(os.environ["DELIVERY_HOME"], name)
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(lines)
    return path


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


def keep_sources(directory, result):
    """
    Writes a configuration of uv that has only the sources of packages. pip reads no configuration of uv, so that its
    other settings, such as required-version, must not change how a project of pip is installed.
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
    result.set("UV_CONFIG_FILE", private_file("uv.toml", ["%s = %s\n" % (key, to_toml(value)) for key, value in kept.items() if value != []]))
    # it would hide the file
    result.removed.append("UV_NO_CONFIG")


def split(value):
    return value.split() if isinstance(value, str) else list(value or [])


def sources_of_uv(directory, option):
    """The default index, the other indexes, the links, and the names of the settings that the user made for uv."""
    default, others, links, names = None, [], [], []
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
        elif name != "UV_NO_INDEX":
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
            names.append("sources of %s" % place)
    return default, others, links, names


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
    if not urls:
        result.set("UV_NO_INDEX", "1")


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
    private = any(url != PYPI and not urlsplit(url).password for url in urls)
    command = any(os.access(os.path.join(place, "keyring"), os.X_OK) for place in os.environ.get("PATH", "").split(":"))
    return private and provider != "disabled" and (provider == "import" or command)


def only_pip(values, names, urls):
    """Why only pip installs what pip would install, or None."""
    unknown = sorted(set(names) - HARMLESS - MAPPED)
    if unknown:
        return "pip installs, because uv has no equivalent of its %s" % ", ".join(unknown)
    if has_keyring(urls, values):
        return "pip installs, because it may ask keyring for the credentials of the index"
    return None


def settings(kind, directory, option, log, *pythons):
    directory = os.path.abspath(directory)
    result, installer, reason = Settings(), "", None
    answer = ask_pip(pythons) if pip_has_settings(pythons) else ({}, [])
    values, names = answer or ({}, [])
    urls = [] if values.get("no_index") else [(values.get("index_url") or PYPI).rstrip("/"), *split(values.get("extra_index_urls"))]
    links = split(values.get("find_links"))
    default, others, own_links, own = sources_of_uv(directory, option)
    poetry = sources_of_poetry(directory) if kind == "poetry" else []
    if option and not default:
        # that of the option, which installCommands may have replaced for pip
        result.removed.append("UV_DEFAULT_INDEX")
    used = list(urls)
    if poetry:
        used, links = poetry, []
        pass_indexes(result, used)
    elif own:
        # uv reads its own settings, and those of pip where it has none
        result.set("UV_INDEX", " ".join([*split(os.environ.get("UV_INDEX")), *urls[1:]]))
        if not default and urls and urls[0] != PYPI:
            result.set("UV_DEFAULT_INDEX", urls[0])
        used = [*others, *urls[1:], *([default] if default else urls[:1])]
        links = own_links + links
        reason = "uv is configured by %s" % ", ".join(own)
    else:
        # what pip does: the best version of all indexes, not that of the first index that has the package; of equal ones, the last
        pass_indexes(result, used[::-1])
        if len(used) > 1:
            result.set("UV_INDEX_STRATEGY", "unsafe-best-match")
    # pip ignores a directory that does not exist
    links = [link for link in links if "://" in link or os.path.exists(os.path.join(directory, link))]
    result.set("UV_FIND_LINKS", ",".join(links))
    pass_connection(result, values)
    if kind != "uv":
        keep_sources(directory, result)
    if not poetry and answer:
        pass_to_pip(result, urls, split(values.get("find_links")), values)
    if has_keyring(used, values):
        result.variables.setdefault("UV_KEYRING_PROVIDER", os.environ.get("UV_KEYRING_PROVIDER", "subprocess"))
    if kind == "pip" and own:
        # pip reads none of these settings, and would install a public package of the same name
        installer = "UV_ONLY"
    elif kind == "pip":
        reason = only_pip(values, names, used) if answer else "pip installs, because its settings could not be read"
        installer = "PIP" if reason else ""
    result.write()
    # the index that is preferred comes first
    private_file("indexes.json", [json.dumps(used if own or poetry else used[::-1])])
    print(installer)
    if log == "yes":
        what = "packages" if kind not in ("uv", "poetry") else "packages that %s.lock does not name" % kind
        line = "%s come from %s" % (what, ", ".join(map(shown, links + used)) or "no index")
        print(*filter(None, [line, reason]), sep="; ", file=sys.stderr)


def resolve(uv, python, names, **variables):
    """The index of each package, as uv chooses it."""
    environment = dict(os.environ, **variables)
    command = [uv, "pip", "compile", "--quiet", "--no-deps", "--no-header", "--emit-index-annotation", "--no-build", "--python", python, "-"]
    answer = subprocess.run(command, input="\n".join(names), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    return dict(re.findall(r"^([\w.-]+)==.*\n(?: +# via.*\n)* +# from (.+)$", answer.stdout, re.M))


def compare(uv, python):
    """Warns of packages that several indexes have, since pip installs the highest version, whoever published it."""
    with open(os.path.join(os.environ["DELIVERY_HOME"], "indexes.json")) as file:
        urls = json.load(file)
    if len(urls) < 2:
        return
    order = lambda some: dict(UV_INDEX=" ".join(some[:-1]), UV_DEFAULT_INDEX=some[-1], UV_FIND_LINKS="")
    installed = [line.strip() for line in sys.stdin]
    names = [line.partition("==")[0] for line in installed if "==" in line]
    first, last = (resolve(uv, python, names, UV_INDEX_STRATEGY="first-index", **order(some)) for some in (urls, urls[::-1]))
    several = sorted(name for name in first if name in last and first[name] != last[name])
    if several:
        chosen = resolve(uv, python, [line for line in installed if line.partition("==")[0] in several], UV_INDEX_STRATEGY="unsafe-best-match", **order(urls))
        for name in several:
            others = {shown(url) for url in (first[name], last[name], chosen.get(name, first[name]))} - {shown(chosen.get(name, ""))}
            version = next(line for line in installed if line.partition("==")[0] == name)
            print("warning: %s came from %s, and %s has %s too: name one index only, or reserve the name in the public one"
                % (version, shown(chosen.get(name, "one of them")), " and ".join(sorted(others)), name))


def requirements(*files):
    """Prints PIP if requirements files name indexes: in pip, they count instead of the settings, and for one command."""
    found = [option for file in files for option in in_requirements(file, set())]
    if not found:
        return
    with open(os.path.join(os.environ["DELIVERY_HOME"], "indexes.json")) as file:
        urls = json.load(file)
    for _, option, url in found:
        if option in ("-i", "--index-url", "--pypi-url"):
            urls[-1:] = [url]
        elif option == "--extra-index-url":
            urls.insert(0, url)
    private_file("indexes.json", [json.dumps(urls)])
    print("PIP")
    print("packages come from %s; pip installs, because %s contains %s" % (", ".join(map(shown, urls[::-1])), *found[0][:2]), file=sys.stderr)


{"settings": settings, "requirements": requirements, "compare": compare}[sys.argv[1]](*sys.argv[2:])
