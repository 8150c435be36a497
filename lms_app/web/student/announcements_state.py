"""What the page of a course's announcements knows."""

from uuid import UUID

import reflex as rx

from lms_app.domain.talk import announcements
from lms_app.domain.talk.views import AnnouncementPage
from lms_app.errors import NotFound
from lms_app.web import live
from lms_app.web.labels import allow, signed_in
from lms_app.web.perform import perform
from lms_app.words import Hint


class AnnouncementsState(rx.State):
    """Twenty announcements of a course, to whom they were made."""

    ready: bool = False
    sheet: AnnouncementPage | None = None

    @rx.event
    @allow(signed_in)
    async def load(self):
        """The newest of the course that the address names."""
        self.sheet = await perform(self, announcements.announcements, _slug(self))
        live.watch(self, Hint.ANNOUNCEMENTS, UUID(self.sheet.course_id), AnnouncementsState.refresh)
        self.ready = True

    @rx.event
    @allow(signed_in)
    async def refresh(self):
        """One was made, put right or taken back."""
        await self._read(0)

    @rx.event
    @allow(signed_in)
    async def turn(self, by: int):
        """Newer or older ones."""
        await self._read(by)

    async def _read(self, by: int) -> None:
        if self.sheet is not None:
            self.sheet = await perform(self, announcements.announcements, self.sheet.slug, self.sheet.page + max(-1, min(by, 1)))


def _slug(state: rx.State) -> str:
    parts = state.router.url.path.strip("/").split("/")
    if len(parts) != 3 or parts[0] != "courses":
        raise NotFound("There is no course at this address.")
    return parts[1][:100]
