"""The page of a bank, worked by the course's author over the socket."""

from typing import Any
from uuid import UUID

import pytest
from reflex_base.utils.format import format_event_handler

from lms_app.database import transaction
from lms_app.domain.assessments import attempts, question_bank
from lms_app.domain.enrollments import enrollments
from lms_app.models import Membership
from lms_app.web.instructor.question_bank_state import QuestionBankState
from lms_app.words import Role, StaffRole
from tests.support.campus import new_campus
from tests.support.people import SignedIn, sign_in
from tests.support.web import TOAST, Tab, WebServer

BANK = QuestionBankState.get_full_name()


@pytest.fixture
def course(lyceum: WebServer) -> tuple[SignedIn, dict[str, str]]:
    """A course of one's own: who may author it, and its ids."""
    author = sign_in(Role.INSTRUCTOR)
    with transaction() as session:
        campus = new_campus(session)
        session.add(
            Membership(course_id=campus.course.id, person_id=author.actor.person_id, role=StaffRole.EDITOR, created_at=campus.course.created_at)
        )
        session.flush()
        enrollments.enroll(session, campus.student, campus.slug)
        attempts.submit(session, campus.student, UUID(attempts.start(session, campus.student, campus.quiz("Try it").id).id))
        bank = question_bank.bank(session, author.actor, campus.course.id)
        stone = next(line for line in bank.lines if line.type == "true_false" and line.used_in[0].title == "Try it")
        ids = {"course": str(campus.course.id), "quiz": str(campus.quiz("Final quiz").id), "question": stone.id, "title": stone.title}
    return author, ids


def form(**fields: str) -> dict[str, Any]:
    return {"__reflex_form_data__": [[name, value] for name, value in fields.items()]}


class Desk:
    """A tab on the page of a bank."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    @property
    def lines(self) -> list[dict[str, Any]]:
        return self.tab.value(BANK, "bank")["lines"]

    async def ask(self, handler: Any, until: Any, **arguments: Any) -> None:
        await self.tab.send(format_event_handler(handler), **arguments)
        await self.tab.wait(lambda: bool(until()) or self.tab.problem)
        assert not self.tab.problem, self.tab.problem

    def said(self) -> Any:
        return self.tab.value(TOAST, "serial")


@pytest.fixture
async def desk(lyceum: WebServer, course: tuple[SignedIn, dict[str, str]]):
    author, ids = course
    async with Tab(lyceum, author.cookie, path=f"/teach/courses/{ids['course']}/bank") as tab:
        desk = Desk(tab)
        await desk.ask(QuestionBankState.load, lambda: tab.value(BANK, "ready"))
        yield desk, ids


async def test_a_bank_is_searched_and_narrowed(desk: tuple[Desk, dict[str, str]]) -> None:
    page, ids = desk
    total = len(page.lines)
    await page.ask(QuestionBankState.choose_kind, lambda: 0 < len(page.lines) < total, kind="true_false")
    assert {line["type"] for line in page.lines} == {"true_false"}
    await page.ask(QuestionBankState.find, lambda: page.lines == [], words="no such words")
    await page.ask(QuestionBankState.clear, lambda: len(page.lines) == total)
    assert ids["question"] in [line["id"] for line in page.lines]


async def test_a_question_is_moved_tagged_used_and_copied(desk: tuple[Desk, dict[str, str]]) -> None:
    page, ids = desk
    tab = page.tab

    def entry() -> dict[str, Any]:
        return next(line for line in page.lines if line["id"] == ids["question"])

    await page.ask(QuestionBankState.save_name, lambda: tab.value(BANK, "category_name") == "Stones", form=form(name="Stones"))
    category = tab.value(BANK, "category")
    await page.ask(QuestionBankState.choose_category, lambda: tab.value(BANK, "category") == "", category="")
    await page.ask(QuestionBankState.put, lambda: entry()["category"] == category, question_id=ids["question"], category=category)
    await page.ask(QuestionBankState.open, lambda: tab.value(BANK, "opened") == ids["question"], question_id=ids["question"])
    await page.ask(QuestionBankState.tag, lambda: entry()["tags"] == ["old", "soft"], form=form(tags="Old, soft"))
    await page.ask(QuestionBankState.use, lambda: tab.value(BANK, "errors").get("quiz"), form=form(quiz="", points="1"))
    await page.ask(QuestionBankState.use, lambda: len(entry()["used_in"]) == 2, form=form(quiz=ids["quiz"], points="2"))
    serial = page.said()
    await page.ask(QuestionBankState.copy, lambda: page.said() > serial, question_id=ids["question"])
    await page.ask(QuestionBankState.show, lambda: tab.value(BANK, "mine"), mine=True)
    assert [(line["title"], line["tags"], line["used_in"]) for line in page.lines] == [(ids["title"], ["old", "soft"], [])]
