"""Revisions of questions never change, so a process reads each once."""

from uuid import UUID

import pytest
from sqlmodel import Session, select

from lms_app.domain.assessments import attempts
from lms_app.domain.assessments.grading import bodies_of
from lms_app.domain.assessments.grading_rules import StoredBody
from lms_app.domain.assessments.types import TYPES
from lms_app.models import QuestionRevision
from lms_app.words import QuestionType
from tests.support.campus import new_campus
from tests.support.questions import true_false_body
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("redis_url")


def test_the_second_reading_of_an_attempt_asks_for_no_question(session: Session) -> None:
    campus = new_campus(session)
    campus.enroll()
    sheet = attempts.start(session, campus.student, campus.quiz("Final quiz").id)
    with statements(session) as made:
        again = attempts.read(session, campus.student, UUID(sheet.id))
    assert again.questions == sheet.questions
    assert made
    assert not [statement for statement in made if "question_revisions" in statement]


def test_a_new_revision_is_not_taken_for_the_old_one(session: Session) -> None:
    campus = new_campus(session)
    campus.enroll()
    attempts.start(session, campus.student, campus.quiz("Final quiz").id)
    [old] = session.exec(select(QuestionRevision).where(QuestionRevision.type == QuestionType.TRUE_FALSE).limit(1)).all()
    new = QuestionRevision(
        question_id=old.question_id, number=old.number + 1, type=old.type, body=true_false_body(not old.body["answer"]), created_at=old.created_at
    )
    session.add(new)
    session.flush()
    bodies = bodies_of(session, [old.id, new.id])
    assert (bodies[old.id]["answer"], bodies[new.id]["answer"]) == (old.body["answer"], not old.body["answer"])


def test_a_stored_body_is_read_by_its_type_once() -> None:
    body = StoredBody(true_false_body(True))
    assert body.read(QuestionType.TRUE_FALSE) == TYPES[QuestionType.TRUE_FALSE].body.model_validate(true_false_body(True))
    assert body.read(QuestionType.TRUE_FALSE) is body.read(QuestionType.TRUE_FALSE)
