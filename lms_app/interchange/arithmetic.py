"""The value of a number as course authors write it: `600`, `1.3e-5`, `5%`, `3k`, `10/3`, `2*pi`. Nothing is executed."""

import ast
import math
import operator
import re
from collections.abc import Callable

_MAX_LENGTH = 200
_LARGEST = 1e100
_SUFFIXES = {"%": 0.01, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "c": 1e-2, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12}
_SUFFIXED = re.compile(r"(?<![\w.])(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)([%kMGTcmunp])(?![\w.])")
_CONSTANTS = {"pi": math.pi, "e": math.e}
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt, "exp": math.exp, "ln": math.log, "log10": math.log10, "log2": math.log2, "abs": abs,
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "arcsin": math.asin, "arccos": math.acos, "arctan": math.atan,
}  # fmt: skip
_BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
}


def value_of(expression: str) -> float | None:
    """The number that the expression stands for, or None where it is no arithmetic of plain numbers."""
    text = expression.strip()
    if not text or len(text) > _MAX_LENGTH or "**" in text or "_" in text:
        return None
    text = _SUFFIXED.sub(lambda found: f"({found[1]}*{_SUFFIXES[found[2]]!r})", text).replace("^", "**")
    try:
        value = _evaluated(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError, TypeError):
        return None
    return value if math.isfinite(value) and abs(value) <= _LARGEST else None


def decimal_text(value: float) -> str:
    """The number in plain decimal digits, as exactly as fifteen significant digits can."""
    text = f"{value:.15g}"
    if "e" in text:
        text = f"{value:.{max(0, 15 - 1 - math.floor(math.log10(abs(value))))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _evaluated(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=value) if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _evaluated(operand)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluated(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _BINARY[type(op)](_evaluated(left), _evaluated(right))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _FUNCTIONS:
            return _FUNCTIONS[name](_evaluated(argument))
    raise ValueError(type(node).__name__)
