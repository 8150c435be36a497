"""Submitting tells analytics of each answer, at the cost of one statement."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.analytics import events
from lms_app.domain.assessments import attempts
from lms_app.models import Answer, Attempt, LearningEvent
from lms_app.words import NodeKind, QuestionType, Verb
from tests.domain.enrollments.test_beats import BEGAN
from tests.support.campus import RIGHT, WRONG, Campus, new_campus

GIVEN = {QuestionType.SINGLE_CHOICE: RIGHT, QuestionType.TRUE_FALSE: WRONG, QuestionType.NUMERIC: RIGHT}


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    campus = new_campus(session)
    campus.enroll()
    return campus


def test_each_answer_is_an_event_as_of_when_it_was_saved_and_blanks_are_none(campus: Campus, session: Session) -> None:
    with clock.moved_to(BEGAN):
        sheet = attempts.start(session, campus.student, campus.quiz("Final quiz").id)
    asked = {QuestionType(question.type): UUID(question.id) for question in sheet.questions}
    for minute, (type_, responses) in enumerate(GIVEN.items(), start=1):
        given = {"response": responses[type_], "sequence": 1, "saved_at": BEGAN + timedelta(minutes=minute)}
        session.add(Answer(attempt_id=UUID(sheet.id), question_id=asked[type_], **given))
    session.flush()
    with clock.moved_to(BEGAN + timedelta(minutes=9)):
        attempts.submit(session, campus.student, UUID(sheet.id))
        events.record_answers(session, UUID(sheet.id))
    attempt = session.get_one(Attempt, UUID(sheet.id))
    rows = session.exec(select(LearningEvent).where(LearningEvent.verb == Verb.ANSWERED).order_by(col(LearningEvent.id))).all()
    assert [(row.object_kind, row.object_id, row.occurred_at, row.attempt_id, row.run_id, row.person_id) for row in rows] == [
        (NodeKind.QUESTION, asked[type_], BEGAN + timedelta(minutes=minute), attempt.id, attempt.run_id, attempt.person_id)
        for minute, type_ in enumerate(GIVEN, start=1)
    ]
    quiz = str(attempt.assessment_id)
    assert [row.value for row in rows] == [{"assessment": quiz, "fraction": mark} for mark in ("1.000000", "0.000000", "1.000000")]
    assert all(row.id.version == 7 and row.revision_id for row in rows)
