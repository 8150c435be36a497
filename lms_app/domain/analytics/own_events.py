"""What a person has done here, for that person alone: learning events as sentences, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.analytics.event_words import event_words
from lms_app.domain.assessments.told_marks import Untold, untold
from lms_app.domain.notifications.queries import when_in_words
from lms_app.models import Assessment, Course, LearningEvent, Lesson, Module, Page, PageRevision, Person
from lms_app.words import NodeKind, Verb

PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class OwnEvent:
    """One of one's own events. `when` is in one's own time zone."""

    id: str
    sentence: str
    course: str
    when: str


@dataclass(frozen=True, kw_only=True)
class OwnEvents:
    """A page of one's own events, the newest first."""

    lines: list[OwnEvent]
    page: int
    pages: int
    total: int


def own_events(session: Session, actor: Actor, page: int = 1) -> OwnEvents:
    """The actor's own events. A mark that its quiz does not show now is not told."""
    mine = LearningEvent.person_id == actor.person_id
    total = session.exec(select(func.count()).select_from(LearningEvent).where(mine)).one()
    pages = max(1, ceil(total / PER_PAGE))
    page = min(max(1, page), pages)
    query = select(LearningEvent).where(mine).order_by(col(LearningEvent.id).desc()).offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    rows = session.exec(query).all()
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    titles, hidden = _titles(session, rows), untold(session, {row.attempt_id for row in rows if row.attempt_id is not None})
    return OwnEvents(
        lines=[
            OwnEvent(
                id=str(row.id),
                sentence=event_words(Verb(row.verb), NodeKind(row.object_kind), _title(row, titles), told_value(row, hidden)),
                course=titles.get(row.course_id, ""),
                when=when_in_words(row.occurred_at, zone),
            )
            for row in rows
        ],
        page=page,
        pages=pages,
        total=total,
    )


def told_value(row: LearningEvent, hidden: Untold) -> dict[str, Any]:
    """What an event holds, without marks that its person may not know now."""
    kept = hidden.answers if row.verb == Verb.ANSWERED else hidden.marks
    return {name: value for name, value in row.value.items() if name not in ("fraction", "before") or row.attempt_id not in kept}


def _title(row: LearningEvent, titles: dict[UUID, str]) -> str:
    about = row.value.get("assessment") if row.object_kind == NodeKind.QUESTION else None
    return titles.get(UUID(about) if about else row.object_id, "")


def _titles(session: Session, rows: Sequence[LearningEvent]) -> dict[UUID, str]:
    by_kind: dict[NodeKind, set[UUID]] = {}
    for row in rows:
        by_kind.setdefault(NodeKind(row.object_kind), set()).add(row.object_id)
    # A question is told by its quiz: its own title is its author's.
    asked = {UUID(row.value["assessment"]) for row in rows if "assessment" in row.value}
    by_kind.setdefault(NodeKind.ASSESSMENT, set()).update(asked)
    titles = dict(session.exec(select(Course.id, Course.title).where(col(Course.id).in_({row.course_id for row in rows}))).all())
    named: dict[NodeKind, Any] = {NodeKind.MODULE: Module, NodeKind.LESSON: Lesson, NodeKind.ASSESSMENT: Assessment}
    for kind, table in named.items():
        if by_kind.get(kind):
            titles |= dict(session.exec(select(table.id, table.title).where(table.id.in_(by_kind[kind]))).all())
    if pages := by_kind.get(NodeKind.PAGE):
        published = select(Page.id, PageRevision.title).join(PageRevision, col(PageRevision.id) == col(Page.published_revision_id))
        titles |= dict(session.exec(published.where(col(Page.id).in_(pages))).all())
    return titles
