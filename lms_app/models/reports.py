"""Reports for the staff of a course: made once when somebody asks, or by a schedule. What they say lies in a file, sealed under a key of its own."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from lms_app.models.columns import Row, moment, primary_id, refers, word
from lms_app.words import ImportStatus, ReportDays, ReportFormat, ReportKind, ReportRhythm


class ReportSchedule(Row, table=True):
    """That a report is made again and again. `weekday` counts from Monday, 0; a `day` that a month does not have is its last. The hour is one of
    `time_zone`. Without a run it is about the run that the course is given in then."""

    __tablename__ = "report_schedules"
    __table_args__ = (Index("ix_report_schedules_due", "next_at", postgresql_where=text("paused_at IS NULL")),)

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    person_id: UUID = refers("people.id")
    kind: ReportKind = word()
    format: ReportFormat = word()
    run_id: UUID | None = refers("runs.id", index=False, default=None)
    group_id: UUID | None = Field(default=None)
    days: ReportDays = word(default=ReportDays.ALL)
    rhythm: ReportRhythm = word()
    weekday: int = 0
    day: int = 1
    hour: int
    time_zone: str
    next_at: datetime = moment()
    last_at: datetime | None = moment(default=None)
    paused_at: datetime | None = moment(default=None)
    created_at: datetime = moment()


class ReportRecipient(Row, table=True):
    """Who of the staff is told of what a schedule has made."""

    __tablename__ = "report_recipients"

    schedule_id: UUID = Field(foreign_key="report_schedules.id", primary_key=True, ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="people.id", primary_key=True, index=True)


class Report(Row, table=True):
    """One report, on its way or made. `person_id` is whoever asked for it, or whose schedule made it, `due_at` when that was due. The file is
    sealed under a key whose owner is the report, which goes with it."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("schedule_id", "due_at"),)

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    run_id: UUID = refers("runs.id")
    person_id: UUID = refers("people.id")
    schedule_id: UUID | None = Field(default=None, foreign_key="report_schedules.id", ondelete="SET NULL")
    due_at: datetime | None = moment(default=None)
    kind: ReportKind = word()
    format: ReportFormat = word()
    group_id: UUID | None = Field(default=None)
    since: date | None = None
    until: date | None = None
    status: ImportStatus = word(default=ImportStatus.QUEUED)
    stage: str = ""
    done: int = 0
    total: int = 0
    file_id: UUID | None = Field(default=None, index=True)
    refusal: str | None = None
    tries: int = 1
    created_at: datetime = moment()
    finished_at: datetime | None = moment(default=None)
