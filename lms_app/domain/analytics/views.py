"""What dashboards show. Fractions are 0 to 1 as floats, for drawing; days are ISO dates of the run's zone."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DayCount:
    """Enrolled in all by the end of a day, and active on it."""

    day: str
    enrolled: int
    active: int


@dataclass(frozen=True, kw_only=True)
class FunnelStep:
    """How many people started and completed an item, in course order. `share` is completed over all who ever enrolled."""

    id: str
    title: str
    kind: str
    module: str
    started: int
    completed: int
    share: float


@dataclass(frozen=True, kw_only=True)
class ScoreBin:
    """Attempts whose score lies from `low` up to `high` percent; the last bin holds 100."""

    low: int
    high: int
    attempts: int


@dataclass(frozen=True, kw_only=True)
class QuizScores:
    """The distribution of a quiz's scores, and what it shows in a sentence. `mean` is a fraction, None without attempts."""

    id: str
    title: str
    attempts: int
    mean: float | None
    pass_mark: float | None
    bins: list[ScoreBin]
    finding: str


@dataclass(frozen=True, kw_only=True)
class MetricNote:
    """What a figure means, shown beside it. `n` says what the number beside it counts."""

    name: str
    title: str
    meaning: str
    unit: str
    n: str
    source: str
    freshness: str


@dataclass(frozen=True, kw_only=True)
class CourseFigures:
    """An instructor's dashboard of one course, with a sentence on what each chart shows.

    `as_of` says up to when everything is counted, in words of the viewer's zone; `version` grows with each move.
    """

    course_id: str
    run_id: str
    slug: str
    title: str
    enrolled: int
    ever_enrolled: int
    active_week: int
    completed: int
    certificates: int
    days: list[DayCount]
    funnel: list[FunnelStep]
    quizzes: list[QuizScores]
    enrolment_finding: str
    activity_finding: str
    funnel_finding: str
    metrics: list[MetricNote]
    as_of: str
    version: int


@dataclass(frozen=True, kw_only=True)
class LearnerCourse:
    """A course on a student's dashboard. `score` is the mean of its graded quizzes' counting scores, a whole percentage, None before any; `cover`
    the address of a picture."""

    slug: str
    cover: str
    title: str
    course_id: str
    percent: int
    done: int
    total: int
    completed: bool
    next_title: str
    next_link: str
    score: int | None
    certificate: str
    active_at: str


@dataclass(frozen=True, kw_only=True)
class ScoreLine:
    """A quiz the student has submitted: the score that counts, and whether it passed."""

    assessment_id: str
    course: str
    quiz: str
    percent: int
    passed: bool | None
    attempts: int
    when: str


@dataclass(frozen=True, kw_only=True)
class ActivityDay:
    """One day of the activity strip. `level` 0 is a quiet day, 1 one without a completed step, 2 to 4 more and more steps."""

    day: str
    words: str
    level: int


@dataclass(frozen=True, kw_only=True)
class ActivityWeek:
    """A week of the activity strip, from Monday; the present week ends today."""

    name: str
    cells: list[ActivityDay]


@dataclass(frozen=True, kw_only=True)
class LearnerHome:
    """A student's dashboard. `active_days` are the days of the last eight weeks on which they learnt, by their own clock, `weeks` the same weeks day
    by day. `as_of` says when it was counted."""

    courses: list[LearnerCourse]
    scores: list[ScoreLine]
    active_days: list[str]
    weeks: list[ActivityWeek]
    completed_items: int
    certificates: int
    as_of: str
