"""What the page of reports knows: what may be asked for, what the one that is chosen would have, and what there is, as it moves."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field

from lms_app.adapters import storage
from lms_app.domain.reports import queries, reports
from lms_app.domain.reports.report_rules import BY_DAYS, BY_GROUP
from lms_app.domain.reports.sources import Asked
from lms_app.domain.reports.views import Named, ReportLine, ReportPreview, ScheduleLine
from lms_app.errors import Invalid, NotFound
from lms_app.web import live
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, ReportFormat, ReportKind, Role

MOST_COLUMNS = 12
"""Columns that a preview names."""

Choosable = Literal["kind", "format", "run", "group", "since", "until"]


class ReportsState(rx.State):
    """The reports of one course."""

    ready: bool = False
    course_id: str = ""
    course: str = ""
    role: str = ""
    may_schedule: bool = False
    runs: list[tuple[str, str]] = []
    groups: list[tuple[str, str]] = []
    staff: list[Named] = []
    zones: list[tuple[str, str]] = []
    lines: list[ReportLine] = []
    schedules: list[ScheduleLine] = []

    kind: str = ReportKind.OVERVIEW.value
    format: str = ReportFormat.XLSX.value
    run: str = ""
    group: str = ""
    since: str = ""
    until: str = ""
    by_group: bool = True
    by_days: bool = True
    errors: dict[str, str] = {}
    about: str = ""
    as_of: str = ""
    tables: list[tuple[str, str, str]] = []

    leaving: str = ""
    _leaving_id: UUID | None = None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The reports of the course that the address names."""
        course_id = id_in(self, "courses")
        if self.course_id != str(course_id):
            self.reset()
        live.watch(self, Hint.REPORTS, course_id, ReportsState.refresh)
        await self._read()
        await self._look()
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def refresh(self):
        """Reads them anew: something has moved."""
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose(self, what: Choosable, value: Annotated[str, Field(max_length=40)]):
        """Changes what is to be asked for, and shows what that would have."""
        if (what == "kind" and value not in set(ReportKind)) or (what == "format" and value not in set(ReportFormat)):
            raise NotFound("There is no such report.")
        setattr(self, what, value)
        if what == "run":
            self.group = ""
        await self._look()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def order(self):
        """Asks for the report that is chosen."""
        try:
            await perform(self, reports.order, id_in(self, "courses"), self._asked(), ReportFormat(self.format))
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        await self._read()
        return ToastState.say("The report is being made. It is under Reports, further down.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def cancel(self, report_id: UUID):
        """Stops a report."""
        await perform(self, reports.cancel, report_id)
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def retry(self, report_id: UUID):
        """Has one made that failed or was stopped."""
        await perform(self, reports.retry, report_id)
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_remove(self, report_id: UUID):
        """Notes which report the dialog is about."""
        try:
            line = await perform(self, queries.report, report_id)
        except NotFound as refusal:
            # Not the one before, whose question was answered by "Cancel".
            self.leaving, self._leaving_id = "", None
            return ToastState.say(refusal.sentence, "bad")
        self.leaving, self._leaving_id = f"{line.title}, {line.when}", report_id
        return None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def remove(self):
        """Deletes the report that was asked about."""
        if self._leaving_id is not None:
            await perform(self, reports.remove, self._leaving_id, delete=storage.delete)
            self._leaving_id = None
            await self._read()

    async def _read(self) -> None:
        desk = await perform(self, queries.desk, id_in(self, "courses"))
        self.course_id, self.course, self.role, self.may_schedule = desk.course_id, desk.course, desk.role, desk.may_schedule
        self.runs, self.staff = [(one.id, one.name) for one in desk.runs], desk.staff
        self.groups = [(one.id, one.name) for one in desk.groups]
        self.zones = [(zone, zone) for zone in desk.zones]
        self.lines, self.schedules = desk.reports, desk.schedules

    async def _look(self) -> None:
        self.by_group, self.by_days = self.kind in BY_GROUP and self._is_present(), self.kind in BY_DAYS
        try:
            shown = await perform(self, queries.preview, id_in(self, "courses"), self._asked())
        except Invalid as refusal:
            self.errors, self.tables = refusal.fields, []
            return
        self.errors = {}
        self.about, self.as_of, self.tables = shown.about, shown.as_of, _tables(shown)

    def _asked(self) -> Asked:
        """What is asked for, as the form says it. Raises NotFound, Invalid."""
        try:
            run, group = (UUID(value) if value else None for value in (self.run, self.group))
        except ValueError:
            raise NotFound("There is no such run or group of this course.") from None
        days: dict[str, date | None] = {}
        for name in ("since", "until"):
            try:
                days[name] = date.fromisoformat(value) if (value := getattr(self, name)) else None
            except ValueError:
                raise Invalid("That is no day.", fields={name: "Choose a day."}) from None
        return Asked(kind=ReportKind(self.kind), run_id=run, group_id=group if self.by_group else None, **days)

    def _is_present(self) -> bool:
        """Whether it is about the present run, whose groups there are to choose from."""
        return self.run in ("", *(run for run, _ in self.runs[:1]))


def _tables(shown: ReportPreview) -> list[tuple[str, str, str]]:
    """The tables of a preview: name, rows and columns in words."""
    found = []
    for table in shown.tables:
        more = len(table.columns) - MOST_COLUMNS
        columns = " · ".join(table.columns[:MOST_COLUMNS]) + (f" and {more} more" if more > 0 else "")
        found.append((table.name, f"{'Up to ' if table.at_most and table.rows else ''}{table.rows:,}", columns))
    return found
