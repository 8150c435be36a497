"""What an attempt is drawn as: numbers, pages, sections, pools; the same for the same seed."""

from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session, col, select

from lms_app.domain.assessments import drawing, revisions
from lms_app.domain.assessments.drawing import laid_out
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.revisions import Drawn
from lms_app.models import AssessmentSection, Question, SectionPool, SectionQuestion
from lms_app.words import QuestionType
from tests.support.campus import Campus, new_campus

seeds = st.integers(0, 2**62)


@st.composite
def drawn_questions(draw: st.DrawFn) -> list[Drawn]:
    """Questions and texts in up to three sections, in their authors' order."""
    found: list[Drawn] = []
    for section in range(1, draw(st.integers(1, 3)) + 1):
        for place, asks in enumerate(draw(st.lists(st.booleans(), min_size=1, max_size=7)), start=1):
            identity = UUID(int=len(found) + 1)
            type_ = QuestionType.TRUE_FALSE if asks else QuestionType.DESCRIPTION
            found.append(Drawn(section=section, place=place, question=identity, revision=identity, type=type_, points=Decimal(2)))
    return found


def asks(entry: dict[str, Any]) -> bool:
    return entry["type"] != QuestionType.DESCRIPTION


def in_section(layout: list[dict[str, Any]], section: int) -> list[dict[str, Any]]:
    return [entry for entry in layout if entry["section"] == section]


@given(drawn_questions(), seeds, st.sets(st.integers(1, 3)), st.integers(0, 3))
def test_everything_is_there_once_numbered_in_order_and_texts_have_neither_number_nor_points(
    drawn: list[Drawn], seed: int, shuffled: set[int], per_page: int
) -> None:
    layout = laid_out(drawn, seed=seed, shuffled=shuffled, per_page=per_page)
    assert sorted(entry["question"] for entry in layout) == sorted(str(each.question) for each in drawn)
    numbers = [entry["number"] for entry in layout if asks(entry)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all((entry["number"], entry["points"]) == (None, "0") for entry in layout if not asks(entry))
    assert all(entry["points"] == "2" for entry in layout if asks(entry))


@given(drawn_questions(), seeds, st.sets(st.integers(1, 3)), st.integers(0, 3))
def test_pages_and_sections_follow_each_other_and_hold_what_they_may(drawn: list[Drawn], seed: int, shuffled: set[int], per_page: int) -> None:
    layout = laid_out(drawn, seed=seed, shuffled=shuffled, per_page=per_page)
    assert [entry["section"] for entry in layout] == sorted(entry["section"] for entry in layout)
    pages = [entry["page"] for entry in layout]
    assert pages == sorted(pages)
    assert set(pages) == set(range(1, max(pages) + 1))
    for page in set(pages):
        on_it = [entry for entry in layout if entry["page"] == page]
        assert len({entry["section"] for entry in on_it}) == 1
        if per_page:
            assert sum(map(asks, on_it)) <= per_page
        else:
            assert on_it == in_section(layout, on_it[0]["section"])


@given(drawn_questions(), seeds, st.sets(st.integers(1, 3)), st.integers(0, 3))
def test_a_text_stands_right_before_what_it_introduces_and_on_its_page(drawn: list[Drawn], seed: int, shuffled: set[int], per_page: int) -> None:
    layout = laid_out(drawn, seed=seed, shuffled=shuffled, per_page=per_page)
    order = [entry["question"] for entry in layout]
    for section in {each.section for each in drawn}:
        written = [each for each in drawn if each.section == section]
        for text, next_one in pairwise(written):
            if text.type == QuestionType.DESCRIPTION:
                at = order.index(str(text.question))
                assert order[at + 1] == str(next_one.question)
                assert layout[at]["page"] == layout[at + 1]["page"]


@given(drawn_questions(), seeds, st.sets(st.integers(1, 3)), st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_same_seed_gives_the_same_layout_in_whatever_order_the_rows_came(
    drawn: list[Drawn], seed: int, shuffled: set[int], per_page: int, random: Any
) -> None:
    mixed = random.sample(drawn, len(drawn))
    one, other = (laid_out(rows, seed=seed, shuffled=shuffled, per_page=per_page) for rows in (drawn, mixed))
    assert one == other


@given(drawn_questions(), seeds, st.integers(0, 3))
def test_what_is_not_shuffled_stays_in_the_authors_order(drawn: list[Drawn], seed: int, per_page: int) -> None:
    layout = laid_out(drawn, seed=seed, shuffled=set(), per_page=per_page)
    assert [entry["question"] for entry in layout] == [str(each.question) for each in drawn]


def test_seeds_differ_in_order() -> None:
    drawn = [
        Drawn(section=1, place=place, question=UUID(int=place), revision=UUID(int=place), type=QuestionType.TRUE_FALSE, points=Decimal(1))
        for place in range(1, 6)
    ]
    orders = {tuple(entry["question"] for entry in laid_out(drawn, seed=seed, shuffled={1}, per_page=1)) for seed in range(200)}
    assert len(orders) > 60


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=seeds, counts=st.lists(st.integers(1, 4), min_size=1, max_size=3), fixed=st.integers(0, 3))
def test_pools_draw_as_many_as_there_are_and_no_question_twice(session: Session, campus: Campus, seed: int, counts: list[int], fixed: int) -> None:
    with session.begin_nested() as nested:
        course = campus.course
        quiz_section = session.exec(
            select(AssessmentSection)
            .join(SectionQuestion, col(SectionQuestion.section_id) == col(AssessmentSection.id))
            .order_by(col(AssessmentSection.id))
        ).all()[-1]
        entries = session.exec(
            select(SectionQuestion).where(SectionQuestion.section_id == quiz_section.id).order_by(col(SectionQuestion.number))
        ).all()
        for entry in entries[fixed:]:
            session.delete(entry)
        pools = [SectionPool(section_id=quiz_section.id, number=10 + number, count=count, points=Decimal(3)) for number, count in enumerate(counts)]
        session.add_all(pools)
        session.flush()
        # Elsewhere a revision never changes.
        revisions.forget()
        bank = {str(identity) for identity in session.exec(select(Question.id).where(Question.course_id == course.id)).all()}
        revision = quiz_section.assessment_revision_id
        layout = drawing.draw(session, course.id, revision, QuizSettings(), seed)
        assert layout == drawing.draw(session, course.id, revision, QuizSettings(), seed)
        questions = [entry["question"] for entry in layout]
        assert len(set(questions)) == len(questions)
        assert set(questions) <= bank
        assert len(questions) == min(fixed + sum(counts), len(bank))
        assert [entry["points"] for entry in layout[fixed:]] == ["3"] * (len(questions) - fixed)
        assert all(entry.get("pool") in {str(pool.id) for pool in pools} for entry in layout[fixed:])
        nested.rollback()


def test_a_quiz_without_pools_is_drawn_without_a_question_to_the_database_once_it_is_known(session: Session, campus: Campus) -> None:
    revision = campus.quiz("Final quiz").published_revision_id
    assert revision
    first = drawing.draw(session, campus.course.id, revision, QuizSettings(), 1)
    asked: list[object] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert drawing.draw(session, campus.course.id, revision, QuizSettings(), 1) == first
    assert revisions.contents_of(session, revision).size == (5, Decimal(5))
    assert asked == []
