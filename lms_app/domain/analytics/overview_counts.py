# ruff: noqa: S608 - words of ours

"""What the overview of a course counts, from roll-ups only: of a whole run or, with a group, of the rows of its members."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.analytics.activity_metrics import AWAY_DAYS, NOW_MINUTES
from lms_app.models import Run, RunDay, RunItem, RunScores

_MEMBERS = "SELECT e.person_id FROM group_members g JOIN enrollments e ON e.id = g.enrollment_id WHERE g.group_id = :group"

OF = f"WHERE run_id = :run AND (CAST(:group AS uuid) IS NULL OR person_id IN ({_MEMBERS}))"
"""The rows of a run or, with a group, of its members."""

OF_GROUP = f"WHERE run_id = :run AND person_id IN ({_MEMBERS})"
"""The rows of a group's members. Postgres begins with the members then, where the other reads the run's rows."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How people stand now. `there` are those with time, `seconds` theirs; `fractions` sums the marks of `marked` attempts.

    `median` is the time to complete, in seconds.
    """

    enrolled: int
    ever: int
    completed: int
    active_now: int
    active_week: int
    there: int
    seconds: int
    marked: int
    fractions: Decimal
    median: int | None

    @property
    def mean(self) -> float | None:
        """The mean score, None before the first mark."""
        return float(self.fractions / self.marked) if self.marked else None


@dataclass(frozen=True, kw_only=True)
class DayMoves:
    """What happened on one day of the run's zone. Completions of items are known of a whole run alone."""

    day: date
    enrolled: int = 0
    withdrawn: int = 0
    active: int = 0
    completed: int = 0
    seconds: int = 0
    submissions: int = 0
    fractions: Decimal = Decimal(0)
    completions: int = 0


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Attempts whose scores lie in one bin, and the sum of those scores."""

    attempts: int
    total: Decimal


_STANDING = text(f"""
SELECT count(*) FILTER (WHERE enrolments > 0) AS enrolled, count(*) FILTER (WHERE enrolled_at IS NOT NULL) AS ever,
  count(*) FILTER (WHERE completions > 0) AS completed, count(*) FILTER (WHERE last_active_at > :recent) AS active_now,
  count(*) FILTER (WHERE last_active_at >= :week) AS active_week, count(*) FILTER (WHERE seconds > 0) AS there,
  coalesce(sum(seconds), 0) AS seconds, coalesce(sum(marked), 0) AS marked, coalesce(sum(fractions), 0) AS fractions,
  round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - enrolled_at)) FILTER (WHERE completions > 0)) AS median
FROM learner_figures {OF}
""")

_GROUP_DAYS = text(f"""
SELECT day, CAST(sum(enrolled) AS int) AS enrolled, CAST(sum(withdrawn) AS int) AS withdrawn, CAST(sum(active) AS int) AS active,
  CAST(sum(completed) AS int) AS completed, CAST(sum(seconds) AS bigint) AS seconds, CAST(sum(submissions) AS int) AS submissions,
  sum(fractions) AS fractions
FROM (
  SELECT day, 0 AS enrolled, 0 AS withdrawn, count(*) AS active, 0 AS completed, sum(seconds) AS seconds, 0 AS submissions, 0.0 AS fractions
  FROM active_days {OF_GROUP} GROUP BY 1
  UNION ALL SELECT CAST(enrolled_at AT TIME ZONE :zone AS date), count(*), 0, 0, 0, 0, 0, 0 FROM learner_figures {OF_GROUP}
    AND enrolled_at IS NOT NULL GROUP BY 1
  UNION ALL SELECT CAST(withdrawn_at AT TIME ZONE :zone AS date), 0, count(*), 0, 0, 0, 0, 0 FROM learner_figures {OF_GROUP}
    AND withdrawn_at IS NOT NULL AND enrolments <= 0 GROUP BY 1
  UNION ALL SELECT CAST(completed_at AT TIME ZONE :zone AS date), 0, 0, 0, count(*), 0, 0, 0 FROM learner_figures {OF_GROUP}
    AND completions > 0 GROUP BY 1
  UNION ALL SELECT CAST(submitted_at AT TIME ZONE :zone AS date), 0, 0, 0, 0, 0, count(*), sum(earned) FROM attempt_figures {OF_GROUP}
    AND submitted_at IS NOT NULL GROUP BY 1
) moves GROUP BY 1 ORDER BY 1
""")

_GROUP_ITEMS = text(f"SELECT object_id, count(first_at), count(completed_at) FROM item_people {OF_GROUP} GROUP BY 1")

_STOPPED = text(f"""
SELECT last_item_id, count(*) FROM learner_figures {OF} AND enrolments > 0 AND completions <= 0 AND last_item_id IS NOT NULL
  AND last_active_at <= :away GROUP BY 1
