"""Grading what an attempt pinned from what was saved."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.domain.assessments.grading_rules import AttemptGrade, PinnedQuestion, grade_attempt
from lms_app.domain.assessments.types.kind import question_seed
from lms_app.models import Answer, Attempt, QuestionRevision
from lms_app.words import QuestionType


def grade(session: Session, attempt: Attempt, *, pass_mark: Decimal | None = None) -> AttemptGrade:
    """The attempt's grade from what is saved, its questions in the order shown."""
    bodies = revisions_of(session, attempt)
    answers = {answer.question_id: answer.response for answer in session.exec(select(Answer).where(Answer.attempt_id == attempt.id)).all()}
    pinned = [
        PinnedQuestion(
            id=UUID(entry["question"]),
            revision_id=UUID(entry["revision"]),
            type=QuestionType(entry["type"]),
            body=bodies[UUID(entry["revision"])],
            points=Decimal(entry["points"]),
            seed=question_seed(attempt.seed, UUID(entry["question"])),
        )
        for entry in attempt.layout
    ]
    return grade_attempt(pinned, answers, pass_mark=pass_mark)


def revisions_of(session: Session, attempt: Attempt) -> dict[UUID, dict[str, Any]]:
    """Bodies of the question revisions that an attempt pinned, by id."""
    wanted = [UUID(entry["revision"]) for entry in attempt.layout]
    return {row.id: row.body for row in session.exec(select(QuestionRevision).where(col(QuestionRevision.id).in_(wanted))).all()}
