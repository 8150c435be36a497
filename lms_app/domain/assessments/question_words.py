"""The words of a question, by which its author finds it: of what it asks, of its answers and of what is said about them."""

from collections.abc import Iterator
from typing import Any

LONGEST = 20_000
"""Characters that are kept."""

_WORDS = frozenset({"text", "alt", "caption", "title", "tex"})


def words_of(body: Any) -> str:
    """All words of a stored body in its order. They tell the key, and reach authors alone."""
    return " ".join(" ".join(_found(body)).split())[:LONGEST]


def _found(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inside in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _found(inside, str(key))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list | tuple):
        for inside in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _found(inside, name)
    elif name in _WORDS and isinstance(value, str):
        yield value
