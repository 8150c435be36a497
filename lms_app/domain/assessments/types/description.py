"""Description: a text between questions. It asks nothing and is worth nothing."""

from typing import Any

from lms_app.domain.assessments.types.kind import Grade, QuestionBody, QuestionKind, Stored, blank, common_sheet, first_line
from lms_app.words import QuestionType


class Description(QuestionBody):
    """The text is the stem."""


class DescriptionResponse(Stored):
    """Nothing."""


def sheet(body: Description, seed: int) -> dict[str, Any]:
    """What a student may see: everything."""
    return {"type": QuestionType.DESCRIPTION.value, **common_sheet(body)}


def grade(body: Description, response: DescriptionResponse | None) -> Grade:
    """Nothing was asked, whatever came."""
    return blank(body)


def solve(body: Description) -> DescriptionResponse | None:
    """There is nothing to answer."""
    return None


KIND = QuestionKind(body=Description, response=DescriptionResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line, asks=False)
