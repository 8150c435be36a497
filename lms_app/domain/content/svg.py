"""Drawings from elsewhere (SVG), made harmless: read as XML without entities, and written anew from an allow-list of elements and attributes.

What runs (scripts, handlers), what loads (references to anything but the drawing's own parts and raster pictures inside it) and what holds other
languages (foreignObject, metadata) is not in the list, so it is not in what is written.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from lms_app.domain.content.svg_names import ATTRIBUTES, ELEMENTS
from lms_app.errors import Invalid

MAX_SVG: Final = 4 << 20
MAX_DEPTH: Final = 100
MAX_ELEMENTS: Final = 100_000
MAX_DRAWN: Final = 200_000
"""Elements that are drawn once every `use` is followed: a few that use one another in rows would keep a browser busy for years."""

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_XML: Final = "http://www.w3.org/XML/1998/namespace"

_MOVING: Final = frozenset({"animate", "animateTransform", "set"})
_SPOKEN: Final = frozenset({"aria-label", "aria-roledescription"})
_PART: Final = re.compile(r"#[^\s\"'<>()\\]{1,200}")
_DATA: Final = re.compile(r"data:image/(?:png|jpeg|jpg|gif|webp);base64,([A-Za-z0-9+/=\s]+)")
_URL: Final = re.compile(r"url\s*\(\s*(?P<quote>[\"']?)\s*#[^\s\"'<>()\\]{1,200}\s*(?P=quote)\s*\)", re.I)
_LOADS: Final = re.compile(
    r"(?:url|image|image-set|src|expression|element)\s*\(|-moz-binding|://|data:|behavior\s*:|javascript:|@|\\|<",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.S)
_LENGTH: Final = re.compile(r"\s*(\d{1,6}(?:\.\d{0,6})?)(?:px)?\s*")


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A harmless SVG, with the size that it asks for in pixels where it does."""

    data: bytes
    width: int | None
    height: int | None


def harmless_svg(source: bytes) -> Drawing:
    """The drawing with nothing in it that runs or loads. Raises Invalid for what is no SVG, declares entities, or is too large to be drawn."""
    if len(source) > MAX_SVG:
        raise Invalid(f"This SVG is too large: the limit is {MAX_SVG >> 20} MB. Save it as PNG.")
    try:
        root: Element = fromstring(source, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise Invalid("This SVG declares entities, which can hide anything. Save it as plain SVG, then upload it again.") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Invalid("This SVG is damaged: it is not well-formed XML. Save it anew, then upload it again.") from error
    if _name(root) != "svg":
        raise Invalid("This is not an SVG drawing.")
    _check_size(root)
    _check_uses(root)
    written = "".join(_written(root))
    width, height = _size(root)
    return Drawing(data=f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'.encode(), width=width, height=height)


def _name(element: Element) -> str:
    """The name of an SVG element that may stay; empty for every other. A drawing that names no namespace means SVG."""
    space, _, name = element.tag[1:].partition("}") if element.tag.startswith("{") else (_SVG, "", element.tag)
    return name if space == _SVG and name in ELEMENTS else ""


def _check_size(root: Element) -> None:
    level, count = [root], 0
    for _ in range(MAX_DEPTH):
        count += len(level)
        level = [child for element in level for child in element]
        if not level:
            break
    if level or count > MAX_ELEMENTS:
        raise Invalid("This SVG is too complex to be drawn. Save it as PNG.")


def _check_uses(root: Element) -> None:
    """Counts what is drawn when every `use` is followed."""
    parts = {found: element for element in root.iter() if (found := element.get("id"))}
    drawn: dict[int, int] = {}
    under_way: set[int] = set()

    def count(element: Element) -> int:
        key = id(element)
        if key in drawn:
            return drawn[key]
        if key in under_way:
            raise Invalid("A part of this SVG uses itself. Save it as PNG.")
        under_way.add(key)
        total = 1 + sum(count(child) for child in element)
        if _name(element) == "use" and (target := parts.get((_reference(element) or "#")[1:])) is not None:
            total += count(target)
        under_way.discard(key)
        drawn[key] = min(total, MAX_DRAWN + 1)
        return drawn[key]

    # A chain of `use` can be deeper than the tree.
    try:
        total = count(root)
    except RecursionError:
        total = MAX_DRAWN + 1
    if total > MAX_DRAWN:
        raise Invalid("This SVG is too complex to be drawn. Save it as PNG.")


def _written(element: Element, *, is_root: bool = True) -> Iterator[str]:
    name = _name(element)
    if not name or not _may_stay(element, name):
        return
    # A link in a picture leads nowhere; what it holds is drawn.
    tag = "g" if name == "a" else name
    space = f" xmlns={quoteattr(_SVG)}" if is_root else ""
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in _attributes(element, name))
    inside = _inside(element, name)
    yield f"<{tag}{space}{attributes}>{''.join(inside)}</{tag}>"


def _inside(element: Element, name: str) -> Iterator[str]:
    if name == "style":
        yield escape(_safe_css("".join(element.itertext())) or "")
        return
    yield escape(element.text or "")
    for child in element:
        yield from _written(child, is_root=False)
        yield escape(child.tail or "")


def _may_stay(element: Element, name: str) -> bool:
    if name == "style":
        return _safe_css("".join(element.itertext())) is not None
    if name in _MOVING:
        moved = element.get("attributeName", "")
        return moved in ATTRIBUTES and moved not in {"style", "class", "id"}
    # What is drawn from elsewhere is not drawn.
    return name not in {"use", "image", "mpath"} or _reference(element) is not None


def _attributes(element: Element, name: str) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        if key == f"{{{_XML}}}space":
            yield "xml:space", value
        elif key == f"{{{_XML}}}lang":
            yield "lang", value
        elif key in _SPOKEN:
            yield key, value
        elif key in ATTRIBUTES and (safe := _safe_css(value)) is not None:
            yield key, safe
    if name != "a" and (reference := _reference(element)) is not None:
        yield "href", reference


def _reference(element: Element) -> str | None:
    """What an element refers to, if it may: a part of the drawing, or for a picture a raster one that lies inside."""
    value = (element.get("href") or element.get(f"{{{_XLINK}}}href") or "").strip()
    if _name(element) == "image":
        found = _DATA.fullmatch(value)
        try:
            return value if found and base64.b64decode("".join(found[1].split()), validate=True) else None
        except binascii.Error:
            return None
    return value if _PART.fullmatch(value) else None


def _safe_css(text: str) -> str | None:
    """A style, or the value of any attribute, if nothing in it loads or runs; else None. Comments go."""
    text = _COMMENT.sub(" ", text)
    return None if _LOADS.search(_URL.sub("", text)) else text


def _size(root: Element) -> tuple[int | None, int | None]:
    """The sides in pixels: as said, or else those of the view box."""
    found = [_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
    if all(found):
        width, height = (float(each[1]) for each in found if each)
    else:
        box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
        try:
            width, height = float(box[2]), float(box[3])
        except (IndexError, ValueError):
            return None, None
    return (round(width), round(height)) if 0.5 <= width < 1e6 and 0.5 <= height < 1e6 else (None, None)
