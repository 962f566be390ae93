"""Decides with which options the build runs pytest, by the configuration that pytest and coverage have read. Runs in a copy of that pytest."""
import contextlib
import glob
import json
import os
import re
import shlex
import shutil
import sys

import coverage
from pytest_plugin import is_configured
from test_code import Survey

HOME = os.path.dirname(os.path.realpath(__file__))
WITHOUT_A_RUN = {"collectonly": ("--collect-only", "--collectonly", "--co"), "setupplan": ("--setup-plan", "--setupplan"), "setuponly": ("--setup-only", "--setuponly")}
DISABLING = ("no:cov", "no:pytest_cov", "no:junitxml", "no:pytest_junitxml")


def without_disabling(words):
    """The words without those that turn off what the build needs, and these."""
    kept, removed, pending = [], [], iter(words)
    for word in pending:
        follower = next(pending, None) if word == "-p" else None
        full = word if follower is None else "-p " + follower
        if word == "--no-cov" or (follower or word[2:] if word.startswith("-p") else "") in DISABLING:
            removed.append(full)
        else:
            kept += [word] if follower is None else [word, follower]
    return kept, removed


class Decision:
    """What to run, and what the build needs to know afterwards."""

    def __init__(self, build, config, args):
        self.build, self.config, self.args = build, config, args
        self.parsed = config.known_args_namespace
        self.own = shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))
        self.addopts = list(config.getini("addopts"))
        self.notes, self.refusal = [], ""
        self.rcfile = []
        self.data_file = ".coverage"

    def make(self):
        """Writes the answer for the program as bash, and returns the one for pytest."""
        self.refuse_runs_without_tests()
        before = self.own
        plugins, disabled = self.enable()
        scope = self.scope(disabled)
        threshold = ["--cov-fail-under=0"] if self.build.minimum or disabled else []
        options = [*plugins, *self.build.report(*scope), *threshold]
        addopts = shlex.join(self.own + options if self.build.has_command else self.own)
        with open(self.build.answer, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.writelines("%s=%s\n" % one for one in [
                ("rcfile", "(%s)" % shlex.join(self.rcfile)), ("data_file", shlex.quote(self.data_file)),
                ("addopts", shlex.quote(addopts)), ("refusal", shlex.quote(self.refusal)),
            ])
        self.remove_data()
        print(*self.notes, sep="\n", end="\n" if self.notes else "", file=sys.__stdout__, flush=True)
        return {"options": options, "addopts": addopts, "stop": bool(self.refusal), "restart": bool(plugins) or self.own != before}

    def refuse_runs_without_tests(self):
        for name, spellings in WITHOUT_A_RUN.items():
            given = [one for one in self.args if one in spellings]
            if not self.build.without_tests and getattr(self.parsed, name, False) and given:
                self.refusal = "%s in %s runs no test: remove it, or set requireTests: false" % (given[0], self.place_of(given[0]))

    def place_of(self, option):
        if option in self.own:
            return "PYTEST_ADDOPTS"
        file = getattr(self.config, "inipath", None)
        return "addopts of " + os.path.relpath(str(file)) if option in self.addopts and file else "the options of pytest"

    def enable(self):
        """Options that turn the reports or the coverage on again, and whether the project turned the coverage off."""
        modules = [getattr(one, "__name__", "") for one in self.config.pluginmanager.get_plugins()]
        missing = "pytest_cov.plugin" not in modules
        if missing and any(one.startswith("--cov") for one in self.args):
            return [], False  # a mistake of the project, which pytest reports
        options = ["-p", "pytest_cov"] if missing else []
        disabled = missing or getattr(self.parsed, "no_cov", False)
        if disabled or "_pytest.junitxml" not in modules:
            options += self.remove_disabling()
        return options, disabled

    def remove_disabling(self):
        own, mine = without_disabling(self.own)
        addopts, configured = without_disabling(self.addopts)
        removed = [(one, "PYTEST_ADDOPTS") for one in mine] + [(one, self.place_of(one.split()[0])) for one in configured]
        self.own = own
        self.notes += ["the build ignores %s in %s" % one for one in removed]
        return ["-o", "addopts=" + shlex.join(addopts)] if configured else []

    def scope(self, disabled):
        """What to measure, beside the project's own configuration."""
        file = getattr(self.parsed, "cov_config", ".coveragerc")
        own = getattr(self.parsed, "cov_source", None)
        self.rcfile = ["--rcfile=" + file] if file != ".coveragerc" else []
        try:
            config = coverage.Coverage(config_file=file).config
            self.data_file = config.data_file
            if not own:
                # a configuration that nothing used so far may name a plugin that is not installed
                trial = coverage.Coverage(config_file=file, data_file=None)
                trial.start()
                trial.stop()
        except Exception as error:
            if own:
                return []
            self.notes.append("the coverage is not measured, because coverage rejects the project's configuration: %s" % error)
            return []
        with_threshold = not self.build.minimum and not disabled
        if self.build.has_command:
            self.add_plugin(config, with_threshold)
            return []
        if own:
            return []
        if is_configured(config, self.parsed, with_threshold):
            return ["--cov"]
        sources, rcfile = self.own_scope(config)
        self.rcfile = ["--rcfile=" + rcfile] if rcfile else self.rcfile
        return ["--cov=" + one for one in sources] + (["--cov-config=" + rcfile] if rcfile else [])

    def add_plugin(self, config, with_threshold):
        """Which pytest a command runs, and where, is known only there. A variable that does not reach it changes nothing."""
        sources, rcfile = self.own_scope(config)
        file = getattr(config, "config_file", None)
        place = os.path.join(self.build.home, "pytest-plugin")
        information = os.path.join(place, "build_coverage-1.dist-info")
        os.makedirs(information, exist_ok=True)
        shutil.copyfile(os.path.join(HOME, "pytest_plugin.py"), os.path.join(place, "build_coverage.py"))
        for name, text in {
            os.path.join(information, "METADATA"): "Metadata-Version: 2.1\nName: build-coverage\nVersion: 1\n",
            os.path.join(information, "entry_points.txt"): "[pytest11]\nbuild_coverage = build_coverage\n",
            os.path.join(place, "scope.json"): json.dumps({
                "directory": os.path.realpath("."), "sources": sources, "rcfile": rcfile,
                "config": file and os.path.realpath(file), "threshold": with_threshold,
            }),
        }.items():
            with open(name, "w", encoding="utf-8", errors="surrogateescape") as opened:
                opened.write(text)

    def remove_data(self):
        """Data of an earlier run, which the repository may contain; a configuration file may have a similar name."""
        for file in [self.data_file] + glob.glob(glob.escape(self.data_file) + ".*"):
            with contextlib.suppress(OSError):
                if file == self.data_file or is_database(file):
                    os.remove(file)

    def own_scope(self, config):
        """The sources, and a configuration that leaves the tests out."""
        survey = self.survey()
        # src may belong to another language
        base = "src" if "src" in survey.product else "."
        if not getattr(config, "config_file", None):
            lines = ["[report]", "include_namespace_packages = true"] if coverage.version_info >= (7,) else []
            return [base], self.write("[run]\nsource = %s\n" % base + self.omit(survey), lines)
        sources = ["src"] if base == "src" else [re.sub(r"\.pyw?$", "", one) for one in survey.product]
        return sources or ["."], self.generate(config, survey)

    def survey(self):
        folders = [one for pattern in [*self.config.getini("testpaths"), *self.build.target] for one in glob.glob(pattern.split("::")[0]) or [pattern]]
        return Survey(".", self.config.getini("python_files"), folders)

    def omit(self, survey):
        """Files by their names, since a pattern means something else in each version of coverage."""
        # a command may change the directory; some characters have a meaning in patterns, lists or configuration files
        paths = [os.path.join(os.path.realpath("."), one) for one in survey.omitted]
        return "omit =\n" + "".join("    %s%s\n" % (re.sub(r"[^\w./ -]", "?", one), "*" if one.endswith("/") else "") for one in paths)

    def write(self, text, lines=()):
        file = os.path.join(self.build.home, "coveragerc")
        with open(file, "w", encoding="utf-8", errors="surrogateescape") as opened:
            opened.write(text + "".join(one + "\n" for one in lines))
        return file

    def generate(self, config, survey):
        """The project's configuration without the tests; none if coverage reads it otherwise than the project's."""
        sections = {"run": ["omit ="] + ["    " + one.replace("$", "$$") for one in config.run_omit or []] + self.omit(survey).split("\n")[1:-1]}
        options = [(attribute, *where.split(":")) for attribute, where, *_ in config.CONFIG_FILE_OPTIONS if where != "run:omit"]
        usual = type(config)()
        for attribute, section, name in options:
            value = getattr(config, attribute, None)
            if value is not None and value != getattr(usual, attribute, None):
                sections.setdefault(section, []).append(written(name, value))
        for section, values in {"paths": config.paths or {}, **config.plugin_options}.items():
            sections.setdefault(section, []).extend(written(name, value) for name, value in values.items())
        file = self.write("", [line for section, lines in sections.items() for line in ["[%s]" % section, *lines]])
        try:
            read = coverage.Coverage(config_file=file).config
        except Exception:
            return None
        names = [attribute for attribute, _, _ in options] + ["paths", "plugin_options"]
        return file if all(comparable(getattr(read, one, None)) == comparable(getattr(config, one, None)) for one in names) else None


def is_database(file):
    with open(file, "rb") as opened:
        return opened.read(13) == b"SQLite format"


def written(name, value):
    # a line that starts like a comment would be lost
    lines = [re.sub(r"^([#;])", r"[\1]", str(one).replace("$", "$$")) for one in (value if isinstance(value, (list, tuple, set)) else [value])]
    return "%s = %s" % (name, lines[0]) if len(lines) == 1 else "\n    ".join([name + " =", *lines])


def comparable(value):
    return sorted({re.sub(r"^\[([#;])\]", r"\1", str(one)) for one in value}) if isinstance(value, (list, tuple, set)) else value
