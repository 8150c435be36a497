"""Every byte that a student's tab gets during an attempt at every type of question, by socket and by HTTP: no key, no weight, no feedback that is
not due, no other student. After submission what the review options hide stays hidden; what they show is there, so the search can find."""

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from lms_app.database import transaction
from lms_app.domain.assessments import attempts, grading, settling
from lms_app.domain.assessments.grading_rules import drawn_body
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.enrollments import enrollments
from lms_app.interchange import neutral
from lms_app.models import Answer, Attempt
from lms_app.words import CompletionRule, QuestionType, Role
from tests.support.campus import new_campus, quiz_block
from tests.support.people import SignedIn, sign_in
from tests.support.questions import choice_id, rich, stem
from tests.support.servers import TestServers, forget_connections
from tests.support.web import ROOT, Tab, WebServer, web_server

pytestmark = pytest.mark.timeout(180)

QUIZ = f"{ROOT}.lms_app___web___student___quiz_state____quiz_state"

KEY = "zqkey"
"""Stands in every key that is words; `KEY_NUMBER` and `FORMULA` are those that are numbers, `PLACE` where a picture is right."""

KEY_NUMBER, FORMULA, PLACE = "48261.5937", "79196831473", "123.45"
WEIGHT = "0.737373"
GENERAL, RIGHT_SAID, WRONG_SAID = "zqgeneral", "zqright", "zqwrong"
HINT = "zqhint"
OTHER_NAME, OTHER_ANSWER = "Zqother Quombat", "zqotheranswer"

KEYS = (KEY, KEY_NUMBER, FORMULA, PLACE, WEIGHT)
NAMES = re.compile(r'"(weight|right|answer|answers|formula|tolerance|regions|shape|share|sample|penalty|deduction|feedback_\w+|drawn|variables)"\s*:')
"""Names of what a body holds and a sheet must not."""

HIDDEN = {"marks": False, "correctness": False, "feedback": False, "solution": False}
SHOWN = {"marks": True, "correctness": True, "feedback": True, "solution": True}


def _weighed(text: str, right: bool) -> dict[str, Any]:
    return {"text": text, "weight": "1" if right else WEIGHT, "feedback": rich(RIGHT_SAID if right else WRONG_SAID)}


def _number(value: str, right: bool) -> dict[str, Any]:
    said = rich(RIGHT_SAID if right else WRONG_SAID)
    return {"value": value, "weight": "1" if right else WEIGHT, "tolerance": {"kind": "absolute", "margin": "0.0737373"}, "feedback": said}


def _choices(*weights: str) -> list[dict[str, Any]]:
    return [
        {
            "id": choice_id(number),
            "content": rich(f"Choice {number}"),
            "weight": weight,
            "feedback": rich(RIGHT_SAID if not weight.startswith("-") and weight != "0" else WRONG_SAID),
        }
        for number, weight in enumerate(weights)
    ]


_select = [
    {"id": choice_id(10), "text": "One", "weight": "1", "feedback": rich(RIGHT_SAID)},
    {"id": choice_id(11), "text": "Two", "weight": "0", "feedback": rich(WRONG_SAID)},
    {"id": choice_id(12), "text": "Three", "weight": WEIGHT, "feedback": rich(RIGHT_SAID)},
]
_common = {"feedback": rich(GENERAL), "hints": [rich(f"{HINT}-1"), rich(f"{HINT}-2")], "penalty": WEIGHT, "deduction": WEIGHT}

