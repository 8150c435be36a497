"""What the statistics pages show of a quiz and of a question."""

from dataclasses import dataclass

from lms_app.domain.analytics.item_findings_rules import Flag, Written


@dataclass(frozen=True, kw_only=True)
class NamedFigure:
    """A figure under the name that the registry of metrics knows it by."""

    metric: str
    text: str
    because: str


@dataclass(frozen=True, kw_only=True)
class QuestionStatistics:
    """A question in the table. `number` is its place in the quiz, 0 where it is drawn from a pool or no longer in it.

    `n` are the complete attempts that whatever needs a total is made of, `answered` of `seen` those with an answer.
    """

    id: str
    number: int
    title: str
    seen: int
    answered: int
    n: int
    facility: Written
    sd: Written
    discrimination: Written
    efficiency: Written
    item_total: Written
    item_rest: Written
    alpha_if_deleted: Written
    intended_weight: Written
    effective_weight: Written
    flags: list[Flag]


@dataclass(frozen=True, kw_only=True)
class QuizStatistics:
    """A quiz's figures and the questions of one page of its table.

    `attempts` count (first attempts, marked), `complete` of them answered every question. `reason` says why figures are missing where students saw
    different questions. `as_of` says up to when everything is counted; `version` grows with each move.
    """

    assessment_id: str
    course_id: str
    course: str
    title: str
    attempts: int
    complete: int
    maximum: str
    figures: list[NamedFigure]
    questions: list[QuestionStatistics]
    total: int
    finding: str
    reason: str
    as_of: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ChoiceLine:
    """One choice: what it says, in which part of the question, whether it is right, how many gave it and how that goes with the total."""

    key: str
    part: str
    name: str
    right: bool
    given: int
    share: Written
    with_total: Written
    flags: list[Flag]


@dataclass(frozen=True, kw_only=True)
class QuestionView:
    """A question's own view. `choices` are at most `statistics.MOST_CHOICES`; `left_out` are those beyond."""

    assessment_id: str
    course_id: str
    quiz: str
    question: QuestionStatistics
    text: str
    figures: list[NamedFigure]
    choices: list[ChoiceLine]
    left_out: int
    finding: str
    as_of: str
    version: int
