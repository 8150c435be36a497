"""A report as a PDF on A4, drawn on reportlab with the text engine of certificates, in any script.

xhtml2pdf, which lays certificates out, renders one document at a time in a process: a long table there would let every certificate wait. Here a
certificate waits for a page at most. Tables are read and measured as they fill pages, and forgotten page by page. One that is too wide for the sheet
comes in parts, each beginning with its first column.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from copy import copy
from functools import lru_cache
from itertools import islice
from typing import IO, Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.platypus.doctemplate import BaseDocTemplate, PageTemplate
from reportlab.platypus.flowables import CondPageBreak, Flowable, Spacer
from reportlab.platypus.frames import Frame

from lms_app.adapters import pdf
from lms_app.adapters.pdf import TextBox
from lms_app.adapters.pdf_text import Setting, draw, set_text
from lms_app.interchange.report_document import Cell, Chart, Column, Document, Table, Tell, plain

INK, SECOND, QUIET, LINE, ACCENT, SOFT = (HexColor(f"#{code}") for code in ("14171F", "474E5F", "626A7C", "D5D8E0", "2B50C4", "ECF1FE"))
UNIT = 50.0
"""Points of a column of width 1, at least."""

SIZE, PAD, HEAD_SIZE = 8.5, 6.0, 8.0
MOST_LINES, MOST_OF_WORDS = 3, 12
"""Lines of a cell of figures, and of one that explains."""

LETTER = 4.7
"""Points of a letter of a head, at most on the average: no word of a head is cut in two."""

BARS = 30
"""Bars in a chart, at most: all of them stand in the table."""

SIDE, TOP, BOTTOM = 16 * mm, 15 * mm, 20 * mm


def write(document: Document, target: IO[bytes], tell: Tell) -> None:
    """Writes the report: upright, or across where a table asks for it."""
    size = A4
    if any(sum(map(_units, table.columns)) * UNIT > size[0] - SIDE * 2 for table in document.tables):
        size = landscape(A4)
    width, height = size[0] - SIDE * 2, size[1] - TOP - BOTTOM
    sheet = BaseDocTemplate(target, pagesize=size, title=f"{document.title}: {document.course}", author="Lyceum", lang=document.language)
    frame = Frame(SIDE, BOTTOM, width, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    sheet.addPageTemplates(PageTemplate(frames=[frame], onPage=lambda canvas, _: _foot(canvas, document, width)))
    with pdf.sole_renderer():
        sheet.build(list(_blocks(document, width, _Told(tell))))


def _units(column: Column) -> float:
    """How wide a column is, which is as wide as the longest word of its head at least."""
    return max(column.width, (max(map(len, column.title.split()), default=0) * LETTER + PAD * 2) / UNIT)


class _Told:
    """How many rows are drawn. Each of the parts of a wide table counts its share."""

    def __init__(self, tell: Tell) -> None:
        self._tell, self._done = tell, 0.0

    def drawn(self, rows: float) -> None:
        self._done += rows
        self._tell(int(self._done))
        pdf.give_way()


class Grid(Flowable):
    """The rest of a table: as many rows as fit on the page, then itself again."""

    def __init__(
        self,
        columns: Sequence[Column],
        widths: Sequence[float],
        rows: Iterator[Sequence[str]],
        told: _Told,
        share: float = 0,
        lines: int = MOST_OF_WORDS,
    ) -> None:
        super().__init__()
        self.lines = lines
        self.columns, self.widths, self.rows, self.told, self.share = columns, widths, rows, told, share
        self.pending: deque[tuple[list[Setting], float]] = deque()
        self.head, self.head_height = self._measured([column.title for column in columns], HEAD_SIZE, "Title")

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        self._read_until(aH)
        self.width, self.height = aW, self.head_height + sum(height for _, height in self.pending)
        return self.width, self.height

    def split(self, aW: float, aH: float) -> list[Flowable]:
        fitting, height = [], self.head_height
        while self.pending and height + self.pending[0][1] <= aH:
            fitting.append(self.pending.popleft())
            height += fitting[-1][1]
        if not fitting:
            return []
        rest = copy(self)
        # What was put off to this page once may be put off to the next again.
        rest.__dict__.pop("_postponed", None)
        return [_Rows(self, fitting, height), rest]

    def draw(self) -> None:
        _Rows(self, list(self.pending), self.height).drawOn(self.canv, 0, 0)

    def _read_until(self, room: float) -> None:
        height = self.head_height + sum(held for _, held in self.pending)
        while height <= room and (row := next(self.rows, None)) is not None:
            self.pending.append(self._measured(row, SIZE, "Text"))
            height += self.pending[-1][1]

    def _measured(self, texts: Sequence[str], size: float, cut: str) -> tuple[list[Setting], float]:
        settings = [_set(text, cut, width - PAD * 2, size, self.lines) for text, width in zip(texts, self.widths, strict=True)]
        return settings, max((setting.height for setting in settings), default=0) + 8.0


class _Rows(Flowable):
    """Some rows of a table under its heads."""

    def __init__(self, grid: Grid, rows: list[tuple[list[Setting], float]], height: float) -> None:
        super().__init__()
        self.grid, self.rows, self.height, self.width = grid, rows, height, sum(grid.widths)

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        return aW, self.height

    def draw(self) -> None:
        top = self._line(self.height, self.grid.head, self.grid.head_height, SECOND)
        self._rule(top, 0.8)
        for settings, height in self.rows:
            top = self._line(top, settings, height, INK)
            self._rule(top, 0.35)
        self.grid.told.drawn(len(self.rows) * self.grid.share)

    def _line(self, top: float, settings: list[Setting], height: float, color: Any) -> float:
        self.canv.setFillColor(color)
        left = 0.0
        for column, width, setting in zip(self.grid.columns, self.grid.widths, settings, strict=True):
            align = "right" if column.kind in ("number", "percent") else "left"
            draw(self.canv, setting, left=left + PAD, top=top - 4.0, width=width - PAD * 2, align=align)
            left += width
        return top - height

    def _rule(self, y: float, width: float) -> None:
        self.canv.setStrokeColor(LINE)
        self.canv.setLineWidth(width)
        self.canv.line(0, y, self.width, y)


@lru_cache(maxsize=8192)
def _set(text: str, cut: str, width: float, size: float, lines: int) -> Setting:
    return set_text(text, cut=cut, width=width, height=size * 1.4 * lines, size=size, least=size)


class Bars(Flowable):
    """Bars from the left, each with its label before and its number behind it."""

    LEAD = 15.0

    def __init__(self, points: Sequence[tuple[str, float, str]]) -> None:
        super().__init__()
        self.points = points

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        self.width, self.height = aW, self.LEAD * len(self.points) + 6
        return self.width, self.height

    def draw(self) -> None:
        label, most = self.width * 0.34, max((value for _, value, _ in self.points), default=0) or 1
        room = self.width - label - 60
        for number, (name, value, words) in enumerate(self.points):
            top = self.height - self.LEAD * number
            self.canv.setFillColor(SECOND)
            draw(self.canv, _one_line(name, label - 8), left=0, top=top, width=label - 8, align="right")
            self.canv.setFillColor(ACCENT)
            self.canv.roundRect(label, top - 11, max(room * value / most, 1.5), 9, 1.5, stroke=0, fill=1)
            self.canv.setFillColor(INK)
            draw(self.canv, _one_line(words, 54), left=label + room * value / most + 5, top=top, width=54)


class Line(Flowable):
    """A line through days over a soft ground."""

    def __init__(self, points: Sequence[tuple[str, float, str]]) -> None:
        super().__init__()
        self.points = points

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        self.width, self.height = aW, 130.0
        return self.width, self.height

    def draw(self) -> None:
        left, bottom, top = 30.0, 18.0, self.height - 6
        most = _nice(max((value for _, value, _ in self.points), default=0))
        steps = max(len(self.points) - 1, 1)
        self.canv.setLineWidth(0.35)
        for part in (0, 0.5, 1):
            y = bottom + (top - bottom) * part
            self.canv.setStrokeColor(LINE)
            self.canv.line(left, y, self.width, y)
            self.canv.setFillColor(SECOND)
            draw(self.canv, _one_line(f"{most * part:g}", left - 6), left=0, top=y + 5.5, width=left - 6, align="right")
        places = [
            (left + (self.width - left) * number / steps, bottom + (top - bottom) * value / most) for number, (_, value, _) in enumerate(self.points)
        ]
        ground = self.canv.beginPath()
        ground.moveTo(places[0][0], bottom)
        for place in places:
            ground.lineTo(*place)
        ground.lineTo(places[-1][0], bottom)
        ground.close()
        self.canv.setFillColor(SOFT)
        self.canv.drawPath(ground, stroke=0, fill=1)
        line = self.canv.beginPath()
        line.moveTo(*places[0])
        for place in places[1:]:
            line.lineTo(*place)
        self.canv.setStrokeColor(ACCENT)
        self.canv.setLineWidth(1.4)
        self.canv.drawPath(line, stroke=1, fill=0)
        self.canv.setFillColor(SECOND)
        for number in sorted({round(steps * part / 4) for part in range(5)} & set(range(len(self.points)))):
            width = 70.0
            at = min(max(places[number][0] - width / 2, left - 10), self.width - width)
            draw(self.canv, _one_line(self.points[number][0], width), left=at, top=bottom - 3, width=width, align="center")


def _nice(value: float) -> float:
    """The least round number that is not below: what a scale ends with."""
    step = 1.0
    while True:
        for factor in (1, 2, 4, 5, 10):
            if value <= step * factor:
                return step * factor
        step *= 10


def _one_line(text: str, width: float) -> Setting:
    return set_text(text, cut="Text", width=width, height=12, size=8, least=8)


def _foot(canvas: Any, document: Document, width: float) -> None:
    """What stands at the end of each page: what it is a report of, and its number among all."""
    canvas.saveState()
    canvas.translate(SIDE, 9 * mm)
    canvas.setFillColor(QUIET)
    draw(canvas, _one_line(f"{document.title} · {document.course}", width * 0.7), left=0, top=12, width=width * 0.7)
    number = _one_line(f"Page {canvas.getPageNumber()} of", 80)
    draw(canvas, number, left=width - 100, top=12, width=80, align="right")
    canvas.translate(width - 17, 0)
    canvas.doForm("pages")
    canvas.restoreState()


class Last(Flowable):
    """Stands at the very end, and knows how many pages there are."""

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        pages = self.canv.getPageNumber()
        self.canv.beginForm("pages", 0, 0, 40, 14)
        self.canv.setFillColor(QUIET)
        draw(self.canv, _one_line(str(pages), 30), left=0, top=12, width=30)
        self.canv.endForm()


def _blocks(document: Document, width: float, told: _Told) -> Iterator[Flowable]:
    words = _Words(document.language)
    yield words.box(document.course, "Text", 10, SECOND)
    yield words.box(document.title, "Display", 24, INK)
    yield Spacer(0, 8)
    facts = iter([[name, said] for name, said in document.facts])
    yield Grid([Column(title=""), Column(title="")], [width * 0.22, width * 0.78], facts, told)
    for note in document.notes:
        yield Spacer(0, 6)
        yield words.box(note, "Text", 9, SECOND)
    for table in document.tables:
        yield from _table(document, table, width, told, words)
    if document.definitions:
        yield Spacer(0, 20)
        yield CondPageBreak(90)
        yield words.box("What the figures mean", "Title", 14, INK)
        yield Spacer(0, 6)
        columns = [Column(title="Figure"), Column(title="Meaning"), Column(title="Unit"), Column(title="n"), Column(title="Source")]
        widths = [width * share for share in (0.16, 0.4, 0.12, 0.12, 0.2)]
        rows = iter([[one.title, one.meaning, one.unit, one.n, one.source] for one in document.definitions])
        yield Grid(columns, widths, rows, told)
    yield Last()


def _table(document: Document, table: Table, width: float, told: _Told, words: "_Words") -> Iterator[Flowable]:
    yield Spacer(0, 20)
    yield CondPageBreak(110)
    yield words.box(table.name, "Title", 14, INK)
    if table.finding:
        yield words.box(table.finding, "Text", 9.5, SECOND)
    yield Spacer(0, 6)
    if not table.count:
        yield words.box("There is nothing to show yet.", "Text", 9.5, SECOND)
        return
    if table.chart is not None:
        yield from _drawn(document, table, table.chart, words)
    skipped = max(0, table.count - table.printed) if table.printed else 0
    if skipped:
        yield words.box(f"The last {table.printed:,} of {table.count:,} rows. A workbook or CSV has all of them.", "Text", 8.5, QUIET)
        yield Spacer(0, 4)
    bands = _bands(table.columns, width)
    for number, band in enumerate(bands):
        if number:
            yield Spacer(0, 14)
        columns = [table.columns[place] for place in band]
        unit = min(width / sum(map(_units, columns)), UNIT * 2.2)
        rows = islice(_texts(document, table, band), skipped, None)
        yield Grid(columns, [_units(column) * unit for column in columns], rows, told, 1 / len(bands), MOST_LINES)


def _texts(document: Document, table: Table, band: Sequence[int]) -> Iterator[Sequence[str]]:
    for row in table.rows():
        yield [_said(row[place], table.columns[place], document) for place in band]


def _said(cell: Cell, column: Column, document: Document) -> str:
    if isinstance(cell, int) and column.kind == "number":
        return f"{cell:,}"
    return f"{plain(cell, document.zone)} %" if column.kind == "percent" and cell is not None else plain(cell, document.zone)


def _bands(columns: Sequence[Column], width: float) -> list[list[int]]:
    """Which columns stand side by side: as many as fit, the first before each part."""
    bands, used = [[0]], _units(columns[0])
    for place, column in enumerate(columns[1:], start=1):
        if (used + _units(column)) * UNIT > width and len(bands[-1]) > 1:
            bands.append([0])
            used = _units(columns[0])
        bands[-1].append(place)
        used += _units(column)
    return bands


def _drawn(document: Document, table: Table, chart: Chart, words: "_Words") -> Iterator[Flowable]:
    wanted = None if chart.many else BARS
    points = [
        (str(plain(row[chart.labels], document.zone)), float(row[chart.values] or 0), _said(row[chart.values], table.columns[chart.values], document))  # pyright: ignore[reportArgumentType]
        for row in islice(table.rows(), wanted)
    ]
    yield words.box(chart.title, "Text", 8.5, QUIET)
    yield Spacer(0, 4)
    yield Line(points) if chart.many else Bars(points)
    yield Spacer(0, 8)


class _Words:
    """Lines of text, in the report's language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def box(self, text: str, cut: str, size: float, color: Any) -> Flowable:
        return TextBox(text, cut=cut, size=size, least=size, room=size * 1.5 * 6, color=color, align="left", language=self._language)
