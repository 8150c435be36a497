"""Drawing a quiz for one attempt: fixed questions and pools, in the seed's order where the quiz shuffles, on pages. What is drawn is pinned."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.revisions import Contents, Drawn, Pool, contents_of
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.kind import place
from lms_app.words import QuestionType


def draw(session: Session, course_id: UUID, revision_id: UUID, settings: QuizSettings, seed: int) -> list[dict[str, Any]]:
    """The layout of a new attempt at an assessment revision: no statement once the revision is known but one for each pool."""
    contents = contents_of(session, revision_id)
    drawn = [*contents.fixed, *_from_pools(session, course_id, contents, seed)]
    shuffled = {section.number for section in contents.sections.values() if section.shuffle or settings.shuffle_questions}
    return laid_out(drawn, seed=seed, shuffled=shuffled, per_page=settings.questions_per_page)


def laid_out(drawn: Sequence[Drawn], *, seed: int, shuffled: set[int], per_page: int) -> list[dict[str, Any]]:
    """The layout of what was drawn: sections in their order, their questions in theirs or in the seed's, numbered and put on pages.

    A section begins a page; `per_page` questions fill one, 0 puts a whole section on one. What asks nothing has no number, no points, and stands
    on the page of the question that follows it.
    """
    layout: list[dict[str, Any]] = []
    number = page = 0
    for section, members in groupby(sorted(drawn, key=lambda entry: (entry.section, entry.place)), key=lambda entry: entry.section):
        ordered = list(members)
        if section in shuffled:
            ordered = _shuffled(ordered, seed)
        page += 1
        on_page = 0
        for entry in ordered:
            asks = TYPES[entry.type].asks
            if per_page and on_page >= per_page:
                page, on_page = page + 1, 0
            number, on_page = number + asks, on_page + asks
            layout.append(
                {
                    "question": str(entry.question),
                    "revision": str(entry.revision),
                    "type": entry.type.value,
                    "points": str(entry.points) if asks else "0",
                    "number": number if asks else None,
                    "section": section,
                    "page": page,
                    **({"pool": str(entry.pool)} if entry.pool else {}),
                }
            )
    return layout


def _shuffled(entries: list[Drawn], seed: int) -> list[Drawn]:
    """The questions in the seed's order. A text that asks nothing introduces what follows it, and moves with it."""
    groups: list[list[Drawn]] = [[]]
    for entry in entries:
        groups[-1].append(entry)
        if TYPES[entry.type].asks:
            groups.append([])
    tail = groups.pop()
    return [entry for group in sorted(groups, key=lambda group: place(seed, str(group[-1].question))) for entry in group] + tail


_POOL = text(
    """
    WITH RECURSIVE below AS (
        SELECT id FROM question_categories WHERE id = :category
        UNION SELECT c.id FROM question_categories c JOIN below b ON c.parent_id = b.id
    )
    SELECT id, published_revision_id, type FROM questions
    WHERE course_id = :course AND archived_at IS NULL AND published_revision_id IS NOT NULL AND tags @> CAST(:tags AS varchar[])
      AND (CAST(:category AS uuid) IS NULL OR category_id IN (SELECT id FROM below))
    """
)


def pool_questions(session: Session, course_id: UUID, category_id: UUID | None, tags: Sequence[str]) -> list[tuple[UUID, UUID, QuestionType]]:
    """The questions that a pool draws from: (question, published revision, type), those that ask something."""
    rows = session.execute(_POOL, {"course": course_id, "category": category_id, "tags": list(tags)}).all()
    return [(row[0], row[1], QuestionType(row[2])) for row in rows if TYPES[QuestionType(row[2])].asks]


def _from_pools(session: Session, course_id: UUID, contents: Contents, seed: int) -> list[Drawn]:
    """What the pools of a quiz draw: nothing twice, and nothing that every attempt gets anyhow."""
    taken = {entry.question for entry in contents.fixed}
    drawn: list[Drawn] = []
    for pool in contents.pools:
        chosen = _from_pool(session, course_id, pool, seed, taken)
        drawn += chosen
        taken |= {entry.question for entry in chosen}
    return drawn


def _from_pool(session: Session, course_id: UUID, pool: Pool, seed: int, taken: set[UUID]) -> list[Drawn]:
    candidates = [entry for entry in pool_questions(session, course_id, pool.category_id, pool.tags) if entry[0] not in taken]
    chosen = sorted(candidates, key=lambda entry: place(seed, f"{pool.id}:{entry[0]}"))[: pool.count]
    return [
        Drawn(section=pool.section, place=pool.place, question=question, revision=revision, type=type_, points=pool.points, pool=pool.id)
        for question, revision, type_ in chosen
    ]
