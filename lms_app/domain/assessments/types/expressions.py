"""Formulas: read by a small grammar of our own, worked out exactly as far as numbers go.

Grammar: numbers, names of variables, `+ - * / ^` (also `**`, `×`, `·`, `÷`, `−`), brackets, `pi`, `e`, and functions: sqrt, exp, ln, log (base 10),
log2, sin, cos, tan, asin, acos, atan (radians), rad, deg, abs, floor, ceil, round(x) or round(x, places) half to even, min and max. `-2^2` is −4,
and `2^3^2` is 2^9, as in mathematics.

Sums, products, quotients, whole powers and roots of squares are exact fractions. Everything else is worked out to 40 digits (the inverse
trigonometric functions to 15), and so is a fraction that grows beyond 4,000 bits. Nothing takes long: powers, magnitudes and the length of a
formula are bounded. There is no `eval` and no name beyond those above.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, DecimalException
from fractions import Fraction

LONGEST = 500
DEEPEST = 60
PLACES = 40
LARGEST = 400
"""Powers of ten that a result may have."""

Value = Callable[[Mapping[str, Fraction]], Fraction]

_BITS = 4000
_CONTEXT = Context(prec=PLACES + 10, Emax=5000, Emin=-5000)
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d{1,3})?|\.\d+(?:[eE][+-]?\d{1,3})?)|([A-Za-z][A-Za-z0-9]*)|(\*\*|[-+*/^(),]))")
_SIGNS = str.maketrans({"×": "*", "·": "*", "⋅": "*", "÷": "/", "−": "-", "–": "-"})
_PI = Fraction("3.14159265358979323846264338327950288419716939937510582097494459")
_E = Fraction("2.71828182845904523536028747135266249775724709369995957496696763")


class BadFormula(ValueError):
    """A formula that cannot be read or, for these numbers, not be worked out. Its message is a sentence."""


@dataclass(frozen=True)
class Formula:
    """A formula that was read. `names` are the variables in it."""

    names: frozenset[str]
    value: Value


def read_formula(text: str) -> Formula:
    """The formula that the text writes. Raises BadFormula."""
    if len(text) > LONGEST:
        raise BadFormula(f"A formula may have {LONGEST} characters at most.")
    return _Reader(text).formula()


def work_out(formula: Formula, values: Mapping[str, Fraction]) -> Fraction:
    """The formula's value. Raises BadFormula where there is none: division by zero, a root of a negative number, a number too large."""
    try:
        return _kept(formula.value(values))
    except ZeroDivisionError:
        raise BadFormula("It divides by zero.") from None
    except (DecimalException, OverflowError):
        raise BadFormula("It has no value, or one that is too large.") from None


