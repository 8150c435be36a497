"""Real servers for tests: one Postgres and one Valkey per test process, gone with it."""

import base64
import hashlib
import hmac
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import _lru_cache_wrapper, cache
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from lms_app.launcher.migrations import migrate, with_driver
from lms_app.launcher.places import PROJECT
from lms_app.launcher.postgres import USER, Postgres
from lms_app.launcher.valkey import Valkey
from tests.support import engines
from tests.support.lending import Lending

TEMPLATE = "lyceum"
PURE = ("lms_app.domain.content", "lms_app.adapters.pdf")
"""Modules that keep what does not depend on any setting: fonts, coloured code, drawn formulas."""


class TestServers:
    """Both servers, and databases cloned from a template that is migrated once."""

    __test__ = False

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.postgres = Postgres(folder, durable=durable)
        self.valkey = Valkey(folder)
        self._lending = Lending(self.clone, self.drop)

    def start(self) -> None:
        engines.keep()
        self.postgres.start()
        self.valkey.start()
        self._make_template()
        self._administer(f"ALTER ROLE {{}} PASSWORD '{_quickly_proven(str(urlsplit(self.postgres.url).password))}'", USER)

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()

    def clone(self, name: str) -> str:
        """A fresh database with every table and no row; returns its address."""
        self._administer("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, TEMPLATE)
        return self.postgres.url_of(name)

    def drop(self, name: str) -> None:
        self._administer("DROP DATABASE {} WITH (FORCE)", name)

    def lend(self) -> AbstractContextManager[str]:
        """Address of a database like a fresh clone, which another test will get after this one."""
        return self._lending.lend()

    def _make_template(self) -> None:
        if any((PROJECT / "alembic" / "versions").glob("*.py")):
            migrate(self.postgres.url)
            return
        from sqlalchemy import create_engine
        from sqlmodel import SQLModel

        import lms_app.models  # noqa: F401

        engine = create_engine(with_driver(self.postgres.url))
        SQLModel.metadata.create_all(engine)
        engine.dispose()

    def _administer(self, statement: str, *names: str) -> None:
        connection = psycopg2.connect(self.postgres.url_of("postgres"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
        finally:
            connection.close()


def _quickly_proven(password: str) -> str:
    """What Postgres keeps of a password (RFC 5803) whose proof takes one round instead of 4,096: a test connects several times."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1)
    client, server = (hmac.digest(salted, name, "sha256") for name in (b"Client Key", b"Server Key"))
    kept = (base64.b64encode(part).decode() for part in (salt, hashlib.sha256(client).digest(), server))
    return "SCRAM-SHA-256$1:{}${}:{}".format(*kept)


@contextmanager
def reachable_folder(prefix: str) -> Iterator[Path]:
    """A temporary folder that other accounts may enter, as Postgres must when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def forget_connections() -> None:
    """Drop what the app keeps per process (settings, engines, clients), so that it reads the environment anew."""
    engines.disconnect()
    forget_settings()


def forget_settings() -> None:
    """The same where the database stays: what its connections have learnt of its tables takes them as long as a test."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("lms_app", "workers")) and not name.startswith(PURE):
            for kept in _kept_by(module):
                kept.cache_clear()


@cache
def _kept_by(module: ModuleType) -> "tuple[_lru_cache_wrapper[object], ...]":
    """The functions that a module of ours keeps results of. Looked up once: it is asked for several times in a test."""
    named = [value for value in vars(module).values() if isinstance(value, _lru_cache_wrapper)]
    return tuple(function for function in named if function.__module__.startswith(("lms_app", "workers")))
