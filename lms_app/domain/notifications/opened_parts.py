"""Parts of courses that have opened for their students since they were looked at last: by a date, by days after enrolment, or by what a student did.

What opened is found by judging each student's openings twice: as they are, and as they were at the last look. So a part that stands in one that is
still closed is not told of, and one that was open before neither.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.courses.availability_rules import Availability, Days, From, first_moment
from lms_app.domain.courses.outline import Outline, published_outlines
from lms_app.domain.enrollments.openings import StudentStanding, availabilities, openings_in, read_standings
from lms_app.domain.notifications import inbox
from lms_app.domain.notifications.inbox import Notice
from lms_app.models import Enrollment, NodeAvailability, SweepMark
from lms_app.words import NotificationKind

BATCH = 500
NAME = "opened_parts"
BEGUN = "opened_parts_begun"
OVERLAP = timedelta(minutes=1)
"""How far the next look goes back before the beginning of this one, so that what commits late is not passed by. Unique keys make it once."""

LONGEST = timedelta(hours=12)
"""How far back is looked where nobody has looked for longer."""


def opened_parts(session: Session, after: UUID | None) -> UUID | None:
    """Tells of what has opened, at most BATCH students of whom it is asked after an enrolment; gives the one to go on after, None at the end."""
    now = clock.now()
    if after is None:
        _mark(session, BEGUN, now)
    mark = session.get(SweepMark, NAME)
    since = max(mark.until - OVERLAP, now - LONGEST) if mark else now - OVERLAP
    dated, ruled = _courses(session, since, now)
    rows = _enrollments(session, dated, ruled, since, after) if dated or ruled else []
    if rows:
        _tell(session, rows, since)
    if len(rows) == BATCH:
        return rows[-1].id
    _mark(session, NAME, session.get_one(SweepMark, BEGUN, populate_existing=True).until)
    return None


def _mark(session: Session, name: str, until: datetime) -> None:
    row = insert(SweepMark).values(name=name, until=until)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"until": until}))


def _courses(session: Session, since: datetime, now: datetime) -> tuple[list[UUID], list[UUID]]:
    """Published courses in which the clock may have opened something, and those in which what a student does may."""
    dated: set[UUID] = set()
    ruled: set[UUID] = set()
    zones: dict[UUID, set[ZoneInfo]] = {}
    for course_id, zone in session.execute(_ZONES).all():
        zones.setdefault(course_id, set()).add(ZoneInfo(zone))
    for course_id, rules in availabilities(session, list(zones)).items():
        for rule in rules.values():
            if rule.waits_for:
                ruled.add(course_id)
            if any(_may_open(rule, zone, since, now) for zone in zones[course_id]):
                dated.add(course_id)
    return list(dated), list(ruled)


def _may_open(rule: Availability, zone: ZoneInfo, since: datetime, now: datetime) -> bool:
    for condition in rule.opening:
        if isinstance(condition, From) and since < first_moment(condition.at, zone) <= now:
            return True
        if isinstance(condition, Days) and since.astimezone(zone).date() < now.astimezone(zone).date():
            return True
    return False


def _enrollments(session: Session, dated: list[UUID], ruled: list[UUID], since: datetime, after: UUID | None) -> list[Enrollment]:
    ids = session.execute(_STUDENTS, {"dated": dated, "ruled": ruled, "since": since, "after": after or UUID(int=0), "limit": BATCH}).scalars().all()
    return list(session.exec(select(Enrollment).where(col(Enrollment.id).in_(ids)).order_by(col(Enrollment.id))).all())


def _tell(session: Session, rows: list[Enrollment], since: datetime) -> None:
    courses = {row.course_id for row in rows}
    rules = availabilities(session, courses)
    outlines = published_outlines(session, courses)
    standings = read_standings(session, rows, [rule for each in rules.values() for rule in each.values()])
    recent = _recent(session, [row.id for row in rows], since)
    versions = {
        row.node_id: (row.node_kind, row.version)
        for row in session.exec(select(NodeAvailability).where(col(NodeAvailability.course_id).in_(courses))).all()
    }
    for course_id in courses:
        shown = _shown(outlines[course_id])
        notices: list[Notice] = []
        for row in rows:
            if row.course_id != course_id:
                continue
            standing = standings[row.id]
            for node in _opened(outlines[course_id], rules.get(course_id, {}), standing, recent.get(row.id, frozenset()), since):
                if node in shown and node not in standing.begun and node not in standing.completed:
                    kind, version = versions[node]
                    subjects = {"course": str(course_id), "node_kind": str(kind), "node": str(node)}
                    notices.append(Notice(person_id=row.person_id, unique_key=f"opened:{node}:{row.id}:v{version}", subjects=subjects))
        inbox.deliver_many(session, NotificationKind.OPENED, notices)


def _opened(outline: Outline, rules: Mapping[UUID, Availability], standing: StudentStanding, recent: Collection[UUID], since: datetime) -> list[UUID]:
    """The parts with a rule that may be begun now and could not at the last look."""
    present = openings_in(outline, rules, standing)
    with clock.moved_to(since):
        scores = {quiz: score for quiz, score in standing.scores.items() if quiz not in recent}
        past = openings_in(outline, rules, replace(standing, completed=standing.completed - frozenset(recent), scores=scores))
    return [node for node in rules if present.of(node).fresh and not past.of(node).fresh]


def _recent(session: Session, ids: list[UUID], since: datetime) -> dict[UUID, frozenset[UUID]]:
    """What each has completed since, and the quizzes of which they have a score since."""
    found: dict[UUID, set[UUID]] = {}
    for enrollment_id, node_id in session.execute(_RECENT, {"ids": ids, "since": since}).all():
        found.setdefault(enrollment_id, set()).add(node_id)
    return {enrollment_id: frozenset(nodes) for enrollment_id, nodes in found.items()}


def _shown(outline: Outline) -> set[UUID]:
    parts: set[UUID] = {item.id for item in outline.items()}
    for module in outline.modules:
        parts |= {module.id, *(lesson.id for lesson in module.lessons), *(page.id for lesson in module.lessons for page in lesson.pages)}
    return parts


_ZONES: Any = text(
    "SELECT DISTINCT r.course_id, r.time_zone FROM runs r JOIN courses c ON c.id = r.course_id AND c.status = 'published' "
    "WHERE EXISTS (SELECT FROM availabilities a WHERE a.course_id = c.id)"
)
_STUDENTS: Any = text(
    """
    SELECT e.id FROM enrollments e JOIN runs r ON r.id = e.run_id
    WHERE e.status = 'active' AND e.id > :after AND e.enrolled_at <= :since AND coalesce(r.opens_at, :since) <= :since
    AND (e.course_id = ANY(:dated) OR e.course_id = ANY(:ruled) AND (
        EXISTS (SELECT FROM progress p WHERE p.enrollment_id = e.id AND p.updated_at > :since)
        OR EXISTS (SELECT FROM attempts t WHERE t.enrollment_id = e.id AND t.released_at > :since)
    ))
    ORDER BY e.id LIMIT :limit
    """
)
_RECENT: Any = text(
    "SELECT enrollment_id, node_id FROM completions WHERE enrollment_id = ANY(:ids) AND completed_at > :since "
    "UNION SELECT enrollment_id, assessment_id FROM attempts WHERE enrollment_id = ANY(:ids) AND released_at > :since"
)
