"""
Names the cause of a failed docker build, if an option fixes it. Prints nothing for other causes, such as a wrong command.
"""
import os, re, sys

log, dockerfile, target, *given = sys.argv[1:]

# BuildKit repeats the instruction in the title of a step, in an excerpt of the Dockerfile, and in its error
REPEATED = re.compile(r'^(#\d+ \[| > \[|\s*\d+ \|)|RUN --mount|\bprocess "')
ABSENT = re.compile(r"no such file|can(no|')t (open|access|stat|read)|could not (be )?(open|read)|does not exist|not found", re.I)

def text_of(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()

def mounted(text):
    """The secrets that the Dockerfile mounts, each with its id and the file that it is mounted to."""
    for options in re.findall(r"--mount=(\S+)", re.sub(r"(?m)^\s*#.*$", "", text)):
        values = dict(option.partition("=")[::2] for option in options.split(","))
        if values.get("type") == "secret":
            path = values.get("target") or values.get("dst") or values.get("destination")
            name = values.get("id") or os.path.basename(path or "")
            yield name, path or "/run/secrets/" + name

def missed(path, lines):
    """Whether a command has said that the file is absent."""
    exact = re.compile(r"(?<![\w./-])%s(?![\w-]|[./]\w)" % re.escape(path))
    return any(exact.search(line) for line in lines)

said = text_of(log)
if target and re.search(r"target stage .* could not be found|failed to reach build target", said):
    sys.exit(print("the Dockerfile has no stage %s: set imageTarget to the name of one of its stages" % target))
found = re.search(r"(?m)^(?:#\d+ )?ERROR: (?:.*: )?secret ([\w.-]+)(?::? not found)+\s*$", said)
complaints = [line for line in said.splitlines() if ABSENT.search(line) and not REPEATED.search(line)]
absent = [found.group(1)] if found else [
    name for name, path in mounted(text_of(dockerfile) if os.path.isfile(dockerfile) else "") if name not in given and missed(path, complaints)
]
if absent:
    sys.exit(print("the Dockerfile mounts the secret %s, which the build does not have: add it to buildSecrets" % absent[0]))
