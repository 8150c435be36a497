"""Grading a whole attempt: what was pinned, what was answered, what that makes. Pure.

Nothing depends on the order of questions or of answers. Answers to questions that the attempt does not have are passed by, and a response that
does not fit its question's type counts as blank: a sitting can always be closed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from lms_app.domain.assessments.score_rules import Total, after_tries, by_certainty, counted_fraction, has_passed, question_score, round_score, total
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.kind import Grade, QuestionBody, Tally
from lms_app.words import Behaviour, Negative, Outcome, QuestionType


class StoredBody(dict[str, Any]):
    """The body of a revision as it is stored. It never changes, so that it is read by its type once, however many attempts it is shown in."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        super().__init__(body)
        self._read: QuestionBody | None = None
        self._solution: str | None = None

    def read(self, type_: QuestionType) -> QuestionBody:
        """The body as its type reads it."""
        read = self._read
        if read is None:
            read = self._read = TYPES[type_].body.model_validate(self)
        return read

    def solution(self, type_: QuestionType, drawn: QuestionBody) -> str:
        """The right answer of `drawn`, made once where every attempt has the body as it is stored."""
        if drawn is not self._read:
            return TYPES[type_].solution(drawn)
        if self._solution is None:
            self._solution = TYPES[type_].solution(drawn)
        return self._solution


@dataclass(frozen=True, kw_only=True)
class PinnedQuestion:
    """A question as an attempt holds it: one revision, worth these points. `seed` is the question's in this attempt (`question_seed`)."""

    id: UUID
    revision_id: UUID
    type: QuestionType
    body: Mapping[str, Any]
    points: Decimal
    seed: int


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """How an answer was given: how sure one was (1 to 3, None where nobody asked), and after how many tries that were not right."""

    certainty: int | None = None
    earlier: int = 0


PLAIN = Circumstances()


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    """How one question of an attempt did: `fraction` as it counts in this quiz, and the points that makes. `tally` is what statistics count of it."""

    question: PinnedQuestion
    grade: Grade
    fraction: Decimal
    score: Decimal
    tally: Tally = ()


@dataclass(frozen=True, kw_only=True)
class AttemptGrade:
    """How an attempt did, questions in the order given. `pending` answers wait for a marker; the total is what is earned so far.

    `passed` is None where nothing is to be passed, or where a marker may still change it.
    """

    questions: tuple[QuestionResult, ...]
    total: Total
    pending: int
    passed: bool | None


def grade_attempt(
    questions: Iterable[PinnedQuestion],
    responses: Mapping[UUID, Mapping[str, Any]],
    *,
    pass_mark: Decimal | None = None,
    negative: Negative = Negative.NONE,
    behaviour: Behaviour = Behaviour.DEFERRED,
    circumstances: Mapping[UUID, Circumstances] | None = None,
) -> AttemptGrade:
    """Grades every question, blank where there is no response (by question id). `pass_mark` is a fraction of the points; `circumstances` stand by
    question id.

    What asks nothing has no points, whatever it is said to be worth.
    """
    how = circumstances or {}
    results = tuple(_result(question, responses.get(question.id), negative, behaviour, how.get(question.id, PLAIN)) for question in questions)
    summed = total(((result.question.points, result.score) for result in results if TYPES[result.question.type].asks), negative)
    pending = sum(result.grade.outcome == Outcome.PENDING for result in results)
    passed = None if pass_mark is None or pending else has_passed(summed.fraction, pass_mark)
    return AttemptGrade(questions=results, total=summed, pending=pending, passed=passed)


def grade_response(type_: QuestionType, body: Mapping[str, Any], response: Mapping[str, Any] | None, *, seed: int) -> Grade:
    """The grade of one stored response to one stored body, drawn with the question's seed."""
    return TYPES[type_].grade(drawn_body(type_, body, seed=seed), read_response(type_, response))


def drawn_body(type_: QuestionType, body: Mapping[str, Any], *, seed: int) -> QuestionBody:
    """A stored body as one attempt has it."""
    kind = TYPES[type_]
    return kind.draw(body.read(type_) if isinstance(body, StoredBody) else kind.body.model_validate(body), seed)


def read_response(type_: QuestionType, response: Mapping[str, Any] | None) -> Any:
    """A stored response as its type reads it, None where it does not fit."""
    try:
        return None if response is None else TYPES[type_].response.model_validate(response)
    except ValueError:
        return None


def behaved(type_: QuestionType, body: Mapping[str, Any], grade: Grade, behaviour: Behaviour, how: Circumstances) -> Grade:
    """A grade as the quiz's behaviour makes it: waiting for a marker, less for each try before, weighed by certainty."""
    if grade.outcome in (Outcome.BLANK, Outcome.PENDING) or not TYPES[type_].asks:
        return grade
    match behaviour:
        case Behaviour.MANUAL:
            return replace(grade, outcome=Outcome.PENDING, fraction=round_score(Decimal(0)), choices=(), parts=(), remark="")
        case Behaviour.INTERACTIVE:
            return replace(grade, fraction=after_tries(grade.fraction, TYPES[type_].body.model_validate(body).penalty, how.earlier))
        case Behaviour.CERTAINTY:
            return replace(grade, fraction=by_certainty(grade.fraction, how.certainty or 1))
        case _:
            return grade


def _result(
    question: PinnedQuestion, response: Mapping[str, Any] | None, negative: Negative, behaviour: Behaviour, how: Circumstances
) -> QuestionResult:
    kind, body, read = TYPES[question.type], drawn_body(question.type, question.body, seed=question.seed), read_response(question.type, response)
    grade = behaved(question.type, question.body, kind.grade(body, read), behaviour, how)
    fraction = counted_fraction(grade.fraction, negative)
    return QuestionResult(
        question=question,
        grade=grade,
        fraction=fraction,
        score=question_score(question.points, fraction),
        # What reads as no answer is none to count.
        tally=() if read is None or grade.outcome == Outcome.BLANK else kind.tally(body, read),
    )
