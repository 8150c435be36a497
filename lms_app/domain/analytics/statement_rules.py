"""Learning events as xAPI 1.0.3 statements and as rows of a table. Pure. Verbs and types of activities are those of the vocabularies of ADL, TinCan,
Activity Streams and the xAPI video profile; who did it is an account of this installation with a pseudonym, never a name or an address.

The rules are those of the specification's part two ("Statements"): an id, an actor with one identifier, a verb with an IRI, an activity with an IRI,
results with a scaled score from -1 to 1 and ISO 8601 durations, and a context whose registration is a UUID.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lms_app.words import NodeKind, Verb

_ADL = "http://adlnet.gov/expapi/verbs"
_STREAMS = "http://activitystrea.ms/schema/1.0"
_TINCAN = "http://id.tincanapi.com"
_ACTIVITIES = "http://adlnet.gov/expapi/activities"
_VIDEO = "https://w3id.org/xapi/video"

OWN = "/xapi"
"""Below the installation's address: what no vocabulary has a word for."""

VERBS: dict[Verb, tuple[str, str]] = {
    Verb.ENROLLED: (f"{_ADL}/registered", "registered"),
    Verb.WITHDREW: (f"{_STREAMS}/leave", "left"),
    Verb.VIEWED: (f"{_TINCAN}/verb/viewed", "viewed"),
    Verb.PROGRESSED: (f"{_ADL}/progressed", "progressed"),
    Verb.PAUSED: (f"{_VIDEO}/verbs/paused", "paused"),
    Verb.COMPLETED: (f"{_ADL}/completed", "completed"),
    Verb.STARTED: (f"{_ADL}/attempted", "attempted"),
    Verb.ANSWERED: (f"{_ADL}/answered", "answered"),
    Verb.SUBMITTED: (f"{_STREAMS}/submit", "submitted"),
    Verb.GRADED: (f"{_ADL}/scored", "scored"),
    Verb.EARNED: (f"{_TINCAN}/verb/earned", "earned"),
    Verb.REPLIED: (f"{_TINCAN}/verb/replied", "replied"),
    Verb.UNCOMPLETED: ("", "uncompleted"),
}
"""IRI and word of each verb; an empty IRI is one of ours."""

TYPES: dict[NodeKind, str] = {
    NodeKind.COURSE: f"{_ACTIVITIES}/course",
    NodeKind.MODULE: f"{_ACTIVITIES}/module",
    NodeKind.LESSON: f"{_ACTIVITIES}/lesson",
    NodeKind.PAGE: f"{_STREAMS}/page",
    NodeKind.ASSESSMENT: f"{_ACTIVITIES}/assessment",
    NodeKind.QUESTION: f"{_ACTIVITIES}/question",
    NodeKind.CERTIFICATE: f"{_TINCAN}/activitytype/certificate",
}

COLUMNS = (
    "id", "time", "student", "verb", "kind", "object", "title", "attempt", "fraction", "fraction_before", "seconds", "film", "film_position",
    "film_played",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Happening:
    """An event, as its row has it."""

    id: UUID
    occurred_at: datetime
    verb: Verb
    object_kind: NodeKind
    object_id: UUID
    attempt_id: UUID | None
    value: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where it happened: the installation's address, the course, its language, and the titles of its parts by id."""

    home: str
    course_id: UUID
    language: str
    titles: Mapping[UUID, str]


def statement(event: Happening, setting: Setting, student: str, registration: UUID) -> dict[str, Any]:
    """An event as an xAPI statement. `student` is a pseudonym, `registration` the same for everything a student does in a run."""
    verb, word = VERBS[event.verb]
    course = _activity(setting, NodeKind.COURSE, setting.course_id)
    context: dict[str, Any] = {"registration": str(registration), "platform": "Lyceum", "contextActivities": {"grouping": [course]}}
    if "assessment" in event.value:
        context["contextActivities"]["parent"] = [_activity(setting, NodeKind.ASSESSMENT, UUID(event.value["assessment"]))]
    if event.attempt_id is not None:
        context["extensions"] = {f"{setting.home}{OWN}/extensions/attempt": str(event.attempt_id)}
    made: dict[str, Any] = {
        "id": str(event.id),
        "actor": {"objectType": "Agent", "account": {"homePage": setting.home, "name": student}},
        "verb": {"id": verb or f"{setting.home}{OWN}/verbs/{word}", "display": {"en": word}},
        "object": _activity(setting, event.object_kind, event.object_id),
        "context": context,
        "timestamp": event.occurred_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    if result := _result(event):
        made["result"] = result
    return made


def row(event: Happening, setting: Setting, student: str) -> tuple[str, ...]:
    """An event as a row of a table with `COLUMNS`."""
    value = event.value
    return (
        str(event.id),
        event.occurred_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        student,
        event.verb,
        event.object_kind,
        str(event.object_id),
        setting.titles.get(event.object_id, ""),
        str(event.attempt_id or ""),
        *(str(value.get(name, "")) for name in ("fraction", "before", "seconds", "block", "position", "played")),
    )


def duration(seconds: int) -> str:
    """An ISO 8601 duration."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (left, "S")) if number]
    return "PT" + ("".join(parts) or "0S")


def _activity(setting: Setting, kind: NodeKind, node_id: UUID) -> dict[str, Any]:
    definition: dict[str, Any] = {"type": TYPES[kind]}
    if title := setting.titles.get(node_id):
        definition["name"] = {setting.language or "und": title}
    return {"objectType": "Activity", "id": f"{setting.home}{OWN}/activities/{kind}/{node_id}", "definition": definition}


def _result(event: Happening) -> dict[str, Any]:
    value = event.value
    result: dict[str, Any] = {}
    if value.get("fraction") is not None:
        result["score"] = {"scaled": max(-1.0, min(1.0, float(value["fraction"])))}
    if event.verb == Verb.COMPLETED:
        result["completion"] = True
    if event.verb == Verb.UNCOMPLETED:
        result["completion"] = False
    seconds = value.get("seconds", value.get("played"))
    if seconds is not None:
        result["duration"] = duration(int(seconds))
    if "block" in value:
        result["extensions"] = {f"{_VIDEO}/extensions/time": value["position"], f"{_VIDEO}/extensions/session-id": value["block"]}
    return result
