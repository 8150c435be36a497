"""What the form of a scheduled report knows."""

from typing import Annotated, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field

from lms_app.domain.reports import queries, schedules
from lms_app.domain.reports.report_rules import BY_DAYS, BY_GROUP
from lms_app.domain.reports.schedules import Wish
from lms_app.errors import Invalid, NotFound
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.instructor.reports_state import ReportsState
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import ReportDays, ReportFormat, ReportKind, ReportRhythm, Role

MOST_PEOPLE = 50
NEW = {
    "kind": ReportKind.STUDENTS.value,
    "format": ReportFormat.PDF.value,
    "group": "",
    "days": ReportDays.WEEK.value,
    "rhythm": ReportRhythm.WEEKLY.value,
    "weekday": "0",
    "day": "1",
    "hour": "8",
    "zone": "",
}
Choosable = Literal["kind", "format", "group", "days", "rhythm", "weekday", "day", "hour", "zone"]


class SchedulesState(rx.State):
    """One schedule under its author's hands. `editing` is "new", an id, or "" while the form is closed."""

    course_id: str = ""
    editing: str = ""
    wish: dict[str, str] = NEW
    recipients: list[str] = []
    past_group: list[tuple[str, str]] = []
    """The group that a schedule has, where it is none of those that there are to choose from."""
    by_group: bool = True
    by_days: bool = False
    errors: dict[str, str] = {}
    leaving: str = ""
    _leaving_id: UUID | None = None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """Closes the form on the page of another course. A tab that was only connected anew keeps what is in it."""
        course_id = str(id_in(self, "courses"))
        if self.course_id != course_id:
            self.reset()
            self.course_id = course_id

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def begin(self):
        """Opens the form for a new schedule, for oneself, by the course's clock."""
        desk = await perform(self, queries.desk, id_in(self, "courses"))
        self.past_group = []
        self._open("new", NEW | {"zone": desk.zones[0]}, [desk.you])

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def edit(self, schedule_id: UUID):
        """Opens the form with a schedule."""
        form = await perform(self, queries.schedule_form, schedule_id)
        wish = {"kind": form.kind, "format": form.format, "group": form.group, "days": form.days, "rhythm": form.rhythm, "zone": form.zone}
        present = {group for group, _ in (await self.get_state(ReportsState)).groups}
        self.past_group = [(form.group, form.group_name)] if form.group and form.group not in present else []
        self._open(form.id, wish | {"weekday": str(form.weekday), "day": str(form.day), "hour": str(form.hour)}, form.recipients)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def close(self):
        """Closes the form; nothing is kept."""
        self.editing, self.errors = "", {}

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose(self, what: Choosable, value: Annotated[str, Field(max_length=60)]):
        """Changes one field."""
        self.wish = self.wish | {what: value}
        self._forget(what)
        self._narrow()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def toggle(self, person_id: UUID):
        """Puts somebody among those who get it, or takes them out."""
        one = str(person_id)
        self.recipients = [each for each in self.recipients if each != one] if one in self.recipients else [*self.recipients, one][:MOST_PEOPLE]
        self._forget("recipients")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save(self):
        """Keeps the schedule."""
        course_id = id_in(self, "courses")
        try:
            if self.editing == "new":
                await perform(self, schedules.create, course_id, self._read())
            else:
                await perform(self, schedules.change, _id(self.editing), self._read())
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        self.editing, self.errors = "", {}
        return [ReportsState.refresh, ToastState.say("The schedule is saved.", "ok")]

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def pause(self, schedule_id: UUID):
        """Makes nothing by it until it goes on."""
        await perform(self, schedules.pause, schedule_id)
        return ReportsState.refresh

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def resume(self, schedule_id: UUID):
        """Lets it go on."""
        await perform(self, schedules.resume, schedule_id)
        return ReportsState.refresh

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_remove(self, schedule_id: UUID):
        """Notes which schedule the dialog is about."""
        try:
            line = await perform(self, queries.schedule, schedule_id)
        except NotFound as refusal:
            # Not the one before, whose question was answered by "Cancel".
            self.leaving, self._leaving_id = "", None
            return ToastState.say(refusal.sentence, "bad")
        self.leaving, self._leaving_id = f"{line.title}, {line.rhythm}", schedule_id
        return None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def remove(self):
        """Deletes the schedule that was asked about."""
        if self._leaving_id is not None:
            await perform(self, schedules.remove, self._leaving_id)
            self._leaving_id, self.editing = None, ""
        return ReportsState.refresh

    def _open(self, editing: str, wish: dict[str, str], recipients: list[str]) -> None:
        self.editing, self.wish, self.recipients, self.errors = editing, wish, recipients, {}
        self._narrow()

    def _forget(self, field: str) -> None:
        """What was wrong with a field that is another now."""
        self.errors = {name: sentence for name, sentence in self.errors.items() if name != field}

    def _narrow(self) -> None:
        self.by_group, self.by_days = self.wish["kind"] in BY_GROUP, self.wish["kind"] in BY_DAYS

    def _read(self) -> Wish:
        """The form as a wish. Raises Invalid with the fields."""
        wish = self.wish
        try:
            words = {
                "kind": ReportKind(wish["kind"]),
                "format": ReportFormat(wish["format"]),
                "rhythm": ReportRhythm(wish["rhythm"]),
                "days": ReportDays(wish["days"]),
                "group_id": UUID(wish["group"]) if wish["group"] else None,
            }
        except ValueError:
            raise Invalid("This schedule cannot be saved yet.", fields={"kind": "Choose from the list."}) from None
        numbers: dict[str, int] = {}
        for name in ("weekday", "day", "hour"):
            try:
                numbers[name] = int(wish[name])
            except ValueError:
                raise Invalid("This schedule cannot be saved yet.", fields={name: "A whole number."}) from None
        return Wish(**words, **numbers, zone=wish["zone"], recipients=[UUID(one) for one in self.recipients])


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise NotFound("There is no such schedule any more.") from None
