"""A gradebook as a table: written as CSV, and as rows for a spreadsheet; read from CSV, first to look at what it would change.

The first column is the enrolment's id, so that a table that was written here finds everybody again whatever they are called. Cells that a
spreadsheet would take for a formula are written with an apostrophe in front, which reading takes away.
"""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.certificates.following import followed
from lms_app.domain.courses import access
from lms_app.domain.enrollments.roster import Named, named
from lms_app.domain.gradebook import grade_rules as rules
from lms_app.domain.gradebook import gradebook, projection, reading
from lms_app.domain.gradebook.views import ImportChange, ImportPreview, ImportRefusal
from lms_app.errors import Conflict, Invalid
from lms_app.models import Enrollment, Grade
from lms_app.words import GradeAct

ENROLMENT, NAME, TOTAL, PERCENT, PASSED = "Enrolment", "Name", "Total", "Percent", "Passed"
OURS = (ENROLMENT, NAME, TOTAL, PERCENT, PASSED)
EXCUSED = "EX"
MOST_SHOWN = 200
MOST_LINES = 20_000

_FORMULA = re.compile(r"^[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
_FORMULA_WITHIN = re.compile(r"([;\t\r\n]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a spreadsheet that divides by semicolons or tabs, as many do by their language, would begin a cell with a formula."""
_TAMED_WITHIN = re.compile(r"([;\t\r\n]\s*)'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_PLAIN_NUMBER = re.compile(r"^-?[0-9]+([.,][0-9]+)?$")

Cell = str | Decimal | None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A gradebook as a table: its name, heads, and rows of texts, numbers and nothing."""

    name: str
    head: list[str]
    rows: list[list[Cell]]


@dataclass(frozen=True, kw_only=True)
class _Planned:
    line: int
    one: Named
    column: rules.Column
    held: reading.Held
    points: Decimal | None
    """None excuses."""

    @property
    def place(self) -> tuple[UUID, UUID]:
        """Enrolment and column."""
        return self.one.enrollment_id, UUID(self.column.id)

    @property
    def said(self) -> str:
        """The grade as the table says it."""
        return EXCUSED if self.points is None else rules.exact(self.points)


@dataclass
class _Plan:
    changes: list[_Planned]
    refusals: list[ImportRefusal]
    unchanged: int = 0

    @property
    def digest(self) -> str:
        """Stands for exactly these changes to exactly the grades that stand now."""
        said = "\n".join(f"{change.one.enrollment_id} {change.column.id} {change.held.version} {change.said}" for change in self.changes)
        return hashlib.sha256(said.encode()).hexdigest()


def table(session: Session, actor: Actor, course_id: UUID) -> Table:
    """Everybody's grades and totals. Scores are numbers, excused is `EX`, what is not there is empty. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    book = reading.read_book(session, access.current_run(session, course.id).id)
    everybody = named(session, book.run_id)
    held = reading.read_marks(session, [one.enrollment_id for one in everybody], book.exceptions)
    rows: list[list[Cell]] = []
    for one in everybody:
        marks = held.get(one.enrollment_id, {})
        total = book.total(marks)
        cells = [_cell(book, column, mark) for column, mark in reading.in_order(book.columns, marks)]
        passed = {True: "yes", False: "no", None: ""}[total.passed]
        percent = None if total.percent is None else Decimal(total.percent)
        rows.append([str(one.enrollment_id), one.name, *cells, total.text, percent, passed])
    return Table(name=course.slug, head=[ENROLMENT, NAME, *_titles(book.columns), TOTAL, PERCENT, PASSED], rows=rows)


def as_csv(written: Table) -> Iterator[str]:
    """The table as CSV, a line at a time."""
    for row in ([*written.head], *written.rows):
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(["" if cell is None else harmless(cell) for cell in row])
        yield line.getvalue()


def harmless(cell: Cell) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = rules.exact(cell) if isinstance(cell, Decimal) else str(cell or "")
    if _FORMULA.match(text) and not _PLAIN_NUMBER.match(text):
        text = f"'{text}"
    return _FORMULA_WITHIN.sub(r"\1'", text)


def preview(session: Session, actor: Actor, course_id: UUID, text: str) -> ImportPreview:
    """What a CSV table would change, and what of it is refused and why. Changes nothing. Raises NotFound, Invalid for no table at all."""
    run = gradebook.graded_run(session, actor, course_id)
    plan = _plan(session, run.id, text)
    return ImportPreview(
        digest=plan.digest,
        change_count=len(plan.changes),
        refusal_count=len(plan.refusals),
        unchanged=plan.unchanged,
        changes=[
            ImportChange(
                line=change.line, name=change.one.name, column=change.column.title, before=_before(change.held, change.column), after=change.said
            )
            for change in plan.changes[:MOST_SHOWN]
        ],
        refusals=plan.refusals[:MOST_SHOWN],
    )


def apply(session: Session, actor: Actor, course_id: UUID, text: str, digest: str, filename: str = "") -> int:
    """Makes exactly the changes that the preview with this digest told, all or none; gives how many. Raises Conflict where grades moved since."""
    run = gradebook.graded_run(session, actor, course_id)
    plan = _plan(session, run.id, text)
    if plan.digest != digest:
        raise Conflict("Grades moved since you looked at what this would change. Look at it again, then import.")
    reason = f"Imported from {filename.strip()[:120]}" if filename.strip() else "Imported from a table"
    ids = {change.one.enrollment_id for change in plan.changes}
    people = {row.id: row for row in session.exec(select(Enrollment).where(col(Enrollment.id).in_(ids))).all()}
    locked = gradebook.lock_grades(session, [change.place for change in plan.changes])
    with followed(session, ids):
        for change in plan.changes:
            grade = locked[change.place]
            if grade.version != change.held.version:
                raise Conflict("Grades moved while they were imported. Nothing was changed; look at it again, then import.")
            _apply(session, actor, grade, people[change.one.enrollment_id], change, reason)
    session.flush()
    projection.tell(session, ids)
    return len(plan.changes)


def _apply(session: Session, actor: Actor, grade: Grade, enrollment: Enrollment, change: _Planned, reason: str) -> None:
    if change.points is None:
        gradebook.change(session, actor, grade, enrollment, GradeAct.EXCUSED, given=grade.given, excused=True, reason=reason)
    else:
        gradebook.change(session, actor, grade, enrollment, GradeAct.IMPORTED, given=change.points, excused=False, reason=reason)


def _plan(session: Session, run_id: UUID, text: str) -> _Plan:
    book = reading.read_book(session, run_id)
    everybody = named(session, run_id)
    held = reading.read_marks(session, [one.enrollment_id for one in everybody], book.exceptions)
    head, lines = _read(text)
    titles = dict(zip(_titles(book.columns), book.columns, strict=True))
    plan = _Plan([], [])
    for title in head:
        if title and title not in titles and title not in OURS:
            plan.refusals.append(ImportRefusal(line=1, where=title, value="", why="There is no column of this name."))
    by_id = {str(one.enrollment_id): one for one in everybody}
    names = Counter(one.name for one in everybody)
    by_name = {one.name: one for one in everybody if names[one.name] == 1}
    seen: set[UUID] = set()
    for number, cells in lines:
        row = dict(zip(head, cells, strict=False))
        one = by_id.get(row.get(ENROLMENT, "").lower()) if row.get(ENROLMENT) else by_name.get(row.get(NAME, ""))
        if one is None or one.enrollment_id in seen:
            why = "This person is in the table twice." if one else _nobody(row, names)
            plan.refusals.append(ImportRefusal(line=number, where=NAME, value=row.get(NAME, "") or row.get(ENROLMENT, ""), why=why))
            continue
        seen.add(one.enrollment_id)
        for title, value in row.items():
            if title in titles and value:
                _plan_cell(plan, book, number, one, titles[title], held.get(one.enrollment_id, {}), value)
    return plan


def _plan_cell(plan: _Plan, book: reading.Book, line: int, one: Named, column: rules.Column, marks: reading.Marks, value: str) -> None:
    mark = marks.get(column.id, reading.NO_GRADE)
    try:
        points = None if value.casefold() in (EXCUSED.casefold(), "excused") else gradebook.read_points(value, column.points)
    except Invalid as refusal:
        plan.refusals.append(ImportRefusal(line=line, where=f"{one.name}, {column.title}", value=value[:40], why=refusal.sentence))
        return
    stands = rules.standing(column, mark.mark, book.ruling, book.now)
    same = mark.mark.excused if points is None else not mark.mark.excused and stands.score == points and stands.state != rules.GradeState.MISSING
    if same:
        plan.unchanged += 1
    else:
        plan.changes.append(_Planned(line=line, one=one, column=column, held=mark, points=points))


def _read(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The heads, and each line with its number. Commas, semicolons and tabs divide."""
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    divider = max(",;\t", key=first.count)
    try:
        rows = [
            (number, [_plain(cell) for cell in row])
            for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True), start=1)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error:
        raise Invalid("This is not a table of comma-separated values.") from None
    if not rows:
        raise Invalid("This table is empty.")
    if len(rows) > MOST_LINES:
        raise Invalid(f"A table has at most {MOST_LINES} lines.")
    head = rows[0][1]
    if ENROLMENT not in head and NAME not in head:
        raise Invalid(
            f"The first line must name the columns; one of them is {ENROLMENT} or {NAME}. Export the gradebook to get a table to begin with."
        )
    twice = [title for title, count in Counter(head).items() if title and count > 1]
    if twice:
        raise Invalid(f"Two columns are called {twice[0]}.")
    return head, rows[1:]


def _plain(cell: str) -> str:
    clean = _TAMED_WITHIN.sub(r"\1", cell.strip())
    return clean[1:] if clean.startswith("'") and _FORMULA.match(clean[1:]) else clean


def _nobody(row: dict[str, str], names: Counter[str]) -> str:
    if not row.get(ENROLMENT) and names[row.get(NAME, "")] > 1:
        return "Several people have this name. Keep the column Enrolment, which tells them apart."
    return "Nobody like this takes the course."


def _titles(columns: Sequence[rules.Column]) -> list[str]:
    """A head for each column, each different."""
    taken: Counter[str] = Counter(OURS)
    titles = []
    for column in columns:
        title, number = column.title, 1
        while taken[title]:
            number += 1
            title = f"{column.title} ({number})"
        taken[title] += 1
        titles.append(title)
    return titles


def _cell(book: reading.Book, column: rules.Column, held: reading.Held) -> Cell:
    stands = rules.standing(column, held.mark, book.ruling, book.now)
    if stands.state == rules.GradeState.EXCUSED:
        return EXCUSED
    return None if stands.state == rules.GradeState.MISSING else stands.score


def _before(held: reading.Held, column: rules.Column) -> str:
    if held.mark.excused:
        return EXCUSED
    if held.mark.given is not None:
        return rules.in_words(held.mark.given)
    return "" if held.mark.fraction is None else rules.in_words(held.mark.fraction * column.points)
