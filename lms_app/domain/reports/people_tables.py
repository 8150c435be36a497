"""Reports with a row for each student: how they stand, and their grades. Read of some hundreds at a time, while they are written."""

from collections.abc import Iterator, Sequence
from typing import Any

from lms_app.domain.analytics import risk
from lms_app.domain.analytics.student_figures import figures_of_run
from lms_app.domain.analytics.students import score_percent
from lms_app.domain.enrollments.progress_rules import percent_of
from lms_app.domain.enrollments.roster import Named
from lms_app.domain.gradebook import grade_rules, reading
from lms_app.domain.gradebook.tables import EXCUSED
from lms_app.domain.reports.sources import Source
from lms_app.domain.reports.table_parts import NUMBER, Outlined, definitions
from lms_app.interchange.report_document import Cell, Column, Definition, Table
from lms_app.words import GradeState

AT_ONCE = 200
"""People who are read by one statement."""

STUDENTS = (
    Column(title="Name", width=2.2),
    Column(title="Progress, %", kind=NUMBER),
    Column(title="Items done", kind=NUMBER),
    Column(title="Of items", kind=NUMBER),
    Column(title="Mean score, %", kind=NUMBER, metric="mean_score_of_person"),
    Column(title="Time, minutes", kind=NUMBER, metric="time_by_person"),
    Column(title="Last visit", kind="moment", width=1.5, metric="last_active"),
    Column(title="Enrolled", kind="day", width=1.1),
    Column(title="Completed", width=1.1),
    Column(title="At risk because", width=3.0),
)


def students_outline(source: Source) -> list[Outlined]:
    """The table of students, by their number alone."""
    return [Outlined(name="Students", columns=STUDENTS, count=source.head_count())]


def students(source: Source) -> tuple[list[Table], list[Definition]]:
    """How each student stands, by name."""
    people = source.people()

    def rows() -> Iterator[Sequence[Cell]]:
        risks = risk.look(source.session, source.run)
        reasons = risk.sentences(source.session, risks, risks.open)
        for some in _parts(people):
            figures = figures_of_run(source.session, source.run.id, [one.enrollment_id for one in some])
            for one in some:
                known = figures[one.enrollment_id]
                yield [
                    one.name,
                    percent_of(known.done, known.total),
                    known.done,
                    known.total,
                    score_percent(known.score),
                    known.seconds // 60,
                    known.visited,
                    known.enrolled_at.astimezone(source.zone).date(),
                    "yes" if known.completed else "no",
                    reasons.get(one.enrollment_id, ""),
                ]

    finding = f"{len(people):,} {'student' if len(people) == 1 else 'students'}, by name."
    own = [
        Definition(
            title="Progress",
            meaning="Required pages and quizzes that the student has completed, of all.",
            unit="percent",
            n="required items",
            source="the ledger of completions",
        ),
        Definition(
            title="At risk because",
            meaning="Every reason that holds by the thresholds of the course, in words. There is no score. Who was dismissed has none.",
            unit="words",
            n="1 student",
            source="roll-ups and grades",
        ),
    ]
    table = Table(name="Students", columns=STUDENTS, count=len(people), rows=rows, finding=finding)
    return [table], [*own, *definitions("mean_score_of_person", "time_by_person", "last_active")]


def gradebook_outline(source: Source) -> list[Outlined]:
    """The table of grades: its columns, and how many students there are."""
    return [Outlined(name="Grades", columns=_grade_columns(reading.read_book(source.session, source.run.id)), count=source.head_count())]


def gradebook(source: Source) -> tuple[list[Table], list[Definition]]:
    """Every grade and total, by name."""
    people, book = source.people(), reading.read_book(source.session, source.run.id)

    def rows() -> Iterator[Sequence[Cell]]:
        for some in _parts(people):
            held = reading.read_marks(source.session, [one.enrollment_id for one in some], book.exceptions)
            for one in some:
                marks = held.get(one.enrollment_id, {})
                total = book.total(marks)
                cells = [_grade(book, column, mark) for column, mark in reading.in_order(book.columns, marks)]
                yield [one.name, total.text, total.percent, {True: "yes", False: "no", None: ""}[total.passed], *cells]

    meanings = [
        Definition(
            title="Total and percent",
            meaning="What the grades make by the rules of the gradebook: weights, what is dropped, lateness, and what is missing.",
            unit="points, letters or words of the scale; percent rounded down",
            n="columns that count",
            source="grades, as they are now",
        ),
        Definition(
            title="Points",
            meaning=f"Points as they stand after lateness. {EXCUSED} is excused; what is not there is empty.",
            unit="points",
            n="1 grade",
            source="quizzes and what a grader gave",
        ),
    ]
    return [Table(name="Grades", columns=_grade_columns(book), count=len(people), rows=rows)], meanings


def _parts(people: Sequence[Named]) -> Iterator[Sequence[Named]]:
    return (people[start : start + AT_ONCE] for start in range(0, len(people), AT_ONCE))


def _grade_columns(book: reading.Book) -> list[Column]:
    return [
        Column(title="Name", width=2.2),
        Column(title="Total"),
        Column(title="Percent", kind=NUMBER),
        Column(title="Passed"),
        *(Column(title=f"{column.title} (of {grade_rules.in_words(column.points)})", kind=NUMBER, width=1.2) for column in book.columns),
    ]


def _grade(book: reading.Book, column: Any, held: reading.Held) -> Cell:
    stands = grade_rules.standing(column, held.mark, book.ruling, book.now)
    if stands.state == GradeState.EXCUSED:
        return EXCUSED
    return None if stands.state == GradeState.MISSING else stands.score
