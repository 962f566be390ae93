import json, sys

kind, path, level, *ignored = sys.argv[1:]
LEVELS = ["OFF", "LOW", "MEDIUM", "HIGH", "CRITICAL"]

def bandit(report):
    unread = [one["filename"] for one in report["errors"]]
    if unread:
        sys.exit(print("bandit could not read", *unread))
    if not report["metrics"]["_totals"]["loc"]:
        sys.exit(print("bandit found no Python code: set the project's directory"))
    for one in report["results"]:
        yield one["issue_severity"], one["test_id"], "%(filename)s:%(line_number)s %(issue_text)s" % one

def audit(report):
    known = report["dependencies"]
    skipped = [one["skip_reason"] for one in known if "skip_reason" in one]
    print("not audited:", *skipped or ["none"], file=sys.stderr)
    if known and len(skipped) == len(known):
        if level == "WARN":
            sys.exit(print("passed"))
        sys.exit(print("the advisory source knows none of the dependencies: see gates.advisorySource"))
    for one in known:
        for found in one.get("vulns", []):
            if not set(ignored) & set(found["aliases"]):
                yield "LOW", found["id"], one["name"], one["version"], "is fixed in", *found["fix_versions"]

def scan(report):
    assert report["imageScanStatus"]["status"] in ("COMPLETE", "ACTIVE")
    found = report["imageScanFindings"]
    for one in found.get("findings", []):
        yield one["severity"], one["name"], one.get("uri", "")
    for one in found.get("enhancedFindings", []):
        details = one["packageVulnerabilityDetails"]
        names = {details["vulnerabilityId"], *details.get("relatedVulnerabilities", [])}
        if one.get("status", "ACTIVE") == "ACTIVE" and not names & set(ignored):
            yield one["severity"], details["vulnerabilityId"], one.get("title", "")

try:
    with open(path) as file:
        findings = list(globals()[kind](json.load(file)))
except (OSError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
    sys.exit(print("passed" if level == "WARN" else {
        "bandit": "~bandit wrote no report: see the log",
        "audit": "~the advisory source could not be reached: see the log, and gates.advisorySource",
        "scan": "~the registry could not scan the image: see the ECR console",
    }[kind]))
if kind == "audit":
    level = "LOW"
serious = [] if level == "OFF" else LEVELS[LEVELS.index(level):]
# unrated findings count only if the lowest severity counts
bad = [one for one in findings if (one[0] in serious or level == "LOW") and one[1] not in ignored]
for one in bad:
    print(*one, file=sys.stderr)
print({
    "bandit": "bandit found an issue of severity %s or above: fix it, or mark the line with '# nosec' and the reason" % level,
    "audit": "a dependency has a known vulnerability: update the dependency, or add the vulnerability to ignoredVulnerabilities",
    "scan": "the image has a vulnerability of severity %s or above: update the base image, or add the vulnerability to ignoredVulnerabilities" % level,
}[kind] if bad else "passed")
