"""The forms of gaps in a text: cloze and drop-down.

`gaps` has a row for each gap, named as it stands in the text: gap 1 for `[[1]]`. What may stand in a gap has rows of its own, which say the gap's
name: `answers` of a cloze question, `choices` of a drop-down, where a choice without a gap is of the list that all gaps share.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from lms_app.domain.assessments.question_forms import measures
from lms_app.domain.assessments.question_forms.fields import Form, FormReader, Row, plain, rich_of
from lms_app.domain.assessments.question_forms.typed_answers import earned, number_answer, number_row, text_answer, text_row, written_earnings
from lms_app.domain.assessments.types.cloze import Cloze, NumberGap, SelectGap, TextGap
from lms_app.domain.assessments.types.dropdown import Dropdown, menu_of
from lms_app.domain.assessments.types.kind import is_choice_id, new_choice_id

KINDS = ("text", "number", "select")
EMPTY_GAP: Form = {
    "id": "",
    "name": "1",
    "kind": "text",
    "share": "1",
    "width": "12",
    "case_sensitive": False,
    "ignore_accents": False,
    "shuffle": True,
    **measures.EMPTY,
}
EMPTY_ANSWER: Form = {
    "id": "",
    "gap": "1",
    "text": "",
    "match": "exact",
    "tolerance": "absolute",
    "margin": "",
    "low": "",
    "high": "",
    "weight": "100",
    "feedback": "",
}
EMPTY_CLOZE: Form = {"gaps": [EMPTY_GAP], "answers": [EMPTY_ANSWER]}
EMPTY_CHOICE: Form = {"id": "", "gap": "", "text": ""}
EMPTY_DROPDOWN: Form = {
    "gaps": [{"id": "", "name": "1", "choice": "", "feedback": ""}],
    "choices": [EMPTY_CHOICE] * 4,
    "shuffle": True,
}


def read_cloze(reader: FormReader) -> dict[str, Any]:
    """A gap is there once its name is; its answers are the rows that say this name."""
    taken: set[str] = set()
    gaps = reader.rows("gaps", ["name"])
    answers = reader.rows("answers", ["text", "low", "feedback"])
    _know_their_gaps(reader, gaps, answers)
    return {"gaps": [_gap(reader, gap, [row for row in answers if row.text("gap") == gap.text("name")], taken) for gap in gaps]}


def write_cloze(body: Cloze) -> Form:
    """The gaps, and the answers of each in turn."""
    return {"gaps": [_gap_row(gap) for gap in body.gaps], "answers": [row for gap in body.gaps for row in _answer_rows(gap)]}


def read_dropdown(reader: FormReader) -> dict[str, Any]:
    """`choice` of a gap is the text of the choice that belongs there."""
    taken: set[str] = set()
    gaps = reader.rows("gaps", ["name", "choice"])
    rows = reader.rows("choices", ["text"])
    _know_their_gaps(reader, gaps, [row for row in rows if row.text("gap")])
    # Ids tell choices of one list apart: two lists may have the same.
    lists: dict[str, set[str]] = {}
    choices = [(row.text("gap"), {"id": _identity(row, lists.setdefault(row.text("gap"), set())), "text": row.text("text")}) for row in rows]
    shared = [choice for name, choice in choices if not name]
    read: list[dict[str, Any]] = []
    for gap in gaps:
        own = [choice for name, choice in choices if name and name == gap.text("name")]
        right = next((choice["id"] for choice in own or shared if choice["text"] == gap.text("choice")), None)
        if right is None:
            reader.note(gap.named("choice"), "Say which choice belongs here, as it is written in the list.")
        feedback = reader.row_text(gap, "feedback")
        read.append({"id": _identity(gap, taken), "name": gap.text("name"), "right": right, "choices": own, "feedback": feedback})
    return {"gaps": read, "choices": shared, "shuffle": reader.flag("shuffle")}


def write_dropdown(body: Dropdown) -> Form:
    """The gaps, the choices that they share, and those of single gaps."""
    return {
        "gaps": [
            {
                "id": gap.id,
                "name": gap.name,
                "choice": next(choice.text for choice in menu_of(body, gap) if choice.id == gap.right),
                "feedback": rich_of(gap.feedback),
            }
            for gap in body.gaps
        ],
        "choices": [
            *[{"id": choice.id, "gap": "", "text": choice.text} for choice in body.choices],
            *[{"id": choice.id, "gap": gap.name, "text": choice.text} for gap in body.gaps for choice in gap.choices],
        ],
        "shuffle": body.shuffle,
    }


def _know_their_gaps(reader: FormReader, gaps: Sequence[Row], rows: Sequence[Row]) -> None:
    names = {gap.text("name") for gap in gaps}
    if not gaps:
        reader.note("gaps", "Write [[1]] in the text where the first gap stands, and name it here.")
    for row in rows:
        if row.text("gap") not in names:
            reader.note(row.named("gap"), "There is no gap of that name.")


def _gap(reader: FormReader, gap: Row, rows: Sequence[Row], taken: set[str]) -> dict[str, Any]:
    kind = gap.text("kind") or "text"
    share = reader.number(gap.named("share"), gap.text("share") or "1")
    if share <= 0:
        reader.note(gap.named("share"), "Write a number above 0.")
    common = {"id": _identity(gap, taken), "name": gap.text("name"), "share": share, "kind": kind}
    width = reader.count(gap.named("width"), gap.text("width"), lowest=2, highest=60) or 12
    match kind:
        case "text":
            answers = [text_answer(reader, row) for row in rows]
            flags = {name: gap.flag(name) for name in ("case_sensitive", "ignore_accents")}
            read = {**common, "answers": answers, **flags, "width": width}
        case "number":
            answers = [number_answer(reader, row, "text") for row in rows]
            read = {**common, "answers": answers, **measures.read(reader, gap), "width": width}
        case "select":
            here: set[str] = set()
            answers = [{"id": _identity(row, here), "text": row.text("text"), **earned(reader, row)} for row in rows]
            read = {**common, "choices": answers, "shuffle": gap.flag("shuffle")}
        case _:
            answers, read = [], common
            reader.note(gap.named("kind"), "Choose what the gap takes.")
    if kind in KINDS and not any(answer["weight"] == Decimal(1) for answer in answers):
        reader.note(gap.named("name"), f"Gap {gap.text('name')} needs an answer that earns 100 %.")
    return read


def _gap_row(gap: TextGap | NumberGap | SelectGap) -> Form:
    row: Form = {**EMPTY_GAP, "id": gap.id, "name": gap.name, "kind": gap.kind, "share": plain(gap.share)}
    match gap:
        case TextGap():
            return {**row, "case_sensitive": gap.case_sensitive, "ignore_accents": gap.ignore_accents, "width": str(gap.width)}
        case NumberGap():
            return {**row, **measures.write(gap), "width": str(gap.width)}
        case SelectGap():
            return {**row, "shuffle": gap.shuffle}


def _answer_rows(gap: TextGap | NumberGap | SelectGap) -> list[Form]:
    row: Form = {**EMPTY_ANSWER, "gap": gap.name}
    match gap:
        case TextGap():
            return [{**row, **text_row(answer)} for answer in gap.answers]
        case NumberGap():
            rows = [number_row(answer) for answer in gap.answers]
            return [{**row, **{name: value for name, value in found.items() if name != "value"}, "text": found["value"]} for found in rows]
        case SelectGap():
            return [{**row, "id": choice.id, "text": choice.text, **written_earnings(choice.weight, choice.feedback)} for choice in gap.choices]


def _identity(row: Row, taken: set[str]) -> str:
    """The id that a row has; a new one for a new row, or for one copied from another."""
    given = row.text("id")
    identity = given if is_choice_id(given) and given not in taken else new_choice_id()
    taken.add(identity)
    return identity
