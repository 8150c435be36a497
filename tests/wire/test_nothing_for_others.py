"""Seven people open every page of one course at once, watch what moves, read every address and call every handler: none of them is told anything
that is not for them, and each word that somebody may see is found, so the search can fail."""

import asyncio
import re
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from reflex_base.utils.format import format_event_handler
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel, select
from sqlmodel.sql.sqltypes import AutoString

from lms_app.database import transaction
from lms_app.domain.analytics import nudging
from lms_app.domain.gradebook import gradebook
from lms_app.domain.talk import announcements, discussion
from lms_app.web.errors import ToastState
from lms_app.web.guard import UNREADABLE
from lms_app.web.routes import ROUTES
from lms_app.web.viewer_state import ViewerState
from tests.support.every_handler import arguments, handlers
from tests.support.every_route import call_every_route, read_every_route
from tests.support.foreign_course import rows_about
from tests.support.planted import CLASS, STAFF, VIEWERS, Planted, plant
from tests.support.web import Tab, WebServer

pytestmark = pytest.mark.timeout(600)

OUTSIDERS = ("root", "nobody")
"""Those to whom nothing of a course is open."""

ATTACKERS = ("ada", "eve", "vic")
"""A student, another course's instructor, and staff that only reads: they also call what they have no button for."""

QUERIES = ({"q": "zq"}, {"search": "zq"}, {"shown": "all"}, {"shown": "removed"}, {"shown": "reported"}, {"dismissed": "true"})
UNMARKED = {
    "answers": "Planted: what was typed and what was saved. It is sealed for its attempt, so it is not read here.",
    "attempts": "Ids in an order, and rules: numbers.",
    "availabilities": "Conditions: moments, and ids.",
    "completion_withdrawals": "Evidence: ids, moments and numbers.",
    "completions": "Evidence: ids, moments and numbers.",
    "counted_attempts": "Marks: numbers.",
    "course_findings": "Codes and numbers; titles are read where they stand.",
    "course_goals": "Planted: hours that nobody else has, as numbers.",
    "exports": "Our own sentences.",
    "figure_audits": "Names of figures, and numbers.",
    "film_people": "Ids of blocks.",
    "film_places": "Ids of blocks.",
    "former_slugs": "Addresses that a course had: whoever knows one is led on.",
    "gradebooks": "Settings: numbers and choices.",
    "learning_events": "Ids and numbers.",
    "node_references": "Ids.",
    "outbox": "Names of jobs, and ids.",
    "person_keys": "Keys.",
    "question_scores": "Ids of choices, and counts.",
    "regrade_moves": "Scores.",
    "regrades": "Counts.",
    "report_schedules": "Time zones.",
    "reports": "Our own sentences.",
    "run_choice_sums": "Ids of choices, and counts.",
    "run_films": "Ids of blocks.",
    "score_spreads": "Counts.",
    "sweep_marks": "Names of jobs.",
    "waiting_entries": "Words of a closed list.",
}
"""Tables in which nothing is planted that `test_every_table_with_words...` finds, and why."""
VIEWER = ViewerState.get_full_name()
WORD = re.compile(r"zq\w+?zz")


@dataclass
class Heard:
    """What each of `VIEWERS` was told, by the way it came."""

    planted: Planted
    pages: dict[str, str] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    changed: list[Any] = field(default_factory=list)

    def found(self, told: str) -> set[str]:
        """The planted words in a text."""
        return (
            set(WORD.findall(told)) | {word for word in self.planted.words if not word.startswith("zq") and word in told}
        ) & self.planted.words.keys()

    def by(self, who: str) -> dict[str, set[str]]:
        """What reached somebody, by the way it came."""
        return {way: self.found(getattr(self, way).get(who, "")) for way in ("pages", "moves", "addresses", "calls")}


@pytest.fixture(scope="module")
def heard(lyceum: WebServer) -> Heard:
    planted = plant("everything-in-it")
    found = Heard(planted)
    asyncio.run(_look(lyceum, found))
    before = rows_about(planted.of_others)
    asyncio.run(_call(lyceum, found))
    for who in ATTACKERS:
        answers = call_every_route(lyceum, planted.people[who], planted.ids)
        found.calls[who] += "\n".join(answer.text for answer in answers.values())
    after = rows_about(planted.of_others)
    found.changed = [*(after - before), *(before - after)]
    return found


@pytest.mark.parametrize("who", VIEWERS)
def test_nobody_is_told_what_is_not_for_them(heard: Heard, who: str) -> None:
    told = {way: sorted(word for word in words if who not in heard.planted.words[word]) for way, words in heard.by(who).items()}
    assert {way: words for way, words in told.items() if words} == {}


def test_each_word_is_found_by_somebody_who_may_see_it(heard: Heard) -> None:
    found = {who: set().union(*heard.by(who).values()) for who in VIEWERS}
    readers = {word: who & set(VIEWERS) for word, who in heard.planted.words.items()}
    missed = [word for word, some in readers.items() if some and not any(word in found[who] for who in some)]
    assert missed == [], missed


def test_what_moves_is_pushed_to_whom_it_is_for(heard: Heard) -> None:
    assert {"zqlivenudgeadazz", "zqliveannouncedzz"} <= heard.by("ada")["moves"]
    assert {"zqlivenudgebenzz", "zqliveannouncedzz"} <= heard.by("ben")["moves"]


def test_calls_with_ids_of_others_change_nothing_of_theirs(heard: Heard) -> None:
    assert heard.changed == []


