"""What the staff of a course does about students at risk: thresholds, dismissals, nudges, and who was flagged when others were written to."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from lms_app.crypto import sealed
from lms_app.models.columns import Row, ciphertext, document, moment, no_entries, primary_id, refers


class RiskThresholds(Row, table=True):
    """From where on something is a reason to be at risk, in one course (`domain/analytics/risk_rules.py`). Without a row the defaults hold."""

    __tablename__ = "risk_thresholds"

    course_id: UUID = Field(foreign_key="courses.id", primary_key=True)
    absent_days: int
    unbegun_days: int
    low_percent: int
    low_quizzes: int
    behind_percent: int
    missed_items: int
    changed_at: datetime = moment()


class RiskDismissal(Row, table=True):
    """That the staff has seen why a student is flagged, and why that is well. It holds while there are no reasons but those in `codes`, none worse.
    What was said of the student is sealed under the student's key."""

    __tablename__ = "risk_dismissals"

    id: UUID = primary_id()
    enrollment_id: UUID = Field(foreign_key="enrollments.id", unique=True)
    person_id: UUID = refers("people.id")
    actor_id: UUID = refers("people.id")
    codes: list[Any] = document(default_factory=no_entries)
    reason_sealed: bytes | None = ciphertext(default=None)
    at: datetime = moment()

    reason = sealed("reason_sealed")


class Nudge(Row, table=True):
    """A word of the staff to one student, sealed under the student's key, and the reasons for which they were flagged then."""

    __tablename__ = "nudges"
    __table_args__ = (Index("ix_nudges_run", "run_id", "sent_at"), Index("ix_nudges_enrollment", "enrollment_id", "sent_at"))

    id: UUID = primary_id()
    run_id: UUID = refers("runs.id", index=False)
    enrollment_id: UUID = refers("enrollments.id", index=False)
    person_id: UUID = refers("people.id")
    actor_id: UUID = refers("people.id")
    codes: list[Any] = document(default_factory=no_entries)
    text_sealed: bytes | None = ciphertext(default=None)
    day: date
    sent_at: datetime = moment()

    text = sealed("text_sealed")


class RiskFlag(Row, table=True):
    """That a student was flagged on a day of the run's clock on which others were written to: with whom those are compared."""

    __tablename__ = "risk_flags"

    run_id: UUID = Field(foreign_key="runs.id", primary_key=True)
    day: date = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", primary_key=True, index=True)
