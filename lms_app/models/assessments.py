"""Assessments, questions, attempts and answers.

An assessment and a question are nodes with immutable revisions. An attempt pins the revisions and the order it was drawn with, so that nothing
an author changes later moves under a student's hands.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field

from lms_app.models.columns import Row, document, moment, primary_id, refers, scored, word
from lms_app.words import AttemptStatus, CompletionRule, Outcome, QuestionType, Status


class Assessment(Row, table=True):
    """A quiz: a node, placed by a quiz block on `page_id`. A practice quiz is not required and gives feedback at once."""

    __tablename__ = "assessments"

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    page_id: UUID | None = refers("pages.id", default=None)
    title: str
    status: Status = word(default=Status.DRAFT)
    practice: bool = False
    category: str = ""
    completion_rule: CompletionRule = word(default=CompletionRule.PASSED)
    required: bool = True
    rule_version: int = 1
    published_revision_id: UUID | None = None
    draft_revision_id: UUID | None = None
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)


class AssessmentRevision(Row, table=True):
    """One state of an assessment's settings and composition, never changed.

    `settings` is `domain/assessments/quiz_settings.py`: feedback, attempts allowed, pass mark (fraction), time limit (seconds), shuffle.
    """

    __tablename__ = "assessment_revisions"
    __table_args__ = (UniqueConstraint("assessment_id", "number"),)

    id: UUID = primary_id()
    assessment_id: UUID = refers("assessments.id", index=False)
    number: int
    title: str
    settings: dict[str, Any] = document()
    created_at: datetime = moment()
    created_by: UUID | None = None


class AssessmentSection(Row, table=True):
    """A part of an assessment revision."""

    __tablename__ = "assessment_sections"

    id: UUID = primary_id()
    assessment_revision_id: UUID = refers("assessment_revisions.id")
    title: str = ""
    number: int = 0


class SectionQuestion(Row, table=True):
    """A question at its place in a section: which revision, worth how many points."""

    __tablename__ = "section_questions"

    id: UUID = primary_id()
    section_id: UUID = refers("assessment_sections.id")
    number: int
    question_id: UUID = refers("questions.id")
    question_revision_id: UUID = Field(foreign_key="question_revisions.id")
    points: Decimal = scored(default=Decimal(1))


class Question(Row, table=True):
    """A question: a node of its course's bank."""

    __tablename__ = "questions"

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    type: QuestionType = word()
    title: str = ""
    published_revision_id: UUID | None = None
    draft_revision_id: UUID | None = None
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)


class QuestionRevision(Row, table=True):
    """One state of a question, never changed. `body` is what its type's module defines; it holds the key and never leaves the domain."""

    __tablename__ = "question_revisions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: UUID = primary_id()
    question_id: UUID = refers("questions.id", index=False)
    number: int
    type: QuestionType = word()
    body: dict[str, Any] = document()
    created_at: datetime = moment()
    created_by: UUID | None = None


class Attempt(Row, table=True):
    """One sitting. `layout` is what was drawn: `[{"question": id, "revision": id, "points": "1", "number": 1}]`, in the order shown.

    `deadline_at` is when answers stop being taken; `fraction` is score over the points that could be had.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("enrollment_id", "assessment_id", "number"),
        Index("uq_attempts_one_open", "enrollment_id", "assessment_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_attempts_overdue", "deadline_at", postgresql_where=text("status = 'open' AND deadline_at IS NOT NULL")),
    )

    id: UUID = primary_id()
    run_id: UUID = refers("runs.id", index=False)
    course_id: UUID = refers("courses.id")
    enrollment_id: UUID = refers("enrollments.id", index=False)
    person_id: UUID = refers("people.id")
    assessment_id: UUID = refers("assessments.id")
    assessment_revision_id: UUID = Field(foreign_key="assessment_revisions.id")
    number: int
    status: AttemptStatus = word(default=AttemptStatus.OPEN)
    seed: int = Field(sa_type=BigInteger)
    layout: list[dict[str, Any]] = document()
    overrides: dict[str, Any] = document(default_factory=dict)
    started_at: datetime = moment()
    deadline_at: datetime | None = moment(default=None)
    submitted_at: datetime | None = moment(default=None)
    score: Decimal | None = scored(default=None)
    max_score: Decimal = scored()
    fraction: Decimal | None = scored(default=None)
    passed: bool | None = None


class Answer(Row, table=True):
    """The newest acknowledged response to one question of an attempt. `sequence` is the client's, so that a late repeat never wins.

    `checked_at`: in a quiz with immediate feedback the student has seen how this answer did; it no longer changes.
    """

    __tablename__ = "answers"

    attempt_id: UUID = Field(foreign_key="attempts.id", primary_key=True)
    question_id: UUID = Field(primary_key=True)
    response: dict[str, Any] = document()
    sequence: int = Field(sa_type=BigInteger)
    saved_at: datetime = moment()
    checked_at: datetime | None = moment(default=None)


class QuestionScore(Row, table=True):
    """How one question of a submitted attempt did, blanks included. Never changed by hand; a regrade writes it anew.

    `tally` is what statistics count of the answer, `[[part, value]]`: choices made, never words of a person.
    """

    __tablename__ = "question_scores"

    attempt_id: UUID = Field(foreign_key="attempts.id", primary_key=True)
    question_id: UUID = Field(primary_key=True, index=True)
    question_revision_id: UUID
    points: Decimal = scored()
    fraction: Decimal = scored()
    score: Decimal = scored()
    outcome: Outcome = word()
    tally: list[list[str]] = document(default_factory=list)
    graded_at: datetime = moment()
