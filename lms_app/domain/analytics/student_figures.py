"""What is rolled up of the students of a run, one row each, and up to when. For those who may see it: nothing here asks for an actor's right."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics.fold import SHARD, is_whole
from lms_app.domain.notifications.queries import when_in_words
from lms_app.models import Enrollment, FoldCursor, LearnerFigures, Person, Progress
from lms_app.words import EnrollmentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentFigures:
    """What is rolled up of one student. `visited` is None before anything was opened; `score` a fraction, None without marks."""

    enrolled_at: datetime
    completed: bool
    done: int
    total: int
    visited: datetime | None
    seconds: int
    items_done: int
    score: Decimal | None


def figures_of_run(session: Session, run_id: UUID, only: Collection[UUID] | None = None) -> dict[UUID, StudentFigures]:
    """The figures of everybody who takes a run, or of these enrolments whether they stand or not: one statement. For those who may see them."""
    whose: Any = Enrollment.status == EnrollmentStatus.ACTIVE if only is None else col(Enrollment.id).in_(only)
    of_person = (col(LearnerFigures.run_id) == col(Enrollment.run_id)) & (col(LearnerFigures.person_id) == col(Enrollment.person_id))
    columns: tuple[Any, ...] = (
        Enrollment.id, Enrollment.enrolled_at, Enrollment.completed_at, Progress.done, Progress.total, LearnerFigures.last_active_at,
        LearnerFigures.seconds, LearnerFigures.items_started, LearnerFigures.items_completed, LearnerFigures.marked, LearnerFigures.fractions,
    )  # fmt: skip
    query = (
        select(*columns)
        .select_from(Enrollment)
        .join(Progress, col(Progress.enrollment_id) == col(Enrollment.id), isouter=True)
        .join(LearnerFigures, of_person, isouter=True)
        .where(Enrollment.run_id == run_id, whose)
    )
    return {
        row[0]: StudentFigures(
            enrolled_at=enrolled_at,
            completed=completed_at is not None,
            done=done or 0,
            total=total or 0,
            # Enrolling is an act, and no visit.
            visited=last if started else None,
            seconds=seconds or 0,
            items_done=items_done or 0,
            score=fractions / marked if marked else None,
        )
        for row in session.execute(query).all()
        for (enrolled_at, completed_at, done, total, last, seconds, started, items_done, marked, fractions) in (row[1:],)
    }


def as_of(session: Session, actor: Actor) -> str:
    """When the figures were last moved, in the actor's words; after an upgrade also that they are being made anew."""
    cursor = session.get(FoldCursor, SHARD)
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    moved = when_in_words(cursor.folded_at if cursor else clock.now(), zone)
    return moved if is_whole(session) else f"{moved}, being counted anew"
