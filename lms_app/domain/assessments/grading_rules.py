"""Grading a whole attempt: what was pinned, what was answered, what that makes. Pure.

Nothing depends on the order of questions or of answers. Answers to questions that the attempt does not have are passed by, and a response that
does not fit its question's type counts as blank: a sitting can always be closed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from lms_app.domain.assessments.score_rules import Total, has_passed, question_score, total
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.kind import Grade
from lms_app.words import QuestionType


@dataclass(frozen=True, kw_only=True)
class PinnedQuestion:
    """A question as an attempt holds it: one revision, worth these points."""

    id: UUID
    revision_id: UUID
    type: QuestionType
    body: Mapping[str, Any]
    points: Decimal


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    """How one question of an attempt did, and the points it earned."""

    question: PinnedQuestion
    grade: Grade
    score: Decimal


@dataclass(frozen=True, kw_only=True)
class AttemptGrade:
    """How an attempt did, questions in the order given. `passed` is None where nothing is to be passed."""

    questions: tuple[QuestionResult, ...]
    total: Total
    passed: bool | None


def grade_attempt(
    questions: Iterable[PinnedQuestion], responses: Mapping[UUID, Mapping[str, Any]], *, pass_mark: Decimal | None = None
) -> AttemptGrade:
    """Grades every question, blank where there is no response (by question id). `pass_mark` is a fraction of the points."""
    results = tuple(_result(question, responses.get(question.id)) for question in questions)
    summed = total((result.question.points, result.score) for result in results)
    return AttemptGrade(questions=results, total=summed, passed=None if pass_mark is None else has_passed(summed.fraction, pass_mark))


def grade_response(type_: QuestionType, body: Mapping[str, Any], response: Mapping[str, Any] | None) -> Grade:
    """The grade of one stored response to one stored body."""
    kind = TYPES[type_]
    try:
        given = None if response is None else kind.response.model_validate(response)
    except ValueError:
        given = None
    return kind.grade(kind.body.model_validate(body), given)


def _result(question: PinnedQuestion, response: Mapping[str, Any] | None) -> QuestionResult:
    grade = grade_response(question.type, question.body, response)
    return QuestionResult(question=question, grade=grade, score=question_score(question.points, grade.fraction))
