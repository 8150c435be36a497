"""What the roster knows: one page of those who take a course."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field

from lms_app.domain.analytics import queries
from lms_app.domain.enrollments import enrollments, roster
from lms_app.domain.enrollments.roster import Roster
from lms_app.web import live
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class PeopleState(rx.State):
    """Learners of one course, as its staff may see them."""

    ready: bool = False
    revision: int = 0
    """Grows when figures moved."""
    roster: Roster | None = None
    search: str = ""
    leaving: str = ""
    """Name of who is about to be taken out."""

    _leaving: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The first page of everybody."""
        self.search = ""
        await self._read(1)
        if self.roster is not None:
            live.watch(self, Hint.ANALYTICS, UUID(self.roster.run_id), PeopleState.look_again)
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def look_again(self):
        """Figures of the course moved: the table reads what is in sight anew, for who is still on the staff."""
        await perform(self, queries.watched, id_in(self, "courses"))
        self.revision += 1

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def find(self, words: Annotated[str, Field(max_length=200)]):
        """Searches while the name is typed."""
        self.search = words
        await self._read(1)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next (1) or the previous (−1) page, or the same anew (0)."""
        await self._read((self.roster.page if self.roster else 1) + step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_take_out(self, enrollment_id: UUID):
        """Asks before somebody is taken out of the course."""
        self._leaving = str(enrollment_id)
        self.leaving = next((line.name for line in (self.roster.lines if self.roster else []) if line.id == str(enrollment_id)), "")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def take_out(self):
        """Takes out of the course who was asked about."""
        if not self._leaving:
            return None
        await perform(self, enrollments.remove, id_in(self, "courses"), UUID(self._leaving))
        name, self._leaving, self.leaving = self.leaving, "", ""
        await self._read(self.roster.page if self.roster else 1)
        return ToastState.say(f"{name} takes the course no longer. What they did is kept.", "ok")

    async def _read(self, page: int) -> None:
        self.roster = await perform(self, roster.roster, id_in(self, "courses"), self.search, page)
