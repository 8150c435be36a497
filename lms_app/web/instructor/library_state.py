"""What the page of a course's files knows: which course it is. The files are the island's."""

import reflex as rx

from lms_app.domain.courses import builder
from lms_app.domain.courses.builder import CourseHead
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role


class LibraryState(rx.State):
    """One course whose files are looked at."""

    ready: bool = False
    course: CourseHead | None = None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The course that the address names."""
        self.course = await perform(self, builder.course_head, id_in(self, "courses"))
        self.ready = True
