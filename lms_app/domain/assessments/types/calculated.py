"""Calculated: a number that follows from numbers drawn for each attempt. The text shows `{x}` as the number drawn for x.

A variable is drawn from `low`, `low + step`, … up to `high`, each as likely, from the seed alone: the same attempt always has the same numbers. In a
formula of the text `{x}` keeps its braces, so that `\\frac{a}{b}` stays one. Numbers for which the right answer has no value (a division by zero) are
drawn again, and a question for which that happens often is refused when it is saved, with the numbers that did it.
"""

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Annotated, Any, Literal, Self, cast

from pydantic import AfterValidator, Field, model_validator

from lms_app.domain.assessments.types.expressions import LONGEST as LONGEST_FORMULA
from lms_app.domain.assessments.types.expressions import NAMES, BadFormula, Formula, read_formula, work_out
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
    need_full_marks,
    shown,
)
from lms_app.domain.assessments.types.numeric import Absolute, Number, NumericResponse, Relative
from lms_app.domain.assessments.types.units import Measured, bounded, read_measured, told_unit
from lms_app.domain.content.document import Document, RichText
from lms_app.words import QuestionType

DRAWS = 100
"""How many draws are tried when a question is saved, and at most for one attempt."""
MOST_STEPS = 1_000_000

_HOLE = re.compile(r"\{([A-Za-z][A-Za-z0-9]{0,19})\}")


_NO_TEXT = frozenset(["id", "type", "file", "url", "schema_version", "html"])
"""Fields of a document in which braces mean something else."""


class Variable(Stored):
    """A number to draw: `low`, `low + step`, … up to `high`."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]{0,19}$")]
    low: Number
    high: Number
    step: Annotated[Decimal, Field(gt=0, allow_inf_nan=False), AfterValidator(bounded)] = Decimal(1)

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        if self.name in NAMES:
            raise ValueError(f"“{self.name}” has a meaning in formulas already. Choose another name.")
        if self.low > self.high:
            raise ValueError("The upper end must not lie below the lower one.")
        if (Fraction(self.high) - Fraction(self.low)) / Fraction(self.step) > MOST_STEPS:
            raise ValueError(f"There are more than {MOST_STEPS:,} numbers to draw from. Choose a larger step.")
        return self

    def draw(self, seed: str) -> Decimal:
        """The number of this seed, with the decimals that the author wrote."""
        count = int((Fraction(self.high) - Fraction(self.low)) / Fraction(self.step)) + 1
        turn = int.from_bytes(hashlib.sha256(f"{seed}:{self.name}".encode()).digest()) % count
        with localcontext() as context:
            context.prec = 120
            return self.low + turn * self.step


class CalculatedAnswer(Stored):
    """A formula, how near one must come to its value, and what that earns."""

    formula: Annotated[str, Field(min_length=1, max_length=LONGEST_FORMULA)]
    tolerance: Annotated[Absolute | Relative, Field(discriminator="kind")] = Relative(fraction=Decimal("0.01"))
    weight: Credit = Decimal(1)
    feedback: RichText | None = None

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        read_formula(self.formula)
        return self


class Calculated(Measured, QuestionBody):
    """At least one answer earns everything. `rounding` and `places` say how the right answer is written: with so many decimals or figures.

    `drawn` is what one attempt drew, by name; a stored body has none.
    """

    variables: Annotated[tuple[Variable, ...], Field(min_length=1, max_length=20)]
    answers: Annotated[tuple[CalculatedAnswer, ...], Field(min_length=1, max_length=20)]
    rounding: Literal["decimals", "figures"] = "figures"
    places: Annotated[int, Field(ge=0, le=15)] = 4
    drawn: Annotated[dict[str, Decimal], Field(max_length=20)] | None = None

    @model_validator(mode="after")
    def _can_be_worked_out(self) -> Self:
        names = [variable.name for variable in self.variables]
        if len(set(names)) != len(names):
            raise ValueError("Two variables have the same name.")
        for answer in self.answers:
            for name in sorted(read_formula(answer.formula).names):
                if name not in names:
                    raise ValueError(f"The formula has “{name}”, but there is no variable of that name.")
        if self.rounding == "figures" and self.places == 0:
            raise ValueError("Write the answer with at least one figure.")
        need_full_marks(answer.weight for answer in self.answers)
        return self


def draw(body: Calculated, seed: int) -> Calculated:
    """The body with this seed's numbers in its texts."""
    if body.drawn is not None:
        return body
    formulas = [read_formula(answer.formula) for answer in body.answers]
    values = _values(body, seed, 0)
    for turn in range(DRAWS):
        values = _values(body, seed, turn)
        if not _fault(formulas, values):
            break
    said = {name: written(value) for name, value in values.items()}
    answers = tuple(answer.model_copy(update={"feedback": _filled(answer.feedback, said) if answer.feedback else None}) for answer in body.answers)
    return body.model_copy(
        update={
            "stem": Document.model_validate(_filled(body.stem.model_dump(mode="json"), said)),
            "feedback": _filled(body.feedback, said) if body.feedback else None,
            "hints": tuple(_filled(hint, said) for hint in body.hints),
            "answers": answers,
            "drawn": values,
        }
    )


