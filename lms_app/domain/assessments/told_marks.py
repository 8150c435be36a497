"""Of which attempts a student may know the marks, and whether their answers were right: by what each quiz shows now."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.assessments import overrides
from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.models import AssessmentRevision, Attempt


@dataclass(frozen=True, kw_only=True)
class Untold:
    """The attempts whose marks are not shown, whose answers are not shown as right or wrong, and of whose answers nothing is said."""

    marks: frozenset[UUID]
    answers: frozenset[UUID]
    feedback: frozenset[UUID]


def untold(session: Session, attempt_ids: Collection[UUID]) -> Untold:
    """What of these attempts their student may not know now: one statement. An attempt that is not found tells nothing."""
    rows = session.exec(
        select(Attempt.id, Attempt.overrides, Attempt.released_at, AssessmentRevision.settings)
        .join(AssessmentRevision, col(AssessmentRevision.id) == col(Attempt.assessment_revision_id))
        .where(col(Attempt.id).in_(attempt_ids))
    ).all()
    marks, answers, feedback = set(attempt_ids), set(attempt_ids), set(attempt_ids)
    for attempt_id, pinned, released_at, settings in rows:
        closes_at = overrides.closes_at(pinned)
        shown = QuizSettings.model_validate(settings).shown(clock.now(), closes_at=closes_at, released=released_at is not None)
        if shown.marks:
            marks.discard(attempt_id)
        if shown.marks and shown.correctness:
            answers.discard(attempt_id)
        if shown.feedback:
            feedback.discard(attempt_id)
    return Untold(marks=frozenset(marks), answers=frozenset(answers), feedback=frozenset(feedback))
