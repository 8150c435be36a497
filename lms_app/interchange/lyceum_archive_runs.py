"""The runs in one of our archives, checked: what no run can be is refused with a sentence."""

from collections.abc import Callable, Collection
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from lms_app.domain.gradebook.gradebook_settings import GradebookSettings
from lms_app.errors import Invalid
from lms_app.interchange.neutral import GradeCategory, GradeColumn, Run
from lms_app.words import EnrollmentPolicy, Pace

MOST_RUNS, MOST_SEATS, MOST_CATEGORIES, MOST_COLUMNS = 100, 100_000, 50, 2000
_PLACE = "course.json, runs"
_LONGEST = 200
_MOMENTS = (("opens_at", "closes_at"), ("enrollment_opens_at", "enrollment_closes_at"))

Made = Callable[[type[Any], Any, str], Any]
"""One of the neutral parts from JSON: see `lyceum_archive_reading.py`."""


def read_runs(values: Any, quizzes: Collection[str], made: Made) -> tuple[Run, ...]:
    """The runs. Raises Invalid."""
    if not isinstance(values, list) or len(values) > MOST_RUNS:
        raise Invalid("The archive's list of runs is not as Lyceum writes it.")
    runs = tuple(_run(value, quizzes, made) for value in values)
    if runs and sum(run.present for run in runs) != 1:
        raise Invalid("The archive does not say which run of the course is the present one.")
    return runs


def _run(value: Any, quizzes: Collection[str], made: Made) -> Run:
    if not isinstance(value, dict):
        raise Invalid("A run of the archive is not as Lyceum writes it.")
    categories = [made(GradeCategory, one, _PLACE) for one in _list(value.get("categories", []), MOST_CATEGORIES)]
    columns = [made(GradeColumn, one, _PLACE) for one in _list(value.get("columns", []), MOST_COLUMNS)]
    run: Run = made(Run, {**value, "categories": (), "columns": ()}, _PLACE)
    try:
        _check(run)
        for category in categories:
            _check_category(category)
        for column in columns:
            _check_column(column, quizzes, len(categories))
        if len({column.quiz for column in columns if column.quiz}) < sum(bool(column.quiz) for column in columns):
            raise ValueError("a quiz has two columns")
        grading = GradebookSettings.model_validate(run.grading).model_dump(mode="json") if run.grading else {}
    except (ValueError, ValidationError, InvalidOperation, ZoneInfoNotFoundError, OSError, OverflowError) as error:
        raise Invalid(f"The run “{run.title[:60]}” of the archive is none that a course can have.") from error
    return Run(**{**vars(run), "categories": tuple(categories), "columns": tuple(columns), "grading": grading})


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise Invalid("A run of the archive is not as Lyceum writes it.")
    return value


def _check(run: Run) -> None:
    ZoneInfo(run.time_zone)
    if run.pace not in set(Pace) or run.policy not in set(EnrollmentPolicy) or len(run.title) > 120:
        raise ValueError("no run")
    if run.seats is not None and not 0 <= run.seats <= MOST_SEATS:
        raise ValueError("no number of seats")
    for start, end in _MOMENTS:
        opens, closes = _moment(getattr(run, start)), _moment(getattr(run, end))
        if opens and closes and closes <= opens:
            raise ValueError("it ends before it begins")


def _check_category(category: GradeCategory) -> None:
    if not category.title.strip() or len(category.title) > _LONGEST or not 0 <= category.drop_lowest <= 20:
        raise ValueError("no category")
    _number(category.weight, 0)


def _check_column(column: GradeColumn, quizzes: Collection[str], categories: int) -> None:
    if not column.title.strip() or len(column.title) > _LONGEST or not 0 <= column.category <= categories:
        raise ValueError("no column")
    if column.quiz and column.quiz not in quizzes:
        raise ValueError("a column of no quiz")
    _number(column.points, 0)
    if column.required and _number(column.required, 0) > 1:
        raise ValueError("more than everything")
    _moment(column.due_at)


def _moment(written: str) -> datetime | None:
    if not written:
        return None
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None or not 1990 <= moment.year <= 2210:
        raise ValueError("no moment")
    return moment


def _number(written: str, least: int) -> Decimal:
    number = Decimal(written) if len(written) <= 30 else Decimal("NaN")
    if not number.is_finite() or not least <= number <= 10_000 or number != number.quantize(Decimal("0.000001")):
        raise ValueError("no number")
    return number
