"""Many sign in at once: who reads meanwhile does not wait for their passwords to be hashed."""

import asyncio
import os
import statistics
import time
from collections.abc import Iterator

import anyio.to_thread
import httpx
import pytest

from lms_app.adapters import passwords
from lms_app.api.walls import protect
from lms_app.settings import get_settings
from lms_app.words import Role
from tests.support.apps import browser_site
from tests.support.people import sign_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")

RUSH = 60
OURS = {"Origin": "http://localhost:8000", "X-Lyceum": "1"}


@pytest.fixture(autouse=True)
def _slow_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BCRYPT_ROUNDS", "10")
    get_settings.cache_clear()
    passwords._stranger.cache_clear()
    yield
    get_settings.cache_clear()
    passwords._stranger.cache_clear()


async def test_a_rush_of_sign_ins_leaves_the_threads_of_other_requests_alone() -> None:
    cookie = sign_in(Role.STUDENT).cookie
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(browser_site())), base_url="http://localhost:8000") as client:
        rush = [
            asyncio.ensure_future(client.post("/v/sign-in", json={"email": f"n{number}@example.org", "password": "not the one"}, headers=OURS))
            for number in range(RUSH)
        ]
        await asyncio.wait(rush, return_when=asyncio.FIRST_COMPLETED)
        waits = []
        while not all(task.done() for task in rush):
            began = time.monotonic()
            assert (await client.get("/v/palette", params={"q": "stones"}, headers={"Cookie": cookie})).status_code == 200
            # What sends a file, and whatever else of the framework leaves the event loop, shares one pool of 40 threads.
            await anyio.to_thread.run_sync(time.monotonic)
            waits.append(time.monotonic() - began)
        await asyncio.gather(*rush, return_exceptions=True)
    assert len(waits) > 3
    assert statistics.median(waits) < 0.5, waits


async def test_the_threads_that_hash_stand_back_for_all_others() -> None:
    loop = asyncio.get_running_loop()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    theirs = await loop.run_in_executor(passwords._hashing(), os.getpriority, os.PRIO_PROCESS, 0)
    assert theirs == max(own, passwords.NICENESS)
