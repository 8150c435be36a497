"""What the page around a thread knows: where it stands. What is said is the island's."""

from uuid import UUID

import reflex as rx

from lms_app.domain.talk import queries
from lms_app.domain.talk.views import ThreadHead
from lms_app.errors import NotFound
from lms_app.web import live
from lms_app.web.labels import allow, signed_in
from lms_app.web.perform import perform
from lms_app.words import Hint


class ThreadState(rx.State):
    """One thread."""

    ready: bool = False
    head: ThreadHead | None = None
    revision: int = 0

    @rx.event
    @allow(signed_in)
    async def load(self):
        """The thread that the address names."""
        self.ready = False
        self.head = await perform(self, queries.thread_head, _id(self))
        live.watch(self, Hint.DISCUSSION, UUID(self.head.page_id), ThreadState.moved)
        self.ready = True

    @rx.event
    @allow(signed_in)
    async def moved(self):
        """Somebody wrote: the island reads the thread again."""
        self.revision += 1


def _id(state: rx.State) -> UUID:
    parts = state.router.url.path.strip("/").split("/")
    try:
        if parts[0] != "discussion" or len(parts) != 2:
            raise ValueError
        return UUID(parts[1])
    except ValueError:
        raise NotFound("There is no thread at this address.") from None