BODIES: dict[QuestionType, dict[str, Any]] = {
    QuestionType.SINGLE_CHOICE: {"choices": _choices("1", "0", "0", WEIGHT)},
    QuestionType.MULTIPLE_CHOICE: {"choices": _choices(WEIGHT, "-0.737373", "0.262627")},
    QuestionType.TRUE_FALSE: {"answer": True, "feedback_true": rich(RIGHT_SAID), "feedback_false": rich(WRONG_SAID)},
    QuestionType.SHORT_TEXT: {"answers": [_weighed(KEY, True), _weighed(f"{KEY} partly", False), {**_weighed("nothing much", False), "weight": "0"}]},
    QuestionType.NUMERIC: {"answers": [_number(KEY_NUMBER, True), _number("11111", False)]},
    QuestionType.CALCULATED: {
        "stem": stem("Work it out for {a}."),
        "variables": [{"name": "a", "low": "2", "high": "9", "step": "1"}],
        "answers": [
            {"formula": f"a * {FORMULA}", "tolerance": {"kind": "relative", "fraction": "0.00737373"}, "weight": "1", "feedback": rich(RIGHT_SAID)}
        ],
        "places": 12,
    },
    QuestionType.MATCHING: {
        "prompts": [
            {"id": choice_id(number), "content": rich(f"Prompt {number}"), "right": choice_id(number), "feedback": rich(WRONG_SAID)}
            for number in range(2)
        ],
        "options": [{"id": choice_id(number), "content": rich(f"Option {number}")} for number in range(3)],
    },
    QuestionType.ORDERING: {"items": [{"id": choice_id(number), "content": rich(f"Item {number}")} for number in range(3)]},
    QuestionType.CLOZE: {
        "stem": stem("Fill [[1]] and [[2]] and [[3]]"),
        "gaps": [
            {"id": choice_id(1), "name": "1", "share": WEIGHT, "kind": "text", "answers": [_weighed(KEY, True)]},
            {"id": choice_id(2), "name": "2", "share": WEIGHT, "kind": "number", "answers": [_number(KEY_NUMBER, True)]},
            {"id": choice_id(3), "name": "3", "share": WEIGHT, "kind": "select", "choices": _select},
        ],
    },
    QuestionType.DROPDOWN: {
        "stem": stem("Choose [[1]]"),
        "choices": [{"id": choice_id(number), "text": f"Word {number}"} for number in range(3)],
        "gaps": [{"id": choice_id(1), "name": "1", "right": choice_id(0), "feedback": rich(WRONG_SAID)}],
    },
    QuestionType.HOTSPOT: {
        "image": {"file": "01890a5d-ac96-774b-bcce-b302099a8057", "alt": "A map", "width": 400, "height": 300},
        "regions": [
            {"id": choice_id(1), "shape": {"kind": "circle", "x": PLACE, "y": PLACE, "radius": "20"}, "weight": "1", "feedback": rich(RIGHT_SAID)},
            {"id": choice_id(2), "shape": {"kind": "circle", "x": "300", "y": "200", "radius": "20"}, "weight": "0", "feedback": rich(WRONG_SAID)},
        ],
    },
    QuestionType.ESSAY: {"sample": rich(KEY)},
    QuestionType.FILE_UPLOAD: {},
    QuestionType.DESCRIPTION: {"stem": stem("Read this first.")},
}

WRONG: dict[QuestionType, dict[str, Any]] = {
    QuestionType.SINGLE_CHOICE: {"choice": choice_id(1)},
    QuestionType.MULTIPLE_CHOICE: {"choices": [choice_id(1)]},
    QuestionType.TRUE_FALSE: {"value": False},
    QuestionType.SHORT_TEXT: {"text": "nothing much"},
    QuestionType.NUMERIC: {"text": "5"},
    QuestionType.CALCULATED: {"text": "5"},
    QuestionType.MATCHING: {"pairs": {choice_id(0): choice_id(2), choice_id(1): choice_id(2)}},
    QuestionType.ORDERING: {"order": [choice_id(2), choice_id(1), choice_id(0)]},
    QuestionType.CLOZE: {"gaps": {choice_id(1): "no", choice_id(2): "5", choice_id(3): choice_id(11)}},
    QuestionType.DROPDOWN: {"gaps": {choice_id(1): choice_id(2)}},
    QuestionType.HOTSPOT: {"points": [{"x": 0.75, "y": 0.66}]},
    QuestionType.ESSAY: {"text": "An essay"},
    QuestionType.FILE_UPLOAD: {"files": ["01890a5d-ac96-774b-bcce-b302099a8058"]},
}


@dataclass
class Exam:
    """A quiz of every type, a student whose tab is watched, and the other one, who has taken it."""

    web: WebServer
    student: SignedIn
    quiz: UUID
    others: list[str]
    heard: list[str] = field(default_factory=list)

    def all_bytes(self) -> str:
        """Everything that the tab got so far, every way of writing a character undone."""
        return "\n".join(self.heard)

    def found(self, *marks: str) -> set[str]:
        """Which of these stand in it."""
        everything = self.all_bytes()
        return {mark for mark in marks if mark in everything}

    async def ask(self, browser: httpx.AsyncClient, method: str, path: str, body: Any = None) -> Any:
        """One request of the island's."""
        reply = await browser.request(method, path, json=body)
        self.heard += [str(reply.headers), reply.text]
        assert reply.status_code == 200, reply.text
        return reply.json()


