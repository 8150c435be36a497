"""Grading what an attempt pinned from what was saved."""

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.kind import Grade
from lms_app.models import Answer, Attempt, QuestionRevision
from lms_app.words import QuestionType


def grade_all(session: Session, attempt: Attempt) -> list[tuple[dict[str, Any], Grade]]:
    """Every question of the attempt's layout with its grade from what is saved, in the order shown."""
    bodies = revisions_of(session, attempt)
    answers = {answer.question_id: answer.response for answer in session.exec(select(Answer).where(Answer.attempt_id == attempt.id)).all()}
    return [(entry, grade_one(entry["type"], bodies[UUID(entry["revision"])], answers.get(UUID(entry["question"])))) for entry in attempt.layout]


def grade_one(type_: str, body: dict[str, Any], response: dict[str, Any] | None) -> Grade:
    """The grade of one stored response; a response that no longer fits its type counts as blank."""
    kind = TYPES[QuestionType(type_)]
    try:
        given = kind.response.model_validate(response) if response is not None else None
    except ValueError:
        given = None
    return kind.grade(kind.body.model_validate(body), given)


def revisions_of(session: Session, attempt: Attempt) -> dict[UUID, dict[str, Any]]:
    """Bodies of the question revisions that an attempt pinned, by id."""
    wanted = [UUID(entry["revision"]) for entry in attempt.layout]
    return {row.id: row.body for row in session.exec(select(QuestionRevision).where(col(QuestionRevision.id).in_(wanted))).all()}
