"""A number with its unit: "5 km" is 5000 where the question is in metres and says that a km is 1000 of them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from lms_app.domain.assessments.types.kind import Credit, Stored
from lms_app.domain.assessments.types.number_reading import LARGEST_EXPONENT, read_number, reading_remark

MOST_DIGITS = 50

_ENDING = re.compile(r"[^\d.,)]+$")


def bounded(value: Decimal) -> Decimal:
    """The number, if a learner could type it. Raises ValueError."""
    if abs(value.adjusted()) > LARGEST_EXPONENT or len(value.as_tuple().digits) > MOST_DIGITS:
        raise ValueError(f"A number may have {MOST_DIGITS} digits, and lies between 1e-{LARGEST_EXPONENT} and 1e{LARGEST_EXPONENT}.")
    return value


def _named(unit: str | None) -> str | None:
    return (unit or "").strip() or None


UnitName = Annotated[str, Field(min_length=1, max_length=30), AfterValidator(str.strip)]


class Unit(Stored):
    """Another unit that may be typed, and how many of the question's unit one of it is."""

    name: UnitName
    factor: Annotated[Decimal, Field(gt=0, allow_inf_nan=False), AfterValidator(bounded)]


class Measured(BaseModel):
    """The part of a body that says how units are taken.

    `unit` may be typed, as may the others; where it need not be, it is shown beside the field. `unit_rule` is what becomes of a number without a
    unit: it counts as in `unit` ("optional"), earns nothing ("required"), or counts less by `unit_penalty` ("penalty"), which then a unit that nobody
    knows does too.
    """

    unit: Annotated[str | None, Field(max_length=30), AfterValidator(_named)] = None
    units: Annotated[tuple[Unit, ...], Field(max_length=20)] = ()
    unit_rule: Literal["optional", "required", "penalty"] = "optional"
    unit_penalty: Credit = Decimal("0.5")

    @model_validator(mode="after")
    def _units_are_told_apart(self) -> Self:
        names = [name.replace(" ", "") for name in [self.unit or "", *(unit.name for unit in self.units)] if name]
        if len(set(names)) != len(names):
            raise ValueError("Two units have the same name.")
        if self.unit is None and (self.units or self.unit_rule != "optional"):
            raise ValueError("Say the unit of the question first.")
        return self


def told_unit(measured: Measured) -> dict[str, Any]:
    """What a sheet says of the unit: which one the number is in, or that it belongs to the answer."""
    with_unit = measured.unit_rule != "optional"
    return {"unit": None if with_unit else measured.unit, "with_unit": with_unit}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was typed, in the question's unit (None where it cannot be read), the part of the credit that its unit leaves, and a remark."""

    number: Fraction | None
    share: Decimal = Decimal(1)
    remark: str = ""


def read_measured(text: str, measured: Measured) -> Reading:
    """What a typed number with or without a unit says."""
    bare = read_number(text)
    if bare is not None and measured.unit is None:
        return Reading(number=bare, remark=reading_remark(text))
    if bare is not None:
        return _without_unit(bare, text, measured)
    for name, factor in [(measured.unit or "", Decimal(1)), *((unit.name, unit.factor) for unit in measured.units)]:
        number = read_number(text, name) if name else None
        if number is not None:
            return Reading(number=number * Fraction(factor), remark=reading_remark(text, name))
    if measured.unit_rule == "penalty" and (number := read_number(_ENDING.sub("", text.strip()))) is not None:
        return Reading(number=number, share=1 - measured.unit_penalty, remark="The number was read, its unit was not.")
    return Reading(number=None, remark=reading_remark(text, measured.unit or ""))


def _without_unit(number: Fraction, text: str, measured: Measured) -> Reading:
    match measured.unit_rule:
        case "optional":
            return Reading(number=number, remark=reading_remark(text))
        case "required":
            return Reading(number=None, remark="The unit is missing.")
        case "penalty":
            return Reading(number=number, share=1 - measured.unit_penalty, remark="The unit is missing.")
