"""QTI in all its versions as one tree: names as QTI 2 writes them, without namespaces."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from lxml import etree

from lms_app.interchange.html_tree import drop, inner_html
from lms_app.interchange.xml import parse_xml, words

_DOCTYPE = re.compile(rb"<!DOCTYPE\s[^\[<>]{0,500}(?:\[(?P<inside>(?:<!--(?:[^-]|-(?!-)){0,2000}-->|[^\]]){0,20000}?)\]\s{0,20})?>")
_KEBAB = re.compile(r"-([a-z])")
_PICTURE = re.compile(r"image/|.*\.(?:png|jpe?g|gif|svg|webp)$", re.IGNORECASE)
_LARGEST = Decimal(10) ** 12


def read_tree(source: bytes, name: str) -> etree._Element:
    """The root of a QTI file. A document type that declares no entity is passed over. Raises Invalid or NotWellFormed."""
    found = _DOCTYPE.search(source[:30_000])
    if found and b"<!ENTITY" not in (found["inside"] or b"") and b"%" not in (found["inside"] or b""):
        source = source[: found.start()] + source[found.end() :]
    root = parse_xml(source, name)
    for element in root.iter(etree.Element):
        local = etree.QName(element).localname
        is_new = local.startswith("qti-")
        element.tag = _camel(local.removeprefix("qti-")) if is_new else local
        for attribute, value in list(element.attrib.items()):
            plain = etree.QName(attribute).localname
            plain = _camel(plain) if is_new and not plain.startswith(("data-", "aria-")) else plain
            if plain != attribute:
                del element.attrib[attribute]
                element.set(plain, value)
    etree.cleanup_namespaces(root)
    return root


def words_in(element: etree._Element | None) -> str:
    """All text in an element, with single spaces."""
    return words(element) if element is not None else ""


def number(text: str | None) -> Decimal | None:
    """The number that is written, None for what is none or is not to be reckoned with."""
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) <= _LARGEST and value.as_tuple().exponent >= -30 else None  # pyright: ignore[reportOperatorIssue]


def html_of(element: etree._Element | None, *without: str) -> str:
    """What an element holds as HTML, without children of these names anywhere in it; pictures as `img`."""
    if element is None:
        return ""
    copy = etree.fromstring(etree.tostring(element, with_tail=False), etree.XMLParser(resolve_entities=False, no_network=True))
    for inner in list(copy.iter(*without)) if without else []:
        drop(inner)
    for inner in list(copy.iter("object")):
        address = inner.get("data") or ""
        if _PICTURE.match(inner.get("type") or "") or _PICTURE.match(address):
            alt, tail = words_in(inner), inner.tail
            inner.clear()
            inner.tag, inner.tail = "img", tail
            inner.set("src", address)
            inner.set("alt", alt)
    return inner_html(copy)


def children(element: etree._Element) -> Iterator[etree._Element]:
    """The elements right inside."""
    return element.iterchildren(etree.Element)


def _camel(name: str) -> str:
    return _KEBAB.sub(lambda found: found[1].upper(), name)
