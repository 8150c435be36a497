"""What a document is made of, laid flat for whoever looks through it: headings, pictures, links and tables, each with the id of its block."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby
from typing import Final, Literal
from uuid import UUID

from lms_app.domain.content.document import Document, HtmlBlock, ImageBlock, QuizBlock, VideoBlock
from lms_app.domain.content.references import FILE_SCHEME, PAGE_SCHEME
from lms_app.domain.content.rich_text_schema import Node, attribute, children_of, walk

HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading, with the level that its author gave it."""

    block: str
    level: int
    words: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture. `silent` says that its author wants no description of it."""

    block: str
    alt: str
    silent: bool = False


@dataclass(frozen=True, kw_only=True)
class LinkPart:
    """A link and the words that it is on; `pictured` where there is a picture among them."""

    block: str
    address: str
    words: str
    pictured: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table, and whether any cell of it is a head."""

    block: str
    headed: bool


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a block needs that stands elsewhere: a file, a page or a quiz of the course. `target` is None for a name that nothing could have."""

    block: str
    kind: Literal["file", "page", "quiz"]
    target: UUID | None


@dataclass(kw_only=True)
class Parts:
    """The parts of a document, each list in reading order."""

    headings: list[Heading] = field(default_factory=list[Heading])
    pictures: list[Picture] = field(default_factory=list[Picture])
    links: list[LinkPart] = field(default_factory=list[LinkPart])
    tables: list[Table] = field(default_factory=list[Table])
    references: list[Reference] = field(default_factory=list[Reference])


def parts_of(document: Document) -> Parts:
    """Everything that a document has of these."""
    found = Parts()
    for block in document.blocks:
        content: Node | None = getattr(block, "content", None)
        file: str | None = getattr(block, "file", None)
        if content is not None:
            _read_text(content, block.id, found)
        if file is not None and not (isinstance(block, VideoBlock) and block.url):
            found.references.append(named(block.id, "file", file))
        match block:
            case ImageBlock():
                found.pictures.append(Picture(block=block.id, alt=block.alt, silent=block.decorative))
            case VideoBlock():
                found.references += [named(block.id, "file", captions.file) for captions in block.captions]
            case HtmlBlock():
                _Html(block.id, found).feed(block.html)
            case QuizBlock():
                found.references.append(named(block.id, "quiz", block.assessment))
            case _:
                pass
    for link in found.links:
        found.references += _led_to(link.block, link.address)
    return found


def named(block: str, kind: Literal["file", "page", "quiz"], name: str) -> Reference:
    """A reference to what has this name, an id as text."""
    try:
        return Reference(block=block, kind=kind, target=UUID(name))
    except ValueError:
        return Reference(block=block, kind=kind, target=None)


def _read_text(content: Node, block: str, found: Parts) -> None:
    for node in walk(content):
        match node["type"]:
            case "heading":
                found.headings.append(Heading(block=block, level=attribute(node, "level"), words=_words(children_of(node))))
            case "image":
                found.pictures.append(Picture(block=block, alt=attribute(node, "alt", "")))
                found.references.append(named(block, "file", attribute(node, "file", "")))
            case "table":
                found.tables.append(Table(block=block, headed=any(cell["type"] == "tableHeader" for cell in walk(node))))
            case _:
                pass
        found.links += _links(children_of(node), block)


def _links(inline: list[Node], block: str) -> Iterator[LinkPart]:
    """The links of one line of text. Neighbours with one address are one link, whatever else they are marked with."""
    for address, same in groupby(inline, key=_address):
        if address:
            nodes = list(same)
            yield LinkPart(block=block, address=address, words=_words(nodes), pictured=any(node["type"] == "image" for node in nodes))


def _address(node: Node) -> str:
    marks: list[Node] = node.get("marks") or []
    return next((attribute(mark, "href", "") for mark in marks if mark["type"] == "link"), "")


def _words(nodes: list[Node]) -> str:
    inside = [attribute(node, "alt", "") if node["type"] == "image" else attribute(node, "tex", "") or node.get("text", " ") for node in nodes]
    return " ".join("".join(inside).split())


def _led_to(block: str, address: str) -> Iterator[Reference]:
    if address.startswith(FILE_SCHEME):
        yield named(block, "file", address.removeprefix(FILE_SCHEME))
    elif address.startswith(PAGE_SCHEME):
        yield named(block, "page", address.removeprefix(PAGE_SCHEME).partition("#")[0])


class _Html(HTMLParser):
    """Reads sanitised HTML, in which every element is closed in order."""

    def __init__(self, block: str, found: Parts) -> None:
        super().__init__(convert_charrefs=True)
        self.block = block
        self.found = found
        self.heading: tuple[int, list[str]] | None = None
        self.link: tuple[str, list[str]] | None = None
        self.pictured = False
        self.tables: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found.references += _led_to(self.block, given.get("src", ""))
        if tag in HEADINGS:
            self.heading = (HEADINGS[tag], [])
        elif tag == "img":
            # An empty description is HTML's way to say that there is nothing to describe.
            self.found.pictures.append(Picture(block=self.block, alt=given.get("alt", ""), silent=given.get("alt") == ""))
            self._say(given.get("alt", ""))
            self.pictured = True
        elif tag == "a" and given.get("href"):
            self.link, self.pictured = (given["href"], []), False
        elif tag == "table":
            self.tables.append(False)
        elif tag == "th" and self.tables:
            self.tables[-1] = True

    def handle_data(self, data: str) -> None:
        self._say(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in HEADINGS and self.heading is not None:
            level, words = self.heading
            self.found.headings.append(Heading(block=self.block, level=level, words=" ".join("".join(words).split())))
            self.heading = None
        elif tag == "a" and self.link is not None:
            address, words = self.link
            self.found.links.append(LinkPart(block=self.block, address=address, words=" ".join("".join(words).split()), pictured=self.pictured))
            self.link = None
        elif tag == "table" and self.tables:
            self.found.tables.append(Table(block=self.block, headed=self.tables.pop()))

    def _say(self, words: str) -> None:
        for open_element in (self.heading, self.link):
            if open_element is not None:
                open_element[1].append(words)
