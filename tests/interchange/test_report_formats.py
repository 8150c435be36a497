"""A report in its formats: what a spreadsheet would take for a formula, what is too wide or too long for a page, and who waits for whom."""

import csv
import io
import threading
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from lxml import etree
from pypdf import PdfReader

from lms_app.adapters import pdf
from lms_app.interchange import report_csv, report_pdf, report_xlsx
from lms_app.interchange.report_document import Cell, Chart, Column, Definition, Document, Table

NASTY = ["=1+1", "+49 30", "-2+3", "@SUM(A1)", "\t=1", "a;=1", "\r=1"]
WIDE = ["\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)", "a;\uff1d1"]
"""What a spreadsheet that is set up for Chinese, Japanese or Korean takes for the same."""


def document(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], chart: Chart | None = None) -> Document:
    table = Table(name="A/B: [table]", columns=columns, count=len(rows), rows=lambda: iter(rows), finding="What it shows.", chart=chart)
    return Document(
        title="Students", course="Камни и 砂", language="en", facts=[("Course", "Камни и 砂"), ("As of", "7 December 2026")], tables=[table],
        definitions=[Definition(title="Mean", meaning="=What it means", unit="percent", n="attempts", source="events")],
        zone=ZoneInfo("Europe/Berlin"), made_at=datetime(2026, 12, 7, 7, tzinfo=UTC), notes=["A note."],
    )  # fmt: skip


def written(module, made: Document) -> bytes:
    out = io.BytesIO()
    module.write(made, out, lambda done: None)
    return out.getvalue()


def test_no_cell_of_a_csv_is_a_formula_and_every_value_is_plain() -> None:
    moment = datetime(2026, 12, 7, 7, 30, tzinfo=UTC)
    made = document(
        [Column(title="=Head"), Column(title="B"), Column(title="C"), Column(title="D")],
        [[word, Decimal("1.50"), moment, date(2026, 1, 2)] for word in NASTY],
    )
    with zipfile.ZipFile(io.BytesIO(written(report_csv, made))) as archive:
        assert archive.namelist() == ["a-b-table.csv", "about.csv"]
        text = archive.read("a-b-table.csv").decode("utf-8-sig")
        assert archive.read("about.csv").startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    assert lines[0][0] == "'=Head"
    assert lines[1][1:] == ["1.5", "2026-12-07 08:30", "2026-01-02"]
    for line in lines[1:]:
        assert not line[0].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert lines[6][0] == "a;'=1"


def test_signs_as_wide_as_a_letter_begin_no_formula_either() -> None:
    made = document([Column(title="A")], [[word] for word in WIDE])
    with zipfile.ZipFile(io.BytesIO(written(report_csv, made))) as archive:
        lines = list(csv.reader(io.StringIO(archive.read("a-b-table.csv").decode("utf-8-sig"), newline="")))
    assert [line[0] for line in lines[1:]] == [*(f"'{word}" for word in WIDE[:4]), "a;'\uff1d1"]


def test_no_cell_of_a_workbook_is_a_formula_and_numbers_and_days_are_such() -> None:
    rows = [[word, Decimal("1.5"), 1234, datetime(2026, 12, 7, 7, 30, tzinfo=UTC), date(2026, 1, 2), None] for word in NASTY]
    kinds = ("text", "number", "number", "moment", "day", "text")
    made = document([Column(title=f"C{number}", kind=kind) for number, kind in enumerate(kinds)], rows, Chart(title="Drawn", labels=0, values=2))
    book = openpyxl.load_workbook(io.BytesIO(written(report_xlsx, made)))
    assert book.sheetnames == ["About", "AB table"]
    sheet = book["AB table"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "inlineStr", "n", "d"}
    assert [cell.value for cell in sheet[2]] == [
        "=1+1",
        1.5,
        1234,
        datetime.fromisoformat("2026-12-07 08:30"),
        datetime.fromisoformat("2026-01-02"),
        None,
    ]
    assert len(sheet._charts) == 1
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:F8")
    about = [[cell.value for cell in row] for row in book["About"].iter_rows()]
    assert ["Course", "Камни и 砂"] in [row[:2] for row in about]
    assert "=What it means" in [row[1] for row in about]


