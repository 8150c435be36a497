"""Engines that outlive a test's connections. What an engine has compiled its statements to, and asked of its server at first, is good for as long as
its database has that address; to do it anew in each test took longer than most tests."""

import json
from typing import Any

from sqlalchemy import Engine, create_engine

from lms_app import database

MOST = 8
"""Engines that are kept: those of the databases that are lent again and again, and of the latest others."""

_engines: dict[str, Engine] = {}


def keep() -> None:
    """From now on the app's engine for an address is the one it had before, with whichever connections are left to it."""
    database.create_engine = _kept  # pyright: ignore[reportAttributeAccessIssue]


def disconnect() -> None:
    """Closes the connections of all of them."""
    for engine in _engines.values():
        engine.dispose()


def _kept(url: str, **options: Any) -> Engine:
    called = json.dumps([url, options])
    if called not in _engines and len(_engines) >= MOST:
        _engines.pop(next(iter(_engines))).dispose()
    # The one used last is the last to go.
    _engines[called] = _engines.pop(called, None) or create_engine(url, **options)
    return _engines[called]
