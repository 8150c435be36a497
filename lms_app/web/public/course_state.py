"""What the page of a course knows, and enrolling from it."""

from typing import Annotated, NotRequired
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.courses import queries
from lms_app.domain.courses.views import CoursePage
from lms_app.domain.enrollments import enrollments
from lms_app.domain.talk import announcements
from lms_app.domain.talk.views import AnnouncementView
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.web import identity, live, urls
from lms_app.web.errors import ToastState
from lms_app.web.labels import allow, anyone
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class Entry(TypedDict):
    """The form of who enrols or waits."""

    code: NotRequired[Annotated[str, Field(max_length=100)]]


class CourseState(rx.State):
    """One published course, with what the viewer may do next."""

    ready: bool = False
    course: CoursePage | None = None
    code_error: str = ""
    announced: list[AnnouncementView] = []
    """The newest, for who takes the course."""

    @rx.event
    @allow(anyone)
    async def load(self):
        """The course that the address names."""
        slug = _slug(self)
        if self.course is not None and self.course.slug != slug:
            self.ready, self.course, self.announced = False, None, []
            self.code_error = ""
        actor = identity.actor()
        if actor is not None:
            live.watch(self, Hint.PROGRESS, actor.person_id, CourseState.load)
        self.course = await perform(self, queries.course_page, slug)
        if actor is not None:
            live.watch(self, Hint.SEATS, UUID(self.course.id), CourseState.load)
            live.watch(self, Hint.ANNOUNCEMENTS, UUID(self.course.id), CourseState.load)
            self.announced = await perform(self, announcements.newest, UUID(self.course.id))
        self.ready = True
        return None if self.course.slug == slug else rx.redirect(urls.ours_or_home(f"/courses/{self.course.slug}"), replace=True)

    @rx.event
    @allow(Role.STUDENT)
    async def enroll(self):
        """Enrols the viewer and opens the first page. What stands in the way by now is said on the page."""
        return await self._enroll("")

    @rx.event
    @allow(Role.STUDENT)
    async def enroll_by_code(self, form: Entry):
        """Enrols the viewer by the course's code."""
        return await self._enroll(form.get("code", ""))

    @rx.event
    @allow(Role.STUDENT)
    async def wait(self, form: Entry):
        """Puts the viewer on the waiting list."""
        slug, code = _slug(self), form.get("code", "")
        try:
            if code.strip():
                await perform(self, enrollments.count_code_try)
            await perform(self, enrollments.wait, slug, code=code)
        except Invalid as refusal:
            self.code_error = refusal.sentence
            return
        self.code_error = ""
        self.course = await perform(self, queries.course_page, slug)

    @rx.event
    @allow(Role.STUDENT)
    async def leave_waiting_list(self):
        """Takes the viewer off the waiting list."""
        slug = _slug(self)
        await perform(self, enrollments.leave_waiting_list, slug)
        self.course = await perform(self, queries.course_page, slug)
        return ToastState.say("You are off the waiting list.", "ok")

    @rx.event
    @allow(Role.STUDENT)
    async def withdraw(self):
        """Ends the viewer's enrolment; what was done is kept."""
        slug = _slug(self)
        await perform(self, enrollments.withdraw, slug)
        self.course = await perform(self, queries.course_page, slug)
        return ToastState.say("You have left this course. What you did in it is kept.", "ok")

    async def _enroll(self, code: str):
        slug = _slug(self)
        try:
            if code.strip():
                await perform(self, enrollments.count_code_try)
            await perform(self, enrollments.enroll, slug, code=code)
        except Invalid as refusal:
            self.code_error = refusal.sentence
            return None
        except LimitReached as refusal:
            # The page as it was loaded did not know yet, such as that the last seat is taken.
            self.course = await perform(self, queries.course_page, slug)
            return ToastState.say(refusal.sentence, "bad")
        self.code_error = ""
        self.course = await perform(self, queries.course_page, slug)
        return None if self.course.next_step == "opens" else rx.redirect(urls.ours_or_home(f"/learn/{slug}"))


def _slug(state: rx.State) -> str:
    parts = state.router.url.path.strip("/").split("/")
    if len(parts) != 2 or parts[0] != "courses":
        raise NotFound("There is no course at this address.")
    return parts[1][:100]