def check(body: Calculated, draws: int = DRAWS) -> None:
    """Raises ValueError, with the numbers, where one of so many draws leaves the right answer without a value or a right answer is refused."""
    formulas = [read_formula(answer.formula) for answer in body.answers]
    for seed in range(draws):
        values = _values(body, seed, 0)
        said = ", ".join(f"{name} = {written(value)}" for name, value in values.items())
        if fault := _fault(formulas, values):
            raise ValueError(f"For {said} the formula cannot be worked out. {fault}")
        drawn = body.model_copy(update={"drawn": values})
        answer = next(answer for answer in body.answers if answer.weight == 1)
        rounded = _rounded(drawn, _value(answer, values) or Fraction(0))
        if grade(drawn, NumericResponse(text=_with_unit(drawn, rounded))).fraction != 1:
            raise ValueError(
                f"For {said} the answer {written(rounded)} would count as wrong: it is rounded, and the tolerance is too narrow for that."
            )


def sheet(body: Calculated, seed: int) -> dict[str, Any]:
    """What a student may see."""
    return {"type": QuestionType.CALCULATED.value, **common_sheet(draw(body, seed)), **told_unit(body)}


def grade(body: Calculated, response: NumericResponse | None) -> Grade:
    """The highest weight among the answers near enough."""
    if response is None or not response.text.strip():
        return blank(body)
    reading = read_measured(response.text, body)
    if reading.number is None:
        return graded(body, Decimal(0), remark=reading.remark)
    weight, feedback = best((answer.weight, answer.feedback) for answer in body.answers if _holds(body, answer, reading.number))
    return graded(body, weight * reading.share, feedback=[feedback], remark=reading.remark)


def solve(body: Calculated) -> NumericResponse | None:
    """The first answer that earns everything, as it would be written, or with all its digits where only those are near enough."""
    for answer in body.answers:
        value = _value(answer, _drawn(body)) if answer.weight == 1 else None
        for number in () if value is None else (_rounded(body, value), _decimal(value, 50)):
            response = NumericResponse(text=_with_unit(body, number))
            if grade(body, response).fraction == 1:
                return response
    return None


def solution(body: Calculated) -> str:
    """The right answer for the numbers drawn."""
    solved = solve(body)
    return shown(solved.text if not body.unit or body.unit_rule != "optional" else f"{solved.text} {body.unit}") if solved else ""


def tally(body: Calculated, response: NumericResponse) -> Tally:
    """Which answer counted, by its place, or `other`."""
    number = read_measured(response.text, body).number
    return (("answer", counted([(answer.weight, number is not None and _holds(body, answer, number)) for answer in body.answers])),)


def written(number: Decimal) -> str:
    """A number as it is shown: with its decimals, without an exponent."""
    return f"{number:f}"


def _values(body: Calculated, seed: int, turn: int) -> dict[str, Decimal]:
    return {variable.name: variable.draw(f"{seed}:{turn}") for variable in body.variables}


def _drawn(body: Calculated) -> Mapping[str, Decimal]:
    drawn = draw(body, 0).drawn
    return drawn if drawn is not None else {}


def _fault(formulas: list[Formula], values: Mapping[str, Decimal]) -> str:
    """Why one of the formulas has no value, "" where all have one."""
    exact = {name: Fraction(value) for name, value in values.items()}
    for formula in formulas:
        try:
            work_out(formula, exact)
        except BadFormula as fault:
            return str(fault)
    return ""


def _value(answer: CalculatedAnswer, values: Mapping[str, Decimal]) -> Fraction | None:
    try:
        return work_out(read_formula(answer.formula), {name: Fraction(value) for name, value in values.items()})
    except (BadFormula, KeyError):
        return None


def _holds(body: Calculated, answer: CalculatedAnswer, number: Fraction) -> bool:
    value = _value(answer, _drawn(body))
    return value is not None and answer.tolerance.holds(number, value)


def _rounded(body: Calculated, value: Fraction) -> Decimal:
    if body.rounding == "figures":
        return _decimal(value, body.places)
    with localcontext() as context:
        context.prec = 500
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1).scaleb(-body.places))


def _decimal(value: Fraction, figures: int) -> Decimal:
    with localcontext() as context:
        context.prec = figures
        return Decimal(value.numerator) / Decimal(value.denominator)


def _with_unit(body: Calculated, number: Decimal) -> str:
    return f"{number} {body.unit}" if body.unit_rule != "optional" else str(number)


def _filled(value: Any, said: Mapping[str, str], *, maths: bool = False) -> Any:
    """JSON values of a text with the numbers drawn in place of `{x}`."""
    if isinstance(value, dict):
        fields = cast(dict[str, Any], value)
        return {name: inner if name in _NO_TEXT else _filled(inner, said, maths=maths or name == "tex") for name, inner in fields.items()}
    if isinstance(value, list):
        return [_filled(inner, said, maths=maths) for inner in cast(list[Any], value)]
    if not isinstance(value, str):
        return value
    frame = "{{{}}}" if maths else "{}"
    return _HOLE.sub(lambda hole: frame.format(said[hole[1]]) if hole[1] in said else hole[0], value)


KIND = QuestionKind(
    body=Calculated,
    response=NumericResponse,
    sheet=sheet,
    grade=grade,
    solve=solve,
    describe=first_line,
    draw=draw,
    solution=solution,
    tally=tally,
    check=check,
)
