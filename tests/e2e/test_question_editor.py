"""A question under two authors' hands: neither overwrites the other in silence, and what is written without a connection outlives its tab."""

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import Page, expect
from sqlmodel import select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import question_drafts
from lms_app.models import Membership, Question
from lms_app.words import StaffRole
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.furnished import _new_actor  # pyright: ignore[reportPrivateUsage]
from tests.support.exam_hall import exam_course

INES, OMAR = "ines.asks@example.org", "omar.asks@example.org"


def test_two_authors_of_a_question_choose_and_what_is_not_sent_is_kept(stack: Stack, visit: Callable) -> None:
    with transaction() as session:
        ines = _new_actor(session, "Ines Okafor", INES, teaches=True)
        omar = _new_actor(session, "Omar Haddad", OMAR, teaches=True)
        course = exam_course(session, ines, "asked-by-two", 1)
        session.add(Membership(course_id=course.id, person_id=omar.person_id, role=StaffRole.EDITOR, created_at=clock.now()))
        question_id = session.exec(select(Question.id).where(Question.course_id == course.id)).one()
    mine, theirs = _opened(visit, INES, question_id), _opened(visit, OMAR, question_id)

    _write(theirs, "Question", " In England?")
    _saved(theirs)
    _write(mine, "Choice 2", " and flint")
    conflict = mine.get_by_role("region", name="Two states of this question")
    expect(conflict).to_contain_text("Omar Haddad saved this question at")
    expect(conflict.locator('[data-side="before"]', has_text="In England?")).to_be_visible()
    expect(conflict.locator('[data-side="after"]', has_text="and flint")).to_be_visible()
    assert "flint" not in _stored(ines, question_id)
    _write(mine, "Choice 1", " and its like")
    conflict.get_by_role("group", name="The question").get_by_role("button", name="Theirs").click()
    conflict.get_by_role("button", name="Use what I chose").click()
    _saved(mine)
    expect(mine.get_by_role("textbox", name="Question", exact=True)).to_contain_text("In England?")
    stored = _stored(ines, question_id)
    assert all(words in stored for words in ("In England?", "and its like", "and flint"))

    # Whoever wrote on what is not the newest any more hears of it in turn, and takes all of it.
    _write(theirs, "Choice 3", " of the coast")
    conflict = theirs.get_by_role("region", name="Two states of this question")
    expect(conflict).to_contain_text("Ines Okafor saved this question at")
    conflict.get_by_role("button", name="All theirs").click()
    conflict.get_by_role("button", name="Use what I chose").click()
    expect(theirs.get_by_role("textbox", name="Choice 2", exact=True)).to_contain_text("and flint")
    assert "of the coast" not in _stored(ines, question_id)

    mine.context.set_offline(True)
    _write(mine, "Choice 4", " at all")
    expect(mine.locator("[data-status=offline]")).to_contain_text("Kept on this device")
    assert "at all" not in _stored(ines, question_id)
    mine.close()
    context = mine.context
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"/teach/questions/{question_id}")
    expect(again.get_by_role("textbox", name="Choice 4", exact=True)).to_contain_text("at all")
    _saved(again)
    assert "at all" in _stored(ines, question_id)


def _opened(visit: Callable, email: str, question_id: UUID) -> Page:
    page = visit(reduced_motion="reduce").page
    sign_in(page, email)
    page.goto(f"/teach/questions/{question_id}")
    expect(page.get_by_role("textbox", name="Question", exact=True)).to_be_visible()
    return page


def _write(page: Page, text: str, words: str) -> None:
    """Goes on at the end of a text of the question."""
    page.get_by_role("textbox", name=text, exact=True).click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(words)


def _saved(page: Page) -> None:
    expect(page.locator("[data-status=saved]")).to_contain_text("Saved")


def _stored(author: Actor, question_id: UUID) -> str:
    with transaction() as session:
        return str(question_drafts.open_question(session, author, question_id).form)
