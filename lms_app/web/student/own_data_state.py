"""What somebody is told of what is kept of them: their own events, a page at a time."""

from typing import Annotated

import reflex as rx
from pydantic import Field

from lms_app.domain.analytics import own_events
from lms_app.domain.analytics.own_events import OwnEvents
from lms_app.web.labels import allow, signed_in
from lms_app.web.perform import perform


class OwnDataState(rx.State):
    """One's own events."""

    ready: bool = False
    sheet: OwnEvents | None = None

    @rx.event
    @allow(signed_in)
    async def load(self):
        """The newest fifty."""
        self.sheet = await perform(self, own_events.own_events)
        self.ready = True

    @rx.event
    @allow(signed_in)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next or the previous fifty."""
        page = self.sheet.page if self.sheet else 1
        self.sheet = await perform(self, own_events.own_events, page + step)
