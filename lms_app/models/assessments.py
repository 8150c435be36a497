"""Assessments, questions, attempts and answers.

An assessment and a question are nodes with immutable revisions. An attempt pins the revisions and the order it was drawn with, so that nothing
an author changes later moves under a student's hands.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Computed, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from lms_app.crypto import sealed
from lms_app.models.columns import Row, ciphertext, document, files_in, moment, no_entries, no_facts, primary_id, refers, scored, word
from lms_app.words import AttemptStatus, CompletionRule, Difficulty, Outcome, QuestionType, Status

_SEARCHED = "setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', words), 'B')"


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

    `settings` is `domain/assessments/quiz_settings.py`.
    """

    __tablename__ = "assessment_revisions"
    __table_args__ = (
        UniqueConstraint("assessment_id", "number"),
        Index("ix_assessment_revisions_opens", text("(settings ->> 'opens_at')"), postgresql_where=text("(settings ->> 'opens_at') IS NOT NULL")),
        Index("ix_assessment_revisions_closes", text("(settings ->> 'closes_at')"), postgresql_where=text("(settings ->> 'closes_at') IS NOT NULL")),
    )

    id: UUID = primary_id()
    assessment_id: UUID = refers("assessments.id", index=False)
    number: int
    title: str
    settings: dict[str, Any] = document()
    created_at: datetime = moment()
    created_by: UUID | None = None


class AssessmentSection(Row, table=True):
    """A part of an assessment revision. It begins a page. `introduction` is Markdown."""

    __tablename__ = "assessment_sections"

    id: UUID = primary_id()
    assessment_revision_id: UUID = refers("assessment_revisions.id")
    title: str = ""
    introduction: str = ""
    shuffle: bool = False
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


class SectionPool(Row, table=True):
    """A place in a section that draws `count` questions of the course's bank for each attempt: those of a category (and of those below it), with
    every one of the tags."""

    __tablename__ = "section_pools"

    id: UUID = primary_id()
    section_id: UUID = refers("assessment_sections.id")
    number: int
    category_id: UUID | None = refers("question_categories.id", default=None)
    tags: list[str] = Field(default_factory=no_entries, sa_type=ARRAY(String))  # pyright: ignore[reportArgumentType]
    count: int = 1
    points: Decimal = scored(default=Decimal(1))


class QuestionCategory(Row, table=True):
    """A folder of a bank: a course's, or a person's own."""

    __tablename__ = "question_categories"
    __table_args__ = (CheckConstraint("(course_id IS NULL) <> (person_id IS NULL)", name="ck_question_categories_one_bank"),)

    id: UUID = primary_id()
    course_id: UUID | None = refers("courses.id", default=None)
    person_id: UUID | None = refers("people.id", default=None)
    parent_id: UUID | None = refers("question_categories.id", default=None)
    name: str
    created_at: datetime = moment()


class Question(Row, table=True):
    """A question: a node of a bank, its course's or a person's own. `words` are those of what it asks now; `search` is kept by Postgres."""

    __tablename__ = "questions"
    __table_args__ = (
        Index("ix_questions_tags", "tags", postgresql_using="gin"),
        Index("ix_questions_search", "search", postgresql_using="gin"),
        CheckConstraint("(course_id IS NULL) <> (person_id IS NULL)", name="ck_questions_one_bank"),
    )

    id: UUID = primary_id()
    course_id: UUID | None = refers("courses.id", default=None)
    person_id: UUID | None = refers("people.id", default=None)
    category_id: UUID | None = refers("question_categories.id", default=None)
    tags: list[str] = Field(default_factory=no_entries, sa_type=ARRAY(String))  # pyright: ignore[reportArgumentType]
    difficulty: Difficulty = word(default=Difficulty.UNSAID)
    objective_id: UUID | None = refers("objectives.id", default=None)
    type: QuestionType = word()
    title: str = ""
    words: str = ""
    published_revision_id: UUID | None = None
    draft_revision_id: UUID | None = None
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)
    search: Any = Field(default=None, sa_column=Column("search", TSVECTOR, Computed(_SEARCHED, persisted=True)))


class QuestionDraft(Row, table=True):
    """What the author of a question has written and not given out yet: the form as it stands, whole or not (`domain/assessments/question_forms`).

    `version` is another with each save. `base` is the number of the revision that it was made from, 0 for none; `assessment_id` the quiz that takes
    a new question once it is whole. `spell` names the spell of writing that the save belongs to.
    """

    __tablename__ = "question_drafts"

    question_id: UUID = Field(primary_key=True, foreign_key="questions.id")
    version: UUID
    base: int = 0
    form: dict[str, Any] = document()
    files: Any = files_in("form")
    assessment_id: UUID | None = refers("assessments.id", default=None)
    spell: str = ""
    saved_at: datetime = moment()
    saved_by: UUID | None = None


class QuestionRevision(Row, table=True):
    """One state of a question, never changed. `body` is what its type's module defines; it holds the key and never leaves the domain."""

    __tablename__ = "question_revisions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: UUID = primary_id()
    question_id: UUID = refers("questions.id", index=False)
    number: int
    type: QuestionType = word()
    body: dict[str, Any] = document()
    files: Any = files_in("body")
    created_at: datetime = moment()
    created_by: UUID | None = None


