"""What the product imports is what it installs: a package that only the tests bring along is missing on a fresh machine."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from lms_app.launcher.places import PROJECT

OURS = {"lms_app", "workers"}


def imported(file: Path) -> Iterator[str]:
    """The packages that a file imports, by their names in code."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_package_that_the_product_imports_is_pinned_for_it() -> None:
    pinned = {plain(re.split(r"[=\[]", line)[0]) for line in (PROJECT / "requirements.txt").read_text().splitlines() if "==" in line}
    bringing = packages_distributions()
    found = {name for folder in OURS for file in (PROJECT / folder).rglob("*.py") for name in imported(file)}
    foreign = found - OURS - sys.stdlib_module_names
    assert {"reflex", "yaml"} <= foreign
    assert {name for name in foreign if pinned.isdisjoint(map(plain, bringing.get(name, ())))} == set()
