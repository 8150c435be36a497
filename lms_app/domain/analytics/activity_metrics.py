# ruff: noqa: S608 - words and numbers of ours

"""The metrics of time, activity and of single people: each counted from the roll-ups, and again from the raw events or the tables that they tell of.

Keys are days (`2026-03-02`), days and hours (`2026-03-02 09`), ids of pages and quizzes, or ids of people.
"""

from lms_app.domain.analytics.metrics import FRESHNESS, Metric, query
from lms_app.domain.analytics.rollups import ACTS, LEARNT, QUARTER

NOW_MINUTES = 5
"""Who did something this many minutes ago is there now."""

AWAY_DAYS = 14
"""Who did nothing for so many days has dropped off."""

BEATS = "what open tabs tell: a page or quiz in sight, with the focus, and used within five minutes"
_SECONDS = "sum(CAST(e.value ->> 'seconds' AS int))"
_OF = "FROM learning_events e JOIN runs r ON r.id = e.run_id WHERE e.run_id = :run"
_TOLD = f"{_OF} AND e.verb IN ('progressed', 'paused')"
_DAY = "CAST(e.occurred_at AT TIME ZONE r.time_zone AS date)"
_HOUR = "to_char(e.occurred_at AT TIME ZONE r.time_zone, 'YYYY-MM-DD HH24')"
_QUARTER = QUARTER.format("e.occurred_at")
_NOW = "CAST(:now AS timestamptz)"
_ROW_HOUR = "day || ' ' || lpad(CAST(hour AS text), 2, '0')"
_DONE = f"""
SELECT e.person_id, min(e.occurred_at) FILTER (WHERE e.verb = 'enrolled') AS began,
  max(e.occurred_at) FILTER (WHERE e.verb = 'completed' AND e.object_kind = 'course') AS ended,
  count(*) FILTER (WHERE e.verb = 'completed' AND e.object_kind = 'course') - count(*) FILTER (WHERE e.verb = 'uncompleted') AS completions,
  count(*) FILTER (WHERE e.verb = 'enrolled') - count(*) FILTER (WHERE e.verb = 'withdrew') AS enrolments,
  max(e.occurred_at) FILTER (WHERE e.{ACTS}) AS last_act
{_OF} GROUP BY 1
"""
_LAST_ITEM = f"""
SELECT DISTINCT ON (e.person_id) e.person_id, e.object_id {_OF}
  AND e.verb IN ('viewed', 'started', 'progressed', 'paused', 'completed') AND e.object_kind IN ('page', 'assessment')
ORDER BY e.person_id, e.occurred_at DESC, e.object_id DESC
"""


