"""What Redis holds of the pages' state can be neither read nor put there by others."""

import asyncio
import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from lms_app.settings import get_settings
from lms_app.words import Role
from tests.support.people import sign_in
from tests.support.web import Tab, WebServer
from tests.wire.markers import SECRET, SHOWN


@pytest.fixture
def store(site: WebServer) -> Iterator[redis.Redis]:
    """The server of the pages' state, as somebody with its password sees it."""
    with redis.Redis.from_url(get_settings().state_redis_url) as client:
        client.flushdb()
        yield client


async def held(store: redis.Redis) -> dict[bytes, bytes]:
    """All that is stored, once nothing is being written: a tab hears of a change before it is stored and its lock given back."""
    async with asyncio.timeout(5):
        while any(key.endswith(b"_lock") for key in store.scan_iter(count=1000)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return {key: value for key in store.scan_iter(count=1000) if (value := store.get(key)) is not None}


async def test_redis_holds_no_word_of_the_pages_in_plain(site: WebServer, store: redis.Redis) -> None:
    ada = sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await tab.hydrate()
        await hide(tab)
        everything = b"".join(key + value for key, value in (await held(store)).items())
    assert len(everything) > 1000
    for word in (SECRET, SHOWN, ada.token, tab.token, "SiteState", "router_data", "said", "SocketRecord"):
        assert word.encode() not in everything


async def hide(tab: Tab) -> None:
    """Puts both words into the tab's state."""
    await tab.call("hide")
    await tab.wait(lambda: tab.said == SHOWN)


class Bomb:
    """Runs a command when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.marker}",)


async def test_what_we_did_not_seal_is_never_unpickled(site: WebServer, store: redis.Redis, tmp_path: Path) -> None:
    ada = sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await hide(tab)
        bomb = pickle.dumps(Bomb(tmp_path / "went-off"))
        for key in await held(store):
            store.set(key, bomb)
        tab.state.clear()
        assert SHOWN not in str(await tab.hydrate())
        await tab.call("say", text="goes on")
        await tab.wait(lambda: tab.said == "goes on 0")
    assert not (tmp_path / "went-off").exists()
    assert "state_unreadable" in site.logged()


async def test_a_sealed_state_does_not_open_in_another_tabs_place(site: WebServer, store: redis.Redis) -> None:
    ada, eve = sign_in(Role.STUDENT), sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await hide(tab)
        of_ada = {key for key in await held(store) if b"site_state" in key}
    async with Tab(site, eve.cookie) as thief:
        await thief.call("say", text="hello")
        await thief.wait(lambda: thief.said == "hello 0")
        (of_eve,) = {key for key in await held(store) if b"site_state" in key} - of_ada
        value = store.get(of_ada.pop())
        assert value is not None
        store.set(of_eve, value)
        thief.state.clear()
        assert SHOWN not in str(await thief.hydrate())
