"""
Removes from the caches of uv, pip, and Poetry the packages that neither the environment of the project nor a tool uses.
Packages that this build downloaded stay, because a build backend may be among them. The text for the file `installed` is
written last.
"""
import glob, os, re, shutil, sys

cache, environment, started, *state = sys.argv[1:]
started = os.stat(started).st_mtime


def normal(name):
    return re.sub("[-_.]+", "-", name).lower()


def packages(directory):
    """The names and versions of what is installed in an environment, or of a package that is unpacked."""
    for pattern in ("*.dist-info", "lib/python*/site-packages/*.dist-info"):
        for path in glob.glob(os.path.join(glob.escape(directory), pattern)):
            name, _, version = os.path.basename(path)[: -len(".dist-info")].rpartition("-")
            yield normal(name), version


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    elif os.path.lexists(path):
        os.remove(path)


def is_old(path):
    return os.lstat(path).st_mtime < started


def links(directory):
    for place, directories, files in os.walk(directory):
        for name in directories + files:
            path = os.path.join(place, name)
            if os.path.islink(path):
                yield path


def files(directory):
    for place, _, names in os.walk(directory):
        for name in names:
            yield os.path.join(place, name)


uv = os.path.join(cache, "uv")
parts = os.listdir(uv) if os.path.isdir(uv) else []
of = lambda prefix: [os.path.join(uv, part) for part in parts if part.startswith(prefix)]
used = set(packages(environment))
kept = set()
for part in of("environments-"):
    for link in links(part):
        kept.add(os.path.realpath(link))
        used |= set(packages(os.path.realpath(link)))
names = {name for name, _ in used}

# uv finds the unpacked packages by links, beside files of the same name
for part in [*of("wheels-"), *of("sdists-")]:
    for link in list(links(part)):
        target = os.path.realpath(link)
        found = set(packages(target))
        if found & used or os.path.isdir(target) and not is_old(target):
            kept.add(target)
            continue
        for sibling in os.listdir(os.path.dirname(link)):
            if sibling == os.path.basename(link) or sibling.startswith(os.path.basename(link) + "."):
                remove(os.path.join(os.path.dirname(link), sibling))
# of a project in a directory that exists during one build only
for part in of("sdists-"):
    for kind in ("editable", "path"):
        remove(os.path.join(part, kind))
for part in of("archive-"):
    for name in os.listdir(part):
        path = os.path.join(part, name)
        if os.path.realpath(path) not in kept and is_old(path):
            remove(path)
for part in of("simple-"):
    for path in files(part):
        if normal(os.path.splitext(os.path.basename(path))[0]) not in names and is_old(path):
            remove(path)
for part in [*of("wheels-"), *of("sdists-")]:
    for place, directories, names_of_files in os.walk(part, topdown=False):
        if not os.listdir(place):
            os.rmdir(place)

# pip and Poetry keep packages by their file name, and answers of an index by a hash, which says nothing about the package
for part in ("pip", "poetry"):
    for path in files(os.path.join(cache, part)):
        found = re.match(r"([\w.]+?)-(\d[^-]*)(?:-.*\.whl|\.tar\.gz|\.zip)$", os.path.basename(path))
        if is_old(path) and (not found or (normal(found.group(1)), found.group(2)) not in used):
            remove(path)

# the next build tries again after a failure
for text in state:
    with open(os.path.join(cache, "installed"), "w") as file:
        file.write(text)
