"""Students at risk, read from roll-ups and grades: whom the thresholds of a course flag, or would."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.crypto import Unreadable, key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import nudges, registry
from lms_app.domain.analytics import risk_rules as rules
from lms_app.domain.analytics.risk_rules import Standing, Thresholds
from lms_app.domain.analytics.risk_views import FlaggedStudent, RiskSheet
from lms_app.domain.analytics.student_figures import as_of
from lms_app.domain.courses import access
from lms_app.domain.enrollments.roster import Named, named
from lms_app.domain.gradebook import grade_rules, reading
from lms_app.domain.notifications.queries import when_in_words
from lms_app.errors import Invalid
from lms_app.models import Course, Enrollment, Person, RiskDismissal, RiskThresholds, Run

MOST_ROWS = 50
NOTES = ("last_active", "items_completed", "progress")


@dataclass(frozen=True, kw_only=True)
class Flagged:
    """Somebody with reasons, told by their codes. `dismissal` is the one that holds."""

    student: Named
    standing: Standing
    reasons: tuple[str, ...]
    dismissal: RiskDismissal | None


@dataclass(frozen=True, kw_only=True)
class Look:
    """Everybody whom thresholds flag in a run. `quizzes` are the columns of its quizzes."""

    students: int
    median: int
    thresholds: Thresholds
    quizzes: list[UUID]
    flagged: list[Flagged]

    @property
    def open(self) -> list[Flagged]:
        """Those who are not dismissed."""
        return [one for one in self.flagged if one.dismissal is None]


def at_risk(
    session: Session, actor: Actor, course_id: UUID, *, tried: Thresholds | None = None, first: int = 0, dismissed: bool = False
) -> RiskSheet:
    """Whom the thresholds of a course flag, or would if they were those `tried`; those with most reasons first. `dismissed` gives those who are
    dismissed instead. Raises NotFound, Invalid."""
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    kept = thresholds_of(session, course.id)
    thresholds = tried or kept
    if wrong := rules.checked(thresholds):
        raise Invalid("These thresholds do not go that far.", fields=wrong)
    found = look(session, run, thresholds)
    asked_for = [one for one in found.flagged if one.dismissal is not None] if dismissed else found.open
    asked_for.sort(key=lambda one: -len(one.reasons))
    return RiskSheet(
        students=found.students,
        flagged=len(found.open),
        dismissed=len(found.flagged) - len(found.open),
        median=found.median,
        first=first,
        lines=_lines(session, actor, course, found, asked_for[first : first + MOST_ROWS]),
        values=asdict(thresholds),
        kept=asdict(kept),
        most=dict(rules.MOST),
        may_act=access.role_in(session, actor, course.id) in access.MARKERS,
        helped=nudges.helped(session, run),
        metrics=registry.notes(*NOTES),
        as_of=as_of(session, actor),
    )


def thresholds_of(session: Session, course_id: UUID) -> Thresholds:
    """The thresholds that hold in a course."""
    row = session.get(RiskThresholds, course_id)
    return Thresholds(**{name: getattr(row, name) for name in rules.MOST}) if row else Thresholds()


def look(session: Session, run: Run, thresholds: Thresholds | None = None) -> Look:
    """Everybody whom thresholds flag in a run, by name; for those who may see them. Without any they are those of the course. The same number of
    statements for any number of students."""
    thresholds = thresholds or thresholds_of(session, run.course_id)
    everybody = named(session, run.id)
    book = reading.read_book(session, run.id)
    median, standings = _standings(session, book, thresholds)
    query = select(RiskDismissal).join(Enrollment, col(Enrollment.id) == col(RiskDismissal.enrollment_id)).where(Enrollment.run_id == run.id)
    dismissals = {row.enrollment_id: row for row in session.exec(query).all()}
    flagged = []
    for one in everybody:
        standing = standings.get(one.enrollment_id)
        found = rules.reasons(standing, thresholds, median) if standing else ()
        if standing and found:
            dismissal = dismissals.get(one.enrollment_id)
            holds = dismissal is not None and rules.is_dismissed(found, dismissal.codes)
            flagged.append(Flagged(student=one, standing=standing, reasons=found, dismissal=dismissal if holds else None))
    quizzes = [UUID(column.id) for column in _quizzes(book)]
    return Look(students=len(everybody), median=median, thresholds=thresholds, quizzes=quizzes, flagged=flagged)


def sentences(session: Session, found: Look, some: Sequence[Flagged]) -> dict[UUID, str]:
    """Why each of some who were found is at risk, by enrolment, by one statement. How many quizzes somebody took is read for those alone."""
    low = [one.student.enrollment_id for one in some if one.standing.low]
    taken = {row.enrollment_id: row.quizzes for row in session.execute(_TAKEN, {"columns": found.quizzes, "enrollments": low})}

    def told(one: Flagged) -> str:
        return rules.told(one.reasons, one.standing, found.thresholds, found.median, taken.get(one.student.enrollment_id, 0))

    return {one.student.enrollment_id: told(one) for one in some}


def _quizzes(book: reading.Book) -> list[grade_rules.Column]:
    return [column for column in book.columns if book.quizzes[column.id]]


def _standings(session: Session, book: reading.Book, thresholds: Thresholds) -> tuple[int, dict[UUID, Standing]]:
    """What the student in the middle of those who have begun has done, and where those stand, by enrolment, who may have a reason: the rules say
    whether they have. Of ten thousand students most have none, and are not read."""
    now, quizzes = clock.now(), _quizzes(book)
    dues = [(UUID(column.id), due) for column in quizzes if (due := grade_rules.due(column, grade_rules.UNKNOWN))]
    over = [(column_id, due) for column_id, due in dues if due < now]
    asked = asdict(thresholds) | {"run": book.run_id, "now": now, "low": thresholds.low_percent / 100}
    asked |= {"columns": [UUID(column.id) for column in quizzes], "points": [column.points for column in quizzes]}
    asked |= {"over": [column_id for column_id, _ in over], "dues": [due for _, due in over]}
    rows = session.execute(_STANDINGS, asked).all()
    standings = {
        enrollment_id: Standing(completed=False, enrolled_days=enrolled, absent_days=absent, done=done, total=total, low=low, missed=missed)
        for _, enrollment_id, enrolled, absent, done, total, low, missed in rows
        if enrollment_id is not None
    }
    return rows[0][0], standings


# Who enrolled after something was due has not missed it, nor has whom an exception gives longer. Enrolling is an act, and no visit.
# Low marks are few, so they are read apart: those that quizzes made by the index of column and fraction, those that people gave by theirs.
_STANDINGS = text("""
WITH taking AS (
  SELECT e.id, e.completed_at IS NOT NULL AS completed, coalesce(p.done, 0) AS done, coalesce(p.total, 0) AS total,
    CAST(floor(extract(epoch FROM :now - e.enrolled_at) / 86400) AS int) AS enrolled_days,
    CASE WHEN f.items_started > 0 THEN CAST(floor(extract(epoch FROM :now - f.last_active_at) / 86400) AS int) END AS absent_days
  FROM enrollments e LEFT JOIN progress p ON p.enrollment_id = e.id
  LEFT JOIN learner_figures f ON f.run_id = e.run_id AND f.person_id = e.person_id
  WHERE e.run_id = :run AND e.status = 'active'
), middle AS (
  SELECT coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY done), 0) AS done FROM taking WHERE absent_days IS NOT NULL OR completed
), low_marks AS (
  SELECT g.enrollment_id FROM grades g
  WHERE g.column_id = ANY(CAST(:columns AS uuid[])) AND g.fraction < :low AND g.given IS NULL AND NOT g.excused AND NOT g.pending
  UNION ALL
  SELECT g.enrollment_id FROM unnest(CAST(:columns AS uuid[]), CAST(:points AS numeric[])) AS quiz(column_id, points)
  JOIN grades g ON g.column_id = quiz.column_id AND g.given IS NOT NULL AND NOT g.excused AND NOT g.pending
  WHERE coalesce(g.given / nullif(quiz.points, 0), g.fraction) < :low
), lows AS (
  SELECT enrollment_id, count(*) AS low FROM low_marks GROUP BY 1
), missed AS (
  SELECT e.id AS enrollment_id, count(*) AS missed
  FROM unnest(CAST(:over AS uuid[]), CAST(:dues AS timestamptz[])) AS over(column_id, due)
  JOIN grade_columns c ON c.id = over.column_id
  JOIN enrollments e ON e.run_id = :run AND e.status = 'active' AND e.completed_at IS NULL AND e.enrolled_at < over.due
  LEFT JOIN grades g ON g.enrollment_id = e.id AND g.column_id = c.id
  WHERE (g.enrollment_id IS NULL OR (g.fraction IS NULL AND g.given IS NULL AND g.handed_in_at IS NULL AND NOT g.pending AND NOT g.excused))
    AND NOT EXISTS (
      SELECT 1 FROM assessment_overrides o WHERE o.assessment_id = c.assessment_id AND o.run_id = :run AND o.closes_at > :now
        AND (o.enrollment_id = e.id OR (o.enrollment_id IS NULL AND o.group_id IS NULL)
          OR o.group_id IN (SELECT m.group_id FROM group_members m WHERE m.enrollment_id = e.id)))
  GROUP BY 1
), standings AS (
  SELECT t.id, t.enrolled_days, t.absent_days, t.done, t.total, coalesce(k.low, 0) AS low, coalesce(m.missed, 0) AS missed
  FROM taking t LEFT JOIN lows k ON k.enrollment_id = t.id LEFT JOIN missed m ON m.enrollment_id = t.id
  WHERE NOT t.completed
)
SELECT middle.done, s.* FROM middle LEFT JOIN standings s ON s.absent_days IS NULL AND s.enrolled_days >= nullif(:unbegun_days, 0)
  OR s.absent_days >= nullif(:absent_days, 0) OR s.low >= nullif(:low_quizzes, 0)
  OR s.absent_days IS NOT NULL AND s.done * 100 < :behind_percent * middle.done OR s.missed >= nullif(:missed_items, 0)
