"""When the quizzes of a run close: for everybody, and for whom an exception says otherwise."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.domain.assessments.override_rules import Override, Rules, by_whom, closing_with, effective
from lms_app.models import Assessment, AssessmentOverride, AssessmentRevision, GroupMember, Run


@dataclass(frozen=True, kw_only=True)
class ClosingTimes:
    """When a quiz closes in a run, at the latest when the run ends, None where it does not; and, by enrolment, when for those who have an exception
    that says so."""

    everybody: datetime | None
    others: Mapping[UUID, datetime]


def closing_times(session: Session, quizzes: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], ClosingTimes]:
    """By run and published quiz, for these pairs of them: three statements."""
    if not quizzes:
        return {}
    closes_at = col(AssessmentRevision.settings)["closes_at"].astext  # pyright: ignore[reportIndexIssue]
    settings = dict(
        session.exec(
            select(Assessment.id, closes_at)
            .join(AssessmentRevision, col(AssessmentRevision.id) == col(Assessment.published_revision_id))
            .where(col(Assessment.id).in_({assessment_id for _, assessment_id in quizzes}))
        ).all()
    )
    run_ids = {run_id for run_id, _ in quizzes}
    ends = dict(session.exec(select(Run.id, Run.closes_at).where(col(Run.id).in_(run_ids))).all())
    exceptions = _exceptions(session, run_ids)
    return {
        (run_id, assessment_id): _times(
            datetime.fromisoformat(written) if written else None, ends.get(run_id), exceptions.get((run_id, assessment_id), ())
        )
        for run_id, assessment_id in quizzes
        for written in (settings.get(assessment_id),)
    }


def _exceptions(session: Session, run_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], list[Any]]:
    """The exceptions that say when a quiz closes: one row for the run, one for a student, one for each member of a group."""
    rows = session.exec(
        select(
            AssessmentOverride.run_id,
            AssessmentOverride.assessment_id,
            AssessmentOverride.group_id,
            func.coalesce(AssessmentOverride.enrollment_id, GroupMember.enrollment_id).label("enrollment_id"),
            AssessmentOverride.closes_at,
        )  # pyright: ignore[reportCallIssue, reportArgumentType]
        .join(GroupMember, col(GroupMember.group_id) == col(AssessmentOverride.group_id), isouter=True)
        .where(col(AssessmentOverride.run_id).in_(run_ids), col(AssessmentOverride.closes_at).is_not(None))
    ).all()
    found: dict[tuple[UUID, UUID], list[Any]] = defaultdict(list)
    for row in rows:
        found[row.run_id, row.assessment_id].append(row)
    return found


def _times(standard: datetime | None, run_closes_at: datetime | None, exceptions: Collection[Any]) -> ClosingTimes:
    rules = closing_with(Rules(opens_at=None, closes_at=standard, time_limit=None, attempts_allowed=None), run_closes_at)
    run, groups, students = by_whom((row.group_id, row.enrollment_id, Override(closes_at=row.closes_at)) for row in exceptions)
    others: dict[UUID, datetime] = {}
    for enrollment_id in {*groups, *students}:
        theirs = effective(rules, run=run, groups=groups.get(enrollment_id, ()), student=students.get(enrollment_id)).closes_at
        if theirs is not None:
            others[enrollment_id] = theirs
    return ClosingTimes(everybody=effective(rules, run=run).closes_at, others=others)