_ALL = (
    Metric(
        name="time",
        title="Time",
        meaning="Time that people were at the pages and quizzes of the course, all together.",
        unit="minutes or hours",
        n="people who were there",
        source=BEATS,
        freshness=FRESHNESS,
        rolled_up=query("SELECT 'all', seconds FROM run_figures WHERE run_id = :run"),
        counted=query(f"SELECT 'all', {_SECONDS} {_TOLD}"),
    ),
    Metric(
        name="time_by_day",
        title="Time by day",
        meaning="Time that people were at the pages and quizzes of the course on a day, by the course's clock.",
        unit="minutes per day",
        n="people active on the day",
        source=BEATS,
        freshness=FRESHNESS,
        rolled_up=query("SELECT day, seconds FROM run_days WHERE run_id = :run"),
        counted=query(f"SELECT {_DAY}, {_SECONDS} {_TOLD} GROUP BY 1"),
    ),
    Metric(
        name="time_by_item",
        title="Time on it",
        meaning="Time that people were at a page or quiz, all together. Divided by those who opened it, it is the mean.",
        unit="minutes per item",
        n="people who opened it",
        source=BEATS,
        freshness=FRESHNESS,
        rolled_up=query("SELECT object_id, seconds FROM run_items WHERE run_id = :run"),
        counted=query(f"SELECT e.object_id, {_SECONDS} {_TOLD} GROUP BY 1"),
    ),
    Metric(
        name="time_by_person",
        title="Time",
        meaning="Time that a person was at the pages and quizzes of the course.",
        unit="minutes or hours",
        n="1 person",
        source=BEATS,
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id, seconds FROM learner_figures WHERE run_id = :run"),
        counted=query(f"SELECT e.person_id, {_SECONDS} {_TOLD} GROUP BY 1"),
    ),
    Metric(
        name="time_by_person_and_item",
        title="Time of a person on it",
        meaning="Time that a person was at a page or quiz.",
        unit="minutes per person and item",
        n="1 person",
        source=BEATS,
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id || ':' || object_id, seconds FROM item_people WHERE run_id = :run"),
        counted=query(f"SELECT e.person_id || ':' || e.object_id, {_SECONDS} {_TOLD} GROUP BY 1"),
    ),
    Metric(
        name="active_now",
        title="Active now",
        meaning=f"Different people who did anything in the course in the last {NOW_MINUTES} minutes. Reading counts, for an open page tells of it.",
        unit="people",
        n="people enrolled",
        source="learning events of the person's own doing; what a marker does is none",
        freshness=f"{FRESHNESS}; of reading, within half a minute",
        rolled_up=query(
            f"SELECT 'all', count(*) FROM learner_figures WHERE run_id = :run AND last_active_at > {_NOW} - interval '{NOW_MINUTES} minutes'"
        ),
        counted=query(f"SELECT 'all', count(DISTINCT e.person_id) {_OF} AND e.{ACTS} AND e.occurred_at > {_NOW} - interval '{NOW_MINUTES} minutes'"),
    ),
    Metric(
        name="heat",
        title="Activity by hour",
        meaning="Acts in an hour of a day, by the course's clock: pages opened, answers, submissions, completions, and a tab that tells of reading.",
        unit="acts per hour",
        n="acts shown",
        source="learning events of the person's own doing; what a marker does is none",
        freshness=FRESHNESS,
        rolled_up=query(f"SELECT {_ROW_HOUR}, acts FROM run_hours WHERE run_id = :run"),
        counted=query(f"SELECT {_HOUR}, count(*) {_OF} AND e.{ACTS} GROUP BY 1"),
    ),
    Metric(
        name="time_by_hour",
        title="Time by hour",
        meaning="Time that people were at the pages and quizzes of the course in an hour of a day, by the course's clock.",
        unit="minutes per hour",
        n="time shown",
        source=BEATS,
        freshness=FRESHNESS,
        rolled_up=query(f"SELECT {_ROW_HOUR}, seconds FROM run_hours WHERE run_id = :run"),
        counted=query(f"SELECT {_HOUR}, {_SECONDS} {_TOLD} GROUP BY 1"),
    ),
    Metric(
        name="acts_by_person_and_day",
        title="Acts of a person on a day",
        meaning="What a person did in the course on a day, by the course's clock, in acts.",
        unit="acts per day",
        n="1 person",
        source="learning events of the person's own doing; what a marker does is none",
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id || ':' || day, acts FROM active_days WHERE run_id = :run"),
        counted=query(f"SELECT e.person_id || ':' || {_DAY}, count(*) {_OF} AND e.{ACTS} GROUP BY 1"),
    ),
    Metric(
        name="active_days",
        title="Active days",
        meaning="Days on which a person did anything in the course, by the course's clock.",
        unit="days per person",
        n="1 person",
        source="learning events of the person's own doing; what a marker does is none",
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id, active_days FROM learner_figures WHERE run_id = :run"),
        counted=query(f"SELECT e.person_id, count(DISTINCT {_DAY}) {_OF} AND e.{ACTS} GROUP BY 1"),
    ),
    Metric(
        name="learning_acts",
        title="Learning in a quarter of an hour",
        meaning="Acts of learning in a quarter of an hour: opened a page, was at one, watched a film, began or answered a quiz, wrote a post.",
        unit="acts per person and quarter of an hour",
        n="1 person",
        source="viewed, started, answered, progressed, paused and replied events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id || ':' || extract(epoch FROM at), acts FROM learning_quarters WHERE run_id = :run"),
        counted=query(f"SELECT e.person_id || ':' || extract(epoch FROM {_QUARTER}), count(*) {_OF} AND e.{LEARNT} GROUP BY 1"),
    ),
    Metric(
        name="learning_time",
        title="Time in a quarter of an hour",
        meaning="Time that a person was at the pages and quizzes of the course in a quarter of an hour.",
        unit="minutes per person and quarter of an hour",
        n="1 person",
        source=BEATS,
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id || ':' || extract(epoch FROM at), seconds FROM learning_quarters WHERE run_id = :run"),
        counted=query(f"SELECT e.person_id || ':' || extract(epoch FROM {_QUARTER}), {_SECONDS} {_TOLD} GROUP BY 1"),
    ),
    Metric(
        name="last_active",
        title="Last visit",
        meaning="When a person last did anything in the course.",
        unit="date and time",
        n="1 person",
        source="learning events of the person's own doing; what a marker does is none",
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id, floor(extract(epoch FROM last_active_at)) FROM learner_figures WHERE run_id = :run"),
        counted=query(f"SELECT e.person_id, floor(extract(epoch FROM max(e.occurred_at))) {_OF} AND e.{ACTS} GROUP BY 1"),
    ),
    Metric(
        name="opened",
        title="Opened",
        meaning="People who have opened a page or begun a quiz.",
        unit="people per item",
        n="people who ever enrolled",
        source="viewed, started and completed events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT object_id, started FROM run_items WHERE run_id = :run AND object_kind IN ('page', 'assessment')"),
        counted=query(
            f"SELECT e.object_id, count(DISTINCT e.person_id) {_OF} AND e.verb IN ('viewed', 'started', 'completed') "
            "AND e.object_kind IN ('page', 'assessment') GROUP BY 1"
        ),
    ),
    Metric(
        name="items_opened",
        title="Items opened",
        meaning="Pages and quizzes that a person has opened.",
        unit="items per person",
        n="1 person",
        source="viewed, started and completed events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id, items_started FROM learner_figures WHERE run_id = :run"),
        counted=query(
            f"SELECT e.person_id, count(DISTINCT e.object_id) {_OF} AND e.verb IN ('viewed', 'started', 'completed') "
            "AND e.object_kind IN ('page', 'assessment') GROUP BY 1"
        ),
    ),
    Metric(
        name="items_completed",
        title="Items completed",
        meaning="Pages and quizzes that a person has completed, by their own rules. What a correction of marks took back still counts.",
        unit="items per person",
        n="1 person",
        source="completed events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id, items_completed FROM learner_figures WHERE run_id = :run"),
        counted=query(
            "SELECT e.person_id, count(DISTINCT c.node_id) FROM completions c JOIN enrollments e ON e.id = c.enrollment_id "
            "WHERE e.run_id = :run AND c.node_kind IN ('page', 'assessment') GROUP BY 1"
        ),
    ),
    Metric(
        name="completions_by_day",
        title="Items completed by day",
        meaning="Pages and quizzes completed on a day, by the course's clock, each by each person.",
        unit="completions per day",
        n="completions shown",
        source="completed events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT day, completions FROM run_days WHERE run_id = :run"),
        counted=query(f"SELECT {_DAY}, count(*) {_OF} AND e.verb = 'completed' AND e.object_kind <> 'course' GROUP BY 1"),
    ),
    Metric(
        name="completed_by_day",
        title="Course completed by day",
        meaning="People who completed the course on a day, by the course's clock, less those from whom a correction of marks took it back that day.",
        unit="people per day",
        n="people who ever enrolled",
        source="completed and uncompleted events of the course",
        freshness=FRESHNESS,
        rolled_up=query("SELECT day, completed FROM run_days WHERE run_id = :run"),
        counted=query(
            f"SELECT {_DAY}, count(*) FILTER (WHERE e.verb = 'completed') - count(*) FILTER (WHERE e.verb = 'uncompleted') {_OF} "
            "AND (e.verb = 'uncompleted' OR e.verb = 'completed' AND e.object_kind = 'course') GROUP BY 1"
        ),
    ),
    Metric(
        name="enrolled_by_day",
        title="Enrolled by day",
        meaning="People who enrolled on a day, by the course's clock. Who comes back counts again.",
        unit="people per day",
        n="enrolments shown",
        source="enrolled events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT day, enrolled FROM run_days WHERE run_id = :run"),
        counted=query(f"SELECT {_DAY}, count(*) {_OF} AND e.verb = 'enrolled' GROUP BY 1"),
    ),
    Metric(
        name="withdrawn",
        title="Withdrawn",
        meaning="How often people have withdrawn from the course, by themselves or by its staff.",
        unit="withdrawals",
        n="people who ever enrolled",
        source="withdrew events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT 'all', withdrawn FROM run_figures WHERE run_id = :run"),
        counted=query(f"SELECT 'all', count(*) {_OF} AND e.verb = 'withdrew'"),
    ),
    Metric(
        name="submissions",
        title="Submissions",
        meaning="Attempts at quizzes that were submitted, by hand or when their time ran out.",
        unit="attempts",
        n="attempts",
        source="submitted events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT 'all', submissions FROM run_figures WHERE run_id = :run"),
        counted=query("SELECT 'all', count(*) FROM attempts WHERE run_id = :run AND status IN ('submitted', 'expired')"),
    ),
    Metric(
        name="submissions_by_day",
        title="Submissions by day",
        meaning="Attempts at quizzes that were submitted on a day, by the course's clock.",
        unit="attempts per day",
        n="attempts shown",
        source="submitted events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT day, submissions FROM run_days WHERE run_id = :run"),
        counted=query(f"SELECT {_DAY}, count(*) {_OF} AND e.verb = 'submitted' GROUP BY 1"),
    ),
    Metric(
        name="mean_score_by_day",
        title="Mean score by day",
        meaning="The mean of what the attempts submitted on a day had earned when they were submitted. What a person marked later is not in it.",
        unit="percent of full marks",
        n="attempts of the day",
        source="submitted events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT day, round(fractions / submissions * 1000000) FROM run_days WHERE run_id = :run AND submissions > 0"),
        slack=1,
        counted=query(f"SELECT {_DAY}, round(avg(CAST(e.value ->> 'fraction' AS numeric)) * 1000000) {_OF} AND e.verb = 'submitted' GROUP BY 1"),
    ),
    Metric(
        name="attempts_of_person",
        title="Attempts",
        meaning="Attempts at quizzes that a person has submitted.",
        unit="attempts per person",
        n="1 person",
        source="submitted events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id, attempts FROM learner_figures WHERE run_id = :run"),
        counted=query("SELECT person_id, count(*) FROM attempts WHERE run_id = :run AND status IN ('submitted', 'expired') GROUP BY 1"),
    ),
    Metric(
        name="mean_score_of_person",
        title="Mean score",
        meaning="The mean score of all attempts that a person has submitted, as they are marked now.",
        unit="percent of full marks",
        n="attempts of the person",
        source="submitted and graded events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id, round(fractions / marked * 1000000) FROM learner_figures WHERE run_id = :run AND marked > 0"),
        slack=1,
        counted=query("SELECT person_id, round(avg(fraction) * 1000000) FROM attempts WHERE run_id = :run AND fraction IS NOT NULL GROUP BY 1"),
    ),
    Metric(
        name="mean_score",
        title="Mean score",
        meaning="The mean score of all submitted attempts, as they are marked now. Every attempt counts, not only the best.",
        unit="percent of full marks",
        n="attempts with marks",
        source="submitted and graded events",
        freshness=FRESHNESS,
        rolled_up=query(
            "SELECT 'all', round(sum(fractions) / sum(marked) * 1000000) FROM learner_figures WHERE run_id = :run HAVING sum(marked) > 0"
        ),
        slack=1,
        counted=query("SELECT 'all', round(avg(fraction) * 1000000) FROM attempts WHERE run_id = :run AND fraction IS NOT NULL HAVING count(*) > 0"),
    ),
    Metric(
        name="days_to_complete",
        title="Time to complete",
        meaning="The median time from a person's first enrolment to their completion of the course: half took less, half took more.",
        unit="minutes, hours or days",
        n="people who have completed the course",
        source="enrolled events, and completed events of the course",
        freshness=FRESHNESS,
        rolled_up=query(
            "SELECT 'all', round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - enrolled_at))) FROM learner_figures "
            "WHERE run_id = :run AND completions > 0 HAVING count(*) > 0"
        ),
        counted=query(
            f"SELECT 'all', round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended - began))) FROM ({_DONE}) d "
            "WHERE completions > 0 HAVING count(*) > 0"
        ),
    ),
    Metric(
        name="dropped_at",
        title="Dropped off here",
        meaning=f"People still enrolled who have not completed the course and did nothing in it for {AWAY_DAYS} days, by the page or quiz that they "
        "were at last.",
        unit="people per item",
        n="people who opened it",
        source="learning events of the person's own doing; what a marker does is none",
        freshness=FRESHNESS,
        rolled_up=query(
            "SELECT last_item_id, count(*) FROM learner_figures WHERE run_id = :run AND enrolments > 0 AND completions <= 0 "
            f"AND last_item_id IS NOT NULL AND last_active_at <= {_NOW} - interval '{AWAY_DAYS} days' GROUP BY 1"
        ),
        counted=query(
            f"SELECT l.object_id, count(*) FROM ({_DONE}) d JOIN ({_LAST_ITEM}) l USING (person_id) WHERE d.enrolments > 0 AND d.completions <= 0 "
            f"AND d.last_act <= {_NOW} - interval '{AWAY_DAYS} days' GROUP BY 1"
        ),
    ),
)

ACTIVITY_METRICS = {metric.name: metric for metric in _ALL}
