"""What time brings: quizzes that are due, overdue or open now, receipts, and for the staff what has gathered.

The scheduler asks for it twice a minute. Each statement begins at an index with what is near in time, and leaves out what was told: a due date that
was moved is told of anew, since its moment is in the unique key. After everything was down nothing is told that is past: a warning looks ahead, the
others a day back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.enrollments.openings import openings_of_many
from lms_app.domain.notifications import inbox
from lms_app.domain.notifications.inbox import Notice
from lms_app.domain.notifications.telling import day_span
from lms_app.models import Enrollment
from lms_app.words import NodeKind, NotificationKind

REMIND = "notifications.remind"

BATCH = 500
AHEAD = timedelta(days=1)
"""How long before its end a quiz is told of that was not handed in."""

BACK = timedelta(days=1)
"""How old it may be what is overdue or was opened."""

RECENT = timedelta(hours=1)
"""How far back what has just happened is looked for: longer than anything is usually down."""

ABSENT = timedelta(days=7)
"""Who has not come for so long is counted on Mondays."""

Step = Callable[[Session, UUID | None], UUID | None]
"""Tells some, of whom it is asked after an enrolment, and gives the enrolment to go on after, None at the end."""


def due_soon(session: Session, after: UUID | None) -> UUID | None:
    """Warns of quizzes that end within a day."""
    now = clock.now()
    rows = session.execute(_DUE, _span("due_soon", now, now + AHEAD, after)).all()
    return _tell_due(session, NotificationKind.DUE_SOON, "due_soon", rows)


def overdue(session: Session, after: UUID | None) -> UUID | None:
    """Tells of quizzes that ended within the last day and were not handed in."""
    now = clock.now()
    rows = session.execute(_DUE, _span("overdue", now - BACK, now, after)).all()
    return _tell_due(session, NotificationKind.OVERDUE, "overdue", rows)


def opened_quizzes(session: Session, after: UUID | None) -> UUID | None:
    """Tells of quizzes that have opened within the last day and may be begun: by their dates, and by those of exceptions."""
    now = clock.now()
    rows = session.execute(_OPENED, _span("opened", now - BACK, now, after)).all()
    enrollments = session.exec(select(Enrollment).where(col(Enrollment.id).in_({row.enrollment_id for row in rows}))).all() if rows else []
    openings = openings_of_many(session, enrollments)
    free = [row for row in rows if openings[row.enrollment_id].of(row.assessment_id).fresh]
    for course_id, some in _by_course(free).items():
        notices = [
            Notice(
                person_id=row.person_id,
                unique_key=_key("opened", row),
                subjects={"course": str(course_id), "node_kind": NodeKind.ASSESSMENT.value, "node": str(row.assessment_id)},
            )
            for row in some
        ]
        inbox.deliver_many(session, NotificationKind.OPENED, notices)
    return _next(rows)


def receipts(session: Session, after: UUID | None) -> UUID | None:
    """Confirms what was handed in within the last hour, but for practice."""
    rows = session.execute(_SUBMITTED, {"since": clock.now() - RECENT, "after": after or UUID(int=0), "limit": BATCH}).all()
    for course_id, some in _by_course(rows).items():
        notices = [
            Notice(
                person_id=row.person_id,
                unique_key=f"submitted:{row.attempt_id}",
                subjects={"course": str(course_id), "assessment": str(row.assessment_id), "at": row.at.isoformat()},
            )
            for row in some
        ]
        inbox.deliver_many(session, NotificationKind.SUBMITTED, notices)
    return rows[-1].attempt_id if len(rows) == BATCH else None


def for_staff(session: Session, after: UUID | None) -> UUID | None:
    """Tells the staff who came today and what there is to mark, one notification a day for each course or quiz, which counts when it is read; and on
    Mondays how many do not come."""
    now = clock.now()
    since = now - RECENT
    for row in session.execute(_CAME, {"since": since}).all():
        day = now.astimezone(ZoneInfo(row.time_zone)).date()
        if row.at >= day_span(day, ZoneInfo(row.time_zone))[0]:
            about = {"course": str(row.course_id), "day": day.isoformat(), "zone": row.time_zone}
            _once_a_day(session, row, NotificationKind.NEW_ENROLMENTS, f"arrivals:{row.course_id}:{row.person_id}:{day}", about)
    for row in session.execute(_TO_MARK, {"since": since}).all():
        day = now.astimezone(ZoneInfo(row.time_zone)).date()
        about = {"course": str(row.course_id), "assessment": str(row.assessment_id)}
        _once_a_day(session, row, NotificationKind.TO_MARK, f"to_mark:{row.assessment_id}:{row.person_id}:{day}", about)
    _inactive(session, now)
    return None


def _once_a_day(session: Session, row: Any, kind: NotificationKind, key: str, about: dict[str, str]) -> None:
    """The day's notification; where it was read before this came, it asks to be read again, without a mail of its own."""
    if not inbox.deliver(session, row.person_id, kind, unique_key=key, **about):
        inbox.renew(session, row.person_id, key, moved_at=row.at)


