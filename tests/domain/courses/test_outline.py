"""One quiz as its course's outline has it."""

import pytest
from sqlmodel import Session

from lms_app.domain.courses import authoring
from lms_app.domain.courses.outline import published_outline, published_quiz
from lms_app.models import Lesson
from lms_app.words import Status
from tests.support.campus import Campus, new_campus


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


def test_each_quiz_alone_is_what_it_is_in_the_outline(campus: Campus) -> None:
    outline = published_outline(campus.session, campus.course.id)
    for title in ("Try it", "Final quiz"):
        quiz = campus.quiz(title)
        alone = published_quiz(campus.session, quiz.id)
        assert alone is not None
        assert alone == next(item for item in outline.items() if item.id == quiz.id)


@pytest.mark.parametrize("gone", ["module", "lesson", "page", "quiz", "unpublished quiz", "unpublished page"])
def test_a_quiz_that_students_do_not_see_in_the_outline_is_none(campus: Campus, gone: str) -> None:
    session, page, quiz = campus.session, campus.page("Stones"), campus.quiz("Try it")
    lesson = session.get_one(Lesson, page.lesson_id)
    match gone:
        case "unpublished quiz":
            quiz.status = Status.DRAFT
        case "unpublished page":
            page.status = Status.DRAFT
        case "quiz":
            quiz.archived_at = page.created_at
        case _:
            authoring.archive(session, campus.instructor, gone, {"module": lesson.module_id, "lesson": lesson.id, "page": page.id}[gone])
    session.flush()
    assert quiz.id not in {item.id for item in published_outline(session, campus.course.id).items()}
    assert published_quiz(session, quiz.id) is None
