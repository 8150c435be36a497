"""Item statistics counted by Postgres from the attempts themselves, for the registry of metrics: a SELECT of key and value for each."""

BASE = """
WITH firsts AS (
  SELECT DISTINCT ON (assessment_id, enrollment_id) id, assessment_id FROM attempts
  WHERE run_id = :run AND status IN ('submitted', 'expired') AND fraction IS NOT NULL
  ORDER BY assessment_id, enrollment_id, number
), marks AS (
  SELECT f.assessment_id AS quiz, f.id AS attempt, s.question_id AS question, s.points, s.score AS x, s.fraction AS f,
    s.outcome <> 'blank' AS answered, s.tally
  FROM firsts f JOIN question_scores s ON s.attempt_id = f.id JOIN questions q ON q.id = s.question_id
  WHERE s.points > 0 AND q.type <> 'description'
    AND NOT EXISTS (SELECT FROM question_scores p WHERE p.attempt_id = f.id AND p.outcome = 'pending')
), sittings AS (
  SELECT quiz, attempt, sum(x) AS t, sum(points) AS most, bool_and(answered) AS complete, count(*) AS held FROM marks GROUP BY 1, 2
), same AS (
  SELECT s.quiz, min(s.held) = count(DISTINCT m.question) AS same, count(DISTINCT m.question) AS k
  FROM sittings s JOIN marks m ON m.attempt = s.attempt GROUP BY 1
), whole AS (
  SELECT m.*, s.t, s.t - m.x AS r, s.most, a.same, a.k
  FROM marks m JOIN sittings s USING (quiz, attempt) JOIN same a USING (quiz) WHERE s.complete
), totals AS (
  SELECT s.quiz, s.t, s.most, a.same, a.k, s.t - avg(s.t) OVER (PARTITION BY s.quiz) AS d, count(*) OVER (PARTITION BY s.quiz) AS n
  FROM sittings s JOIN same a USING (quiz) WHERE s.complete
), spreads AS (
  SELECT quiz, question, var_samp(x) AS v, var_samp(r) AS vr FROM whole WHERE same GROUP BY 1, 2
), alphas AS (
  SELECT t.quiz, var_samp(t.t) AS variance, t.k / (t.k - 1.0) * (1 - s.v / nullif(var_samp(t.t), 0)) AS alpha
  FROM totals t JOIN (SELECT quiz, sum(v) AS v FROM spreads GROUP BY 1) s USING (quiz) WHERE t.k > 1 GROUP BY t.quiz, t.k, s.v
), places AS (
  SELECT quiz, question, f, 0.27 * count(*) OVER q AS room, count(*) OVER q AS n,
    count(*) OVER (PARTITION BY quiz, question, t / most) AS tied,
    rank() OVER (PARTITION BY quiz, question ORDER BY t / most DESC) - 1 AS above,
    rank() OVER (PARTITION BY quiz, question ORDER BY t / most) - 1 AS below
  FROM whole WINDOW q AS (PARTITION BY quiz, question)
), sorted_marks AS (
  SELECT quiz, question, x, row_number() OVER (PARTITION BY quiz, question ORDER BY x) AS place FROM whole WHERE same
), sorted_rests AS (
  SELECT quiz, question, r, row_number() OVER (PARTITION BY quiz, question ORDER BY r) AS place FROM whole WHERE same
), highest AS (
  SELECT quiz, question, covar_samp(x, r) AS c FROM sorted_marks JOIN sorted_rests USING (quiz, question, place) GROUP BY 1, 2
), shared AS (
  SELECT quiz, question, covar_samp(x, t) AS c, var_samp(x) AS v FROM whole WHERE same GROUP BY 1, 2
), given AS (
  SELECT DISTINCT quiz, question, attempt, pair.value ->> 0 AS part, pair.value ->> 1 AS choice
  FROM marks, jsonb_array_elements(tally) AS pair
), answers AS (
  SELECT quiz, question, count(*) AS n FROM marks WHERE answered GROUP BY 1, 2
), told AS (
  SELECT k.quiz, k.question, k.part, k.choice, w.t, CAST(g.attempt IS NOT NULL AS int) AS c
  FROM (SELECT DISTINCT quiz, question, part, choice FROM given) k JOIN whole w USING (quiz, question)
  LEFT JOIN given g ON (g.attempt, g.question, g.part, g.choice) = (w.attempt, k.question, k.part, k.choice) WHERE w.same
)
"""
"""What every count begins with. Postgres works out only the parts that a SELECT asks for."""

