"""The drag and drop of Open edX as matching: to each item belongs the zone that it is dragged to. Where the zones lie on their picture is lost."""

import json
from collections.abc import Callable
from html import escape
from typing import Any

from lms_app.domain.assessments.types.kind import RichText, new_choice_id
from lms_app.interchange.made_questions import Unfit, make_question
from lms_app.interchange.neutral import Block, Question
from lms_app.interchange.olx_source import OlxNode
from lms_app.words import QuestionType

PLACES_LOST = "It was taken as pairs: what is dragged, and the place that it belongs to."
DECOYS_LOST = "What belongs to no place was left out."
_MOST_DATA = 500_000


def dragged_question(
    node: OlxNode, blocks: Callable[[str], list[Block]], read: Callable[[str], RichText | None], note: Callable[[str], None]
) -> Question:
    """The question. `note` is told what of it was lost. Unfit where pairs cannot say it."""
    said = _json(node.attributes.get("data", ""))
    zones = _dicts(said.get("zones"))
    items = _dicts(said.get("items"))
    names = {zone_name: number for number, zone in enumerate(zones) for zone_name in (_line(zone.get("uid")), _line(zone.get("title"))) if zone_name}
    options = [{"id": new_choice_id(), "content": _content(read, zone.get("title"), zone.get("description"))} for zone in zones]
    prompts: list[dict[str, Any]] = []
    for item in items:
        belongs = [names[zone] for zone in _zones(item) if zone in names]
        if len(set(belongs)) > 1:
            raise Unfit("One of its items belongs to several places.")
        if not belongs:
            note(DECOYS_LOST)
            continue
        feedback = item.get("feedback")
        wrong = str(feedback.get("incorrect") or "") if isinstance(feedback, dict) else ""
        prompts.append(
            {
                "id": new_choice_id(),
                "content": _content(read, item.get("displayName"), item.get("imageDescription")),
                "right": options[belongs[0]]["id"],
                "feedback": read(wrong) if wrong.strip() else None,
            }
        )
    asked = str(said.get("question_text") or node.attributes.get("question_text") or "")
    feedback = said.get("feedback")
    stem = blocks((f"<p>{asked}</p>" if asked.strip() else "") + _picture(said))
    finish = str(feedback.get("finish") or "") if isinstance(feedback, dict) else ""
    note(PLACES_LOST)
    return make_question(
        QuestionType.MATCHING,
        stem,
        {"prompts": prompts, "options": options, "feedback": read(finish) if finish.strip() else None},
        ref=f"{node.url_name or 'drag'}-1",
        title=node.title or _line(said.get("displayName")) or "Drag and drop",
    )


def _picture(said: dict[str, Any]) -> str:
    """The picture on which the zones lie."""
    address, alt = str(said.get("targetImg") or ""), str(said.get("targetImgDescription") or "")
    return f'<p><img src="{escape(address)}" alt="{escape(alt)}"></p>' if address else ""


def _content(read: Callable[[str], RichText | None], *texts: Any) -> RichText:
    """The first of the texts that says something. Items that are pictures alone have a description."""
    for text in texts:
        if isinstance(text, str) and text.strip() and (found := read(text)) is not None:
            return found
    raise Unfit("One of its parts says nothing in words.")


def _zones(item: dict[str, Any]) -> list[str]:
    listed = item.get("zones")
    return [_line(zone) for zone in listed] if isinstance(listed, list) else [_line(item.get("zone"))]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)][:200] if isinstance(value, list) else []


def _line(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text) if 0 < len(text) < _MOST_DATA else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise Unfit("What is to be dragged cannot be read.")
    return value
