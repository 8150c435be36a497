"""Questions as readers make them: checked by their type's own model, with a title, or a reason why not."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content import rich_text
from lms_app.domain.content.document import SCHEMA_VERSION, document_of, new_block_id
from lms_app.interchange.neutral import Block, Question
from lms_app.words import QuestionType

LONGEST_TITLE = 100


class Unfit(Exception):
    """This cannot become a question. The message is the reason, a sentence."""


def make_question(
    type_: QuestionType, stem: Sequence[Block], fields: dict[str, Any], *, ref: str, title: str = "", points: str = "1", **more: Any
) -> Question:
    """The question, if its type takes it; without a title it is named after what it asks. Raises Unfit."""
    blocks = list(stem) or [paragraph_block(title or "Question")]
    body = {"stem": {"schema_version": SCHEMA_VERSION, "blocks": blocks}, **fields}
    try:
        document_of(blocks)
        TYPES[type_].body.model_validate(body)
    except ValidationError as error:
        raise Unfit(sentence_of(error)) from error
    name = " ".join(title.split()) or opening(blocks) or "Question"
    return Question(ref=ref, type=type_, title=name[:LONGEST_TITLE].strip(), body=body, points=points, **more)


def paragraph_block(text: str) -> Block:
    """A block of plain text."""
    return {"id": new_block_id(), "type": "rich_text", "content": rich_text.from_text(text)}


def opening(stem: Sequence[Block]) -> str:
    """The first words of a stem, "" where it begins without any."""
    words = next((rich_text.to_text(block["content"]) for block in stem if block["type"] == "rich_text"), "")
    return " ".join(words.split())


def sentence_of(error: ValidationError) -> str:
    """What is wrong with a body, first things first."""
    first = error.errors(include_url=False, include_context=False)[0]
    message = str(first["msg"]).removeprefix("Value error, ")
    return message if message.endswith(".") else f"{message} ({'.'.join(map(str, first['loc']))})."
