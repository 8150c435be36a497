"""What learning events make of the roll-ups, said once, in SQL: the fold adds a batch of events by it, the rebuild all of them.

Everything is a sum, a least or a greatest value, or a count of what is there for the first time, so that events may come in any order and in batches
of any size. Whoever runs it holds the fold's cursor: what was there before is looked up by the same statement that adds to it.
"""

from sqlalchemy import TextClause, text

VERSION = 1
"""Grows with every change of what is made of events: roll-ups of another version are made anew by the first fold of this code."""

PART = 30
"""Seconds in a part of a film: as long as from one beat of a tab to the next."""

MOST_PLAYED = 240
"""Seconds of a film that one beat can tell of: a minute at four times the speed."""

ACTS = "verb NOT IN ('graded', 'uncompleted')"
"""What tells an act of the person from a marker's or a correction's."""

LEARNT = "verb IN ('viewed', 'started', 'answered', 'progressed', 'paused', 'replied')"
"""What somebody surely did themselves, then, to learn: others mark, complete and let time run out."""

QUARTER = "date_bin('15 minutes', {}, TIMESTAMPTZ '2000-01-01 00:00+00')"
"""The beginning of the quarter of an hour that a moment is in."""

_EVENTS = """
SELECT e.id, e.xid, e.occurred_at, e.run_id, e.course_id, e.person_id, e.verb, e.object_kind, e.object_id, e.attempt_id, e.value
FROM learning_events e WHERE (e.xid, e.id) > (CAST(:xid AS xid8), CAST(:id AS uuid))
"""

_NEXT = f"{_EVENTS} AND e.xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY e.xid, e.id LIMIT :batch"
_SO_FAR = f"{_EVENTS} AND (e.xid, e.id) <= (CAST(:to_xid AS xid8), CAST(:to_id AS uuid)) AND (CAST(:run AS uuid) IS NULL OR e.run_id = :run)"


