"""Analytics of a course of 10,000 learners, 200 items and 5,000,000 events, on servers of its own with fsync on. The last line is JSON.

The events come by COPY from a seeded generator and are rolled up by the rebuild. Then: how fast one process folds what comes after; how long each
instructor page takes from its load event to its last delta, as a wire client sees it, and how that grows from a course of 50,000 events with the same
learners and items; how fresh an open page is while a thousand tabs of students tell that they are read; and how many events a second keep it so.

ANALYTICS_EVENTS, ANALYTICS_LEARNERS and ANALYTICS_TABS scale it down (5000000, 10000, 1000). ANALYTICS_SITE=0 runs no site, and
measures of each page what is read for it.
"""

import asyncio
import contextlib
import gc
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import orjson
import uvloop
from sqlalchemy import event, text
from sqlmodel import Session

from bench.analytics_campus import Place, furnish_course, furnish_people, load
from bench.analytics_pages import OVERVIEW, PAGES, ROOT, InstructorPage
from bench.servers import own_servers
from bench.wire import PATIENCE, EventSocket, HttpConnection
from lms_app.adapters import clock, tokens
from lms_app.database import engine, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import fold, rollups
from lms_app.domain.enrollments import enrollments, learning
from lms_app.launcher.places import PROJECT
from lms_app.models import Course, FoldCursor, Login
from lms_app.words import Role
from tests.support.web import web_server

EVENTS = int(os.environ.get("ANALYTICS_EVENTS", "5000000"))
LEARNERS = int(os.environ.get("ANALYTICS_LEARNERS", "10000"))
TABS = int(os.environ.get("ANALYTICS_TABS", "1000"))
SITE = os.environ.get("ANALYTICS_SITE", "1") != "0"
FEW_EVENTS = EVENTS // 100
ITEMS = 200
FOLDED = min(50_000, EVENTS)
"""Events that the worker folds while its speed is measured."""

REQUESTS = 200
WATCHERS = 20
RATE = 50
"""Events a second while freshness is measured."""

SECONDS = 30
"""How long each step of freshness lasts."""

RAMP = (75, 100, 150, 200, 300, 400)
FRESH = 2.0
LONGEST = 10.0
"""Seconds after which a page counts as having shown nothing."""

QUIET = 0.15
"""Seconds without a delta after which a page has come to rest."""

LIFE = timedelta(hours=12)
LEARN = "/learn/[slug]/[page_id]"


def main() -> None:
    """Prints what it does and measures, then all of it as one line of JSON."""
    with own_servers(), TemporaryDirectory() as folder:
        found, instructor, large, small = roll_up()
        if SITE:
            with web_server("lms_app.lms_app:app", Path(folder), workers=2, REFLEX_WEB_WORKDIR=folder) as server, worker(Path(folder)):
                measure(server.url, instructor, large, small, found)
        # As in a web process, what was made until now is not looked through for rubbish each time.
        gc.collect()
        gc.freeze()
        for page in PAGES:
            read_in_turns(page, instructor, large, small, found)
        print(json.dumps(found | {"load": round(os.getloadavg()[0], 1)}))


