"""The metric registry: every figure a dashboard shows has one entry here, and one way to count it again from the source."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from lms_app.adapters import clock

Counted = dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A figure: what it means, its unit, what `n` beside it counts, where it comes from and how fresh it is. `rolled_up` and `counted` give the same,
    from the roll-up and from the source tables; the parity test holds them against each other, and so does the nightly audit where the metric is
    `audited`. `unit` is what a reader sees; the two count in whole numbers: times in seconds, scores in millionths of full marks, moments in seconds
    since 1970."""

    name: str
    title: str
    meaning: str
    unit: str
    n: str
    source: str
    freshness: str
    rolled_up: Callable[[Session, UUID], Counted]
    counted: Callable[[Session, UUID], Counted]
    slack: int = 0
    """By how much the two may differ, where the last place may be rounded the other way."""
    audited: bool = True
    """False where the two are the same only at one moment, or take long to count."""


def query(sql: str) -> Callable[[Session, UUID], Counted]:
    """A count by SQL of `:run`, as of `:now` where it asks: rows of a key and a number."""
    statement = text(sql)

    def now() -> dict[str, datetime]:
        return {"now": clock.now()} if ":now" in sql else {}

    def run(session: Session, run_id: UUID) -> Counted:
        return {str(row[0]): int(row[1]) for row in session.execute(statement, {"run": run_id, **now()}) if row[1]}

    return run


FRESHNESS = "within 2 seconds of what a student does"

METRICS = {
    metric.name: metric
    for metric in (
        Metric(
            name="enrolled",
            title="Enrolled",
            meaning="People enrolled in the course now. Those who withdrew are not counted.",
            unit="people",
            n="people who ever enrolled",
            source="enrolled and withdrew events",
            freshness=FRESHNESS,
            rolled_up=query("SELECT 'all', enrolled FROM run_figures WHERE run_id = :run"),
            counted=query("SELECT 'all', count(*) FROM enrollments WHERE run_id = :run AND status = 'active'"),
        ),
        Metric(
            name="ever_enrolled",
            title="Ever enrolled",
            meaning="People who have enrolled at any time, those who withdrew among them. Each counts once.",
            unit="people",
            n="people",
            source="enrolled events",
            freshness=FRESHNESS,
            rolled_up=query("SELECT 'all', started FROM run_items WHERE run_id = :run AND object_kind = 'course'"),
            counted=query("SELECT 'all', count(*) FROM enrollments WHERE run_id = :run"),
        ),
        Metric(
            name="active",
            title="Active",
            meaning="People who did anything in the course on a day. Each counts once a day, by the course's clock.",
            unit="people per day",
            n="people of the day",
            source="learning events of the person's own doing; what a marker does is none",
            freshness=FRESHNESS,
            rolled_up=query("SELECT day, active FROM run_days WHERE run_id = :run"),
            counted=query(
                "SELECT CAST(e.occurred_at AT TIME ZONE r.time_zone AS date), count(DISTINCT e.person_id) FROM learning_events e "
                "JOIN runs r ON r.id = e.run_id WHERE e.run_id = :run AND e.verb NOT IN ('graded', 'uncompleted') GROUP BY 1"
            ),
        ),
        Metric(
            name="active_week",
            title="Active this week",
            meaning="Different people who did anything in the course in the last seven days, today among them, by the course's clock.",
            unit="people",
            n="people enrolled",
            source="learning events of the person's own doing; what a marker does is none",
            freshness=FRESHNESS,
            rolled_up=query(
                "SELECT 'all', count(*) FROM learner_figures l JOIN runs r ON r.id = l.run_id WHERE l.run_id = :run AND l.last_active_at >= "
                "CAST(CAST(CAST(:now AS timestamptz) AT TIME ZONE r.time_zone AS date) - 6 AS timestamp) AT TIME ZONE r.time_zone"
            ),
            counted=query(
                "SELECT 'all', count(DISTINCT e.person_id) FROM learning_events e JOIN runs r ON r.id = e.run_id WHERE e.run_id = :run "
                "AND e.verb NOT IN ('graded', 'uncompleted') "
                "AND CAST(e.occurred_at AT TIME ZONE r.time_zone AS date) > CAST(CAST(:now AS timestamptz) AT TIME ZONE r.time_zone AS date) - 7"
            ),
        ),
        Metric(
            name="completed",
            title="Completed the course",
            meaning="People who have completed every required item. Someone who withdrew later still counts; a correction of marks may take it back.",
            unit="people",
            n="people who ever enrolled",
            source="completed events of the course, less those taken back",
            freshness=FRESHNESS,
            rolled_up=query("SELECT 'all', completed FROM run_figures WHERE run_id = :run"),
            counted=query("SELECT 'all', count(*) FROM enrollments WHERE run_id = :run AND completed_at IS NOT NULL"),
        ),
        Metric(
            name="certificates",
            title="Certificates",
            meaning="Certificates issued, those revoked later among them.",
            unit="certificates",
            n="certificates",
            source="earned events",
            freshness=FRESHNESS,
            rolled_up=query("SELECT 'all', certificates FROM run_figures WHERE run_id = :run"),
            counted=query("SELECT 'all', count(*) FROM certificates WHERE run_id = :run"),
        ),
        Metric(
            name="completion",
            title="Completion",
            meaning="People who have completed a page or quiz, by its own rule. Whoever withdrew later, or lost it by a correction, still counts.",
            unit="people per item",
            n="people who ever enrolled",
            source="completed events",
            freshness=FRESHNESS,
            rolled_up=query("SELECT object_id, completed FROM run_items WHERE run_id = :run AND object_kind IN ('page', 'assessment')"),
            counted=query(
                "SELECT c.node_id, count(DISTINCT c.enrollment_id) FROM completions c JOIN enrollments e ON e.id = c.enrollment_id "
                "WHERE e.run_id = :run AND c.node_kind IN ('page', 'assessment') GROUP BY 1"
            ),
        ),
        Metric(
            name="score",
            title="Score",
            meaning="Submitted attempts by their score, in steps of 5 %. Every attempt counts, not only the best.",
            unit="attempts per 5 %",
            n="attempts",
            source="submitted events",
            freshness=FRESHNESS,
            rolled_up=query("SELECT assessment_id || ':' || bin, attempts FROM run_scores WHERE run_id = :run"),
            counted=query(
                "SELECT assessment_id || ':' || CAST(least(19, floor(fraction * 20)) AS int), count(*) FROM attempts "
                "WHERE run_id = :run AND fraction IS NOT NULL GROUP BY 1"
            ),
        ),
    )
}
