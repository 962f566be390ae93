"""
Names the cause of a failed docker build, if an option fixes it. Prints nothing for other causes, such as a wrong command.
"""
import os, re, sys

log, dockerfile, target, *given = sys.argv[1:]

def text_of(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()

def mounted(text):
    """The secrets that the Dockerfile mounts, each with its id and the file that it is mounted to."""
    for options in re.findall(r"--mount=(\S+)", text):
        values = dict(option.partition("=")[::2] for option in options.split(","))
        if values.get("type") == "secret":
            path = values.get("target") or values.get("dst") or values.get("destination")
            name = values.get("id") or os.path.basename(path or "")
            yield name, path or "/run/secrets/" + name

said = text_of(log)
if target and re.search(r"target stage .* could not be found|failed to reach build target", said):
    sys.exit(print("the Dockerfile has no stage %s: set imageTarget to the name of one of its stages" % target))
found = re.search(r"secret ([\w.-]+):? not found", said)
absent = [found.group(1)] if found else [
    name for name, path in mounted(text_of(dockerfile) if os.path.isfile(dockerfile) else "") if name not in given and path in said
]
if absent:
    sys.exit(print("the Dockerfile mounts the secret %s, which the build does not have: add it to buildSecrets" % absent[0]))
