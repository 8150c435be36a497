"""What people of a course say to one another: announcements of its staff, and the discussion under each page."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from lms_app.crypto import sealed
from lms_app.models.columns import Row, ciphertext, moment, primary_id, refers


class Announcement(Row, table=True):
    """What the staff of a course tells those who take it: all of them, or one run. `text` is Markdown."""

    __tablename__ = "announcements"
    __table_args__ = (Index("ix_announcements_course_id", "course_id", "id"),)

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id", index=False)
    run_id: UUID | None = refers("runs.id", default=None)
    person_id: UUID = refers("people.id")
    title: str
    text: str
    written_at: datetime = moment()
    edited_at: datetime | None = moment(default=None)
    removed_at: datetime | None = moment(default=None)


class Thread(Row, table=True):
    """A question or remark about a page, and what was said to it. It belongs to a run: others do not see it.

    `person_id` asked it and owns the key that seals its title. `replies` counts posts that stand, but for the first. It waits for
    the staff while `answered_at` is None: nobody of it has replied, and no answer was accepted, since it was asked last.
    """

    __tablename__ = "threads"
    __table_args__ = (
        Index("ix_threads_page", "page_id", "run_id", "moved_at"),
        Index("ix_threads_course", "course_id", "moved_at"),
        Index("ix_threads_waiting", "course_id", postgresql_where=text("answered_at IS NULL AND removed_at IS NULL")),
    )

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id", index=False)
    run_id: UUID = refers("runs.id")
    page_id: UUID = refers("pages.id", index=False)
    person_id: UUID = refers("people.id")
    title_sealed: bytes | None = ciphertext(default=None)
    opened_at: datetime = moment()
    moved_at: datetime = moment()
    replies: int = 0
    accepted_id: UUID | None = None
    answered_at: datetime | None = moment(default=None)
    closed_at: datetime | None = moment(default=None)
    removed_at: datetime | None = moment(default=None)

    title = sealed("title_sealed")


class Post(Row, table=True):
    """One contribution to a thread; the first is what was asked. `text` is Markdown, sealed under the key of who wrote it."""

    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_thread_id", "thread_id", "id"),
        Index("ix_posts_person_id", "person_id", "written_at"),
    )

    id: UUID = primary_id()
    thread_id: UUID = refers("threads.id", index=False)
    person_id: UUID = refers("people.id", index=False)
    text_sealed: bytes | None = ciphertext(default=None)
    written_at: datetime = moment()
    edited_at: datetime | None = moment(default=None)
    removed_at: datetime | None = moment(default=None)
    removed_by: UUID | None = refers("people.id", index=False, default=None)
    removed_because: str | None = None

    text = sealed("text_sealed")


class ThreadFollower(Row, table=True):
    """That somebody hears of replies to a thread, or, with `muted`, wants to no longer."""

    __tablename__ = "thread_followers"

    thread_id: UUID = Field(foreign_key="threads.id", primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", primary_key=True, index=True)
    muted: bool = False


class PostReport(Row, table=True):
    """That somebody holds a post to be out of place, until the staff has looked at it."""

    __tablename__ = "post_reports"
    __table_args__ = (Index("ix_post_reports_open", "course_id", postgresql_where=text("settled_at IS NULL")),)

    post_id: UUID = Field(foreign_key="posts.id", primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    course_id: UUID
    reason: str
    reported_at: datetime = moment()
    settled_at: datetime | None = moment(default=None)
