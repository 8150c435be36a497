"""A run's gradebook read from its tables, as the rules take it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.assessments.closing_times import ClosingTimes, closing_times
from lms_app.domain.gradebook import grade_rules as rules
from lms_app.domain.gradebook.gradebook_settings import GradebookSettings
from lms_app.domain.gradebook.views import CategoryView, CellView, ColumnView, TotalView
from lms_app.models import Gradebook, GradeCategory, GradeColumn, Run
from lms_app.words import GradeState


class Held(NamedTuple):
    """A mark and the version of its row; 0 where there is none."""

    mark: rules.Mark
    version: int


NO_GRADE = Held(mark=rules.UNKNOWN, version=0)
Marks = Mapping[str, Held]
"""What is held of one person, by column."""
Exceptions = Mapping[UUID, Mapping[str, datetime]]
"""When a column's quiz closes for those for whom it closes at another time, by enrolment and column."""


@dataclass(frozen=True, kw_only=True)
class Book:
    """How a run is graded, now."""

    run_id: UUID
    zone: ZoneInfo
    settings: GradebookSettings
    ruling: rules.Rules
    columns: tuple[rules.Column, ...]
    categories: tuple[rules.Category, ...]
    quizzes: Mapping[str, UUID | None]
    exceptions: Exceptions
    now: datetime

    def total(self, marks: Marks) -> TotalView:
        """What somebody's marks make."""
        return total_view(rules.total(self.columns, self.categories, _bare(marks), self.ruling, self.now))

    def breakdown(self, marks: Marks) -> rules.Breakdown:
        """The same, and why."""
        return rules.breakdown(self.columns, self.categories, _bare(marks), self.ruling, self.now)

    def cell(self, column: rules.Column, held: Held) -> CellView:
        """One grade as it is read."""
        return cell_view(rules.standing(column, held.mark, self.ruling, self.now), held.version)

    def dues_over(self) -> int:
        """How many columns are due no more, for everybody without an exception: which ones, since they come one after the other."""
        return sum(self._is_over(rules.due(column, rules.UNKNOWN)) for column in self.columns)

    def exceptions_over(self, enrollment_id: UUID) -> tuple[tuple[str, datetime, bool], ...]:
        """Somebody's exceptions, and whether each of them is over."""
        mine = self.exceptions.get(enrollment_id, {})
        return tuple((column, closes_at, self._is_over(closes_at)) for column, closes_at in mine.items())

    def column_views(self) -> list[ColumnView]:
        """The columns in their order."""
        titles = {category.id: category.title for category in self.categories}
        return [
            ColumnView(
                id=column.id,
                title=column.title,
                category_id=column.category or "",
                category=titles.get(column.category or "", ""),
                points=rules.exact(column.points),
                counted=column.counted,
                required="" if column.required is None else rules.in_words(column.required * 100),
                due_at=self._told(column.due_at),
                closes_at=self._told(column.closes_at),
                quiz_id=str(self.quizzes[column.id] or ""),
            )
            for column in self.columns
        ]

    def category_views(self) -> list[CategoryView]:
        """The categories in their order."""
        whole = sum(category.weight for category in self.categories)
        return [
            CategoryView(
                id=category.id,
                title=category.title,
                weight=rules.exact(category.weight),
                weight_percent=round(category.weight / whole * 100) if whole else 0,
                drop_lowest=category.drop_lowest,
            )
            for category in self.categories
        ]

    def _is_over(self, due_at: datetime | None) -> bool:
        return due_at is not None and self.now > due_at + self.ruling.late.grace

    def _told(self, moment: datetime | None) -> str:
        return moment.astimezone(self.zone).isoformat() if moment else ""


def read_book(session: Session, run_id: UUID) -> Book:
    """A run's gradebook, without its grades. Columns stand by category, each category's in their own order."""
    return read_books(session, [run_id])[run_id]


def read_books(session: Session, run_ids: Collection[UUID]) -> dict[UUID, Book]:
    """The gradebooks of several runs, by six statements however many they are."""
    zones = session.exec(select(Run.id, Run.time_zone).where(col(Run.id).in_(run_ids))).all()
    settings = dict(session.exec(select(Gradebook.run_id, Gradebook.settings).where(col(Gradebook.run_id).in_(run_ids))).all())
    categories = _by_run(
        session.exec(
            select(*_OF_CATEGORIES)  # pyright: ignore[reportCallIssue, reportArgumentType]
            .where(col(GradeCategory.run_id).in_(run_ids))
            .order_by(GradeCategory.position, col(GradeCategory.id))
        ).all()
    )
    columns = _by_run(
        session.exec(
            select(*_OF_COLUMNS)  # pyright: ignore[reportCallIssue, reportArgumentType]
            .where(col(GradeColumn.run_id).in_(run_ids), col(GradeColumn.archived_at).is_(None))
            .order_by(GradeColumn.position, col(GradeColumn.id))
        ).all()
    )
    closing = closing_times(session, [(row.run_id, row.assessment_id) for rows in columns.values() for row in rows if row.assessment_id is not None])
    return {
        run_id: _book(run_id, zone, settings.get(run_id, {}), columns=columns[run_id], categories=categories[run_id], closing=closing)
        for run_id, zone in zones
    }


