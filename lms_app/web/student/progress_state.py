"""What the page of one's progress in a course knows."""

import reflex as rx

from lms_app.domain.analytics import own_course
from lms_app.domain.analytics.own_course import OwnCourse
from lms_app.errors import NotFound
from lms_app.web import live
from lms_app.web.changes import put
from lms_app.web.identity import known_actor
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class ProgressState(rx.State):
    """How one stands in one course."""

    ready: bool = False
    standing: OwnCourse | None = None

    @rx.event
    @allow(Role.STUDENT)
    async def load(self):
        """The course that the address names, now and when progress, time, a grade or a goal moves."""
        slug = _slug(self)
        if self.standing is not None and self.standing.slug != slug:
            self.ready, self.standing = False, None
        person = known_actor().person_id
        for hint in (Hint.PROGRESS, Hint.LEARNT, Hint.GRADES, Hint.GOALS):
            live.watch(self, hint, person, ProgressState.load)
        put(self, standing=await perform(self, own_course.own_course, slug), ready=True)


def _slug(state: rx.State) -> str:
    parts = state.router.url.path.strip("/").split("/")
    if len(parts) != 2 or parts[0] != "progress":
        raise NotFound("There is no course at this address.")
    return parts[1][:100]
