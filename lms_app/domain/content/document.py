"""The one stored form of a page, a question's stem or an announcement: a versioned document of blocks with stable ids."""

import json
import secrets
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from lms_app.domain.content.references import MAX_REFERENCE, safe_outside_address
from lms_app.domain.content.rich_text_schema import MAX_ALT, MAX_NAME, Node, canonical, clean_language, clean_line, clean_tex, clean_text
from lms_app.domain.content.sanitising import MAX_HTML, clean
from lms_app.errors import Invalid

SCHEMA_VERSION: Final = 1
MAX_BLOCKS: Final = 1000
MAX_DOCUMENT: Final = 4_000_000
"""Characters of a document as JSON."""


def new_block_id() -> str:
    """A fresh block id: 12 URL-safe characters, 72 random bits."""
    return secrets.token_urlsafe(9)


def _rich_text(value: object) -> Node:
    try:
        return canonical(value)
    except Invalid as refusal:
        raise ValueError(refusal.sentence) from refusal


def _safe_html(html: str) -> str:
    try:
        return clean(html)
    except Invalid as refusal:
        raise ValueError(refusal.sentence) from refusal


def _outside(address: str) -> str:
    safe = safe_outside_address(address)
    if address and not safe:
        raise ValueError("it must be a web address that begins with https:// or http://.")
    return safe or ""


def _code(text: str) -> str:
    return clean_text(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", ""))


RichText = Annotated[Node, BeforeValidator(_rich_text)]
BlockId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{12}$")]
FileName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_NAME), AfterValidator(clean_line)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_ALT), AfterValidator(clean_line)]
Address = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_REFERENCE), AfterValidator(_outside)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Block(_Strict):
    id: BlockId = Field(default_factory=new_block_id)


class RichTextBlock(_Block):
    """Text with headings, lists, tables and so on: ProseMirror JSON."""

    type: Literal["rich_text"] = "rich_text"
    content: RichText


class ImageBlock(_Block):
    """A picture. A decorative one has no description and is silent for screen readers."""

    type: Literal["image"] = "image"
    file: FileName
    alt: Line = ""
    caption: Line = ""
    decorative: bool = False


class Captions(_Strict):
    """Subtitles of a video in one language: a WebVTT file."""

    file: FileName
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,35}$")]
    label: Line = ""


class VideoBlock(_Block):
    """A video: a stored file, or the address of one elsewhere."""

    type: Literal["video"] = "video"
    file: FileName = ""
    url: Address = ""
    title: Line = ""
    captions: Annotated[list[Captions], Field(max_length=100)] = Field(default_factory=list[Captions])
    transcript: Annotated[str, StringConstraints(max_length=200_000), AfterValidator(_code)] = ""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.file and self.url:
            raise ValueError("it may have a file or an address, not both.")
        return self


class AudioBlock(_Block):
    """A sound recording."""

    type: Literal["audio"] = "audio"
    file: FileName
    title: Line = ""


class FileBlock(_Block):
    """A file to download."""

    type: Literal["file"] = "file"
    file: FileName
    title: Line = ""


class PdfBlock(_Block):
    """A PDF that is read on the page, or saved."""

    type: Literal["pdf"] = "pdf"
    file: FileName
    title: Line = ""


class EmbedBlock(_Block):
    """A page from elsewhere, in a frame where its host is allowed, else as a link."""

    type: Literal["embed"] = "embed"
    url: Address
    title: Line = ""


class CalloutBlock(_Block):
    """A text set apart."""

    type: Literal["callout"] = "callout"
    tone: Literal["note", "tip", "careful"] = "note"
    content: RichText


class CollapsibleBlock(_Block):
    """A text behind its title, which opens it."""

    type: Literal["collapsible"] = "collapsible"
    title: Line = ""
    content: RichText


class CodeBlock(_Block):
    """Program text."""

    type: Literal["code"] = "code"
    language: Annotated[str, AfterValidator(clean_language)] = ""
    text: Annotated[str, StringConstraints(max_length=500_000), AfterValidator(_code)]
    caption: Line = ""


