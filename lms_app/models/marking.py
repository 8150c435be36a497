"""Marking by hand: rubrics, who has which script in hand, marks and their history, comments kept for use again, and files that were handed in."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from lms_app.crypto import sealed
from lms_app.models.columns import Row, ciphertext, document, moment, no_entries, primary_id, refers, scored


class Rubric(Row, table=True):
    """How a question is marked. `body` is `domain/assessments/rubric_rules.py`, empty once the rubric was taken away: the row stays, since `version`
    grows with every change and an older form never counts as a newer one."""

    __tablename__ = "rubrics"

    question_id: UUID = Field(foreign_key="questions.id", primary_key=True)
    version: int = 1
    body: dict[str, Any] = document()
    updated_at: datetime = moment()
    updated_by: UUID = refers("people.id", index=False)


class MarkingClaim(Row, table=True):
    """A script in a marker's hands until `until`. Its id is what the marker knows the script by: the attempt's would tell whose it is.

    A `passed` script was put back by its marker, who gets it again after all others.
    """

    __tablename__ = "marking_claims"
    __table_args__ = (UniqueConstraint("attempt_id", "question_id"),)

    id: UUID = primary_id()
    attempt_id: UUID = refers("attempts.id", index=False)
    question_id: UUID
    marker_id: UUID = refers("people.id")
    until: datetime = moment()
    passed: bool = False


class Mark(Row, table=True):
    """What a marker said of one answer. Rows are only added: the highest `number` is the mark that counts, the others are its history.

    `filled` is the rubric as it was filled in, `[{"criterion", "title", "level", "points", "most"}]`. The comment is sealed under the key of
    `person_id`, whose answer it is.
    """

    __tablename__ = "marks"
    __table_args__ = (UniqueConstraint("attempt_id", "question_id", "number"), Index("ix_marks_assessment_id_at", "assessment_id", "at"))

    id: UUID = primary_id()
    attempt_id: UUID = refers("attempts.id", index=False)
    question_id: UUID
    assessment_id: UUID = refers("assessments.id", index=False)
    person_id: UUID = refers("people.id")
    marker_id: UUID = refers("people.id", index=False)
    number: int
    fraction: Decimal = scored()
    score: Decimal = scored()
    filled: list[dict[str, Any]] = document(default_factory=no_entries)
    comment_sealed: bytes | None = ciphertext(default=None)
    at: datetime = moment()

    comment = sealed("comment_sealed")


class BankComment(Row, table=True):
    """A comment that a marker keeps for use again in a course."""

    __tablename__ = "bank_comments"
    __table_args__ = (Index("ix_bank_comments_person_id_course_id", "person_id", "course_id"),)

    id: UUID = primary_id()
    person_id: UUID = refers("people.id", index=False)
    course_id: UUID = refers("courses.id")
    text_sealed: bytes | None = ciphertext(default=None)
    created_at: datetime = moment()

    text = sealed("text_sealed")


class AttemptFile(Row, table=True):
    """A file that was sent to a question of an attempt. Whether it is handed in is for the answer to say. It goes with its file."""

    __tablename__ = "attempt_files"
    __table_args__ = (Index("ix_attempt_files_attempt_id_question_id", "attempt_id", "question_id"),)

    file_id: UUID = Field(foreign_key="files.id", primary_key=True, ondelete="CASCADE")
    attempt_id: UUID = refers("attempts.id", index=False)
    question_id: UUID
