"""What the course builder's page knows: how the course stands, and that something in it moved. The outline is the island's."""

import reflex as rx

from lms_app.domain.courses import authoring, builder
from lms_app.domain.courses.builder import CourseBuilder
from lms_app.web import live
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class BuilderState(rx.State):
    """One course under its authors' hands."""

    ready: bool = False
    course: CourseBuilder | None = None
    revision: int = 0

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The course that the address names; for who is on its staff and does not author it, those who take it."""
        course_id = id_in(self, "courses")
        if not await perform(self, builder.may_build, course_id):
            return rx.redirect(f"/teach/courses/{course_id}/people")
        live.watch(self, Hint.OUTLINE, course_id, BuilderState.look_again)
        await self._read()
        self.ready = True
        return None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def look_again(self):
        """Somebody changed the course: its head is read anew here, its outline by the island."""
        await self._read()

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

    async def _read(self) -> None:
        self.course = await perform(self, builder.course_builder, id_in(self, "courses"))
        self.revision += 1

    def _slug(self) -> str:
        return self.course.slug if self.course else ""