""")
_TAKEN = text("""
SELECT enrollment_id, count(*) AS quizzes FROM grades
WHERE enrollment_id = ANY(CAST(:enrollments AS uuid[])) AND column_id = ANY(CAST(:columns AS uuid[]))
  AND NOT excused AND NOT pending AND coalesce(given, fraction) IS NOT NULL
GROUP BY 1
""")


def _lines(session: Session, actor: Actor, course: Course, found: Look, shown: list[Flagged]) -> list[FlaggedStudent]:
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    last = nudges.last_sent(session, [one.student.enrollment_id for one in shown])
    key_ring.load(session, [one.student.person_id for one in shown])
    why, now = sentences(session, found, shown), clock.now()

    def line(one: Flagged) -> FlaggedStudent:
        sent_at = last.get(one.student.enrollment_id)
        return FlaggedStudent(
            id=str(one.student.enrollment_id),
            name=one.student.name,
            why=why[one.student.enrollment_id],
            nudged=when_in_words(sent_at, zone) if sent_at else "",
            may_nudge=sent_at is None or sent_at <= now - nudges.PAUSE,
            dismissed=_said(one.dismissal, zone) if one.dismissal else "",
            suggestion=rules.suggestion(one.reasons, course.title),
        )

    return [line(one) for one in shown]


def _said(dismissal: RiskDismissal, zone: ZoneInfo) -> str:
    try:
        reason: Any = dismissal.reason
    except Unreadable:
        reason = None
    return f"{reason or 'Dismissed'} ({when_in_words(dismissal.at, zone)})"
