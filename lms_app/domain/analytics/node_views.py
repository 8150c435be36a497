"""What stands beside the editor of a page or quiz. Seconds are whole; shares are fractions, 0 to 1."""

from dataclasses import dataclass

from lms_app.domain.analytics.item_findings_rules import Flag, Written
from lms_app.domain.analytics.overview_views import Choice
from lms_app.domain.analytics.views import QuizScores


@dataclass(frozen=True, kw_only=True)
class NodeFigure:
    """One figure: its metric, the number in words and its unit, what stands under it in words, and how many the `n` of its metric are."""

    metric: str
    value: str
    unit: str = ""
    foot: str = ""
    n: int


@dataclass(frozen=True, kw_only=True)
class NodeDay:
    """People who first opened a page or quiz on a day of the run's zone, an ISO date, and who completed it."""

    day: str
    opened: int
    completed: int


@dataclass(frozen=True, kw_only=True)
class FilmPart:
    """A stretch of a film, from `start` up to `end` seconds: people who played any of it, and how often it was stopped there."""

    start: int
    end: int
    people: int
    stops: int


@dataclass(frozen=True, kw_only=True)
class FilmFigures:
    """A film or recording of a page: how many played it, how often it was stopped, part by part, and what that shows in a sentence."""

    block: str
    title: str
    people: int
    stops: int
    parts: list[FilmPart]
    finding: str


@dataclass(frozen=True, kw_only=True)
class QuestionInShort:
    """A question of a quiz. `number` is its place, 0 where it is drawn or no longer there; `wrong` names what is chosen wrongly most, with shares."""

    id: str
    number: int
    title: str
    seen: int
    answered: int
    n: int
    facility: Written
    item_rest: Written
    wrong: str
    flags: list[Flag]


@dataclass(frozen=True, kw_only=True)
class Questions:
    """The first questions in the order of the quiz, what all of the `total` show together, and why figures may be missing."""

    shown: list[QuestionInShort]
    finding: str
    total: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class NodeFigures:
    """The figures of a page or quiz in a run, or of a group of it. `people` are those of the run or group who ever enrolled, `opened` those who
    opened it. `scores` is None of a page.

    `as_of` says up to when everything is counted, in words of the viewer's zone; `version` grows with each move.
    """

    kind: str
    id: str
    course_id: str
    title: str
    people: int
    opened: int
    figures: list[NodeFigure]
    days: list[NodeDay]
    days_finding: str
    films: list[FilmFigures]
    scores: QuizScores | None
    questions: Questions
    zone: str
    runs: list[Choice]
    groups: list[Choice]
    run: str
    group: str
    as_of: str
    version: int
