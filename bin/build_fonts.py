"""Make the certificate's fonts: static TrueType, subset, renamed, compressed with xz.

Run it by hand when a font should change; the results are committed, so nothing here runs in the product.

    python bin/build_fonts.py SOURCES

SOURCES is a folder that holds, anywhere below it, the unpacked originals (all under the SIL Open Font License 1.1):
`SourceSerif4[opsz,wght].ttf` (PyPI: fontpkg-source-serif-4 4.4), `NotoSerif…-Regular.ttf` and `NotoNaskhArabic-Regular.ttf` (Debian:
fonts-noto-core 20201225), `NotoSerifCJK-Regular.ttc` (Debian: fonts-noto-cjk 20220127).

Every font gets a name of its own: the licence reserves the original names for unmodified fonts, and two fonts of one PostScript name are
taken for one another inside a PDF.
"""
# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0"]
# ///

import io
import lzma
import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).parent.parent / "lms_app" / "adapters" / "fonts"
CURVE_ERROR = 2.0
"""How far a Chinese outline may stray when cubic curves become quadratic, in thousandths of the em: 0.03 mm at 42 points."""

LATIN_GREEK_CYRILLIC = [
    (0x0020, 0x052F),
    (0x1C80, 0x1C8F),
    (0x1D00, 0x1FFF),
    (0x2000, 0x206F),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2C60, 0x2C7F),
    (0x2DE0, 0x2DFF),
    (0xA640, 0xA69F),
    (0xA720, 0xA7FF),
    (0xAB30, 0xAB6F),
    (0xFB00, 0xFB06),
]
SOURCE_SERIF = "SourceSerif4[opsz,wght].ttf"
CUTS = {
    "Display": {"opsz": 60, "wght": 400},
    "Title": {"opsz": 30, "wght": 600},
    "Text": {"opsz": 10, "wght": 400},
}
SCRIPTS = {
    "Hebrew": "NotoSerifHebrew",
    "Arabic": "NotoNaskhArabic",
    "Devanagari": "NotoSerifDevanagari",
    "Armenian": "NotoSerifArmenian",
    "Bengali": "NotoSerifBengali",
    "Ethiopic": "NotoSerifEthiopic",
    "Georgian": "NotoSerifGeorgian",
    "Gujarati": "NotoSerifGujarati",
    "Gurmukhi": "NotoSerifGurmukhi",
    "Kannada": "NotoSerifKannada",
    "Khmer": "NotoSerifKhmer",
    "Lao": "NotoSerifLao",
    "Malayalam": "NotoSerifMalayalam",
    "Myanmar": "NotoSerifMyanmar",
    "Sinhala": "NotoSerifSinhala",
    "Tamil": "NotoSerifTamil",
    "Telugu": "NotoSerifTelugu",
    "Thai": "NotoSerifThai",
}
SHAPING = {"ccmp", "liga", "rlig", "calt", "clig", "locl", "kern", "mark", "mkmk", "curs", "init", "medi", "fina", "isol", "rclt"}
SHAPING |= {"nukt", "akhn", "rphf", "rkrf", "pref", "blwf", "half", "abvf", "pstf", "cfar", "vatu", "cjct"}
SHAPING |= {"pres", "abvs", "blws", "psts", "haln", "dist", "abvm", "blwm", "ljmo", "vjmo", "tjmo"}


def main(sources: Path) -> None:
    """Write every font and print its size."""
    for cut, place in CUTS.items():
        font = instantiateVariableFont(TTFont(original(sources, SOURCE_SERIF)), place)
        keep(font, spread(LATIN_GREEK_CYRILLIC), SHAPING)
        save(font, cut)
    fallback = TTFont(original(sources, "NotoSerif-Regular.ttf"))
    keep(fallback, spread(LATIN_GREEK_CYRILLIC), SHAPING)
    save(fallback, "Wide")
    for name, file in SCRIPTS.items():
        font = TTFont(original(sources, f"{file}-Regular.ttf"))
        keep(font, font.getBestCmap(), SHAPING)
        save(font, name)
    chinese = TTFont(original(sources, "NotoSerifCJK-Regular.ttc"), fontNumber=2)
    keep(chinese, east_asian(), set())
    to_quadratic(chinese)
    save(chinese, "EastAsian")


def original(sources: Path, name: str) -> Path:
    return next(path for path in sources.rglob("*.tt[cf]") if path.name == name)


def spread(ranges: Iterable[tuple[int, int]]) -> set[int]:
    return {code for first, last in ranges for code in range(first, last + 1)}


def east_asian() -> set[int]:
    """The characters of GBK (every ideograph of the basic block), Big5, JIS X 0208 and the 2,350 common Hangul syllables."""
    codes = spread([(0x3000, 0x30FF)])
    for charset, leads in (
        ("gbk", range(0x81, 0xFF)),
        ("big5", range(0xA1, 0xFA)),
        ("shift_jis", range(0x81, 0xF0)),
        ("euc_kr", range(0xA1, 0xFF)),
    ):
        for lead in leads:
            for trail in range(0x40, 0xFF):
                text = bytes([lead, trail]).decode(charset, "ignore")
                if len(text) == 1:
                    codes.add(ord(text))
    quotes_and_dots = {0xB7, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026}
    return {code for code in codes if code >= 0x2E80} | quotes_and_dots


def keep(font: TTFont, codes: Iterable[int], features: set[str]) -> None:
    """Cut the font down to these characters and shaping features, without hints."""
    options = subset.Options()
    options.layout_features = sorted(features)
    options.hinting = False
    options.desubroutinize = True
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = [0, 13, 14]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG", "STAT", "MVAR", "meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)


def to_quadratic(font: TTFont) -> None:
    """Redraw PostScript outlines as TrueType ones, which is all that reportlab can embed."""
    outlines = font.getGlyphSet()
    order = font.getGlyphOrder()
    glyf = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, CURVE_ERROR, reverse_direction=True))
        glyf[name] = pen.glyph()
    font["glyf"] = glyf
    font["loca"] = newTable("loca")
    del font["CFF "]
    font["head"].glyphDataFormat = 0
    font.sfntVersion = "\x00\x01\x00\x00"
    limits = font["maxp"]
    limits.tableVersion = 0x00010000
    limits.maxZones = 1
    for limit in (
        "TwilightPoints",
        "Storage",
        "FunctionDefs",
        "InstructionDefs",
        "StackElements",
        "SizeOfInstructions",
        "ComponentElements",
    ):
        setattr(limits, f"max{limit}", 0)


def save(font: TTFont, name: str) -> None:
    """Name the font after us, drop glyph names and write it."""
    family = f"Lyceum {name}"
    for number, text in ((1, family), (2, "Regular"), (3, family), (4, family), (6, f"Lyceum-{name}")):
        font["name"].setName(text, number, 3, 1, 0x409)
    font["post"].formatType = 3.0
    font.recalcTimestamp = False
    plain = io.BytesIO()
    font.save(plain)
    packed = lzma.compress(plain.getvalue(), preset=9 | lzma.PRESET_EXTREME)
    (FONTS / f"{name}.ttf.xz").write_bytes(packed)
    sys.stdout.write(f"{name:12} {font['maxp'].numGlyphs:6} glyphs {plain.tell():9} bytes, packed {len(packed):8}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
