"""Tells the tests of a project from its product. Runs on Python 3.9 and later, beside pytest and beside bandit."""
import fnmatch
import os

TEST_FOLDERS = ("test", "tests")
TEST_FILES = ("conftest.py", "tests.py")
ENVIRONMENTS = ("node_modules", "site-packages", "venv", ".venv")
# outputs and documentation are only at the top, since packages of a product can have these names
TOP_FOLDERS = ("build", "dist", "docs")
TOP_FILES = ("setup.py", "noxfile.py")


def matches(name, patterns):
    # a project may set python_files = *.py, which says nothing about a file
    telling = [one for one in patterns if not fnmatch.fnmatch("zz.py", os.path.basename(one))]
    return any(fnmatch.fnmatch(name if "/" in one else os.path.basename(name), one) for one in telling)


def size_of(file):
    try:
        return os.path.getsize(file)
    except OSError:  # a link to nothing
        return 0


class Survey:
    """What is in a directory: `omitted` folders (they end with a slash) and files, and the product's files by their top entry."""

    def __init__(self, root, patterns, test_folders=(), strict=False):
        self.root, self.patterns, self.strict = root, patterns, strict
        self.test_folders = {one for one in map(os.path.normpath, test_folders) if self.has_mostly_tests(one)}
        self.omitted, self.product = [], {}
        self.visit("")
        if self.test_folders and not self.product:
            self.test_folders, self.omitted = set(), []
            self.visit("")

    def has_mostly_tests(self, folder):
        """Test folders with other names: in one that also contains the product, each test has at least one module beside it."""
        path = os.path.join(self.root, folder)
        if folder == "." or folder.startswith("..") or not os.path.isdir(path):
            return False
        names = [name for place, _, files in os.walk(path) for name in files
                 if name.endswith(".py") and name not in TEST_FILES and (name != "__init__.py" or size_of(os.path.join(place, name)) > 0)]
        tests = [name for name in names if matches(name, self.patterns)]
        return len(tests) > len(names) - len(tests)

    def visit(self, folder):
        for entry in sorted(os.scandir(os.path.join(self.root, folder)), key=lambda one: one.name):
            path = os.path.join(folder, entry.name)
            if entry.is_dir(follow_symlinks=False):
                if self.omits_folder(path, entry):
                    self.omitted.append(path + "/")
                else:
                    self.visit(path)
            elif entry.name.endswith((".py", ".pyw")):
                if self.omits_file(path, entry.name):
                    self.omitted.append(path)
                else:
                    self.product.setdefault(path.split("/")[0], []).append(path)

    def omits_folder(self, path, entry):
        name = entry.name
        if name in TEST_FOLDERS or name in ENVIRONMENTS or path in self.test_folders or self.is_environment(entry.path):
            return True
        if self.strict:
            return False
        top = path == name and name in TOP_FOLDERS and not os.path.isfile(os.path.join(entry.path, "__init__.py"))
        return top or name.startswith(".") or name == "__pycache__" or name.endswith(".egg-info")

    def is_environment(self, path):
        """bandit must scan a folder of the product that only contains such a file."""
        parts = [os.path.lexists(os.path.join(path, one)) for one in ("bin/python", "Scripts", "lib")]
        return os.path.isfile(os.path.join(path, "pyvenv.cfg")) and (not self.strict or any(parts))

    def omits_file(self, path, name):
        return name in TEST_FILES or matches(path, self.patterns) or (not self.strict and path == name and name in TOP_FILES)
