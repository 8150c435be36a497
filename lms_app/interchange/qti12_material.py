"""What a QTI 1.2 item says of itself and shows: its facts, its texts and pictures."""

import re

from lxml import etree

from lms_app.interchange.html_tree import escaped
from lms_app.interchange.qti12_scoring import RESPONSES
from lms_app.interchange.qti_tree import children, html_of, words_in

_HTML = ("text/html", "text/xhtml", "html")
_TYPES = re.compile(r"^cc\.|\.v0p1$|_question$")


def metadata_of(item: etree._Element) -> dict[str, str]:
    """The labelled facts of an item."""
    return {words_in(found.find("fieldlabel")): words_in(found.find("fieldentry")) for found in item.iter("qtimetadatafield")}


def kind_of(item: etree._Element) -> str:
    """The kind that an item says it is of, in Canvas's or Common Cartridge's word without its trimmings, "" where it says none."""
    found = metadata_of(item)
    said = found.get("question_type") or found.get("cc_profile") or words_in(item.find(".//qmd_itemtype"))
    return _TYPES.sub("", _TYPES.sub("", said)).lower()


def material_html(holder: etree._Element) -> str:
    """The texts of an element in order as HTML."""
    return "".join(map(_material, [holder] if holder.tag == "material" else _own_materials(holder)))


def _own_materials(holder: etree._Element) -> list[etree._Element]:
    if holder.tag in RESPONSES:
        return list(holder.iterchildren("material"))
    return list(holder.iter("material"))


def texts_of(holder: etree._Element, marks: dict[str, str]) -> list[str]:
    """The texts of an element in order as HTML, where it asks the marks of its responses."""
    found: list[str] = []
    for child in children(holder):
        if child.tag == "material":
            found.append(_material(child))
        elif child.tag in RESPONSES:
            found.append(escaped(marks.get(child.get("ident") or "", "")))
        elif str(child.tag).startswith("flow") or child.tag == "presentation_material":
            found += texts_of(child, marks)
    return found


def _material(material: etree._Element) -> str:
    found: list[str] = []
    for part in children(material):
        match part.tag:
            case "mattext":
                if len(part):
                    found.append(html_of(part))
                elif (part.get("texttype") or "text/plain").lower() in _HTML:
                    found.append(part.text or "")
                else:
                    found.append(escaped(part.text))
            case "matemtext":
                found.append(f"<em>{escaped(part.text)}</em>")
            case "matimage":
                address = escaped(part.get("uri") or "").replace('"', "")
                found.append(f'<img src="{address}" alt="{escaped(part.get("label") or "").replace(chr(34), "")}">')
            case "matbreak":
                found.append("<br>")
            case "altmaterial":
                pass
            case _ if part.get("uri"):
                found.append(f'<a href="{escaped(part.get("uri")).replace(chr(34), "")}">{escaped(part.get("label") or part.get("uri"))}</a>')
    return "".join(found)


def mark_of(one: etree._Element, text: str) -> str:
    """The name of the gap in the text, in brackets there, that a response fills; "" where there is none."""
    ident = one.get("ident") or ""
    for name in (ident.removeprefix("response_"), ident, words_in(one.find("material"))):
        if name and f"[{name}]" in text:
            return name
    return ""
