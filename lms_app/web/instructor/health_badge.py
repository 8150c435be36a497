"""How much is to mend in a course, at the tab that leads there."""

from uuid import UUID

import reflex as rx

from lms_app.domain.courses import builder, health
from lms_app.errors import NotFound
from lms_app.web import live
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class HealthBadge(rx.State):
    """Errors and warnings of the course whose builder or health was opened last."""

    course_id: str = ""
    to_mend: int = 0

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """Counts them, now and whenever the course was looked through. Who does not author the course is told nothing."""
        course_id = _course(self)
        if await perform(self, builder.may_build, course_id):
            live.watch(self, Hint.HEALTH, course_id, HealthBadge.load)
            self.to_mend = await perform(self, health.to_mend, course_id)
            self.course_id = str(course_id)


def _course(state: rx.State) -> UUID:
    parts = state.router.url.path.strip("/").split("/")
    try:
        return UUID(parts[2])
    except (ValueError, IndexError):
        raise NotFound("There is nothing of yours at this address.") from None
