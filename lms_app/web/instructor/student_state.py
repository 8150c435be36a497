"""What the page of one student knows."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field

from lms_app.domain.analytics import student_sheet
from lms_app.domain.analytics.student_views import StudentSheet, Timeline
from lms_app.errors import NotFound
from lms_app.web import live
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class StudentState(rx.State):
    """One student of one course, as its staff may see them."""

    ready: bool = False
    sheet: StudentSheet | None = None
    timeline: Timeline | None = None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The student that the address names."""
        await self._read(1)
        self.timeline = await perform(self, student_sheet.timeline, *_ids(self))
        self.ready = True
        if self.sheet is not None:
            live.watch(self, Hint.ANALYTICS, UUID(self.sheet.run_id), StudentState.look_again)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def look_again(self):
        """The figures moved: reads them, and what was done where the newest is shown."""
        await self._read(self.sheet.page if self.sheet else 1)
        if self.timeline is None or self.timeline.newest:
            self.timeline = await perform(self, student_sheet.timeline, *_ids(self))

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next or the previous fifty items."""
        await self._read((self.sheet.page if self.sheet else 1) + step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def older(self):
        """What was done before that."""
        if self.timeline is not None and self.timeline.older:
            self.timeline = await perform(self, student_sheet.timeline, *_ids(self), UUID(self.timeline.older))

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def newest(self):
        """What was done last."""
        self.timeline = await perform(self, student_sheet.timeline, *_ids(self))

    async def _read(self, page: int) -> None:
        self.sheet = await perform(self, student_sheet.student, *_ids(self), page)


def _ids(state: rx.State) -> tuple[UUID, UUID]:
    parts = state.router.url.path.strip("/").split("/")
    try:
        if parts[3:4] != ["students"]:
            raise ValueError
        return id_in(state, "courses"), UUID(parts[4])
    except (ValueError, IndexError):
        raise NotFound("There is nothing of yours at this address.") from None
