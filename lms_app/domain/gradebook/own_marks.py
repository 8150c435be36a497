"""What of their marks students are told: a quiz that does not show its marks keeps them here too."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.assessments import overrides
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.gradebook.reading import Exceptions, Held, read_marks
from lms_app.models import AssessmentRevision, Attempt, Grade


def as_told(session: Session, enrollment_ids: Collection[UUID], exceptions: Exceptions) -> dict[UUID, dict[str, Held]]:
    """The marks of these people by person and column, as each of them is told: what is not shown yet waits. What was set by hand is told."""
    held = read_marks(session, enrollment_ids, exceptions)
    for enrollment_id, column_id in _untold(session, enrollment_ids):
        kept = held[enrollment_id][column_id]
        held[enrollment_id][column_id] = kept._replace(mark=kept.mark._replace(fraction=None, at=None, pending=True))
    return held


def _untold(session: Session, enrollment_ids: Collection[UUID]) -> list[tuple[UUID, str]]:
    rows = session.exec(
        select(Grade.enrollment_id, Grade.column_id, Attempt.overrides, Attempt.released_at, AssessmentRevision.id, AssessmentRevision.settings)  # pyright: ignore[reportCallIssue, reportArgumentType]
        .join(Attempt, col(Attempt.id) == col(Grade.attempt_id))
        .join(AssessmentRevision, col(AssessmentRevision.id) == col(Attempt.assessment_revision_id))
        .where(col(Grade.enrollment_id).in_(enrollment_ids))
    ).all()
    now = clock.now()
    settings_of: dict[UUID, QuizSettings] = {}
    found: list[tuple[UUID, str]] = []
    for enrollment_id, column_id, exceptions, released_at, revision_id, settings in rows:
        if revision_id not in settings_of:
            settings_of[revision_id] = QuizSettings.model_validate(settings)
        shown = settings_of[revision_id].shown(now, closes_at=overrides.closes_at(exceptions), released=released_at is not None)
        if not shown.marks:
            found.append((enrollment_id, str(column_id)))
    return found
