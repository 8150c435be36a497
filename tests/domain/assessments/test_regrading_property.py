"""Corrections of marks, made and undone in any order, leave what was there before the first."""

import json
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from lms_app.domain.assessments import regrading
from lms_app.domain.certificates import issuing
from lms_app.models import Enrollment
from lms_app.words import QuestionType
from tests.support.campus import Campus, new_campus
from tests.support.questions import choice_body, numeric_body, true_false_body
from tests.support.regrades import corrected, finish_reading, question_of, sit, state

CERTIFICATES = 5
"""Their place in what `state` gives."""

corrections = st.sampled_from(
    [
        (QuestionType.TRUE_FALSE, true_false_body(False)),
        (QuestionType.TRUE_FALSE, true_false_body(True)),
        (QuestionType.SINGLE_CHOICE, choice_body("0", "1", "0")),
        (QuestionType.SINGLE_CHOICE, choice_body("1", "0.5", "0")),
        (QuestionType.NUMERIC, numeric_body({"value": "2"})),
    ]
)


@pytest.fixture
def campus(session: Session, redis_url: str) -> Campus:
    return new_campus(session)


@pytest.mark.no_cover
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sat=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), min_size=1, max_size=5),
    made=st.lists(st.tuples(corrections, st.booleans()), min_size=1, max_size=4),
    chance=st.randoms(use_true_random=False),
)
def test_undoing_in_any_order_restores_exactly(
    campus: Campus, session: Session, sat: list[tuple[int, int]], made: list[tuple[tuple[QuestionType, dict[str, Any]], bool]], chance: Random
) -> None:
    """`sat` are attempts: whose, and how many answers are right. After a correction with a tick one of those in force is undone."""
    with session.begin_nested() as example:
        students = [campus.person(f"Student {number}") for number in range(3)]
        for student in students:
            campus.enroll(student)
            finish_reading(campus, student)
        for student, right in sat:
            sit(campus, students[student], right)
        _award(session)
        before = json.loads(state(session))
        in_force: list[UUID] = []
        for (type_, body), takes_one_back in made:
            question = question_of(campus, type_)
            in_force.append(UUID(regrading.apply(session, campus.instructor, question.id, corrected(campus, question, body)).id))
            _award(session)
            if takes_one_back:
                _undo(campus, in_force, chance)
        while in_force:
            _undo(campus, in_force, chance)
        after = json.loads(state(session))
        new = {key: after[CERTIFICATES].pop(key) for key in set(after[CERTIFICATES]) - set(before[CERTIFICATES])}
        assert after == before
        assert all(revoked_at != "None" for _, _, revoked_at, _ in new.values()), "what a correction gave goes with it"
        example.rollback()
    session.expire_all()


def _undo(campus: Campus, in_force: list[UUID], chance: Random) -> None:
    one = chance.choice(in_force)
    in_force.remove(one)
    regrading.undo(campus.session, campus.instructor, one)
    _award(campus.session)


def _award(session: Session) -> None:
    """Does what the certificates' job does for whoever has completed the course."""
    for enrollment in session.exec(select(Enrollment)).all():
        if enrollment.completed_at is not None:
            issuing.award(session, enrollment.id)
