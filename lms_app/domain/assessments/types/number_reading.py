"""Reading a number the way people write it. Exact: a Fraction, never a float.

What is read:
- `12`, `-12`, `+12`, `12.5`, `12,5`, `.5`, `5.`: **one point or one comma is always the decimal separator**, so `1,234` is a little over one.
- Groups of three where they cannot be mistaken: `1 234 567`, `1'234'567` (any space, any apostrophe), `1,234.5`, `1.234,5`, `1,234,567`.
- `1.5e3`, `1.5E-3`, `1,5·10^3`, `1.5 × 10³`, `10^-3`; `1/3`, `2½`, `2 1/2`.
- Any Unicode minus or dash as sign, digits of any script, full-width forms.
- The question's unit, after or before the number.

All else is unreadable: other units, words, several numbers, exponents beyond 400.
"""

import re
import unicodedata
from fractions import Fraction

LONGEST = 100
LARGEST_EXPONENT = 400

_MINUS = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u066c\uff07]")
_TIMES = re.compile("[\u00d7\u00b7\u22c5\u2219\u2715*x]")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")

_PLAIN = re.compile(r"(\d+)(?:[.,](\d*))?|[.,](\d+)")
_GROUPED = re.compile(r"([1-9]\d{0,2}(?:([ '.,])\d{3})(?:\2\d{3})*)(?:([.,])(\d+))?")
_RATIO = re.compile(r"(?:(\d+) )?([\d.,]+) ?/ ?([\d.,]+)")
_SCIENTIFIC = re.compile(r"(.+?) ?(?:e| ?\u00d7 ?10(?:\^|\u00d7\u00d7)) ?([+-]?\d{1,4})", re.IGNORECASE)
_POWER = re.compile(r"10(?:\^|\u00d7\u00d7) ?([+-]?\d{1,4})")
_LONE_GROUP = re.compile(r"[+-]? ?[1-9]\d{0,2},\d{3}")


def read_number(text: str, unit: str = "") -> Fraction | None:
    """The number that the text says, or None where it cannot be read."""
    if len(text) > LONGEST:
        return None
    bare = _without_unit(_tidy(text), _tidy(unit))
    negative = bare.startswith("-")
    body = bare[1:].lstrip() if bare[:1] in ("-", "+") else bare
    value = _ratio(body) if "/" in body else _scientific(body)
    return -value if value is not None and negative else value


def reading_remark(text: str, unit: str = "") -> str:
    """A sentence where the learner should know how the text is read, "" where it says plainly one thing."""
    if not text.strip():
        return ""
    if read_number(text, unit) is None:
        return "This could not be read as a number. Write digits, such as 1234.5, 1/3 or 2e-3."
    bare = _without_unit(_tidy(text), _tidy(unit))
    if _LONE_GROUP.fullmatch(bare):
        return f"This was read as {bare.replace(',', '.')}: a comma on its own separates decimals."
    return ""


def _tidy(text: str) -> str:
    """The text with one character for each meaning: ASCII digits, `-`, `'` between groups, `×` for times, `/`, single spaces."""
    spread = "".join(f" {char}" if unicodedata.decomposition(char).startswith("<fraction>") else char for char in text)
    raised = _SUPERSCRIPTS.sub(lambda run: "^" + run[0].translate(_SUPERSCRIPT), spread)
    plain = unicodedata.normalize("NFKC", _APOSTROPHES.sub("'", raised))
    plain = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)
    plain = _MINUS.sub("-", plain).replace("\u066b", ".").replace("\u2044", "/").replace("\u2215", "/")
    return " ".join(_TIMES.sub("\u00d7", plain).split())


def _without_unit(text: str, unit: str) -> str:
    """The text without the unit at its end, or else at its start. Spaces inside the unit and the sign of a power do not matter."""
    letters = unit.replace(" ", "")
    if not letters:
        return text
    pattern = r" ?".join(r"\^?" if letter == "^" else re.escape(letter) for letter in letters)
    cut, found = re.subn(rf" ?{pattern}$", "", text, count=1)
    if not found:
        cut = re.sub(rf"^([+-]?) ?{pattern} ?", r"\1", text, count=1)
    return cut.strip()


def _ratio(text: str) -> Fraction | None:
    found = _RATIO.fullmatch(text)
    if not found:
        return None
    above, below = _plain(found[2]), _plain(found[3])
    if above is None or not below:
        return None
    if found[1] is None:
        return above / below
    # A mixed number: two and a half. "2 3/2" is a slip, and "1 100/3" may be meant otherwise.
    return int(found[1]) + above / below if above < below else None


def _scientific(text: str) -> Fraction | None:
    if found := _POWER.fullmatch(text):
        return _times_power(Fraction(1), found[1])
    if found := _SCIENTIFIC.fullmatch(text):
        mantissa = _mantissa(found[1])
        return None if mantissa is None else _times_power(mantissa, found[2])
    return _mantissa(text)


def _times_power(mantissa: Fraction, exponent: str) -> Fraction | None:
    power = int(exponent)
    return mantissa * Fraction(10) ** power if abs(power) <= LARGEST_EXPONENT else None


def _mantissa(text: str) -> Fraction | None:
    value = _plain(text)
    return _grouped(text) if value is None else value


def _plain(text: str) -> Fraction | None:
    found = _PLAIN.fullmatch(text)
    if not found:
        return None
    return Fraction(f"{found[1] or 0}.{found[2] or found[3] or 0}")


def _grouped(text: str) -> Fraction | None:
    found = _GROUPED.fullmatch(text)
    if not found or found[2] == found[3]:
        return None
    whole = re.sub(r"\D", "", found[1])
    return Fraction(f"{whole}.{found[4] or 0}")
