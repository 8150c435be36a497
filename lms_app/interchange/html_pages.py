"""A whole HTML page of a package: what it is called, what it says of itself, and what stands in its body."""

import re
from dataclasses import dataclass, field

from lxml import etree

from lms_app.errors import Invalid
from lms_app.interchange.html_tree import MAX_HTML, drop, inner_html, parse_html
from lms_app.interchange.xml import words

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9_-]{1,40})""", re.IGNORECASE)
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "latin-1", "windows-1252", "utf-16"}
_DISPLAYED = re.compile(r"\$\$(.{1,5000}?)\$\$", re.DOTALL)
_AS_WRITTEN = {"pre", "code", "kbd", "samp", "tt", "script", "style", "math"}
_BODY = re.compile(r"<body\b[^>]*>(?P<inside>.*)", re.IGNORECASE | re.DOTALL)
_END = re.compile(r"</body\s*>(?:\s*</html\s*>)?\s*$", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^>]*>(?P<inside>.*?)</head\s*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class HtmlPage:
    """`body` is HTML with formulas between `\\(` and `\\)` or `\\[` and `\\]`; `says` the page's `meta` elements by name."""

    title: str
    body: str
    says: dict[str, str] = field(default_factory=dict)


def read_html_page(source: bytes, name: str) -> HtmlPage:
    """The page. Raises Invalid where it is too long or too deep to be read whole."""
    if len(source) > 4 * MAX_HTML:
        raise Invalid(f"{name} is too long to be read.")
    text = _decoded(source)
    head = _HEAD.search(text)
    title, says = _head(head["inside"] if head else "")
    body = _BODY.search(text)
    inside = _END.sub("", body["inside"]) if body else text[head.end() :] if head else text
    tree = parse_html(inside)
    _spell_equations(tree)
    return HtmlPage(title=title, body=inner_html(tree), says=says)


def _decoded(source: bytes) -> str:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.decode("utf-16", "replace")
    found = _CHARSET.search(source[:4096])
    declared = found[1].decode().lower() if found else "utf-8"
    return source.removeprefix(b"\xef\xbb\xbf").decode(declared if declared in _ENCODINGS else "utf-8", "replace")


def _head(inside: str) -> tuple[str, dict[str, str]]:
    if not inside.strip():
        return "", {}
    head = parse_html(inside[:200_000])
    title = head.find(".//title")
    said = {str(meta.get("name")): str(meta.get("content") or "")[:500] for meta in head.iter("meta") if meta.get("name")}
    return words(title) if title is not None else "", said


def _spell_equations(tree: etree._Element) -> None:
    """Formulas as they are written elsewhere: between two dollars, or as pictures of Canvas that say their TeX."""
    for picture in list(tree.iter("img")):
        tex = picture.get("data-equation-content") or ""
        if not tex and "equation_image" in (picture.get("class") or ""):
            tex = (picture.get("title") or "").strip()
        parent = picture.getparent()
        if tex and parent is not None:
            picture.tail = f"\\({tex}\\){picture.tail or ''}"
            drop(picture)
    for element in tree.iter(etree.Element):
        inside = any(str(above.tag) in _AS_WRITTEN for above in (element, *element.iterancestors()))
        if element.text and "$$" in element.text and not inside:
            element.text = _DISPLAYED.sub(_bracketed, element.text)
        if element.tail and "$$" in element.tail and not any(str(above.tag) in _AS_WRITTEN for above in element.iterancestors()):
            element.tail = _DISPLAYED.sub(_bracketed, element.tail)


def _bracketed(found: re.Match[str]) -> str:
    return f"\\[{found[1].strip()}\\]"
