"""What the learning page knows: one page of a course, the outline with its marks, and why progress stands where it stands."""

from uuid import UUID

import reflex as rx

from lms_app.domain.enrollments import learning, queries
from lms_app.domain.enrollments.views import LearningPage, ProgressView
from lms_app.errors import NotFound
from lms_app.web import live
from lms_app.web.identity import known_actor
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class LearnState(rx.State):
    """A page of a course, as its student reads it."""

    ready: bool = False
    page: LearningPage | None = None
    why: ProgressView | None = None
    talk: int = 0
    """Grows when something in the discussion of the page has moved: its island reads it again."""

    @rx.event
    @allow(Role.STUDENT)
    async def load(self):
        """The page that the address names, or where the student left off."""
        slug, page_id = _place(self)
        if self.page is not None and self.page.page_id != str(page_id):
            self.ready = False
        live.watch(self, Hint.PROGRESS, known_actor().person_id, LearnState.refresh)
        live.watch(self, Hint.ATTEMPT, known_actor().person_id, LearnState.refresh)
        live.watch(self, Hint.GRADES, known_actor().person_id, LearnState.refresh)
        self.page = await perform(self, queries.learning_page, slug, page_id)
        live.watch(self, Hint.AVAILABILITY, UUID(self.page.course_id), LearnState.refresh)
        live.watch(self, Hint.DISCUSSION, UUID(self.page.page_id), LearnState.talked)
        self.ready = True
        if not self.page.locked:
            await perform(self, learning.open_page, UUID(self.page.page_id))

    @rx.event
    @allow(Role.STUDENT)
    async def refresh(self):
        """Reads the same page again: progress has moved, here or in another tab, a score was told, or the time of something has come."""
        if self.page is None:
            return
        locked = self.page.locked
        self.page = await perform(self, queries.learning_page, self.page.slug, UUID(self.page.page_id))
        if locked and not self.page.locked:
            await perform(self, learning.open_page, UUID(self.page.page_id))
        if self.why is not None:
            self.why = await perform(self, queries.progress_view, self.page.slug)

    @rx.event
    @allow(Role.STUDENT)
    async def talked(self):
        """Somebody wrote about this page."""
        self.talk += 1

    @rx.event
    @allow(Role.STUDENT)
    async def mark_complete(self):
        """Marks the page as done, where that is its rule."""
        if self.page is None:
            return
        await perform(self, learning.mark_complete, UUID(self.page.page_id))
        self.page = await perform(self, queries.learning_page, self.page.slug, UUID(self.page.page_id))

    @rx.event
    @allow(Role.STUDENT)
    async def explain(self):
        """Why progress stands where it stands."""
        if self.page is not None:
            self.why = await perform(self, queries.progress_view, self.page.slug)


def _place(state: rx.State) -> tuple[str, UUID | None]:
    """Course and page that the address names: /learn/slug or /learn/slug/page."""
    parts = state.router.url.path.strip("/").split("/")
    if parts[0] != "learn" or len(parts) not in (2, 3):
        raise NotFound("There is no page at this address.")
    try:
        return parts[1][:100], UUID(parts[2]) if len(parts) == 3 else None
    except ValueError:
        raise NotFound("There is no page at this address.") from None
