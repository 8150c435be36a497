"""What time brings: quizzes that are due, overdue or open now, receipts, and for the staff what has gathered.

The scheduler asks for it twice a minute. What is near in time is found by an index; whose moment that is, is asked where the calendar asks
(`enrollments/due_times.py`); what was told is left out. A due date that was moved is told of anew, since its moment is in the unique key. After
everything was down nothing is told that is past: a warning looks ahead, the others a day back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.enrollments.due_times import run_times
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

Span = tuple[datetime, datetime]
Step = Callable[[Session, UUID | None], UUID | None]
"""Tells some, of whom it is asked after an enrolment, and gives the enrolment to go on after, None at the end."""


def due_soon(session: Session, after: UUID | None) -> UUID | None:
    """Warns of quizzes that end within a day."""
    now = clock.now()
    return _tell_due(session, NotificationKind.DUE_SOON, "due_soon", _whose(session, _DUE, "due_soon", (now, now + AHEAD), after))


def overdue(session: Session, after: UUID | None) -> UUID | None:
    """Tells of quizzes that ended within the last day and were not handed in."""
    now = clock.now()
    return _tell_due(session, NotificationKind.OVERDUE, "overdue", _whose(session, _DUE, "overdue", (now - BACK, now), after))


def opened_quizzes(session: Session, after: UUID | None) -> UUID | None:
    """Tells of quizzes that have opened within the last day and may be begun: by their dates, and by those of exceptions."""
    now = clock.now()
    rows = _whose(session, _OPENED, "opened", (now - BACK, now), after)
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


def _whose(session: Session, step: "_Step", prefix: str, span: Span, after: UUID | None) -> Sequence[Any]:
    """Those whose quiz is due or opens within a span (after its beginning, up to its end), each by their own times, and who were not told yet."""
    begins, ends = span
    # What settings say is text, in whatever zone it was written, and so are the dates of parts: a day more on both sides, and the exact moment is
    # looked at afterwards.
    near = {"begins": begins, "ends": ends, "early": (begins - timedelta(days=1)).date().isoformat()}
    found = session.execute(step.near, near | {"late": (ends + timedelta(days=2)).date().isoformat()}).all()
    times = run_times(session, [(row.run_id, row.assessment_id) for row in found])
    everybody: list[tuple[UUID, UUID, datetime]] = []
    others: list[tuple[UUID, UUID, datetime | None]] = []
    for (run_id, quiz_id), each in times.items():
        moment = getattr(each.everybody, step.name)
        if moment is not None and begins < moment <= ends:
            everybody.append((run_id, quiz_id, moment))
        theirs = ((key, getattr(own, step.name)) for key, own in each.others.items())
        others += [(key, quiz_id, moment if moment is not None and begins < moment <= ends else None) for key, moment in theirs]
    if not everybody and not any(moment for _, _, moment in others):
        return []
    asked = {"prefix": prefix, "after": after or UUID(int=0), "limit": BATCH}
    asked |= dict(zip(("runs", "quizzes", "ats"), map(list, zip(*everybody, strict=True)) if everybody else ([], [], []), strict=True))
    asked |= dict(zip(("enrollments", "their_quizzes", "their_ats"), map(list, zip(*others, strict=True)) if others else ([], [], []), strict=True))
    return session.execute(step.whose, asked).all()


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


@dataclass(frozen=True)
class _Step:
    """How those are found of whom something is told: `near` gives the quizzes and runs of which any date lies near, `whose` the people of those with
    their moments. `name` is that of the moment in `Times`."""

    name: str
    near: Any
    whose: Any


def _step(name: str, date: str, without: str, *, also: str = "") -> _Step:
    near = text(
        f"""
        WITH near AS (
            SELECT a.id, r.id AS run_id FROM assessment_revisions v JOIN assessments a ON a.published_revision_id = v.id
            JOIN runs r ON r.course_id = a.course_id
            WHERE v.settings ->> '{date}' IS NOT NULL AND (v.settings ->> '{date}') BETWEEN :early AND :late
            UNION SELECT o.assessment_id, o.run_id FROM assessment_overrides o WHERE o.{date} IS NOT NULL AND o.{date} BETWEEN :begins AND :ends
            {also}
        )
        SELECT near.run_id, near.id AS assessment_id
        FROM near JOIN assessments a ON a.id = near.id JOIN courses c ON c.id = a.course_id JOIN pages p ON p.id = a.page_id
        JOIN lessons l ON l.id = p.lesson_id JOIN modules m ON m.id = l.module_id
        WHERE a.status = 'published' AND a.archived_at IS NULL AND NOT a.practice AND c.status = 'published'
        AND p.status = 'published' AND coalesce(p.archived_at, l.archived_at, m.archived_at) IS NULL
        """  # noqa: S608 - of names below alone
    )
    whose = text(
        f"""
        WITH others AS MATERIALIZED (
            SELECT * FROM unnest(CAST(:enrollments AS uuid[]), CAST(:their_quizzes AS uuid[]), CAST(:their_ats AS timestamptz[]))
                AS t (enrollment_id, assessment_id, at)
        ), own AS (
            SELECT e.id, t.assessment_id, t.at FROM unnest(CAST(:runs AS uuid[]), CAST(:quizzes AS uuid[]), CAST(:ats AS timestamptz[]))
                AS t (run_id, assessment_id, at) JOIN enrollments e ON e.run_id = t.run_id
            WHERE NOT EXISTS (SELECT FROM others o WHERE o.enrollment_id = e.id AND o.assessment_id = t.assessment_id)
            UNION ALL SELECT enrollment_id, assessment_id, at FROM others WHERE at IS NOT NULL
        )
        SELECT e.id AS enrollment_id, e.person_id, e.course_id, own.assessment_id, own.at
        FROM own JOIN enrollments e ON e.id = own.id AND e.status = 'active' JOIN runs ON runs.id = e.run_id
        WHERE e.enrolled_at < own.at AND e.id > :after AND coalesce(runs.opens_at, own.at) <= own.at
        AND NOT EXISTS (SELECT FROM attempts t WHERE t.enrollment_id = e.id AND t.assessment_id = own.assessment_id {without})
        AND NOT EXISTS (
            SELECT FROM notifications n WHERE n.unique_key =
                :prefix || ':' || own.assessment_id || ':' || e.id || ':' || CAST(extract(epoch FROM date_trunc('second', own.at)) AS bigint)
        )
        ORDER BY e.id LIMIT :limit
        """  # noqa: S608 - of names below alone
    )
    return _Step(name, near, whose)


_DUE = _step(
    "due_at",
    "closes_at",
    "AND t.submitted_at IS NOT NULL",
    # A run that ends, and a part that closes, may end a quiz before its own date.
    also="""
            UNION SELECT a.id, r.id FROM runs r JOIN assessments a ON a.course_id = r.course_id WHERE r.closes_at BETWEEN :begins AND :ends
            UNION SELECT a.id, r.id FROM availabilities v CROSS JOIN jsonb_path_query(v.rule, '$.conditions[*] ? (@.kind == "until").at') AS shut
            JOIN assessments a ON a.course_id = v.course_id JOIN runs r ON r.course_id = v.course_id
            WHERE (shut #>> '{}') BETWEEN :early AND :late""",
)
_OPENED = _step("opens_at", "opens_at", "")

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
