"""Hints reach whoever watches, wherever their tab is connected, and nobody else."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from lms_app.adapters import pubsub
from lms_app.launcher.valkey import Valkey
from lms_app.words import Hint, Role
from tests.support.people import sign_in
from tests.support.servers import TestServers, forget_connections, reachable_folder
from tests.support.web import ROOT, Tab, WebServer, web_server

WORKERS = 2


async def test_every_open_tab_of_the_person_hears_a_hint_and_no_other(site: WebServer) -> None:
    ada, eve = sign_in(Role.STUDENT), sign_in(Role.STUDENT)
    async with contextlib.AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(Tab(site, ada.cookie)) for _ in range(6)]
        other = await stack.enter_async_context(Tab(site, eve.cookie))
        for tab in [*tabs, other]:
            await tab.call("follow")
            await tab.wait(lambda tab=tab: tab.count == 1)
        pubsub.hint(Hint.PROGRESS, ada.actor.person_id)
        pubsub.hint(Hint.INBOX, ada.actor.person_id)
        for tab in tabs:
            await tab.wait(lambda tab=tab: tab.count == 2, 2)
        await other.settle()
        assert other.count == 1
        assert all(tab.count == 2 for tab in tabs)


async def test_many_hints_are_one_push_a_second(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await tab.call("follow")
        await tab.wait(lambda: tab.count == 1)
        until = time.monotonic() + 2.5
        while time.monotonic() < until:
            pubsub.hint(Hint.INBOX, ada.actor.person_id)
            await asyncio.sleep(0.02)
        await asyncio.sleep(1.2)
        assert 3 <= tab.count <= 6


async def test_the_last_of_many_hints_is_not_lost(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await tab.call("follow")
        await tab.wait(lambda: tab.count == 1)
        pubsub.hint(Hint.INBOX, ada.actor.person_id)
        await tab.wait(lambda: tab.count == 2, 2)
        # All of these fall into the pause after the push: they are one, at its end.
        for _ in range(10):
            pubsub.hint(Hint.INBOX, ada.actor.person_id)
        await tab.wait(lambda: tab.count > 2, 2)
        await asyncio.sleep(1.2)
        assert tab.count == 3


async def test_loading_another_page_ends_the_watching(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as tab:
        await tab.call("follow")
        await tab.wait(lambda: tab.count == 1)
        await tab.send(f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal")
        await tab.settle()
        pubsub.hint(Hint.INBOX, ada.actor.person_id)
        await asyncio.sleep(1.3)
        assert tab.count == 1


async def test_what_moves_while_another_page_waits_to_load_is_not_told_there(site: WebServer) -> None:
    ada = sign_in(Role.STUDENT)
    async with Tab(site, ada.cookie) as leaves, Tab(site, ada.cookie) as stays:
        for tab in (leaves, stays):
            await tab.call("follow")
            await tab.wait(lambda tab=tab: tab.count == 1)
        await leaves.call("linger")
        await leaves.send(f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal")
        await leaves.arrive()
        pubsub.hint(Hint.INBOX, ada.actor.person_id)
        await stays.wait(lambda: stays.count == 2)
        await leaves.settle()
        assert leaves.count == 1


@pytest.fixture
def hint_server() -> Iterator[Valkey]:
    """A Valkey for hints alone, which the test may stop."""
    with reachable_folder("lyceum-hints-") as folder:
        valkey = Valkey(folder)
        valkey.start()
        yield valkey
        valkey.stop()


async def test_pages_work_without_the_hint_server_and_catch_up_when_it_is_back(
    database: str, servers: TestServers, hint_server: Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CACHE_REDIS_URL", f"{hint_server.url}/2")
    forget_connections()
    with web_server("tests.wire.site:app", tmp_path, REFLEX_WEB_WORKDIR=str(tmp_path)) as server:
        monkeypatch.setenv("PUBLIC_URL", server.url)
        forget_connections()
        ada = sign_in(Role.STUDENT)
        async with Tab(server, ada.cookie) as tab:
            await tab.call("follow")
            await tab.wait(lambda: tab.count == 1)
            hint_server.stop()
            pubsub.hint(Hint.INBOX, ada.actor.person_id)
            await tab.call("say", text="works")
            await tab.wait(lambda: tab.said == "works 0")
            hint_server.start()
            await tab.wait(lambda: tab.count == 2, 15)
            forget_connections()
            with redis.Redis.from_url(f"{hint_server.url}/2") as client:
                assert client.ping()
            pubsub.hint(Hint.INBOX, ada.actor.person_id)
            await tab.wait(lambda: tab.count == 3, 5)
    monkeypatch.undo()
    forget_connections()
