"""The runs of a course as its archive keeps them: dates, zone, seats, way in and how they are graded. People, groups, codes and links stay behind."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.domain.courses import access, positions
from lms_app.domain.enrollments import run_rules
from lms_app.interchange import neutral
from lms_app.models import Course, Gradebook, GradeCategory, GradeColumn, Run
from lms_app.words import EnrollmentPolicy, Pace

MOMENTS = ("opens_at", "closes_at", "enrollment_opens_at", "enrollment_closes_at")


def kept_runs(session: Session, course_id: UUID, quizzes: Mapping[UUID, str]) -> tuple[neutral.Run, ...]:
    """The runs of a course, the oldest first. `quizzes` are the refs of those that come along."""
    present = access.current_run(session, course_id)
    rows = session.exec(select(Run).where(Run.course_id == course_id).order_by(col(Run.id))).all()
    return tuple(_kept(session, row, quizzes, present=row.id == present.id) for row in rows)


def made_runs(
    session: Session, course: Course, runs: tuple[neutral.Run, ...], quizzes: Mapping[str, UUID], shown: Mapping[str, bool], now: datetime
) -> list[Any]:
    """Rows for runs of a new course, which has one so far: that one becomes the first. `shown` says which quizzes students see."""
    rows: list[Any] = []
    first = session.exec(select(Run).where(Run.course_id == course.id)).one()
    for number, run in enumerate(runs):
        row = first if number == 0 else Run(course_id=course.id, created_at=now)
        row.title, row.pace, row.time_zone, row.seats = run.title, Pace(run.pace), run.time_zone, run.seats
        row.enrollment_policy = EnrollmentPolicy(run.policy)
        # A code is a secret of the run that had it.
        row.enrollment_code = run_rules.new_code() if row.enrollment_policy == EnrollmentPolicy.CODE else None
        row.chosen_at = now if run.present and len(runs) > 1 else None
        for name in MOMENTS:
            written = getattr(run, name)
            setattr(row, name, datetime.fromisoformat(written) if written else None)
        rows += [row, *_grading(row.id, run, quizzes, shown, now)]
    return rows


def _grading(run_id: UUID, run: neutral.Run, quizzes: Mapping[str, UUID], shown: Mapping[str, bool], now: datetime) -> list[Any]:
    places = list(positions.first_n(max(len(run.categories), len(run.columns))))
    categories = [
        GradeCategory(run_id=run_id, title=one.title, weight=Decimal(one.weight), drop_lowest=one.drop_lowest, position=place, created_at=now)
        for one, place in zip(run.categories, places, strict=False)
    ]
    columns = [
        GradeColumn(
            run_id=run_id,
            category_id=categories[one.category - 1].id if one.category else None,
            assessment_id=quizzes[one.quiz] if one.quiz else None,
            title=one.title,
            points=Decimal(one.points),
            counted=one.counted,
            required=Decimal(one.required) if one.required else None,
            due_at=datetime.fromisoformat(one.due_at) if one.due_at else None,
            position=place,
            created_at=now,
            # A quiz that students do not see yet brings its column back when they do: see gradebook.columns.
            archived_at=now if one.quiz and not shown[one.quiz] else None,
        )
        for one, place in zip(run.columns, places, strict=False)
    ]
    book = [Gradebook(run_id=run_id, settings=run.grading, updated_at=now)] if run.grading else []
    return [*book, *categories, *columns]


def _kept(session: Session, row: Run, quizzes: Mapping[UUID, str], *, present: bool) -> neutral.Run:
    book = session.get(Gradebook, row.id)
    every = select(GradeCategory).where(GradeCategory.run_id == row.id)
    categories = session.exec(every.order_by(GradeCategory.position, col(GradeCategory.id))).all()
    places = {category.id: number for number, category in enumerate(categories, start=1)}
    return neutral.Run(
        title=row.title,
        pace=Pace(row.pace).value,
        time_zone=row.time_zone,
        seats=row.seats,
        policy=EnrollmentPolicy(row.enrollment_policy).value,
        present=present,
        **{name: _moment(getattr(row, name)) for name in MOMENTS},
        grading=book.settings if book is not None else {},
        categories=tuple(neutral.GradeCategory(title=one.title, weight=_number(one.weight), drop_lowest=one.drop_lowest) for one in categories),
        columns=_columns(session, row.id, quizzes, places),
    )


def _columns(session: Session, run_id: UUID, quizzes: Mapping[UUID, str], places: Mapping[UUID, int]) -> tuple[neutral.GradeColumn, ...]:
    every = select(GradeColumn).where(GradeColumn.run_id == run_id)
    rows = session.exec(every.order_by(GradeColumn.position, col(GradeColumn.id))).all()
    return tuple(
        neutral.GradeColumn(
            title=one.title,
            quiz=quizzes[one.assessment_id] if one.assessment_id else "",
            category=places.get(one.category_id, 0) if one.category_id else 0,
            points=_number(one.points),
            counted=one.counted,
            required=_number(one.required) if one.required is not None else "",
            due_at=_moment(one.due_at),
        )
        for one in rows
        if (one.assessment_id in quizzes if one.assessment_id else one.archived_at is None)
    )


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""


def _number(number: Decimal) -> str:
    return format(number.normalize(), "f")
