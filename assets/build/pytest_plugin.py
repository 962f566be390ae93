"""A plugin of pytest that measures the coverage for a testCommand, in the pytest that really runs.

Only there is known where the command runs pytest, with which options, and what configures its coverage. `scope.json` beside this file
has what the build measures in a project that measures nothing itself.
"""
import json
import os
import sys

import pytest

HOME = os.path.dirname(os.path.abspath(__file__))
SCOPES = ("source", "source_pkgs", "source_dirs", "run_include", "report_include")


def is_configured(config, options, with_threshold):
    """A scope that the project configures counts, and so does a threshold, which is for the code that it measures."""
    threshold = with_threshold and (config.fail_under or getattr(options, "cov_fail_under", None))
    return bool(threshold or any(getattr(config, name, None) for name in SCOPES))


def choose(options):
    """The sources, the configuration of the build or none, and whether the next call of pytest adds to the data."""
    import coverage
    if options.cov_source or coverage.Coverage.current():
        return None
    with open(os.path.join(HOME, "scope.json"), encoding="utf-8", errors="surrogateescape") as file:
        scope = json.load(file)
    config = coverage.Coverage(config_file=options.cov_config).config
    if is_configured(config, options, scope["threshold"]):
        # the threshold is for what one call measures
        return [True], None, not scope["threshold"]
    # the folders are those of the project, and the command may have changed the directory
    elsewhere = os.path.realpath(".") != scope["directory"]
    sources = [os.path.join(scope["directory"], one) if elsewhere else one for one in scope["sources"]]
    file = config.config_file and os.path.realpath(config.config_file)
    return (sources, scope["rcfile"] if file == scope["config"] else None, True) if sources else None


def measure(options, args, sources, rcfile, append):
    options.cov_source = sources
    added = ["--cov" if one is True else "--cov=" + one for one in sources]
    if rcfile:
        options.cov_config = rcfile
        open(os.path.join(HOME, "used"), "w").close()
        added.append("--cov-config=" + rcfile)
    if append:
        options.cov_append = True
        added.append("--cov-append")
    # a bare --cov would take the next word if that were a path
    args[:0] = added + ["--cov-report=term"]


def is_to_measure():
    """A pytest that a test starts is not, but a process of pytest-xdist is."""
    first = os.environ.setdefault("BUILD_MEASURES", str(os.getpid()))
    return first == str(os.getpid()) or ("PYTEST_XDIST_WORKER" in os.environ and first == str(os.getppid()))


# a wrapper runs before pytest-cov, whose hook is one of the first
@pytest.hookimpl(hookwrapper=True)
def pytest_load_initial_conftests(early_config, args):
    options = early_config.known_args_namespace
    if hasattr(options, "cov_source") and is_to_measure():
        try:
            chosen = choose(options)
            if chosen:
                measure(options, args, *chosen)
        except Exception as error:
            print("the build measures no coverage here: %s" % error, file=sys.stderr)
    yield
