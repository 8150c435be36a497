"""The students of a course as a table: searched, narrowed and sorted in the process, read by windows."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import registry, risk
from lms_app.domain.analytics.activity_metrics import AWAY_DAYS
from lms_app.domain.analytics.student_figures import StudentFigures, as_of, figures_of_run
from lms_app.domain.analytics.student_views import StudentLine, StudentTableHead, StudentWindow
from lms_app.domain.courses import access
from lms_app.domain.enrollments.progress_rules import percent_of
from lms_app.domain.enrollments.roster import Named, matching, named
from lms_app.domain.notifications.queries import day_in_words, when_in_words
from lms_app.models import Group, GroupMember, Person

MOST_ROWS = 100
Narrow = Literal["all", "unstarted", "inactive", "at_risk", "completed"]
Sort = Literal["name", "visited", "progress", "score", "time", "enrolled"]
NOTES = ("last_active", "mean_score_of_person", "time_by_person")


def table_head(session: Session, actor: Actor, course_id: UUID) -> StudentTableHead:
    """What the students of a course may be narrowed to, and what their figures mean. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    groups = session.exec(select(Group.id, Group.name).where(Group.run_id == run.id).order_by(Group.name)).all()
    return StudentTableHead(
        groups=[(str(group_id), name) for group_id, name in groups],
        metrics=registry.notes(*NOTES),
        may_write=access.role_in(session, actor, course.id) in access.MARKERS,
        as_of=as_of(session, actor),
    )


def window(
    session: Session,
    actor: Actor,
    course_id: UUID,
    *,
    first: int = 0,
    rows: int = 50,
    search: str = "",
    sort: Sort = "name",
    descending: bool = False,
    narrow: Narrow = "all",
    group_id: UUID | None = None,
) -> StudentWindow:
    """A part of those who take the newest run of a course and match, in the order asked for. Who has no value comes last. Raises NotFound."""
    run = access.current_run(session, access.staffed_course(session, actor, course_id).id)
    everybody = named(session, run.id)
    # By the rules and thresholds of the page of those at risk, without those whom somebody has dismissed there.
    risks = risk.look(session, run) if narrow == "at_risk" else None
    flagged = {one.student.enrollment_id: one for one in risks.open} if risks else {}
    inside = _members(session, group_id) if group_id else None
    found = [
        one
        for one in matching(everybody, search)
        if (inside is None or one.enrollment_id in inside) and (risks is None or one.enrollment_id in flagged)
    ]
    part = slice(first, first + min(rows, MOST_ROWS))
    # Where names alone decide who is shown, of ten thousand students only those are read.
    by_name = sort == "name" and narrow in ("all", "at_risk")
    if by_name:
        shown = _by_name(found, descending)[part]
        figures = figures_of_run(session, run.id, [one.enrollment_id for one in shown])
    else:
        figures = figures_of_run(session, run.id)
        found = _sorted(_narrowed(found, figures, narrow), figures, sort, descending)
        shown = found[part]
    why = risk.sentences(session, risks, [flagged[one.enrollment_id] for one in shown]) if risks else {}
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    lines = [_line(str(one.enrollment_id), one.name, figures[one.enrollment_id], why.get(one.enrollment_id, ""), zone) for one in shown]
    return StudentWindow(students=len(everybody), total=len(found), first=first, lines=lines)


def _narrowed(people: list[Named], figures: dict[UUID, StudentFigures], narrow: Narrow) -> list[Named]:
    now = clock.now()
    return [one for one in people if one.enrollment_id in figures and _is_asked_for(figures[one.enrollment_id], narrow, now)]


def _by_name(people: list[Named], descending: bool) -> list[Named]:
    """They are in the order of their names already."""
    return people[::-1] if descending else people


def _sorted(people: list[Named], figures: dict[UUID, StudentFigures], sort: Sort, descending: bool) -> list[Named]:
    """Those without a value come last, and equals by their names: sorting keeps the order in which they are."""
    if sort == "name":
        return _by_name(people, descending)
    value = _VALUES[sort]
    known = [(value(figures[one.enrollment_id]), one) for one in people]
    without = [one for key, one in known if key is None]
    return [one for _, one in sorted([pair for pair in known if pair[0] is not None], key=lambda pair: pair[0], reverse=descending)] + without


def score_percent(score: Decimal | None) -> int | None:
    """A mean of fractions as whole percent, rounded down as everywhere."""
    return None if score is None else int(score * 100)


def _members(session: Session, group_id: UUID) -> set[UUID]:
    return set(session.exec(select(GroupMember.enrollment_id).where(GroupMember.group_id == group_id)).all())


def _is_asked_for(figures: StudentFigures, narrow: Narrow, now: datetime) -> bool:
    match narrow:
        case "unstarted":
            return figures.visited is None and not figures.completed
        case "inactive":
            return figures.visited is not None and not figures.completed and figures.visited < now - timedelta(days=AWAY_DAYS)
        case "completed":
            return figures.completed
        case _:
            return True


_VALUES = {
    "visited": lambda one: one.visited,
    "progress": lambda one: (one.completed, percent_of(one.done, one.total)),
    "score": lambda one: one.score,
    "time": lambda one: one.seconds,
    "enrolled": lambda one: one.enrolled_at,
}


def _line(enrollment_id: str, name: str, figures: StudentFigures, why: str, zone: ZoneInfo) -> StudentLine:
    return StudentLine(
        id=enrollment_id,
        name=name,
        visited=when_in_words(figures.visited, zone) if figures.visited else "",
        percent=percent_of(figures.done, figures.total),
        done=figures.done,
        total=figures.total,
        score=score_percent(figures.score),
        minutes=figures.seconds // 60,
        enrolled=when_in_words(figures.enrolled_at, zone),
        enrolled_on=day_in_words(figures.enrolled_at, zone),
        completed=figures.completed,
        why=why,
    )
