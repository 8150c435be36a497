"""Writing learning events. Reading them is the fold's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
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
    occurred = occurred_at or clock.now()
    row = _row(enrollment, verb, object_kind, object_id, occurred)
    if event_id is not None:
        row["id"] = event_id
    _append(session, row | {"revision_id": revision_id, "attempt_id": attempt_id, "value": value or {}})


def record_of_many(session: Session, enrollments: Sequence[Enrollment], verb: Verb, object_kind: NodeKind, object_id: UUID) -> None:
    """Appends the same of many learners, as of now, by one statement."""
    now = clock.now()
    _append(session, [_row(enrollment, verb, object_kind, object_id, now) for enrollment in enrollments])


def _row(enrollment: Enrollment, verb: Verb, object_kind: NodeKind, object_id: UUID, occurred: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(int(occurred.timestamp() * 1000)),
        "occurred_at": occurred,
        "recorded_at": clock.now(),
        "course_id": enrollment.course_id,
        "run_id": enrollment.run_id,
        "person_id": enrollment.person_id,
        "verb": verb,
        "object_kind": object_kind,
        "object_id": object_id,
        "value": {},
    }


def _append(session: Session, rows: dict[str, Any] | list[dict[str, Any]]) -> None:
    session.flush()
    session.connection().execute(_APPEND, rows)
    after_commit(session, lambda: jobs.wake(FOLD, JobQueue.ANALYTICS), once=FOLD)


def record_answers(session: Session, attempt_id: UUID) -> None:
    """Appends an event for each answer of an attempt that was just graded, as of the moment when it was saved: one statement. Its id follows from
    attempt and question, so that a repeat is written once. What waits for a marker has no fraction."""
    session.flush()
    session.connection().execute(_ANSWERS, {"attempt": attempt_id, "now": clock.now()})


# A UUIDv7 of the moment, whose random bits are made of what it is about.
_ANSWERS = text("""
INSERT INTO learning_events (id, occurred_at, recorded_at, course_id, run_id, person_id, verb, object_kind, object_id, revision_id, attempt_id, value,
  schema_version)
SELECT CAST(lpad(to_hex(CAST(floor(extract(epoch FROM a.saved_at) * 1000) AS bigint)), 12, '0') || '7' || substr(h.hash, 1, 3) || '8'
    || substr(h.hash, 4, 15) AS uuid),
  a.saved_at, :now, t.course_id, t.run_id, t.person_id, 'answered', 'question', a.question_id, s.question_revision_id, t.id,
  jsonb_strip_nulls(jsonb_build_object('assessment', t.assessment_id,
    'fraction', CASE WHEN s.outcome <> 'pending' THEN CAST(s.fraction AS text) END)), 1
FROM answers a JOIN attempts t ON t.id = a.attempt_id JOIN question_scores s ON (s.attempt_id, s.question_id) = (a.attempt_id, a.question_id)
  CROSS JOIN LATERAL (SELECT md5(CAST(t.id AS text) || CAST(a.question_id AS text)) AS hash) h
WHERE a.attempt_id = :attempt AND s.outcome <> 'blank'
ON CONFLICT (id) DO NOTHING
""")
_APPEND = insert(LearningEvent).on_conflict_do_nothing(index_elements=["id"])
