"""When a quiz opens and is due for those who take a run: what the calendar shows, and what reminders go by.

A quiz is due when it closes for the student: by its settings or an exception, at the latest when the run ends, for whom no exception says otherwise,
and when a part that holds it closes. One that has no such date of its own is not due: it ends with the run.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.domain.assessments.override_rules import Override, Rules, by_whom, closing_with, effective
from lms_app.domain.courses.availability_rules import Availability, closing_moment
from lms_app.domain.courses.outline import Outline, published_outlines
from lms_app.domain.enrollments.openings import availabilities
from lms_app.models import Assessment, AssessmentOverride, AssessmentRevision, GroupMember, Run

Quiz = tuple[UUID, UUID]
"""A run and a quiz in it."""


class Times(NamedTuple):
    """When a quiz opens by its own dates and when it is due, None where it is not."""

    opens_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class RunTimes:
    """The times of a quiz in a run: of everybody, and of each enrolment that has an exception."""

    everybody: Times
    others: Mapping[UUID, Times]


def own_times(
    opens_at: datetime | None,
    closes_at: datetime | None,
    *,
    run_closes_at: datetime | None = None,
    shut_at: datetime | None = None,
    run: Override | None = None,
    groups: Sequence[Override] = (),
    student: Override | None = None,
) -> Times:
    """The times of one student: of a quiz with these settings, in a run that ends then, with these exceptions, in parts that are shut then."""
    standard = Rules(opens_at=opens_at, closes_at=closes_at, time_limit=None, attempts_allowed=None)
    exceptions: dict[str, Any] = {"run": run, "groups": groups, "student": student}
    own = effective(standard, **exceptions)
    if own.closes_at is None and shut_at is None:
        return Times(own.opens_at, None)
    held = effective(closing_with(standard, run_closes_at), **exceptions)
    return Times(own.opens_at, min(filter(None, (held.closes_at, shut_at))))


def run_times(session: Session, quizzes: Collection[Quiz]) -> dict[Quiz, RunTimes]:
    """The times of these published quizzes, each for everybody in its run: a constant number of statements."""
    if not quizzes:
        return {}
    run_ids, quiz_ids = {run_id for run_id, _ in quizzes}, {quiz_id for _, quiz_id in quizzes}
    runs = {row.id: row for row in session.exec(select(Run).where(col(Run.id).in_(run_ids))).all()}
    settings = _settings(session, quiz_ids)
    exceptions = _exceptions(session, run_ids, quiz_ids)
    rules = availabilities(session, {run.course_id for run in runs.values()})
    outlines = published_outlines(session, set(rules))
    shut: dict[UUID, dict[UUID, datetime]] = {
        run.id: shut_times(outlines[run.course_id], rules[run.course_id], ZoneInfo(run.time_zone)) for run in runs.values() if run.course_id in rules
    }
    found: dict[Quiz, RunTimes] = {}
    for run_id, quiz_id in quizzes:
        opens_at, closes_at = settings.get(quiz_id, (None, None))
        facts = {"run_closes_at": runs[run_id].closes_at, "shut_at": shut.get(run_id, {}).get(quiz_id)}
        found[run_id, quiz_id] = _run_times(opens_at, closes_at, facts, exceptions.get((run_id, quiz_id), ()))
    return found


def shut_times(outline: Outline, rules: Mapping[UUID, Availability], zone: ZoneInfo) -> dict[UUID, datetime]:
    """When the first part closes that holds a quiz, or the quiz itself, by quiz; without those that nothing closes."""
    closing = {node: moment for node, rule in rules.items() if (moment := closing_moment(rule, zone)) is not None}
    found: dict[UUID, datetime] = {}
    for module in outline.modules:
        for lesson in module.lessons:
            for page in lesson.pages:
                for quiz in page.quizzes:
                    around = [closing[node] for node in (module.id, lesson.id, page.id, quiz.id) if node in closing]
                    if around:
                        found[quiz.id] = min(around)
    return found


def _run_times(opens_at: datetime | None, closes_at: datetime | None, facts: Mapping[str, Any], exceptions: Collection[Any]) -> RunTimes:
    run, groups, students = by_whom((row.group_id, row.enrollment_id, Override(opens_at=row.opens_at, closes_at=row.closes_at)) for row in exceptions)
    return RunTimes(
        everybody=own_times(opens_at, closes_at, run=run, **facts),
        others={
            key: own_times(opens_at, closes_at, run=run, groups=groups.get(key, ()), student=students.get(key), **facts)
            for key in {*groups, *students}
        },
    )


def _settings(session: Session, quiz_ids: Collection[UUID]) -> dict[UUID, tuple[datetime | None, datetime | None]]:
    written = AssessmentRevision.settings
    rows = session.exec(
        select(Assessment.id, col(written)["opens_at"].astext, col(written)["closes_at"].astext)  # pyright: ignore[reportIndexIssue]
        .join(AssessmentRevision, col(AssessmentRevision.id) == col(Assessment.published_revision_id))
        .where(col(Assessment.id).in_(quiz_ids))
    ).all()
    return {quiz_id: (_moment(opens_at), _moment(closes_at)) for quiz_id, opens_at, closes_at in rows}


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _exceptions(session: Session, run_ids: Collection[UUID], quiz_ids: Collection[UUID]) -> dict[Quiz, list[Any]]:
    """One row for the run, one for a student, one for each member of a group."""
    rows = session.exec(
        select(
            AssessmentOverride.run_id,
            AssessmentOverride.assessment_id,
            AssessmentOverride.group_id,
            func.coalesce(AssessmentOverride.enrollment_id, GroupMember.enrollment_id).label("enrollment_id"),
            AssessmentOverride.opens_at,
            AssessmentOverride.closes_at,
        )  # pyright: ignore[reportCallIssue, reportArgumentType]
        .join(GroupMember, col(GroupMember.group_id) == col(AssessmentOverride.group_id), isouter=True)
        .where(col(AssessmentOverride.run_id).in_(run_ids), col(AssessmentOverride.assessment_id).in_(quiz_ids))
    ).all()
    found: dict[Quiz, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.run_id, row.assessment_id].append(row)
    return found
