"""Markdown text to a document of blocks and back, for forms in which a page is one text.

Prose becomes rich text blocks; code fences, `$$` formulas, pictures on lines of their own, `:::tip` and `:::details Title` boxes become blocks,
a bare link to a video or an allowed host on a line of its own becomes that video or embed. All else has a line as in `directives`.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from markdown_it.token import Token

from lms_app.domain.content.directives import Fields, read_directive, write_directive
from lms_app.domain.content.document import (
    Block,
    CalloutBlock,
    CodeBlock,
    CollapsibleBlock,
    Document,
    EmbedBlock,
    HtmlBlock,
    ImageBlock,
    MathsBlock,
    RichTextBlock,
    VideoBlock,
    document_of,
    new_block_id,
)
from lms_app.domain.content.embeds import DEFAULT_EMBED_HOSTS, frame_address, is_video
from lms_app.domain.content.markdown_reading import BARE_LINK, COLLAPSIBLE, inline_of, nodes_of, tokens_of
from lms_app.domain.content.markdown_writing import destination, escaped, fenced, write_blocks
from lms_app.domain.content.references import FILE_SCHEME
from lms_app.domain.content.rich_text_schema import Node, attribute, canonical, children_of, paragraph, text_node
from lms_app.errors import Invalid

_HTML_FENCE: Final = "{=html}"
_COLONS = re.compile(r"^[ >]*(:{3,})", re.MULTILINE)


def document_from_markdown(markdown: str, *, previous: Document | None = None, embed_hosts: frozenset[str] = DEFAULT_EMBED_HOSTS) -> Document:
    """The document that Markdown stands for. Blocks that `previous` had already keep their ids.

    Raises Invalid for a text that is too long, or a line that names a block wrongly.
    """
    document = document_of(list(_Reader(embed_hosts).blocks(tokens_of(markdown, callouts=True))))
    return _with_ids_of(previous, document) if previous else document


def markdown_of_document(document: Document, *, embed_hosts: frozenset[str] = DEFAULT_EMBED_HOSTS) -> str:
    """The Markdown of a document, which `document_from_markdown` reads back; rich text blocks that follow each other become one."""
    parts: list[str] = []
    prose: list[Node] = []
    for block in document.blocks:
        if isinstance(block, RichTextBlock):
            prose += children_of(block.content)
            continue
        parts += [write_blocks(prose), _written(block, embed_hosts)]
        prose = []
    parts.append(write_blocks(prose))
    return "".join(f"{part}\n\n" for part in parts if part).rstrip("\n") + "\n"


class _Reader:
    """Cuts the tokens of a text into blocks."""

    def __init__(self, embed_hosts: frozenset[str]) -> None:
        self.embed_hosts = embed_hosts

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Fields]:
        """The blocks in order, not yet checked."""
        prose: list[Token] = []
        for part in _parts(tokens):
            found = self._block(part)
            if found is None:
                prose += part
                continue
            yield from _prose(prose)
            prose = []
            yield from found
        yield from _prose(prose)

    def _block(self, part: Sequence[Token]) -> list[Fields] | None:
        """The blocks that one part of the text stands for; None where it is prose."""
        first = part[0]
        if first.type in {"fence", "code_block"}:
            return [_code(first)]
        if first.type == "math_block":
            return [{"type": "maths", "tex": first.content}]
        if first.type.startswith("container_"):
            return [_collapsible(part) if first.type == f"container_{COLLAPSIBLE}_open" else _callout(part)]
        if first.type == "paragraph_open":
            return self._lines(part[1])
        return None

    def _lines(self, inline: Token) -> list[Fields] | None:
        pictures = _pictures(inline.children or [])
        if pictures:
            return pictures
        found = [self._line(line.strip()) for line in inline.content.split("\n")]
        return [block for block in found if block] if all(found) else None

    def _line(self, line: str) -> Fields | None:
        if not BARE_LINK.fullmatch(line):
            return read_directive(line)
        if is_video(line):
            return {"type": "video", "url": line}
        return {"type": "embed", "url": line} if frame_address(line, self.embed_hosts) else None


def _parts(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens, cut between the outermost parts of the text."""
    start = depth = 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[start : index + 1]
            start = index + 1


def _prose(tokens: list[Token]) -> list[Fields]:
    content = canonical({"type": "doc", "content": nodes_of(tokens)}, flatten=True)
    return [] if children_of(content) == [paragraph()] else [{"type": "rich_text", "content": content}]


