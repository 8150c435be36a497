"""Locks of page state on a real server."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import reflex as rx
from reflex.istate.manager.token import BaseStateToken

from lms_app.adapters.state_store import StateRedis
from lms_app.web.serving import SealedStateManager


class SlowToHear(StateRedis):
    """Hears of what the server did a moment after it did it."""

    replied: asyncio.Event

    @classmethod
    def connect(cls) -> "SlowToHear":
        client = super().connect()
        assert isinstance(client, SlowToHear)
        return client

    async def set(self, *args: Any, **options: Any) -> Any:
        reply = await super().set(*args, **options)
        self.replied.set()
        await asyncio.sleep(0.1)
        return reply


@pytest.fixture
async def manager(redis_url: str) -> AsyncIterator[SealedStateManager]:
    manager = SealedStateManager(redis=StateRedis.connect())
    yield manager
    await manager.close()


async def test_a_lock_taken_while_its_taker_was_cancelled_is_given_back(manager: SealedStateManager) -> None:
    """A browser that leaves while it connects has its events cancelled: the page that came next waited 10 s."""
    token = BaseStateToken(ident="tab", cls=rx.State)
    replied = asyncio.Event()
    manager.redis = SlowToHear.connect()
    manager.redis.replied = replied
    taking = asyncio.ensure_future(manager._lock(token).__aenter__())
    await replied.wait()
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    async with asyncio.timeout(2), manager._lock(token):
        pass


async def test_a_lock_given_back_by_a_cancelled_event_is_free(manager: SealedStateManager) -> None:
    token = BaseStateToken(ident="tab", cls=rx.State)
    held = asyncio.Event()

    async def hold() -> None:
        async with manager._lock(token):
            held.set()
            await asyncio.sleep(60)

    holder = asyncio.ensure_future(hold())
    await held.wait()
    await manager.redis.execute_command("CLIENT", "PAUSE", "300", "WRITE")
    holder.cancel()
    await asyncio.sleep(0.05)
    holder.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holder
    async with asyncio.timeout(2), manager._lock(token):
        pass
