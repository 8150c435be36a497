"""Whether two questions are the same, whatever ids they were given: how a writer knows what its format could not say."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.rich_text import is_empty
from lms_app.interchange.neutral import Question
from lms_app.words import QuestionType


def comparable(question: Question) -> dict[str, Any]:
    """The question as values that are equal where the questions are: defaults spelled out, contents in place of ids, empty texts as none."""
    body = TYPES[question.type].body.model_validate(question.body).model_dump(mode="python")
    blocks = _joined(body.pop("stem")["blocks"])
    contents = {option["id"]: option["content"] for option in body.get("options", ())}
    for gap in body.get("gaps", ()):
        contents |= {choice["id"]: choice["text"] for choice in gap.get("choices") or body.get("choices", ())}
        if "right" in gap:
            gap["right"] = contents[gap["right"]]
    for prompt in body.get("prompts", ()):
        prompt["right"] = contents[prompt["right"]]
    if "options" in body:
        # They are shown in a drawn order, so theirs in the file says nothing.
        body["options"] = sorted(body["options"], key=lambda option: str(option["content"]))
    if question.type == QuestionType.MULTIPLE_CHOICE:
        _scale(body["choices"], "weight", sum((choice["weight"] for choice in body["choices"] if choice["weight"] > 0), Decimal(0)))
    if question.type == QuestionType.CLOZE:
        _scale(body["gaps"], "share", sum((gap["share"] for gap in body["gaps"]), Decimal(0)))
    return {
        "type": question.type,
        "title": question.title,
        "points": Decimal(question.points),
        "tags": tuple(question.tags),
        "category": question.category,
        "stem": _plain(blocks),
        **{name: _plain(value) for name, value in body.items()},
    }


def differences(question: Question, other: Question) -> list[str]:
    """The names of the fields in which they differ."""
    one, two = comparable(question), comparable(other)
    if one["type"] != two["type"]:
        return ["type"]
    return [name for name in one if one[name] != two.get(name)]


def _scale(parts: Sequence[dict[str, Any]], name: str, whole: Decimal) -> None:
    """Makes parts of a whole of weights whose sum does not matter, but leaves those alone that mean all or nothing."""
    if name == "share" or any(part[name] not in (0, 1) for part in parts):
        for part in parts:
            part[name] = (part[name] / whole).quantize(Decimal("0.00001"))


def _joined(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks of a stem without their ids, with neighbouring texts as one: nobody sees where one ends."""
    found: list[dict[str, Any]] = []
    for block in blocks:
        plain = {name: value for name, value in block.items() if name != "id"}
        if plain["type"] == "rich_text" and found and found[-1]["type"] == "rich_text":
            content = found[-1]["content"]
            found[-1] = {**plain, "content": {**content, "content": [*content["content"], *plain["content"]["content"]]}}
        elif not (plain["type"] == "rich_text" and is_empty(plain["content"])):
            found.append(plain)
    return found


def _plain(value: Any) -> Any:
    match value:
        case {"type": "doc"}:
            return None if is_empty(value) else value
        case dict():
            return {name: _plain(inner) for name, inner in value.items() if name != "id"}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return value
