"""Documents made ready for a page: HTML that is safe as it is, with code coloured, maths as MathML and references resolved."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from lms_app.domain.content.block_html import BlockWriter
from lms_app.domain.content.document import CalloutBlock, CollapsibleBlock, Document, HtmlBlock, RichTextBlock, parse_document
from lms_app.domain.content.embeds import DEFAULT_EMBED_HOSTS
from lms_app.domain.content.html_writing import HtmlWriter
from lms_app.domain.content.page_html import heading_levels
from lms_app.domain.content.plain_text import reading_minutes, text_of
from lms_app.domain.content.references import FILE_SCHEME, PAGE_SCHEME
from lms_app.domain.content.rich_text import RichText
from lms_app.domain.content.rich_text_schema import attribute, canonical, children_of, walk
from lms_app.domain.content.sanitising import ID_PREFIX
from lms_app.domain.content.views import Heading, Rendered

__all__ = ["Resolver", "html_of_document", "html_of_rich_text", "inline_html_of_rich_text", "reading_minutes", "render", "text_of"]

Lookup = Callable[[str], str | None]
"""From an id to an address, None where there is nothing at it."""

TOP_LEVEL: Final = 2
"""The title of a page is its only `h1`."""


def _stored_file(name: str) -> str | None:
    try:
        return f"/v/files/{UUID(name)}"
    except ValueError:
        return None


def _nothing(name: str) -> str | None:
    return None


@dataclass(frozen=True)
class Resolver:
    """Where a document's references lead, and which hosts may stand in a frame."""

    file: Lookup = _stored_file
    page: Lookup = _nothing
    embed_hosts: frozenset[str] = DEFAULT_EMBED_HOSTS

    def link(self, reference: str) -> str | None:
        """The address of a `file:` or `page:` reference, or of what is an address already; None where nothing is there."""
        if reference.startswith(FILE_SCHEME):
            return self.file(reference.removeprefix(FILE_SCHEME))
        if reference.startswith(PAGE_SCHEME):
            name, _, anchor = reference.removeprefix(PAGE_SCHEME).partition("#")
            address = self.page(name)
            return f"{address}#{_anchor(anchor)}" if address and anchor else address
        return f"#{_anchor(reference[1:])}" if reference.startswith("#") else reference


def render(document: Document, resolve: Resolver | None = None) -> Rendered:
    """The document for a page. Headings are moved so that the highest is an `h2`, and have ids to link to."""
    names = HeadingList(document, TOP_LEVEL)
    resolver = resolve or Resolver()
    writer = BlockWriter(resolver.link, names, resolver.embed_hosts)
    return Rendered(blocks=[writer.view(block) for block in document.blocks], headings=names.shown())


def html_of_document(document: Document | Mapping[str, Any], resolve: Resolver | None = None) -> str:
    """A question's stem, or another document inside a page, as one piece of HTML. Its headings begin at `h3`."""
    parsed = document if isinstance(document, Document) else parse_document(dict(document))
    resolver = resolve or Resolver()
    writer = BlockWriter(resolver.link, HeadingList(parsed, TOP_LEVEL + 1, named=False), resolver.embed_hosts)
    return "".join(writer.view(block).html for block in parsed.blocks)


def html_of_rich_text(text: RichText, resolve: Resolver | None = None) -> str:
    """A rich text inside a page, such as feedback, in paragraphs."""
    return _writer(resolve).blocks(children_of(canonical(text)))


def inline_html_of_rich_text(text: RichText, resolve: Resolver | None = None) -> str:
    """The same without `<p>` where it is one paragraph: for what stands in a label, such as a choice."""
    blocks, writer = children_of(canonical(text)), _writer(resolve)
    if len(blocks) == 1 and blocks[0]["type"] == "paragraph":
        return writer.inline(children_of(blocks[0]))
    return writer.blocks(blocks)


class HeadingList:
    """The headings of one page in order. Their levels are moved together so that the highest is `top`."""

    def __init__(self, document: Document, top: int, *, named: bool = True) -> None:
        self.shift = top - min(_levels(document), default=top)
        self.top = top
        self.named = named
        self.found: list[Heading] = []
        self.taken: dict[str, int] = {}

    def level(self, level: int) -> int:
        """The level on this page of a heading that its author gave this one."""
        return min(level + self.shift, 6)

    def anchor(self, text: str, level: int, given: str = "") -> str:
        """The id of a heading: the one it came with, else one made of its words; "" where headings are not named."""
        if not self.named:
            return given
        slug = given.removeprefix(ID_PREFIX) or re.sub(r"[\W_]+", "-", text.lower()).strip("-")[:60].strip("-") or "section"
        anchor = _anchor(self._free(slug))
        self.found.append(Heading(anchor=anchor, text=text, level=level))
        return anchor

    def shown(self) -> list[Heading]:
        """The headings of the two highest levels."""
        return [heading for heading in self.found if heading.level <= self.top + 1]

    def _free(self, slug: str) -> str:
        count = self.taken[slug] = self.taken.get(slug, 0) + 1
        return slug if count == 1 else self._free(f"{slug}-{count}")


def _levels(document: Document) -> set[int]:
    found: set[int] = set()
    for block in document.blocks:
        if isinstance(block, RichTextBlock | CalloutBlock | CollapsibleBlock):
            found |= {attribute(node, "level") for node in walk(block.content) if node["type"] == "heading"}
        elif isinstance(block, HtmlBlock):
            found |= heading_levels(block.html)
    return found


def _writer(resolve: Resolver | None) -> HtmlWriter:
    return HtmlWriter(link=(resolve or Resolver()).link, headings=HeadingList(Document(), TOP_LEVEL + 2, named=False))


def _anchor(name: str) -> str:
    return name if name.startswith(ID_PREFIX) else f"{ID_PREFIX}{name}"
