"""Writing learning events. Reading them is the fold's."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from lms_app.adapters import clock, jobs
from lms_app.database import after_commit
from lms_app.ids import uuid7
from lms_app.models import Enrollment, LearningEvent
from lms_app.words import JobQueue, NodeKind, Verb

FOLD = "analytics.fold"
REBUILD = "analytics.rebuild"
"""Names of the jobs."""


def record(
    session: Session,
    enrollment: Enrollment,
    verb: Verb,
    object_kind: NodeKind,
    object_id: UUID,
    *,
    event_id: UUID | None = None,
    occurred_at: datetime | None = None,
    revision_id: UUID | None = None,
    attempt_id: UUID | None = None,
    value: dict[str, Any] | None = None,
) -> None:
    """Appends what a learner did to the log, in the caller's transaction, and wakes the fold after commit.

    A repeat with the same `event_id` is written once. `occurred_at` defaults to now; `value` must be JSON-able.
    """
    now = clock.now()
    occurred = occurred_at or now
    session.flush()
    session.connection().execute(
        _APPEND,
        {
            "id": event_id or uuid7(int(occurred.timestamp() * 1000)),
            "occurred_at": occurred,
            "recorded_at": now,
            "course_id": enrollment.course_id,
            "run_id": enrollment.run_id,
            "person_id": enrollment.person_id,
            "verb": verb,
            "object_kind": object_kind,
            "object_id": object_id,
            "revision_id": revision_id,
            "attempt_id": attempt_id,
            "value": value or {},
        },
    )
    after_commit(session, lambda: jobs.wake(FOLD, JobQueue.ANALYTICS), once=FOLD)


_APPEND = insert(LearningEvent).on_conflict_do_nothing(index_elements=["id"])