""")

_DURATIONS = text(f"""
SELECT CAST(floor(extract(epoch FROM completed_at - enrolled_at) / 86400) AS int), count(*) FROM learner_figures {OF} AND completions > 0
GROUP BY 1 ORDER BY 1
""")

# By day first: a weekday is worked out of each day once, and not of each row.
_GROUP_HEAT = text(f"""
SELECT CAST(extract(isodow FROM day) AS int), hour, sum(acts) FROM (
  SELECT day, hour, sum(acts) AS acts FROM active_hours {OF_GROUP}
    AND day BETWEEN coalesce(CAST(:since AS date), '-infinity') AND coalesce(CAST(:until AS date), 'infinity') GROUP BY 1, 2
) days GROUP BY 1, 2
""")

_GROUP_SCORES = text(f"""
SELECT assessment_id, CAST(least(19, greatest(0, trunc(fraction * 20))) AS int) AS bin, count(*) AS attempts, sum(fraction) AS total
FROM attempt_figures {OF_GROUP} AND marked > 0 AND (CAST(:quiz AS uuid) IS NULL OR assessment_id = :quiz) GROUP BY 1, 2
""")

_HEAT = text("""
SELECT CAST(extract(isodow FROM day) AS int), hour, sum(acts) FROM run_hours
WHERE run_id = :run AND day BETWEEN coalesce(CAST(:since AS date), '-infinity') AND coalesce(CAST(:until AS date), 'infinity') GROUP BY 1, 2
""")


def standing(session: Session, run: Run, group: UUID | None) -> Standing:
    """How everybody in the run, or in the group, stands now."""
    now, first = clock.now(), today(run) - timedelta(days=6)
    moments = {"recent": now - timedelta(minutes=NOW_MINUTES), "week": datetime.combine(first, time(), ZoneInfo(run.time_zone))}
    row = session.execute(_STANDING, {"run": run.id, "group": group, **moments}).one()
    return Standing(**row._mapping)


def days(session: Session, run: Run, group: UUID | None) -> list[DayMoves]:
    """The days on which anything happened, in order."""
    if group is not None:
        rows = session.execute(_GROUP_DAYS, {"run": run.id, "group": group, "zone": run.time_zone}).all()
        return [DayMoves(**row._mapping) for row in rows]
    moves = session.exec(select(RunDay).where(RunDay.run_id == run.id).order_by(col(RunDay.day))).all()
    return [DayMoves(**row.model_dump(include=set(DayMoves.__dataclass_fields__))) for row in moves]


def spanned(session: Session, run: Run) -> tuple[date | None, date]:
    """The first day on which anything happened in a run, if it did, and the last that there is to tell of: today, or one that came before it
    elsewhere."""
    first, last = session.exec(select(func.min(RunDay.day), func.max(RunDay.day)).where(RunDay.run_id == run.id)).one()
    return first, max(today(run), last or date.min)


def items(session: Session, run: Run, group: UUID | None) -> dict[UUID, tuple[int, int]]:
    """How many opened and how many completed each node."""
    if group is not None:
        return {node: (opened, done) for node, opened, done in session.execute(_GROUP_ITEMS, {"run": run.id, "group": group}).all()}
    return {row.object_id: (row.started, row.completed) for row in session.exec(select(RunItem).where(RunItem.run_id == run.id)).all()}


def stopped(session: Session, run: Run, group: UUID | None) -> dict[UUID, int]:
    """Those who have dropped off, by what they were at last."""
    away = clock.now() - timedelta(days=AWAY_DAYS)
    return {row[0]: row[1] for row in session.execute(_STOPPED, {"run": run.id, "group": group, "away": away})}


def durations(session: Session, run: Run, group: UUID | None) -> dict[int, int]:
    """How many completed the course within so many whole days of enrolling."""
    return {row[0]: row[1] for row in session.execute(_DURATIONS, {"run": run.id, "group": group})}


def scores(session: Session, run: Run, group: UUID | None, quiz: UUID | None = None) -> dict[UUID, dict[int, Bin]]:
    """The scores of each quiz, or of one, in bins of 5 %."""
    found: dict[UUID, dict[int, Bin]] = {}
    if group is not None:
        rows = session.execute(_GROUP_SCORES, {"run": run.id, "group": group, "quiz": quiz}).all()
    else:
        bins = select(RunScores).where(RunScores.run_id == run.id)
        rows = session.exec(bins if quiz is None else bins.where(RunScores.assessment_id == quiz)).all()
    for row in rows:
        found.setdefault(row.assessment_id, {})[row.bin] = Bin(attempts=row.attempts, total=row.total)
    return found


def heat(session: Session, run: Run, group: UUID | None, since: date | None, until: date | None) -> dict[tuple[int, int], int]:
    """Acts by weekday (1 is Monday) and hour of the run's zone."""
    narrowed = {"run": run.id, "since": since, "until": until}
    rows = session.execute(_HEAT, narrowed).all() if group is None else session.execute(_GROUP_HEAT, {**narrowed, "group": group}).all()
    return {(weekday, hour): int(acts) for weekday, hour, acts in rows if acts}


def today(run: Run) -> date:
    """The present day where the run is."""
    return clock.now().astimezone(ZoneInfo(run.time_zone)).date()
