"""What the staff part of the settings page knows: who works on the course, and who is about to leave."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.courses import staff
from lms_app.domain.courses.staff import Colleague
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.instructor.settings_state import SettingsState
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role, StaffRole


class NewColleague(TypedDict):
    """The form that takes somebody into the staff."""

    email: Annotated[str, Field(max_length=400)]
    role: StaffRole


class StaffState(rx.State):
    """The staff of one course."""

    staff: list[Colleague] = []
    errors: dict[str, str] = {}
    added: int = 0
    """Grows with each who was added, which empties the form."""
    leaving: str = ""
    """Name of who is about to be taken off."""

    _leaving: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The staff of the course that the address names."""
        self.errors, self.leaving, self._leaving = {}, "", ""
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def add(self, form: NewColleague):
        """Takes somebody into the staff."""
        try:
            added = await perform(self, staff.add, id_in(self, "courses"), form["email"], form["role"])
            if added is None:
                raise staff.nobody()
        except Invalid as refusal:
            self.errors = refusal.fields or {"email": refusal.sentence}
            return None
        self.errors = {}
        self.added += 1
        await self._read()
        name = next((one.name for one in self.staff if one.id == str(added)), "")
        return ToastState.say(f"{name} is on the staff, and has been told.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def change(self, person_id: UUID, role: StaffRole):
        """Gives somebody another role."""
        await perform(self, staff.change, id_in(self, "courses"), person_id, role)
        await self._read()
        # Who is no owner any more sees the page as it is for them now.
        return SettingsState.load if any(one.is_you for one in self.staff if one.id == str(person_id)) else None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_remove(self, person_id: UUID):
        """Asks before somebody is taken off."""
        self._leaving = str(person_id)
        self.leaving = next((one.name for one in self.staff if one.id == str(person_id)), "")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def remove(self):
        """Takes off the staff who was asked about."""
        if not self._leaving:
            return None
        left, itself = self.leaving, any(one.is_you for one in self.staff if one.id == self._leaving)
        await perform(self, staff.remove, id_in(self, "courses"), UUID(self._leaving))
        self._leaving, self.leaving = "", ""
        if itself:
            return rx.redirect("/teach")
        await self._read()
        return ToastState.say(f"{left} is off the staff. What they made stays.", "ok")

    async def _read(self) -> None:
        self.staff = await perform(self, staff.staff, id_in(self, "courses"))
