"""From a page or a route to one transaction, in a thread or on the event loop: how both reach the domain."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import anyio
import anyio.to_thread
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from lms_app.database import transact, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.people import logins
from lms_app.errors import Invalid, NotSignedIn
from lms_app.settings import get_settings

P = ParamSpec("P")
T = TypeVar("T")


async def cross(use_case: Callable[Concatenate[Session, Any, P], T], actor: Actor | None, *args: P.args, **kwargs: P.kwargs) -> T:
    """What `use_case(session, actor, …)` gives, run in a thread inside one transaction. Its errors come through unchanged."""
    return await cross_plain(lambda session: use_case(session, actor, *args, **kwargs))


async def cross_plain(work: Callable[[Session], T]) -> T:
    """The same for work that asks for no actor, such as finding out who acts."""
    return await anyio.to_thread.run_sync(partial(_in_transaction, work), limiter=_limiter())


async def cross_for(login_id: UUID, use_case: Callable[Concatenate[Session, Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`cross` for whoever acts by this login, found out in the same transaction, and on the event loop: for what a whole hall does at once. Raises
    NotSignedIn when the login has ended."""

    def work(session: Session) -> T:
        actor = logins.known_actor(session, login_id)
        if actor is None:
            raise NotSignedIn
        return use_case(session, actor, *args, **kwargs)

    with _clear_about_characters():
        return await transact(work)


def _in_transaction(work: Callable[[Session], T]) -> T:
    with _clear_about_characters(), transaction() as session:
        return work(session)


@contextmanager
def _clear_about_characters() -> Iterator[None]:
    try:
        yield
    except (ValueError, DBAPIError) as fault:
        if not _is_about_characters(fault):
            raise
        raise Invalid("A text holds a character that cannot be kept, such as one of code 0. Take it out, then try again.") from fault


def _is_about_characters(fault: Exception) -> bool:
    """Whether the database, or its driver, could not take a text: it has a character of code 0, or half of one."""
    telling = ("NUL (0x00)", 'encoding "UTF8": 0x00', "\\u0000", "surrogate")
    return isinstance(fault, UnicodeEncodeError) or any(words in str(fault) for words in telling)


@lru_cache(maxsize=1)
def _limiter() -> anyio.CapacityLimiter:
    # No more threads than connections, so that a busy moment waits here and not, with a time limit, in the pool.
    return anyio.CapacityLimiter(get_settings().database_pool_size)


async def actor_by_login(login_id: UUID) -> Actor | None:
    """Who acts by this login now; None when it has ended. Read from the database at most every 5 s per process and login."""
    held = logins.known_actors.get(login_id)
    if held is not None:
        return held[0]
    return await cross_plain(lambda session: logins.known_actor(session, login_id))