class Attempt(Row, table=True):
    """One sitting. `layout` is what was drawn, in the order shown: `[{"question": id, "revision": id, "type": …, "points": "1", "number": 1,
    "section": 0, "page": 1}]`; what asks nothing has no number.

    `submitted_at` stands from the moment at which it was handed in, graded or not. `deadline_at` is when answers stop being taken, `submit_by`
    when the attempt is closed by itself. `overrides` are the rules that held at the start. `page` is the page reached, beyond which nothing is
    taken where there is no way back. `pending` answers wait for a marker; `fraction` is score over the points that could be had, so far.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("enrollment_id", "assessment_id", "number"),
        Index("uq_attempts_one_open", "enrollment_id", "assessment_id", unique=True, postgresql_where=text("status = 'open'")),
        Index("ix_attempts_overdue", text("coalesce(submit_by, deadline_at)"), postgresql_where=text("status = 'open'")),
        Index("ix_attempts_handed_in", "submitted_at", postgresql_where=text("status = 'handed_in'")),
        Index("ix_attempts_submitted_at", "submitted_at"),
        Index("ix_attempts_to_mark", "submitted_at", postgresql_where=text("pending > 0")),
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
    overrides: dict[str, Any] = document(default_factory=no_facts)
    started_at: datetime = moment()
    deadline_at: datetime | None = moment(default=None)
    submit_by: datetime | None = moment(default=None)
    one_way: bool = False
    page: int = 1
    seen_at: datetime | None = moment(default=None)
    submitted_at: datetime | None = moment(default=None)
    score: Decimal | None = scored(default=None)
    max_score: Decimal = scored()
    fraction: Decimal | None = scored(default=None)
    passed: bool | None = None
    pending: int = 0
    released_at: datetime | None = moment(default=None)


class Answer(Row, table=True):
    """The newest acknowledged response to one question of an attempt. `sequence` is the client's, so that a late repeat never wins.

    What a person wrote is sealed under that person's key, in `response_sealed`; what was only chosen stands in `response`
    (`domain/assessments/answers.py` reads both). `certainty` is 1 to 3, where the quiz asks for it.
    `checked_at`: in a quiz with immediate feedback the student has seen how this answer did; it no longer changes.
    """

    __tablename__ = "answers"

    attempt_id: UUID = Field(foreign_key="attempts.id", primary_key=True)
    question_id: UUID = Field(primary_key=True)
    response: dict[str, Any] | None = document(default=None)
    response_sealed: bytes | None = ciphertext(default=None)
    certainty: int | None = None
    sequence: int = Field(sa_type=BigInteger)
    saved_at: datetime = moment()
    checked_at: datetime | None = moment(default=None)


class AnswerTry(Row, table=True):
    """A try that was checked and was not right, where a quiz lets one try again. `fraction` is what the response as such earns; `sequence` is the
    answer's, so that a repeated request is one try."""

    __tablename__ = "answer_tries"

    attempt_id: UUID = Field(foreign_key="attempts.id", primary_key=True)
    question_id: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    fraction: Decimal = scored()
    at: datetime = moment()


class AttemptMessage(Row, table=True):
    """What the staff tells whoever sits a quiz now: one attempt, or all of a run."""

    __tablename__ = "attempt_messages"

    id: UUID = primary_id()
    assessment_id: UUID = refers("assessments.id")
    run_id: UUID = refers("runs.id", index=False)
    attempt_id: UUID | None = refers("attempts.id", default=None)
    author_id: UUID = refers("people.id", index=False)
    text_sealed: bytes | None = ciphertext(default=None)
    at: datetime = moment()

    text = sealed("text_sealed", owner="author_id")


class AssessmentOverride(Row, table=True):
    """What is different about a quiz for a student, a group, or, with neither, a whole run."""

    __tablename__ = "assessment_overrides"
    __table_args__ = (
        UniqueConstraint("assessment_id", "run_id", "group_id", "enrollment_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("group_id IS NULL OR enrollment_id IS NULL", name="ck_assessment_overrides_one_subject"),
        Index("ix_assessment_overrides_opens", "opens_at", postgresql_where=text("opens_at IS NOT NULL")),
        Index("ix_assessment_overrides_closes", "closes_at", postgresql_where=text("closes_at IS NOT NULL")),
    )

    id: UUID = primary_id()
    assessment_id: UUID = refers("assessments.id", index=False)
    run_id: UUID = refers("runs.id")
    group_id: UUID | None = refers("groups.id", default=None)
    enrollment_id: UUID | None = refers("enrollments.id", default=None)
    opens_at: datetime | None = moment(default=None)
    closes_at: datetime | None = moment(default=None)
    time_factor: Decimal | None = scored(default=None)
    extra_seconds: int | None = None
    attempts_allowed: int | None = None
    created_at: datetime = moment()


class QuestionScore(Row, table=True):
    """How one question of a submitted attempt did, blanks included. A mark and a regrade write it anew, and keep what was said before.

    `tally` is what statistics count of the answer, `[[part, value]]`: choices made, never words of a person.
    """

    __tablename__ = "question_scores"
    __table_args__ = (Index("ix_question_scores_pending", "attempt_id", "question_id", postgresql_where=text("outcome = 'pending'")),)

    attempt_id: UUID = Field(foreign_key="attempts.id", primary_key=True)
    question_id: UUID = Field(primary_key=True, index=True)
    question_revision_id: UUID
    points: Decimal = scored()
    fraction: Decimal = scored()
    score: Decimal = scored()
    outcome: Outcome = word()
    tally: list[list[str]] = document(default_factory=no_entries)
    graded_at: datetime = moment()
