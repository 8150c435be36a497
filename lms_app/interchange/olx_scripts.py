"""What a script of an OLX problem draws and reckons, read from its text as far as it does nothing else. No script is ever run."""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from textwrap import dedent

LONGEST = 10_000
_LONGEST_FORMULA = 400
_ALLOWED = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UAdd, ast.USub, ast.Load, ast.Constant, ast.Name, ast.BinOp, ast.UnaryOp, ast.Call)
FUNCTIONS = {
    "math.sqrt": "sqrt", "math.exp": "exp", "math.log": "ln", "math.log10": "log", "math.log2": "log2", "math.sin": "sin", "math.cos": "cos",
    "math.tan": "tan", "math.asin": "asin", "math.acos": "acos", "math.atan": "atan", "math.radians": "rad", "math.degrees": "deg",
    "math.floor": "floor", "math.ceil": "ceil",
}  # fmt: skip
"""What Python calls the functions of our formulas."""
CONSTANTS = {"math.pi": "pi", "math.e": "e"}
_PLAIN_FUNCTIONS = {"abs", "min", "max", "round", "sqrt", "exp", "sin", "cos", "tan", "float"}


@dataclass(frozen=True, kw_only=True)
class Draw:
    """A number that is drawn: `low`, `low + step`, … up to `high`."""

    low: Fraction
    high: Fraction
    step: Fraction

    def times(self, factor: Fraction) -> "Draw":
        ends = sorted((self.low * factor, self.high * factor))
        return Draw(low=ends[0], high=ends[1], step=self.step * abs(factor))

    def plus(self, more: Fraction) -> "Draw":
        return Draw(low=self.low + more, high=self.high + more, step=self.step)


Value = Draw | Fraction | str
"""A number drawn, a number, or a formula over the names of the others."""


class _Unread(Exception):
    """The script does something besides drawing and reckoning."""


