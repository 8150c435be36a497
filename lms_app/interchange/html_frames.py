"""Frames in HTML: those that stand alone become blocks of their own, the others links."""

import re

from lxml import etree

from lms_app.domain.content.document import new_block_id
from lms_app.interchange.html_tree import drop, parse_html
from lms_app.interchange.neutral import Block
from lms_app.interchange.video_addresses import watch_address
from lms_app.interchange.xml import words

_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")


class Frame:
    """A page from elsewhere that stands on its own."""

    def __init__(self, address: str, title: str) -> None:
        self.address = address
        self.title = title

    def block(self) -> Block:
        """A video where the frame plays one, else an embed."""
        video = watch_address(self.address)
        if video:
            return {"id": new_block_id(), "type": "video", "url": video, "title": self.title}
        return {"id": new_block_id(), "type": "embed", "url": self.address, "title": self.title}


class Media:
    """A stored video, sound or captioned picture that stands on its own. Its addresses are resolved already: `file:…`."""

    def __init__(self, element: etree._Element, caption: str = "") -> None:
        self.element = element
        self.caption = caption

    def block(self) -> Block:
        """The block that it is."""
        element = self.element
        if element.tag == "img":
            return {"id": new_block_id(), "type": "image", "file": _file(element), "alt": element.get("alt") or "", "caption": self.caption}
        block: Block = {"id": new_block_id(), "type": str(element.tag), "file": _file(element), "title": element.get("title") or ""}
        if element.tag == "video":
            block["captions"] = [
                {"file": _file(track), "language": track.get("srclang") or "", "label": track.get("label") or ""}
                for track in element.iter("track")
                if _file(track) and _LANGUAGE.fullmatch(track.get("srclang") or "")
            ]
        return block


def pieces_of(body: etree._Element) -> list["etree._Element | Frame | Media"]:
    """The HTML cut at frames, videos, sounds and captioned pictures that stand alone between its outermost parts."""
    inner = body
    while len(inner) == 1 and not (inner.text or "").strip() and not (inner[0].tail or "").strip() and inner[0].tag in ("div", "p", "section"):
        inner = inner[0]
    lone = {index: found for index, child in enumerate(inner) if (found := _lone(child)) is not None}
    if not lone:
        return [body]
    pieces: list[etree._Element | Frame | Media] = []
    current = parse_html("")
    current.text = inner.text
    for index, child in enumerate(list(inner)):
        if index not in lone:
            current.append(child)
            continue
        pieces += [current, lone[index]]
        current = parse_html("")
        current.text = child.tail
    return [*pieces, current]


def _lone(element: etree._Element) -> "Frame | Media | None":
    frame = _lone_frame(element)
    return Frame(str(frame.get("src")), str(frame.get("title"))) if frame is not None else _lone_media(element)


def _lone_media(element: etree._Element) -> Media | None:
    """A video or sound with its file and nothing beside it, or a picture with a caption of plain words under it."""
    found = list(element.iter("video", "audio", "img", "iframe", "table", "a"))
    if len(found) != 1 or not _file(found[0]):
        return None
    caption = element.find("figcaption") if element.tag == "figure" else None
    if found[0].tag in ("video", "audio") and not words(element):
        return Media(found[0])
    if found[0].tag == "img" and caption is not None and words(caption) and words(element) == words(caption):
        return Media(found[0], words(caption)[:2000])
    return None


def _file(element: etree._Element) -> str:
    """The name of the stored file that an element shows, by itself or by its first source."""
    sources = [element.get("src"), *(inner.get("src") for inner in element.iter("source"))]
    return next((address.removeprefix("file:") for address in sources if address and address.startswith("file:")), "")


def _lone_frame(element: etree._Element) -> etree._Element | None:
    frames = [found for found in element.iter("iframe") if str(found.get("src")).startswith("http")]
    if len(frames) != 1 or words(element) or element.xpath("boolean(.//img | .//video | .//audio)"):
        return None
    return frames[0]


def link_frames(body: etree._Element) -> None:
    """Frames that stand in the middle of something become links in their place; empty ones go."""
    for frame in list(body.iter("iframe")):
        if not frame.get("src"):
            drop(frame)
            continue
        address, title, tail = str(frame.get("src")), str(frame.get("title")), frame.tail
        frame.clear()
        frame.tag, frame.text, frame.tail = "a", title, tail
        frame.set("href", address)