class _Reader:
    """Reads by recursive descent; each step gives a function from the variables' values to the value."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.names: set[str] = set()

    def formula(self) -> Formula:
        if not self.tokens:
            raise BadFormula("Write the formula.")
        value = self._sum(0)
        if self.at < len(self.tokens):
            raise BadFormula(f"“{self.tokens[self.at]}” is not expected there.")
        return Formula(frozenset(self.names), value)

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self, *signs: str) -> str:
        token = self._next()
        if token in signs and token:
            self.at += 1
            return token
        return ""

    def _sum(self, depth: int) -> Value:
        if depth > DEEPEST:
            raise BadFormula("This formula is nested too deeply.")
        left = self._product(depth)
        while sign := self._take("+", "-"):
            left = _joined(sign, left, self._product(depth))
        return left

    def _product(self, depth: int) -> Value:
        left = self._signed(depth)
        while sign := self._take("*", "/"):
            left = _joined(sign, left, self._signed(depth))
        return left

    def _signed(self, depth: int) -> Value:
        negative = False
        while sign := self._take("+", "-"):
            negative ^= sign == "-"
        inner = self._power(depth)
        return (lambda values: -inner(values)) if negative else inner

    def _power(self, depth: int) -> Value:
        base = self._atom(depth)
        if not self._take("^", "**"):
            return base
        if depth > DEEPEST:
            raise BadFormula("This formula is nested too deeply.")
        # The exponent may have a sign, and a power of its own to its right.
        exponent = self._exponent(depth + 1)
        return lambda values: _power(base(values), exponent(values))

    def _exponent(self, depth: int) -> Value:
        return self._signed(depth)

    def _atom(self, depth: int) -> Value:
        token = self._next()
        self.at += 1
        if token.startswith("("):
            inner = self._sum(depth + 1)
            self._close()
            return inner
        if token[:1].isdigit() or token[:1] == ".":
            number = Fraction(token)
            return lambda values: number
        if token[:1].isalpha():
            return self._named(token, depth)
        raise BadFormula(f"“{token}” is not expected there." if token else "The formula ends too early.")

    def _named(self, name: str, depth: int) -> Value:
        if self._take("("):
            return self._call(name, depth)
        if name in _CONSTANTS:
            constant = _CONSTANTS[name]
            return lambda values: constant
        self.names.add(name)
        return lambda values: values[name]

    def _call(self, name: str, depth: int) -> Value:
        if name not in FUNCTIONS:
            raise BadFormula(f"There is no function “{name}”. There are {', '.join(sorted(FUNCTIONS))}.")
        arguments = [self._sum(depth + 1)]
        while self._take(","):
            arguments.append(self._sum(depth + 1))
        self._close()
        least, most, function = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            raise BadFormula(f"{name} takes {'one number' if most == 1 else f'{least} to {most} numbers'}.")
        return lambda values: _kept(function(*[argument(values) for argument in arguments]))

    def _close(self) -> None:
        if not self._take(")"):
            raise BadFormula("A bracket is not closed.")


def _tokens(text: str) -> list[str]:
    plain, at, found = text.translate(_SIGNS).rstrip(), 0, list[str]()
    while at < len(plain):
        token = _TOKEN.match(plain, at)
        if not token:
            raise BadFormula(f"“{plain[at:].strip()[:1]}” cannot stand in a formula.")
        found.append(token[1] or token[2] or token[3])
        at = token.end()
    return found


def _joined(sign: str, left: Value, right: Value) -> Value:
    match sign:
        case "+":
            return lambda values: _kept(left(values) + right(values))
        case "-":
            return lambda values: _kept(left(values) - right(values))
        case "*":
            return lambda values: _kept(left(values) * right(values))
        case _:
            return lambda values: _kept(left(values) / right(values))


def _kept(value: Fraction) -> Fraction:
    """The value, to 40 digits where it has grown too long. Raises OverflowError beyond the largest."""
    if not value:
        return value
    if abs(value.numerator.bit_length() - value.denominator.bit_length()) > LARGEST * 4:
        raise OverflowError
    if value.numerator.bit_length() + value.denominator.bit_length() > _BITS:
        return Fraction(_decimal(value))
    return value


def _decimal(value: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1 and abs(exponent) * max(base.numerator.bit_length(), base.denominator.bit_length(), 1) <= _BITS:
        return _kept(base ** int(exponent))
    if exponent == Fraction(1, 2):
        return _root(base)
    if not base:
        if exponent < 0:
            raise ZeroDivisionError
        return Fraction(0)
    if base < 0 and exponent.denominator != 1:
        raise BadFormula("It takes a power of a negative number that has no value.")
    size = Fraction(_CONTEXT.power(_decimal(abs(base)), _decimal(exponent)))
    return _kept(-size if base < 0 and int(exponent) % 2 else size)


def _root(value: Fraction) -> Fraction:
    if value < 0:
        raise BadFormula("It takes the root of a negative number.")
    above, below = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if above * above == value.numerator and below * below == value.denominator:
        return Fraction(above, below)
    return Fraction(_CONTEXT.sqrt(_decimal(value)))


def _logarithm(value: Fraction) -> Fraction:
    if value <= 0:
        raise BadFormula("It takes the logarithm of a number that is not above zero.")
    return Fraction(_CONTEXT.ln(_decimal(value)))


def _decadic(value: Fraction) -> Fraction:
    if value <= 0:
        raise BadFormula("It takes the logarithm of a number that is not above zero.")
    return Fraction(_CONTEXT.log10(_decimal(value)))


def _binary(value: Fraction) -> Fraction:
    power = value.numerator.bit_length() - value.denominator.bit_length()
    return Fraction(power) if value == Fraction(2) ** power else Fraction(_decimal(_logarithm(value) / _logarithm(Fraction(2))))


def _radians(value: Fraction) -> Fraction:
    return value * _PI / 180


def _degrees(value: Fraction) -> Fraction:
    return value * 180 / _PI


def _floor(value: Fraction) -> Fraction:
    return Fraction(math.floor(value))


def _ceiling(value: Fraction) -> Fraction:
    return Fraction(math.ceil(value))


def _size(value: Fraction) -> Fraction:
    return abs(value)


def _least(*values: Fraction) -> Fraction:
    return min(values)


def _most(*values: Fraction) -> Fraction:
    return max(values)


def _exponential(value: Fraction) -> Fraction:
    if abs(value) > 2.4 * LARGEST:
        raise OverflowError
    return Fraction(_CONTEXT.exp(_decimal(value)))


def _sine(value: Fraction) -> Fraction:
    """By its series, after taking away whole turns."""
    if abs(value) > 10**12:
        raise BadFormula("It takes the sine of a number too large for it to be known.")
    turned = value - 2 * _PI * round(value / (2 * _PI))
    # With one-and-a-half turns' worth of digits in hand the terms are fractions with short denominators.
    x = Fraction(_decimal(turned))
    square, term, summed, number = x * x, x, x, 1
    while abs(term) > Fraction(1, 10 ** (PLACES + 5)):
        term = Fraction(_decimal(-term * square / ((number + 1) * (number + 2))))
        summed, number = summed + term, number + 2
    return Fraction(_decimal(summed)) if abs(summed) > Fraction(1, 10**PLACES) else Fraction(0)


def _cosine(value: Fraction) -> Fraction:
    return _sine(value + _PI / 2)


def _tangent(value: Fraction) -> Fraction:
    return _sine(value) / _cosine(value)


def _inverse(function: Callable[[float], float]) -> Callable[[Fraction], Fraction]:
    def inverse(value: Fraction) -> Fraction:
        try:
            return Fraction(repr(function(float(value))))
        except ValueError:
            raise BadFormula("It takes an angle of a number that no angle has.") from None

    return inverse


def _rounded(value: Fraction, places: Fraction = Fraction(0)) -> Fraction:
    if places.denominator != 1 or abs(places) > PLACES:
        raise BadFormula(f"Numbers are rounded to a whole number of places, {PLACES} at most.")
    return Fraction(round(value, int(places)))


_CONSTANTS = {"pi": _PI, "e": _E}

FUNCTIONS: dict[str, tuple[int, int, Callable[..., Fraction]]] = {
    "sqrt": (1, 1, _root),
    "exp": (1, 1, _exponential),
    "ln": (1, 1, _logarithm),
    "log": (1, 1, _decadic),
    "log2": (1, 1, _binary),
    "sin": (1, 1, _sine),
    "cos": (1, 1, _cosine),
    "tan": (1, 1, _tangent),
    "asin": (1, 1, _inverse(math.asin)),
    "acos": (1, 1, _inverse(math.acos)),
    "atan": (1, 1, _inverse(math.atan)),
    "rad": (1, 1, _radians),
    "deg": (1, 1, _degrees),
    "abs": (1, 1, _size),
    "floor": (1, 1, _floor),
    "ceil": (1, 1, _ceiling),
    "round": (1, 2, _rounded),
    "min": (2, 20, _least),
    "max": (2, 20, _most),
}
NAMES = frozenset([*FUNCTIONS, *_CONSTANTS])
"""What no variable may be called."""