def read_scripts(scripts: Sequence[str]) -> Mapping[str, Value]:
    """What each name of the scripts stands for. Empty where they do anything besides."""
    source = "\n".join(dedent(script.replace("\t", "    ")) for script in scripts)
    if not source.strip() or len(source) > LONGEST or "\x00" in source:
        return {}
    values: dict[str, Value] = {}
    try:
        for statement in ast.parse(source).body:
            _take(statement, source, values)
    except (_Unread, SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        return {}
    return values


def _take(statement: ast.stmt, source: str, values: dict[str, Value]) -> None:
    match statement:
        case ast.Import(names=names) if all(name.name in ("random", "math") and not name.asname for name in names):
            return
        case ast.ImportFrom(module="random" | "math"):
            return
        case ast.Expr(value=ast.Constant(value=str())):
            return
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in values:
            # A name that is given twice would mean two things in the text.
            values[name] = _value(value, source, values)
        case _:
            raise _Unread


def _value(node: ast.expr, source: str, values: Mapping[str, Value]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Fraction(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)) if not isinstance(number, bool):
            return -Fraction(str(number))
        case ast.Call() if (draw := _draw(node)) is not None:
            return draw
        case ast.Call(func=ast.Name(id="round"), args=[inner, *rest], keywords=[]) if isinstance(found := _value(inner, source, values), Draw):
            return _rounded(found, rest)
        case ast.BinOp(left=left, op=op, right=right) if isinstance(drawn := _moved(left, op, right, source, values), Draw):
            return drawn
    return _formula(node, source, values)


def _draw(call: ast.Call) -> Draw | None:
    if call.keywords or not all(isinstance(_number(one), Fraction) for one in call.args):
        return None
    given = [found for one in call.args if (found := _number(one)) is not None]
    match ast.unparse(call.func), given:
        case "random.randint" | "randint", [low, high] if low <= high:
            return Draw(low=low, high=high, step=Fraction(1))
        case "random.randrange" | "randrange", [stop] if stop >= 1:
            return Draw(low=Fraction(0), high=stop - 1, step=Fraction(1))
        case "random.randrange" | "randrange", [low, stop, *rest] if len(rest) < 2 and low < stop and all(step > 0 for step in rest):
            step = rest[0] if rest else Fraction(1)
            return Draw(low=low, high=low + (stop - 1 - low) // step * step, step=step)
        case "random.uniform" | "uniform", [low, high] if low < high:
            return Draw(low=low, high=high, step=fine_step(low, high))
    return None


def fine_step(low: Fraction, high: Fraction) -> Fraction:
    """A step that makes about a hundred to a thousand numbers of a span."""
    step = Fraction(1)
    while (high - low) / step < 100 and step > Fraction(1, 10**12):
        step /= 10
    while (high - low) / step > 1000 and step < 10**12:
        step *= 10
    return step


def _number(node: ast.expr) -> Fraction | None:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Fraction(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -found if (found := _number(inner)) is not None else None
    return None


def _rounded(draw: Draw, rest: list[ast.expr]) -> Draw:
    places = _number(rest[0]) if rest else Fraction(0)
    if places is None or places.denominator != 1 or not 0 <= places <= 9 or len(rest) > 1:
        raise _Unread
    unit = Fraction(1, 10 ** int(places))
    if draw.step % unit == 0 and draw.low % unit == 0:
        return draw
    return Draw(low=-(-draw.low // unit) * unit, high=draw.high // unit * unit, step=max(unit, draw.step // unit * unit))


def _moved(left: ast.expr, op: ast.operator, right: ast.expr, source: str, values: Mapping[str, Value]) -> Draw | None:
    """A draw times, by or plus a number."""
    if not any(isinstance(node, ast.Call | ast.BinOp) for node in (left, right)):
        return None
    one, other = (_number(left), _number(right))
    try:
        match op:
            case ast.Mult() | ast.Add() if one is not None and isinstance(found := _value(right, source, values), Draw):
                return found.times(one) if isinstance(op, ast.Mult) else found.plus(one)
            case ast.Mult() | ast.Add() | ast.Sub() | ast.Div() if other is not None and isinstance(found := _value(left, source, values), Draw):
                if isinstance(op, ast.Mult | ast.Div):
                    return found.times(other if isinstance(op, ast.Mult) else 1 / other)
                return found.plus(other if isinstance(op, ast.Add) else -other)
            case _:
                return None
    except _Unread:
        return None


def _formula(node: ast.expr, source: str, values: Mapping[str, Value]) -> str:
    """The formula that an expression writes, in the words of our formulas, as its author wrote it."""
    _check(node, values)
    written = ast.get_source_segment(source, node) or ""
    if "#" in written or '"' in written or "'" in written:
        raise _Unread
    written = re.sub(r"\s+", " ", written).replace("**", "^")
    formula = re.sub(r"[A-Za-z_][A-Za-z0-9_.]*", lambda found: _word(found[0], values), re.sub(r"(?<=[0-9.])[eE](?=[-+0-9])", "\x01", written))
    if len(formula) > _LONGEST_FORMULA:
        raise _Unread
    return formula.replace("\x01", "e")


def _check(node: ast.expr, values: Mapping[str, Value]) -> None:
    for part in ast.walk(node):
        match part:
            case ast.Attribute(value=ast.Name(id="math"), attr=name) if f"math.{name}" in FUNCTIONS or f"math.{name}" in CONSTANTS:
                pass
            case ast.Name(id=name) if name in values or name in _PLAIN_FUNCTIONS or name in ("math", "pi"):
                pass
            case ast.Constant(value=bool() | str() | bytes() | complex() | None):
                raise _Unread
            case ast.Call(keywords=[]):
                pass
            case ast.Name() | ast.Call():
                raise _Unread
            case _ if isinstance(part, _ALLOWED):
                pass
            case _:
                raise _Unread


def _word(word: str, values: Mapping[str, Value]) -> str:
    if word in values:
        return in_formula(word, values[word])
    return {"float": ""}.get(word, FUNCTIONS.get(word, CONSTANTS.get(word, word)))


def in_formula(name: str, value: Value) -> str:
    """A name as it stands in a formula: numbers drawn by their names, others by what they are."""
    match value:
        case Draw():
            return name
        case Fraction():
            return str(value) if value.denominator == 1 and value >= 0 else f"({value})"
    return f"({value})"
