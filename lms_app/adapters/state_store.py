"""Sealed page state: what Reflex keeps in Redis, neither readable nor forgeable there.

Reflex pickles each state and unpickles whatever it finds: whoever can write to its Redis could run code in our processes, and whoever can read it
could read what people see. Everything that goes there is sealed with AES-256-GCM under a key of its own, tied to the Redis key where it stands;
what does not open is taken as expired.
"""

import asyncio
import hashlib
import pickle
from typing import Any, cast

import structlog
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from redis.asyncio import Redis

from lms_app.crypto import Unreadable, seal, unseal
from lms_app.settings import get_settings

log = structlog.get_logger(__name__)


def state_key() -> bytes:
    """The 32-byte key of this installation's page state."""
    secret = get_settings().state_key.get_secret_value().encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"lyceum page state").derive(secret)


class StateRedis(Redis):
    """The Redis client of Reflex's state manager: opens sealed states as they are read."""

    seal_key: bytes

    @classmethod
    def connect(cls) -> "StateRedis":
        """A client of the server for page state, with the key from the settings."""
        client = cast(StateRedis, cls.from_url(get_settings().state_redis_url, retry_on_timeout=True))
        client.seal_key = state_key()
        return client

    def sealed(self, name: str, value: bytes) -> bytes:
        """`value` as it may be stored at the Redis key `name`."""
        return seal(self.seal_key, f"state:{name}", value)

    async def mget(self, keys: Any, *args: Any) -> list[Any]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The values at `keys`, opened; None for each that is absent or does not open."""
        names = [keys, *args] if isinstance(keys, str | bytes) else [*keys, *args]
        return [self._opened(name, value) for name, value in zip(names, await super().mget(names), strict=True)]  # pyright: ignore[reportGeneralTypeIssues]

    async def getdel(self, name: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """GETDEL, sent even if the caller is cancelled meanwhile: Reflex gives its lock back by it."""
        return await asyncio.shield(asyncio.ensure_future(super().getdel(name)))  # pyright: ignore[reportArgumentType]

    def _opened(self, name: str | bytes, value: bytes | None) -> bytes | None:
        if value is None:
            return None
        text = name.decode() if isinstance(name, bytes) else name
        try:
            return unseal(self.seal_key, f"state:{text}", value)
        except Unreadable:
            log.warning("state_unreadable", key=hashlib.sha256(text.encode()).hexdigest()[:12])
            return None


class SealedPickle:
    """Stands in for the `pickle` module where Reflex passes records between web processes: seals what it dumps, loads only what opens."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def dumps(self, value: Any) -> bytes:
        """`value`, pickled and sealed."""
        return seal(self._key, "record", pickle.dumps(value))

    def loads(self, sealed: bytes) -> Any:
        """What was dumped. Raises Unreadable for anything that we did not seal."""
        return pickle.loads(unseal(self._key, "record", sealed))  # noqa: S301 - only what we sealed is read
