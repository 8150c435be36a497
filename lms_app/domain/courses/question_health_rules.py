"""What can be told of a question from its body alone. Pure. It knows no type by name: everything goes through the table of types."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.kind import QuestionBody, QuestionKind
from lms_app.domain.content.document import Document, RichTextBlock
from lms_app.domain.content.parts import Parts, Reference, named, parts_of
from lms_app.domain.content.rich_text import to_text
from lms_app.domain.content.rich_text_schema import walk
from lms_app.domain.courses.health_rules import Finding, cut, each_once, found
from lms_app.domain.courses.page_health_rules import document_findings, says_nothing
from lms_app.words import NodeKind, QuestionType

NO_BLOCK = "not-in-stem-"
SEED = 1
"""Draws the numbers of a question that has any: whichever, there is a right answer or there is none."""


def unreadable_question(node: UUID, fault: ValidationError) -> Finding:
    """What is to be said of a question that is stored as its type no longer takes it. `fault` is what the type said."""
    return found("question_without_key", NodeKind.QUESTION, node, reason=_reason(fault))


def question_findings(type_: QuestionType, body: QuestionBody, node: UUID, embed_hosts: frozenset[str]) -> list[Finding]:
    """What is to mend in a question."""
    kind = NodeKind.QUESTION
    findings = document_findings(body.stem, kind, node, embed_hosts)
    if says_nothing(body.stem):
        findings.append(found("question_empty", kind, node))
    findings += _key(TYPES[type_], body, node)
    findings += _choices(body, node)
    findings += [found("picture_without_description", kind, node) for picture in _beside_the_stem(body).pictures if not picture.alt.strip()]
    return each_once(findings)


def references_of(body: QuestionBody) -> list[Reference]:
    """The files and pages that a question needs."""
    return [*parts_of(body.stem).references, *(replace(each, block="") for each in _beside_the_stem(body).references)]


def _key(kind: QuestionKind[Any, Any], body: QuestionBody, node: UUID) -> Iterator[Finding]:
    if not kind.asks or kind.by_hand:
        return
    try:
        kind.check(body)
    except ValueError as fault:
        yield found("wrong_for_some", NodeKind.QUESTION, node, reason=fault)
        return
    if kind.solve(kind.draw(body, SEED)) is None:
        yield found("nothing_to_show_as_right", NodeKind.QUESTION, node)


def _choices(body: QuestionBody, node: UUID) -> Iterator[Finding]:
    choices: tuple[Any, ...] = getattr(body, "choices", ())
    weights = [choice.weight for choice in choices if hasattr(choice, "weight")]
    if len(weights) > 1 and all(weight > 0 for weight in weights):
        yield found("every_choice_right", NodeKind.QUESTION, node)
    said: set[str] = set()
    for choice in choices:
        content = getattr(choice, "content", None)
        if content is not None and any(node["type"] == "image" for node in walk(content)):
            continue
        words = " ".join((to_text(content) if content is not None else str(getattr(choice, "text", ""))).split())
        if words.casefold() in said:
            yield found("choices_equal", NodeKind.QUESTION, node, words=words)
        said.add(words.casefold())


def _beside_the_stem(body: QuestionBody) -> Parts:
    """The pictures and files of choices, hints, feedback and whatever else a type has, under whichever name."""
    parts = Parts()
    waiting: list[Any] = [body.model_dump(mode="json", exclude={"stem"})]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)  # pyright: ignore[reportUnknownArgumentType]
        if not isinstance(value, dict):
            continue
        inside: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
        if inside.get("type") == "doc":
            here = parts_of(Document(blocks=[RichTextBlock(id=NO_BLOCK, content=inside)]))
            parts.pictures += here.pictures
            parts.references += here.references
            continue
        if isinstance(inside.get("file"), str):
            parts.references.append(named("", "file", inside["file"]))
        waiting.extend(inside.values())
    return parts


def _reason(fault: ValidationError) -> str:
    message = fault.errors(include_url=False, include_context=False)[0]["msg"].removeprefix("Value error, ")
    said = cut(message[:1].lower() + message[1:])
    return said if said.endswith((".", "…")) else f"{said}."
