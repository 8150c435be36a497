"""HTML as a tree: parsed whole or refused, written back, changed in place."""

import re
from collections.abc import Callable

import lxml.html
from lxml import etree

from lms_app.errors import Invalid

MAX_HTML = 2_000_000
MAX_DEPTH = 2000
"""The parser itself stops, silently, a little deeper."""
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML may hold: https://www.w3.org/TR/xml/#charsets."""
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,8})(?![0-9a-fA-F])|0*([0-9]{1,8})(?![0-9]));?")
_FRAME = re.compile(r"<(?:/?(?:html|head|body|frameset)\b|!doctype)[^>]*>?", re.IGNORECASE)
_PARSER = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)


def parse_html(html: str) -> etree._Element:
    """A `div` that holds the parsed HTML. Raises Invalid where it is too long or too deep to be read whole."""
    if len(html) > MAX_HTML:
        raise Invalid(f"This HTML is too long: the limit is {MAX_HTML:,} characters.")
    body = _parsed(_readable(html))
    depth = 0
    for event, _ in etree.iterwalk(body, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise Invalid("This HTML is nested too deeply.")
    return body


def _parsed(html: str) -> etree._Element:
    """The parser wants exactly one body, which a page in disorder need not have: then its frame is taken off."""
    try:
        return lxml.html.fragment_fromstring(html, create_parent="div", parser=_PARSER)
    except (AssertionError, etree.ParserError):
        pass
    try:
        return lxml.html.fragment_fromstring(_FRAME.sub("", html), create_parent="div", parser=_PARSER)
    except (AssertionError, etree.ParserError) as error:
        raise Invalid("This HTML is in a disorder that cannot be read.") from error


def inner_html(element: etree._Element, keep: Callable[[etree._Element], bool] = lambda element: True) -> str:
    """What an XML element holds, written as HTML, without the children that are not to be kept."""
    parts = [escaped(element.text)]
    for child in element:
        parts.append(etree.tostring(child, method="html", encoding="unicode", with_tail=False) if keep(child) else "")
        parts.append(escaped(child.tail))
    return "".join(parts)


def escaped(text: str | None) -> str:
    """The text as it stands in HTML."""
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _readable(html: str) -> str:
    """The text without what would make the parser drop the rest of it or refuse all."""
    return _REFERENCE.sub(_written, _UNWRITABLE.sub("", html.replace("\f", " ")))


def _written(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    # A space, for what is left on either side must not become a reference in its turn.
    return reference[0] if code <= 0x10FFFF and not _UNWRITABLE.match(chr(code)) else " "


def drop(element: etree._Element) -> None:
    """Takes an element out, with what it holds and without what follows it."""
    parent = element.getparent()
    if parent is None:
        return
    _keep_text(element, element.tail)
    parent.remove(element)


def unwrap(element: etree._Element) -> None:
    """Puts what an element holds in its place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    _keep_text(element, element.text)
    children = list(element)
    if children:
        children[-1].tail = (children[-1].tail or "") + (element.tail or "")
    else:
        _keep_text(element, element.tail)
    parent.remove(element)
    for offset, child in enumerate(children):
        parent.insert(at + offset, child)


def _keep_text(element: etree._Element, text: str | None) -> None:
    """Adds text where the element begins."""
    if not text:
        return
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + text
    elif parent is not None:
        parent.text = (parent.text or "") + text
