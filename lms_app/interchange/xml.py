"""Reading XML that a stranger wrote: no document types, so no entities; nothing fetched; bounded in size and depth."""

import html
import re

from lxml import etree

from lms_app.errors import Invalid

MAX_BYTES = 16 << 20
MAX_DEPTH = 100
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_DECLARED_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252", "utf-16"}


class NotWellFormed(Invalid):
    """The text is not XML. A reader may report the part and go on without it."""

    slug = "not-well-formed"


def parse_xml(source: bytes, name: str) -> etree._Element:
    """The root element. `name` is what the refusal calls the file: NotWellFormed where it is no XML, Invalid where it is dangerous."""
    if len(source) > MAX_BYTES:
        raise Invalid(f"{name} is too large to be read: more than {MAX_BYTES >> 20} MB.")
    text = _without_declaration(_decoded(source, name))
    if _has_document_type(text):
        raise Invalid(f"{name} declares a document type, which can hide entities, so the archive was refused.")
    try:
        root = _parse(text)
    except etree.XMLSyntaxError:
        try:
            root = _parse(_NAMED_ENTITY.sub(_spelled_out, text))
        except etree.XMLSyntaxError as error:
            raise NotWellFormed(f"{name} is not well-formed XML ({error.msg}).") from error
    _check_depth(root, name)
    return root


def words(element: etree._Element) -> str:
    """All text in an element, with single spaces."""
    return " ".join(str(element.xpath("string()")).split())


def _parse(text: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)


def _decoded(source: bytes, name: str) -> str:
    declared = _DECLARED_ENCODING.match(source)
    marked = [encoding for mark, encoding in _BYTE_ORDER_MARKS if source.startswith(mark)]
    encoding = marked[0] if marked else declared[1].decode().lower() if declared else "utf-8"
    if encoding.removesuffix("-sig") not in _ENCODINGS:
        raise Invalid(f"{name} is in an encoding that we do not read ({encoding}).")
    try:
        return source.decode(encoding)
    except UnicodeError as error:
        raise NotWellFormed(f"{name} is not written in {encoding.removesuffix('-sig')} as it says.") from error


def _without_declaration(text: str) -> str:
    text = text.lstrip()
    if text.startswith("<?xml") and (end := text.find("?>")) >= 0:
        return text[end + 2 :]
    return text


def _has_document_type(text: str) -> bool:
    """Whether a DOCTYPE stands before the root element, the only place where one may stand."""
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        closing = "-->" if text.startswith("<!--", at) else "?>" if text.startswith("<?", at) else ""
        if not closing:
            return text.startswith("<!", at)
        end = text.find(closing, at + 2)
        if end < 0:
            return False
        at = end + len(closing)


def _spelled_out(entity: re.Match[str]) -> str:
    """HTML's named characters, which authors use in XML though XML does not know them."""
    if entity[1] in _XML_ENTITIES:
        return entity[0]
    return html.unescape(entity[0])


def _check_depth(root: etree._Element, name: str) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise Invalid(f"{name} is nested too deep to be read.")
