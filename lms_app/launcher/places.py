"""Where things are."""

import os
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where an installation keeps what it makes: VAR_DIR, or `var` in the project."""
    return (PROJECT / environment.get("VAR_DIR", "var")).resolve()


def pages_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the built pages are kept: PAGES_DIR, or `pages` in the data folder. Several installations of one version may share it."""
    given = environment.get("PAGES_DIR")
    return (PROJECT / given).resolve() if given else data_folder(environment) / "pages"
