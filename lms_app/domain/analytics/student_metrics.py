# ruff: noqa: S608 - words of ours

"""The metrics of a student's own pages: each counted as the page does, and again from the raw events or the attempts. Keys are people, enrolments or
steps of ten percent."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.analytics import spread_rules, spreads
from lms_app.domain.analytics.activity_metrics import BEATS
from lms_app.domain.analytics.mastery_rules import FEWEST, METHOD
from lms_app.domain.analytics.metrics import FRESHNESS, Counted, Metric, query
from lms_app.domain.analytics.rollups import LEARNT
from lms_app.domain.analytics.streak_rules import MEANING, weeks_in_a_row
from lms_app.domain.gradebook import grade_rules, projection, reading
from lms_app.models import Enrollment, ScoreSpread
from lms_app.words import EnrollmentStatus

Held = dict[UUID, dict[str, reading.Held]]
"""Marks by enrolment and column."""

_MONDAY = "date_trunc('week', CAST(:now AS timestamptz) AT TIME ZONE p.time_zone) AT TIME ZONE p.time_zone"
_ROLLED = f"FROM learning_quarters q JOIN people p ON p.id = q.person_id WHERE q.run_id = :run AND q.at >= {_MONDAY}"
_RAW = f"FROM learning_events e JOIN people p ON p.id = e.person_id WHERE e.run_id = :run AND e.occurred_at >= {_MONDAY}"
_WHOSE = "JOIN people p ON p.id = x.person_id WHERE x.person_id IN (SELECT person_id FROM enrollments WHERE run_id = :run)"


def _row(sql: str) -> Callable[[Session, UUID], Counted]:
    """Weeks in a row of everybody in a run, over all that they take, from days by SQL."""
    statement = text(sql)

    def run(session: Session, run_id: UUID) -> Counted:
        days: dict[tuple[str, str], set[date]] = defaultdict(set)
        for person_id, zone, day in session.execute(statement, {"run": run_id}):
            days[str(person_id), zone].add(day)
        now = clock.now()
        return {person: weeks for (person, zone), found in days.items() if (weeks := weeks_in_a_row(found, now.astimezone(ZoneInfo(zone)).date()))}

    return run


def _totals(session: Session, run_id: UUID, *, from_attempts: bool) -> Counted:
    book = reading.read_book(session, run_id)
    takes = select(Enrollment.id).where(Enrollment.run_id == run_id, col(Enrollment.status) == EnrollmentStatus.ACTIVE)
    everybody = session.exec(takes).all()
    marks = reading.read_marks(session, everybody, book.exceptions)
    if from_attempts:
        marks = _of_attempts(session, book, everybody, marks)
    totals = {key: book.total(held).percent for key, held in marks.items()}
    return {str(key): percent for key, percent in totals.items() if percent}


def _of_attempts(session: Session, book: reading.Book, everybody: Sequence[UUID], marks: Held) -> Held:
    """The same marks with what the quizzes made taken from the attempts, not from what the fold wrote."""
    quizzes = {column: quiz for column, quiz in book.quizzes.items() if quiz is not None}
    made = projection.counting_attempts(session, [(quiz, key) for quiz in quizzes.values() for key in everybody])
    found: Held = {}
    for key in everybody:
        mine = {column: held for column, held in marks.get(key, {}).items() if column not in quizzes}
        for column, quiz in quizzes.items():
            counting, by_hand = made.get((quiz, key)), marks.get(key, {}).get(column, reading.NO_GRADE).mark
            if counting is not None or by_hand != grade_rules.UNKNOWN:
                counting = counting or projection.NOTHING
                facts = {"fraction": counting.fraction, "at": counting.handed_in_at, "pending": counting.pending}
                mine[column] = reading.Held(by_hand._replace(**facts), 0)
        found[key] = mine
    return found


def _pictured(session: Session, run_id: UUID) -> Counted:
    row = session.get(ScoreSpread, run_id)
    return {str(step): count for step, count in enumerate(row.steps if row else ()) if count}


def _places(session: Session, run_id: UUID) -> Counted:
    return {str(step): count for step, count in enumerate(spread_rules.counts(spreads.places_now(session, run_id))) if count}


STUDENT_METRICS = {
    metric.name: metric
    for metric in (
        Metric(
            name="time_this_week",
            title="Time this week",
            meaning="Time that you were at pages and quizzes since Monday, by your own clock.",
            unit="hours and minutes, rounded down",
            n="days on which you learnt",
            source=BEATS,
            freshness=f"{FRESHNESS}; of reading, within half a minute",
            rolled_up=query(f"SELECT q.person_id, sum(q.seconds) {_ROLLED} GROUP BY 1"),
            counted=query(f"SELECT e.person_id, sum(CAST(e.value ->> 'seconds' AS int)) {_RAW} AND e.verb IN ('progressed', 'paused') GROUP BY 1"),
        ),
        Metric(
            name="days_this_week",
            title="Days this week",
            meaning="Days since Monday, by your own clock, on which you opened a page, spent time at one, watched a film, began or answered a "
            "quiz, or wrote in a discussion.",
            unit="days",
            n="days so far",
            source="your own learning events",
            freshness=FRESHNESS,
            rolled_up=query(f"SELECT q.person_id, count(DISTINCT CAST(q.at AT TIME ZONE p.time_zone AS date)) {_ROLLED} GROUP BY 1"),
            counted=query(
                f"SELECT e.person_id, count(DISTINCT CAST(e.occurred_at AT TIME ZONE p.time_zone AS date)) {_RAW} AND e.{LEARNT} GROUP BY 1"
            ),
        ),
        Metric(
            name="weeks_in_a_row",
            title="Weeks in a row",
            meaning=MEANING,
            unit="weeks",
            n="weeks counted",
            source="your own learning events in all courses",
            freshness=FRESHNESS,
            rolled_up=_row(
                f"SELECT DISTINCT x.person_id, p.time_zone, CAST(x.at AT TIME ZONE p.time_zone AS date) FROM learning_quarters x {_WHOSE}"
            ),
            counted=_row(
                f"SELECT DISTINCT x.person_id, p.time_zone, CAST(x.occurred_at AT TIME ZONE p.time_zone AS date) FROM learning_events x {_WHOSE} "
                f"AND x.{LEARNT}"
            ),
            audited=False,
        ),
        Metric(
            name="score_so_far",
            title="Score so far",
            meaning="What your grades in the course make, by the rule that stands with them. Marks that are not shown to you yet are not in it.",
            unit="percent, rounded down",
            n="grades that you have",
            source="marks of your quizzes, and what graders gave",
            freshness=FRESHNESS,
            rolled_up=lambda session, run_id: _totals(session, run_id, from_attempts=False),
            counted=lambda session, run_id: _totals(session, run_id, from_attempts=True),
            audited=False,
        ),
        Metric(
            name="score_spread",
            title="How scores lie",
            meaning="Scores so far of those who take the course with you, in steps of 10 %. Steps are put together until five people are in each, "
            "nobody is named, and nothing is shown before there are ten others.",
            unit="people",
            n="others with a score",
            source="scores so far, as each of them is told",
            freshness="made anew once the scores of ten people have moved to another step, at most once an hour",
            rolled_up=_pictured,
            counted=_places,
            audited=False,
        ),
    )
}

MASTERY = {
    "title": "Mastery of an objective",
    "meaning": METHOD,
    "unit": "percent",
    "source": f"results of your own answers, from {FEWEST} questions on",
    "freshness": "at once",
}
"""What is said of mastery, which is an estimate and not a count."""
