"""OLX problems whose right answer follows from other numbers, as calculated questions: numbers that a script draws, or samples of a formula."""

import math
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from lxml import etree

from lms_app.domain.assessments.types.expressions import NAMES, BadFormula, read_formula
from lms_app.interchange.html_tree import escaped
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.olx_answers import Answers, Read, feedback_of, tolerance_of, unit_of
from lms_app.interchange.olx_scripts import Draw, Value, fine_step, in_formula, read_scripts
from lms_app.words import QuestionType

_SAMPLES = re.compile(r"^(?P<names>[^@#]+)@(?P<low>[^:#]+):(?P<high>[^#]+)#\s*\d+\s*$")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_IN_FORMULA = re.compile(r"(?<![A-Za-z0-9_.])[A-Za-z_][A-Za-z0-9_]*")
_INVERSE = {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "log10": "log"}
_FIGURES, _MOST_PLACES = 4, 15
_MOST_ANSWERS, _LONGEST = 5, 200


class DrawnNumbers:
    """The numbers of one problem. `in_stem` and `in_words` put `{x}` where the source shows a number; `answers` gives the formulas."""

    def __init__(self, problem: etree._Element, values: Mapping[str, Value], *, shown_as: str = "") -> None:
        self._values = values
        self._sample = shown_as
        text = etree.tostring(problem, encoding="unicode")
        self._ours: dict[str, str] = {}
        for name, value in values.items():
            if isinstance(value, Draw):
                self._ours[name] = _free_name(name, text, self._ours.values())
        listed = "|".join(sorted(map(re.escape, values), key=len, reverse=True))
        self._hole = re.compile(rf"\$(?:\{{({listed})\}}|({listed}))") if listed else None

    def shows(self, text: str) -> bool:
        """Whether a text of the source names one of the numbers."""
        return bool(self._hole and self._hole.search(text))

    def in_words(self, html: str) -> str:
        """A text with the numbers drawn, and formulas of them, where the source shows numbers."""
        return self._hole.sub(lambda found: self._shown(found[1] or found[2]), html) if self._hole and not self._sample else html

    def in_stem(self, html: str) -> str:
        """The same of what is asked. Unfit where it shows what the script works out, which no text of ours can."""
        if self._sample:
            return f"{html}<p>{self._sample}{escaped(', '.join(f'{name} = {{{ours}}}' for name, ours in self._ours.items()))}.</p>"
        if self._hole and any(isinstance(self._values[one or two], str) for one, two in self._hole.findall(html)):
            raise Unfit("It shows a number that a script works out.")
        return self.in_words(html)

    def answers(self, response: etree._Element, stem: str, read: Read) -> Answers:
        """The answers of the response. Unfit for a formula that is none of ours, or that depends on a number which the text does not show."""
        tolerance = tolerance_of(response)
        if tolerance["kind"] == "absolute" and Decimal(tolerance["margin"]) == 0 and self._sample:
            raise Unfit("Its formula has no tolerance.")
        written = [(response.get("answer") or "", feedback_of(response, read))]
        written += [(extra.get("answer") or extra.text or "", feedback_of(extra, read)) for extra in response.iter("additional_answer")]
        found = [{"formula": self._formula(text), "tolerance": tolerance, "weight": "1", "feedback": said} for text, said in written if text.strip()]
        if not found:
            raise Unfit("It has no answer.")
        if len(found) > _MOST_ANSWERS or any(len(answer["formula"]) > _LONGEST for answer in found):
            raise Unfit("Its formulas are too long, or too many.")
        named = {name for answer in found for name in _read(answer["formula"])}
        used = [name for name, ours in self._ours.items() if f"{{{ours}}}" in stem]
        if named - {self._ours[name] for name in used}:
            raise Unfit("Its answer depends on a number that it does not show.")
        variables = [{"name": self._ours[name], **_ends(self._values[name])} for name in used]
        if not variables:
            raise Unfit("It shows none of the numbers that its script draws.")
        fields = {"variables": variables, "answers": found, "unit": unit_of(response), **_places(tolerance)}
        return Answers(type=QuestionType.CALCULATED, fields=fields)

    def _shown(self, name: str) -> str:
        match value := self._values[name]:
            case Draw():
                return f"{{{self._ours[name]}}}"
            case Fraction():
                return str(value)
        return escaped(f"({self._renamed(value, '{', '}')})")

    def _formula(self, written: str) -> str:
        if self._sample:
            return self._renamed(written, "", "")
        alone = re.fullmatch(r"\s*\$\{?(\w+)\}?\s*", written)
        if alone and isinstance(value := self._values.get(alone[1]), str):
            return self._renamed(value, "", "")
        if self._hole is None:
            raise Unfit("Its answer comes from a script.")
        return self._renamed(self._hole.sub(lambda found: in_formula(found[1] or found[2], self._values[found[1] or found[2]]), written), "", "")

    def _renamed(self, formula: str, before: str, after: str) -> str:
        names = {name: f"{before}{ours}{after}" for name, ours in self._ours.items()}
        return _IN_FORMULA.sub(lambda found: names.get(found[0], _INVERSE.get(found[0], found[0])), formula)


