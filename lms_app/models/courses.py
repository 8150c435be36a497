"""Courses: the tree Course → Module → Lesson → Page, revisions of pages, runs and the people who staff them.

Siblings are ordered by `position`, a fractional-index text key. A node keeps its identity and place; what it says is an immutable revision.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Computed, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field

from lms_app.models.columns import Row, document, files_in, moment, no_entries, no_facts, primary_id, refers, word
from lms_app.words import CompletionRule, EnrollmentPolicy, NodeKind, Pace, StaffRole, Status

_SEARCHED = (
    "setweight(to_tsvector('simple', title), 'A') || setweight(jsonb_to_tsvector('simple', tags, '[\"string\"]'), 'B')"
    " || setweight(to_tsvector('simple', summary), 'B')"
)


class Course(Row, table=True):
    """What is taught. `certificate_rule` says what its certificate asks for besides completing it (`domain/certificates/award_rules.py`); `search` is
    kept by Postgres."""

    __tablename__ = "courses"
    __table_args__ = (Index("ix_courses_search", "search", postgresql_using="gin"),)

    id: UUID = primary_id()
    slug: str = Field(unique=True)
    title: str
    summary: str = ""
    language: str = "en"
    level: str = ""
    tags: list[str] = document(default_factory=no_entries)
    status: Status = word(default=Status.DRAFT, index=True)
    cover_file_id: UUID | None = None
    certificate_template: dict[str, str] = document(default_factory=no_facts)
    certificate_rule: dict[str, Any] = document(default_factory=no_facts)
    rule_version: int = 1
    certificate_offered: bool = True
    signatory_name: str = ""
    signatory_title: str = ""
    created_at: datetime = moment()
    published_at: datetime | None = moment(default=None)
    archived_at: datetime | None = moment(default=None)
    search: Any = Field(default=None, sa_column=Column("search", TSVECTOR, Computed(_SEARCHED, persisted=True)))


class FormerSlug(Row, table=True):
    """An address that a course had before: whoever still has it comes to the course, and no other course may take it."""

    __tablename__ = "former_slugs"

    slug: str = Field(primary_key=True)
    course_id: UUID = refers("courses.id")
    created_at: datetime = moment()


class Objective(Row, table=True):
    """What somebody can do who has taken a course."""

    __tablename__ = "objectives"

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    text: str
    position: str
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)


class Prerequisite(Row, table=True):
    """That one course is to be completed before another is taken."""

    __tablename__ = "prerequisites"

    course_id: UUID = Field(foreign_key="courses.id", primary_key=True)
    required_id: UUID = Field(foreign_key="courses.id", primary_key=True, index=True)
    created_at: datetime = moment()


class Run(Row, table=True):
    """One time a course is given. Pages hide runs while a course has one. The run that was chosen last is the one that takes enrolments.

    Before `opens_at` those who are enrolled wait; from `closes_at` on they read and hand nothing in. `seats` are without limit where there is None.
    """

    __tablename__ = "runs"

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    title: str = ""
    pace: Pace = word(default=Pace.SELF)
    time_zone: str = "UTC"
    opens_at: datetime | None = moment(default=None)
    closes_at: datetime | None = moment(default=None)
    seats: int | None = None
    enrollment_policy: EnrollmentPolicy = word(default=EnrollmentPolicy.OPEN)
    enrollment_code: str | None = None
    enrollment_opens_at: datetime | None = moment(default=None)
    enrollment_closes_at: datetime | None = moment(default=None)
    chosen_at: datetime | None = moment(default=None)
    created_at: datetime = moment()


class Membership(Row, table=True):
    """What a person of the staff may do in a course."""

    __tablename__ = "memberships"

    course_id: UUID = Field(foreign_key="courses.id", primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", primary_key=True, index=True)
    role: StaffRole = word()
    created_at: datetime = moment()


class Module(Row, table=True):
    """A part of a course."""

    __tablename__ = "modules"

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    title: str
    position: str
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)


class Lesson(Row, table=True):
    """A part of a module. With one page it shows no page list. `category` is the gradebook category of its graded quizzes."""

    __tablename__ = "lessons"

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    module_id: UUID = refers("modules.id")
    title: str
    position: str
    graded: bool = False
    category: str = ""
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)


class Page(Row, table=True):
    """What a student reads: a node. Students see `published_revision_id`, authors the newest revision, `draft_revision_id`.

    `minutes` is the estimated reading time of the published revision.
    """

    __tablename__ = "pages"

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    lesson_id: UUID = refers("lessons.id")
    title: str
    position: str
    status: Status = word(default=Status.DRAFT)
    completion_rule: CompletionRule = word(default=CompletionRule.READ)
    required: bool = True
    rule_version: int = 1
    minutes: int = 1
    published_revision_id: UUID | None = None
    draft_revision_id: UUID | None = None
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)


class PageRevision(Row, table=True):
    """One state of a page's content, never changed. `document` is a block document (`domain/content/document.py`).

    Saves of one spell of writing, `spell` names it, replace one another for some minutes from `begun_at` on, so that the history has no state for
    each pause in typing.
    """

    __tablename__ = "page_revisions"
    __table_args__ = (UniqueConstraint("page_id", "number"),)

    id: UUID = primary_id()
    page_id: UUID = refers("pages.id", index=False)
    number: int
    title: str
    document: dict[str, Any] = document()
    files: Any = files_in("document")
    created_at: datetime = moment()
    created_by: UUID | None = None
    spell: str = ""
    begun_at: datetime | None = moment(default=None)


class NodeAvailability(Row, table=True):
    """When a module, lesson, page or quiz is open to students (`domain/courses/availability_rules.py`). Without a row it always is. `version` grows
    with each change; a rule that was taken away keeps its row, empty."""

    __tablename__ = "availabilities"

    node_id: UUID = Field(primary_key=True)
    course_id: UUID = refers("courses.id")
    node_kind: NodeKind = word()
    rule: dict[str, Any] = document()
    version: int = 1
    changed_at: datetime = moment()


class ExportJob(Row, table=True):
    """A course, or the events of one of its runs, on the way out into a file of a format, which its authors fetch within a week."""

    __tablename__ = "exports"

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    run_id: UUID | None = refers("runs.id", index=False, default=None)
    person_id: UUID = refers("people.id")
    format: str
    status: str = "queued"
    done: int = 0
    total: int = 0
    file_id: UUID | None = Field(default=None, index=True)
    report: dict[str, Any] | None = document(default=None)
    refusal: str | None = None
    created_at: datetime = moment()
    finished_at: datetime | None = moment(default=None)


class ImportJob(Row, table=True):
    """A course archive on its way in: all or nothing, with a report at the end."""

    __tablename__ = "imports"

    id: UUID = primary_id()
    person_id: UUID = refers("people.id")
    file_id: UUID = Field(index=True)
    filename: str
    status: str = "queued"
    done: int = 0
    total: int = 0
    stage: str = ""
    course_id: UUID | None = refers("courses.id", default=None)
    report: dict[str, Any] | None = document(default=None)
    refusal: str | None = None
    created_at: datetime = moment()
    finished_at: datetime | None = moment(default=None)
