"""What the page of a course's health knows: what is to mend, which of it is shown, and what is about to be set aside."""

from typing import Annotated, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.courses import health
from lms_app.domain.courses.health import LONGEST_REASON, CourseHealth
from lms_app.errors import Invalid
from lms_app.web import live
from lms_app.web.errors import ToastState
from lms_app.web.instructor.health_badge import HealthBadge
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role, Severity

Shown = Literal["", "error", "warning", "hint", "dismissed"]


class Reason(TypedDict):
    """The form that says why something may stay as it is."""

    reason: Annotated[str, Field(max_length=2 * LONGEST_REASON)]


class HealthState(rx.State):
    """The findings of one course, fifty at a time."""

    ready: bool = False
    health: CourseHealth | None = None
    shown: str = ""
    """A severity, "dismissed", or "" for all that stands."""
    leaving: str = ""
    """The sentence of what is about to be set aside."""
    errors: dict[str, str] = {}

    _leaving: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The findings of the course that the address names; where they are old, they are looked for anew, and come by themselves."""
        course_id = id_in(self, "courses")
        if self.health is not None and self.health.course_id != str(course_id):
            self.reset()
        live.watch(self, Hint.HEALTH, course_id, HealthState.follow)
        await perform(self, health.freshen, course_id)
        await self._read()
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def follow(self):
        """Reads them again: the course was looked through."""
        await self._read(self.health.page if self.health else 1)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def show(self, shown: Shown):
        """Only those of one severity, those set aside, or all that stand."""
        self.shown = shown
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next or the previous fifty."""
        await self._read((self.health.page if self.health else 1) + step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def check(self):
        """Looks through the course at once."""
        await perform(self, health.check_now, id_in(self, "courses"))
        await self._read()
        return ToastState.say("The course was looked through.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_dismiss(self, finding_id: UUID):
        """Asks why a finding may stay as it is."""
        lines = self.health.lines if self.health else []
        self._leaving, self.errors = str(finding_id), {}
        self.leaving = next((line.sentence for line in lines if line.id == str(finding_id)), "")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def dismiss(self, form: Reason):
        """Sets the finding aside that was asked about."""
        if not self._leaving:
            return None
        try:
            await perform(self, health.dismiss, id_in(self, "courses"), UUID(self._leaving), form["reason"])
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        self._leaving, self.leaving, self.errors = "", "", {}
        await self._read(self.health.page if self.health else 1)
        return ToastState.say("Set aside. It comes back when its place changes.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def keep(self):
        """Sets nothing aside."""
        self._leaving, self.leaving, self.errors = "", "", {}

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def restore(self, finding_id: UUID):
        """Takes a finding up again that was set aside."""
        await perform(self, health.restore, id_in(self, "courses"), finding_id)
        await self._read(self.health.page if self.health else 1)

    async def _read(self, page: int = 1) -> None:
        aside = self.shown == "dismissed"
        severity = Severity(self.shown) if self.shown and not aside else None
        self.health = await perform(self, health.health, id_in(self, "courses"), severity=severity, dismissed=aside, page=page)
        badge = await self.get_state(HealthBadge)
        badge.course_id, badge.to_mend = self.health.course_id, self.health.errors + self.health.warnings
