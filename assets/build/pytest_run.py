"""Runs pytest as `python -m pytest` does, with the options that pytest_options.py decides.

pytest and coverage read the files of the project themselves, so the build knows none of their names. For a testCommand, which runs
pytest itself, this only writes the answer.
"""
import copy
import importlib.util
import json
import os
import signal
import sys
import traceback

FOLDER = os.path.dirname(os.path.realpath(__file__))
# as `python -m pytest` does; the modules of the build are not the project's
sys.path = [one for one in sys.path if os.path.realpath(one) != FOLDER]
if not getattr(sys.flags, "safe_path", False):
    sys.path.insert(0, os.getcwd())

import pytest


class Options:
    """Before any other plugin: nothing has started, and no conftest.py is imported."""

    def __init__(self, answer, home, reports, minimum, without_tests, target):
        self.answer, self.reports, self.minimum, self.target = answer, reports, minimum, target
        self.home, self.without_tests = home, without_tests == "yes"
        command = os.path.join(home, "test-command.sh")
        self.has_command = os.path.exists(command) and os.path.getsize(command) > 0

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_load_initial_conftests(self, early_config, parser, args):
        try:
            decision = json.loads(self.decide(early_config, args))
        except Exception:
            decision = self.measure_all()
        if decision["stop"] or self.has_command:
            # neither the hooks nor the exit handlers of any plugin run
            os._exit(0)
        if decision["restart"]:
            # a plugin that is turned off cannot be turned on again
            os.environ["PYTEST_ADDOPTS"] = decision["addopts"]
            os.execv(sys.executable, [sys.executable, "-m", "pytest", *self.target, *decision["options"]])
        # these options come last and override the project's addopts; --cov options accumulate
        args += decision["options"]
        known = parser.parse_known_args(args, namespace=copy.copy(early_config.option))
        known.confcutdir = early_config.known_args_namespace.confcutdir
        early_config.known_args_namespace = known
        # what pytest-xdist passes to its processes
        given = getattr(early_config, "invocation_params", None)
        if given:
            early_config.invocation_params = type(given)(args=(*given.args, *decision["options"]), plugins=given.plugins, dir=given.dir)
        yield

    def decide(self, config, args):
        """In a copy of this process, since coverage changes the one that it starts in, and the tests may have modules of the same names."""
        # pytest-cov imports it next, and so the copy need not
        import coverage
        receiver, sender = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                # a copy of a process that has threads may wait forever
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.alarm(90)
                sys.path.insert(0, FOLDER)
                # a plugin of the project may have one of these names
                for name in ("pytest_options", "pytest_plugin", "test_code"):
                    sys.modules.pop(name, None)
                from pytest_options import Decision
                decision = Decision(self, config, [str(one) for one in args]).make()
                with open(sender, "w") as file:
                    json.dump(decision, file)
            except BaseException:
                traceback.print_exc(file=sys.__stderr__)
            os._exit(0)
        os.close(sender)
        with open(receiver) as file:
            text = file.read()
        os.waitpid(child, 0)
        return text

    def measure_all(self):
        """What the build measures where pytest and coverage do not say what they read. The program sees that there is no answer."""
        if not self.has_command:
            print("the build could not ask pytest for its configuration, so it measures what pytest --cov measures", file=sys.__stdout__, flush=True)
        return {"options": [*self.report("--cov"), *(["--cov-fail-under=0"] if self.minimum else [])], "stop": False, "restart": False}

    def report(self, *scope):
        junit, coverage = (os.path.join(self.reports, name) for name in ("pytest.xml", "coverage.xml"))
        return ["--junitxml=" + junit, *scope, "--cov-report=term", "--cov-report=xml:" + coverage]


def main(answer, home, reports, minimum, without_tests, *target):
    """Processes that the tests start may import the main module again, and the tests may read the arguments of the project."""
    sys.argv = [sys.argv[0], *target]
    # an old pytest is one file
    if hasattr(pytest, "__path__"):
        found = importlib.util.find_spec("pytest.__main__")
        module = importlib.util.module_from_spec(found)
        module.__name__ = "__main__"
        sys.modules["__main__"], sys.argv[0] = module, found.origin
    return pytest.main(plugins=[Options(answer, home, reports, minimum, without_tests, target)])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