@pytest.mark.parametrize("odd", ["\x0b", "\x01", "\ufffe", "\uffff", "\x7f", "\u2028", "_x0041_", "<b>&amp;"])
def test_a_workbook_is_whole_whatever_somebody_has_typed(odd: str) -> None:
    word = f"a{odd}b"
    made = document([Column(title=word), Column(title=word, kind="number")], [[word, 1]], Chart(title=word, labels=0, values=1))
    data = written(report_xlsx, replace(made, course=word, title=word, facts=[("Course", word)], tables=[replace(made.tables[0], finding=word)]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            etree.fromstring(archive.read(name))
    assert openpyxl.load_workbook(io.BytesIO(data))["AB table"]["B2"].value == 1


def test_no_row_is_held_once_it_is_written() -> None:
    alive: list[int] = []

    class Row(list):
        def __init__(self, cells: Sequence[Cell]) -> None:
            super().__init__(cells)
            alive.append(1)

        def __del__(self) -> None:
            alive.pop()

    most = 0

    def rows() -> Iterator[Sequence[Cell]]:
        nonlocal most
        for number in range(3000):
            yield Row([f"Somebody {number}", number])
            most = max(most, len(alive))

    table = Table(name="Many", columns=[Column(title="Name"), Column(title="n", kind="number")], count=3000, rows=rows)
    made = document([], [])
    many = Document(**{**made.__dict__, "tables": [table]})
    for module in (report_csv, report_xlsx):
        written(module, many)
    assert most <= 3


def pages_of(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def test_a_long_table_goes_over_pages_each_with_its_heads_and_number() -> None:
    rows = [[f"Somebody {number} 学生", number] for number in range(120)]
    pages = pages_of(written(report_pdf, document([Column(title="Name", width=2), Column(title="Points", kind="number")], rows)))
    assert len(pages) > 2
    assert all("Points" in page for page in pages[:2])
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in " ".join(page.split()), page[-80:]
    whole = "\n".join(pages)
    assert all(f"Somebody {number} 学生" in whole for number in range(120))
    assert "A note." in whole
    assert "=What it means" in whole


def test_a_table_that_is_too_wide_comes_in_parts_that_begin_with_the_first_column() -> None:
    columns = [Column(title="Name", width=2), *(Column(title=f"Quiz {number:02}", kind="number") for number in range(40))]
    rows = [["Ada Byron", *(number + 1000 for number in range(40))]]
    whole = "\n".join(pages_of(written(report_pdf, document(columns, rows))))
    assert whole.count("Ada Byron") >= 3
    assert all(f"Quiz {number:02}" in whole and f"1,0{number:02}" in whole for number in range(40))


def test_paper_has_the_last_of_many_days_and_says_so_and_no_word_of_a_head_is_cut() -> None:
    made = document([Column(title="Day"), Column(title="Internationalisations", kind="number")], [[f"Day {number}", number] for number in range(90)])
    table = Table(**{**made.tables[0].__dict__, "printed": 5})
    whole = "\n".join(pages_of(written(report_pdf, Document(**{**made.__dict__, "tables": [table]}))))
    assert "The last 5 of 90 rows." in whole
    assert "Day 85" in whole
    assert "Day 84" not in whole
    assert "Internationalisations" in whole


@pytest.mark.parametrize("many", [False, True])
def test_charts_of_nothing_of_one_and_of_zeros_are_drawn(many: bool) -> None:
    columns = [Column(title="Day", kind="day"), Column(title="Active", kind="number")]
    chart = Chart(title="Active people", labels=0, values=1, many=many)
    for rows in ([], [[date(2026, 1, 1), 3]], [[date(2026, 1, day), 0] for day in range(1, 4)]):
        assert pages_of(written(report_pdf, document(columns, rows, chart)))


def test_a_certificate_goes_first_between_two_pages() -> None:
    facts = {"person": "Ada", "course": "Stones", "institution": "Lyceum", "signatory": "Ines", "signatory_title": "Teacher", "code": "abc"}

    def certificate() -> bytes:
        return pdf.render(**facts, issued_on=date(2026, 3, 2), verification_url="https://example.org/certificates/abc")

    alone, drawn, after = certificate(), [], []
    thread = threading.Thread(target=lambda: drawn.append(certificate()))

    def tell(done: int) -> None:
        if done and not thread.ident:
            thread.start()
        if drawn:
            after.append(done)

    rows = [[f"Somebody {number}", number] for number in range(2500)]
    out = io.BytesIO()
    report_pdf.write(document([Column(title="Name"), Column(title="Points", kind="number")], rows), out, tell)
    thread.join(30)
    assert drawn == [alone], "it is what it would be with nothing beside it"
    assert after, "it was drawn while the report was not done"
    assert "Somebody 2499" in "".join(pages_of(out.getvalue()))
