"""Warns of packages that several indexes have, since pip installs the highest version, no matter who published it."""
import base64, glob, netrc, os, re, ssl, subprocess, sys, urllib.error, urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote, urlsplit, urlunsplit

from indexes import read_lines, shown


def resolve(uv, python, names, urls):
    """The index of each package, as uv chooses it."""
    environment = dict(os.environ, UV_INDEX=" ".join(urls[:-1]), UV_EXTRA_INDEX_URL="", UV_DEFAULT_INDEX=urls[-1], UV_FIND_LINKS="", UV_INDEX_STRATEGY="unsafe-best-match")
    command = [uv, "pip", "compile", "--quiet", "--no-deps", "--no-header", "--emit-index-annotation", "--no-build", "--python", python, "-"]
    answer = subprocess.run(command, input="\n".join(names), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    return dict(re.findall(r"^([\w.-]+)==.*\n(?: +# via.*\n)* +# from (.+)$", answer.stdout, re.M))


def login_of(parts):
    if parts.username:
        return unquote(parts.username), unquote(parts.password or "")
    try:
        found = netrc.netrc(os.environ.get("NETRC")).authenticators(parts.hostname)
    except (OSError, netrc.NetrcParseError):
        return None
    return found and (found[0], found[2])


def has_package(index, name):
    """Whether an index has a package, or the error if it does not say that."""
    try:
        parts = urlsplit(index)
        place = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], path="%s/%s/" % (parts.path.rstrip("/"), name)))
        request, login = urllib.request.Request(place), login_of(parts)
        if login:
            token = base64.b64encode(("%s:%s" % login).encode()).decode()
            # not for a host that the index redirects to
            request.add_unredirected_header("Authorization", "Basic " + token)
        trusted = {parts.hostname, parts.netloc.rpartition("@")[2]} & set(os.environ.get("UV_INSECURE_HOST", "").split())
        context = ssl._create_unverified_context() if trusted else None
        with urllib.request.urlopen(request, timeout=20, context=context) as answer:
            return b"<a" in answer.read(100000).lower()
    except urllib.error.HTTPError as error:
        return False if error.code in (404, 410) else "HTTP %d" % error.code
    except (OSError, ValueError) as error:
        return str(error)


def from_elsewhere(python):
    """The packages that come from a URL or a directory, which no index replaces."""
    site = os.path.join(os.path.dirname(os.path.dirname(python)), "lib", "python*", "site-packages", "*.dist-info", "direct_url.json")
    return {normal(os.path.basename(os.path.dirname(path)).partition("-")[0]) for path in glob.glob(site)}


def normal(name):
    return re.sub("[-_.]+", "-", name).lower()


def compare(uv, python):
    urls = list(dict.fromkeys(read_lines("indexes.txt")))
    elsewhere = from_elsewhere(python)
    installed = {normal(line.partition("==")[0]): line.strip() for line in sys.stdin if "==" in line}
    names = sorted(set(installed) - elsewhere)
    asked = [(name, url) for name in names for url in urls]
    with ThreadPoolExecutor(16) as pool:
        answers = dict(zip(asked, pool.map(lambda one: has_package(one[1], one[0]), asked)))
    for url in urls:
        error = next((answers[name, url] for name in names if isinstance(answers[name, url], str)), None)
        if error:
            print("the packages of %s could not be compared with those of the other indexes: %s" % (shown(url), error))
    having = {name: [url for url in urls if answers[name, url] is True] for name in names}
    several = [name for name in names if len(having[name]) > 1]
    chosen = resolve(uv, python, [installed[name] for name in several], urls) if several else {}
    for name in several:
        source = shown(chosen[name]) if name in chosen else "one of them"
        others = [shown(url) for url in having[name] if shown(url) != source]
        print("warning: %s came from %s, and %s %s %s too: name one index only, or reserve the name in the public one"
            % (installed[name], source, " and ".join(sorted(others)), "has" if len(others) == 1 else "have", name))


compare(*sys.argv[1:])
