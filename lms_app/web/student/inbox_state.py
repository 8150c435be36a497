"""What the inbox knows."""

from uuid import UUID

import reflex as rx

from lms_app.domain.notifications import inbox, queries
from lms_app.domain.notifications.views import InboxItem
from lms_app.web import live, urls
from lms_app.web.identity import known_actor
from lms_app.web.labels import allow, signed_in
from lms_app.web.perform import perform
from lms_app.words import Hint


class InboxState(rx.State):
    """One's newest notifications."""

    ready: bool = False
    items: list[InboxItem] = []
    unread: int = 0

    @rx.event
    @allow(signed_in)
    async def load(self):
        """Reads them, now and whenever something new comes."""
        live.watch(self, Hint.INBOX, known_actor().person_id, InboxState.load)
        found = await perform(self, queries.inbox)
        self.items, self.unread, self.ready = found.items, found.unread, True

    @rx.event
    @allow(signed_in)
    async def open(self, notification_id: UUID):
        """Marks one as read and goes where it leads."""
        await perform(self, inbox.mark_read, notification_id)
        link = next((item.link for item in self.items if item.id == str(notification_id)), "/inbox")
        return rx.redirect(urls.ours_or_home(link))

    @rx.event
    @allow(signed_in)
    async def read_all(self):
        """Marks all as read."""
        await perform(self, inbox.mark_read)
        return InboxState.load
