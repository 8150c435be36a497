"""What students set for themselves, and nobody else sees."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from lms_app.crypto import sealed
from lms_app.models.columns import Row, ciphertext, moment, primary_id, refers


class CourseGoal(Row, table=True):
    """What a student means to reach in a course (`domain/analytics/goal_rules.py`), as JSON under the student's key. Deleted with the account."""

    __tablename__ = "course_goals"
    __table_args__ = (UniqueConstraint("person_id", "course_id"),)

    id: UUID = primary_id()
    person_id: UUID = refers("people.id", index=False)
    course_id: UUID = refers("courses.id")
    goal_sealed: bytes | None = ciphertext(default=None)
    set_at: datetime = moment()

    goal = sealed("goal_sealed")


class HiddenStreak(Row, table=True):
    """That somebody does not wish to see their weeks in a row."""

    __tablename__ = "hidden_streaks"

    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    at: datetime = moment()