def _inactive(session: Session, now: datetime) -> None:
    for zone_name in session.execute(_ZONES).scalars().all():
        local = now.astimezone(ZoneInfo(zone_name))
        # Before digests go out, and not on a Monday that has passed while nobody was there to tell.
        if local.weekday() != 0 or not time(5) <= local.time() < time(12):
            continue
        week: date = local.date()
        rows = session.execute(_AWAY, {"zone": zone_name, "before": now - ABSENT}).all()
        for row in rows:
            key = f"inactive:{row.course_id}:{row.person_id}:{week}"
            inbox.deliver(
                session, row.person_id, NotificationKind.INACTIVE_STUDENTS, unique_key=key, course=str(row.course_id), count=int(row.students)
            )


def _span(prefix: str, begins: datetime, ends: datetime, after: UUID | None) -> dict[str, Any]:
    return {
        "prefix": prefix,
        "begins": begins,
        "ends": ends,
        # What settings say is text, in whatever zone it was written: a day more on both sides, and the exact moment is looked at afterwards.
        "early": (begins - timedelta(days=1)).date().isoformat(),
        "late": (ends + timedelta(days=2)).date().isoformat(),
        "after": after or UUID(int=0),
        "limit": BATCH,
    }


def _tell_due(session: Session, kind: NotificationKind, prefix: str, rows: Sequence[Any]) -> UUID | None:
    for course_id, some in _by_course(rows).items():
        notices = [
            Notice(
                person_id=row.person_id,
                unique_key=_key(prefix, row),
                subjects={"course": str(course_id), "assessment": str(row.assessment_id), "due": row.at.isoformat()},
            )
            for row in some
        ]
        inbox.deliver_many(session, kind, notices)
    return _next(rows)


def _key(prefix: str, row: Any) -> str:
    return f"{prefix}:{row.assessment_id}:{row.enrollment_id}:{int(row.at.timestamp())}"


def _by_course(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.course_id].append(row)
    return found


def _next(rows: Sequence[Any]) -> UUID | None:
    return rows[-1].enrollment_id if len(rows) == BATCH else None


def _moments(name: str, kindest: str, after: str) -> Any:
    """Those who take a quiz of which the settings or an exception say something within a span; each by their own moment, and not told of it yet."""
    return text(
        f"""
        WITH near AS (
            SELECT a.id, a.course_id, CAST(r.settings ->> '{name}' AS timestamptz) AS at
            FROM assessment_revisions r JOIN assessments a ON a.published_revision_id = r.id
            WHERE r.settings ->> '{name}' IS NOT NULL AND (r.settings ->> '{name}') BETWEEN :early AND :late
            UNION
            SELECT a.id, a.course_id, CAST(r.settings ->> '{name}' AS timestamptz)
            FROM assessment_overrides o JOIN assessments a ON a.id = o.assessment_id JOIN assessment_revisions r ON r.id = a.published_revision_id
            WHERE o.{name} IS NOT NULL AND o.{name} BETWEEN :begins AND :ends
        ), shown AS (
            SELECT near.* FROM near JOIN assessments a ON a.id = near.id JOIN courses c ON c.id = near.course_id JOIN pages p ON p.id = a.page_id
            JOIN lessons l ON l.id = p.lesson_id JOIN modules m ON m.id = l.module_id
            WHERE a.status = 'published' AND a.archived_at IS NULL AND NOT a.practice AND c.status = 'published'
            AND p.status = 'published' AND coalesce(p.archived_at, l.archived_at, m.archived_at) IS NULL
        )
        SELECT e.id AS enrollment_id, e.person_id, e.course_id, shown.id AS assessment_id, own.at
        FROM shown JOIN enrollments e ON e.course_id = shown.course_id AND e.status = 'active' JOIN runs ON runs.id = e.run_id
        CROSS JOIN LATERAL (
            SELECT {"least(" if name == "closes_at" else "("}coalesce(
                (SELECT o.{name} FROM assessment_overrides o WHERE o.assessment_id = shown.id AND o.run_id = e.run_id AND o.enrollment_id = e.id),
                (SELECT {kindest}(o.{name}) FROM assessment_overrides o JOIN group_members g ON g.group_id = o.group_id
                 WHERE o.assessment_id = shown.id AND o.run_id = e.run_id AND g.enrollment_id = e.id),
                (SELECT o.{name} FROM assessment_overrides o
                 WHERE o.assessment_id = shown.id AND o.run_id = e.run_id AND o.group_id IS NULL AND o.enrollment_id IS NULL),
                shown.at){", runs.closes_at" if name == "closes_at" else ""}) AS at
        ) own
        WHERE own.at > :begins AND own.at <= :ends AND e.enrolled_at < own.at AND e.id > :after
        AND coalesce(runs.opens_at, own.at) <= own.at {after}
        AND NOT EXISTS (
            SELECT FROM notifications n
            WHERE n.unique_key = :prefix || ':' || shown.id || ':' || e.id || ':' || CAST(extract(epoch FROM date_trunc('second', own.at)) AS bigint)
        )
        ORDER BY e.id LIMIT :limit
        """  # noqa: S608 - of names above alone
    )


