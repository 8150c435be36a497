"""What a student knows of their grades: every course's total, or one course's in full."""

from typing import Annotated

import reflex as rx
from pydantic import Field

from lms_app.domain.gradebook import queries
from lms_app.domain.gradebook.views import GradeLine, OwnGrades, OwnTotal
from lms_app.web import live
from lms_app.web.identity import known_actor
from lms_app.web.labels import allow, signed_in
from lms_app.web.perform import perform
from lms_app.words import Hint

PER_PAGE = 50


class GradesState(rx.State):
    """One's own grades."""

    ready: bool = False
    courses: list[OwnTotal] = []
    grades: OwnGrades | None = None
    lines: list[GradeLine] = []
    page: int = 1
    pages: int = 1

    _slug: str = ""

    @rx.event
    @allow(signed_in)
    async def load(self):
        """Every course with its total, now and when one moves."""
        live.watch(self, Hint.GRADES, known_actor().person_id, GradesState.load)
        self.courses = await perform(self, queries.own_totals)
        self.ready = True

    @rx.event
    @allow(signed_in)
    async def load_course(self):
        """The course that the address names, now and when one of its grades moves."""
        live.watch(self, Hint.GRADES, known_actor().person_id, GradesState.load_course)
        await self._read()
        self.ready = True

    @rx.event
    @allow(signed_in)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next or the previous fifty grades."""
        self.page += step
        await self._read()

    async def _read(self) -> None:
        slug = self.router.url.path.strip("/").rpartition("/")[2]
        if self._slug != slug:
            self._slug, self.page = slug, 1
        read = await perform(self, queries.own_grades, slug)
        self.pages = max(1, -(-len(read.lines) // PER_PAGE))
        self.page = min(max(1, self.page), self.pages)
        self.lines = read.lines[(self.page - 1) * PER_PAGE : self.page * PER_PAGE]
        self.grades = OwnGrades(**{**vars(read), "lines": []})
