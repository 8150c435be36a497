"""Engines, transactions, and what happens after a commit."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

import asyncpg
import structlog
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session

from lms_app.settings import get_settings

log = structlog.get_logger(__name__)

_AFTER_COMMIT = "after_commit"


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The process's engine. A statement is given up after 15 s, an idle transaction after 60 s."""
    settings = get_settings()
    return create_engine(
        settings.database_url,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        connect_args={
            "application_name": "lyceum",
            "connect_timeout": 5,
            "options": "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
        },
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """A session in one transaction: committed at the end, rolled back on any error. What `after_commit` collected runs then."""
    with Session(engine(), expire_on_commit=False) as session:
        with session.begin():
            yield session
        run_after_commit(session)


def after_commit(session: Session, act: Callable[[], None], *, once: str = "") -> None:
    """Runs `act` once the session's transaction is committed; never if it is rolled back. For hints and wake-ups: what must not be lost goes to
    the outbox. Of those with the same `once` only the first runs."""
    acts: dict[object, Callable[[], None]] = session.info.setdefault(_AFTER_COMMIT, {})
    acts.setdefault(once or object(), act)


def run_after_commit(session: Session) -> None:
    """Runs and forgets what was collected. A failing act is logged and does not stop the others: the truth is committed already."""
    for act in session.info.pop(_AFTER_COMMIT, {}).values():
        try:
            act()
        except Exception:
            log.exception("after_commit_failed")


_answer_pools: dict[asyncio.AbstractEventLoop, asyncpg.Pool] = {}


async def answer_pool() -> asyncpg.Pool:
    """The event loop's pool for the answer path, opened at its first use. Statements are given up after 5 s."""
    loop = asyncio.get_running_loop()
    pool = _answer_pools.get(loop)
    if pool is None:
        address = get_settings().database_url.replace("postgresql+psycopg2://", "postgresql://", 1)
        opened = await asyncpg.create_pool(address, min_size=1, max_size=10, command_timeout=5, reset=_keep)
        # Another task may have been quicker while this one connected.
        pool = _answer_pools.setdefault(loop, opened)
        if pool is not opened:
            await opened.close()
    return pool


async def _keep(connection: asyncpg.Connection) -> None:
    """Leaves a connection as it is: the answer path sets nothing on it, and clearing it would double the round trips of a save."""


def applied_migrations(session: Session) -> frozenset[str]:
    """The migrations that the database is at; none when it is empty. It also tells that the database answers."""
    connection = session.connection()
    if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
        return frozenset()
    return frozenset(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
