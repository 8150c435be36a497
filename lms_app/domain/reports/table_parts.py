"""What the tables of every kind of report are made with."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lms_app.domain.analytics import registry
from lms_app.interchange.report_document import Cell, Column, Definition, Table

NUMBER = "number"


@dataclass(frozen=True, kw_only=True)
class Outlined:
    """A table before anything is read for it: its columns, and how many rows it will have, or `at_most` has."""

    name: str
    columns: Sequence[Column]
    count: int
    at_most: bool = False


def definitions(*names: str) -> list[Definition]:
    """What these metrics mean, as the registry says it."""
    notes = registry.notes(*names)
    return [Definition(title=note.title, meaning=note.meaning, unit=note.unit, n=note.n, source=note.source) for note in notes]


def short_table(name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], **more: Any) -> Table:
    """A table of few rows, which are there already."""
    return Table(name=name, columns=columns, count=len(rows), rows=lambda: iter(rows), **more)


def number(words: str) -> Cell:
    """A number that was written for a page, None for a dash, and words as they are."""
    try:
        return Decimal(words.replace(",", "").replace("−", "-"))
    except InvalidOperation:
        return None if words in ("–", "—", "") else words


def hundred(fraction: float | None) -> Cell:
    """A fraction as percent, to one place."""
    return None if fraction is None else Decimal(str(round(fraction * 100, 1)))
