"""Combines the project's .bandit file with the exclusions of the build, and prints the options of bandit, as bash.

bandit takes either its own exclusions or those of the file, so both become one file.
"""
import configparser
import fnmatch
import os
import re
import shlex
import sys

from test_code import Survey

try:
    import tomllib
except ImportError:  # Python 3.10 and older
    tomllib = None

home = sys.argv[1]
# the build decides these: it needs every finding in the whole project, in its own formats
IGNORED = ("aggregate", "confidence", "debug", "format", "level", "msg-template", "output", "quiet", "recursive", "targets", "verbose")


def find_ini():
    """bandit searches below its target as well, and refuses several files."""
    return [os.path.join(folder, name) for folder, _, names in os.walk(".") for name in fnmatch.filter(names, ".bandit")]


def read_ini(path):
    """bandit ignores a file that it cannot parse, and says so."""
    parser = configparser.ConfigParser()
    try:
        parser.read(path)
        return dict(parser.items("bandit"))
    except (configparser.Error, KeyError, TypeError) as error:
        print("bandit ignores %s: %s" % (path, error), file=sys.stderr)
        return {}


def has_table(path):
    """bandit finds other files with a configuration than without, even with an empty one."""
    try:
        with open(path, "rb") as file:
            return tomllib is None or "bandit" in tomllib.load(file).get("tool", {})
    except OSError:
        return False
    except ValueError:
        return True  # bandit says what is wrong


def exclusions(settings):
    omitted = Survey(".", ["test_*.py"], strict=True).omitted
    # paths begin as the target does; a comma would end the pattern, and bandit reads UTF-8 only
    ours = ["./" + re.sub("[,[\ud800-\udfff]", "?", one) + ("*" if one.endswith("/") else "") for one in omitted]
    return ",".join([*filter(None, [settings.get("exclude")]), *ours])


def main():
    found = find_ini()
    files, settings, error = [one[2:] for one in found], {}, None
    try:
        if len(found) > 1:
            error = "bandit accepts one .bandit file only"
        elif found:
            settings = read_ini(found[0])
    except UnicodeDecodeError as unreadable:
        error = unreadable
    if error:
        print(" and ".join(files), error, sep=": ", file=sys.stderr)
        return {"refused": " and ".join(files)}
    merged = {name: value for name, value in settings.items() if name not in IGNORED}
    merged["exclude"] = exclusions(settings)
    parser = configparser.RawConfigParser()
    parser["bandit"] = {name: value.replace("%", "%%") for name, value in merged.items()}
    file = os.path.join(home, "bandit.ini")
    with open(file, "w", encoding="utf-8") as opened:
        parser.write(opened)
    options = [".", "--ini", file]
    if "configfile" not in settings and has_table("pyproject.toml"):
        options += ["--configfile", "pyproject.toml"]
        files.append("pyproject.toml")
    return {"options": options, "files": " and ".join(files)}


answer = main()
print("options=(%s) configured=%s refused=%s" % (
    shlex.join(answer.get("options", [])), shlex.quote(answer.get("files", "")), shlex.quote(answer.get("refused", ""))))
