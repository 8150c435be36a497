"""The gradebook of a run: how it is graded, its categories and columns, the grades and who changed them.

What a quiz made (`fraction`, `pending`, `handed_in_at`, `attempt_id`) is a projection of its attempts, moved by the fold; what people set stands
beside it and is never touched by it.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field

from lms_app.crypto import sealed
from lms_app.models.columns import Row, ciphertext, document, moment, primary_id, refers, scored, word
from lms_app.words import GradeAct


class Gradebook(Row, table=True):
    """How a run is graded: `domain/gradebook/gradebook_settings.py`. A run without a row is graded by its defaults."""

    __tablename__ = "gradebooks"

    run_id: UUID = Field(foreign_key="runs.id", primary_key=True)
    settings: dict[str, Any] = document()
    updated_at: datetime = moment()


class GradeCategory(Row, table=True):
    """Columns that belong together. `weight` is in any unit: what counts is how it compares with the others."""

    __tablename__ = "grade_categories"

    id: UUID = primary_id()
    run_id: UUID = refers("runs.id")
    title: str
    weight: Decimal = scored(default=Decimal(1))
    drop_lowest: int = 0
    position: str
    created_at: datetime = moment()


class GradeColumn(Row, table=True):
    """One thing that is graded, worth `points`: a quiz, or whatever a grader sets by hand. `required` is the fraction needed to pass the course.

    A quiz that students no longer see archives its column; what was graded stays, and comes back with it.
    """

    __tablename__ = "grade_columns"
    __table_args__ = (UniqueConstraint("run_id", "assessment_id"),)

    id: UUID = primary_id()
    run_id: UUID = refers("runs.id", index=False)
    category_id: UUID | None = refers("grade_categories.id", default=None)
    assessment_id: UUID | None = refers("assessments.id", default=None)
    title: str
    points: Decimal = scored(default=Decimal(100))
    counted: bool = True
    required: Decimal | None = scored(default=None)
    due_at: datetime | None = moment(default=None)
    position: str
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)


class Grade(Row, table=True):
    """One person in one column. `given` are points set by hand. `version` grows with every change, by whomever."""

    __tablename__ = "grades"
    __table_args__ = (
        # Whose marks are low is read of few columns, and of few people in each.
        Index(
            "ix_grades_low",
            "column_id",
            "fraction",
            postgresql_include=["enrollment_id"],
            postgresql_where=text("given IS NULL AND NOT excused AND NOT pending"),
        ),
        Index("ix_grades_given", "column_id", postgresql_where=text("given IS NOT NULL")),
    )

    enrollment_id: UUID = Field(foreign_key="enrollments.id", primary_key=True)
    column_id: UUID = Field(foreign_key="grade_columns.id", primary_key=True, index=True)
    fraction: Decimal | None = scored(default=None)
    pending: bool = False
    handed_in_at: datetime | None = moment(default=None)
    attempt_id: UUID | None = None
    given: Decimal | None = scored(default=None)
    excused: bool = False
    version: int = Field(default=0, sa_type=BigInteger)
    moved_at: datetime = moment()


class GradeChange(Row, table=True):
    """What somebody did to a grade, and why. Rows are only added. The reason may be personal: it is sealed under the graded person's key."""

    __tablename__ = "grade_changes"
    __table_args__ = (UniqueConstraint("enrollment_id", "column_id", "version"),)

    id: UUID = primary_id()
    enrollment_id: UUID = refers("enrollments.id", index=False)
    column_id: UUID = refers("grade_columns.id")
    person_id: UUID = refers("people.id")
    actor_id: UUID = refers("people.id")
    act: GradeAct = word()
    before: Decimal | None = scored(default=None)
    after: Decimal | None = scored(default=None)
    version: int = Field(sa_type=BigInteger)
    reason_sealed: bytes | None = ciphertext(default=None)
    at: datetime = moment()

    reason = sealed("reason_sealed")
