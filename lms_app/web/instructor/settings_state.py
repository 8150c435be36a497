"""What the settings page of a course knows: what the course says of itself, its objectives, who signs its certificates."""

from dataclasses import asdict
from typing import Annotated, Literal, NotRequired
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.certificates.template_rules import CertificateTemplate
from lms_app.domain.courses import course_settings, objectives
from lms_app.domain.courses.course_settings import CourseSettings
from lms_app.domain.courses.objectives import ObjectiveLine
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role

Line = Annotated[str, Field(max_length=400)]


class About(TypedDict):
    """The form of what a course says of itself."""

    title: Line
    slug: Line
    summary: Annotated[str, Field(max_length=4000)]
    language: Line
    level: Line
    tags: Annotated[str, Field(max_length=2000)]


class Signing(TypedDict):
    """The form of a course's certificate."""

    signatory_name: Line
    signatory_title: Line
    heading: Line
    certifies: Line
    completed: Line
    colour: Line
    certificate_offered: NotRequired[Line]


class Objective(TypedDict):
    """The form in which an objective is written."""

    text: Annotated[str, Field(max_length=2000)]


class SettingsState(rx.State):
    """The settings of one course."""

    ready: bool = False
    settings: CourseSettings | None = None
    objectives: list[ObjectiveLine] = []
    errors: dict[str, str] = {}
    sample: str = ""
    """Address of the certificate as its fields are now, saved or not."""
    objective_error: str = ""
    rewording: str = ""
    """The objective that is being written anew."""
    written: int = 0
    """Grows with each objective that was added, which empties its field."""

    _shown: dict[str, str] = {}
    """What the sample says: the fields of the certificate's form."""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The settings of the course that the address names."""
        course_id = id_in(self, "courses")
        if self.settings is not None and self.settings.id != str(course_id):
            self.reset()
        self.errors, self.objective_error, self.rewording = {}, "", ""
        await self._read()
        self.objectives = await perform(self, objectives.objectives, course_id)
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save_about(self, form: About):
        """Saves what the course says of itself."""
        try:
            await perform(
                self,
                course_settings.describe,
                id_in(self, "courses"),
                title=form["title"],
                slug=form["slug"],
                summary=form["summary"],
                language=form["language"],
                level=form["level"],
                tags=form["tags"],
            )
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        self.errors = {}
        await self._read()
        return ToastState.say("Settings saved.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose_cover(self, file_id: UUID):
        """Makes a picture among the course's files its cover."""
        await self._cover(file_id)
        return ToastState.say("The course has another cover.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def draw_cover(self):
        """Goes back to the drawn cover."""
        await self._cover(None)
        return ToastState.say("The cover is drawn again.", "ok")

    async def _cover(self, file_id: UUID | None) -> None:
        await perform(self, course_settings.choose_cover, id_in(self, "courses"), file_id)
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def try_certificate(self, field: Literal["signatory_name", "signatory_title", "heading", "certifies", "completed", "colour"], words: Line):
        """Shows the certificate as it would be with these words."""
        self._show_sample(self._shown | {field: words})

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save_certificate(self, form: Signing):
        """Saves whether there is a certificate, and who signs it."""
        await perform(
            self,
            course_settings.certify,
            id_in(self, "courses"),
            offered=bool(form.get("certificate_offered")),
            signatory_name=form["signatory_name"],
            signatory_title=form["signatory_title"],
            template=CertificateTemplate(heading=form["heading"], certifies=form["certifies"], completed=form["completed"], colour=form["colour"]),
        )
        await self._read()
        return ToastState.say("Certificate saved. Those that were given keep what they say.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def add_objective(self, form: Objective):
        """Adds an objective at the end."""
        if await self._write(objectives.add, form["text"]):
            self.written += 1

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_reword(self, objective_id: UUID):
        """Opens an objective to be written anew."""
        self.rewording, self.objective_error = str(objective_id), ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def leave_reword(self):
        """Leaves it as it was."""
        self.rewording, self.objective_error = "", ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def reword(self, form: Objective):
        """Says the open objective in other words."""
        if self.rewording and await self._write(objectives.reword, UUID(self.rewording), form["text"]):
            self.rewording = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def move_objective(self, objective_id: UUID, step: Literal[-1, 1]):
        """Moves an objective one place up or down."""
        await self._write(objectives.move, objective_id, step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def archive_objective(self, objective_id: UUID):
        """Takes an objective out."""
        await self._write(objectives.archive, objective_id)

    async def _write(self, use_case, *given) -> bool:
        course_id = id_in(self, "courses")
        try:
            await perform(self, use_case, course_id, *given)
        except Invalid as refusal:
            self.objective_error = refusal.fields.get("text", refusal.sentence)
            return False
        self.objective_error = ""
        self.objectives = await perform(self, objectives.objectives, course_id)
        return True

    async def _read(self) -> None:
        self.settings = await perform(self, course_settings.settings, id_in(self, "courses"))
        signed = {"signatory_name": self.settings.signatory_name, "signatory_title": self.settings.signatory_title}
        self._show_sample(signed | asdict(self.settings.template))

    def _show_sample(self, shown: dict[str, str]) -> None:
        self._shown = shown
        self.sample = f"/v/courses/{id_in(self, 'courses')}/certificate-sample.pdf?{urlencode({name: words[:200] for name, words in shown.items()})}"
