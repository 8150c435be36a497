"""What the page behind an invitation link knows, and joining from it."""

import reflex as rx

from lms_app.domain.enrollments import arriving, enrollments
from lms_app.domain.enrollments.arriving import JoinPage
from lms_app.errors import LimitReached, NotFound
from lms_app.web import urls
from lms_app.web.labels import allow, anyone
from lms_app.web.perform import perform
from lms_app.words import Role


class JoinState(rx.State):
    """One invitation link, with what the viewer may do next."""

    ready: bool = False
    invitation: JoinPage | None = None
    sign_in: str = "/sign-in"
    register: str = "/register"
    """Where the doors are, and back from there."""

    @rx.event
    @allow(anyone)
    async def load(self):
        """The course that the link in the address leads into."""
        token = _token(self)
        self.sign_in, self.register = f"/sign-in?next=/join/{token}", f"/register?invitation={token}"
        self.invitation = await perform(self, arriving.join_page, token)
        self.ready = True

    @rx.event
    @allow(Role.STUDENT)
    async def join(self):
        """Enrols the viewer, and opens the page of the course; one that has filled up meanwhile says so."""
        token = _token(self)
        slug = (await perform(self, arriving.join_page, token)).slug
        try:
            await perform(self, enrollments.enroll, slug, invitation=token)
        except LimitReached:
            return await self._again()
        return rx.redirect(urls.ours_or_home(f"/courses/{slug}"))

    @rx.event
    @allow(Role.STUDENT)
    async def wait(self):
        """Puts the viewer on the waiting list."""
        token = _token(self)
        slug = (await perform(self, arriving.join_page, token)).slug
        await perform(self, enrollments.wait, slug, invitation=token)
        return rx.redirect(urls.ours_or_home(f"/courses/{slug}"))

    async def _again(self) -> None:
        self.invitation = await perform(self, arriving.join_page, _token(self))


def _token(state: rx.State) -> str:
    parts = state.router.url.path.strip("/").split("/")
    if len(parts) != 2 or parts[0] != "join" or not parts[1].replace("-", "").replace("_", "").isalnum():
        raise NotFound("There is no invitation at this address.")
    return parts[1][:100]
