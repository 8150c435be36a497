"""The rubric or marking guide of a question."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.rubric_rules import Rubric, rubric_from, stored_rubric
from lms_app.domain.assessments.score_rules import points_in_words
from lms_app.domain.courses import access
from lms_app.errors import Conflict, Invalid
from lms_app.models import Question
from lms_app.models import Rubric as RubricRow


@dataclass(frozen=True, kw_only=True)
class LevelSheet:
    """A level; points as text."""

    title: str
    points: str
    description: str


@dataclass(frozen=True, kw_only=True)
class CriterionSheet:
    """A criterion; in a guide `levels` is empty and `most` says what it can give."""

    title: str
    description: str
    levels: list[LevelSheet]
    most: str


@dataclass(frozen=True, kw_only=True)
class RubricSheet:
    """A rubric as it is shown to markers."""

    version: int
    criteria: list[CriterionSheet]


def sheet_of(session: Session, question_id: UUID) -> RubricSheet | None:
    """The rubric of a question, None where it has none."""
    known = rubric_of(session, question_id)
    return None if known is None else _sheet(*known)


def rubric_of(session: Session, question_id: UUID) -> tuple[Rubric, int] | None:
    """The rubric of a question with its version."""
    row = session.get(RubricRow, question_id)
    return None if row is None or not row.body else (rubric_from(row.body), row.version)


def write(session: Session, actor: Actor, question_id: UUID, body: dict[str, Any] | None, version: int) -> RubricSheet | None:
    """Gives a question this rubric, or none; marks that were made by an older one stay as they are. `version` is the one that was changed, 0 where
    there was none. Raises NotFound, Conflict when somebody else changed it meanwhile, Invalid."""
    question = access.editable_question(session, actor, question_id)
    # Two who write the first rubric at once meet here; there is no row of theirs to meet at yet.
    session.exec(select(Question.id).where(Question.id == question.id).with_for_update(key_share=True)).one()
    row = session.get(RubricRow, question.id, populate_existing=True)
    if (row.version if row and row.body else 0) != version:
        raise Conflict("Somebody else has changed this rubric. Load it again.")
    try:
        rubric = rubric_from(body) if body is not None else None
    except ValueError as error:
        raise Invalid(str(error)) from None
    row = row or RubricRow(question_id=question.id, version=0, updated_at=clock.now(), updated_by=actor.person_id)
    row.body, row.version = stored_rubric(rubric) if rubric else {}, row.version + 1
    row.updated_at, row.updated_by = clock.now(), actor.person_id
    session.add(row)
    session.flush()
    return _sheet(rubric, row.version) if rubric else None


def _sheet(rubric: Rubric, version: int) -> RubricSheet:
    return RubricSheet(
        version=version,
        criteria=[
            CriterionSheet(
                title=criterion.title,
                description=criterion.description,
                levels=[
                    LevelSheet(title=level.title, points=points_in_words(level.points), description=level.description) for level in criterion.levels
                ],
                most=points_in_words(criterion.most),
            )
            for criterion in rubric.criteria
        ],
    )
