"""Says whether the tests ran: prints some, none, or unknown. For a testCommand, looks for its report, or writes one that claims nothing."""
import os
import re
import shlex
import shutil
import sys
from xml.etree import ElementTree

report, *command = sys.argv[1:]
NO_REPORT = '<testsuites><testsuite name="pytest" tests="1" failures="0" errors="0" skipped="1"><testcase classname="build" name="testCommand">' \
    '<skipped message="testCommand wrote no report"/></testcase></testsuite></testsuites>\n'


def tests_of(file):
    """A test of which only the fixtures ran has an entry, but does not count."""
    try:
        root = ElementTree.parse(file)
    except (OSError, ElementTree.ParseError):
        return "unknown"
    counts = [int(one) for one in (suite.get("tests", "") for suite in root.iter("testsuite")) if one.isdigit()]
    return "none" if next(root.iter("testcase"), None) is None or (counts and not any(counts)) else "some"


def own_report(words):
    """A --junitxml of the command comes after the one in PYTEST_ADDOPTS, and wins."""
    names = [one.split("=", 1)[1] for one in words if re.match("--junit-?xml=", one)]
    names += [after for one, after in zip(words, words[1:]) if one in ("--junitxml", "--junit-xml")]
    return next((one for one in reversed(names) if os.path.isfile(one)), None)


def said(log):
    """What unittest and pytest print at their ends. Other runners have similar sentences, which may count something else."""
    log = re.sub(r"\x1b\[[0-9;]*m", "", log)
    counts = [int(one) for one in re.findall(r"^Ran (\d+) tests? in ", log, re.M)]
    for summary in re.findall(r"^(?:=+ )?((?:\d+ \w+, )*\d+ \w+) in [\d.]+s\b", log, re.M):
        counts += [int(one) for one in re.findall(r"\b(\d+) (?:passed|failed|skipped|xfailed|xpassed)\b", summary)]
    nothing = 0 in counts or re.search(r"^(NO TESTS RAN|(=+ )?no tests ran in )", log, re.M)
    return "none" if nothing and not any(counts) else "unknown"


found = tests_of(report)
if command and found == "unknown":
    script, log = command
    try:
        with open(script, encoding="utf-8") as file:
            own = own_report(shlex.split(file.read(), comments=True))
    except ValueError:
        own = None
    if own:
        shutil.copyfile(own, report)
        found = tests_of(report)
    if found == "unknown":
        with open(log, encoding="utf-8", errors="replace") as file:
            found = said(file.read())
        if found == "unknown" or os.environ["ALLOW_NO_TESTS"] == "yes":
            print("testCommand wrote no report: nothing is known about its tests", file=sys.stderr)
            with open(report, "w", encoding="utf-8") as file:
                file.write(NO_REPORT)
        elif os.path.exists(report):
            os.remove(report)
elif found == "unknown" and os.path.exists(report):
    os.remove(report)  # pytest stopped in the middle of it
print(found)
