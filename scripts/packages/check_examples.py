"""Prints what is wrong with the examples of a wheel: check_examples.py <site-packages> <module> <CDK module>... < more

Standard input is one more example.

Each example in the description and in the docstrings must be Python, and each name in it must exist: as a parameter of
the class or method that it is given to, where that is one of the wheel, or else somewhere in the wheel or CDK.
"""

import ast
import re
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

Methods = Dict[str, Dict[str, Set[str]]]

FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"Example::\n\n((?:    .*\n?|[ ]*\n)+)")
DEFINITION = re.compile(r"^\s*(?:def |class )?(\w+)\s*[(:=]", re.MULTILINE)


def description(metadata: str) -> Tuple[List[str], List[str]]:
    """The Python examples of the description, and the other languages that it has no business with."""
    blocks = FENCE.findall(metadata)
    return [code for language, code in blocks if language == "python"], [
        language for language, _ in blocks if language in ("ts", "typescript")
    ]


def docstrings(module: ast.AST) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.Module)):
            for example in EXAMPLE.findall((ast.get_docstring(node) or "") + "\n"):
                yield re.sub("^    ", "", example, flags=re.MULTILINE)


def methods(module: ast.AST) -> Methods:
    """The parameters of each method of each class."""
    return {
        node.name: {
            method.name: {argument.arg for argument in method.args.args + method.args.kwonlyargs}
            for method in node.body
            if isinstance(method, ast.FunctionDef)
        }
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
    }


def unknown(code: str, known: Methods, names: Set[str]) -> Iterator[str]:
    """The names of an example that do not exist."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and node.attr not in names:
            yield node.attr
        if isinstance(node, ast.Call):
            allowed = parameters(node.func, known) or names
            yield from (keyword.arg for keyword in node.keywords if keyword.arg and keyword.arg not in allowed)


def parameters(function: ast.expr, known: Methods) -> Set[str]:
    """The parameters of a constructor or a static method of the wheel, or nothing."""
    if isinstance(function, ast.Name):
        return known.get(function.id, {}).get("__init__", set())
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return known.get(function.value.id, {}).get(function.attr, set())
    return set()


def main(site_packages: Path, name: str, cdk: List[str]) -> None:
    metadata = next(site_packages.glob(f"{name}-*.dist-info/METADATA")).read_text("utf-8")
    source = (site_packages / name / "__init__.py").read_text("utf-8")
    module = ast.parse(source)
    others = ["constructs", "aws_cdk", *(f"aws_cdk/{part}" for part in cdk)]
    sources = [source, *((site_packages / other / "__init__.py").read_text("utf-8") for other in others)]
    names = {word for text in sources for word in DEFINITION.findall(text)} | set(cdk)

    in_description, foreign = description(metadata)
    in_docstrings = list(docstrings(module))
    for place, examples in (("description", in_description), ("docstrings", in_docstrings)):
        if not examples:
            print(f"the {place} has no example")
    for language in foreign:
        print(f"the description has an example in {language}")
    known = methods(module)
    for code in [*in_description, *in_docstrings, sys.stdin.read()]:
        try:
            for word in unknown(code, known, names):
                print(f"{word} does not exist in Python:\n{code}")
        except SyntaxError as error:
            print(f"an example is not Python: {error}\n{code}")


main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
