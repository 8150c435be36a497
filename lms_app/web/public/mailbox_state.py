"""What the demo's mailbox knows."""

from uuid import UUID

import reflex as rx

from lms_app.domain.notifications import mailbox
from lms_app.domain.notifications.views import CaughtMailLine, CaughtMailText
from lms_app.errors import NotFound
from lms_app.settings import LOOPBACK
from lms_app.web.labels import allow, anyone
from lms_app.web.perform import perform


class MailboxState(rx.State):
    """The newest caught mails, and the one that is open."""

    ready: bool = False
    mails: list[CaughtMailLine] = []
    opened: CaughtMailText | None = None

    @rx.event
    @allow(anyone)
    async def load(self):
        """Lists them."""
        self._must_be_here()
        self.opened = None
        self.mails = await perform(self, mailbox.caught)
        self.ready = True

    @rx.event
    @allow(anyone)
    async def open(self, mail_id: UUID):
        """Opens one."""
        self._must_be_here()
        self.opened = await perform(self, mailbox.read, mail_id)

    def _must_be_here(self) -> None:
        if self.router.session.client_ip not in LOOPBACK:
            raise NotFound
