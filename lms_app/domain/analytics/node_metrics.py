# ruff: noqa: S608 - words and numbers of ours

"""The metrics of single pages, films and quizzes: what stands beside their editors. Each is counted from the roll-ups, and again from the raw events
or the attempts.

Keys are ids of pages and quizzes, with a day (`…:2026-03-02`), with a film's block and part (`…:block:3`), or with the name of a quartile.
"""

from lms_app.domain.analytics.activity_metrics import BEATS
from lms_app.domain.analytics.metrics import FRESHNESS, Metric, query
from lms_app.domain.analytics.rollups import ACTS, MOST_PLAYED, PART

_DAY = "CAST({moment} AT TIME ZONE r.time_zone AS date)"
_ITEMS = "e.object_kind IN ('page', 'assessment')"
_OPENED = f"e.verb IN ('viewed', 'started', 'completed') AND {_ITEMS}"
_COMPLETED = f"e.verb = 'completed' AND {_ITEMS}"
_ROWS = """
FROM item_people e JOIN run_items i USING (run_id, object_id) JOIN runs r ON r.id = e.run_id
WHERE e.run_id = :run AND i.object_kind IN ('page', 'assessment')
"""
_FIRST = """
FROM (
  SELECT e.run_id, e.object_id, e.person_id, min(e.occurred_at) AS first_at FROM learning_events e WHERE e.run_id = :run AND {of} GROUP BY 1, 2, 3
) e JOIN runs r ON r.id = e.run_id
"""
_SECONDS = f"""
SELECT e.object_id AS node, e.person_id, sum(CAST(e.value ->> 'seconds' AS int)) AS seconds FROM learning_events e
WHERE e.run_id = :run AND e.verb IN ('progressed', 'paused') AND {_ITEMS} GROUP BY 1, 2
"""
_ROLLED_SECONDS = f"SELECT e.object_id AS node, e.person_id, e.seconds {_ROWS}"
_LENGTHS = """
SELECT assessment_id AS node, attempt_id, extract(epoch FROM submitted_at - begun_at) AS seconds FROM attempt_figures
WHERE run_id = :run AND submitted_at IS NOT NULL AND begun_at IS NOT NULL
"""
_COUNTED_LENGTHS = """
SELECT e.object_id AS node, e.attempt_id, extract(epoch FROM min(e.occurred_at) FILTER (WHERE e.verb = 'submitted')
  - min(e.occurred_at) FILTER (WHERE e.verb = 'started')) AS seconds
FROM learning_events e WHERE e.run_id = :run AND e.verb IN ('started', 'submitted') AND e.object_kind = 'assessment' AND e.attempt_id IS NOT NULL
GROUP BY 1, 2
"""
_TOLD = f"""
SELECT e.object_id || ':' || CAST(e.value ->> 'block' AS text) AS film, e.person_id, e.verb = 'paused' AS stopped,
  CAST(e.value ->> 'position' AS int) AS position,
  least(CAST(e.value ->> 'played' AS int), CAST(e.value ->> 'position' AS int), {MOST_PLAYED}) AS played
FROM learning_events e WHERE e.run_id = :run AND e.value ->> 'block' IS NOT NULL
"""
_PLAYED = f"SELECT t.*, s.second / {PART} AS part FROM ({_TOLD}) t, generate_series(t.position - t.played, t.position - 1) s (second)"
"""Second by second."""

_PASSED = """
JOIN assessments q ON q.id = {quiz} JOIN assessment_revisions v ON v.id = q.published_revision_id
WHERE {table}.run_id = :run AND v.settings ->> 'pass_mark' IS NOT NULL AND {fraction} >= CAST(v.settings ->> 'pass_mark' AS numeric)
"""


def _quartile(rows: str, share: str) -> str:
    return f"SELECT node, round(percentile_cont({share}) WITHIN GROUP (ORDER BY seconds)) FROM ({rows}) t WHERE seconds > 0 GROUP BY 1"


def _spread(rows: str) -> str:
    return " UNION ALL ".join(
        f"SELECT node || ':' || '{name}', q FROM ({_quartile(rows, share)}) t (node, q)" for name, share in (("low", "0.25"), ("high", "0.75"))
    )


