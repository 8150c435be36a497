"""The form of calculated questions."""

from decimal import Decimal, InvalidOperation
from typing import Any

from lms_app.domain.assessments.question_forms import measures
from lms_app.domain.assessments.question_forms.fields import Form, FormReader
from lms_app.domain.assessments.question_forms.typed_answers import earned, tolerance_of, written_earnings, written_tolerance
from lms_app.domain.assessments.types.calculated import Calculated, Variable
from lms_app.domain.assessments.types.expressions import BadFormula, read_formula

EMPTY: Form = {
    "variables": [{"name": name, "low": "", "high": "", "step": "1"} for name in ("a", "b")],
    "answers": [{"formula": "", "tolerance": "relative", "margin": "1", "weight": "100", "feedback": ""}],
    "rounding": "figures",
    "places": "4",
    **measures.EMPTY,
}


def read(reader: FormReader) -> dict[str, Any]:
    """A variable without its ends is no variable; a step left empty is 1, a tolerance left empty is nothing."""
    variables: list[dict[str, Any]] = []
    for row in reader.rows("variables", ["low", "high"]):
        low, high, step = (
            _as_written(reader, row.named(name), row.text(name) or given) for name, given in (("low", ""), ("high", ""), ("step", "1"))
        )
        if step <= 0:
            reader.note(row.named("step"), "Write a number above 0.")
        if not row.text("name").isalnum() or not row.text("name").isascii() or not row.text("name")[:1].isalpha():
            reader.note(row.named("name"), "Name it with letters and digits, as in a or x1.")
        variables.append({"name": row.text("name"), "low": low, "high": high, "step": step})
    if not variables:
        reader.note("variables", "Write at least one number to draw, with both of its ends.")
    rows = reader.rows("answers", ["formula", "feedback"])
    answers: list[dict[str, Any]] = []
    for row in rows:
        try:
            read_formula(row.text("formula"))
        except BadFormula as fault:
            reader.note(row.named("formula"), str(fault))
        answers.append({"formula": row.text("formula"), "tolerance": tolerance_of(reader, row, "relative"), **earned(reader, row)})
    if not rows:
        reader.note("answers", "Write at least one formula.")
    elif not any(answer["weight"] == 1 for answer in answers):
        reader.note("answers", "One answer must earn 100 %.")
    rounding = reader.text("rounding") or "figures"
    if rounding not in ("figures", "decimals"):
        reader.note("rounding", "Choose decimals or figures.")
    places = reader.whole("places", lowest=0, highest=15)
    return {
        "variables": variables,
        "answers": answers,
        "rounding": rounding,
        "places": 4 if places is None else places,
        **measures.read(reader),
    }


def write(body: Calculated) -> Form:
    """One row for each number that is drawn, one for each formula."""
    return {
        "variables": [_variable(variable) for variable in body.variables],
        "answers": [
            {"formula": answer.formula, **_near(written_tolerance(answer.tolerance)), **written_earnings(answer.weight, answer.feedback)}
            for answer in body.answers
        ],
        "rounding": body.rounding,
        "places": str(body.places),
        **measures.write(body),
    }


def _as_written(reader: FormReader, name: str, text: str) -> Decimal:
    """The number with the decimals that the author wrote: it is drawn with as many."""
    number = reader.number(name, text)
    try:
        written = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return number
    return written if written == number else number


def _variable(variable: Variable) -> Form:
    return {"name": variable.name, "low": str(variable.low), "high": str(variable.high), "step": str(variable.step)}


def _near(tolerance: Form) -> Form:
    return {"tolerance": tolerance["tolerance"], "margin": tolerance["margin"]}
