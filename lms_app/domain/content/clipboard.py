"""HTML of a clipboard, as Word, Google Docs and LibreOffice write it: what their markings mean is said in plain HTML, then it is read as any other.

They say by style sheets what HTML has elements for: bold is a `font-weight`, and in Word an item of a list is a paragraph with `mso-list` in its
style and its bullet in a span that is to be ignored.
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import lxml.html
from lxml import etree

from lms_app.domain.content.html_reading import read_html
from lms_app.domain.content.rich_text_schema import Node, children_of, paragraph
from lms_app.domain.content.sanitising import bounded

Element = Any
"""An element of lxml, whose class is private."""

DEEPEST_LIST: Final = 9

_FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*?)<!--\s*EndFragment\s*-->", re.DOTALL)
_DECLARATION = re.compile(r"<!(?:--)?\[(?:if|endif)[^>]*>", re.IGNORECASE)
_PROPERTY = re.compile(r"([a-z-]+)\s*:\s*([^;]*)", re.IGNORECASE)
_LEVEL = re.compile(r"\blevel(\d{1,2})\b", re.IGNORECASE)
_NUMBER = re.compile(r"\(?(?:\d+|[A-Za-z]|[ivxlcdm]+)[.)]", re.IGNORECASE)
_HEADINGS: Final = {"msotitle": "h1", "msosubtitle": "h2"}
_BOLD: Final = frozenset({"bold", "bolder", "600", "700", "800", "900"})
_PARSER = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)


def nodes_of(html: str) -> list[Node]:
    """What HTML of a clipboard says, as nodes for the editor; none where it says nothing. Raises Invalid for what is too long or too deep."""
    found = _FRAGMENT.search(html)
    plain = bounded(_DECLARATION.sub("", found[1] if found else html).replace("\x00", ""))
    if not plain.strip():
        return []
    body = lxml.html.fragment_fromstring(plain.encode("utf-8", "ignore").decode("utf-8"), create_parent="div", parser=_PARSER)
    for element in list(body.iter("b", "strong")):
        if _styles(element).get("font-weight") in {"normal", "400"}:
            element.tag = "span"
    for empty in [element for element in body.iter() if element.tag == "o:p" and not (element.text or "").strip()]:
        empty.text = None
    _word_lists(body)
    for inner in list(body.iter("ul", "ol")):
        _into_item(inner)
    for element in list(body.iter()):
        _plain(element)
    content = children_of(read_html(etree.tostring(body, method="html", encoding="unicode")))
    return [] if content == [paragraph()] else content


def _styles(element: Element) -> dict[str, str]:
    return {name.lower(): value.strip().lower() for name, value in _PROPERTY.findall(element.get("style") or "")}


def _plain(element: Element) -> None:
    """Says in elements what an element says in its style."""
    heading = _HEADINGS.get((element.get("class") or "").lower())
    if heading and element.tag == "p":
        element.tag = heading
    if element.tag == "a":
        element.set("href", _direct(element.get("href") or ""))
    if element.tag not in {"span", "font"}:
        return
    styles = _styles(element)
    for tag in _marks(styles, in_link=any(above.tag == "a" for above in element.iterancestors()) or element.find(".//a") is not None):
        inside = etree.Element(tag)
        inside.text, element.text = element.text, None
        for child in list(element):
            inside.append(child)
        element.append(inside)


def _marks(styles: dict[str, str], *, in_link: bool) -> Iterator[str]:
    lines = f"{styles.get('text-decoration', '')} {styles.get('text-decoration-line', '')}"
    if styles.get("font-weight") in _BOLD:
        yield "b"
    if styles.get("font-style") in {"italic", "oblique"}:
        yield "i"
    if "underline" in lines and not in_link:
        yield "u"
    if "line-through" in lines:
        yield "s"
    if styles.get("vertical-align") in {"super", "sub"}:
        yield "sup" if styles["vertical-align"] == "super" else "sub"


def _direct(address: str) -> str:
    """Where a link of Google Docs leads, which it hides in an address of its own."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.hostname in {"www.google.com", "google.com"} and parts.path == "/url":
        return parse_qs(parts.query).get("q", [address])[0]
    return address


def _word_lists(body: Element) -> None:
    """Makes lists of Word's paragraphs that are items of one."""
    run: list[Element] = []
    for element in list(body.iter("p")):
        styles = _styles(element)
        if "mso-list" not in styles or not _LEVEL.search(styles["mso-list"]):
            continue
        if run and (run[-1].getnext() is not element or (run[-1].tail or "").strip()):
            _list_of(run)
            run = []
        run.append(element)
    if run:
        _list_of(run)


def _into_item(inner: Element) -> None:
    """Puts a list that stands in a list, not in one of its items, into the item before it."""
    outer, before = inner.getparent(), inner.getprevious()
    if outer is not None and outer.tag in {"ul", "ol"}:
        inner.tail = None
        (before if before is not None and before.tag == "li" else etree.SubElement(outer, "li")).append(inner)


def _list_of(items: list[Element]) -> None:
    """Replaces neighbouring items by a list, deeper ones by lists inside."""
    holder = etree.Element("div")
    items[0].addprevious(holder)
    opened: list[Element] = []
    for item in items:
        found = _LEVEL.search(_styles(item)["mso-list"])
        level = min(max(int(found[1]) if found else 1, 1), DEEPEST_LIST)
        tag = "ol" if _is_numbered(item) else "ul"
        del opened[level:]
        if len(opened) == level and opened[-1].tag != tag:
            opened.pop()
        while len(opened) < level:
            above = opened[-1][-1] if opened and len(opened[-1]) else opened[-1] if opened else holder
            opened.append(etree.SubElement(above, tag))
        entry = etree.SubElement(opened[-1], "li")
        holder.tail, item.tail = item.tail, None
        entry.append(item)


def _is_numbered(item: Element) -> bool:
    """Whether an item has a number, not a bullet; takes the number out of it."""
    numbered = False
    for span in list(item.iter("span")):
        if _styles(span).get("mso-list") == "ignore":
            numbered = _NUMBER.match("".join(span.itertext()).strip()) is not None
            span.drop_tree()
    return numbered
