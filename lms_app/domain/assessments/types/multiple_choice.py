"""Multiple choice: any number of several.

A choice is right when its weight is above zero. The rule of scoring follows from the weights:

- **All or nothing**, the default: while every weight is 0 or 1, exactly the right choices earn everything and any other set earns nothing.
- **Partial credit**, where any weight is something else: the weights of what was chosen are summed, divided by the sum of the weights above zero (so
  that the key always earns everything, thirds included), and kept within 0 and 1. Wrong choices subtract by their weight below zero; a wrong choice
  of weight 0 costs nothing, because the author said so. `partial_weights` gives the fair default, under which ticking everything earns nothing:
  each right choice adds 1/right, each wrong one takes 1/wrong.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any, Self

from pydantic import Field, model_validator

from lms_app.domain.assessments.types.choices import ChoiceBody, ChosenId, choice_grades, choice_sheets
from lms_app.domain.assessments.types.kind import Grade, QuestionKind, Stored, blank, first_line, graded
from lms_app.words import QuestionType

WEIGHT_STEP = Decimal("0.000000000001")


class MultipleChoice(ChoiceBody):
    """At least one choice is right: an empty answer could not be told from no answer. `tell_count` says on the sheet how many are."""

    tell_count: bool = False

    @model_validator(mode="after")
    def _some_are_right(self) -> Self:
        if not _right(self):
            raise ValueError("At least one choice must be right: its weight is above 0.")
        return self


class MultipleChoiceResponse(Stored):
    """The ids of the chosen choices, in any order. Ids that the question does not have are no answer, repeats count once."""

    choices: tuple[ChosenId, ...] = Field(max_length=200)


def partial_weights(right: Sequence[bool]) -> list[Decimal]:
    """The weights of the default partial credit for choices marked right or wrong, in their order."""
    shares = {mark: (Decimal(1 if mark else -1) / right.count(mark)).quantize(WEIGHT_STEP) for mark in set(right)}
    return [shares[mark] for mark in right]


def sheet(body: MultipleChoice, seed: int) -> dict[str, Any]:
    """What a student may see. `select` is there only where the author says how many are right."""
    told = {"select": len(_right(body))} if body.tell_count else {}
    return {"type": QuestionType.MULTIPLE_CHOICE.value, **choice_sheets(body, seed), **told}


def grade(body: MultipleChoice, response: MultipleChoiceResponse | None) -> Grade:
    """By the rule that the weights say; see the module."""
    chosen = frozenset(choice.id for choice in body.choices if response and choice.id in response.choices)
    right = _right(body)
    grades = choice_grades(body, chosen, right)
    if not chosen:
        return blank(body, choices=grades)
    fraction = Decimal(chosen == right) if is_all_or_nothing(body) else _weighed(body, chosen)
    return graded(body, fraction, choices=grades)


def is_all_or_nothing(body: MultipleChoice) -> bool:
    """Whether the weights leave the default rule in force."""
    return all(choice.weight in (0, 1) for choice in body.choices)


def solve(body: MultipleChoice) -> MultipleChoiceResponse:
    """Exactly the right choices."""
    return MultipleChoiceResponse(choices=tuple(choice.id for choice in body.choices if choice.weight > 0))


def _weighed(body: MultipleChoice, chosen: frozenset[str]) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        earned = sum((choice.weight for choice in body.choices if choice.id in chosen), Decimal(0))
        return earned / sum((choice.weight for choice in body.choices if choice.weight > 0), Decimal(0))


def _right(body: ChoiceBody) -> frozenset[str]:
    return frozenset(choice.id for choice in body.choices if choice.weight > 0)


KIND = QuestionKind(body=MultipleChoice, response=MultipleChoiceResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line)
