"""How a student stands by objective, and what markers wrote: their own, and only what is shown to them."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.analytics.standing import standing
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import objectives
from lms_app.models import Answer, Attempt, Mark, Question
from lms_app.words import QuestionType
from tests.support.campus import RIGHT, WRONG, Campus, new_campus
from tests.support.statements import statements


@pytest.fixture
def campus(session: Session) -> Campus:
    campus = new_campus(session)
    campus.enroll()
    made = objectives.add(session, campus.instructor, campus.course.id, "Tell stones from sand")
    for question in session.exec(select(Question).where(Question.course_id == campus.course.id)).all():
        question.objective_id = made
    session.flush()
    return campus


def sit(campus: Campus, right: int) -> UUID:
    sheet = attempts.start(campus.session, campus.student, campus.quiz("Final quiz").id)
    for number, question in enumerate(sheet.questions):
        response = (RIGHT if number < right else WRONG)[QuestionType(question.type)]
        answer = Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=clock.now())
        campus.session.add(answer)
    campus.session.flush()
    attempts.submit(campus.session, campus.student, UUID(sheet.id))
    return UUID(sheet.id)


def test_the_last_answer_to_each_question_counts_and_the_interval_is_told(campus: Campus) -> None:
    assert standing(campus.session, campus.student).objectives == []
    sit(campus, 0)
    sit(campus, 5)
    [told] = standing(campus.session, campus.student).objectives
    assert (told.objective, told.course, told.mean, told.low, told.high, told.answers) == ("Tell stones from sand", "Stones and sand", 86, 61, 99, 5)


def test_what_is_not_released_counts_for_nothing(campus: Campus) -> None:
    attempt = campus.session.get_one(Attempt, sit(campus, 5))
    attempt.released_at = None
    campus.session.flush()
    assert standing(campus.session, campus.student).objectives == []


def test_the_newest_comment_on_an_answer_is_told_to_whom_it_is_about_once_it_is_released(campus: Campus) -> None:
    session, quiz = campus.session, campus.quiz("Final quiz")
    attempt = session.get_one(Attempt, sit(campus, 5))
    question = session.exec(select(Question.id).where(Question.course_id == campus.course.id)).first()
    assert question is not None
    for number, comment in enumerate(("Too short.", "Well put.")):
        mark = Mark(
            attempt_id=attempt.id, question_id=question, assessment_id=quiz.id, person_id=campus.student.person_id,
            marker_id=campus.instructor.person_id, number=number + 1, fraction=1, score=1, at=clock.now(),
        )  # fmt: skip
        mark.comment = comment
        session.add(mark)
        session.flush()
    assert [(each.comment, each.quiz) for each in standing(session, campus.student).feedback] == [("Well put.", "Final quiz")]
    assert standing(session, campus.person()).feedback == []
    attempt.released_at = None
    session.flush()
    assert standing(session, campus.student).feedback == []


def test_it_costs_a_constant_number_of_statements(campus: Campus) -> None:
    sit(campus, 3)
    with statements(campus.session) as seen:
        standing(campus.session, campus.student)
    assert len(seen) <= 5