_DUE = _moments(
    "closes_at",
    "max",
    "AND NOT EXISTS (SELECT FROM attempts t WHERE t.enrollment_id = e.id AND t.assessment_id = shown.id AND t.submitted_at IS NOT NULL)",
)
_OPENED = _moments(
    "opens_at",
    "min",
    "AND NOT EXISTS (SELECT FROM attempts t WHERE t.enrollment_id = e.id AND t.assessment_id = shown.id)",
)

_SUBMITTED = text(
    """
    SELECT t.id AS attempt_id, t.person_id, t.course_id, t.assessment_id, t.submitted_at AS at
    FROM attempts t JOIN assessments a ON a.id = t.assessment_id
    WHERE t.submitted_at > :since AND t.status IN ('submitted', 'handed_in') AND NOT a.practice AND t.id > :after
    AND NOT EXISTS (SELECT FROM notifications n WHERE n.unique_key = 'submitted:' || t.id)
    ORDER BY t.id LIMIT :limit
    """
)

# Who is on the staff hears of it, but for viewers; of marking, whoever marks.
_CAME = text(
    """
    SELECT e.course_id, m.person_id, p.time_zone, max(e.enrolled_at) AS at
    FROM enrollments e JOIN memberships m ON m.course_id = e.course_id AND m.role IN ('owner', 'editor') JOIN people p ON p.id = m.person_id
    WHERE e.enrolled_at > :since AND e.status = 'active' AND e.person_id <> m.person_id
    GROUP BY e.course_id, m.person_id, p.time_zone
    """
)
_TO_MARK = text(
    """
    SELECT t.course_id, t.assessment_id, m.person_id, p.time_zone, max(t.submitted_at) AS at
    FROM attempts t JOIN memberships m ON m.course_id = t.course_id AND m.role IN ('owner', 'editor', 'grader') JOIN people p ON p.id = m.person_id
    WHERE t.pending > 0 AND t.submitted_at > :since AND t.status = 'submitted'
    GROUP BY t.course_id, t.assessment_id, m.person_id, p.time_zone
    """
)
_ZONES = text("SELECT DISTINCT p.time_zone FROM memberships m JOIN people p ON p.id = m.person_id WHERE m.role IN ('owner', 'editor')")
_AWAY = text(
    """
    SELECT m.course_id, m.person_id, count(*) AS students
    FROM memberships m JOIN people p ON p.id = m.person_id AND p.time_zone = :zone JOIN courses c ON c.id = m.course_id AND c.status = 'published'
    JOIN enrollments e ON e.course_id = m.course_id AND e.status = 'active' AND e.completed_at IS NULL JOIN runs r ON r.id = e.run_id
    WHERE m.role IN ('owner', 'editor') AND coalesce(e.last_active_at, e.enrolled_at) < :before
    AND coalesce(r.opens_at, :before) <= :before AND (r.closes_at IS NULL OR r.closes_at > :before)
    GROUP BY m.course_id, m.person_id
    """
)


STEPS: tuple[Step, ...] = (due_soon, overdue, opened_quizzes, receipts, for_staff)
"""Each is carried out to its end, every batch in a transaction of its own."""
