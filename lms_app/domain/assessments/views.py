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
    pending: bool


@dataclass(frozen=True, kw_only=True)
class QuizCover:
    """A quiz before it is begun. `time_limit` in seconds, as it holds for this student; `attempts_left` None without limit; `open_attempt` is the
    id of one under way. `refusal` says why none can be started now, `opens_again_at` at which moment the clock may change that, "" where it cannot;
    `facts` are what one should know before."""

    id: str
    title: str
    introduction: str
    course_id: str
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
    needs_password: bool
    refusal: str
    opens_again_at: str
    facts: list[str]
    rule_sentence: str
    open_attempt: str
    attempts: list[AttemptLine]
    best_percent: int | None
    counting: str
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
class PartFeedback:
    """How one part of an answer did: a gap, a prompt, an item, a mark."""

    id: str
    outcome: str
    html: str


@dataclass(frozen=True, kw_only=True)
class RubricLine:
    """One criterion as a marker filled it in: `level` is "" in a guide; points as text."""

    title: str
    level: str
    points: str
    most: str


@dataclass(frozen=True, kw_only=True)
class AnswerFeedback:
    """How an answer did, as far as it may be known now: what may not is empty. `html` says why, `solution` is the right answer; `comment` (plain
    text) and `rubric` are a marker's.

    `final` False: it may be tried again, `tries_left` times, with `hints`.
    """

    outcome: str
    score: str
    points: str
    html: str
    remark: str
    solution: str = ""
    choices: list[ChoiceFeedback] = field(default_factory=list)
    parts: list[PartFeedback] = field(default_factory=list)
    final: bool = True
    tries_left: int | None = None
    hints: list[str] = field(default_factory=list)
    comment: str = ""
    rubric: list[RubricLine] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class QuestionSheet:
    """A question as the student may see it, with what the student has answered so far. `number` is None where nothing is asked; `certainty` is 1 to
    3, where the quiz asks for it; `tries_left` None where there is one try."""

    id: str
    number: int | None
    type: str
    points: str
    html: str
    choices: list[ChoiceSheet]
    extras: dict[str, Any]
    hints: list[str]
    response: dict[str, Any] | None
    sequence: int
    saved_at: str
    page: int = 1
    section: str = ""
    section_introduction: str = ""
    certainty: int | None = None
    tries_left: int | None = None
    feedback: AnswerFeedback | None = None


@dataclass(frozen=True, kw_only=True)
class Message:
    """What the staff told during an attempt. `at` is ISO 8601 UTC."""

    id: str
    text: str
    at: str


@dataclass(frozen=True, kw_only=True)
class AttemptSheet:
    """An attempt under way. Times are ISO 8601 UTC; `server_time` lets the clock on screen follow the server's.

    `page` is the page reached where `navigation` is one_way, whose questions alone are there; `total` counts all that ask something.
    `grace_until` is until when the attempt may still be submitted after the deadline, "" where it may not.
    """

    id: str
    number: int
    assessment_id: str
    title: str
    course: str
    slug: str
    page_id: str
    behaviour: str
    navigation: str
    page: int
    pages: int
    total: int
    deadline_at: str
    grace_until: str
    server_time: str
    messages: list[Message]
    questions: list[QuestionSheet]


@dataclass(frozen=True, kw_only=True)
class AttemptNews:
    """What may have moved while an attempt is under way."""

    status: str
    deadline_at: str
    server_time: str
    messages: list[Message]


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """A submitted attempt whose result is still to come. Nothing of it changes any more."""

    id: str
    submitted_at: str


@dataclass(frozen=True, kw_only=True)
class AttemptResult:
    """A submitted attempt, as far as its student may see it now. `percent` is None and `score` "" where marks are not shown; `pending` answers wait
    for a marker, and the marks are provisional; `passed` is None where there is nothing to pass or it is not known yet. `notice` says what is
    hidden until when."""

    id: str
    number: int
    assessment_id: str
    title: str
    slug: str
    page_id: str
    score: str
    max_score: str
    percent: int | None
    passed: bool | None
    pass_percent: int | None
    late: bool
    discarded: bool
    submitted_at: str
    pending: int
    band: str
    notice: str
    questions: list[QuestionSheet]
    course_completed: bool
    attempts_left: int | None
