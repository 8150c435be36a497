"""What an instructor's home knows: the courses that one teaches."""

from typing import Annotated

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.courses import authoring, queries
from lms_app.domain.courses.views import TaughtCourse
from lms_app.errors import Invalid
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role


class NewCourse(TypedDict):
    """The form of a new course."""

    title: Annotated[str, Field(max_length=400)]
    summary: Annotated[str, Field(max_length=4000)]


class TeachState(rx.State):
    """One's courses as their teacher."""

    ready: bool = False
    courses: list[TaughtCourse] = []
    more: int = 0
    """Courses besides the fifty newest."""
    errors: dict[str, str] = {}

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """Reads the list."""
        courses = await perform(self, queries.taught_courses)
        self.courses, self.more = courses[:50], max(0, len(courses) - 50)
        self.ready, self.errors = True, {}

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def create(self, form: NewCourse):
        """Makes a course and goes to it."""
        try:
            course = await perform(self, authoring.create_course, title=form["title"], summary=form["summary"])
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        self.errors = {}
        return rx.redirect(f"/teach/courses/{course.id}")
