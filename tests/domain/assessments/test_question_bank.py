"""Banks: a course's and a person's own; categories, tags, search, use in a quiz, copies."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.domain.assessments import question_bank, quiz_authoring, quiz_sections
from lms_app.errors import Invalid, NotAllowed, NotFound
from lms_app.models import Question, QuestionRevision
from lms_app.words import QuestionType, Role
from tests.support import asked
from tests.support.campus import Campus, new_actor, new_campus


@pytest.fixture
def campus(session: Session) -> Campus:
    return new_campus(session)


def add(campus: Campus, stem: str) -> UUID:
    quiz = campus.quiz("Try it")
    return asked.add_question(campus.session, campus.instructor, quiz.id, QuestionType.TRUE_FALSE, {"stem": stem, "answer": "true"}, "1")


def titles(campus: Campus, **narrowed) -> list[str]:
    return [line.title for line in question_bank.bank(campus.session, campus.instructor, campus.course.id, **narrowed).lines]


def test_a_question_is_found_by_words_of_its_title_and_its_tags(campus: Campus) -> None:
    slate = add(campus, "Slate splits 100% well.")
    add(campus, "Chalk is soft.")
    question_bank.tag(campus.session, campus.instructor, slate, "Roofs, old stones")
    assert titles(campus, search="SPLITS slate") == ["Slate splits 100% well."]
    assert titles(campus, search="roof") == ["Slate splits 100% well."]
    assert titles(campus, search="slate chalk") == []
    assert titles(campus, search="100%") == ["Slate splits 100% well."]
    assert titles(campus, search="%") == ["Slate splits 100% well."]


def test_categories_stand_in_a_tree_and_hold_what_is_below_them(campus: Campus) -> None:
    session, actor, course_id = campus.session, campus.instructor, campus.course.id
    slate = add(campus, "Slate splits well.")
    stones = question_bank.add_category(session, actor, course_id, "Stones")
    layered = question_bank.add_category(session, actor, course_id, "Layered", stones)
    question_bank.add_category(session, actor, course_id, "Air")
    question_bank.put_in_category(session, actor, slate, layered)
    bank = question_bank.bank(session, actor, course_id)
    assert [(line.name, line.depth, line.questions, line.within) for line in bank.categories] == [
        ("Air", 0, 0, 0),
        ("Stones", 0, 0, 1),
        ("Layered", 1, 1, 1),
    ]
    assert titles(campus, category_id=stones) == ["Slate splits well."]
    question_bank.rename_category(session, actor, course_id, layered, "In layers")
    question_bank.remove_category(session, actor, course_id, stones)
    assert [(line.name, line.depth) for line in question_bank.bank(session, actor, course_id).categories] == [("Air", 0), ("In layers", 0)]


def test_a_category_that_a_pool_draws_from_stays(campus: Campus) -> None:
    stones = question_bank.add_category(campus.session, campus.instructor, campus.course.id, "Stones")
    quiz = campus.quiz("Final quiz")
    quiz_sections.add_pool(campus.session, campus.instructor, quiz.id, 0, category_id=stones, tags="", count="1", points="1")
    with pytest.raises(Invalid, match="A pool of a quiz"):
        question_bank.remove_category(campus.session, campus.instructor, campus.course.id, stones)


def test_a_question_of_the_bank_is_used_in_a_quiz_once(campus: Campus) -> None:
    slate, final = add(campus, "Slate splits well."), campus.quiz("Final quiz")
    question_bank.use_in_quiz(campus.session, campus.instructor, slate, final.id)
    assert quiz_authoring.lines_of(campus.session, final)[-1].question_id == slate
    with pytest.raises(Invalid, match="already"):
        question_bank.use_in_quiz(campus.session, campus.instructor, slate, final.id)


def test_a_question_is_copied_into_ones_own_bank_and_from_there_into_a_course(campus: Campus) -> None:
    session, actor = campus.session, campus.instructor
    slate = add(campus, "Slate splits well.")
    question_bank.tag(session, actor, slate, "roofs")
    mine = question_bank.copy(session, actor, slate, None)
    own = question_bank.bank(session, actor, None)
    assert [(line.id, line.title, line.tags) for line in own.lines] == [(str(mine), "Slate splits well.", ["roofs"])]
    back = question_bank.copy(session, actor, mine, campus.course.id)
    bodies = session.exec(select(QuestionRevision.body).where(QuestionRevision.question_id.in_([slate, back]))).all()  # pyright: ignore
    assert bodies[0] == bodies[1]
    assert session.get_one(Question, back).course_id == campus.course.id
    with pytest.raises(NotFound):
        question_bank.use_in_quiz(session, actor, mine, campus.quiz("Final quiz").id)


def test_a_bank_is_its_owners_alone(campus: Campus) -> None:
    session = campus.session
    slate = add(campus, "Slate splits well.")
    stranger = new_actor(session, "Sam Stranger", teaches=True)
    mine = question_bank.copy(session, campus.instructor, slate, None)
    for forbidden in (
        lambda: question_bank.bank(session, stranger, campus.course.id),
        lambda: question_bank.copy(session, stranger, slate, None),
        lambda: question_bank.tag(session, stranger, mine, "x"),
        lambda: question_bank.add_category(session, stranger, campus.course.id, "Theirs"),
        lambda: question_bank.copy(session, campus.instructor, slate, campus.page("Sand").id),
    ):
        with pytest.raises(NotFound):
            forbidden()
    with pytest.raises(NotAllowed):
        question_bank.bank(session, campus.student, None)
    assert question_bank.bank(session, stranger, None).lines == []
    with pytest.raises(NotFound):
        question_bank.tag(session, replace(campus.instructor, roles=frozenset({Role.STUDENT})), mine, "x")


def test_a_bank_says_which_quizzes_ask_a_question_now(campus: Campus) -> None:
    slate, quiz, final = add(campus, "Slate splits well."), campus.quiz("Try it"), campus.quiz("Final quiz")
    question_bank.use_in_quiz(campus.session, campus.instructor, slate, final.id)
    assert {name.title for name in question_bank.used_in(campus.session, [slate])[slate]} == {"Try it", "Final quiz"}
    quiz_authoring.remove_question(campus.session, campus.instructor, quiz.id, slate)
    assert [name.title for name in question_bank.used_in(campus.session, [slate])[slate]] == ["Final quiz"]