@pytest.fixture(scope="module")
def web(servers: TestServers, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """The application itself, without its built pages."""
    folder: Path = tmp_path_factory.mktemp("web")
    kept = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = servers.clone("attempt_secrets")
    with web_server("lms_app.lms_app:app", folder, REFLEX_WEB_WORKDIR=str(folder / "no-build")) as server:
        os.environ["PUBLIC_URL"] = server.url
        forget_connections()
        yield server
    os.environ |= {"DATABASE_URL": kept, "PUBLIC_URL": "http://localhost:8000"}
    forget_connections()
    servers.drop("attempt_secrets")


def prepare(web: WebServer, **settings: Any) -> Exam:
    """A course with the quiz, and an attempt of somebody else's at it, submitted."""
    asked = tuple(
        neutral.Question(ref=f"q-{type_}", type=type_, title=f"{KEY} {type_}", body={"stem": stem(f"Asked as {type_}"), **_common, **body})
        for type_, body in BODIES.items()
    )
    exam = neutral.Assessment(ref="exam", title="The exam", practice=False, questions=asked, settings={"questions_per_page": 0} | settings)
    page = neutral.Page(ref="p1", title="The exam", blocks=(quiz_block("exam"),), rule=CompletionRule.NONE)
    module = neutral.Module(ref="m1", title="Ground", lessons=(neutral.Lesson(ref="l1", title="The exam", pages=(page,)),))
    source = neutral.Course(title="Secrets", summary="One exam", slug="secrets", language="en", modules=(module,), assessments=(exam,))
    student, other = sign_in(Role.STUDENT), sign_in(Role.STUDENT, name=OTHER_NAME)
    with transaction() as session:
        campus = new_campus(session, source)
        quiz = campus.quiz("The exam").id
        enrollments.enroll(session, student.actor, campus.slug)
        enrolled = enrollments.enroll(session, other.actor, campus.slug)
        sheet = attempts.start(session, other.actor, quiz)
        for question in sheet.questions:
            if question.type == QuestionType.MULTIPLE_CHOICE:
                response = {"choices": [OTHER_ANSWER]}
                session.add(
                    Answer(
                        attempt_id=UUID(sheet.id),
                        question_id=UUID(question.id),
                        response=response,
                        sequence=1,
                        saved_at=session.get_one(Attempt, UUID(sheet.id)).started_at,
                    )
                )
        session.flush()
        attempts.submit(session, other.actor, UUID(sheet.id))
    others = [OTHER_NAME, OTHER_NAME.split()[0], OTHER_ANSWER, str(other.actor.person_id), str(enrolled), sheet.id, str(other.login_id)]
    return Exam(web, student, quiz, others)


def test_nothing_that_is_not_due_reaches_a_tab_where_answers_wait_for_the_submission(web: WebServer) -> None:
    exam = prepare(web, behaviour="deferred", review={"during": SHOWN, "after": HIDDEN, "closed": SHOWN})
    asyncio.run(take(exam, checks=0))
    assert_nothing_slipped(exam)
    assert exam.found(GENERAL, RIGHT_SAID, WRONG_SAID, HINT) == set()


def test_what_the_review_shows_after_submission_is_found(web: WebServer) -> None:
    exam = prepare(web, behaviour="deferred", review={"during": SHOWN, "after": SHOWN, "closed": SHOWN})
    asyncio.run(take(exam, checks=0, answers=WRONG | {QuestionType.TRUE_FALSE: {"value": True}}))
    # The search finds: the keys that are words or numbers, what is said about answers, the right place on the picture.
    due = {KEY, KEY_NUMBER, PLACE, GENERAL, RIGHT_SAID, WRONG_SAID, calculated_key(exam)}
    assert exam.found(*due) == due
    # Weights, formulas and others stay where they are even then.
    assert exam.found(WEIGHT, FORMULA, HINT, *exam.others) == set()


def test_a_try_that_was_not_right_gives_nothing_away_where_answers_are_checked_silently(web: WebServer) -> None:
    exam = prepare(web, behaviour="interactive", tries=3, review={"during": HIDDEN, "after": HIDDEN, "closed": SHOWN})
    asyncio.run(take(exam, checks=1))
    assert_nothing_slipped(exam)
    assert exam.found(GENERAL, RIGHT_SAID, WRONG_SAID) == set()
    assert exam.found(f"{HINT}-1", f"{HINT}-2") == {f"{HINT}-1"}


def test_a_try_that_was_not_right_tells_about_that_try_alone(web: WebServer) -> None:
    exam = prepare(web, behaviour="interactive", tries=3, review={"during": SHOWN, "after": HIDDEN, "closed": SHOWN})
    asyncio.run(take(exam, checks=1))
    assert_nothing_slipped(exam)
    assert exam.found(WRONG_SAID), "what is said of a wrong choice is due with its try"
    assert exam.found(GENERAL, RIGHT_SAID) == set()
    assert exam.found(f"{HINT}-1", f"{HINT}-2") == {f"{HINT}-1"}


def test_the_last_try_tells_what_is_right(web: WebServer) -> None:
    exam = prepare(web, behaviour="interactive", tries=2, review={"during": SHOWN, "after": HIDDEN, "closed": HIDDEN})
    asyncio.run(take(exam, checks=2))
    due = {KEY, KEY_NUMBER, PLACE, GENERAL, WRONG_SAID, calculated_key(exam)}
    assert exam.found(*due) == due
    assert exam.found(WEIGHT, FORMULA, *exam.others) == set()


def assert_nothing_slipped(exam: Exam) -> None:
    """No key, no weight, nobody else, and no name of a part of a body that would hold one; every type was there."""
    everything = exam.all_bytes()
    for type_ in BODIES:
        assert f'"{type_}"' in everything, f"the tab has met {type_}"
    assert exam.found(*KEYS, calculated_key(exam), *exam.others) == set()
    slipped = {name for name in NAMES.findall(everything) if name != "right"}
    assert slipped == set()
    assert '"right": true' not in everything
    assert '"right":true' not in everything


def calculated_key(exam: Exam) -> str:
    """The right number of the watched student's calculated question."""
    with transaction() as session:
        attempt = session.exec(select(Attempt).where(Attempt.person_id == exam.student.actor.person_id)).one()
        entry = next(entry for entry in attempt.layout if entry["type"] == QuestionType.CALCULATED)
        body = grading.revisions_of(session, attempt)[UUID(entry["revision"])]
        drawn = drawn_body(QuestionType.CALCULATED, body, seed=settling.seed_of(attempt, UUID(entry["question"])))
        values = getattr(drawn, "drawn", None)
        assert values
        return str(values["a"] * int(FORMULA))


async def take(exam: Exam, *, checks: int, answers: dict[QuestionType, dict[str, Any]] = WRONG) -> None:
    """Takes the quiz as the page and its island do: every answer given, each checked so many times, everything read again, then submitted."""
    headers = {"Origin": exam.web.url, "X-Lyceum": "1", "Cookie": exam.student.cookie}
    path = f"/quiz/{exam.quiz}"
    async with (
        httpx.AsyncClient(base_url=exam.web.url, headers=headers, timeout=20) as browser,
        Tab(exam.web, exam.student.cookie, path=path, heard=exam.heard) as tab,
    ):
        await tab.hydrate()
        await tab.wait(lambda: tab.value(QUIZ, "cover") is not None, 20)
        sheet = await exam.ask(browser, "POST", f"/v/quizzes/{exam.quiz}/attempts", {})
        attempt = f"/v/attempts/{sheet['id']}"
        for sequence, question in enumerate(sheet["questions"], start=1):
            type_ = QuestionType(question["type"])
            if type_ not in answers:
                continue
            address = f"{attempt}/answers/{question['id']}"
            for turn in range(max(checks, 1)):
                body = {"type": type_, "response": answers[type_], "sequence": sequence + 100 * turn}
                await exam.ask(browser, "PUT", address, body)
                if checks and not TYPES[type_].by_hand:
                    await exam.ask(browser, "POST", f"{address}/check")
        await exam.ask(browser, "POST", f"{attempt}/beat", {"page": 1})
        await exam.ask(browser, "GET", attempt)
        await tab.send(f"{QUIZ}.look_again")
        await tab.send(f"{QUIZ}.load")
        await tab.wait(lambda: tab.value(QUIZ, "sheet") is not None, 20)
        await exam.ask(browser, "POST", f"{attempt}/submission")
        await tab.send(f"{QUIZ}.show_result", attempt_id=sheet["id"])
        await tab.wait(lambda: (tab.value(QUIZ, "result") or {}).get("id") == sheet["id"], 20)
