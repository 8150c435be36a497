"""What the specification of xAPI 1.0.3 (part two, "Statements") asks of a statement, checked rule by rule."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

STATEMENT = {"id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version", "attachments"}
DEFINITION = {"name", "description", "type", "moreInfo", "interactionType", "correctResponsesPattern", "extensions"}
RESULT = {"score", "success", "completion", "response", "duration", "extensions"}
CONTEXT = {"registration", "instructor", "team", "contextActivities", "revision", "platform", "language", "statement", "extensions"}
IDENTIFIERS = {"mbox", "mbox_sha1sum", "openid", "account"}
IRI = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.I)
LANGUAGE = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*", re.I)
DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?|P\d+W")


def faults(statement: dict[str, Any]) -> list[str]:
    """What is wrong with a statement, nothing where it conforms."""
    found: list[str] = []

    def ask(is_so: Any, words: str) -> None:
        if not is_so:
            found.append(words)

    ask(not _has_null(statement), "values other than those of extensions are never null")
    ask({"actor", "verb", "object"} <= statement.keys() <= STATEMENT, "actor, verb and object, and nothing unknown")
    ask(_is_uuid(statement.get("id", "")), "the id is a UUID")
    ask(_is_moment(statement.get("timestamp", "")), "the timestamp is a moment of ISO 8601 with its zone")
    actor = statement["actor"]
    ask(actor.keys() <= {"objectType", "name", *IDENTIFIERS}, "an agent has nothing unknown")
    ask(len(actor.keys() & IDENTIFIERS) == 1, "an agent has exactly one identifier")
    account = actor.get("account", {})
    ask(account.keys() == {"homePage", "name"} and _is_iri(account["homePage"]) and isinstance(account["name"], str), "an account has homePage, name")
    verb = statement["verb"]
    ask({"id"} <= verb.keys() <= {"id", "display"} and _is_iri(verb["id"]), "a verb has an IRI")
    ask(_is_language_map(verb.get("display", {})), "display is a language map")
    found += _activity_faults(statement["object"])
    if "result" in statement:
        found += _result_faults(statement["result"])
    if "context" in statement:
        found += _context_faults(statement["context"])
    return found


def _activity_faults(activity: dict[str, Any]) -> list[str]:
    definition = activity.get("definition", {})
    rules = {
        "an activity has an id and nothing unknown": {"id"} <= activity.keys() <= {"objectType", "id", "definition"},
        "its objectType is Activity": activity.get("objectType", "Activity") == "Activity",
        "its id is an IRI": _is_iri(activity.get("id", "")),
        "its definition has nothing unknown": definition.keys() <= DEFINITION,
        "its type is an IRI": _is_iri(definition.get("type", "x:y")),
        "its name is a language map": _is_language_map(definition.get("name", {})),
    }
    return [words for words, is_so in rules.items() if not is_so]


def _result_faults(result: dict[str, Any]) -> list[str]:
    score = result.get("score", {})
    rules = {
        "a result has nothing unknown": result.keys() <= RESULT,
        "a score has nothing unknown": score.keys() <= {"scaled", "raw", "min", "max"},
        "scaled lies from -1 to 1": -1 <= score.get("scaled", 0) <= 1,
        "completion is a boolean": isinstance(result.get("completion", True), bool),
        "the duration is one of ISO 8601": DURATION.fullmatch(result.get("duration", "PT0S")),
        "keys of extensions are IRIs": all(map(_is_iri, result.get("extensions", {}))),
    }
    return [words for words, is_so in rules.items() if not is_so]


def _context_faults(context: dict[str, Any]) -> list[str]:
    groups = context.get("contextActivities", {})
    rules = {
        "a context has nothing unknown": context.keys() <= CONTEXT,
        "the registration is a UUID": _is_uuid(context.get("registration", "00000000-0000-4000-8000-000000000000")),
        "context activities are parent, grouping, category or other": groups.keys() <= {"parent", "grouping", "category", "other"},
        "keys of extensions are IRIs": all(map(_is_iri, context.get("extensions", {}))),
    }
    found = [words for words, is_so in rules.items() if not is_so]
    return found + [fault for activities in groups.values() for activity in activities for fault in _activity_faults(activity)]


def _has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_null(each) for name, each in value.items() if name != "extensions")
    if isinstance(value, list):
        return any(map(_has_null, value))
    return value is None


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_iri(text: Any) -> bool:
    return isinstance(text, str) and IRI.fullmatch(text) is not None


def _is_language_map(value: dict[str, Any]) -> bool:
    return all(LANGUAGE.fullmatch(language) and isinstance(words, str) for language, words in value.items())
