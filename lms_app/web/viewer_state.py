"""Who looks at the page: what the shells show of a person, and the toast when something reaches their inbox.

Courtesy only: what somebody may do is decided by the Guard and the lookups.
"""

import reflex as rx

from lms_app.domain.people import queries
from lms_app.web import identity, live
from lms_app.web.errors import ToastState
from lms_app.web.labels import allow, anyone
from lms_app.web.perform import perform
from lms_app.words import Hint

TOLD = 3
"""Sentences in one notice, where several came at once."""


class ViewerState(rx.State):
    """The person in the top bar. The defaults are what is prerendered: nobody known yet."""

    ready: bool = False
    """Whether we know who looks, or that nobody is signed in."""
    signed_in: bool = False
    name: str = ""
    initials: str = ""
    is_student: bool = False
    is_instructor: bool = False
    is_admin: bool = False
    unread: int = 0
    """Notifications in the inbox that have not been opened."""

    _met: tuple[str, ...] | None = None
    """The newest notifications that this tab has met; None before the first look."""

    @rx.event
    @allow(anyone)
    async def load(self):
        """Looks who is there: on every page, and whenever their inbox moves."""
        actor = identity.actor()
        if actor is not None:
            live.watch(self, Hint.INBOX, actor.person_id, ViewerState.load)
        viewer = await perform(self, queries.viewer, self._met)
        self.signed_in, self.name, self.initials = viewer.signed_in, viewer.name, viewer.initials
        self.is_student, self.is_instructor, self.is_admin = viewer.is_student, viewer.is_instructor, viewer.is_admin
        self.unread, self.ready = viewer.unread, True
        self._met = tuple(sorted({*viewer.newest, *(self._met or ())}, reverse=True)[: 2 * queries.NEWEST])
        if viewer.fresh:
            told, more = " ".join(viewer.fresh[:TOLD]), len(viewer.fresh) - TOLD
            rest = f" And {more} more." if more > 0 else ""
            return ToastState.say(told + rest, "ok", href=viewer.link or "/inbox", action="Open" if viewer.link else "Open inbox")
