"""Running sums for item and test statistics, moved by the fold, and the attempts that are in them.

Sums are whole numbers of millionths (`item_sums_rules`), so that a regrade takes out exactly what was put in. Each is of one run.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from lms_app.models.columns import Row, document, moment, whole


class CountedAttempt(Row, table=True):
    """The attempt of a person that is in a quiz's sums, as it was put in: `{question: [score, points, fraction, answered, [[part, value]]]}`.

    What a regrade takes out again, and what figures are made of that need people in order.
    """

    __tablename__ = "counted_attempts"
    __table_args__ = (Index("ix_counted_attempts_quiz", "run_id", "assessment_id"),)

    assessment_id: UUID = Field(primary_key=True)
    enrollment_id: UUID = Field(primary_key=True)
    run_id: UUID
    attempt_id: UUID
    complete: bool
    marks: dict[str, Any] = document()


class RunQuizSums(Row, table=True):
    """Sums of a quiz. `version` grows with each fold that moved any of its sums."""

    __tablename__ = "run_quiz_sums"

    run_id: UUID = Field(primary_key=True)
    assessment_id: UUID = Field(primary_key=True)
    attempts: int = 0
    complete: int = 0
    maximum: int = whole(default=0)
    totals: int = whole(default=0)
    totals2: int = whole(default=0)
    totals3: int = whole(default=0)
    totals4: int = whole(default=0)
    version: int = Field(default=0, sa_type=BigInteger)
    moved_at: datetime = moment()


class RunQuestionSums(Row, table=True):
    """Sums of a question of a quiz, whichever revision of it was answered: a regrade carries earlier answers over to the newest."""

    __tablename__ = "run_question_sums"

    run_id: UUID = Field(primary_key=True)
    assessment_id: UUID = Field(primary_key=True)
    question_id: UUID = Field(primary_key=True, index=True)
    seen: int = 0
    points: int = whole(default=0)
    maximum: int = whole(default=0)
    answered: int = 0
    fractions: int = whole(default=0)
    fractions2: int = whole(default=0)
    complete: int = 0
    scores: int = whole(default=0)
    scores2: int = whole(default=0)
    with_total: int = whole(default=0)


class RunChoiceSums(Row, table=True):
    """Sums of one choice of a question: a part of it and the value that was given there."""

    __tablename__ = "run_choice_sums"

    run_id: UUID = Field(primary_key=True)
    assessment_id: UUID = Field(primary_key=True)
    question_id: UUID = Field(primary_key=True)
    part: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    given: int = 0
    complete: int = 0
    totals: int = whole(default=0)
