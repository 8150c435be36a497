"""What the page of a course knows, and enrolling from it."""

import reflex as rx

from lms_app.domain.courses import queries
from lms_app.domain.courses.views import CoursePage
from lms_app.domain.enrollments import enrollments
from lms_app.errors import NotFound
from lms_app.web import identity, live, urls
from lms_app.web.errors import ToastState
from lms_app.web.labels import allow, anyone
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class CourseState(rx.State):
    """One published course, with what the viewer may do next."""

    ready: bool = False
    course: CoursePage | None = None

    @rx.event
    @allow(anyone)
    async def load(self):
        """The course that the address names."""
        slug = _slug(self)
        if self.course is not None and self.course.slug != slug:
            self.ready, self.course = False, None
        actor = identity.actor()
        if actor is not None:
            live.watch(self, Hint.PROGRESS, actor.person_id, CourseState.load)
        self.course = await perform(self, queries.course_page, slug)
        self.ready = True
        return None if self.course.slug == slug else rx.redirect(urls.ours_or_home(f"/courses/{self.course.slug}"), replace=True)

    @rx.event
    @allow(Role.STUDENT)
    async def enroll(self):
        """Enrols the viewer and opens the first page."""
        slug = _slug(self)
        await perform(self, enrollments.enroll, slug)
        return rx.redirect(urls.ours_or_home(f"/learn/{slug}"))

    @rx.event
    @allow(Role.STUDENT)
    async def withdraw(self):
        """Ends the viewer's enrolment; what was done is kept."""
        slug = _slug(self)
        await perform(self, enrollments.withdraw, slug)
        self.course = await perform(self, queries.course_page, slug)
        return ToastState.say("You have left this course. What you did in it is kept.", "ok")


def _slug(state: rx.State) -> str:
    parts = state.router.url.path.strip("/").split("/")
    if len(parts) != 2 or parts[0] != "courses":
        raise NotFound("There is no course at this address.")
    return parts[1][:100]