# By name, for whole rows of a hundred columns would take longer to make than everything else here.
_OF_CATEGORIES = (GradeCategory.run_id, GradeCategory.id, GradeCategory.title, GradeCategory.weight, GradeCategory.drop_lowest)
_OF_COLUMNS = (
    GradeColumn.run_id,
    GradeColumn.id,
    GradeColumn.title,
    GradeColumn.points,
    GradeColumn.category_id,
    GradeColumn.assessment_id,
    GradeColumn.counted,
    GradeColumn.required,
    GradeColumn.due_at,
)


def _by_run(rows: Sequence[Any]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.run_id].append(row)
    return found


def _book(
    run_id: UUID,
    zone: str,
    kept: Mapping[str, Any],
    *,
    columns: Sequence[Any],
    categories: Sequence[Any],
    closing: Mapping[tuple[UUID, UUID], ClosingTimes],
) -> Book:
    settings = GradebookSettings.model_validate(kept)
    place = {category.id: number for number, category in enumerate(categories)}
    ordered = sorted(columns, key=lambda column: place.get(column.category_id, len(place)))
    exceptions: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    for column in ordered:
        quiz = closing.get((run_id, column.assessment_id))
        for enrollment_id, closes_at in quiz.others.items() if quiz else ():
            exceptions[enrollment_id][str(column.id)] = closes_at
    return Book(
        run_id=run_id,
        zone=ZoneInfo(zone),
        settings=settings,
        ruling=settings.rules,
        columns=tuple(_column(column, closing.get((run_id, column.assessment_id))) for column in ordered),
        categories=tuple(
            rules.Category(id=str(category.id), title=category.title, weight=category.weight, drop_lowest=category.drop_lowest)
            for category in categories
        ),
        quizzes={str(column.id): column.assessment_id for column in ordered},
        exceptions=exceptions,
        now=clock.now(),
    )


def _column(column: Any, quiz: ClosingTimes | None) -> rules.Column:
    return rules.Column(
        id=str(column.id),
        title=column.title,
        points=column.points,
        category=str(column.category_id) if column.category_id else None,
        counted=column.counted,
        required=column.required,
        due_at=column.due_at,
        closes_at=quiz.everybody if quiz else None,
    )


def read_marks(
    session: Session, enrollment_ids: Collection[UUID], exceptions: Exceptions, columns: Sequence[rules.Column] | None = None
) -> dict[UUID, dict[str, Held]]:
    """Everything that is held of these people, or what is in these columns, by person and column, by one statement.

    `exceptions` are those of their gradebooks.
    """
    if not enrollment_ids:
        return {}
    # Ids as text: making two UUIDs of each of five thousand rows would take longer than reading them.
    if columns is None:
        rows = session.execute(_MARKS, {"ids": list(enrollment_ids)}).all()
    else:
        rows = session.execute(_SOME_MARKS, {"ids": list(enrollment_ids), "columns": [UUID(column.id) for column in columns]}).all()
    known = {str(enrollment_id): enrollment_id for enrollment_id in enrollment_ids}
    held: dict[UUID, dict[str, Held]] = defaultdict(dict)
    for enrollment, column, version, *facts in rows:
        held[known[enrollment]][column] = Held(rules.Mark(*facts), version)
    for enrollment_id in exceptions.keys() & enrollment_ids:
        for column, closes_at in exceptions[enrollment_id].items():
            mark, version = held[enrollment_id].get(column, NO_GRADE)
            held[enrollment_id][column] = Held(mark._replace(closes_at=closes_at), version)
    return held


_EVERY_MARK = (
    "SELECT enrollment_id::text, column_id::text, version, fraction, handed_in_at, pending, given, excused FROM grades "
    "WHERE enrollment_id = ANY(:ids)"
)
_MARKS = text(_EVERY_MARK)
_SOME_MARKS = text(f"{_EVERY_MARK} AND column_id = ANY(:columns)")


def cell_view(stands: rules.Standing, version: int) -> CellView:
    """One grade as it is read."""
    points = "" if stands.score is None or stands.state == GradeState.MISSING else rules.exact(stands.score)
    match stands.state:
        case GradeState.EXCUSED:
            text = "Excused"
        case GradeState.PENDING:
            text = "To mark"
        case GradeState.MISSING:
            text = "Missing"
        case _:
            text = "" if stands.score is None else rules.in_words(stands.score)
    return CellView(text=text, points=points, state=stands.state, late=stands.days_late, version=version)


def total_view(total: rules.Total) -> TotalView:
    """A total as it is read."""
    return TotalView(text=total.word, percent=None if total.fraction is None else rules.percent(total.fraction), passed=total.passed)


def _bare(marks: Marks) -> dict[str, rules.Mark]:
    return {name: held.mark for name, held in marks.items()}


def in_order(columns: Sequence[rules.Column], marks: Marks) -> list[tuple[rules.Column, Held]]:
    """Each column with what is held of it."""
    return [(column, marks.get(column.id, NO_GRADE)) for column in columns]
