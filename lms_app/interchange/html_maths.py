"""Maths in HTML: what is written for MathJax becomes MathML."""

import re
from collections.abc import Callable

from lxml import etree

from lms_app.domain.content.maths import mathml
from lms_app.interchange.html_tree import parse_html

_TEX = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\[mathjax(?:inline)?\](.+?)\[/mathjax(?:inline)?\]", re.DOTALL)
_AS_WRITTEN = {"pre", "code", "kbd", "samp", "tt", "math"}


def spell_out_maths(body: etree._Element) -> None:
    """TeX between the delimiters of MathJax becomes MathML, which sanitised HTML may hold."""
    for element in list(body.iter(etree.Element)):
        if any(str(above.tag) in _AS_WRITTEN for above in (element, *element.iterancestors())):
            continue
        _split_maths(element, element.text, lambda text, element=element: setattr(element, "text", text), element, 0)
        for child in list(element):
            _split_maths(child, child.tail, lambda text, child=child: setattr(child, "tail", text), element, element.index(child) + 1)


def _split_maths(owner: etree._Element, text: str | None, put: Callable[[str], None], parent: etree._Element, at: int) -> None:
    if not text or ("\\" not in text and "[mathjax" not in text):
        return
    found = list(_TEX.finditer(text))
    if not found:
        return
    put(text[: found[0].start()])
    for number, match in enumerate(found):
        tex = next(group for group in match.groups() if group)
        is_display = match[0].startswith(("\\[", "[mathjax]"))
        formula = parse_html(mathml(tex.strip(), display=is_display))[0]
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        formula.tail = text[match.end() : end]
        parent.insert(at + number, formula)
