"""Addresses of island scripts."""

import importlib
import inspect
import re
import sys
from pathlib import Path

import pytest
import reflex as rx

from lms_app.launcher.places import PROJECT
from lms_app.web import island_files
from lms_app.web.island_files import beside


def test_an_address_is_the_one_that_reflex_would_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = Path(__file__).name
    assert beside(name) == rx.asset(name, shared=True)
    assert list((tmp_path / "assets" / "external").rglob(name))


def test_a_script_that_is_not_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"nowhere\.jsx"):
        beside("nowhere.jsx")


def test_no_source_is_looked_for_while_modules_are_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python's own import runs in has no file: `inspect` goes through all modules for each such step."""
    (tmp_path / "outer_island.py").write_text("from inner_island import ADDRESS\n")
    (tmp_path / "inner_island.py").write_text("from lms_app.web.island_files import beside\nADDRESS = beside('inner_island.py')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    looks: list[object] = []
    look = inspect.getmodule
    with monkeypatch.context() as watched:
        watched.setattr(inspect, "getmodule", lambda *asked: (looks.append(asked), look(*asked))[1])
        address = importlib.import_module("outer_island").ADDRESS
    for name in ("outer_island", "inner_island"):
        monkeypatch.delitem(sys.modules, name)
    assert str(address).startswith("/external/inner_island/inner_island.py")
    assert looks == []


def test_every_module_asks_for_its_script_by_its_frame() -> None:
    """One that asks Reflex makes each start of each web process longer by half a second."""
    modules = (PROJECT / "lms_app" / "web").rglob("*.py")
    assert [module.name for module in modules if "rx.asset(" in module.read_text()] == [Path(island_files.__file__).name]


def test_every_effect_is_a_block() -> None:
    """What an effect gives is called when it is over, and nearly everything gives something: `scrollIntoView` gives a promise in newer browsers."""
    islands = [*(PROJECT / "lms_app" / "web").rglob("*.jsx"), *(PROJECT / "lms_app" / "web").rglob("*.js")]
    effects = {island.name: re.findall(r"use(?:Layout)?Effect\(\s*\([^)]*\) => *(.)", island.read_text()) for island in islands}
    assert sum(len(found) for found in effects.values()) > 100
    assert {name for name, found in effects.items() if set(found) - {"{"}} == set()
