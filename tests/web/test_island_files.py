"""Addresses of island scripts."""

from pathlib import Path

import pytest
import reflex as rx

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