SELECTS = {
    "quiz_mean": "SELECT quiz, avg(t) FROM totals GROUP BY 1",
    "quiz_median": "SELECT quiz, percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FROM totals GROUP BY 1",
    "quiz_sd": "SELECT quiz, stddev_samp(t) FROM totals GROUP BY 1",
    "quiz_skewness": """
        SELECT quiz, CASE WHEN n > 2 AND var_samp(t) > 0 THEN n * sum(d ^ 3) / ((n - 1) * (n - 2)) / stddev_samp(t) ^ 3 END
        FROM totals GROUP BY quiz, n""",
    "quiz_kurtosis": """
        SELECT quiz, CASE WHEN n > 3 AND var_samp(t) > 0 THEN n * (n + 1) * sum(d ^ 4) / ((n - 1) * (n - 2) * (n - 3)) / var_samp(t) ^ 2
          - 3.0 * (n - 1) ^ 2 / ((n - 2) * (n - 3)) END
        FROM totals GROUP BY quiz, n""",
    "alpha": "SELECT quiz, alpha FROM alphas",
    "standard_error": "SELECT quiz, sqrt(variance * (1 - alpha)) FROM alphas",
    "facility": "SELECT quiz || ':' || question, avg(f) FROM marks WHERE answered GROUP BY quiz, question",
    "facility_sd": "SELECT quiz || ':' || question, stddev_samp(f) FROM marks WHERE answered GROUP BY quiz, question",
    "item_total": """
        SELECT quiz || ':' || question, CASE WHEN var_samp(x) > 0 AND var_samp(t) > 0 THEN corr(x, t) END
        FROM whole WHERE same GROUP BY quiz, question""",
    "item_rest": """
        SELECT quiz || ':' || question, CASE WHEN var_samp(x) > 0 AND var_samp(r) > 0 THEN corr(x, r) END
        FROM whole WHERE same GROUP BY quiz, question""",
    "discrimination": """
        SELECT quiz || ':' || question,
          (sum(f * greatest(0, least(1, (room - above) / tied))) - sum(f * greatest(0, least(1, (room - below) / tied)))) / max(room)
        FROM places WHERE n > 1 GROUP BY quiz, question""",
    "efficiency": """
        SELECT w.quiz || ':' || w.question, CASE WHEN var_samp(x) > 0 AND var_samp(r) > 0 THEN covar_samp(x, r) / h.c END
        FROM whole w JOIN highest h USING (quiz, question) GROUP BY w.quiz, w.question, h.c""",
    "alpha_if_deleted": """
        SELECT s.quiz || ':' || s.question, CASE WHEN a.k > 2 AND s.vr > 0 THEN (a.k - 1) / (a.k - 2.0) * (1 - (sum(o.v) - s.v) / s.vr) END
        FROM spreads s JOIN same a USING (quiz) JOIN spreads o USING (quiz) GROUP BY s.quiz, s.question, s.v, s.vr, a.k""",
    "intended_weight": """
        SELECT m.quiz || ':' || m.question, sum(m.points) / sum(s.most)
        FROM marks m JOIN sittings s USING (quiz, attempt) GROUP BY m.quiz, m.question""",
    "effective_weight": """
        SELECT quiz || ':' || question, CASE WHEN c > 1e-12 THEN sqrt(c) END / sum(CASE WHEN c > 1e-12 THEN sqrt(c) END) OVER (PARTITION BY quiz)
        FROM shared""",
    "choice_share": """
        SELECT quiz || ':' || question || ':' || part || ':' || choice, CAST(count(*) AS float) / n
        FROM given JOIN answers USING (quiz, question) GROUP BY quiz, question, part, choice, n""",
    "choice_total": """
        SELECT quiz || ':' || question || ':' || part || ':' || choice, CASE WHEN var_samp(c) > 0 AND var_samp(t) > 0 THEN corr(c, t) END
        FROM told GROUP BY quiz, question, part, choice""",
}
"""By the name of the metric."""
