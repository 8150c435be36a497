"""What the demo's mailbox knows."""

from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

import reflex as rx

from lms_app.domain.notifications import mailbox
from lms_app.domain.notifications.views import CaughtMailLine, CaughtMailText
from lms_app.errors import NotFound
from lms_app.settings import LOOPBACK
from lms_app.web.labels import allow, anyone
from lms_app.web.perform import perform

FORWARDED = {"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"}
"""What proxies add."""


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
        if not is_from_here(self.router.session.client_ip, self.router_data.get("headers", {})):
            raise NotFound


def is_from_here(network: str, headers: Mapping[str, str]) -> bool:
    """Whether a socket was opened on this machine, through no proxy, and under this machine's own name: a site whose name leads here is not ours."""
    try:
        host = urlsplit(f"//{headers.get('host', '')}").hostname
    except ValueError:
        return False
    return network in LOOPBACK and host in LOOPBACK and not FORWARDED & {name.lower() for name in headers}
