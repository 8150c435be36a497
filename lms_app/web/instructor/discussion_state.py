"""What is asked in a course: the course. The rest is the island's."""

import reflex as rx

from lms_app.domain.talk.views import CourseTitle
from lms_app.web.instructor.talk_places import watched_course
from lms_app.web.labels import allow
from lms_app.words import Hint, Role


class DiscussionState(rx.State):
    """A course, and a number that grows when something has moved."""

    ready: bool = False
    course: CourseTitle | None = None
    revision: int = 0

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The course that the address names."""
        self.course = await watched_course(self, Hint.DISCUSSION, DiscussionState.moved)
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def moved(self):
        """The island reads again."""
        self.revision += 1
