"""What can be told of a page, or of a question's stem, from its document alone. Pure."""

import re
from collections.abc import Iterator
from uuid import UUID

from lms_app.domain.content.document import AudioBlock, Block, Document, EmbedBlock, FileBlock, HtmlBlock, QuizBlock, RichTextBlock, VideoBlock
from lms_app.domain.content.embeds import frame_address, host_name
from lms_app.domain.content.parts import Parts, parts_of
from lms_app.domain.content.plain_text import text_of
from lms_app.domain.content.rich_text import is_empty
from lms_app.domain.courses.health_rules import Finding, each_once, found
from lms_app.words import NodeKind

LONG = 800
"""Words from which a page needs headings."""

_WORD = re.compile(r"\w+")
_FILE_NAME = re.compile(r"[^\s/\\]+\.(?:jpe?g|png|gif|svg|webp|avif|bmp|tiff?|heic)", re.IGNORECASE)
_CAMERA_NAME = re.compile(r"(?:img|dsc|dscn|screenshot|image|picture|photo|scan|untitled)[-_ ]*\d*", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_LOCAL = re.compile(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)")
_SAY_NOTHING = frozenset(
    (
        "click", "click here", "click this", "here", "link", "this link", "the link", "this page", "page", "this", "more", "read more",
        "learn more", "see here", "go", "download", "website", "this website",
        "hier", "hier klicken", "klick hier", "mehr", "weiterlesen", "ici", "cliquez ici", "cliquer ici", "lire la suite", "plus",
        "aquí", "aqui", "haz clic aquí", "clique aqui", "más", "leer más", "qui", "clicca qui", "kliknij tutaj", "tutaj", "klik hier",
    )
)  # fmt: skip


def page_findings(document: Document, node: UUID, embed_hosts: frozenset[str]) -> list[Finding]:
    """What is to mend on a page."""
    return each_once([*_as_a_whole(document, node), *document_findings(document, NodeKind.PAGE, node, embed_hosts)])


def document_findings(document: Document, kind: NodeKind, node: UUID, embed_hosts: frozenset[str]) -> list[Finding]:
    """What is to mend in the blocks of a document, wherever it stands."""
    parts = parts_of(document)
    findings = [*_headings(parts, kind, node), *_pictures(parts, kind, node), *_links(parts, kind, node)]
    findings += [found("table_without_head", kind, node, table.block) for table in parts.tables if not table.headed]
    for block in document.blocks:
        findings += _block(block, kind, node, embed_hosts)
    return each_once(findings)


def says_nothing(document: Document) -> bool:
    """Whether there is nothing to read, see or do."""
    return not text_of(document).strip() and all(isinstance(block, RichTextBlock) and is_empty(block.content) for block in document.blocks)


def _as_a_whole(document: Document, node: UUID) -> Iterator[Finding]:
    if says_nothing(document):
        yield found("page_empty", NodeKind.PAGE, node)
    elif len(words := _WORD.findall(text_of(_read(document)))) >= LONG and not parts_of(document).headings:
        yield found("page_unparted", NodeKind.PAGE, node, words=f"{len(words):,}")


def _read(document: Document) -> Document:
    """What of a page is read from top to bottom: no transcripts, which open at the side."""
    return Document(blocks=[block for block in document.blocks if not isinstance(block, VideoBlock | QuizBlock)])


def _headings(parts: Parts, kind: NodeKind, node: UUID) -> Iterator[Finding]:
    # The highest level that is used is where a page begins, whatever it is called.
    before = min((heading.level for heading in parts.headings), default=1)
    for heading in parts.headings:
        if heading.level > before + 1:
            yield found("heading_skipped", kind, node, heading.block, words=heading.words, level=heading.level, before=before, wanted=before + 1)
        before = heading.level


def _pictures(parts: Parts, kind: NodeKind, node: UUID) -> Iterator[Finding]:
    for picture in parts.pictures:
        if picture.silent:
            continue
        alt = picture.alt.strip()
        if not alt:
            yield found("picture_without_description", kind, node, picture.block)
        elif _FILE_NAME.fullmatch(alt) or _CAMERA_NAME.fullmatch(alt):
            yield found("description_is_a_file_name", kind, node, picture.block, words=alt)


def _links(parts: Parts, kind: NodeKind, node: UUID) -> Iterator[Finding]:
    for link in parts.links:
        words = link.words.strip(" .…!:>»→").casefold()
        if words in _SAY_NOTHING or _BARE_ADDRESS.fullmatch(link.words):
            yield found("link_says_nothing", kind, node, link.block, words=link.words)
        if _is_unprotected(link.address):
            yield found("link_unprotected", kind, node, link.block, address=link.address)


def _block(block: Block, kind: NodeKind, node: UUID, embed_hosts: frozenset[str]) -> Iterator[Finding]:
    match block:
        case VideoBlock():
            name = f"The video “{block.title}”" if block.title else "A video"
            if not block.file and not block.url:
                yield found("address_missing", kind, node, block.id, what="video")
            if block.file and not block.captions:
                yield found("video_without_captions", kind, node, block.id, name=name)
            if not block.transcript.strip() and not (block.file and block.captions):
                yield found("video_without_transcript", kind, node, block.id, name=name)
            yield from _titled(block.title, "video", kind, node, block.id)
            yield from _outside(block.url, kind, node, block.id, embed_hosts)
        case AudioBlock():
            yield from _titled(block.title, "recording", kind, node, block.id)
        case FileBlock():
            yield from _titled(block.title, "file", kind, node, block.id)
        case EmbedBlock():
            if not block.url:
                yield found("address_missing", kind, node, block.id, what="frame")
            yield from _titled(block.title, "frame", kind, node, block.id)
            yield from _outside(block.url, kind, node, block.id, embed_hosts)
        case HtmlBlock():
            yield found("html_left_over", kind, node, block.id)
        case _:
            pass


def _titled(title: str, what: str, kind: NodeKind, node: UUID, block: str) -> Iterator[Finding]:
    if not title.strip():
        yield found("media_without_title", kind, node, block, what=what)


def _outside(address: str, kind: NodeKind, node: UUID, block: str, embed_hosts: frozenset[str]) -> Iterator[Finding]:
    if not address:
        return
    if frame_address(address, embed_hosts) is None:
        yield found("frame_not_allowed", kind, node, block, host=host_name(address))
    if _is_unprotected(address):
        yield found("link_unprotected", kind, node, block, address=address)


def _is_unprotected(address: str) -> bool:
    return address.startswith("http://") and not _LOCAL.match(address)
