"""Answers and reading time over HTTP: by our own pages' requests, of who is signed in, and about what is theirs."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import func, select

from lms_app.adapters import tokens
from lms_app.api.browser import attempts as browser_attempts
from lms_app.api.walls import protect
from lms_app.database import transaction
from lms_app.domain.assessments import attempts, closing
from lms_app.domain.enrollments import enrollments
from lms_app.ids import uuid7
from lms_app.models import Answer, Attempt, Page, PageRevision, PageView, QuestionScore
from lms_app.words import AttemptStatus, QuestionType, Role
from tests.support.apps import browser_site
from tests.support.campus import new_campus
from tests.support.people import SignedIn, end_login, sign_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")

OURS = {"Origin": "http://localhost:8000", "X-Lyceum": "1"}


@dataclass
class Desk:
    """A student at a quiz and a page, and people around."""

    student: SignedIn
    stranger: SignedIn
    teacher: SignedIn
    page_id: UUID
    quiz_id: UUID
    attempt_id: str
    question_id: str

    @property
    def answer(self) -> str:
        return f"/v/attempts/{self.attempt_id}/answers/{self.question_id}"

    @property
    def beat(self) -> str:
        return f"/v/pages/{self.page_id}/heartbeat"


@pytest.fixture
def desk() -> Desk:
    student, stranger, teacher = sign_in(Role.STUDENT), sign_in(Role.STUDENT), sign_in(Role.INSTRUCTOR)
    with transaction() as session:
        campus = new_campus(session)
        enrollments.enroll(session, student.actor, campus.slug)
        quiz_id = campus.quiz("Final quiz").id
        sheet = attempts.start(session, student.actor, quiz_id)
        question = next(question for question in sheet.questions if question.type == QuestionType.TRUE_FALSE)
        page_id = campus.page("Stones").id
    return Desk(student, stranger, teacher, page_id, quiz_id, sheet.id, question.id)


async def send(method: str, path: str, cookie: str = "", json: Any = None, headers: dict[str, str] = OURS) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(protect(browser_site())), base_url="http://localhost:8000") as client:
        return await client.request(method, path, json=json, headers=headers | ({"Cookie": cookie} if cookie else {}))


def given(value: bool = True, sequence: int = 1) -> dict[str, Any]:
    return {"type": "true_false", "response": {"value": value}, "sequence": sequence}


def saved() -> list[Any]:
    with transaction() as session:
        return [row.response for row in session.exec(select(Answer)).all()]


async def test_a_saved_answer_is_acknowledged_and_read_back(desk: Desk) -> None:
    reply = await send("PUT", desk.answer, desk.student.cookie, given(sequence=3))
    assert (reply.status_code, reply.json()["sequence"]) == (200, 3)
    late = await send("PUT", desk.answer, desk.student.cookie, given(False, sequence=2))
    assert late.json() == reply.json()
    sheet = (await send("GET", f"/v/attempts/{desk.attempt_id}", desk.student.cookie)).json()
    [question] = [question for question in sheet["questions"] if question["id"] == desk.question_id]
    assert (question["response"], question["sequence"]) == ({"value": True}, 3)
    done = await send("POST", f"/v/attempts/{desk.attempt_id}/submission", desk.student.cookie)
    assert (done.status_code, done.json()["id"], done.json()["number"]) == (200, str(desk.attempt_id), 1)
    for again in (("POST", "submission"), ("GET", "result")):
        assert (await send(again[0], f"/v/attempts/{desk.attempt_id}/{again[1]}", desk.student.cookie)).json() == done.json()
    assert (await send("GET", f"/v/attempts/{desk.attempt_id}", desk.student.cookie)).status_code == 409
    assert (await send("PUT", desk.answer, desk.student.cookie, given(False, 9))).status_code == 409


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": OURS["Origin"]},
        {"X-Lyceum": "1"},
        OURS | {"Origin": "https://evil.example"},
        OURS | {"Origin": "null"},
        OURS | {"X-Lyceum": "0"},
    ],
)
async def test_a_write_from_elsewhere_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    assert (await send("PUT", desk.answer, desk.student.cookie, given(), headers)).status_code == 403
    beat = {"seconds": 5, "reached_end": True}
    assert (await send("POST", desk.beat, desk.student.cookie, beat, headers)).status_code == 403
    assert (await send("POST", f"/v/attempts/{desk.attempt_id}/submission", desk.student.cookie, None, headers)).status_code == 403
    assert saved() == []


async def test_nobody_an_old_token_and_an_ended_login_are_signed_out(desk: Desk) -> None:
    old, ended = sign_in(Role.STUDENT, life=timedelta(seconds=-1)), sign_in(Role.STUDENT)
    end_login(ended.login_id)
    for cookie in ("", old.cookie, ended.cookie, desk.student.cookie[:-2]):
        assert (await send("PUT", desk.answer, cookie, given())).status_code == 401
        assert (await send("POST", f"/v/quizzes/{desk.quiz_id}/attempts", cookie, {})).status_code == 401
        assert (await send("POST", f"/v/attempts/{desk.attempt_id}/submission", cookie)).status_code == 401
        assert (await send("POST", desk.beat, cookie, {"seconds": 5, "reached_end": True})).status_code == 401
    assert saved() == []


async def test_to_others_the_attempt_and_the_page_do_not_exist(desk: Desk) -> None:
    for who in (desk.stranger, desk.teacher):
        assert (await send("PUT", desk.answer, who.cookie, given())).status_code == 404
        assert (await send("GET", f"/v/attempts/{desk.attempt_id}", who.cookie)).status_code == 404
        assert (await send("GET", f"/v/attempts/{desk.attempt_id}/result", who.cookie)).status_code == 404
        assert (await send("POST", f"/v/quizzes/{desk.quiz_id}/attempts", who.cookie, {})).status_code == 404
        assert (await send("POST", f"{desk.answer}/check", who.cookie)).status_code == 404
        assert (await send("POST", f"/v/attempts/{desk.attempt_id}/submission", who.cookie)).status_code == 404
        assert (await send("POST", desk.beat, who.cookie, {"seconds": 5, "reached_end": True})).status_code == 404
        assert (await send("GET", f"/v/pages/{desk.page_id}/films", who.cookie)).status_code == 404
        assert (await send("POST", f"/v/quizzes/{desk.quiz_id}/heartbeat", who.cookie, {"seconds": 5})).status_code == 404
    assert saved() == []


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        given() | {"sequence": 0},
        given() | {"sequence": 2**63},
        given() | {"score": 5},
        given() | {"response": {"value": "perhaps"}},
        given() | {"type": "short_text", "response": {"text": "a\x00"}},
        given() | {"type": "short_text", "response": {"text": "x" * 40_000}},
    ],
)
async def test_a_malformed_answer_is_refused(desk: Desk, body: Any) -> None:
    assert (await send("PUT", desk.answer, desk.student.cookie, body)).status_code == 422
    assert saved() == []


async def test_a_beat_counts_no_more_than_has_passed(desk: Desk) -> None:
    reply = await send("POST", desk.beat, desk.student.cookie, {"seconds": 3600, "reached_end": True})
    assert (reply.status_code, reply.json()) == (200, {"complete": False})
    with transaction() as session:
        view = session.exec(select(PageView)).one()
    assert view.reached_end
    assert view.seconds <= 2


async def test_time_at_a_quiz_and_where_a_film_was_left_are_told_by_beats(desk: Desk) -> None:
    with transaction() as session:
        revision = session.get_one(PageRevision, session.get_one(Page, desk.page_id).published_revision_id)
    block = revision.document["blocks"][0]["id"]
    film = {"block": block, "position": 42, "played": 4, "paused": True}
    beat = {"id": str(uuid7()), "seconds": 5, "reached_end": False, "films": [film]}
    assert (await send("POST", desk.beat, desk.student.cookie, beat)).status_code == 200
    left = (await send("GET", f"/v/pages/{desk.page_id}/films", desk.student.cookie)).json()["places"]
    assert {block: place["position"] for block, place in left.items()} == {block: 42}
    assert (await send("POST", f"/v/quizzes/{desk.quiz_id}/heartbeat", desk.student.cookie, {"seconds": 5})).status_code == 204


@pytest.mark.parametrize(
    "beat",
    [
        {"seconds": -1, "reached_end": True},
        {"seconds": 5},
        {"seconds": 5, "reached_end": True, "complete": True},
        {"seconds": 5, "reached_end": True, "films": [{"block": "film", "position": -1, "played": 4, "paused": True}]},
        {"seconds": 5, "reached_end": True, "films": [{"block": "film", "position": 1, "played": 4, "paused": True}] * 9},
        {"seconds": 5, "reached_end": True, "id": "again"},
    ],
)
async def test_a_malformed_beat_is_refused(desk: Desk, beat: dict[str, Any]) -> None:
    assert (await send("POST", desk.beat, desk.student.cookie, beat)).status_code == 422


async def test_a_login_that_ends_ends_answering_at_once(desk: Desk) -> None:
    assert (await send("PUT", desk.answer, desk.student.cookie, given(sequence=1))).status_code == 200
    end_login(desk.student.login_id)
    assert (await send("PUT", desk.answer, desk.student.cookie, given(False, sequence=2))).status_code == 401
    assert saved() == [{"value": True}]


async def test_another_persons_login_saves_nothing(desk: Desk) -> None:
    mixed = tokens.sign(login_id=desk.stranger.login_id, person_id=desk.student.actor.person_id)
    assert (await send("PUT", desk.answer, f"{tokens.cookie_name()}={mixed}", given())).status_code == 401
    assert saved() == []


@pytest.mark.parametrize("body", [{}, {"type": "true_false"}, given() | {"sequence": 0}, given() | {"more": 1}, given() | {"response": []}])
async def test_an_answer_of_the_wrong_shape_is_told_by_field_without_what_was_sent(desk: Desk, body: dict[str, Any]) -> None:
    reply = await send("PUT", desk.answer, desk.student.cookie, body)
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/invalid")
    assert set(reply.json()["fields"]) <= {"type", "response", "sequence", "more"}


async def test_where_others_submit_too_it_has_arrived_and_the_result_comes_to_who_asks_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = asyncio.Semaphore(1)
    monkeypatch.setattr(browser_attempts, "_grading", busy)
    await send("PUT", desk.answer, desk.student.cookie, json=given())
    address = f"/v/attempts/{desk.attempt_id}/submission"
    async with busy:
        first = await send("POST", address, desk.student.cookie)
        again = await send("POST", address, desk.student.cookie)
        late = await send("PUT", desk.answer, desk.student.cookie, json=given(sequence=2))
        foreign = await send("POST", address, desk.stranger.cookie)
        unknown = await send("POST", address)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert set(first.json()) == {"id", "submitted_at"}
    assert (late.status_code, foreign.status_code, unknown.status_code) == (409, 404, 401)
    waiting = await send("GET", f"/v/attempts/{desk.attempt_id}/result", desk.student.cookie)
    assert (waiting.status_code, waiting.json()["title"]) == (409, "This attempt is submitted. Its result is being worked out.")
    result = await send("POST", address, desk.student.cookie)
    assert (result.status_code, result.json()["submitted_at"]) == (200, first.json()["submitted_at"])
    assert (await send("GET", f"/v/attempts/{desk.attempt_id}/result", desk.student.cookie)).json() == result.json()


async def test_starts_and_submissions_at_once_are_one_attempt_graded_once(desk: Desk) -> None:
    address = f"/v/attempts/{desk.attempt_id}/submission"
    replies = await asyncio.gather(*(send("POST", address, desk.student.cookie) for _ in range(6)))
    assert {reply.status_code for reply in replies} <= {200, 202}
    with transaction() as session:
        closing.grade(session, UUID(desk.attempt_id))
    result = await send("POST", address, desk.student.cookie)
    assert {reply.json()["submitted_at"] for reply in replies} == {result.json()["submitted_at"]}
    with transaction() as session:
        scored = session.exec(select(func.count()).select_from(QuestionScore).where(QuestionScore.attempt_id == UUID(desk.attempt_id))).one()
    assert scored == len(result.json()["questions"])

    start = f"/v/quizzes/{desk.quiz_id}/attempts"
    begun = await asyncio.gather(*(send("POST", start, desk.student.cookie, json={}) for _ in range(6)))
    assert [(reply.status_code, reply.json()["number"]) for reply in begun] == [(200, 2)] * 6
    assert len({reply.json()["id"] for reply in begun}) == 1


@pytest.mark.parametrize("body", [[], "password", 7, {"password": None}, {"password": ["a"]}, {"password": "x" * 201}, {"passwort": "x"}])
async def test_a_start_with_anything_else_is_refused_and_begins_nothing(desk: Desk, body: Any) -> None:
    with transaction() as session:
        before = session.exec(select(func.count()).select_from(Attempt)).one()
    reply = await send("POST", f"/v/quizzes/{desk.quiz_id}/attempts", desk.student.cookie, json=body)
    assert reply.status_code == 422
    with transaction() as session:
        assert session.exec(select(func.count()).select_from(Attempt)).one() == before


async def test_nothing_is_read_of_what_a_visitor_sends(desk: Desk) -> None:
    for method, path in (("POST", f"/v/quizzes/{desk.quiz_id}/attempts"), ("PUT", desk.answer)):
        assert (await send(method, path, json=["anything else"])).status_code == 401


async def test_who_does_not_take_the_course_begins_and_submits_nothing(desk: Desk) -> None:
    for who in (desk.stranger, desk.teacher):
        started = await send("POST", f"/v/quizzes/{desk.quiz_id}/attempts", who.cookie, json={})
        submitted = await send("POST", f"/v/attempts/{desk.attempt_id}/submission", who.cookie)
        read = await send("GET", f"/v/attempts/{desk.attempt_id}/result", who.cookie)
        assert [reply.status_code for reply in (started, submitted, read)] == [404, 404, 404]
    with transaction() as session:
        assert session.get_one(Attempt, UUID(desk.attempt_id)).status == AttemptStatus.OPEN