def scripted(problem: etree._Element, scripts: list[str], response: etree._Element) -> DrawnNumbers | None:
    """The numbers that the scripts of a problem draw, where its response asks for what follows from them."""
    if response.tag != "numericalresponse" or "$" not in (response.get("answer") or ""):
        return None
    values = read_scripts(scripts)
    return DrawnNumbers(problem, values) if any(isinstance(value, Draw) for value in values.values()) else None


def sampled(problem: etree._Element, response: etree._Element) -> DrawnNumbers:
    """The numbers for which a formula is checked at the source. Unfit where it does not say them plainly."""
    found = _SAMPLES.match(response.get("samples") or "")
    if found is None or "$" in etree.tostring(response, encoding="unicode"):
        raise Unfit("It asks for a formula.")
    names, lows, highs = ([part.strip() for part in found[key].split(",")] for key in ("names", "low", "high"))
    if len({len(names), len(lows), len(highs)}) != 1 or len(set(names)) < len(names) or not all(map(_NAME.fullmatch, names)):
        raise Unfit("It asks for a formula, and does not say plainly for which numbers.")
    values: dict[str, Value] = {}
    for name, low, high in zip(names, map(_fraction, lows), map(_fraction, highs), strict=True):
        if low > high:
            raise Unfit("It asks for a formula, and does not say plainly for which numbers.")
        step = fine_step(low, high) if low < high else Fraction(1)
        values[name] = Draw(low=low, high=high, step=step)
    return DrawnNumbers(problem, values, shown_as="Give its value for ")


def _free_name(name: str, text: str, taken: Iterable[str]) -> str:
    """A name for a variable that formulas may have, and that stands in braces nowhere in the text."""
    base = re.sub(r"[^A-Za-z0-9]", "", name)[:16] or "x"
    base = base if base[0].isalpha() else f"x{base}"[:16]
    candidates = [base, *(f"{base}{number}" for number in range(1, 100))]
    return next((one for one in candidates if one not in NAMES and one not in taken and not _stands_in_braces(one, text)), f"{base}100")


def _stands_in_braces(name: str, text: str) -> bool:
    return re.search(rf"(?<!\$)\{{{name}\}}", text) is not None


def _read(formula: str) -> frozenset[str]:
    try:
        return read_formula(formula).names
    except BadFormula as fault:
        raise Unfit(f"Its formula cannot be read here. {fault}") from fault


def _ends(value: Value) -> dict[str, str]:
    if not isinstance(value, Draw):
        raise Unfit("Its answer comes from a script.")
    return {"low": _digits(value.low), "high": _digits(value.high), "step": _digits(value.step)}


def _digits(number: Fraction) -> str:
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    if Fraction(exact) != number:
        raise Unfit("It draws numbers that have no end.")
    return format(exact.normalize(), "f")


def _fraction(written: str) -> Fraction:
    try:
        number = Decimal(written)
    except InvalidOperation as error:
        raise Unfit("It asks for a formula, and does not say plainly for which numbers.") from error
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise Unfit("It asks for a formula, and does not say plainly for which numbers.")
    return Fraction(number)


def _places(tolerance: Mapping[str, Any]) -> dict[str, Any]:
    """How the right answer is written, so that rounding keeps it within the tolerance."""
    if tolerance["kind"] == "absolute":
        margin = Decimal(tolerance["margin"])
        if margin > 0:
            return {"rounding": "decimals", "places": min(max(0, 1 - math.floor(margin.log10())), _MOST_PLACES)}
        return {"rounding": "figures", "places": _MOST_PLACES}
    part = Decimal(tolerance["fraction"])
    return {"rounding": "figures", "places": min(max(_FIGURES, 2 - math.floor(part.log10())), _MOST_PLACES) if part > 0 else _MOST_PLACES}
