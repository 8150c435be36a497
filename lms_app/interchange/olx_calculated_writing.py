"""Calculated questions as problems of Open edX: a script that draws the numbers and reckons the answer."""

import keyword
import re
from decimal import Decimal
from html import escape
from typing import Any

from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.olx_scripts import CONSTANTS, FUNCTIONS

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_SIGNS = str.maketrans({"×": "*", "·": "*", "⋅": "*", "÷": "/", "−": "-", "–": "-"})
_PYTHON = {ours: theirs for theirs, ours in (*FUNCTIONS.items(), *CONSTANTS.items())}
_RESERVED = {"random", "math", "answer", "abs", "min", "max", "round"}


class Numbers:
    """The numbers of one calculated question, by the names that its script gives them."""

    def __init__(self, body: dict[str, Any]) -> None:
        self._body = body
        self._names = {variable["name"]: _free(variable["name"]) for variable in body["variables"]}
        self._hole = re.compile("|".join(rf"\{{{re.escape(name)}\}}" for name in self._names))

    def shown(self, html: str) -> str:
        """A text with `$x` where `{x}` stood. Names in it are those of a script, which no following letter may make longer."""
        return self._hole.sub(lambda found: f"${self._names[found[0][1:-1]]}", html)

    def script(self) -> str:
        """The script, its last lines the answers: `answer1` is the first that is right."""
        lines = ["import math", "import random", *(f"{self._names[one['name']]} = {_drawn(one)}" for one in self._body["variables"])]
        lines += [f"answer{number} = {self._python(answer['formula'])}" for number, answer in enumerate(self.right, start=1)]
        return f'<script type="loncapa/python">\n{escape(chr(10).join(lines), quote=False)}\n</script>'

    @property
    def right(self) -> list[dict[str, Any]]:
        """The answers that earn everything."""
        return [answer for answer in self._body["answers"] if Decimal(answer["weight"]) >= 1]

    def _python(self, formula: str) -> str:
        plain = formula.translate(_SIGNS).replace("**", "^").replace("^", "**")
        return _WORD.sub(lambda found: found[0] if _is_exponent(plain, found) else self._names.get(found[0], _PYTHON.get(found[0], found[0])), plain)


def _is_exponent(formula: str, found: re.Match[str]) -> bool:
    """Whether a letter belongs to a number such as 1e5."""
    return re.fullmatch(r"[eE]\d*", found[0]) is not None and found.start() > 0 and formula[found.start() - 1] in "0123456789."


def _drawn(variable: dict[str, str]) -> str:
    low, high, step = (Decimal(variable[name]) for name in ("low", "high", "step"))
    if low == low.to_integral_value() and high == high.to_integral_value() and step == 1:
        return f"random.randint({low:f}, {high:f})"
    count = int((high - low) / step) + 1
    places = max(0, *(-int(number.normalize().as_tuple().exponent) for number in (low, step)))
    if places > 9:
        raise Unfit("Its numbers have more decimals than a script of Open edX shows.")
    return f"round(random.randrange(0, {count}) * {step.normalize():f} + {low.normalize():f}, {places})"


def _free(name: str) -> str:
    return f"{name}1" if keyword.iskeyword(name) or name in _RESERVED else name
