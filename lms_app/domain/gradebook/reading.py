"""A run's gradebook read from its tables, as the rules take it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.gradebook import grade_rules as rules
from lms_app.domain.gradebook.gradebook_settings import GradebookSettings
from lms_app.domain.gradebook.views import CategoryView, CellView, ColumnView, TotalView
from lms_app.models import Grade, Gradebook, GradeCategory, GradeColumn
from lms_app.words import GradeState


@dataclass(frozen=True, kw_only=True)
class Held:
    """A mark and the version of its row; 0 where there is none."""

    mark: rules.Mark
    version: int


NO_GRADE = Held(mark=rules.UNKNOWN, version=0)
Marks = Mapping[str, Held]
"""What is held of one person, by column."""


@dataclass(frozen=True, kw_only=True)
class Book:
    """How a run is graded, now."""

    run_id: UUID
    settings: GradebookSettings
    ruling: rules.Rules
    columns: tuple[rules.Column, ...]
    categories: tuple[rules.Category, ...]
    quizzes: Mapping[str, UUID | None]
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
                due_at=column.due_at.isoformat() if column.due_at else "",
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


def read_book(session: Session, run_id: UUID) -> Book:
    """A run's gradebook, without its grades. Columns stand by category, each category's in their own order."""
    kept = session.get(Gradebook, run_id)
    settings = GradebookSettings.model_validate(kept.settings) if kept else GradebookSettings()
    categories = session.exec(
        select(GradeCategory).where(GradeCategory.run_id == run_id).order_by(GradeCategory.position, col(GradeCategory.id))
    ).all()
    columns = session.exec(
        select(GradeColumn)
        .where(GradeColumn.run_id == run_id, col(GradeColumn.archived_at).is_(None))
        .order_by(GradeColumn.position, col(GradeColumn.id))
    ).all()
    place = {category.id: number for number, category in enumerate(categories)}
    columns = sorted(columns, key=lambda column: place.get(column.category_id, len(place)) if column.category_id else len(place))
    return Book(
        run_id=run_id,
        settings=settings,
        ruling=settings.rules,
        columns=tuple(rule_column(column) for column in columns),
        categories=tuple(
            rules.Category(id=str(category.id), title=category.title, weight=category.weight, drop_lowest=category.drop_lowest)
            for category in categories
        ),
        quizzes={str(column.id): column.assessment_id for column in columns},
        now=clock.now(),
    )


def rule_column(column: GradeColumn) -> rules.Column:
    """A column as the rules take it."""
    return rules.Column(
        id=str(column.id),
        title=column.title,
        points=column.points,
        category=str(column.category_id) if column.category_id else None,
        counted=column.counted,
        required=column.required,
        due_at=column.due_at,
    )


def read_marks(session: Session, enrollment_ids: Collection[UUID]) -> dict[UUID, dict[str, Held]]:
    """Everything that is held of these people, by person and column, by one statement."""
    if not enrollment_ids:
        return {}
    # Ids as text: making two UUIDs of each of five thousand rows would take longer than reading them.
    rows = session.execute(_MARKS, {"ids": list(enrollment_ids)}).all()
    known = {str(enrollment_id): enrollment_id for enrollment_id in enrollment_ids}
    held: dict[UUID, dict[str, Held]] = defaultdict(dict)
    for enrollment, column, fraction, at, pending, given, excused, version in rows:
        mark = rules.Mark(fraction=fraction, at=at, pending=pending, given=given, excused=excused)
        held[known[enrollment]][column] = Held(mark=mark, version=version)
    return held


_MARKS = text(
    "SELECT enrollment_id::text, column_id::text, fraction, handed_in_at, pending, given, excused, version "
    "FROM grades WHERE enrollment_id = ANY(:ids)"
)


def held_of(grade: Grade) -> Held:
    """A row of grades as it is held."""
    mark = rules.Mark(fraction=grade.fraction, at=grade.handed_in_at, pending=grade.pending, given=grade.given, excused=grade.excused)
    return Held(mark=mark, version=grade.version)


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
