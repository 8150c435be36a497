"""What a learning event says, as a sentence to the person who did it. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lms_app.words import NodeKind, Verb

_KINDS = {
    NodeKind.COURSE: "the course",
    NodeKind.MODULE: "the module",
    NodeKind.LESSON: "the lesson",
    NodeKind.PAGE: "the page",
    NodeKind.ASSESSMENT: "the quiz",
    NodeKind.QUESTION: "a question of the quiz",
    NodeKind.CERTIFICATE: "the certificate",
}


def event_words(verb: Verb, kind: NodeKind, title: str, value: Mapping[str, Any]) -> str:
    """`You opened the page “Stones”.` A thing that is gone has no title."""
    what = f"{_KINDS.get(kind, 'something')}{f' “{title}”' if title else ''}"
    match verb:
        case Verb.ENROLLED:
            return f"You enrolled in {what}."
        case Verb.WITHDREW:
            return f"You left {what}."
        case Verb.VIEWED:
            return f"You opened {what}."
        case Verb.PROGRESSED:
            return _progressed(what, value)
        case Verb.PAUSED:
            return f"You stopped a film on {what}{_place(value)}."
        case Verb.COMPLETED:
            return f"You completed {what}."
        case Verb.STARTED:
            return f"You began {what}."
        case Verb.ANSWERED:
            return f"You answered {what}{_scored(value)}."
        case Verb.SUBMITTED:
            return f"You handed in {what}{_scored(value)}."
        case Verb.GRADED:
            return f"{what[:1].upper()}{what[1:]} was marked{_scored(value)}."
        case Verb.EARNED:
            return f"You earned {'a certificate' if kind == NodeKind.CERTIFICATE else what}."
        case Verb.REPLIED:
            return f"You wrote in the discussion of {what}."
        case Verb.UNCOMPLETED:
            return f"A correction of marks took back that {what} was completed."


def span_words(seconds: int) -> str:
    """`45 seconds`, `12 minutes`, `3 hours 5 minutes`."""
    minutes = seconds // 60
    if minutes < 1:
        return _many(seconds, "second")
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (_many(hours, "hour") if hours else "", _many(rest, "minute") if rest or not hours else "")))


def _progressed(what: str, value: Mapping[str, Any]) -> str:
    if "block" in value:
        return f"You saw more of a film on {what}{_place(value)}."
    return f"You were at {what} for {span_words(int(value.get('seconds', 0)))}."


def _place(value: Mapping[str, Any]) -> str:
    if "position" not in value:
        return ""
    minutes, seconds = divmod(int(value["position"]), 60)
    return f" at {minutes}:{seconds:02}"


def _scored(value: Mapping[str, Any]) -> str:
    return "" if value.get("fraction") is None else f": {int(Decimal(value['fraction']) * 100)}\N{NO-BREAK SPACE}%"


def _many(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"
