"""What the (part, value) pairs of a tally are called, and which of them there could be. Pure: made of a question's stored body."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from lms_app.domain.content.rich_text import to_text

Pair = tuple[str, str]

OTHER = "other"
_ANSWER = "answer:"


def possible_pairs(body: Mapping[str, Any]) -> list[Pair]:
    """The pairs of a body that offers a list: its choices, a statement's two sides, or the answers it knows and any other."""
    if isinstance(body.get("answer"), bool):
        return [("choice", "true"), ("choice", "false")]
    if choices := _maps(body.get("choices")):
        return [("choice", str(choice["id"])) for choice in choices if "id" in choice]
    if answers := _maps(body.get("answers")):
        return [*(("answer", f"{_ANSWER}{number}") for number in range(len(answers))), ("answer", OTHER)]
    return []


def part_name(body: Mapping[str, Any], part: str) -> str:
    """What a part of a question is called, empty where the question is one piece."""
    return "" if part in ("", "choice", "answer") else _name_of(_thing(body, part)) or part


def value_name(body: Mapping[str, Any], part: str, value: str) -> str:
    """What a value is called: the words of a choice, an answer as its author wrote it."""
    if value == OTHER:
        return "Another answer"
    if value.startswith(_ANSWER):
        holder = body if part in ("", "answer") else _thing(body, part) or body
        answers, number = _maps(holder.get("answers")), value.removeprefix(_ANSWER)
        return _answer_name(answers[int(number)]) if number.isdecimal() and int(number) < len(answers) else value
    if value in ("true", "false"):
        return value.capitalize()
    return _name_of(_thing(body, value)) or value


def full_marks(body: Mapping[str, Any]) -> set[Pair]:
    """The answers that earn everything."""
    return {("answer", f"{_ANSWER}{number}") for number, answer in enumerate(_maps(body.get("answers"))) if _is_one(answer.get("weight"))}


def _is_one(weight: object) -> bool:
    try:
        return float(str(weight)) == 1
    except ValueError:
        return False


def _answer_name(answer: Mapping[str, Any]) -> str:
    return str(answer.get("text") or answer.get("value") or "").strip() or "An answer"


def _name_of(thing: Mapping[str, Any] | None) -> str:
    if thing is None:
        return ""
    for field in ("content", "text", "label", "title"):
        words = thing.get(field)
        if isinstance(words, str) and words.strip():
            return words.strip()
        if isinstance(words, dict):
            return " ".join(to_text(cast(dict[str, Any], words)).split())
    return ""


def _thing(body: Mapping[str, Any], identity: str) -> Mapping[str, Any] | None:
    """Whatever in the body has this id: a choice, a prompt, an option, a gap, an item."""
    return next((thing for thing in _things(body) if thing.get("id") == identity), None)


def _things(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        mapping = cast(Mapping[str, Any], value)
        if "id" in mapping:
            yield mapping
        for each in mapping.values():
            yield from _things(each)
    elif isinstance(value, list | tuple):
        for each in cast(list[object], value):
            yield from _things(each)


def _maps(value: object) -> list[Mapping[str, Any]]:
    return (
        [cast(Mapping[str, Any], each) for each in cast(list[object], value) if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []
    )
