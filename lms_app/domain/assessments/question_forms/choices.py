"""The forms of single and multiple choice."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from lms_app.domain.assessments.question_forms.fields import Form, FormReader, Row, percent_of, rich_of
from lms_app.domain.assessments.types.choices import Choice
from lms_app.domain.assessments.types.kind import is_choice_id, new_choice_id
from lms_app.domain.assessments.types.multiple_choice import MultipleChoice, is_all_or_nothing, partial_weights
from lms_app.domain.assessments.types.single_choice import SingleChoice

EMPTY_ROW: Form = {"id": "", "text": "", "right": False, "weight": "", "feedback": "", "feedback_unselected": ""}
EMPTY_SINGLE: Form = {"choices": [EMPTY_ROW] * 4, "shuffle": True}
EMPTY_MULTIPLE: Form = {**EMPTY_SINGLE, "credit": "all_or_nothing", "tell_count": False, "select": "", "select_rule": "exactly"}

_WRITTEN = ("text", "weight", "feedback", "feedback_unselected")


def read_single(reader: FormReader) -> dict[str, Any]:
    """A choice marked right earns everything; another earns its weight, by default nothing."""
    rows = _rows(reader)
    if len(rows) < 2:
        reader.note("choices", "Write at least two choices.")
    elif not any(row.flag("right") for row in rows):
        reader.note("choices", "Mark the choice that is right.")
    weights = [Decimal(1) if row.flag("right") else reader.weight(row, default="0", lowest=-100) for row in rows]
    return {"choices": _choices(reader, rows, weights), "shuffle": reader.flag("shuffle")}


def read_multiple(reader: FormReader) -> dict[str, Any]:
    """The weights follow from the marks and `credit`; only "weights" reads them from the rows."""
    rows = _rows(reader)
    marks = [row.flag("right") for row in rows]
    credit = reader.text("credit") or "all_or_nothing"
    match credit:
        case "weights":
            weights = [reader.weight(row, default="0", lowest=-100) for row in rows]
        case "partial":
            weights = partial_weights(marks)
        case "all_or_nothing":
            weights = [Decimal(mark) for mark in marks]
        case _:
            weights = [Decimal(0) for _ in rows]
            reader.note("credit", "Choose how answers are scored.")
    if not rows:
        reader.note("choices", "Write at least one choice.")
    elif not any(weight > 0 for weight in weights):
        reader.note("choices", "Give at least one choice a weight above 0." if credit == "weights" else "Mark at least one choice as right.")
    rule = reader.text("select_rule") or "exactly"
    if rule not in ("exactly", "at_most"):
        reader.note("select_rule", "Choose whether that many must be ticked, or may be.")
    select = reader.whole("select", lowest=1, highest=100)
    right = sum(weight > 0 for weight in weights)
    if select is not None and select > len(rows):
        reader.note("select", "There are fewer choices than that.")
    elif select is not None and rule == "exactly" and select > right:
        reader.note("select", f"Only {right} choices are right.")
    return {
        "choices": _choices(reader, rows, weights),
        "shuffle": reader.flag("shuffle"),
        "tell_count": reader.flag("tell_count"),
        "select": select,
        "select_rule": rule,
    }


def write_single(body: SingleChoice) -> Form:
    """A choice that earns everything is marked right; a weight is written only where it is neither that nor nothing."""
    rows = [_row(choice, right=choice.weight == 1, weight="" if choice.weight in (0, 1) else percent_of(choice.weight)) for choice in body.choices]
    return {"choices": rows, "shuffle": body.shuffle}


def write_multiple(body: MultipleChoice) -> Form:
    """The simplest `credit` that gives these weights."""
    marks = [choice.weight > 0 for choice in body.choices]
    if is_all_or_nothing(body):
        credit = "all_or_nothing"
    else:
        credit = "partial" if partial_weights(marks) == [choice.weight for choice in body.choices] else "weights"
    return {
        "choices": [
            _row(choice, right=mark, weight=percent_of(choice.weight) if credit == "weights" else "")
            for choice, mark in zip(body.choices, marks, strict=True)
        ],
        "shuffle": body.shuffle,
        "credit": credit,
        "tell_count": body.tell_count,
        "select": str(body.select or ""),
        "select_rule": body.select_rule,
    }


def _rows(reader: FormReader) -> list[Row]:
    """The choices that are there. One that is marked or commented but says nothing is wrong."""
    rows = reader.rows("choices", _WRITTEN, ticked="right")
    for row in rows:
        if not row.text("text"):
            reader.note(row.named("text"), "Write the choice, or empty its whole line.")
    return rows


def _choices(reader: FormReader, rows: Sequence[Row], weights: Sequence[Decimal]) -> list[dict[str, Any]]:
    """The choices of the body. A choice keeps its id; a new one, or one copied from another, is given one."""
    taken: set[str] = set()
    choices: list[dict[str, Any]] = []
    for row, weight in zip(rows, weights, strict=True):
        given = row.text("id")
        identity = given if is_choice_id(given) and given not in taken else new_choice_id()
        taken.add(identity)
        content = reader.row_text(row, "text")
        if content is None:
            reader.note(row.named("text"), "Write the choice, or empty its whole line.")
        choices.append(
            {
                "id": identity,
                "content": content,
                "weight": weight,
                "feedback": reader.row_text(row, "feedback"),
                "feedback_unselected": reader.row_text(row, "feedback_unselected"),
            }
        )
    return choices


def _row(choice: Choice, *, right: bool, weight: str) -> Form:
    return {
        "id": choice.id,
        "text": rich_of(choice.content),
        "right": right,
        "weight": weight,
        "feedback": rich_of(choice.feedback),
        "feedback_unselected": rich_of(choice.feedback_unselected),
    }
