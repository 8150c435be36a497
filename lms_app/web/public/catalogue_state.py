"""What the catalogue knows: one page of courses, and what was searched for."""

from typing import Annotated

import reflex as rx
from pydantic import Field

from lms_app.domain.courses import queries
from lms_app.domain.courses.views import CourseCard
from lms_app.web.labels import allow, anyone
from lms_app.web.perform import perform


class CatalogueState(rx.State):
    """Published courses, as the viewer may see them."""

    ready: bool = False
    cards: list[CourseCard] = []
    search: str = ""
    sentence: str = ""
    page: int = 1
    pages: int = 1

    @rx.event
    @allow(anyone)
    async def load(self):
        """The first page of everything, or of what the address says is searched for."""
        self.search = str(self.router.url.query_parameters.get("search", ""))[:200]
        await self._read(1)

    @rx.event
    @allow(anyone)
    async def find(self, words: Annotated[str, Field(max_length=200)]):
        """Searches while the words are typed."""
        self.search = words
        await self._read(1)

    @rx.event
    @allow(anyone)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next (1) or the previous (−1) page."""
        await self._read(self.page + step)

    async def _read(self, page: int) -> None:
        found = await perform(self, queries.catalogue, self.search, page)
        self.cards, self.page, self.pages, self.ready = found.cards, found.page, found.pages, True
        courses = "1 course" if found.total == 1 else f"{found.total} courses"
        self.sentence = f"{courses} for “{self.search.strip()}”" if self.search.strip() else courses
