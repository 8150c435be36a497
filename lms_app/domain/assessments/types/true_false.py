"""True or false: a statement to agree with or not. Right earns everything."""

from decimal import Decimal
from typing import Any

from pydantic import StrictBool

from lms_app.domain.assessments.types.kind import Grade, QuestionBody, QuestionKind, Stored, Tally, blank, common_sheet, first_line, graded
from lms_app.domain.content.document import RichText
from lms_app.words import QuestionType


class TrueFalse(QuestionBody):
    """`answer` is whether the statement is true; the feedbacks are for who said true, and who said false."""

    answer: StrictBool
    feedback_true: RichText | None = None
    feedback_false: RichText | None = None


class TrueFalseResponse(Stored):
    """What the student says of the statement."""

    value: StrictBool


def sheet(body: TrueFalse, seed: int) -> dict[str, Any]:
    """What a student may see."""
    return {"type": QuestionType.TRUE_FALSE.value, **common_sheet(body)}


def grade(body: TrueFalse, response: TrueFalseResponse | None) -> Grade:
    """Everything or nothing."""
    if response is None:
        return blank(body)
    return graded(body, Decimal(response.value == body.answer), feedback=[body.feedback_true if response.value else body.feedback_false])


def solve(body: TrueFalse) -> TrueFalseResponse:
    """The key."""
    return TrueFalseResponse(value=body.answer)


def solution(body: TrueFalse) -> str:
    """The key in a word."""
    return "True" if body.answer else "False"


def tally(body: TrueFalse, response: TrueFalseResponse) -> Tally:
    """What was said of the statement."""
    return (("choice", "true" if response.value else "false"),)


KIND = QuestionKind(
    body=TrueFalse, response=TrueFalseResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line, solution=solution, tally=tally
)
