"""Code coloured by Pygments, in classes `hl-…` whose colours are in `assets/code.css`."""

from functools import lru_cache
from html import escape
from typing import Final

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name  # pyright: ignore[reportUnknownVariableType]
from pygments.util import ClassNotFound

CLASS_PREFIX: Final = "hl-"
MAX_COLOURED: Final = 50_000
"""Longer code is shown uncoloured: some lexers take more than linear time."""


def coloured(text: str, language: str) -> str:
    """The code as HTML for the inside of `<pre><code>`; uncoloured where the language is not known."""
    lexer = _lexer(language) if language and len(text) <= MAX_COLOURED else None
    if lexer is None:
        return escape(text, quote=False)
    html: str = highlight(f"{text}\n", lexer, _FORMATTER)
    return html.removesuffix("\n")


def language_name(language: str) -> str:
    """How a reader calls the language, such as “C++” for `cpp`; the name given where it is not known."""
    lexer = _lexer(language) if language else None
    return str(lexer.name) if lexer else language


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


_FORMATTER: Final = HtmlFormatter[str](nowrap=True, classprefix=CLASS_PREFIX)
