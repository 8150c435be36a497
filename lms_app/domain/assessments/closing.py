"""Closing attempts whose time is over: each by its own job when it is due, and by an indexed sweep behind it. And grading what was handed in and
not asked for again."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.assessments import attempts, timing_rules
from lms_app.models import Attempt
from lms_app.words import AttemptStatus, Hint

BATCH = 1000
"""Ids that a sweep takes up at once: so many that what cannot be closed or graded, and is found each time, hides no other."""

GRADED_AFTER = timedelta(seconds=15)
"""How long a page has to ask for the result of what it handed in, before the sweep grades it."""


def overdue(session: Session) -> list[UUID]:
    """Open attempts whose time is over, the longest over first. Each is to be closed in a transaction of its own: one that cannot be closed stops no
    other."""
    due = func.coalesce(Attempt.submit_by, Attempt.deadline_at)
    waiting = select(Attempt.id).where(Attempt.status == AttemptStatus.OPEN, due < clock.now() - timing_rules.GRACE)
    return list(session.exec(waiting.order_by(due).limit(BATCH)).all())


def ungraded(session: Session) -> list[UUID]:
    """Attempts that were handed in a while ago and not asked for since, the oldest first."""
    waiting = select(Attempt.id).where(Attempt.status == AttemptStatus.HANDED_IN, col(Attempt.submitted_at) < clock.now() - GRADED_AFTER)
    return list(session.exec(waiting.order_by(col(Attempt.submitted_at)).limit(BATCH)).all())


def grade(session: Session, attempt_id: UUID) -> None:
    """Grades one of them, unless somebody else does. In a transaction of its own: whoever asks for it waits, and one that cannot be graded stops no
    other."""
    query = select(Attempt).where(Attempt.id == attempt_id, Attempt.status == AttemptStatus.HANDED_IN)
    attempt = session.exec(query.with_for_update(skip_locked=True)).first()
    if attempt is not None:
        attempts.grade_handed_in(session, attempt)
        after_commit(session, lambda: pubsub.hint(Hint.ATTEMPT, attempt.person_id))


def close(session: Session, attempt_id: UUID, *, wait: bool = True) -> None:
    """Closes one attempt if its time is over, with what was acknowledged. Nothing happens to one that is closed already, or whose end has moved;
    without `wait` nor to one that somebody has a hand on."""
    attempt = session.exec(select(Attempt).where(col(Attempt.id) == attempt_id).with_for_update(skip_locked=not wait)).first()
    if attempt is None or attempt.status != AttemptStatus.OPEN:
        return
    if timing_rules.is_overdue(clock.now(), attempt.submit_by or attempt.deadline_at):
        attempts.end_of_time(session, attempt)