_ALL = (
    Metric(
        name="opened_by_item_and_day",
        title="Opened by day",
        meaning="People who opened a page or began a quiz for the first time on a day, by the course's clock. Each counts once.",
        unit="people per item and day",
        n="people who opened it",
        source="viewed, started and completed events",
        freshness=FRESHNESS,
        rolled_up=query(f"SELECT e.object_id || ':' || {_DAY.format(moment='e.first_at')}, count(*) {_ROWS} AND e.first_at IS NOT NULL GROUP BY 1"),
        counted=query(f"SELECT e.object_id || ':' || {_DAY.format(moment='e.first_at')}, count(*) {_FIRST.format(of=_OPENED)} GROUP BY 1"),
    ),
    Metric(
        name="completed_by_item_and_day",
        title="Completed by day",
        meaning="People who completed a page or quiz for the first time on a day, by the course's clock.",
        unit="people per item and day",
        n="people who completed it",
        source="completed events",
        freshness=FRESHNESS,
        rolled_up=query(
            f"SELECT e.object_id || ':' || {_DAY.format(moment='e.completed_at')}, count(*) {_ROWS} AND e.completed_at IS NOT NULL GROUP BY 1"
        ),
        counted=query(f"SELECT e.object_id || ':' || {_DAY.format(moment='e.first_at')}, count(*) {_FIRST.format(of=_COMPLETED)} GROUP BY 1"),
    ),
    Metric(
        name="median_time_by_item",
        title="Median time",
        meaning="The median of the time that people were at a page or quiz, all their visits together: half were there for less, half for more.",
        unit="seconds, minutes or hours",
        n="people who were there",
        source=BEATS,
        freshness=FRESHNESS,
        rolled_up=query(_quartile(_ROLLED_SECONDS, "0.5")),
        counted=query(_quartile(_SECONDS, "0.5")),
    ),
    Metric(
        name="time_spread_by_item",
        title="Spread of time",
        meaning="From the lower to the upper quartile of the time that people were at a page or quiz: the middle half of them lies between.",
        unit="seconds, minutes or hours",
        n="people who were there",
        source=BEATS,
        freshness=FRESHNESS,
        rolled_up=query(_spread(_ROLLED_SECONDS)),
        counted=query(_spread(_SECONDS)),
    ),
    Metric(
        name="film_people",
        title="Watched",
        meaning="People who have played any of a film or recording, or of a half minute of it. What was played is taken to be the stretch that ends "
        "where the film stood when its tab told of it.",
        unit="people per half minute of a film",
        n="people who played it",
        source="progressed and paused events of the film",
        freshness=f"{FRESHNESS}; of playing, within half a minute",
        rolled_up=query(
            "SELECT object_id || ':' || block || ':' || CASE WHEN part < 0 THEN 'all' ELSE CAST(part AS text) END, people FROM run_films "
            "WHERE run_id = :run"
        ),
        counted=query(
            f"SELECT film || ':' || coalesce(CAST(part AS text), 'all'), count(DISTINCT person_id) FROM ({_PLAYED}) t "
            "GROUP BY GROUPING SETS ((film, part), (film))"
        ),
    ),
    Metric(
        name="film_seconds",
        title="Time watched",
        meaning="How long a film or recording was played, by all people and all together. What was played twice counts twice.",
        unit="seconds, minutes or hours",
        n="people who played it",
        source="progressed and paused events of the film",
        freshness=f"{FRESHNESS}; of playing, within half a minute",
        rolled_up=query("SELECT object_id || ':' || block, seconds FROM run_films WHERE run_id = :run AND part = -1"),
        counted=query(f"SELECT film, sum(played) FROM ({_TOLD}) t GROUP BY 1"),
    ),
    Metric(
        name="film_stops",
        title="Stopped here",
        meaning="How often a film or recording was paused or left in a half minute of it. Whoever watches to the end stops there.",
        unit="stops per half minute of a film",
        n="stops",
        source="paused events of the film",
        freshness=FRESHNESS,
        rolled_up=query("SELECT object_id || ':' || block || ':' || part, stops FROM run_films WHERE run_id = :run AND part >= 0"),
        counted=query(f"SELECT film || ':' || position / {PART}, count(*) FROM ({_TOLD}) t WHERE stopped GROUP BY 1"),
    ),
    Metric(
        name="attempts_by_quiz",
        title="Attempts",
        meaning="Attempts at a quiz that were submitted, by hand or when their time ran out. Somebody who tries twice counts twice.",
        unit="attempts per quiz",
        n="attempts",
        source="submitted events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT assessment_id, count(submitted_at) FROM attempt_figures WHERE run_id = :run GROUP BY 1"),
        counted=query("SELECT assessment_id, count(*) FROM attempts WHERE run_id = :run AND status IN ('submitted', 'expired') GROUP BY 1"),
    ),
    Metric(
        name="submitted_by_quiz",
        title="Submitted",
        meaning="People who have submitted at least one attempt at a quiz. Each counts once.",
        unit="people per quiz",
        n="people who ever enrolled",
        source="submitted events",
        freshness=FRESHNESS,
        rolled_up=query(
            "SELECT assessment_id, count(DISTINCT person_id) FROM attempt_figures WHERE run_id = :run AND submitted_at IS NOT NULL GROUP BY 1"
        ),
        counted=query(
            "SELECT assessment_id, count(DISTINCT person_id) FROM attempts WHERE run_id = :run AND status IN ('submitted', 'expired') GROUP BY 1"
        ),
    ),
    Metric(
        name="passed_by_quiz",
        title="Passed",
        meaning="People with an attempt that reaches the pass mark of the quiz as it is published, by its marks as they are now.",
        unit="people per quiz",
        n="people who submitted",
        source="submitted and graded events",
        freshness=FRESHNESS,
        rolled_up=query(
            "SELECT a.assessment_id, count(DISTINCT a.person_id) FROM attempt_figures a "
            f"{_PASSED.format(quiz='a.assessment_id', table='a', fraction='a.fraction')} AND a.marked > 0 GROUP BY 1"
        ),
        counted=query(
            "SELECT a.assessment_id, count(DISTINCT a.person_id) FROM attempts a "
            f"{_PASSED.format(quiz='a.assessment_id', table='a', fraction='a.fraction')} GROUP BY 1"
        ),
    ),
    Metric(
        name="median_attempt_time",
        title="Time per attempt",
        meaning="The median time from beginning an attempt to submitting it, breaks among it: half took less, half took more.",
        unit="seconds, minutes or hours",
        n="attempts",
        source="started and submitted events",
        freshness=FRESHNESS,
        rolled_up=query(_quartile(_LENGTHS, "0.5")),
        counted=query(_quartile(_COUNTED_LENGTHS, "0.5")),
    ),
    Metric(
        name="attempt_time_spread",
        title="Spread of time per attempt",
        meaning="From the lower to the upper quartile of the time from beginning an attempt to submitting it: the middle half lies between.",
        unit="seconds, minutes or hours",
        n="attempts",
        source="started and submitted events",
        freshness=FRESHNESS,
        rolled_up=query(_spread(_LENGTHS)),
        counted=query(_spread(_COUNTED_LENGTHS)),
    ),
    Metric(
        name="mean_score_by_quiz",
        title="Mean score",
        meaning="The mean score of all submitted attempts at a quiz, as they are marked now. Every attempt counts, not only the best.",
        unit="percent of full marks",
        n="attempts with marks",
        source="submitted and graded events",
        freshness=FRESHNESS,
        rolled_up=query(
            "SELECT assessment_id, round(sum(total) / sum(attempts) * 1000000) FROM run_scores WHERE run_id = :run "
            "GROUP BY 1 HAVING sum(attempts) > 0"
        ),
        slack=1,
        counted=query("SELECT assessment_id, round(avg(fraction) * 1000000) FROM attempts WHERE run_id = :run AND fraction IS NOT NULL GROUP BY 1"),
    ),
    Metric(
        name="score_of_attempt",
        title="Score of an attempt",
        meaning="What an attempt has earned, as it is marked now. The scores of a group are made of it.",
        unit="percent of full marks",
        n="1 attempt",
        source="submitted and graded events",
        freshness=FRESHNESS,
        rolled_up=query("SELECT attempt_id, round(fraction * 1000000) FROM attempt_figures WHERE run_id = :run AND marked > 0"),
        counted=query("SELECT id, round(fraction * 1000000) FROM attempts WHERE run_id = :run AND fraction IS NOT NULL"),
    ),
    Metric(
        name="acts_by_person_and_hour",
        title="Acts of a person in an hour",
        meaning="What a person did in the course in an hour of a day, by the course's clock, in acts. The hours of a group are made of it.",
        unit="acts per hour",
        n="1 person",
        source="learning events of the person's own doing; what a marker does is none",
        freshness=FRESHNESS,
        rolled_up=query("SELECT person_id || ':' || day || ' ' || lpad(CAST(hour AS text), 2, '0'), acts FROM active_hours WHERE run_id = :run"),
        counted=query(
            "SELECT e.person_id || ':' || to_char(e.occurred_at AT TIME ZONE r.time_zone, 'YYYY-MM-DD HH24'), count(*) "
            f"FROM learning_events e JOIN runs r ON r.id = e.run_id WHERE e.run_id = :run AND e.{ACTS} GROUP BY 1"
        ),
    ),
)

NODE_METRICS = {metric.name: metric for metric in _ALL}
