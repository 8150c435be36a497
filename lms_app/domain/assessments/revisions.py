"""What an assessment revision says. It never changes, so each process reads it once."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters.cache import ShortCache
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.errors import NotFound
from lms_app.models import AssessmentRevision, AssessmentSection, Question, SectionPool, SectionQuestion
from lms_app.words import QuestionType


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a quiz. `introduction` is Markdown."""

    id: UUID
    number: int
    title: str
    introduction: str
    shuffle: bool


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A question at its place: which section (its number), at which place in it, by which pool, if any."""

    section: int
    place: int
    question: UUID
    revision: UUID
    type: QuestionType
    points: Decimal
    pool: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Composition:
    """The sections of a quiz by number, the questions that every attempt gets, and whether pools draw more."""

    sections: dict[int, Section]
    fixed: tuple[Drawn, ...]
    has_pools: bool


@dataclass(frozen=True, kw_only=True)
class Revision:
    """An assessment revision's title and settings."""

    id: UUID
    title: str
    settings: QuizSettings


revisions: ShortCache[UUID, Revision] = ShortCache(seconds=3600, size=1024)
compositions: ShortCache[UUID, Composition] = ShortCache(seconds=3600, size=1024)


def revision_of(session: Session, revision_id: UUID | None) -> Revision:
    """One statement, or none. Raises NotFound."""
    held = revisions.get(revision_id) if revision_id else None
    if held is not None:
        return held[0]
    row = session.get(AssessmentRevision, revision_id) if revision_id else None
    if row is None:
        raise NotFound
    found = Revision(id=row.id, title=row.title, settings=QuizSettings.model_validate(row.settings))
    revisions.put(found.id, found)
    return found


def composition_of(session: Session, revision_id: UUID) -> Composition:
    """Three statements, or none."""
    held = compositions.get(revision_id)
    if held is not None:
        return held[0]
    rows = session.exec(select(AssessmentSection).where(AssessmentSection.assessment_revision_id == revision_id)).all()
    number_of = {row.id: row.number for row in rows}
    placed = session.exec(
        select(SectionQuestion, Question.type)
        .join(Question, col(Question.id) == col(SectionQuestion.question_id))
        .where(col(SectionQuestion.section_id).in_(number_of))
    ).all()
    pools = session.exec(select(func.count()).select_from(SectionPool).where(col(SectionPool.section_id).in_(number_of))).one()
    found = Composition(
        sections={
            row.number: Section(id=row.id, number=row.number, title=row.title, introduction=row.introduction, shuffle=row.shuffle) for row in rows
        },
        fixed=tuple(
            Drawn(
                section=number_of[entry.section_id],
                place=entry.number,
                question=entry.question_id,
                revision=entry.question_revision_id,
                type=QuestionType(type_),
                points=entry.points,
            )
            for entry, type_ in placed
        ),
        has_pools=pools > 0,
    )
    if rows:
        compositions.put(revision_id, found)
    return found