def _moving(source: str) -> TextClause:
    return text(f"""
WITH batch AS MATERIALIZED (
  SELECT s.id, s.xid, s.occurred_at, s.run_id, s.course_id, s.person_id, s.verb, s.object_kind, s.object_id, s.attempt_id,
    CAST(s.occurred_at AT TIME ZONE coalesce(r.time_zone, 'UTC') AS date) AS day,
    CAST(extract(hour FROM s.occurred_at AT TIME ZONE coalesce(r.time_zone, 'UTC')) AS smallint) AS hour,
    CASE WHEN s.verb IN ('progressed', 'paused') THEN coalesce(CAST(s.value ->> 'seconds' AS int), 0) ELSE 0 END AS seconds,
    s.value ->> 'block' AS block, CAST(s.value ->> 'position' AS int) AS position, CAST(s.value ->> 'played' AS int) AS played,
    CASE s.verb WHEN 'submitted' THEN coalesce(CAST(s.value ->> 'fraction' AS numeric(12, 6)), 0)
      WHEN 'graded' THEN CAST(s.value ->> 'fraction' AS numeric(12, 6)) END AS earned,
    CASE s.verb WHEN 'graded' THEN CAST(s.value ->> 'before' AS numeric(12, 6)) END AS before
  FROM ({source}) s LEFT JOIN runs r ON r.id = s.run_id
),

-- Nodes: each person counts once for having begun one, once for having completed it. Of the course as a node that is whoever ever enrolled.
item_moves AS (
  SELECT run_id, person_id, object_id, min(object_kind) AS object_kind,
    min(occurred_at) FILTER (WHERE verb NOT IN ('progressed', 'paused')) AS first_at,
    min(occurred_at) FILTER (WHERE verb = 'completed') AS completed_at,
    max(occurred_at) AS last_at, sum(seconds) AS seconds
  FROM batch WHERE verb IN ('enrolled', 'viewed', 'started', 'progressed', 'paused', 'completed') GROUP BY 1, 2, 3
),
items AS (
  SELECT m.*, CAST(m.first_at IS NOT NULL AND p.first_at IS NULL AS int) AS begun,
    CAST(m.completed_at IS NOT NULL AND p.completed_at IS NULL AS int) AS done
  FROM item_moves m LEFT JOIN item_people p USING (run_id, person_id, object_id)
),
item_people_moved AS (
  INSERT INTO item_people AS p (run_id, person_id, object_id, first_at, completed_at, seconds)
  SELECT run_id, person_id, object_id, first_at, completed_at, seconds FROM item_moves ORDER BY 1, 2, 3
  ON CONFLICT (run_id, person_id, object_id) DO UPDATE SET first_at = least(p.first_at, excluded.first_at),
    completed_at = least(p.completed_at, excluded.completed_at), seconds = p.seconds + excluded.seconds
),
run_items_moved AS (
  INSERT INTO run_items AS i (run_id, object_id, object_kind, started, completed, seconds)
  SELECT run_id, object_id, min(object_kind), sum(begun), sum(done), sum(seconds) FROM items GROUP BY 1, 2
  ON CONFLICT (run_id, object_id) DO UPDATE SET started = i.started + excluded.started, completed = i.completed + excluded.completed,
    seconds = i.seconds + excluded.seconds
),

-- Days: each person counts once a day for having been there.
day_moves AS (
  SELECT run_id, day, person_id, count(*) AS acts, sum(seconds) AS seconds FROM batch WHERE {ACTS} GROUP BY 1, 2, 3
),
days AS (
  SELECT m.*, CAST(a.person_id IS NULL AS int) AS active FROM day_moves m LEFT JOIN active_days a USING (run_id, day, person_id)
),
active_days_moved AS (
  INSERT INTO active_days AS a (run_id, day, person_id, acts, seconds) SELECT run_id, day, person_id, acts, seconds FROM day_moves ORDER BY 1, 2, 3
  ON CONFLICT (run_id, day, person_id) DO UPDATE SET acts = a.acts + excluded.acts, seconds = a.seconds + excluded.seconds
),
run_days_moved AS (
  INSERT INTO run_days AS d (run_id, day, enrolled, withdrawn, active, completions, completed, submissions, fractions, seconds)
  SELECT run_id, day, sum(enrolled), sum(withdrawn), sum(active), sum(completions), sum(completed), sum(submissions), sum(fractions), sum(seconds)
  FROM (
    SELECT run_id, day, count(*) FILTER (WHERE verb = 'enrolled') AS enrolled, count(*) FILTER (WHERE verb = 'withdrew') AS withdrawn, 0 AS active,
      count(*) FILTER (WHERE verb = 'completed' AND object_kind <> 'course') AS completions,
      count(*) FILTER (WHERE verb = 'completed' AND object_kind = 'course') - count(*) FILTER (WHERE verb = 'uncompleted') AS completed,
      count(*) FILTER (WHERE verb = 'submitted') AS submissions, coalesce(sum(earned) FILTER (WHERE verb = 'submitted'), 0) AS fractions,
      sum(seconds) AS seconds
    FROM batch GROUP BY 1, 2
    UNION ALL SELECT run_id, day, 0, 0, sum(active), 0, 0, 0, 0, 0 FROM days GROUP BY 1, 2
  ) moves GROUP BY 1, 2
  ON CONFLICT (run_id, day) DO UPDATE SET enrolled = d.enrolled + excluded.enrolled, withdrawn = d.withdrawn + excluded.withdrawn,
    active = d.active + excluded.active, completions = d.completions + excluded.completions, completed = d.completed + excluded.completed,
    submissions = d.submissions + excluded.submissions, fractions = d.fractions + excluded.fractions, seconds = d.seconds + excluded.seconds
),
run_hours_moved AS (
  INSERT INTO run_hours AS h (run_id, day, hour, acts, seconds)
  SELECT run_id, day, hour, count(*), sum(seconds) FROM batch WHERE {ACTS} GROUP BY 1, 2, 3
  ON CONFLICT (run_id, day, hour) DO UPDATE SET acts = h.acts + excluded.acts, seconds = h.seconds + excluded.seconds
),

-- Quarters of an hour: when somebody learnt, for their own days and weeks in whatever zone.
learning_quarters_moved AS (
  INSERT INTO learning_quarters AS q (run_id, person_id, at, acts, seconds)
  SELECT run_id, person_id, {QUARTER.format("occurred_at")}, count(*), sum(seconds) FROM batch WHERE {LEARNT} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (run_id, person_id, at) DO UPDATE SET acts = q.acts + excluded.acts, seconds = q.seconds + excluded.seconds
),

active_hours_moved AS (
  INSERT INTO active_hours AS h (run_id, person_id, day, hour, acts, seconds)
  SELECT run_id, person_id, day, hour, count(*), sum(seconds) FROM batch WHERE {ACTS} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (run_id, person_id, day, hour) DO UPDATE SET acts = h.acts + excluded.acts, seconds = h.seconds + excluded.seconds
),

-- Films: what was played is the stretch that ends where the film stood. Each person counts once for a part of which they have played anything.
film_told AS (
  SELECT run_id, person_id, object_id, block, position, CAST(verb = 'paused' AS int) AS stops, least(played, position, {MOST_PLAYED}) AS played
  FROM batch WHERE verb IN ('progressed', 'paused') AND block IS NOT NULL
),
film_moves AS (
  SELECT run_id, person_id, object_id, block, part, sum(seconds) AS seconds, sum(stops) AS stops FROM (
    SELECT t.*, p.part, least(t.position, (p.part + 1) * {PART}) - greatest(t.position - t.played, p.part * {PART}) AS seconds
    FROM (SELECT run_id, person_id, object_id, block, position, played, 0 AS stops FROM film_told WHERE played > 0) t
      CROSS JOIN LATERAL generate_series((t.position - t.played) / {PART}, (t.position - 1) / {PART}) p (part)
    UNION ALL
    SELECT run_id, person_id, object_id, block, position, played, stops, position / {PART}, 0 FROM film_told WHERE stops > 0
    UNION ALL
    SELECT run_id, person_id, object_id, block, position, played, stops, -1, played FROM film_told
  ) marks GROUP BY 1, 2, 3, 4, 5
),
film_people_moved AS (
  INSERT INTO film_people AS p (run_id, person_id, object_id, block, part, seconds, stops)
  SELECT run_id, person_id, object_id, block, part, seconds, stops FROM film_moves ORDER BY 1, 3, 4, 2, 5
  ON CONFLICT (run_id, object_id, block, person_id, part) DO UPDATE SET seconds = p.seconds + excluded.seconds, stops = p.stops + excluded.stops
),
run_films_moved AS (
  INSERT INTO run_films AS f (run_id, object_id, block, part, people, seconds, stops)
  SELECT m.run_id, m.object_id, m.block, m.part, sum(CAST(m.seconds > 0 AND coalesce(p.seconds, 0) = 0 AS int)), sum(m.seconds), sum(m.stops)
  FROM film_moves m LEFT JOIN film_people p USING (run_id, object_id, block, person_id, part) GROUP BY 1, 2, 3, 4
  ON CONFLICT (run_id, object_id, block, part) DO UPDATE SET people = f.people + excluded.people, seconds = f.seconds + excluded.seconds,
    stops = f.stops + excluded.stops
),

-- Attempts: one row each, so that a group's scores can be told from the run's.
attempt_figures_moved AS (
  INSERT INTO attempt_figures AS a (run_id, assessment_id, person_id, attempt_id, begun_at, submitted_at, earned, marked, fraction)
  SELECT run_id, object_id, person_id, attempt_id, min(occurred_at) FILTER (WHERE verb = 'started'),
    min(occurred_at) FILTER (WHERE verb = 'submitted'), coalesce(sum(earned) FILTER (WHERE verb = 'submitted'), 0),
    count(earned) - count(before), coalesce(sum(earned), 0) - coalesce(sum(before), 0)
  FROM batch WHERE verb IN ('started', 'submitted', 'graded') AND object_kind = 'assessment' AND attempt_id IS NOT NULL
  GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (run_id, assessment_id, person_id, attempt_id) DO UPDATE SET begun_at = least(a.begun_at, excluded.begun_at),
    submitted_at = least(a.submitted_at, excluded.submitted_at), earned = a.earned + excluded.earned, marked = a.marked + excluded.marked,
    fraction = a.fraction + excluded.fraction
),

-- Marks: a submitted attempt enters its bin, and one that was marked anew moves from the bin that it was in.
run_scores_moved AS (
  INSERT INTO run_scores AS s (run_id, assessment_id, bin, attempts, total)
  SELECT b.run_id, b.object_id, least(19, greatest(0, trunc(mark.fraction * 20))), sum(mark.sign), sum(mark.sign * mark.fraction)
  FROM batch b CROSS JOIN LATERAL (VALUES (b.earned, 1), (b.before, -1)) mark (fraction, sign)
  WHERE b.verb IN ('submitted', 'graded') AND mark.fraction IS NOT NULL GROUP BY 1, 2, 3
  ON CONFLICT (run_id, assessment_id, bin) DO UPDATE SET attempts = s.attempts + excluded.attempts, total = s.total + excluded.total
),

-- People: one row each, moved by what they did, by the items and by the days that are new to them.
learner_figures_moved AS (
  INSERT INTO learner_figures AS l (run_id, person_id, enrolments, completions, enrolled_at, withdrawn_at, completed_at, first_at, last_active_at,
    last_item_at, last_item_id, active_days, seconds, items_started, items_completed, attempts, marked, fractions)
  SELECT run_id, person_id, sum(enrolments), sum(completions), min(enrolled_at), max(withdrawn_at), max(completed_at), min(first_at),
    max(last_active_at), max(last_item_at), CAST(max(CAST(last_item_id AS text)) AS uuid), sum(active_days), sum(seconds), sum(items_started),
    sum(items_completed), sum(attempts), sum(marked), sum(fractions)
  FROM (
    SELECT run_id, person_id, count(*) FILTER (WHERE verb = 'enrolled') - count(*) FILTER (WHERE verb = 'withdrew') AS enrolments,
      count(*) FILTER (WHERE verb = 'completed' AND object_kind = 'course') - count(*) FILTER (WHERE verb = 'uncompleted') AS completions,
      min(occurred_at) FILTER (WHERE verb = 'enrolled') AS enrolled_at, max(occurred_at) FILTER (WHERE verb = 'withdrew') AS withdrawn_at,
      max(occurred_at) FILTER (WHERE verb = 'completed' AND object_kind = 'course') AS completed_at,
      min(occurred_at) FILTER (WHERE {ACTS}) AS first_at, max(occurred_at) FILTER (WHERE {ACTS}) AS last_active_at,
      CAST(NULL AS timestamptz) AS last_item_at, CAST(NULL AS uuid) AS last_item_id, 0 AS active_days, sum(seconds) AS seconds,
      0 AS items_started, 0 AS items_completed, count(*) FILTER (WHERE verb = 'submitted') AS attempts,
      count(earned) - count(before) AS marked, coalesce(sum(earned), 0) - coalesce(sum(before), 0) AS fractions
    FROM batch GROUP BY 1, 2
    UNION ALL
    SELECT run_id, person_id, 0, 0, NULL, NULL, NULL, NULL, NULL, max(last_at), (array_agg(object_id ORDER BY last_at DESC, object_id DESC))[1],
      0, 0, sum(begun), sum(done), 0, 0, 0
    FROM items WHERE object_kind IN ('page', 'assessment') GROUP BY 1, 2
    UNION ALL
    SELECT run_id, person_id, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, sum(active), 0, 0, 0, 0, 0, 0 FROM days GROUP BY 1, 2
  ) moves GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (run_id, person_id) DO UPDATE SET enrolments = l.enrolments + excluded.enrolments, completions = l.completions + excluded.completions,
    enrolled_at = least(l.enrolled_at, excluded.enrolled_at), withdrawn_at = greatest(l.withdrawn_at, excluded.withdrawn_at),
    completed_at = greatest(l.completed_at, excluded.completed_at), first_at = least(l.first_at, excluded.first_at),
    last_active_at = greatest(l.last_active_at, excluded.last_active_at), last_item_at = greatest(l.last_item_at, excluded.last_item_at),
    last_item_id = CASE WHEN l.last_item_at > excluded.last_item_at OR excluded.last_item_at IS NULL THEN l.last_item_id
      WHEN l.last_item_at = excluded.last_item_at THEN greatest(l.last_item_id, excluded.last_item_id) ELSE excluded.last_item_id END,
    active_days = l.active_days + excluded.active_days, seconds = l.seconds + excluded.seconds,
    items_started = l.items_started + excluded.items_started, items_completed = l.items_completed + excluded.items_completed,
    attempts = l.attempts + excluded.attempts, marked = l.marked + excluded.marked, fractions = l.fractions + excluded.fractions
),

run_figures_moved AS (
  INSERT INTO run_figures AS f (run_id, course_id, enrolled, withdrawn, completed, certificates, submissions, seconds, version, folded_at)
  SELECT run_id, CAST(min(CAST(course_id AS text)) AS uuid), count(*) FILTER (WHERE verb = 'enrolled') - count(*) FILTER (WHERE verb = 'withdrew'),
    count(*) FILTER (WHERE verb = 'withdrew'),
    count(*) FILTER (WHERE verb = 'completed' AND object_kind = 'course') - count(*) FILTER (WHERE verb = 'uncompleted'),
    count(*) FILTER (WHERE verb = 'earned'), count(*) FILTER (WHERE verb = 'submitted'), sum(seconds), 1, :now
  FROM batch GROUP BY 1
  ON CONFLICT (run_id) DO UPDATE SET enrolled = f.enrolled + excluded.enrolled, withdrawn = f.withdrawn + excluded.withdrawn,
    completed = f.completed + excluded.completed, certificates = f.certificates + excluded.certificates,
    submissions = f.submissions + excluded.submissions, seconds = f.seconds + excluded.seconds, version = f.version + 1, folded_at = :now
)

SELECT count(*) AS events, array_agg(DISTINCT CAST(run_id AS text)) AS runs,
  array_agg(DISTINCT person_id) FILTER (WHERE {LEARNT}) AS learners,
  array_agg(DISTINCT CAST(attempt_id AS text)) FILTER (WHERE attempt_id IS NOT NULL AND verb IN ('submitted', 'graded')) AS attempts,
  (SELECT CAST(CAST(xid AS text) AS bigint) FROM batch ORDER BY xid DESC, id DESC LIMIT 1) AS xid,
  (SELECT id FROM batch ORDER BY xid DESC, id DESC LIMIT 1) AS id
FROM batch
""")  # noqa: S608 - of the constants above and of `_NEXT` or `_SO_FAR`: nothing that anybody sent


