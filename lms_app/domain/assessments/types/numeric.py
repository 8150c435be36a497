"""Numeric: a number with a tolerance. Of the answers whose tolerance holds the number, the one with the highest weight counts.

Comparing is exact rational arithmetic: tolerances include their edges, and 0.1 + 0.2 is 0.3. How a typed number is read stands in
`number_reading`.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from lms_app.domain.assessments.types.kind import (
    Credit,
    Grade,
    QuestionBody,
    QuestionKind,
    Stored,
    Tally,
    best,
    blank,
    common_sheet,
    counted,
    first_line,
    graded,
    listed,
    need_full_marks,
    shown,
)
from lms_app.domain.assessments.types.number_reading import LONGEST
from lms_app.domain.assessments.types.units import Measured, bounded, read_measured, told_unit
from lms_app.domain.content.document import RichText
from lms_app.words import QuestionType

Number = Annotated[Decimal, Field(allow_inf_nan=False), AfterValidator(bounded)]
Margin = Annotated[Decimal, Field(ge=0, allow_inf_nan=False), AfterValidator(bounded)]


class Absolute(Stored):
    """From `value - margin` to `value + margin`."""

    kind: Literal["absolute"] = "absolute"
    margin: Margin = Decimal(0)

    def holds(self, number: Fraction, value: Fraction) -> bool:
        """Whether the number is near enough to the value."""
        return abs(number - value) <= Fraction(self.margin)


class Relative(Stored):
    """Within `fraction` of the value's size: 0.01 is one percent."""

    kind: Literal["relative"] = "relative"
    fraction: Margin

    def holds(self, number: Fraction, value: Fraction) -> bool:
        """Whether the number is near enough to the value."""
        return abs(number - value) <= Fraction(self.fraction) * abs(value)


class Range(Stored):
    """From `low` to `high`, edges included, wherever the value lies between them."""

    kind: Literal["range"] = "range"
    low: Number
    high: Number

    def holds(self, number: Fraction, value: Fraction) -> bool:
        """Whether the number lies in the range."""
        return Fraction(self.low) <= number <= Fraction(self.high)


class NumericAnswer(Stored):
    """A number, how near one must come, and what that earns. With a range, `value` is the number shown as the answer."""

    value: Number
    tolerance: Annotated[Absolute | Relative | Range, Field(discriminator="kind")] = Absolute()
    weight: Credit
    feedback: RichText | None = None

    @model_validator(mode="after")
    def _holds_its_own_value(self) -> Self:
        if not self.tolerance.holds(Fraction(self.value), Fraction(self.value)):
            raise ValueError("The value must lie within its range, from low to high.")
        return self


class Numeric(Measured, QuestionBody):
    """At least one answer earns everything. Values and tolerances are in the question's unit."""

    answers: tuple[NumericAnswer, ...] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        need_full_marks(answer.weight for answer in self.answers)
        return self


class NumericResponse(Stored):
    """What was typed."""

    text: str = Field(max_length=LONGEST)


def sheet(body: Numeric, seed: int) -> dict[str, Any]:
    """What a student may see."""
    return {"type": QuestionType.NUMERIC.value, **common_sheet(body), **told_unit(body)}


def grade(body: Numeric, response: NumericResponse | None) -> Grade:
    """The highest weight among the answers near enough; nothing, with a remark, for what cannot be read."""
    if response is None or not response.text.strip():
        return blank(body)
    reading = read_measured(response.text, body)
    number = reading.number
    if number is None:
        return graded(body, Decimal(0), remark=reading.remark)
    weight, feedback = best((answer.weight, answer.feedback) for answer in body.answers if answer.tolerance.holds(number, Fraction(answer.value)))
    return graded(body, weight * reading.share, feedback=[feedback], remark=reading.remark)


def solve(body: Numeric) -> NumericResponse:
    """The first answer that earns everything."""
    number = next(str(answer.value) for answer in body.answers if answer.weight == 1)
    return NumericResponse(text=f"{number} {body.unit}" if body.unit_rule != "optional" else number)


def solution(body: Numeric) -> str:
    """The numbers that earn everything, with the unit."""
    unit = f" {body.unit}" if body.unit else ""
    return listed(shown(f"{answer.value}{unit}") for answer in body.answers if answer.weight == 1)


def tally(body: Numeric, response: NumericResponse) -> Tally:
    """Which answer counted, by its place, or `other`."""
    number = read_measured(response.text, body).number
    near = [(answer.weight, number is not None and answer.tolerance.holds(number, Fraction(answer.value))) for answer in body.answers]
    return (("answer", counted(near)),)


KIND = QuestionKind(
    body=Numeric, response=NumericResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line, solution=solution, tally=tally
)