def _code(token: Token) -> Fields:
    text, info = token.content.removesuffix("\n"), token.info.strip()
    if info == _HTML_FENCE:
        return {"type": "html", "html": text}
    language, _, caption = info.partition(" ")
    return {"type": "code", "language": language, "text": text, "caption": caption.strip()}


def _callout(part: Sequence[Token]) -> Fields:
    tone = part[0].type.removeprefix("container_").removesuffix("_open")
    title = part[0].info.strip().removeprefix(tone).strip()
    named = [paragraph(text_node(title, [{"type": "bold"}]))] if title else []
    content = canonical({"type": "doc", "content": [*named, *nodes_of(part[1:-1])]}, flatten=True)
    return {"type": "callout", "tone": tone, "content": content}


def _collapsible(part: Sequence[Token]) -> Fields:
    title = part[0].info.strip().removeprefix(COLLAPSIBLE).strip()
    return {"type": "collapsible", "title": title, "content": canonical({"type": "doc", "content": nodes_of(part[1:-1])}, flatten=True)}


def _pictures(tokens: Sequence[Token]) -> list[Fields]:
    """The image blocks of a paragraph in which there is nothing but pictures; none where there is anything else."""
    nodes = [node for node in inline_of(tokens) if node["type"] != "hardBreak" and node.get("text", "x").strip(" \t\r\n\f")]
    if any(node["type"] != "image" or "link" in _marks(node) for node in nodes):
        return []
    titles = [str(token.attrs.get("title") or "") for token in tokens if token.type == "image"]
    return [
        {"type": "image", "file": attribute(node, "file"), "alt": attribute(node, "alt"), "caption": title}
        for node, title in zip(nodes, titles, strict=True)
    ]


def _marks(node: Node) -> list[str]:
    marks: list[Node] = node.get("marks") or []
    return [mark["type"] for mark in marks]


def _written(block: Block, embed_hosts: frozenset[str]) -> str:
    """The block in Markdown's own signs where these say all of it, else as one line with its fields."""
    nice = _nice(block)
    if nice:
        try:
            read = document_from_markdown(nice, embed_hosts=embed_hosts).blocks
        except Invalid:
            read = []
        if [_content(found) for found in read] == [_content(block)]:
            return nice
    return write_directive(block)


def _nice(block: Block) -> str:
    match block:
        case ImageBlock():
            title = ' "' + re.sub(r'[\\"&]', r"\\\g<0>", block.caption) + '"' if block.caption else ""
            return f"![{escaped(block.alt)}]({destination(FILE_SCHEME + block.file)}{title})"
        case CodeBlock():
            info = f"{block.language or ('text' if block.caption else '')} {block.caption}".strip()
            return fenced(block.text, re.sub(r"[\\&]", r"\\\g<0>", info))
        case MathsBlock():
            return f"$$\n{block.tex}\n$$"
        case HtmlBlock():
            return fenced(block.html, _HTML_FENCE)
        case CalloutBlock():
            return _boxed(block.tone, block.content)
        case CollapsibleBlock():
            return _boxed(f"{COLLAPSIBLE} {block.title}".strip(), block.content)
        case VideoBlock() | EmbedBlock():
            return block.url
        case _:
            return ""


def _boxed(head: str, content: Node) -> str:
    body = write_blocks(children_of(content))
    colons = ":" * max(3, *(len(run) + 1 for run in _COLONS.findall(body)), 3)
    return f"{colons} {head}\n{body}\n{colons}"


def _content(block: Block) -> dict[str, Any]:
    return block.model_dump(mode="json", exclude={"id"})


def _with_ids_of(previous: Document, document: Document) -> Document:
    """The document with the ids of those blocks of `previous` that are still there: unchanged ones first, then changed ones of the same type."""
    before, after = [_key(block) for block in previous.blocks], [_key(block) for block in document.blocks]
    ids: dict[int, str] = {}
    for change, old_start, old_end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if change == "equal":
            ids |= {new_start + step: previous.blocks[old_start + step].id for step in range(old_end - old_start)}
        elif change == "replace":
            free = list(previous.blocks[old_start:old_end])
            for index in range(new_start, new_end):
                match = next((block for block in free if block.type == document.blocks[index].type), None)
                if match:
                    free.remove(match)
                    ids[index] = match.id
    blocks = [block.model_copy(update={"id": ids.get(index) or new_block_id()}) for index, block in enumerate(document.blocks)]
    return document.model_copy(update={"blocks": blocks})


def _key(block: Block) -> str:
    return block.model_dump_json(exclude={"id"})
