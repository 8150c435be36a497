"""The faces that set a certificate's text: which face has which character, and how HarfBuzz and reportlab see the same glyph.

The fonts are static TrueType, packed with xz, in `fonts/` (made by `bin/build_fonts.py`); each is opened when a text first needs it.
"""
# pyright: reportAttributeAccessIssue=false
# reportlab and uharfbuzz come without types.

import io
import lzma
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FOLDER = Path(__file__).parent / "fonts"
CUTS = ("Display", "Title", "Text")
"""The three cuts of our serif: names, headings, and everything small. They hold Latin, Greek and Cyrillic."""

WIDE = "Wide"
"""Latin, Greek and Cyrillic again, for the letters that our serif lacks: rare diacritics, polytonic Greek."""

EAST_ASIAN = "EastAsian"
FIRST_EAST_ASIAN = 0x2E80

_EAST_ASIAN_SCRIPTS = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "KATAKANA-HIRAGANA")
_OWN_FONT = (
    *("ARMENIAN", "BENGALI", "DEVANAGARI", "ETHIOPIC", "GEORGIAN", "GUJARATI", "GURMUKHI", "HEBREW", "KANNADA", "KHMER", "LAO"),
    *("MALAYALAM", "MYANMAR", "SINHALA", "TAMIL", "TELUGU", "THAI", "ARABIC"),
)
_SCRIPTS_OF_OUR_SERIF = ("LATIN", "GREEK", "CYRILLIC")

_SCALE = {"Arabic": 1.12, "Hebrew": 1.04, "EastAsian": 0.93, "Ethiopic": 0.95}
"""Sizes at which a face looks as large as our serif."""

_LEADING = {"Display": 1.16, "Title": 1.2, "Text": 1.32, "Wide": 1.25, "Hebrew": 1.25, "EastAsian": 1.28, "Armenian": 1.25, "Georgian": 1.3}
_LEADING_OF_TALL_SCRIPTS = 1.55
_PRIVATE_USE = range(0xE000, 0xF900)


class GlyphFont(TTFont):
    """A TrueType font of reportlab whose glyphs say, in a document, the characters that they stood for there.

    reportlab writes one character for each glyph. A ligature says several, and a contextual form says that of its plain letter.
    """

    def __init__(self, name: str, file: io.BytesIO) -> None:
        super().__init__(name, file, asciiReadable=False, shapable=True)
        self._said: WeakKeyDictionary[object, dict[int, str]] = WeakKeyDictionary()

    def say(self, canvas: Canvas, char: str, text: str) -> None:
        """Remember what a glyph stands for in the canvas's document; the first word holds."""
        if text:
            self._said.setdefault(canvas._doc, {}).setdefault(ord(char), text)

    def addObjects(self, doc: Any) -> None:
        """Write the font, then put what was said into its `ToUnicode` tables."""
        said = self._said.pop(doc, {})
        subsets = self.state[doc].subsets
        super().addObjects(doc)
        own = f"+{self.face.name.decode()}"
        tables = [stream for key, stream in doc.idToObject.items() if key.startswith("toUnicodeCMap:") and key.endswith(own)]
        for table, subset in zip(tables, subsets, strict=True):
            for place, code in enumerate(subset):
                plain = f"<{place:02X}> <{code:04X}>"
                text = said.get(code)
                if text is not None:
                    table.content = table.content.replace(plain, f"<{place:02X}> <{text.encode('utf-16-be').hex()}>", 1)


@dataclass(frozen=True, eq=False)
class Face:
    """A font, opened for shaping and for drawing."""

    name: str
    scale: float
    leading: float
    """Distance between base lines in ems."""

    shaper: uharfbuzz.Font
    drawer: GlyphFont
    glyph_chars: dict[int, str]
    """For every glyph, the character by which reportlab knows it."""

    def covers(self, cluster: str) -> bool:
        """Whether every visible character of the cluster has a glyph here."""
        cmap = self.drawer.face.charToGlyph
        return all(ord(char) in cmap or is_ignorable(char) for char in cluster)

    def nominal(self, char: str) -> float:
        """The advance that reportlab will write for this glyph, in thousandths of an em."""
        return self.drawer.face.charWidths[ord(char)]


@lru_cache
def open_face(name: str) -> Face:
    """The face of this name; opened once per process.

    reportlab addresses glyphs by characters, HarfBuzz by numbers, and ligatures and contextual forms have no character. They get one of the
    private use area here, all at once and in order of glyph number. (reportlab's own `shapeStr` hands them out as they come, so that a file
    would depend on the files drawn before it.)
    """
    data = lzma.decompress((FOLDER / f"{name}.ttf.xz").read_bytes())
    drawer = GlyphFont(f"Lyceum-{name}", io.BytesIO(data))
    pdfmetrics.registerFont(drawer)
    shaper_face = uharfbuzz.Face(data)
    shaper = uharfbuzz.Font(shaper_face)
    table = drawer.face
    known = {glyph: min(codes) for glyph, codes in table.glyphToChar.items()}
    free = (code for code in _PRIVATE_USE if code not in table.charToGlyph)
    for glyph in range(shaper_face.glyph_count):
        if glyph not in known:
            code = next(free)
            known[glyph] = code
            table.charToGlyph[code] = glyph
            table.charWidths[code] = shaper.get_glyph_h_advance(glyph)
    return Face(
        name=name,
        scale=_SCALE.get(name, 1.0),
        leading=_LEADING.get(name, _LEADING_OF_TALL_SCRIPTS),
        shaper=shaper,
        drawer=drawer,
        glyph_chars={glyph: chr(code) for glyph, code in known.items()},
    )


def script_of(char: str) -> str:
    """The script of a character by the first word of its Unicode name; empty for what belongs to every script.

    The standard library has no script property; among letters the first word of the name is the script.
    """
    if unicodedata.category(char)[0] == "L":
        first = unicodedata.name(char, "UNNAMED").split()[0]
        return {"MODIFIER": "", "FEMININE": "LATIN", "MASCULINE": "LATIN", "MICRO": "GREEK", "OHM": "GREEK", "KELVIN": "LATIN"}.get(first, first)
    first = unicodedata.name(char, "").split(" ")[0]
    return first if first in _OWN_FONT or first in _EAST_ASIAN_SCRIPTS else ""


def kind_of(char: str) -> str:
    """What may be logged about a character that no font has: its script, or that it is a symbol. Never the character."""
    category = unicodedata.category(char)
    if category[0] == "L":
        return script_of(char).lower() or "letter"
    return {"S": "symbol", "P": "punctuation", "N": "number", "M": "mark", "Z": "space"}.get(category[0], "unassigned or private use")


def candidates(script: str, cut: str) -> tuple[str, ...]:
    """The names of the faces that may hold letters of this script, best first."""
    if script in _OWN_FONT:
        return (script.capitalize(),)
    if script in _EAST_ASIAN_SCRIPTS:
        return (EAST_ASIAN,)
    if script in _SCRIPTS_OF_OUR_SERIF:
        return (cut, WIDE)
    return ()


def is_ignorable(char: str) -> bool:
    """Whether a character only steers its neighbours and needs no glyph: joiners, direction marks, variation selectors."""
    return unicodedata.category(char) == "Cf" or "\ufe00" <= char <= "\ufe0f" or char == "\u034f"
