"""What pages and programs may see of quizzes. No key, no weight, no feedback but what is allowed now. Scores are fractions 0 to 1 and points as
text, so that nothing is rounded on the way; percentages are whole, rounded down."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class AttemptLine:
    """One sitting in the list on the cover."""

    id: str
    number: int
    status: str
    when: str
    percent: int | None
    passed: bool | None
    counts: bool


@dataclass(frozen=True, kw_only=True)
class QuizCover:
    """A quiz before it is begun. `time_limit` in seconds; `attempts_left` None without limit; `open_attempt` is the id of one under way."""

    id: str
    title: str
    introduction: str
    course: str
    slug: str
    page_id: str
    practice: bool
    questions: int
    points: str
    pass_percent: int | None
    time_limit: int | None
    attempts_allowed: int | None
    attempts_left: int | None
    immediate: bool
    rule_sentence: str
    open_attempt: str
    attempts: list[AttemptLine]
    best_percent: int | None
    passed: bool


@dataclass(frozen=True, kw_only=True)
class ChoiceSheet:
    """A choice as the student sees it."""

    id: str
    html: str


@dataclass(frozen=True, kw_only=True)
class ChoiceFeedback:
    """How a choice turned out."""

    id: str
    chosen: bool
    right: bool
    html: str


@dataclass(frozen=True, kw_only=True)
class AnswerFeedback:
    """How an answer did. `html` says why, `solution` is the right answer in words where the type can say it."""

    outcome: str
    score: str
    points: str
    html: str
    remark: str
    choices: list[ChoiceFeedback] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class QuestionSheet:
    """A question as the student may see it, with what the student has answered so far."""

    id: str
    number: int
    type: str
    points: str
    html: str
    choices: list[ChoiceSheet]
    extras: dict[str, Any]
    hints: list[str]
    response: dict[str, Any] | None
    sequence: int
    saved_at: str
    feedback: AnswerFeedback | None = None


@dataclass(frozen=True, kw_only=True)
class AttemptSheet:
    """An attempt under way. Times are ISO 8601 UTC; `server_time` lets the clock on screen follow the server's."""

    id: str
    number: int
    assessment_id: str
    title: str
    course: str
    slug: str
    page_id: str
    immediate: bool
    deadline_at: str
    server_time: str
    questions: list[QuestionSheet]


@dataclass(frozen=True, kw_only=True)
class AttemptResult:
    """A submitted attempt. `passed` is None where there is nothing to pass."""

    id: str
    number: int
    assessment_id: str
    title: str
    slug: str
    page_id: str
    score: str
    max_score: str
    percent: int
    passed: bool | None
    pass_percent: int | None
    late: bool
    submitted_at: str
    questions: list[QuestionSheet]
    course_completed: bool
    attempts_left: int | None