class MathsBlock(_Block):
    """A formula on its own line, in TeX."""

    type: Literal["maths"] = "maths"
    tex: Annotated[str, StringConstraints(max_length=10_000), AfterValidator(clean_tex)]


class HtmlBlock(_Block):
    """HTML of an import that blocks cannot say. It is sanitised again whenever it is read."""

    type: Literal["html"] = "html"
    html: Annotated[str, StringConstraints(max_length=MAX_HTML), AfterValidator(_safe_html)]


class QuizBlock(_Block):
    """The place of an assessment on the page."""

    type: Literal["quiz"] = "quiz"
    assessment: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME), AfterValidator(clean_line)]


Block = Annotated[
    RichTextBlock
    | ImageBlock
    | VideoBlock
    | AudioBlock
    | FileBlock
    | PdfBlock
    | EmbedBlock
    | CalloutBlock
    | CollapsibleBlock
    | CodeBlock
    | MathsBlock
    | HtmlBlock
    | QuizBlock,
    Field(discriminator="type"),
]
BLOCK_TYPES: Final = ("rich_text", "image", "video", "audio", "file", "pdf", "embed", "callout", "collapsible", "code", "maths", "html", "quiz")


class Document(_Strict):
    """Blocks in reading order. Every block has an id of its own that stays with it through edits."""

    schema_version: Literal[1] = SCHEMA_VERSION
    blocks: Annotated[list[Block], Field(max_length=MAX_BLOCKS)] = Field(default_factory=list[Block])

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        if len({block.id for block in self.blocks}) < len(self.blocks):
            raise ValueError("two blocks have the same id.")
        return self

    def dump(self) -> dict[str, Any]:
        """The document as it is stored: plain JSON values."""
        return self.model_dump(mode="json")


def parse_document(source: str | bytes | dict[str, Any]) -> Document:
    """The document in stored JSON, or in the values JSON stands for. Raises Invalid with a sentence that names the block."""
    value: Any = source
    if isinstance(source, str | bytes):
        if len(source) > MAX_DOCUMENT:
            raise Invalid(f"This page is too long: the limit is {MAX_DOCUMENT:,} characters.")
        try:
            value = json.loads(source)
        except (ValueError, RecursionError) as fault:
            raise Invalid("This is not a document: it is not valid JSON.") from fault
    if not isinstance(value, dict):
        raise Invalid("This is not a document: it must be an object with blocks.")
    try:
        return Document.model_validate(value)
    except ValidationError as fault:
        raise Invalid(_sentence(fault, value)) from fault  # pyright: ignore[reportUnknownArgumentType]


def document_of(blocks: Sequence[Block | dict[str, Any]]) -> Document:
    """A document of these blocks; a block without an id is given one. Raises Invalid as `parse_document` does."""
    return parse_document({"blocks": [block if isinstance(block, dict) else block.model_dump() for block in blocks]})


def _sentence(fault: ValidationError, value: dict[str, Any]) -> str:
    """The first thing that is wrong, where it is, for the reader."""
    error = fault.errors(include_url=False, include_context=False)[0]
    if error["type"] == "too_long" and error["loc"] == ("blocks",):
        return f"This page is too long: the limit is {MAX_BLOCKS:,} blocks."
    place, message = error["loc"], error["msg"].removeprefix("Value error, ")
    if place[:1] == ("schema_version",):
        return f"This page was written by another version of Lyceum: only schema version {SCHEMA_VERSION} can be read here."
    if len(place) < 2 or place[0] != "blocks" or not isinstance(place[1], int):
        return f"This is not a document: {_lowered(message)}"
    block: Any = value["blocks"][place[1]]
    kind = str(block.get("type", "?"))[:40] if isinstance(block, dict) else "?"  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
    if error["type"].startswith("union_tag"):
        return f"Block {place[1] + 1} is of an unknown kind, “{kind}”."
    field = ".".join(str(step) for step in place[3:])
    return f"Block {place[1] + 1} ({kind}){f', {field}' if field else ''}: {_lowered(message)}"


def _lowered(message: str) -> str:
    sentence = message[:1].lower() + message[1:]
    return sentence if sentence.endswith(".") else f"{sentence}."
