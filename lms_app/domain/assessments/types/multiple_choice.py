"""Multiple choice: any number of several.

A choice is right when its weight is above zero. The rule of scoring follows from the weights:

- **All or nothing**, the default: while every weight is 0 or 1, exactly the right choices earn everything and any other set earns nothing.
- **Partial credit**, where any weight is something else: the weights of what was chosen are summed, divided by the sum of the weights above zero (so
  that the key always earns everything, thirds included), and kept within −1 and 1. Wrong choices subtract by their weight below zero; a wrong
  choice of weight 0 costs nothing, because the author said so. `partial_weights` gives the fair default, under which ticking everything earns
  nothing: each right choice adds 1/right, each wrong one takes 1/wrong.

`select` is how many choices a student may tick, where the author says it: exactly or at most that many. Where more than that are right, any
`select` of them are a whole answer. Who ticks more earns nothing.
"""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from lms_app.domain.assessments.types.choices import Choice, ChoiceBody, ChosenId, choice_grades, choice_sheets
from lms_app.domain.assessments.types.kind import Grade, QuestionKind, Stored, Tally, blank, first_line, graded, listed, shown
from lms_app.words import QuestionType

WEIGHT_STEP = Decimal("0.000000000001")


class MultipleChoice(ChoiceBody):
    """At least one choice is right: an empty answer could not be told from no answer. `tell_count` says on the sheet how many are.

    `select` is how many may be ticked, None for any number; `select_rule` is how that is put to the student.
    """

    tell_count: bool = False
    select: Annotated[int, Field(ge=1, le=100)] | None = None
    select_rule: Literal["exactly", "at_most"] = "exactly"

    @model_validator(mode="after")
    def _some_are_right(self) -> Self:
        if not _right(self):
            raise ValueError("At least one choice must be right: its weight is above 0.")
        if self.select is not None and self.select > len(self.choices):
            raise ValueError("There are fewer choices than must be ticked.")
        if self.select is not None and self.select_rule == "exactly" and self.select > len(_right(self)):
            raise ValueError("Fewer choices are right than must be ticked.")
        return self


class MultipleChoiceResponse(Stored):
    """The ids of the chosen choices, in any order. Ids that the question does not have are no answer, repeats count once."""

    choices: tuple[ChosenId, ...] = Field(max_length=200)


def partial_weights(right: Sequence[bool]) -> list[Decimal]:
    """The weights of the default partial credit for choices marked right or wrong, in their order."""
    shares = {mark: (Decimal(1 if mark else -1) / right.count(mark)).quantize(WEIGHT_STEP) for mark in set(right)}
    return [shares[mark] for mark in right]


def sheet(body: MultipleChoice, seed: int) -> dict[str, Any]:
    """What a student may see. `select` (exactly) or `select_most` (at most) is there only where the author says so."""
    if body.select is not None:
        told = {"select" if body.select_rule == "exactly" else "select_most": body.select}
    else:
        told = {"select": len(_right(body))} if body.tell_count else {}
    return {"type": QuestionType.MULTIPLE_CHOICE.value, **choice_sheets(body, seed), **told}


def grade(body: MultipleChoice, response: MultipleChoiceResponse | None) -> Grade:
    """By the rule that the weights say; see the module."""
    chosen = _chosen(body, response)
    grades = choice_grades(body, chosen, _right(body))
    if not chosen:
        return blank(body, choices=grades)
    if body.select is not None and len(chosen) > body.select:
        return graded(body, Decimal(0), choices=grades, remark=f"More than {body.select} were ticked, so this earns nothing.")
    fraction = Decimal(_is_whole(body, chosen)) if is_all_or_nothing(body) else _weighed(body, chosen)
    return graded(body, fraction, choices=grades)


def is_all_or_nothing(body: MultipleChoice) -> bool:
    """Whether the weights leave the default rule in force."""
    return all(choice.weight in (0, 1) for choice in body.choices)


def solve(body: MultipleChoice) -> MultipleChoiceResponse:
    """Exactly the right choices, or of more than may be ticked those that earn most."""
    return MultipleChoiceResponse(choices=tuple(choice.id for choice in _best(body)))


def solution(body: MultipleChoice) -> str:
    """The right choices."""
    return listed(shown(choice.content) for choice in body.choices if choice.weight > 0)


def tally(body: MultipleChoice, response: MultipleChoiceResponse) -> Tally:
    """Every choice that was ticked."""
    return tuple(("choice", identity) for identity in sorted(_chosen(body, response)))


def _chosen(body: MultipleChoice, response: MultipleChoiceResponse | None) -> frozenset[str]:
    return frozenset(choice.id for choice in body.choices if response and choice.id in response.choices)


def _best(body: MultipleChoice) -> list[Choice]:
    right = sorted((choice for choice in body.choices if choice.weight > 0), key=lambda choice: -choice.weight)
    return right[: body.select]


def _is_whole(body: MultipleChoice, chosen: frozenset[str]) -> bool:
    return chosen <= _right(body) and len(chosen) == len(_best(body))


def _weighed(body: MultipleChoice, chosen: frozenset[str]) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        earned = sum((choice.weight for choice in body.choices if choice.id in chosen), Decimal(0))
        return earned / sum((choice.weight for choice in _best(body)), Decimal(0))


def _right(body: ChoiceBody) -> frozenset[str]:
    return frozenset(choice.id for choice in body.choices if choice.weight > 0)


KIND = QuestionKind(
    body=MultipleChoice, response=MultipleChoiceResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line, solution=solution, tally=tally
)
