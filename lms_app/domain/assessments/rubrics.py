"""The rubric or marking guide of a question."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.rubric_rules import Rubric, rubric_from, stored_rubric
from lms_app.domain.courses import access
from lms_app.errors import Conflict, Invalid
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
    row = session.get(RubricRow, question_id)
    return None if row is None else _sheet(rubric_from(row.body), row.version)


def rubric_of(session: Session, question_id: UUID) -> tuple[Rubric, int] | None:
    """The rubric of a question with its version."""
    row = session.get(RubricRow, question_id)
    return None if row is None else (rubric_from(row.body), row.version)


def write(session: Session, actor: Actor, question_id: UUID, body: dict[str, Any] | None, version: int) -> RubricSheet | None:
    """Gives a question this rubric, or none; marks that were made by an older one stay as they are. `version` is the one that was changed, 0 where
    there was none. Raises NotFound, Conflict when somebody else changed it meanwhile, Invalid."""
    question = access.editable_question(session, actor, question_id)
    row = session.get(RubricRow, question.id, with_for_update=True)
    if (row.version if row else 0) != version:
        raise Conflict("Somebody else has changed this rubric. Load it again.")
    if body is None:
        if row is not None:
            session.delete(row)
            session.flush()
        return None
    try:
        rubric = rubric_from(body)
    except ValueError as error:
        raise Invalid(str(error)) from None
    if row is None:
        row = RubricRow(question_id=question.id, version=0, body={}, updated_at=clock.now(), updated_by=actor.person_id)
    row.body, row.version, row.updated_at, row.updated_by = stored_rubric(rubric), row.version + 1, clock.now(), actor.person_id
    session.add(row)
    session.flush()
    return _sheet(rubric, row.version)


def _sheet(rubric: Rubric, version: int) -> RubricSheet:
    return RubricSheet(
        version=version,
        criteria=[
            CriterionSheet(
                title=criterion.title,
                description=criterion.description,
                levels=[LevelSheet(title=level.title, points=_words(level.points), description=level.description) for level in criterion.levels],
                most=_words(criterion.most),
            )
            for criterion in rubric.criteria
        ],
    )


def _words(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
