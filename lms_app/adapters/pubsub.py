"""Hints over Redis: that something of a kind moved, never what. Losing one costs freshness, not truth."""

import json
from functools import lru_cache
from uuid import UUID

import redis
import structlog

from lms_app.settings import get_settings
from lms_app.words import Hint

log = structlog.get_logger(__name__)

CHANNEL = "lyceum:hints"


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    return redis.Redis.from_url(get_settings().cache_redis_url, socket_timeout=2, socket_connect_timeout=2)


def hint(kind: Hint, subject: UUID, version: int = 0) -> None:
    """Tells every web process that `subject` (a person, a run, a login, an import) moved. A Redis that is down is logged and passed over: pages
    read the truth when they load."""
    try:
        _client().publish(CHANNEL, json.dumps({"kind": kind, "id": str(subject), "version": version}))
    except redis.RedisError:
        log.warning("hint_not_sent", kind=kind)


def heard(payload: bytes) -> tuple[Hint, UUID, int]:
    """What a message on CHANNEL says. Raises ValueError or KeyError for one that is not ours."""
    message = json.loads(payload)
    return Hint(message["kind"]), UUID(message["id"]), int(message["version"])
