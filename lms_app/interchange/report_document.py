"""A report before it is written down: what it is about, its tables, and what their figures mean. Every format writes this one document."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

Cell = str | int | Decimal | date | datetime | None
"""What stands in a table; None where there is nothing. Percent are whole or decimal numbers from 0 to 100."""

Kind = Literal["text", "number", "percent", "day", "moment"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its head, what its cells are, and how wide it is beside others. `metric` names the definition that its figures have."""

    title: str
    kind: Kind = "text"
    width: float = 1.0
    metric: str = ""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A picture of two columns of its table, by number. `many` are drawn as a line through days, others as bars."""

    title: str
    labels: int
    values: int
    many: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of `count` rows, which are read as they are written. `finding` says in a sentence what it shows. Where there are more than `printed`, a
    format for paper has only so many of the last ones, and says so; 0 is all."""

    name: str
    columns: Sequence[Column]
    count: int
    rows: Callable[[], Iterator[Sequence[Cell]]]
    finding: str = ""
    chart: Chart | None = None
    printed: int = 0


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What a figure means, as the registry of metrics says it."""

    title: str
    meaning: str
    unit: str = ""
    n: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole report. `facts` say what it is about: course, run, filters, and as of when."""

    title: str
    course: str
    language: str
    facts: Sequence[tuple[str, str]]
    tables: Sequence[Table]
    definitions: Sequence[Definition]
    zone: ZoneInfo
    made_at: datetime
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def total(self) -> int:
        """How many rows there are to write."""
        return sum(table.count for table in self.tables)


Tell = Callable[[int], None]
"""`tell(done)`: so many rows are written."""


def in_zone(cell: Cell, zone: ZoneInfo) -> Cell:
    """A moment by the clock of a zone, without the zone; all else as it is."""
    return cell.astimezone(zone).replace(tzinfo=None) if isinstance(cell, datetime) else cell


def plain(cell: Cell, zone: ZoneInfo) -> str:
    """A cell in text: numbers with a point, days and moments as ISO 8601 has them, by the clock of the zone."""
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell.astimezone(zone):%Y-%m-%d %H:%M}"
        case date():
            return cell.isoformat()
        case Decimal():
            return f"{cell.normalize():f}"
        case _:
            return str(cell)