def test_every_table_with_words_has_a_planted_one_or_holds_nothing_that_anybody_says(heard: Heard) -> None:
    planted: set[str] = set()
    worded: set[str] = set()
    with transaction() as session:
        for mapper in SQLModel._sa_registry.mappers:
            names = _worded(mapper.class_)
            if names:
                worded.add(mapper.class_.__tablename__)
                if any(heard.found(str(getattr(row, name))) for row in session.exec(select(mapper.class_)).all() for name in names):
                    planted.add(mapper.class_.__tablename__)
    assert worded - planted == UNMARKED.keys()


def _worded(model: Any) -> list[str]:
    """What a table keeps as text, sealed or in the open, or as JSON. Words of a closed list are none."""
    columns = model.__table__.columns
    sealed = [column.name.removesuffix("_sealed") for column in columns if column.name.endswith("_sealed")]
    return [*sealed, *(column.name for column in columns if isinstance(column.type, AutoString | Text | JSONB))]


async def _look(lyceum: WebServer, heard: Heard) -> None:
    """Opens every page for everybody, then lets something happen that each of them may or may not hear of, and reads every address meanwhile."""
    planted, tabs = heard.planted, dict[str, list[Tab]]()
    async with AsyncExitStack() as stack:
        for who in VIEWERS:
            cookie = planted.people[who].cookie if who in planted.people else ""
            tabs[who] = []
            places = planted.places[:1] if who in OUTSIDERS else planted.places
            for route in ROUTES:
                for path in dict.fromkeys(_filled(route.path, ids) for ids in places):
                    tab = await stack.enter_async_context(Tab(lyceum, cookie, path=path))
                    tabs[who].append(tab)
                    for loader in (ViewerState.load, *route.on_load):
                        await tab.send(format_event_handler(loader))
            await tabs[who][0].hydrate()
        for each in tabs.values():
            for tab in each:
                await _answered(tab)
        heard.pages = {who: _told(each) for who, each in tabs.items()}
        seen = {who: [len(tab.heard) for tab in each] for who, each in tabs.items()}
        _happen(planted)
        for who in ("ada", "ben"):
            for tab in tabs[who]:
                for word in (f"zqlivenudge{who}zz", "zqliveannouncedzz"):
                    await tab.wait(lambda tab=tab, word=word: any(word in message for message in tab.heard), 60)
        for who in VIEWERS:
            heard.addresses[who] = await asyncio.to_thread(read_every_route, lyceum, planted.people.get(who), planted.places, QUERIES)
        heard.addresses["ines"] += await asyncio.to_thread(_marked_by_the_owner, lyceum, planted)
        heard.moves = {who: _told(each, seen[who]) for who, each in tabs.items()}


def _marked_by_the_owner(lyceum: WebServer, planted: Planted) -> str:
    """What a marker reads of two answers that are marked and not released."""
    headers = {"Cookie": planted.people["ines"].cookie, "Origin": lyceum.url, "X-Lyceum": "1"}
    with httpx.Client(base_url=lyceum.url, headers=headers) as browser:
        return "".join(browser.post(f"/v/marking/marks/{planted.ids_of[f'mark of {who}']}/open").text for who in ("ada", "cyd"))


def _told(tabs: list[Tab], seen: list[int] | None = None) -> str:
    return "\n".join(message for tab, start in zip(tabs, seen or [0] * len(tabs), strict=True) for message in tab.heard[start:])


def _happen(planted: Planted) -> None:
    """Words among the people of the course, in acts of which each has a hint of its own."""
    ines, word, places = planted.actor("ines"), planted.word, planted.ids_of
    with transaction() as session:
        course_id = places["course"]
        discussion.reply(session, planted.actor("dan"), places["thread of others"], word("liveother", *STAFF))
        discussion.reply(session, planted.actor("ben"), places["thread"], word("livepost", *CLASS))
        announcements.write(session, ines, course_id, word("liveapart", *STAFF), "Apart", places["other run"])
        announced = announcements.write(session, ines, course_id, word("liveannounced", *CLASS), "To all")
        announcements.bring(session, announced, None)
        for who in ("ada", "ben"):
            nudging.send(session, ines, course_id, [places[who]], word(f"livenudge{who}", who))
        gradebook.set_grade(session, ines, course_id, places["cyd"], places["column"], points="42", reason=word("livegrade", *STAFF))


async def _call(lyceum: WebServer, heard: Heard) -> None:
    """Every handler there is, by three who look for what they may not see, under the course's own addresses and with ids of others."""
    known = handlers()
    for who in ATTACKERS:
        async with Tab(lyceum, heard.planted.people[who].cookie) as tab:
            for name, handler in known.items():
                tab.path = _path_of(name.rpartition(".")[0], heard.planted)
                await tab.send(name, **arguments(handler, heard.planted.ids))
            await _answered(tab)
            heard.calls[who] = "\n".join(tab.heard)


def _filled(path: str, ids: dict[str, str]) -> str:
    path = path if path.startswith("/") else f"/{path}"
    return re.sub(r"\[(\w+)\]", lambda place: ids[place[1]], path)


def _path_of(state: str, planted: Planted) -> str:
    """A page that a state loads, or the first."""
    mine = [route.path for route in ROUTES if any(loader.state_full_name == state for loader in route.on_load)]
    return _filled((mine or ["/"])[0], planted.places[0])


async def _answered(tab: Tab) -> None:
    """Until everything sent before is answered: the server answers a tab's events in order, and nothing but this one call is malformed."""
    before = len(tab.heard)
    await tab.send(f"{ToastState.get_full_name()}.dismiss", nothing=1)
    await tab.wait(lambda: any(UNREADABLE in message for message in tab.heard[before:]), 120)
    await tab.send(f"{ToastState.get_full_name()}.dismiss")
