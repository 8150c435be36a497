"""HTML as OLX courses hold it, made into blocks and rich text: addresses resolved, what ran removed, what framed turned into links."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from typing import Protocol

from lxml import etree

from lms_app.domain.content import rich_text
from lms_app.domain.content.document import document_of, new_block_id
from lms_app.domain.content.rich_text import RichText
from lms_app.domain.content.rich_text_schema import walk
from lms_app.domain.content.sanitising import clean
from lms_app.errors import Invalid
from lms_app.interchange.findings import Findings
from lms_app.interchange.html_frames import Frame, Media, link_frames, pieces_of
from lms_app.interchange.html_maths import spell_out_maths
from lms_app.interchange.html_tree import drop, inner_html, parse_html, unwrap
from lms_app.interchange.neutral import Block
from lms_app.interchange.xml import words

_WIDGET_TEXT = 200
_DROPPED = {"style", "link", "meta", "base", "title", "template", "head"}
_CONTROLS = {"button", "input", "select", "textarea", "datalist", "meter", "progress", "output"}
_UNWRAPPED = {"form", "fieldset", "legend", "label", "noscript", "center", "font", "body", "html"}
_FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data", "applet": "code"}
_PICTURE_DATA = re.compile(r"^data:image/(png|jpeg|gif|webp);base64,(?P<data>[A-Za-z0-9+/=\s]+)$")
_PLAIN_TAGS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br", "strong", "b", "em", "i", "u", "s",
    "sub", "sup", "a", "img", "table", "thead", "tbody", "tr", "th", "td", "div", "span", "section", "article",
}  # fmt: skip
_PLAIN_ATTRIBUTES = {
    ("ol", "start"), ("a", "href"), ("img", "src"), ("img", "alt"),
    ("td", "colspan"), ("td", "rowspan"), ("th", "colspan"), ("th", "rowspan"),
}  # fmt: skip
_SEEN_WITHOUT_TEXT = "self::img or self::video or self::audio or self::hr or self::math or self::table[.//td[normalize-space()]]"


class Links(Protocol):
    """Where the addresses of a source lead; see `olx_links.OlxLinks`."""

    def file(self, address: str, /) -> str | None: ...

    def has(self, name: str, /) -> bool: ...

    def missing(self, name: str, /) -> str: ...

    def target(self, address: str, /) -> str | None: ...

    def add(self, name: str, media_type: str, size: int, content: Callable[[], bytes], /) -> str: ...


class OlxHtml:
    """Turns HTML of one course, or one file of questions, into blocks."""

    def __init__(self, links: Links, findings: Findings) -> None:
        self._links = links
        self._findings = findings

    def blocks(self, html: str, place: str, title: str) -> list[Block]:
        """The HTML as blocks in order: rich text where that says all of it, else sanitised HTML; frames on their own become embeds."""
        try:
            return [block for block in self._blocks(html, place, title) if self._is_fit(block, place, title)]
        except Invalid as refusal:
            self._findings.leave_out("html", title, place, refusal.sentence)
            return []

    def text(self, html: str, place: str, title: str) -> RichText | None:
        """The HTML as rich text, None where it says nothing."""
        try:
            body = self._tidied(html, place, title)
            found = self._without_missing(rich_text.from_html(inner_html(body), tex_delimiters=True))
        except Invalid as refusal:
            self._findings.leave_out("html", title, place, refusal.sentence)
            return None
        return None if rich_text.is_empty(found) else found

    def file_name(self, address: str) -> str:
        """The asset that an address means, "" where there is none."""
        name = self._links.file(address)
        return name if name and self._links.has(name) else ""

    def _blocks(self, html: str, place: str, title: str) -> list[Block]:
        body = self._tidied(html, place, title)
        blocks: list[Block] = []
        for piece in pieces_of(body):
            if isinstance(piece, Frame):
                blocks.append(piece.block())
            elif isinstance(piece, Media):
                blocks.append(self._without_absent(piece.block()))
            elif found := self._block(piece):
                blocks.append(found)
        return blocks

    def _is_fit(self, block: Block, place: str, title: str) -> bool:
        """Whether a page can hold what was made of a frame or a film: its address may be none. What is not is noted."""
        if block["type"] not in ("rich_text", "html") and (fault := fault_of(block)):
            self._findings.leave_out(block["type"], title, place, fault)
            return False
        return True

    def _without_absent(self, block: Block) -> Block:
        """The block with the names of absent files left out, which is how a block says that its file is missing."""
        captions = [one for one in block.get("captions", []) if self._links.has(one["file"])]
        more = {"captions": captions} if "captions" in block else {}
        return {**block, "file": block["file"] if self._links.has(block["file"]) else "", **more}

    def _block(self, body: etree._Element) -> Block | None:
        link_frames(body)
        if not _is_seen(body):
            return None
        source = inner_html(body)
        if _is_plain(clean(source)):
            content = self._without_missing(rich_text.from_html(source, tex_delimiters=True))
            return None if rich_text.is_empty(content) else {"id": new_block_id(), "type": "rich_text", "content": content}
        spell_out_maths(body)
        return {"id": new_block_id(), "type": "html", "html": clean(inner_html(body))}

    def _tidied(self, html: str, place: str, title: str) -> etree._Element:
        """A parsed `div` of the HTML with its addresses resolved and without what cannot live here."""
        body = parse_html(html)
        had_controls = self._remove(body)
        anchors = {str(link.get("href"))[1:] for link in body.iter("a") if str(link.get("href")).startswith("#")}
        for element in body.iter(etree.Element):
            if "id" in element.attrib and element.get("id") not in anchors:
                del element.attrib["id"]
            self._resolve(element, place, title)
        if had_controls and _is_widget(body):
            self._findings.leave_out("html", title, place, "Its buttons or fields need a script of the old platform.")
            return parse_html("")
        return body

    def _remove(self, body: etree._Element) -> bool:
        had_controls = False
        for element in list(body.iter(etree.Element)):
            tag = str(element.tag).lower()
            if tag == "script":
                self._findings.removed_scripts += 1
            if tag in _CONTROLS:
                had_controls = True
            if tag == "script" or tag in _DROPPED or tag in _CONTROLS:
                drop(element)
            elif tag in _UNWRAPPED and element is not body:
                unwrap(element)
        return had_controls

    def _resolve(self, element: etree._Element, place: str, title: str) -> None:
        tag = str(element.tag).lower()
        for name in [name for name in map(str, element.attrib) if name.startswith("on") or name in ("srcset", "style", "class")]:
            del element.attrib[name]
        if tag == "a" and "href" in element.attrib:
            self._resolve_link(element, place)
        elif tag in ("img", "source", "audio", "video", "track") and "src" in element.attrib:
            self._resolve_source(element, place)
        elif tag in _FRAMES:
            self._resolve_frame(element, _FRAMES[tag], place, title)

    def _resolve_link(self, element: etree._Element, place: str) -> None:
        address = str(element.get("href")).strip()
        target = self._links.target(address)
        if target is not None:
            element.set("href", target)
            return
        del element.attrib["href"]
        if address and not address.lower().startswith(("javascript:", "vbscript:", "data:")):
            self._findings.leave_out("link", words(element) or address, place, f"It led to {address[:200]}, which is not part of the course.")

    def _resolve_source(self, element: etree._Element, place: str) -> None:
        address = str(element.get("src")).strip()
        if name := self._links.file(address):
            element.set("src", f"file:{name}")
        elif picture := _PICTURE_DATA.match(address):
            element.set("src", f"file:{self._stored_picture(picture[1], picture['data'])}")
        elif address.startswith(("http://", "https://", "//")):
            address = f"https:{address}" if address.startswith("//") else address
            alt = element.get("alt") or address.rsplit("/", 1)[-1]
            self._findings.leave_out(str(element.tag), alt, place, "It lies on another server and is shown as a link.")
            tail = element.tail
            element.clear()
            element.tag, element.text, element.tail = "a", alt, tail
            element.set("href", address)
        elif address:
            element.set("src", f"file:{self._links.missing(address.rsplit('/', 1)[-1])}")

    def _resolve_frame(self, element: etree._Element, attribute: str, place: str, title: str) -> None:
        address = str(element.get(attribute) or "").strip()
        address = f"https:{address}" if address.startswith("//") else address
        name = self._links.file(address)
        target = f"file:{name}" if name else address if address.startswith(("http://", "https://")) else ""
        shown = str(element.get("title") or "").strip() or title or target
        if not target.startswith("http"):
            is_here = name is not None and self._links.has(name)
            reason = "It is shown as a link to the file." if is_here else "The page that it frames is not in the archive."
            self._findings.leave_out(str(element.tag), shown, place, reason)
        tail = element.tail
        element.clear()
        element.tag, element.tail = "iframe", tail
        element.set("src", target)
        element.set("title", shown)

    def _stored_picture(self, ending: str, data: str) -> str:
        """A picture that was written into the page itself, as a file."""
        try:
            content = base64.b64decode(data)
        except binascii.Error:
            content = b""
        name = f"picture-{hashlib.sha256(content).hexdigest()[:12]}.{'jpg' if ending == 'jpeg' else ending}"
        return self._links.add(name, f"image/{ending}", len(content), lambda: content)

    def _without_missing(self, doc: RichText) -> RichText:
        """The rich text with the names of absent pictures left out: "" is how rich text says that a file is missing."""
        for node in walk(doc):
            if node["type"] == "image" and not self._links.has(node["attrs"]["file"]):
                node["attrs"]["file"] = ""
        return doc


def fault_of(block: Block) -> str:
    """Why a page cannot hold a block, "" where it can."""
    try:
        document_of([block])
    except Invalid as refusal:
        return refusal.sentence
    return ""


def _is_widget(body: etree._Element) -> bool:
    """Whether little but controls stood here, so that what is left makes no sense."""
    return len(words(body)) <= _WIDGET_TEXT and not body.xpath("boolean(.//img | .//a[@href] | .//iframe | .//table | .//video | .//audio | .//li)")


def _is_seen(body: etree._Element) -> bool:
    return bool(words(body)) or bool(body.xpath(f"boolean(.//*[{_SEEN_WITHOUT_TEXT}])"))


def _is_plain(html: str) -> bool:
    """Whether rich text can say everything in sanitised HTML."""
    for element in parse_html(html).iterdescendants(etree.Element):
        tag = str(element.tag)
        if tag not in _PLAIN_TAGS or any((tag, name) not in _PLAIN_ATTRIBUTES for name in element.attrib):
            return False
    return True