@contextlib.contextmanager
def worker(folder: Path) -> Iterator[None]:
    """The worker that folds, as production runs it."""
    with (folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lms_app", "worker", "analytics"],
            cwd=PROJECT,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def measure(url: str, instructor: Actor, large: Place, small: Place, found: dict[str, Any]) -> None:
    """What pages take, and how fresh they are."""
    probes = furnish_people(400, email="probe")[1]
    cookie = cookie_of(instructor)
    uvloop.run(pages(url, cookie, large, small, found))
    uvloop.run(freshness(url, cookie, large, probes, found))


def roll_up() -> tuple[dict[str, Any], Actor, Place, Place]:
    """The courses and their events, rolled up and folded on; what that took, the instructor, and both courses."""
    instructor, people = timed("people", lambda: furnish_people(LEARNERS))
    large = timed("large course", lambda: furnish_course(instructor, people, "large", items=ITEMS))
    small = timed("small course", lambda: furnish_course(instructor, people, "small", items=ITEMS))
    timed(f"copied {EVENTS:,} events", lambda: load(large, EVENTS, seed=1))
    timed(f"copied {FEW_EVENTS:,} events", lambda: load(small, FEW_EVENTS, seed=2))
    began = time.perf_counter()
    with transaction() as session:
        fold.rebuild(session)
    found: dict[str, Any] = {"events": EVENTS, "learners": LEARNERS, "items": ITEMS, "rebuild_s": round(time.perf_counter() - began, 1)}
    print(f"rebuilt in {found['rebuild_s']} s", flush=True)
    vacuum()
    found["fold_events_per_s"] = folding(large)
    print(f"folded {found['fold_events_per_s']} events/s", flush=True)
    return found, instructor, large, small


def timed(words: str, act: Callable[[], Any]) -> Any:
    """What `act` gives; says how long it took."""
    began = time.perf_counter()
    made = act()
    print(f"{words}: {time.perf_counter() - began:.1f} s", flush=True)
    return made


def vacuum() -> None:
    """What Postgres does by itself within minutes of so much having changed."""
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text(f"VACUUM ANALYZE run_figures, {', '.join(rollups.ROLL_UPS)}"))
        connection.execute(text("RESET statement_timeout"))


def folding(place: Place) -> int:
    """Events a second that one process folds: a hundred learners go through the course once more."""
    load(Place(place.course_id, place.run_id, place.items, place.learners[:100]), FOLDED, seed=3)
    began, more = time.perf_counter(), True
    while more:
        with transaction() as session:
            more = fold.fold(session)
    return round(FOLDED / (time.perf_counter() - began))


def statements(page: InstructorPage, actor: Actor, place: Place) -> int:
    """Statements of one reading."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1

    event.listen(engine(), "before_cursor_execute", count)
    with transaction() as session:
        page.reads(session, actor, place)
    event.remove(engine(), "before_cursor_execute", count)
    return seen


def read_in_turns(page: InstructorPage, actor: Actor, large: Place, small: Place, found: dict[str, Any]) -> None:
    """How long it takes to read what a page shows, without the page, and how that grows."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(REQUESTS):
        for place, times in zip((large, small), took, strict=True):
            began = time.perf_counter()
            with transaction() as session:
                page.reads(session, actor, place)
            times.append((time.perf_counter() - began) * 1000)
    note_growth(page, took[0], took[1], found, "read")
    found.setdefault("statements", {})[page.name] = [statements(page, actor, place) for place in (large, small)]


def note_growth(page: InstructorPage, large: list[float], small: list[float], found: dict[str, Any], what: str) -> None:
    """Writes down and says what a page takes in milliseconds, and how many times what it takes with few events."""
    median = statistics.median(large), statistics.median(small)
    found.setdefault(f"{what}_p95_ms", {})[page.name] = share(large, 95)
    found.setdefault("growth_ratio" if what == "page" or not SITE else "read_growth_ratio", {})[page.name] = round(median[0] / median[1], 2)
    print(f"{page.name}: p95 {share(large, 95)} ms, median {median[0]:.1f} ms against {median[1]:.1f} ms", flush=True)


def cookie_of(actor: Actor) -> str:
    """What the browser of somebody who is signed in sends."""
    return cookies_of([actor.person_id])[0]


def cookies_of(people: list[UUID]) -> list[str]:
    """The same for several."""
    now = clock.now()
    with transaction() as session:
        logins = [Login(person_id=person, created_at=now, last_seen_at=now, expires_at=now + LIFE) for person in people]
        session.add_all(logins)
    return [f"{tokens.cookie_name()}={tokens.sign(login_id=login.id, person_id=login.person_id, life=LIFE)}" for login in logins]


