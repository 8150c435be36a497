"""What the inbox knows."""

from typing import Annotated, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field

from lms_app.domain.notifications import inbox, queries
from lms_app.domain.notifications.views import InboxSheet
from lms_app.web import live, urls
from lms_app.web.identity import known_actor
from lms_app.web.labels import allow, signed_in
from lms_app.web.perform import perform
from lms_app.words import Hint, NotificationGroup

View = Literal["all", "unread"]


class InboxState(rx.State):
    """One page of what was chosen of one's notifications."""

    ready: bool = False
    sheet: InboxSheet | None = None
    view: str = "all"
    course: str = ""
    group: str = ""

    _page: int = 1

    @rx.event
    @allow(signed_in)
    async def load(self):
        """Reads them, now and whenever something new comes."""
        live.watch(self, Hint.INBOX, known_actor().person_id, InboxState.load)
        self.sheet = await perform(
            self,
            queries.sheet,
            only_unread=self.view == "unread",
            course_id=UUID(self.course) if self.course else None,
            group=NotificationGroup(self.group) if self.group else None,
            page=self._page,
        )
        self._page, self.ready = self.sheet.page, True

    @rx.event
    @allow(signed_in)
    async def show(self, view: View):
        """Shows all, or the unread."""
        self.view, self._page = view, 1
        return InboxState.load

    @rx.event
    @allow(signed_in)
    async def of_course(self, course: UUID | Literal[""]):
        """Shows what one course says, or every course."""
        self.course, self._page = str(course), 1
        return InboxState.load

    @rx.event
    @allow(signed_in)
    async def of_group(self, group: NotificationGroup | Literal[""]):
        """Shows one group of kinds, or every one."""
        self.group, self._page = group, 1
        return InboxState.load

    @rx.event
    @allow(signed_in)
    async def turn(self, by: Annotated[int, Field(ge=-1, le=1)]):
        """Shows the fifty before or after."""
        self._page = max(1, self._page + by)
        return InboxState.load

    @rx.event
    @allow(signed_in)
    async def open(self, notification_id: UUID):
        """Marks one as read and goes where it leads."""
        await perform(self, inbox.mark_read, notification_id)
        items = self.sheet.lines if self.sheet else []
        link = next((item.link for item in items if item.id == str(notification_id)), "/inbox")
        return rx.redirect(urls.ours_or_home(link))

    @rx.event
    @allow(signed_in)
    async def mark(self, notification_id: UUID, read: bool):
        """Marks one as read, or as not read."""
        await perform(self, inbox.mark_read if read else inbox.mark_unread, notification_id)
        return InboxState.load

    @rx.event
    @allow(signed_in)
    async def read_all(self):
        """Marks all as read."""
        await perform(self, inbox.mark_read)
        return InboxState.load
