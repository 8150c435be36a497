"""Tables as Excel workbooks."""

import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Nothing that somebody is called, or wrote, may become a formula or a link.
_AS_WRITTEN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def workbook(title: str, head: Sequence[str], rows: Sequence[Sequence[str | Decimal | None]], *, frozen_columns: int = 0) -> bytes:
    """An .xlsx file of one sheet: a bold head that stays in sight, numbers as numbers, text as text."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, _AS_WRITTEN) as book:
        sheet = book.add_worksheet("".join(character for character in title if character not in "[]:*?/\\'")[:31] or "Sheet")
        bold = book.add_format({"bold": True})
        for place, words in enumerate(head):
            sheet.write_string(0, place, words, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, Decimal):
                    sheet.write_number(number, place, float(cell))
                elif cell:
                    sheet.write_string(number, place, cell)
        sheet.freeze_panes(1, frozen_columns)
    return file.getvalue()
