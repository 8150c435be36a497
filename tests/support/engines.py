"""Engines that outlive a test's connections. What an engine has compiled its statements to, and asked of its server at first, is good for as long as
its database has that address; to do it anew in each test took longer than most tests."""

import json
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, create_engine

from lms_app import database

MOST = 8
"""Engines that are kept: those of the databases that are lent again and again, and of the latest others."""


def keep() -> None:
    """From now on the app's engine for an address is the one it had before, with whichever pool of connections is left to it."""
    database.create_engine = _kept  # pyright: ignore[reportAttributeAccessIssue]


def _kept(url: str, **options: Any) -> Engine:
    return _made(url, json.dumps(options))


@lru_cache(maxsize=MOST)
def _made(url: str, options: str) -> Engine:
    return create_engine(url, **json.loads(options))
