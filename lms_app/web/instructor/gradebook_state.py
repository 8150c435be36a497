"""What the gradebook's page knows: whose it is, and that something in it moved. The grades themselves are the island's."""

from uuid import UUID

import reflex as rx

from lms_app.domain.gradebook import queries
from lms_app.domain.gradebook.views import GradebookTitle
from lms_app.web import live
from lms_app.web.changes import put
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class GradebookState(rx.State):
    """One course's gradebook."""

    ready: bool = False
    book: GradebookTitle | None = None
    revision: int = 0

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The course that the address names; its island reads the rest."""
        self.book = await perform(self, queries.title, id_in(self, "courses"))
        live.watch(self, Hint.GRADES, UUID(self.book.run_id), GradebookState.look_again)
        self.revision += 1
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def look_again(self):
        """Grades moved: the island reads what is in sight anew."""
        put(self, book=await perform(self, queries.title, id_in(self, "courses")))
        self.revision += 1
