"""What administrators know of mail that did not arrive."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field

from lms_app.domain.notifications import failures
from lms_app.domain.notifications.failures import MailReport
from lms_app.web.errors import ToastState
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role


class MailState(rx.State):
    """Deliveries that were given up."""

    ready: bool = False
    report: MailReport | None = None

    _page: int = 1

    @rx.event
    @allow(Role.ADMIN)
    async def load(self):
        """Reads one page of them."""
        self.report = await perform(self, failures.report, self._page)
        self._page, self.ready = self.report.page, True

    @rx.event
    @allow(Role.ADMIN)
    async def turn(self, by: Annotated[int, Field(ge=-1, le=1)]):
        """Shows the fifty before or after."""
        self._page = max(1, self._page + by)
        return MailState.load

    @rx.event
    @allow(Role.ADMIN)
    async def retry(self, delivery_id: UUID):
        """Has one tried again."""
        await perform(self, failures.retry, delivery_id)
        return [MailState.load, ToastState.say("It is tried again now.", "ok")]

    @rx.event
    @allow(Role.ADMIN)
    async def retry_all(self):
        """Has all of them tried again."""
        count = await perform(self, failures.retry)
        return [MailState.load, ToastState.say(f"Tried again now: {count:,}.", "ok")]
