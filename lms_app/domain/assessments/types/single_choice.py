"""Single choice: one of several. The choice's weight is the fraction earned; below zero it costs, where the quiz lets answers cost."""

from decimal import Decimal
from typing import Any, Self

from pydantic import model_validator

from lms_app.domain.assessments.types.choices import ChoiceBody, ChosenId, choice_grades, choice_sheets
from lms_app.domain.assessments.types.kind import Grade, QuestionKind, Stored, Tally, blank, first_line, graded, listed, shown
from lms_app.words import QuestionType


class SingleChoice(ChoiceBody):
    """At least two choices, one of which earns everything. The right ones are those that do."""

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        if len(self.choices) < 2:
            raise ValueError("A single choice question needs two choices or more.")
        if not _right(self):
            raise ValueError("One choice must be right: its weight is 1.")
        return self


class SingleChoiceResponse(Stored):
    """The id of the chosen choice. An id that the question does not have is no answer."""

    choice: ChosenId


def sheet(body: SingleChoice, seed: int) -> dict[str, Any]:
    """What a student may see."""
    return {"type": QuestionType.SINGLE_CHOICE.value, **choice_sheets(body, seed)}


def grade(body: SingleChoice, response: SingleChoiceResponse | None) -> Grade:
    """The weight of the chosen choice."""
    chosen = next((choice for choice in body.choices if response and choice.id == response.choice), None)
    grades = choice_grades(body, frozenset([chosen.id] if chosen else []), _right(body))
    return graded(body, chosen.weight, choices=grades) if chosen else blank(body, choices=grades)


def solve(body: SingleChoice) -> SingleChoiceResponse:
    """The first right choice."""
    return SingleChoiceResponse(choice=next(choice.id for choice in body.choices if choice.id in _right(body)))


def solution(body: SingleChoice) -> str:
    """The right choices."""
    return listed(shown(choice.content) for choice in body.choices if choice.id in _right(body))


def tally(body: SingleChoice, response: SingleChoiceResponse) -> Tally:
    """The choice."""
    return tuple(("choice", choice.id) for choice in body.choices if choice.id == response.choice)


def _right(body: ChoiceBody) -> frozenset[str]:
    return frozenset(choice.id for choice in body.choices if choice.weight == Decimal(1))


KIND = QuestionKind(
    body=SingleChoice, response=SingleChoiceResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line, solution=solution, tally=tally
)