ADD_NEXT = _moving(_NEXT)
"""Adds the next `batch` events after (xid, id) that nothing older can still come before, and gives what they were: how many, which runs, who learnt,
which attempts have other marks now, and where the last one lies."""

ADD_ALL = _moving(_SO_FAR)
"""Adds the events after (xid, id) up to (to_xid, to_id), of one `run` or, with None, of all."""

ROLL_UPS = (
    "run_days",
    "run_hours",
    "active_days",
    "active_hours",
    "learning_quarters",
    "learner_figures",
    "run_items",
    "item_people",
    "run_scores",
    "attempt_figures",
    "run_films",
    "film_people",
)
"""The tables that hold nothing but what was made of events; `run_figures` has a version too."""

CLEAR = (
    *(
        text(f"DELETE FROM {table} WHERE CAST(:run AS uuid) IS NULL OR run_id = :run")  # noqa: S608 - the names in `ROLL_UPS`
        for table in ROLL_UPS
    ),
    text(
        "UPDATE run_figures SET enrolled = 0, withdrawn = 0, completed = 0, certificates = 0, submissions = 0, seconds = 0, version = version + 1 "
        "WHERE CAST(:run AS uuid) IS NULL OR run_id = :run"
    ),
)
"""Empties the roll-ups of one `run` or, with None, of all. Versions go on growing."""