class Watcher:
    """An open page of an instructor, as its browser's script sees it."""

    def __init__(self, page: InstructorPage, place: Place) -> None:
        self._page, self._path, self._payload = page, page.path_of(place), page.payload(place)
        self._tab = str(uuid4())
        self._turned = False
        self._moved = asyncio.Event()
        self.known: dict[str, Any] = {}
        self.last = 0.0
        self.on_delta: Callable[[], None] = lambda: None

    async def open(self, url: str, cookie: str) -> None:
        """Opens its socket, and has everything that the page shows."""
        self._socket = await EventSocket.connect(url, cookie, self._tab, self._event(f"{ROOT}.hydrate_and_load"), self._hear)
        if self._payload:
            # The load of the page around it comes first, and closes what was open beside its editor.
            await self._rest(ready=False)
            self._ask()
        await self._rest()

    async def reload(self) -> float:
        """Seconds from the load event to the last delta of it."""
        self._moved.clear()
        self._turned = not self._turned
        began = asyncio.get_running_loop().time()
        self._ask()
        await self._rest()
        return self.last - began

    def close(self) -> None:
        """Leaves."""
        self._socket.close()

    def _ask(self) -> None:
        self._socket.send(self._event(f"{self._page.state}.{self._page.event}", **self._payload))

    async def _rest(self, *, ready: bool = True) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._moved.wait()
            while await self._moves_soon() or (ready and not self.known.get("ready")):
                pass

    async def _moves_soon(self) -> bool:
        self._moved.clear()
        try:
            async with asyncio.timeout(QUIET):
                await self._moved.wait()
        except TimeoutError:
            return False
        return True

    def _event(self, name: str, **payload: str) -> dict[str, Any]:
        path = self._path + (self._page.turn if self._turned else "")
        router_data = {"pathname": self._page.route, "asPath": path, "query": {}}
        return {"name": name, "payload": payload, "token": self._tab, "router_data": router_data}

    def _hear(self, update: dict[str, Any]) -> None:
        for state, values in (update.get("delta") or {}).items():
            if state == self._page.state:
                self.known |= {name.removesuffix("_rx_state_"): value for name, value in values.items()}
        self.last = asyncio.get_running_loop().time()
        self._moved.set()
        self.on_delta()


async def pages(url: str, cookie: str, large: Place, small: Place, found: dict[str, Any]) -> None:
    """How long each page takes, and how that grows: requests to the large and the small course by turns."""
    for page in PAGES:
        readers = [_Island(page, place) if page.address else Watcher(page, place) for place in (large, small)]
        for reader in readers:
            await reader.open(url, cookie)
        took: tuple[list[float], list[float]] = ([], [])
        for _ in range(REQUESTS):
            for reader, times in zip(readers, took, strict=True):
                times.append(await reader.reload() * 1000)
        for reader in readers:
            reader.close()
        note_growth(page, took[0], took[1], found, "page")


class _Island:
    """What an island asks for, over one kept connection."""

    def __init__(self, page: InstructorPage, place: Place) -> None:
        self._address = page.address.format(course=place.course_id)

    async def open(self, url: str, cookie: str) -> None:
        """Asks once."""
        self._http = HttpConnection(url, cookie)
        await self.reload()

    async def reload(self) -> float:
        """Seconds from the request to the whole answer."""
        began = asyncio.get_running_loop().time()
        status, said = await self._http.ask("GET", self._address)
        assert status == 200, said
        return asyncio.get_running_loop().time() - began

    def close(self) -> None:
        """Leaves."""
        self._http.close()


