"""The Reflex app as it is served: sealed state on Redis, sockets tied to their login, the HTTP application around it.

A build needs none of this, so it is put together when a web process starts, not when the module is imported.
"""

import asyncio
import gc
import hashlib
import hmac
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

import reflex as rx
from reflex.app import EventNamespace
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState
from reflex.utils import token_manager
from reflex_base.config import get_config

from lms_app import logs
from lms_app.adapters.state_store import SealedPickle, StateRedis, state_key
from lms_app.web import identity, live

Wrap = Callable[[Any], Any]


class SealedStateManager(StateManagerRedis):
    """Reflex's Redis manager, storing sealed states, which its client opens, and never leaving a lock behind."""

    _giving_back: ClassVar[set[asyncio.Task[Any]]] = set()

    async def _try_get_lock(self, lock_key: bytes, lock_id: bytes) -> bool | None:
        # A page that is left while it connects has its events cancelled. If that happens between asking for the lock and hearing that we have it,
        # nobody gives it back, and the page that comes next waits 10 s for it to expire.
        taking = asyncio.ensure_future(super()._try_get_lock(lock_key, lock_id))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            task = asyncio.ensure_future(self._give_back(taking, lock_key))
            self._giving_back.add(task)
            task.add_done_callback(self._giving_back.discard)
            raise

    async def _give_back(self, taking: asyncio.Future[bool | None], lock_key: bytes) -> None:
        if await taking:
            await self.redis.delete(lock_key)
            self._notify_next_waiter(lock_key)

    def _collect_state_writes(self, token: BaseStateToken, base_state: BaseState) -> list[tuple[str, bytes]]:
        client = self.redis
        assert isinstance(client, StateRedis)
        return [(name, client.sealed(name, value)) for name, value in super()._collect_state_writes(token, base_state)]


class BoundNamespace(EventNamespace):
    """Ties each socket to the login it was opened with.

    A tab's token is chosen by its browser and travels in an address, so it proves nothing. The tree of states is therefore kept under a digest of
    the token *and* the login: with another login, or none, the same token leads to another, empty tree, and pushes never reach it.
    """

    def __init__(self, namespace: str, app: rx.App, key: bytes) -> None:
        super().__init__(namespace, app)
        self._key = key
        self._login_of: dict[str, UUID | None] = {}

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Finds out the socket's login, then lets Reflex connect it."""
        self._login_of[sid] = _login(environ)
        try:
            await super().on_connect(sid, environ, auth)
        except BaseException:
            self._login_of.pop(sid, None)
            raise

    async def link_token_to_sid(self, sid: str, token: str, *, update_state: bool = True) -> None:
        """Links the socket to the tree of its token and login."""
        login = self._login_of.get(sid)
        tree = hmac.digest(self._key, f"{login or ''}:{token}".encode(), hashlib.sha256).hex()[:40]
        await super().link_token_to_sid(sid, tree, update_state=update_state)
        live.opened(self.sid_to_token[sid], login)

    def on_disconnect(self, sid: str) -> Any:
        """Forgets the tab."""
        self._login_of.pop(sid, None)
        if (tab := self.sid_to_token.get(sid)) is not None:
            live.closed(tab)
        return super().on_disconnect(sid)


class Lyceum(rx.App):
    """Reflex's app with our walls around it."""

    def serve_with(self, surround: Wrap, protect: Wrap) -> None:
        """Names what is put around the pages: `surround` (HTTP routes, inside Reflex's context) and `protect` (every request, outermost)."""
        self._surround, self._protect = surround, protect

    def __call__(self) -> Any:
        """The ASGI application of one web process."""
        logs.configure_logging()
        self._seal()
        self.api_transformer = self._surround
        served = self._protect(super().__call__())
        # What was made so far stays. Looked through again and again for rubbish, it would hold up one request in twenty by a quarter of a second.
        gc.collect()
        gc.freeze()
        return served

    def _seal(self) -> None:
        """Puts sealed state on Redis and bound sockets in the place of what a build needs."""
        key = state_key()
        config = get_config()
        self._state_manager = SealedStateManager(
            redis=StateRedis.connect(),
            token_expiration=config.redis_token_expiration,
            lock_expiration=config.redis_lock_expiration,
            lock_warning_threshold=config.redis_lock_warning_threshold,
        )
        token_manager.__dict__["pickle"] = SealedPickle(key)
        namespace = BoundNamespace(config.get_event_namespace(), self, key)
        namespace._token_manager = token_manager.RedisTokenManager(StateRedis.connect())
        assert self.sio is not None
        self.sio.register_namespace(namespace)
        self._event_namespace = namespace


def _login(environ: dict[str, Any]) -> UUID | None:
    """The login whose cookie came with a socket's first request, signature checked."""
    headers = environ.get("asgi.scope", {}).get("headers", [])
    cookies = "; ".join(value.decode("latin-1") for name, value in headers if name == b"cookie")
    claims = identity.claims_in(cookies)
    return claims.login_id if claims else None
