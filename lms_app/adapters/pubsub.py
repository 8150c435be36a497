"""Hints: a word to every web process that something has moved. They carry a kind, an id and a version, never content, and may be lost."""

import asyncio
import threading
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import orjson
import redis
import redis.asyncio
import structlog

from lms_app.settings import get_settings
from lms_app.words import Hint

log = structlog.get_logger(__name__)

CHANNEL = "lyceum:hints"

SPACING = 0.2
"""Seconds between two hints of a process about what many move."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What a hint says: `kind` tells whose id it is (inbox, progress, attempt, name, goals and learnt: person; analytics: run; login: login;
    import: import; outline, health, seats, announcements and reports: course; discussion: page or course; grades: run or person)."""

    kind: Hint
    id: UUID
    version: int = 0


def hint(kind: Hint, subject: UUID, version: int = 0) -> None:
    """Tells every web process that `subject` moved; call it after the commit. A Redis that is down is logged and passed over: pages read the truth
    when they load."""
    message = orjson.dumps({"kind": kind, "id": str(subject), "version": version})
    try:
        _connection().publish(CHANNEL, message)
    except redis.RedisError as error:
        log.warning("hint_lost", kind=kind, error=type(error).__name__)


def hint_each(kind: Hint, subjects: Collection[UUID]) -> None:
    """The same of many subjects, one hint each, in one go."""
    try:
        with _connection().pipeline(transaction=False) as together:
            for subject in subjects:
                together.publish(CHANNEL, orjson.dumps({"kind": kind, "id": str(subject), "version": 0}))
            together.execute()
    except redis.RedisError as error:
        log.warning("hint_lost", kind=kind, error=type(error).__name__)


def hint_of_many(kind: Hint, subject: UUID) -> None:
    """The same for what a whole hall moves at once: this process tells the first at once, and all of the next fifth of a second as one."""
    if _spacing.may_tell(kind, subject):
        hint(kind, subject)


class _Spacing:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[tuple[Hint, UUID], bool] = {}
        """What was told less than `SPACING` ago, and whether it has moved again since."""

    def may_tell(self, kind: Hint, subject: UUID) -> bool:
        with self._lock:
            if (kind, subject) in self._told:
                self._told[kind, subject] = True
                return False
            self._told[kind, subject] = False
        timer = threading.Timer(SPACING, self._is_over, (kind, subject))
        timer.daemon = True
        timer.start()
        return True

    def _is_over(self, kind: Hint, subject: UUID) -> None:
        with self._lock:
            moved_again = self._told.pop((kind, subject))
        if moved_again:
            hint_of_many(kind, subject)


_spacing = _Spacing()


async def hints() -> AsyncIterator[Moved | None]:
    """Every hint from now on, for as long as somebody listens. None says that hints may have been missed: the connection is new.

    Reconnects by itself, after 0.2 s at first and 5 s at most.
    """
    wait = 0.2
    while True:
        client = redis.asyncio.Redis.from_url(get_settings().cache_redis_url, health_check_interval=15, socket_connect_timeout=3)
        try:
            async with client.pubsub(ignore_subscribe_messages=True) as subscription:
                await subscription.subscribe(CHANNEL)
                wait = 0.2
                yield None
                while True:
                    # A time limit, so that a connection that died silently is noticed by the health check.
                    message = await subscription.get_message(timeout=10)
                    moved = _read(message["data"]) if message else None
                    if moved is not None:
                        yield moved
        except (redis.RedisError, OSError) as error:
            log.warning("hints_interrupted", error=type(error).__name__, again_in=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 5.0)
        finally:
            await client.aclose()


def _read(data: bytes) -> Moved | None:
    try:
        said = orjson.loads(data)
        return Moved(kind=Hint(said["kind"]), id=UUID(said["id"]), version=int(said["version"]))
    except (ValueError, KeyError, TypeError):
        log.warning("hint_unreadable")
        return None


@lru_cache(maxsize=1)
def _connection() -> redis.Redis:
    return redis.Redis.from_url(get_settings().cache_redis_url, socket_timeout=2, socket_connect_timeout=2)
