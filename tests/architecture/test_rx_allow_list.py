"""Pages are built of `rx.el` and our own classes: one Radix Themes component anywhere would cost every page 85 KB of script and 82 KB of style."""

import ast
import inspect
import re
from pathlib import Path

import pytest
import reflex as rx
from reflex.components.component import Component, ComponentNamespace

ROOT = Path(__file__).parents[2]
WEB = ROOT / "lms_app" / "web"
SOURCES = sorted(WEB.rglob("*.py"))

COMPONENTS = {"Component", "NoSSRComponent", "cond", "el", "foreach", "fragment", "html", "icon", "match", "plotly"}
"""The components of Reflex that pages may use."""

SENT_BY_THE_SERVER = {"call_function", "call_script", "download", "run_script", "set_clipboard", "toast", "window_alert", "window_event_listener"}
"""What needs `eval` in the browser, which our policy forbids, or sends each key stroke to the server."""


def names_of_reflex(path: Path) -> set[str]:
    """Every `rx.<name>` in a file."""
    tree = ast.parse(path.read_text())
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rx"}


def is_component(name: str) -> bool:
    """Whether `rx.<name>` makes something to be seen."""
    thing = getattr(rx, name)
    owner = thing.__self__ if inspect.ismethod(thing) else thing
    return isinstance(thing, ComponentNamespace) or (inspect.isclass(owner) and issubclass(owner, Component))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(WEB)))
def test_only_allowed_components_are_used(path: Path):
    used = names_of_reflex(path)
    assert {name for name in used - COMPONENTS if is_component(name)} == set()
    assert used & SENT_BY_THE_SERVER == set()


def test_the_check_knows_a_component_when_it_sees_one():
    assert all(is_component(name) for name in ("box", "button", "text_area", "upload", "markdown", "icon", "fragment"))
    assert not any(is_component(name) for name in ("State", "event", "Var", "redirect", "cond"))


def test_plotly_comes_in_by_one_door_and_in_its_small_form():
    users = [path.relative_to(WEB).as_posix() for path in SOURCES if "plotly" in names_of_reflex(path)]
    assert users == ["charts/chart.py"]
    tree = ast.parse((WEB / "charts" / "chart.py").read_text())
    forms = [node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "rx.plotly"]
    assert forms == ["basic"]


def test_radix_is_not_imported():
    assert [path for path in SOURCES if re.search(r"radix", path.read_text(), re.IGNORECASE)] == []


def test_every_class_is_ours_and_known_to_the_style_sheets():
    css = "".join(path.read_text() for path in (ROOT / "assets" / "css").glob("*.css"))
    known = set(re.findall(r"\.(ly-[a-z0-9-]+)", css))
    used: dict[str, set[str]] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "class_name" and isinstance(node.value, ast.Constant):
                for name in str(node.value.value).split():
                    used.setdefault(name, set()).add(path.name)
    for path in sorted(WEB.rglob("*.jsx")):
        for names in re.findall(r'className: "([^"]*)"|className="([^"]*)"', path.read_text()):
            for name in " ".join(names).split():
                used.setdefault(name, set()).add(path.name)
    assert {name: files for name, files in used.items() if name not in known} == {}
