"""A report as an Excel workbook: a sheet that says what it is of and means, and one for each table, with its chart."""

import io
import re
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from lms_app.interchange.report_document import Document, Table, Tell, in_zone

EACH = 500
WIDTH = 13
ACCENT = "#2B50C4"

# Nothing that somebody is called, or wrote, may become a formula or a link; nothing is put down on a disk unsealed.
_AS_WRITTEN = {
    "in_memory": True,
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What no XML may hold. The library writes it in another way into cells, but not into properties and charts."""

_NUMBER_FORMATS = {"whole": "#,##0", "parts": "#,##0.00", "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}


class _Sheet(Worksheet):
    """A sheet whose rows are text as soon as they are written, in memory: the library would put them into a file of its own, readable by whoever
    reads the disk."""

    def _initialize(self, init_data: dict[str, Any]) -> None:
        super()._initialize(init_data | {"constant_memory": False})
        self.constant_memory = True
        self.row_data_fh: Any = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        self.fh = self.row_data_fh

    def _opt_close(self) -> None:
        """It stays open until it is copied into the workbook."""

    def _opt_reopen(self) -> None:
        """It was never closed."""

    def _write_optimized_sheet_data(self) -> None:
        self._xml_start_tag("sheetData")
        self.row_data_fh.seek(0)
        while data := self.row_data_fh.read(65_536):
            self.fh.write(data)
        self.row_data_fh.close()
        self._xml_end_tag("sheetData")


def write(document: Document, target: IO[bytes], tell: Tell) -> None:
    """Writes the report. A row is forgotten once it is written."""
    done = 0
    with xlsxwriter.Workbook(target, _AS_WRITTEN) as book:
        book.set_properties({"title": _legal(document.title), "subject": _legal(document.course), "created": document.made_at.replace(tzinfo=None)})
        looks = {name: book.add_format({"num_format": words}) for name, words in _NUMBER_FORMATS.items()}
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        title = book.add_format({"bold": True, "font_size": 16})
        _about(document, book.add_worksheet("About", worksheet_class=_Sheet), title, bold, wrapped)
        for table in document.tables:
            done = _sheet(document, table, book, bold, looks, done, tell)


def _about(document: Document, sheet: Any, title: Any, bold: Any, wrapped: Any) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 80)
    sheet.set_column(2, 4, 24)
    sheet.write_string(0, 0, document.title, title)
    row = 2
    for name, words in (*document.facts, *(("Note", note) for note in document.notes)):
        sheet.write_string(row, 0, name, wrapped)
        sheet.write_string(row, 1, words, wrapped)
        row += 1
    row += 1
    for place, head in enumerate(("Figure", "Meaning", "Unit", "What n counts", "Source")):
        sheet.write_string(row, place, head, bold)
    for one in document.definitions:
        row += 1
        for place, words in enumerate((one.title, one.meaning, one.unit, one.n, one.source)):
            sheet.write_string(row, place, words, wrapped)


def _sheet(document: Document, table: Table, book: Any, bold: Any, looks: dict[str, Any], done: int, tell: Tell) -> int:
    sheet = book.add_worksheet(_name(table.name), worksheet_class=_Sheet)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, WIDTH * column.width)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.title, bold)
    sheet.freeze_panes(1, 1)
    number = 0
    for number, row in enumerate(table.rows(), start=1):
        for place, cell in enumerate(row):
            _write(sheet, number, place, in_zone(cell, document.zone), looks)
        done += 1
        if done % EACH == 0:
            tell(done)
    if number:
        sheet.autofilter(0, 0, number, len(table.columns) - 1)
    if table.chart is not None and number:
        _chart(book, sheet, table, number)
    return done


def _write(sheet: Any, row: int, place: int, cell: Any, looks: dict[str, Any]) -> None:
    match cell:
        case None | "":
            pass
        case Decimal() | int():
            sheet.write_number(row, place, float(cell), looks["whole" if cell == int(cell) else "parts"])
        case datetime():
            sheet.write_datetime(row, place, cell, looks["moment"])
        case date():
            sheet.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), looks["day"])  # noqa: DTZ001 - a day has no zone
        case _:
            sheet.write_string(row, place, cell)


def _chart(book: Any, sheet: Any, table: Table, rows: int) -> None:
    drawn = table.chart
    assert drawn is not None
    chart = book.add_chart({"type": "line" if drawn.many else "bar"})
    name = sheet.get_name()
    look = {"line": {"color": ACCENT, "width": 2}} if drawn.many else {"fill": {"color": ACCENT}, "gap": 40}
    chart.add_series(
        {
            "name": _legal(table.columns[drawn.values].title),
            "categories": [name, 1, drawn.labels, rows, drawn.labels],
            "values": [name, 1, drawn.values, rows, drawn.values],
            **look,
        }
    )
    chart.set_title({"name": _legal(drawn.title), "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 640, "height": 320 if drawn.many else max(240, min(900, 22 * rows + 90))})
    chart.set_y_axis({"major_gridlines": {"visible": drawn.many, "line": {"color": "#E2E4EA"}}, "reverse": not drawn.many})
    sheet.insert_chart(1, len(table.columns) + 1, chart, {"description": _legal(f"{drawn.title}. {table.finding}".strip())})


def _legal(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _name(title: str) -> str:
    return "".join(character for character in title if character not in "[]:*?/\\'")[:31] or "Sheet"
