"""The part of a form that says how units are taken.

`units` is a text with one unit a line, `km = 1000`: how many of the question's unit one of it is. `unit_penalty` is a percentage.
"""

from decimal import Decimal
from typing import Any

from lms_app.domain.assessments.question_forms.fields import Form, FormReader, Row, percent_of, plain
from lms_app.domain.assessments.types.units import Measured

HALF = Decimal("0.5")
EMPTY: Form = {"unit": "", "units": "", "unit_rule": "optional", "unit_penalty": ""}
RULES = ("optional", "required", "penalty")


def read(reader: FormReader, row: Row | None = None) -> dict[str, Any]:
    """What a form, or one of its rows, says of units."""
    source = row or reader

    def named(name: str) -> str:
        return row.named(name) if row else name

    rule = source.text("unit_rule") or "optional"
    if rule not in RULES:
        reader.note(named("unit_rule"), "Choose what becomes of a number without a unit.")
    units = [_unit(reader, named("units"), line) for line in source.text("units").splitlines() if line.strip()]
    if not source.text("unit") and (units or rule != "optional"):
        reader.note(named("unit"), "Say the unit of the question first.")
    return {
        "unit": source.text("unit") or None,
        "units": units,
        "unit_rule": rule,
        "unit_penalty": reader.share(named("unit_penalty"), source.text("unit_penalty"), HALF),
    }


def write(body: Measured) -> Form:
    """The same as a form shows it. The usual half is left empty."""
    return {
        "unit": body.unit or "",
        "units": "\n".join(f"{unit.name} = {plain(unit.factor)}" for unit in body.units),
        "unit_rule": body.unit_rule,
        "unit_penalty": "" if body.unit_penalty == HALF else percent_of(body.unit_penalty),
    }


def _unit(reader: FormReader, name: str, line: str) -> dict[str, Any]:
    unit, _, factor = (part.strip() for part in line.rpartition("="))
    size = reader.number(name, factor) if unit else Decimal(0)
    if size <= 0:
        reader.wrong[name] = "Write one unit a line, as in km = 1000."
    return {"name": unit, "factor": size}
