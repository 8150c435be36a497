"""The exam's benchmark finds an answer that was acknowledged and is not there."""

import random
from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import Session, delete, select

from bench.exam_campus import QUESTIONS, Acknowledged, count_lost, furnish, response_to
from lms_app.adapters import clock
from lms_app.database import engine, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts
from lms_app.models import Answer, QuestionScore
from lms_app.words import Role

Told = dict[tuple[UUID, UUID], Acknowledged]


@pytest.fixture
def told(committed_database: str) -> Told:
    """One student's exam, answered in full and submitted, as the student was told."""
    exam_id, (minted,) = furnish(1)
    actor = Actor(person_id=minted.person_id, roles=frozenset({Role.STUDENT}))
    with transaction() as session:
        sheet = attempts.start(session, actor, exam_id)
        attempt_id = UUID(sheet.id)
        given: Told = {}
        for question in sheet.questions:
            shown = {"type": question.type, "choices": [{"id": choice.id} for choice in question.choices]}
            answer = Acknowledged(1, response_to(shown, random.Random(question.number)))
            given[attempt_id, UUID(question.id)] = answer
            session.add(Answer(attempt_id=attempt_id, question_id=UUID(question.id), response=answer.response, sequence=1, saved_at=clock.now()))
        attempts.submit(session, actor, attempt_id)
    return given


def lost(told: Told) -> int:
    with Session(engine()) as session:
        return count_lost(session, told)


def test_nothing_is_lost_where_every_answer_is_graded(told: Told) -> None:
    assert len(told) == QUESTIONS
    assert lost(told) == 0


def test_an_answer_that_is_gone_older_or_graded_otherwise_is_lost(told: Told) -> None:
    gone, older, otherwise, *_ = told
    told[older] = replace(told[older], sequence=2)
    with transaction() as session:
        session.exec(delete(Answer).where(Answer.attempt_id == gone[0], Answer.question_id == gone[1]))  # pyright: ignore
        score = session.exec(select(QuestionScore).where(QuestionScore.attempt_id == otherwise[0], QuestionScore.question_id == otherwise[1])).one()
        score.fraction = 1 - score.fraction if score.fraction in {0, 1} else score.fraction / 2
    assert lost(told) == 3


def test_an_answer_to_an_attempt_that_is_not_graded_is_lost(told: Told) -> None:
    (attempt_id, question_id), answer = next(iter(told.items()))
    assert lost({(question_id, attempt_id): answer}) == 1