def share(values: list[float], percent: int) -> float:
    """What so many of a hundred are within."""
    ordered = sorted(values)
    return round(ordered[max(0, -(-len(ordered) * percent // 100) - 1)], 1) if ordered else 0.0


@dataclass
class Reader:
    """A student's tab that tells of being read."""

    http: HttpConnection
    path: str
    socket: EventSocket
    told: int = 0
    failed: int = 0

    async def beat(self) -> None:
        """Tells of a second at the page: an event."""
        body = orjson.dumps({"id": str(uuid4()), "seconds": 60, "reached_end": False, "films": []})
        status, _ = await self.http.ask("POST", self.path, body)
        self.told += status == 200
        self.failed += status != 200


async def freshness(url: str, cookie: str, place: Place, probes: list[UUID], found: dict[str, Any]) -> None:
    """From an enrolment to each open page that shows one more, while students' tabs tell of being read, so many a second."""
    probe = Probe(place, probes)
    readers = await readers_of(url, place, probe.slug)
    watchers = [Watcher(OVERVIEW, place) for _ in range(WATCHERS)]
    for watcher in watchers:
        await watcher.open(url, cookie)
    print(f"{len(readers)} tabs of students, {len(watchers)} of instructors are open", flush=True)
    probe.watchers = watchers
    found["freshness_p95_ms"] = await step(RATE, readers, probe)
    found["events_per_s_max"] = RATE if found["freshness_p95_ms"] <= FRESH * 1000 else 0
    for rate in RAMP:
        if found["events_per_s_max"] == 0 or rate > len(readers):
            break
        if await step(rate, readers, probe) > FRESH * 1000:
            break
        found["events_per_s_max"] = rate
    for tab in (*watchers, *(reader.socket for reader in readers)):
        tab.close()


async def readers_of(url: str, place: Place, slug: str) -> list[Reader]:
    """Tabs of students, each at a page that they have opened."""
    chance = random.Random(4)
    page_ids = [item.id for item in place.items if not item.revision]
    chosen = [UUID(person) for person, _ in place.learners[:TABS]]
    readers = []
    for person, cookie in zip(chosen, await asyncio.to_thread(cookies_of, chosen), strict=True):
        page_id = chance.choice(page_ids)
        await asyncio.to_thread(_open_page, person, UUID(page_id))
        router_data = {"pathname": LEARN, "asPath": f"/learn/{slug}/{page_id}", "query": {}}
        tab = str(uuid4())
        first = {"name": f"{ROOT}.hydrate_and_load", "payload": {}, "token": tab, "router_data": router_data}
        socket = await EventSocket.connect(url, cookie, tab, first, lambda update: None)
        readers.append(Reader(HttpConnection(url, cookie), f"/v/pages/{page_id}/heartbeat", socket))
    return readers


def _open_page(person: UUID, page_id: UUID) -> None:
    with transaction() as session:
        learning.open_page(session, Actor(person_id=person, roles=frozenset({Role.STUDENT})), page_id)


class Probe:
    """Enrols people, one after the other, and notes when each watcher shows it."""

    watchers: list[Watcher]

    def __init__(self, place: Place, people: list[UUID]) -> None:
        with transaction() as session:
            self.slug = session.get_one(Course, place.course_id).slug
        self._people = iter(people)

    async def once(self) -> list[float]:
        """Seconds until each watcher shows one more; those who do not in time count as the time that was given."""
        loop = asyncio.get_running_loop()
        before = [watcher.known["ever_enrolled"] for watcher in self.watchers]
        seen = [0.0] * len(before)
        everywhere = asyncio.Event()
        for number, watcher in enumerate(self.watchers):

            def look(number: int = number, watcher: Watcher = watcher) -> None:
                if not seen[number] and watcher.known["ever_enrolled"] > before[number]:
                    seen[number] = loop.time()
                    if all(seen):
                        everywhere.set()

            watcher.on_delta = look
        person = next(self._people)
        acted = loop.time()
        await asyncio.to_thread(self._enroll, person)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST):
                await everywhere.wait()
        return [at - acted if at else LONGEST for at in seen]

    def _enroll(self, person: UUID) -> None:
        with transaction() as session:
            enrollments.enroll(session, Actor(person_id=person, roles=frozenset({Role.STUDENT})), self.slug)


async def step(rate: int, readers: list[Reader], probe: Probe) -> float:
    """Milliseconds within which 95 of 100 pages were fresh, at so many events a second."""
    loop = asyncio.get_running_loop()
    began, before = loop.time(), sum(reader.told for reader in readers)
    fresh: list[float] = []

    async def tell() -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(int(rate * SECONDS)):
                await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
                group.create_task(readers[number % len(readers)].beat())

    telling = asyncio.create_task(tell())
    while loop.time() < began + SECONDS:
        fresh += await probe.once()
        await asyncio.sleep(0.3)
    await telling
    told, failed = sum(reader.told for reader in readers) - before, sum(reader.failed for reader in readers)
    p95 = share([seconds * 1000 for seconds in fresh], 95)
    with Session(engine()) as session:
        lag = session.get_one(FoldCursor, 0).folded_at
    print(
        f"{rate} events/s asked, {told / (loop.time() - began):.0f} told, {failed} failed: fresh within {p95} ms (p95 of {len(fresh)}); "
        f"last fold {(clock.now() - lag).total_seconds():.1f} s ago",
        flush=True,
    )
    return p95


if __name__ == "__main__":
    main()
