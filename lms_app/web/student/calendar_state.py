"""What a student's calendar knows: a month of dates, and the address for calendar programs."""

from typing import Annotated

import reflex as rx
from pydantic import Field

from lms_app.domain.calendar import feeds, queries
from lms_app.domain.calendar.views import CalendarMonth, FeedStanding
from lms_app.web import live
from lms_app.web.errors import ToastState
from lms_app.web.identity import known_actor
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class CalendarState(rx.State):
    """One's own dates."""

    ready: bool = False
    month: CalendarMonth | None = None
    feed: FeedStanding | None = None

    _wanted: str = ""

    @rx.event
    @allow(Role.STUDENT)
    async def load(self):
        """Reads the present month, and whether there is an address."""
        live.watch(self, Hint.PROGRESS, known_actor().person_id, CalendarState.reread)
        self._wanted = ""
        self.month = await perform(self, queries.month)
        self.feed = await perform(self, feeds.standing)
        self.ready = True

    @rx.event
    @allow(Role.STUDENT)
    async def reread(self):
        """Reads the month that is shown again."""
        self.month = await perform(self, queries.month, self._wanted)

    @rx.event
    @allow(Role.STUDENT)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next or the previous month; 0 is the present one."""
        shown = self.month.month if self.month else ""
        self._wanted = queries.step(shown, step) if step else ""
        self.month = await perform(self, queries.month, self._wanted)

    @rx.event
    @allow(Role.STUDENT)
    async def make_feed(self):
        """A new address, shown until the page is left."""
        self.feed = await perform(self, feeds.make)

    @rx.event
    @allow(Role.STUDENT)
    async def stop_feed(self):
        """No address any more."""
        await perform(self, feeds.stop)
        self.feed = await perform(self, feeds.standing)
        return ToastState.say("The calendar address is stopped.", "ok")
