"""TeX to MathML. What cannot be read is shown as the TeX it is."""

import re
from functools import lru_cache
from html import escape
from typing import Final
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element  # pyright: ignore[reportUnknownVariableType]

from lms_app.domain.content.tags import MATHML_ATTRIBUTES, MATHML_TAGS

_ENVIRONMENTS: Final = {"aligned": "split", "gathered": "split", "align": "split", "align*": "split", "eqnarray": "split", "dcases": "cases"}
_ENVIRONMENT = re.compile(r"\\(begin|end)\{(aligned|gathered|align\*?|eqnarray|dcases)\}")
_WRAPPER = re.compile(r"\\(?:begin|end)\{(?:equation\*?|displaymath|math)\}|\\(?:nonumber|notag)\b|\\label\{[^{}]*\}")


@lru_cache(maxsize=4096)
def mathml(tex: str, *, display: bool = False) -> str:
    """The MathML of TeX, with the TeX as its `alttext`; a `<code class="ly-tex">` holding the TeX where it cannot be read."""
    shown = "block" if display else "inline"
    try:
        element: Element = convert_to_element(_plain_tex(tex), display=shown)
        inside = "".join(_written(child, 0) for child in element)
    except Exception:
        # The converter fails in many ways (its own errors, IndexError, KeyError, RecursionError) on TeX it cannot read.
        return f'<code class="ly-tex">{escape(tex)}</code>'
    return f'<math display="{shown}" alttext="{escape(tex)}">{inside}</math>'


def _plain_tex(tex: str) -> str:
    """The TeX with environments that the converter does not know replaced by those it does."""
    return _ENVIRONMENT.sub(lambda found: rf"\{found[1]}{{{_ENVIRONMENTS[found[2]]}}}", _WRAPPER.sub(" ", tex))


def _written(element: Element, depth: int) -> str:
    """The element as HTML. Unlike the converter's own writer this escapes all text and keeps known names only."""
    if depth > 200:
        raise RecursionError("formula nested too deeply")
    inside = escape(_characters(element.text or "")) + "".join(_written(child, depth + 1) for child in element)
    if element.tag not in MATHML_TAGS:
        return inside
    attributes = "".join(f' {name}="{escape(str(value))}"' for name, value in element.items() if name in MATHML_ATTRIBUTES)
    return f"<{element.tag}{attributes}>{inside}</{element.tag}>"


def _characters(text: str) -> str:
    """The converter writes operators as numeric references, in text that is still to be escaped."""
    return re.sub(r"&#x([0-9A-Fa-f]{1,6});", lambda found: chr(int(found[1], 16)) if int(found[1], 16) <= 0x10FFFF else "", text)
