"""Corrections of marks after a question was corrected."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from lms_app.models.columns import Row, document, moment, no_facts, primary_id, refers, word
from lms_app.words import RegradeStatus


class Regrade(Row, table=True):
    """That finished attempts with a question are graded by another of its revisions. One at a time per question.

    `cursor` is the enrolment that was done last, and `done` how many attempts that makes of `attempts`. `figures` are the counts that were told.
    `overrules` says that marks given by hand move too.
    """

    __tablename__ = "regrades"
    __table_args__ = (
        Index("uq_regrades_one_at_work", "question_id", unique=True, postgresql_where=text("status IN ('running', 'undoing')")),
        Index("ix_regrades_question_id", "question_id", "id"),
    )

    id: UUID = primary_id()
    question_id: UUID = refers("questions.id", index=False)
    revision_id: UUID = Field(foreign_key="question_revisions.id")
    status: RegradeStatus = word(default=RegradeStatus.RUNNING)
    overrules: bool = False
    attempts: int = 0
    done: int = 0
    cursor: UUID | None = None
    figures: dict[str, Any] = document(default_factory=no_facts)
    created_by: UUID = refers("people.id", index=False)
    created_at: datetime = moment()
    applied_at: datetime | None = moment(default=None)
    undone_by: UUID | None = None
    undone_at: datetime | None = moment(default=None)


class RegradeMove(Row, table=True):
    """What a correction did to one attempt: the question's score as it was and as it became, whole rows, so that it can be put back to the digit."""

    __tablename__ = "regrade_moves"
    __table_args__ = (UniqueConstraint("regrade_id", "attempt_id"), Index("ix_regrade_moves_attempt_id", "attempt_id", "question_id"))

    id: UUID = primary_id()
    regrade_id: UUID = refers("regrades.id", index=False)
    attempt_id: UUID = refers("attempts.id", index=False)
    question_id: UUID
    before: dict[str, Any] = document()
    after: dict[str, Any] = document()
    undone_at: datetime | None = moment(default=None)
