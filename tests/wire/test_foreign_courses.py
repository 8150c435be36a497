"""Every handler of an instructor's page and every route with an id, as the application has them, asked about a course that is not the caller's."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import httpx
import pytest
from reflex_base.utils.format import format_event_handler

from lms_app.adapters import pubsub
from lms_app.database import transaction
from lms_app.models import Membership
from lms_app.web.errors import ToastState
from lms_app.web.guard import UNREADABLE
from lms_app.web.labels import Payload
from lms_app.web.routes import ROUTES
from lms_app.web.viewer_state import ViewerState
from lms_app.words import Hint, Role, StaffRole
from tests.support.every_handler import arguments, instructor_handlers
from tests.support.every_route import call_every_route
from tests.support.foreign_course import MARK, Ids, course_of_all, ids_there_are, rows_about
from tests.support.people import SignedIn, sign_in
from tests.support.web import NAMESPACE, PROBLEM, TOAST, Tab, WebServer

HANDLERS = instructor_handlers()
EVENT = f"42{NAMESPACE},"


async def test_another_instructor_learns_and_changes_nothing(lyceum: WebServer) -> None:
    stranger = sign_in(Role.INSTRUCTOR, Role.ADMIN)
    own = course_of_all("own-course", stranger, StaffRole.OWNER)
    known = ids_there_are()
    foreign = course_of_all("foreign-course", mark=True)
    its_ids = ids_there_are() - known
    before = rows_about(its_ids)
    # Between calls about one's own course, so that forms stand open and questions are asked; then with foreign ids under both addresses.
    heard = await _walk(lyceum, stranger, [(own, own), (foreign, foreign), (own, foreign), (foreign, own)])
    assert [message for message in heard if MARK in message] == []
    assert rows_about(its_ids) == before


@pytest.mark.parametrize("who", ["author", "stranger", "former author"])
async def test_whoever_is_refused_does_not_hear_that_something_moves_there(lyceum: WebServer, who: str) -> None:
    author, witness = sign_in(Role.INSTRUCTOR), sign_in(Role.INSTRUCTOR)
    ids = course_of_all(f"moves-for-{who.replace(' ', '-')}", author, StaffRole.OWNER)
    caller = sign_in(Role.INSTRUCTOR) if who == "stranger" else author
    async with AsyncExitStack() as stack:
        end = await stack.enter_async_context(Tab(lyceum, witness.cookie))
        await end.send(format_event_handler(ViewerState.load))
        tabs: dict[str, Tab] = {}
        for route in ROUTES:
            if route.path.startswith("/teach/") and "[" in route.path:
                tab = tabs[route.path] = await stack.enter_async_context(Tab(lyceum, caller.cookie, path=_filled(route.path, ids)))
                for loader in route.on_load:
                    await tab.send(format_event_handler(loader))
        for tab in (end, *tabs.values()):
            await _answered(tab)
        await _all_told(witness, end)
        if who == "former author":
            _leave_the_staff(author, ids)
        told = []
        for _ in range(2):
            before = {path: len(tab.heard) for path, tab in tabs.items()}
            _all_moves(ids)
            await _all_told(witness, end)
            for tab in tabs.values():
                await _answered(tab)
            told.append({path: states for path, tab in tabs.items() if (states := _states(tab.heard[before[path] :]))})
    if who == "author":
        assert len(told[0]) >= 14
    elif who == "stranger":
        assert told == [{}, {}]
    else:
        # That they are refused, once.
        assert {path: states for path, states in told[0].items() if states - {TOAST, PROBLEM}} == {}
        assert len(told[0]) >= 14
        assert told[1] == {}


@pytest.mark.parametrize("role", [StaffRole.VIEWER, StaffRole.GRADER])
async def test_who_only_reads_or_marks_changes_nothing(lyceum: WebServer, role: StaffRole) -> None:
    reader = sign_in(Role.INSTRUCTOR)
    own = course_of_all(f"own-of-{role}", reader, StaffRole.OWNER)
    known = ids_there_are()
    read = course_of_all(f"read-by-{role}", reader, role)
    its_ids = ids_there_are() - known
    before = rows_about(its_ids)
    await _walk(lyceum, reader, [(own, own), (read, read), (own, read), (read, own)])
    assert _but_own_reports(rows_about(its_ids), reader) == before


async def test_the_same_calls_by_the_courses_author_show_and_change_it(lyceum: WebServer) -> None:
    author = sign_in(Role.INSTRUCTOR)
    known = ids_there_are()
    own = course_of_all("walked-by-its-author", author, StaffRole.OWNER, mark=True)
    its_ids = ids_there_are() - known
    before = rows_about(its_ids)
    heard = await _walk(lyceum, author, [(own, own)])
    assert MARK in str(heard)
    changed = {table for table, _ in (rows_about(its_ids) - before) + (before - rows_about(its_ids))}
    assert changed >= {"courses", "objectives", "memberships", "assessment_overrides", "groups", "group_members", "questions", "grade_columns"}


@pytest.mark.parametrize("role", [None, Role.STUDENT, Role.INSTRUCTOR])
def test_no_route_answers_about_a_course_of_somebody_elses(lyceum: WebServer, role: Role | None) -> None:
    known = ids_there_are()
    foreign = course_of_all(f"not-for-{role}", mark=True)
    its_ids = ids_there_are() - known
    before = rows_about(its_ids)
    answers = call_every_route(lyceum, sign_in(role, Role.ADMIN) if role else None, foreign)
    refused = (401, 404) if role is None else (403, 404, 409)
    assert {
        call: (answer.status_code, answer.text) for call, answer in answers.items() if answer.status_code not in refused or MARK in answer.text
    } == {}
    assert rows_about(its_ids) == before


def test_no_route_changes_anything_for_a_viewer(lyceum: WebServer) -> None:
    viewer = sign_in(Role.INSTRUCTOR)
    known = ids_there_are()
    read = course_of_all("viewed", viewer, StaffRole.VIEWER)
    its_ids = ids_there_are() - known
    before = rows_about(its_ids)
    answers = call_every_route(lyceum, viewer, read)
    assert any(answer.is_success for answer in answers.values())
    assert _but_own_reports(rows_about(its_ids), viewer) == before


def test_the_same_requests_are_taken_from_the_courses_author(lyceum: WebServer) -> None:
    author = sign_in(Role.INSTRUCTOR)
    answers = call_every_route(lyceum, author, course_of_all("asked-about-by-its-author", author, mark=True))
    taken = [call for call, answer in answers.items() if answer.is_success]
    assert len(taken) >= 30, {call: (answer.status_code, answer.text[:200]) for call, answer in answers.items() if not answer.is_success}


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_a_character_that_cannot_be_kept_is_refused_by_a_sentence(lyceum: WebServer, character: str) -> None:
    author = sign_in(Role.INSTRUCTOR)
    ids = course_of_all(f"odd-characters-{ord(character)}", author)
    headers = {"Cookie": author.cookie, "Origin": lyceum.url, "X-Lyceum": "1", "Content-Type": "application/json"}
    rubric = {"criteria": [{"title": "Style", "description": character, "levels": [], "most": "5"}]}
    with httpx.Client(base_url=lyceum.url, headers=headers) as client:
        answers = [
            client.put(f"/v/marking/questions/{ids['question_id']}/rubric", content=json.dumps({"body": rubric})),
            client.post(f"/v/marking/courses/{ids['course_id']}/comments", content=json.dumps({"text": character * 2})),
            client.get("/v/palette?q=%00"),
        ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == [], [answer.text for answer in answers]
    assert answers[0].status_code == 422


def _but_own_reports(rows: Counter[tuple[str, str]], reader: SignedIn) -> Counter[tuple[str, str]]:
    """Without the reports that somebody has made for themselves of what they may read anyhow."""
    own = str(reader.actor.person_id)
    return Counter({(table, row): count for (table, row), count in rows.items() if not (table == "reports" and own in row)})


async def _walk(lyceum: WebServer, who: SignedIn, places: list[tuple[Ids, Ids]]) -> list[str]:
    """Calls every handler, state by state, under the address of the first course with ids of the second; gives all that the tab was told."""
    async with Tab(lyceum, who.cookie) as tab:
        for state in dict.fromkeys(name.rpartition(".")[0] for name in HANDLERS):
            for path in _paths(state):
                for name in (name for name in HANDLERS if name.startswith(state + ".")):
                    for here, theirs in places:
                        call = arguments(HANDLERS[name], theirs)
                        Payload(HANDLERS[name].fn).read(call)
                        tab.path = _filled(path, here)
                        await tab.send(name, **call)
                await _answered(tab)
        return tab.heard


def _leave_the_staff(who: SignedIn, ids: Ids) -> None:
    with transaction() as session:
        session.delete(session.get_one(Membership, (UUID(ids["course_id"]), who.actor.person_id)))


def _all_moves(ids: Ids) -> None:
    """Says that everything there is about a course has moved."""
    for kind in set(Hint) - {Hint.LOGIN}:
        pubsub.hint_each(kind, [UUID(each) for name, each in ids.items() if name.endswith("_id")])


async def _all_told(witness: SignedIn, end: Tab) -> None:
    """Until the server has run whatever watches what has moved: hints come in order, and whoever was told waits a second, the witness longest."""
    before = len(end.heard)
    pubsub.hint(Hint.INBOX, witness.actor.person_id)
    await end.wait(lambda: _states(end.heard[before:]), 120)


async def _answered(tab: Tab) -> None:
    """Until everything sent before is answered: the server answers a tab's events in order, and nothing but this one call is malformed."""
    for call, answer in (({"nothing": 1}, UNREADABLE), ({}, "")):
        before = len(tab.heard)
        await tab.send(f"{ToastState.get_full_name()}.dismiss", **call)
        await tab.wait(lambda before=before, answer=answer: answer in _notices(tab.heard[before:]), 120)


def _deltas(messages: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What was told of states: their names, and the variables that moved."""
    for message in messages:
        if message.startswith(EVENT):
            kind, *rest = json.loads(message.removeprefix(EVENT))
            for state, values in (rest[0].get("delta") or {}).items() if kind == "event" else ():
                yield state, {name.removesuffix("_rx_state_"): value for name, value in values.items()}


def _notices(messages: list[str]) -> list[Any]:
    """The texts of notices that were shown, empty for one that was taken away."""
    return [values["text"] for state, values in _deltas(messages) if state == TOAST and "text" in values]


def _states(messages: list[str]) -> set[str]:
    """The states of which something was told, but for what `_answered` asks for."""
    return {state for state, values in _deltas(messages) if not (state == TOAST and values.get("text") in (UNREADABLE, ""))}


def _paths(state: str) -> list[str]:
    """The addresses of the pages that a state loads; all of the instructor's for one that loads none."""
    mine = [route.path for route in ROUTES if any(loader.state_full_name == state for loader in route.on_load)]
    return mine or [route.path for route in ROUTES if route.path.startswith("/teach/courses")]


def _filled(path: str, ids: Ids) -> str:
    return re.sub(r"\[(\w+)\]", lambda place: ids[place[1]], path)
