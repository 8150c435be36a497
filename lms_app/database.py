"""Engines, transactions, and what happens after a commit."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import TypeVar

import anyio.to_thread
import asyncpg
import orjson
import structlog
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from lms_app.settings import get_settings

log = structlog.get_logger(__name__)

T = TypeVar("T")

_AFTER_COMMIT = "after_commit"

_RULES = {"statement_timeout": "15000", "idle_in_transaction_session_timeout": "60000", "timezone": "UTC"}
"""What every connection of ours is told: a statement is given up after 15 s, an idle transaction after 60 s."""

ANSWER_CONNECTIONS = 10
LOOP_CONNECTIONS = 5
"""Connections that an event loop has for the answer path, and for `transact`: more would only take turns on its core."""


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The process's engine."""
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
            "options": " ".join(f"-c {name}={value}" for name, value in _RULES.items()),
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


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """What is done inside is taken back by itself where it raises, and what was collected there for after the commit is forgotten."""
    collected = dict(session.info.get(_AFTER_COMMIT, {}))
    try:
        with session.begin_nested():
            yield
    except BaseException:
        session.info[_AFTER_COMMIT] = collected
        raise


def run_after_commit(session: Session) -> None:
    """Runs and forgets what was collected. A failing act is logged and does not stop the others: the truth is committed already."""
    for act in session.info.pop(_AFTER_COMMIT, {}).values():
        try:
            act()
        except Exception:
            log.exception("after_commit_failed")


async def transact(work: Callable[[Session], T]) -> T:
    """What `work` gives, in one transaction on the running event loop instead of a thread: for what a whole hall does at once. The loop goes on
    while the database works, statements are prepared once for each connection, and no threads stand in one another's way. `work` must wait for
    nothing but its session, and the loop waits while it computes."""
    try:
        return await _transact(work)
    except DBAPIError as lost:
        # The server was started anew since the connection was last used, and nothing of `work` is committed. A commit's own fault has no such mark.
        if not lost.connection_invalidated or lost.statement is None:
            raise
    return await _transact(work)


async def _transact(work: Callable[[Session], T]) -> T:
    async with AsyncSession(_loop_engine(), expire_on_commit=False) as session:
        async with session.begin():
            result = await session.run_sync(lambda _: work(session.sync_session))
        await anyio.to_thread.run_sync(run_after_commit, session.sync_session)
        return result


_loop_engines: dict[asyncio.AbstractEventLoop, AsyncEngine] = {}
_answer_pools: dict[asyncio.AbstractEventLoop, asyncpg.Pool] = {}


def _loop_engine() -> AsyncEngine:
    """The event loop's engine for `transact`. Whoever waits for a connection waits without a time limit, as `crossing` does."""
    loop = asyncio.get_running_loop()
    if loop not in _loop_engines:
        _forget_closed_loops()
        told = {"application_name": "lyceum", **_RULES}
        connect = partial(asyncpg.connect, _plain_address(), timeout=5, command_timeout=20, server_settings=told)
        _loop_engines[loop] = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=connect,
            pool_size=LOOP_CONNECTIONS,
            max_overflow=0,
            pool_timeout=None,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
        )
    return _loop_engines[loop]


def _forget_closed_loops() -> None:
    for held in (_loop_engines, _answer_pools):
        for loop in [loop for loop in held if loop.is_closed()]:
            del held[loop]


def _plain_address() -> str:
    return get_settings().database_url.replace("postgresql+psycopg2://", "postgresql://", 1)


async def answer_pool() -> asyncpg.Pool:
    """The event loop's pool for the answer path, opened at its first use. Statements are given up after 5 s."""
    loop = asyncio.get_running_loop()
    pool = _answer_pools.get(loop)
    if pool is None:
        opened = await asyncpg.create_pool(_plain_address(), min_size=1, max_size=ANSWER_CONNECTIONS, command_timeout=5, reset=_keep)
        # Another task may have been quicker while this one connected.
        pool = _answer_pools.setdefault(loop, opened)
        if pool is not opened:
            await opened.close()
    return pool


async def _keep(connection: asyncpg.Connection) -> None:
    """Leaves a connection as it is: the answer path sets nothing on it, and clearing it would double the round trips of a save."""


async def close_loop() -> None:
    """Closes what the running event loop has opened."""
    loop = asyncio.get_running_loop()
    if (held := _loop_engines.pop(loop, None)) is not None:
        await held.dispose()
    if (pool := _answer_pools.pop(loop, None)) is not None:
        await pool.close()


def applied_migrations(session: Session) -> frozenset[str]:
    """The migrations that the database is at; none when it is empty. It also tells that the database answers."""
    connection = session.connection()
    if connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
        return frozenset()
    return frozenset(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
