"""A report as CSV: a ZIP with a file for each table, one line of heads and then rows, and `about.csv`, which says what they are of and mean."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from typing import IO

from lms_app.domain.gradebook.tables import harmless
from lms_app.interchange.report_document import Document, Tell, plain

EACH = 500
"""Rows between two words of how far it is."""


def write(document: Document, target: IO[bytes], tell: Tell) -> None:
    """Writes the report, a row at a time. No spreadsheet takes a cell for a formula."""
    done = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, table in zip(_names(document), document.tables, strict=True):
            with archive.open(name, "w", force_zip64=True) as file:
                # Without the mark Excel would not take it for UTF-8.
                file.write(b"\xef\xbb\xbf" + _line(column.title for column in table.columns))
                for row in table.rows():
                    file.write(_line(plain(cell, document.zone) for cell in row))
                    done += 1
                    if done % EACH == 0:
                        tell(done)
        with archive.open("about.csv", "w") as file:
            file.write(b"\xef\xbb\xbf" + _line(("About", "")))
            for pair in (("Report", document.title), *document.facts, *(("Note", words) for words in document.notes)):
                file.write(_line(pair))
            file.write(_line(()) + _line(("Figure", "Meaning", "Unit", "What n counts", "Source")))
            for one in document.definitions:
                file.write(_line((one.title, one.meaning, one.unit, one.n, one.source)))


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return text.getvalue().encode()


def _names(document: Document) -> list[str]:
    return [f"{re.sub(r'[^a-z0-9]+', '-', table.name.lower()).strip('-')}.csv" for table in document.tables]
