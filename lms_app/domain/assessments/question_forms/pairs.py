"""The forms of matching and ordering."""

from typing import Any

from lms_app.domain.assessments.question_forms.fields import Form, FormReader, Row, rich_of
from lms_app.domain.assessments.types.kind import is_choice_id, new_choice_id
from lms_app.domain.assessments.types.matching import Matching, Option
from lms_app.domain.assessments.types.ordering import Ordering
from lms_app.domain.content.document import RichText

EMPTY_PAIR: Form = {"id": "", "text": "", "option_id": "", "option": "", "feedback": ""}
EMPTY_MATCHING: Form = {"pairs": [EMPTY_PAIR] * 4, "option_order": "", "credit": "each", "shuffle": True}
EMPTY_ORDERING: Form = {"items": [{"id": "", "text": ""}] * 4, "credit": "exact"}


def read_matching(reader: FormReader) -> dict[str, Any]:
    """A line with both sides is a pair, one with an option alone is an option that belongs to nothing. Options that say the same are one."""
    options: dict[str, dict[str, Any]] = {}
    prompts: list[dict[str, Any]] = []
    taken: set[str] = set()
    taken_by_options: set[str] = set()
    for row in reader.rows("pairs", ["text", "option", "feedback"]):
        said = row.text("option")
        content = _said(reader, row, "option", "Write what belongs to it, or empty its whole line.")
        if said not in options:
            options[said] = {"id": _identity(row.text("option_id"), taken_by_options), "content": content}
        if not row.text("text"):
            if row.text("feedback") or row.text("id"):
                reader.note(row.named("text"), "Write the left side, or empty its whole line.")
            continue
        prompts.append(
            {
                "id": _identity(row.text("id"), taken),
                "content": _said(reader, row, "text", "Write the left side, or empty its whole line."),
                "right": options[said]["id"],
                "feedback": reader.row_text(row, "feedback"),
            }
        )
    if not prompts:
        reader.note("pairs", "Write at least one pair.")
    elif len(options) < 2:
        reader.note("pairs", "Write at least two things to choose from.")
    if reader.text("credit") not in ("", "each", "all"):
        reader.note("credit", "Choose how answers are scored.")
    order = {identity: place for place, identity in enumerate(reader.text("option_order").split())}
    return {
        "prompts": prompts,
        "options": sorted(options.values(), key=lambda option: order.get(option["id"], len(order))),
        "credit": reader.text("credit") or "each",
        "shuffle": reader.flag("shuffle"),
    }


def write_matching(body: Matching) -> Form:
    """One row for each prompt, then one for each option that belongs to none."""
    options = {option.id: option for option in body.options}
    used = {prompt.right for prompt in body.prompts}
    return {
        "pairs": [
            *[
                {"id": prompt.id, "text": rich_of(prompt.content), **_option(options[prompt.right]), "feedback": rich_of(prompt.feedback)}
                for prompt in body.prompts
            ],
            *[{**EMPTY_PAIR, **_option(option)} for option in body.options if option.id not in used],
        ],
        "option_order": " ".join(options),
        "credit": body.credit,
        "shuffle": body.shuffle,
    }


def read_ordering(reader: FormReader) -> dict[str, Any]:
    """The lines stand in the right order."""
    taken: set[str] = set()
    rows = reader.rows("items", ["text"])
    items = [
        {"id": _identity(row.text("id"), taken), "content": _said(reader, row, "text", "Write the item, or empty its whole line.")} for row in rows
    ]
    if len(items) < 2:
        reader.note("items", "Write at least two items.")
    credit = reader.text("credit") or "exact"
    if credit not in ("exact", "position", "pairs", "run"):
        reader.note("credit", "Choose how answers are scored.")
    return {"items": items, "credit": credit}


def write_ordering(body: Ordering) -> Form:
    """One row for each item."""
    return {"items": [{"id": item.id, "text": rich_of(item.content)} for item in body.items], "credit": body.credit}


def _option(option: Option) -> Form:
    return {"option_id": option.id, "option": rich_of(option.content)}


def _said(reader: FormReader, row: Row, name: str, otherwise: str) -> RichText | None:
    content = reader.row_text(row, name)
    if content is None:
        reader.note(row.named(name), otherwise)
    return content


def _identity(given: str, taken: set[str]) -> str:
    """The id that a row has; a new one for a new row, or for one copied from another."""
    identity = given if is_choice_id(given) and given not in taken else new_choice_id()
    taken.add(identity)
    return identity
