"""How long authors wait: for the import of a course, for the builder of a course of 1,000 pages, for a save, for the bank. The last line is JSON.

Servers, web processes, worker and Chromium of its own; the pages are those of this project folder. `import_s` is the Open edX demo course from the
trial material (nothing without it), read and stored with its files. `open_1000_pages_ms` is the median of how long a signed-in author waits from the
address to an outline that can be moved through by keys. `save_ratio` is the median of SAVES saves over HTTP in a course of 1,000 pages by that in a
course of ten, taken in turns. `bank_ms` and `bank_search_ms` are medians of reading over HTTP the bank of 3,000 questions of that course as its page
does when it opens, and the first window of what two words find in it.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as BrowserPage
from sqlalchemy import event
from sqlmodel import select

from bench.servers import own_servers
from lms_app.adapters import clock, storage, tokens
from lms_app.database import engine, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import course_health, importing, page_drafts
from lms_app.domain.people.registration import create_person
from lms_app.interchange.olx import read_olx
from lms_app.launcher.pages import Pages
from lms_app.launcher.places import PROJECT, pages_folder
from lms_app.models import Login, Page
from lms_app.words import Role
from tests.support.browser import open_browser
from tests.support.large_course import large_course
from tests.support.web import web_server

FEW, MANY = 10, 1_000
SAVES = 100
OPENINGS = 10
READINGS = 40
TRIAL_DATA = Path(os.environ.get("LYCEUM_TRIAL_DATA") or PROJECT.parent / "shared" / "data")
DEMO_COURSE = TRIAL_DATA / "olx" / "openedx-demo-course.tar.gz"


def main() -> None:
    """Prints what it measures, then all of it as one line of JSON."""
    pages = Pages(pages_folder())
    pages.make_current(say)
    served: dict[str, Any] = {"REFLEX_WEB_WORKDIR": str(pages.folder), "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true"}
    with own_servers(), tempfile.TemporaryDirectory(prefix="lyceum-authoring-") as folder:
        author, cookie = furnish_author()
        found: dict[str, Any] = {"import_s": import_demo_course(author)}
        few, many = store_large(author, FEW), store_large(author, MANY)
        found |= {"health_1000_pages_ms": check_health(many), "save_statements": [count_statements(author, course) for course in (few, many)]}
        with web_server("lms_app.lms_app:app", Path(folder), workers=2, **served) as web:
            found |= save_in_turns(web.url, cookie, few, many)
            found |= read_bank(web.url, cookie, many)
            found["open_1000_pages_ms"] = open_builder(web.url, cookie, many)
    print(json.dumps(found | {"load": round(os.getloadavg()[0], 1)}))


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def furnish_author() -> tuple[Actor, str]:
    """An instructor, signed in by the cookie."""
    now = clock.now()
    with transaction() as session:
        person = create_person(session, name="Instructor", email="authoring@example.org", password_hash=None, can_teach=True)
        login = Login(person_id=person.id, created_at=now, last_seen_at=now, expires_at=now + timedelta(hours=6))
        session.add(login)
        actor = Actor(person_id=person.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR}))
        return actor, tokens.sign(login_id=login.id, person_id=person.id, life=timedelta(hours=6))


def import_demo_course(author: Actor) -> float | None:
    """Seconds from the archive to the committed course, files sealed and put away."""
    if not DEMO_COURSE.is_file():
        say(f"There is no {DEMO_COURSE}: the import is not measured.")
        return None
    began = time.perf_counter()
    with transaction() as session:
        importing.store_course(session, author, read_olx(DEMO_COURSE), store=storage.put)
    return round(time.perf_counter() - began, 2)


def store_large(author: Actor, pages: int) -> UUID:
    """A course of `pages` pages and three times as many questions."""
    began = time.perf_counter()
    with transaction() as session:
        course_id = importing.store_course(session, author, large_course(pages, slug=f"course-of-{pages}"), store=storage.put).id
    print(f"stored {pages} pages in {time.perf_counter() - began:.1f} s", flush=True)
    return course_id


def check_health(course_id: UUID) -> float:
    """Milliseconds of looking the whole course through (median of ten)."""
    took = []
    for _ in range(10):
        began = time.perf_counter()
        with transaction() as session:
            course_health.check(session, course_id)
        took.append(time.perf_counter() - began)
    return round(statistics.median(took) * 1000, 1)


def count_statements(author: Actor, course_id: UUID) -> int:
    """How many statements a save makes."""
    said, page_id = 0, a_page(course_id)

    def count(*_: object) -> None:
        nonlocal said
        said += 1

    with transaction() as session:
        opened = page_drafts.open_draft(session, author, page_id)
    event.listen(engine(), "before_cursor_execute", count)
    try:
        with transaction() as session:
            page_drafts.save_draft(session, author, page_id, title="Counted", document=opened.document, base=UUID(opened.page.revision))
    finally:
        event.remove(engine(), "before_cursor_execute", count)
    return said


def a_page(course_id: UUID) -> UUID:
    with transaction() as session:
        return session.exec(select(Page.id).where(Page.course_id == course_id).limit(1)).one()


def save_in_turns(address: str, cookie: str, few: UUID, many: UUID) -> dict[str, Any]:
    """Median milliseconds of a save in the small and in the large course, and their ratio."""
    took: dict[UUID, list[float]] = {few: [], many: []}
    with client_of(address, cookie) as client:
        drafts = {course: _Draft(client, a_page(course)) for course in took}
        for number in range(SAVES + 10):
            for course, draft in drafts.items():
                took[course].append(draft.save(f"Title {number}"))
    small, large = (statistics.median(times[10:]) for times in took.values())
    return {"save_10_pages_ms": round(small, 1), "save_1000_pages_ms": round(large, 1), "save_ratio": round(large / small, 2)}


def read_bank(address: str, cookie: str, course_id: UUID) -> dict[str, Any]:
    """Median milliseconds of a bank's first page, what it is made of included, and of a search in all that its questions say."""
    opened, searched = [], []
    with client_of(address, cookie) as client:
        bank = f"/v/courses/{course_id}/bank"
        for number in range(READINGS + 5):
            began = time.perf_counter()
            shelf, window = (client.get(place).raise_for_status().json() for place in (bank, f"{bank}/questions"))
            opened.append(time.perf_counter() - began)
            assert (shelf["questions"], window["total"], len(window["entries"])) == (3 * MANY, 3 * MANY, 100)
            began = time.perf_counter()
            found = client.get(f"{bank}/questions", params={"search": f"dig {number + 100}"}).raise_for_status().json()
            searched.append(time.perf_counter() - began)
            assert 1 <= found["total"] <= 2
    bank_ms, search_ms = (round(statistics.median(times[5:]) * 1000, 1) for times in (opened, searched))
    return {"bank_ms": bank_ms, "bank_search_ms": search_ms}


