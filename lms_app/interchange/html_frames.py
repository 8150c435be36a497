"""Frames in HTML: those that stand alone become blocks of their own, the others links."""

from lxml import etree

from lms_app.domain.content.document import new_block_id
from lms_app.interchange.html_tree import drop, parse_html
from lms_app.interchange.neutral import Block
from lms_app.interchange.video_addresses import watch_address
from lms_app.interchange.xml import words


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


def pieces_of(body: etree._Element) -> list["etree._Element | Frame"]:
    """The HTML cut at frames that stand alone between its outermost parts."""
    inner = body
    while len(inner) == 1 and not (inner.text or "").strip() and not (inner[0].tail or "").strip() and inner[0].tag in ("div", "p", "section"):
        inner = inner[0]
    lone = {index: frame for index, child in enumerate(inner) if (frame := _lone_frame(child)) is not None}
    if not lone:
        return [body]
    pieces: list[etree._Element | Frame] = []
    current = parse_html("")
    current.text = inner.text
    for index, child in enumerate(list(inner)):
        if index not in lone:
            current.append(child)
            continue
        pieces += [current, Frame(str(lone[index].get("src")), str(lone[index].get("title")))]
        current = parse_html("")
        current.text = child.tail
    return [*pieces, current]


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
