"""The forms of short text and numeric questions."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lms_app.domain.assessments.question_forms import measures
from lms_app.domain.assessments.question_forms.fields import Form, FormReader, Row, decimal_of, percent_of, plain, rich_of
from lms_app.domain.assessments.types.numeric import Absolute, Numeric, NumericAnswer, Range, Relative
from lms_app.domain.assessments.types.short_text import Match, ShortText, TextAnswer
from lms_app.domain.assessments.types.text_matching import check_pattern
from lms_app.domain.content.document import RichText

EMPTY_TEXTS: Form = {
    "answers": [{"text": "", "match": Match.EXACT.value, "weight": "100", "feedback": ""}],
    "case_sensitive": False,
    "ignore_accents": False,
}
EMPTY_NUMBERS: Form = {
    "answers": [{"value": "", "tolerance": "absolute", "margin": "", "low": "", "high": "", "weight": "100", "feedback": ""}],
    **measures.EMPTY,
}


def read_texts(reader: FormReader) -> dict[str, Any]:
    """Every row is an answer; a weight left empty is 100 %."""
    rows = reader.rows("answers", ["text", "feedback"])
    answers = [text_answer(reader, row) for row in rows]
    _need_full_marks(reader, rows, answers)
    return {"answers": answers, "case_sensitive": reader.flag("case_sensitive"), "ignore_accents": reader.flag("ignore_accents")}


def write_texts(body: ShortText) -> Form:
    """One row for each answer."""
    return {
        "answers": [text_row(answer) for answer in body.answers],
        "case_sensitive": body.case_sensitive,
        "ignore_accents": body.ignore_accents,
    }


def read_numbers(reader: FormReader) -> dict[str, Any]:
    """`margin` is a distance, or percent where the tolerance is relative. A range without a value shows its middle."""
    rows = reader.rows("answers", ["value", "margin", "low", "high", "feedback"])
    answers = [number_answer(reader, row) for row in rows]
    _need_full_marks(reader, rows, answers)
    return {"answers": answers, **measures.read(reader)}


def write_numbers(body: Numeric) -> Form:
    """One row for each answer."""
    return {
        "answers": [number_row(answer) for answer in body.answers],
        **measures.write(body),
    }


def text_answer(reader: FormReader, row: Row) -> dict[str, Any]:
    """The answer of letters that a row says."""
    match = row.text("match") or Match.EXACT.value
    if match not in list(Match):
        reader.note(row.named("match"), "Choose how the answer is compared.")
    if not row.text("text"):
        reader.note(row.named("text"), "Write the answer, or empty its whole line.")
    if match == Match.REGEX:
        try:
            check_pattern(row.text("text"))
        except ValueError as fault:
            reader.note(row.named("text"), str(fault))
    return {"text": row.text("text"), "match": match, **earned(reader, row)}


def text_row(answer: TextAnswer) -> Form:
    """The row of an answer of letters."""
    return {"text": answer.text, "match": answer.match.value, **written_earnings(answer.weight, answer.feedback)}


def number_answer(reader: FormReader, row: Row, value: str = "value") -> dict[str, Any]:
    """The number that a row says, in its field `value`, and how near one must come."""
    return {**_near(reader, row, value), **earned(reader, row)}


def number_row(answer: NumericAnswer) -> Form:
    """The row of a number."""
    return {"value": plain(answer.value), **written_tolerance(answer.tolerance), **written_earnings(answer.weight, answer.feedback)}


def tolerance_of(reader: FormReader, row: Row, default: str = "absolute") -> dict[str, Any]:
    """How near an answer must come: a distance or a percentage."""
    kind = row.text("tolerance") or default
    margin = reader.number(row.named("margin"), row.text("margin").removesuffix("%") or "0", lowest=0)
    match kind:
        case "absolute":
            return {"kind": kind, "margin": margin}
        case "relative":
            return {"kind": kind, "fraction": margin.scaleb(-2)}
        case _:
            reader.note(row.named("tolerance"), "Choose how near an answer must come.")
            return {"kind": "absolute"}


def written_tolerance(tolerance: Absolute | Relative | Range) -> Form:
    """The tolerance as a row shows it."""
    empty = {"tolerance": tolerance.kind, "margin": "", "low": "", "high": ""}
    match tolerance:
        case Absolute():
            return {**empty, "margin": plain(tolerance.margin) if tolerance.margin else ""}
        case Relative():
            return {**empty, "margin": percent_of(tolerance.fraction)}
        case Range():
            return {**empty, "low": plain(tolerance.low), "high": plain(tolerance.high)}


def earned(reader: FormReader, row: Row) -> dict[str, Any]:
    """What an answer earns, everything if that is left empty, and what is said about it."""
    return {"weight": reader.weight(row, default="100"), "feedback": reader.row_text(row, "feedback")}


def written_earnings(weight: Decimal, feedback: RichText | None) -> Form:
    """The same as a row shows it."""
    return {"weight": percent_of(weight), "feedback": rich_of(feedback)}


def _near(reader: FormReader, row: Row, value: str) -> dict[str, Any]:
    if row.text("tolerance") == "range":
        return _within(reader, row, value)
    return {"value": reader.number(row.named(value), row.text(value)), "tolerance": tolerance_of(reader, row)}


def _within(reader: FormReader, row: Row, name: str) -> dict[str, Any]:
    low, high = (reader.number(row.named(end), row.text(end)) for end in ("low", "high"))
    ends_are_right = not reader.wrong.keys() & {row.named("low"), row.named("high")}
    if ends_are_right and low > high:
        reader.note(row.named("high"), "The upper end must not lie below the lower one.")
        ends_are_right = False
    value = reader.number(row.named(name), row.text(name)) if row.text(name) else decimal_of((Fraction(low) + Fraction(high)) / 2)
    if ends_are_right and not low <= value <= high:
        reader.note(row.named(name), "The value must lie within the range.")
    return {"value": value, "tolerance": {"kind": "range", "low": low, "high": high}}


def _need_full_marks(reader: FormReader, rows: Sequence[Row], answers: Sequence[dict[str, Any]]) -> None:
    if not rows:
        reader.note("answers", "Write at least one answer.")
    elif not any(answer["weight"] == 1 for answer in answers) and not any(name.endswith(".weight") for name in reader.wrong):
        reader.note("answers", "One answer must earn 100 %.")