def client_of(address: str, cookie: str) -> httpx.Client:
    """The author's requests."""
    headers = {"Cookie": f"{tokens.cookie_name()}={cookie}", "Origin": address, "X-Lyceum": "1"}
    return httpx.Client(base_url=address, headers=headers, timeout=60)


class _Draft:
    """A page open in an editor."""

    def __init__(self, client: httpx.Client, page_id: UUID) -> None:
        self._client, self._place = client, f"/v/pages/{page_id}/draft"
        opened = client.get(self._place).raise_for_status().json()
        self._revision, self._document = opened["page"]["revision"], opened["document"]

    def save(self, title: str) -> float:
        """Saves under another title; milliseconds until it is acknowledged."""
        began = time.perf_counter()
        answer = self._client.put(self._place, json={"title": title, "document": self._document}, headers={"If-Match": f'"{self._revision}"'})
        took = (time.perf_counter() - began) * 1000
        self._revision = answer.raise_for_status().json()["revision"]
        return took


AT_FIRST = (
    "() => { const first = document.querySelector('[role=treeitem]'); first?.focus(); return first && document.activeElement === first && first; }"
)
MOVED_ON = "(first) => document.activeElement?.getAttribute('role') === 'treeitem' && document.activeElement !== first"


def open_builder(address: str, cookie: str, course_id: UUID) -> float:
    """Median milliseconds until the builder's outline answers a key, with what the browser keeps from the time before."""
    with sync_playwright() as playwright, open_browser(playwright) as browser, signed_in(browser, address, cookie) as page:
        took = []
        for _ in range(OPENINGS):
            page.goto("about:blank")
            began = time.perf_counter()
            page.goto(f"/teach/courses/{course_id}", wait_until="commit")
            # Looked for in each frame: a locator looks twice a second when it has waited for long.
            first = page.wait_for_function(AT_FIRST)
            page.keyboard.press("ArrowDown")
            page.wait_for_function(MOVED_ON, arg=first)
            took.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(took[1:]), 1)


@contextmanager
def signed_in(browser: Browser, address: str, cookie: str) -> Iterator[BrowserPage]:
    """A tab of the author's."""
    with browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}) as context:
        context.add_cookies([{"name": tokens.cookie_name(), "value": cookie, "url": address, "httpOnly": True, "sameSite": "Lax"}])
        yield context.new_page()


if __name__ == "__main__":
    main()
