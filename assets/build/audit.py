"""
Asks a source of advisories about each dependency, and writes a report in the format of pip-audit.

pip-audit itself needs an environment of 29 MB, and starts for longer than the source takes to answer. The runner of the
buildspec compares both.
"""
import json, logging, re, sys
from concurrent.futures import ThreadPoolExecutor

# pip has the certificates, and reads the variables for proxies and for other certificates
from pip._vendor import requests
from pip._vendor.packaging.version import InvalidVersion, Version
from pip._vendor.requests.adapters import HTTPAdapter
from pip._vendor.urllib3.util import parse_url
from pip._vendor.urllib3.util.retry import Retry

api, url, requirements, report = sys.argv[1:]
# a warning of another attempt contains the whole URL
logging.getLogger("pip._vendor.urllib3").setLevel(logging.ERROR)
session = requests.Session()
for scheme in ("https://", "http://"):
    session.mount(scheme, HTTPAdapter(max_retries=Retry(3, backoff_factor=1, status_forcelist=[429, 500, 502, 503, 504], allowed_methods=None)))

def without_secrets(address):
    parts = parse_url(address)
    return "%s%s" % (parts.netloc, parts.path or "")

def answer(response):
    response.raise_for_status()
    return response.json()

def ask_pypi(name, version):
    response = session.get("%s/%s/%s/json" % (url, name, version), timeout=30)
    if response.status_code == 404:
        return None
    return [(one, one["fixed_in"]) for one in answer(response).get("vulnerabilities") or []]

def ask_osv(name, version):
    found, page = [], {}
    while True:
        query = {"package": {"name": name, "ecosystem": "PyPI"}, "version": version, **page}
        answered = answer(session.post(url, json=query, timeout=30))
        found += [(one, fixes_of(one, name)) for one in answered.get("vulns", [])]
        if not answered.get("next_page_token"):
            return found
        page = {"page_token": answered["next_page_token"]}

def fixes_of(advisory, name):
    return [
        event["fixed"]
        for affected in advisory.get("affected") or [] if {"name": name, "ecosystem": "PyPI"}.items() <= (affected.get("package") or {}).items()
        for ranges in affected.get("ranges") or [] if ranges["type"] == "ECOSYSTEM"
        for event in ranges["events"] if "fixed" in event
    ]

def precedence(name):
    return not name.startswith("PYSEC"), not name.startswith("CVE"), name

def merged(advisories):
    """One entry for each vulnerability: sources list it once for each database that has it."""
    groups = []
    for advisory, fixes in sorted(advisories, key=lambda one: precedence(one[0]["id"])):
        if advisory.get("withdrawn"):
            continue
        group = [{advisory["id"], *advisory.get("aliases", [])}, set(fixes), advisory.get("summary") or advisory.get("details") or ""]
        for other in [one for one in groups if one[0] & group[0]]:
            groups.remove(other)
            group = [other[0] | group[0], other[1] | group[1], other[2] or group[2]]
        groups.append(group)
    return groups

def entry(ids, fixes, text):
    name, *aliases = sorted(ids, key=precedence)
    return {"id": name, "fix_versions": sorted(filter(is_version, fixes), key=Version), "aliases": aliases, "description": " ".join(text.split())}

def is_version(text):
    try:
        return bool(Version(text))
    except InvalidVersion:
        return False

def audit(line):
    name, _, version = line.partition("==")
    name = re.sub("[-_.]+", "-", name).lower()
    try:
        exact = str(Version(version))
    except InvalidVersion:
        return {"name": name, "skip_reason": "%s has no exact version that can be looked up" % line}
    found = {"PYPI": ask_pypi, "OSV": ask_osv}[api](name, exact)
    if found is None:
        return {"name": name, "skip_reason": "%s %s is not known to %s" % (name, exact, without_secrets(url))}
    return {"name": name, "version": exact, "vulns": [entry(*group) for group in merged(found)]}

with open(requirements) as file:
    lines = [line.strip() for line in file if line.strip()]
try:
    with ThreadPoolExecutor(8) as workers:
        dependencies = list(workers.map(audit, lines))
except (requests.RequestException, LookupError, TypeError, ValueError, AttributeError) as error:
    # the message of an error may contain the whole URL
    status = getattr(getattr(error, "response", None), "status_code", None)
    sys.exit("the source of advisories at %s did not answer as expected: %s%s" % (without_secrets(url), type(error).__name__, " with status %s" % status if status else ""))
with open(report, "w") as file:
    json.dump({"dependencies": dependencies, "fixes": []}, file)
