"""What the course builder knows: the modules, the lessons of the open one, and what is being named or taken out."""

from typing import Annotated, Literal, NotRequired
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.courses import authoring, builder
from lms_app.domain.courses.builder import CourseBuilder
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role

Kind = Literal["module", "lesson", "page"]
Line = Annotated[str, Field(max_length=400)]


class Name(TypedDict):
    """The form in which a node gets its title."""

    title: Line


class Settings(TypedDict):
    """The form of a course's settings."""

    title: Line
    summary: Annotated[str, Field(max_length=4000)]
    language: Line
    level: Line
    signatory_name: Line
    signatory_title: Line
    certificate_offered: NotRequired[Line]


class BuilderState(rx.State):
    """One course under its author's hands."""

    ready: bool = False
    course: CourseBuilder | None = None
    naming: str = ""
    """What the naming dialog is for, as its title."""
    name: str = ""
    name_error: str = ""
    asked: int = 0
    """Grows when the field must begin anew. For a new title it does not: what is typed before the answer comes would be lost."""
    answered: int = 0
    """Grows when the dialog has done its work, which closes it."""
    errors: dict[str, str] = {}
    leaving: str = ""
    """Title of the node that is about to be taken out."""

    _adds: bool = False
    _kind: str = ""
    _node: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The course that the address names; for who is on its staff and does not author it, those who take it."""
        course_id = id_in(self, "courses")
        if not await perform(self, builder.may_build, course_id):
            return rx.redirect(f"/teach/courses/{course_id}/people")
        opened = UUID(self.course.open_module) if self.course and self.course.id == str(course_id) and self.course.open_module else None
        self.course = await perform(self, builder.course_builder, course_id, opened)
        self.ready, self.errors, self.name_error = True, {}, ""
        return None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def open_module(self, module_id: UUID):
        """Shows the lessons of another module."""
        self.course = await perform(self, builder.course_builder, id_in(self, "courses"), module_id)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_add(self, kind: Kind, parent_id: UUID):
        """Asks for the title of something new in a course, module or lesson."""
        self.asked += bool(self.name)
        self._adds, self._kind, self._node = True, kind, str(parent_id)
        self.naming, self.name, self.name_error = f"Add {kind}", "", ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_rename(self, kind: Kind, node_id: UUID, title: Line):
        """Asks for another title."""
        self._adds, self._kind, self._node = False, kind, str(node_id)
        self.naming, self.name, self.name_error = f"Rename {kind}", title, ""
        self.asked += 1

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save_name(self, form: Name):
        """Adds what was asked for, or renames it."""
        if not self._node:
            return
        node, kind = UUID(self._node), self._kind
        try:
            if not self._adds:
                await perform(self, authoring.rename, kind, node, form["title"])
            elif kind == "module":
                added = await perform(self, authoring.add_module, node, form["title"])
                await self._read(added.id)
            elif kind == "lesson":
                await perform(self, authoring.add_lesson, node, form["title"])
            else:
                await perform(self, authoring.add_page, node, form["title"])
        except Invalid as refusal:
            self.name_error = refusal.fields.get("title", refusal.sentence)
            return
        self.naming, self.name, self._node = "", "", ""
        self.answered += 1
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def move(self, kind: Kind, node_id: UUID, step: Literal[-1, 1]):
        """Moves a node one place up or down."""
        await perform(self, authoring.move, kind, node_id, step)
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_archive(self, kind: Kind, node_id: UUID, title: Line):
        """Asks before a node is taken out."""
        self._kind, self._node, self.leaving = kind, str(node_id), title

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def archive(self):
        """Takes the node out."""
        if not self._node:
            return None
        await perform(self, authoring.archive, self._kind, UUID(self._node))
        title, self._node, self.leaving = self.leaving, "", ""
        await self._read()
        return ToastState.say(f"“{title}” is archived. What students did on it is kept.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def publish(self):
        """Publishes the course with everything in it that is not held back."""
        count = await perform(self, authoring.publish_course, id_in(self, "courses"))
        await self._read()
        return ToastState.say(f"Published: {count} {'page' if count == 1 else 'pages'}.", "ok", href=f"/courses/{self._slug()}", action="See course")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def unpublish(self):
        """Takes the course out of the catalogue."""
        await perform(self, authoring.unpublish_course, id_in(self, "courses"))
        await self._read()
        return ToastState.say("The course is out of the catalogue. What students did is kept.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save_settings(self, form: Settings):
        """Saves the settings."""
        try:
            await perform(
                self,
                authoring.save_course,
                id_in(self, "courses"),
                title=form["title"],
                summary=form["summary"],
                language=form["language"],
                level=form["level"],
                signatory_name=form["signatory_name"],
                signatory_title=form["signatory_title"],
                certificate_offered=bool(form.get("certificate_offered")),
            )
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        self.errors = {}
        await self._read()
        return ToastState.say("Settings saved.", "ok")

    async def _read(self, module_id: UUID | None = None) -> None:
        opened = module_id or (UUID(self.course.open_module) if self.course and self.course.open_module else None)
        self.course = await perform(self, builder.course_builder, id_in(self, "courses"), opened)

    def _slug(self) -> str:
        return self.course.slug if self.course else ""
