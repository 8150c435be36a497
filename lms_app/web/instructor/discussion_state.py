"""What is asked in a course: the course. The rest is the island's."""

import reflex as rx

from lms_app.domain.talk.views import CourseTitle
from lms_app.web.changes import put
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
        await self._look()
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def moved(self):
        """The island reads again."""
        await self._look()
        self.revision += 1

    async def _look(self) -> None:
        put(self, course=await watched_course(self, Hint.DISCUSSION, DiscussionState.moved))
