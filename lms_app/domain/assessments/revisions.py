"""What an assessment revision says. It never changes, so each process reads it once."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters.cache import ShortCache
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.types import TYPES
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
class Pool:
    """A place in a section that draws `count` questions: those of a category and below, with every one of the tags."""

    id: UUID
    section: int
    place: int
    category_id: UUID | None
    tags: tuple[str, ...]
    count: int
    points: Decimal


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The sections of a quiz by number, the questions that every attempt gets, and the pools that draw more."""

    sections: dict[int, Section]
    fixed: tuple[Drawn, ...]
    pools: tuple[Pool, ...]

    @property
    def size(self) -> tuple[int, Decimal]:
        """How many questions an attempt has to answer, and the points that can be had."""
        asked = [entry.points for entry in self.fixed if TYPES[entry.type].asks]
        worth = sum((pool.count * pool.points for pool in self.pools), sum(asked, Decimal(0)))
        return len(asked) + sum(pool.count for pool in self.pools), worth


@dataclass(frozen=True, kw_only=True)
class Revision:
    """An assessment revision's title and settings."""

    id: UUID
    title: str
    settings: QuizSettings


_revisions: ShortCache[UUID, Revision] = ShortCache(seconds=3600, size=1024)
_contents: ShortCache[UUID, Contents] = ShortCache(seconds=3600, size=1024)


def revision_of(session: Session, revision_id: UUID | None) -> Revision:
    """One statement, or none. Raises NotFound."""
    held = _revisions.get(revision_id) if revision_id else None
    if held is not None:
        return held[0]
    row = session.get(AssessmentRevision, revision_id) if revision_id else None
    if row is None:
        raise NotFound
    found = Revision(id=row.id, title=row.title, settings=QuizSettings.model_validate(row.settings))
    _revisions.put(found.id, found)
    return found


def contents_of(session: Session, revision_id: UUID) -> Contents:
    """Three statements, or none."""
    held = _contents.get(revision_id)
    if held is not None:
        return held[0]
    rows = session.exec(select(AssessmentSection).where(AssessmentSection.assessment_revision_id == revision_id)).all()
    number_of = {row.id: row.number for row in rows}
    placed = session.exec(
        select(SectionQuestion, Question.type)
        .join(Question, col(Question.id) == col(SectionQuestion.question_id))
        .where(col(SectionQuestion.section_id).in_(number_of))
    ).all()
    pools = session.exec(select(SectionPool).where(col(SectionPool.section_id).in_(number_of)).order_by(col(SectionPool.number))).all()
    found = Contents(
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
        pools=tuple(
            Pool(
                id=pool.id,
                section=number_of[pool.section_id],
                place=pool.number,
                category_id=pool.category_id,
                tags=tuple(pool.tags),
                count=pool.count,
                points=pool.points,
            )
            for pool in pools
        ),
    )
    if rows:
        _contents.put(revision_id, found)
    return found


def forget() -> None:
    """Drops what is kept. Nothing needs it but who changes a revision, as tests do."""
    _revisions.clear()
    _contents.clear()
