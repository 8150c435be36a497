"""What the page for correcting marks knows: the dry run, and the corrections that were made."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field

from lms_app.domain.assessments import regrade_preview, regrading
from lms_app.domain.assessments.regrade_views import RegradeEntry, RegradePreview
from lms_app.web import live
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, RegradeStatus, Role


class RegradeState(rx.State):
    """One question whose marks are corrected."""

    ready: bool = False
    shown: RegradePreview | None = None
    history: list[RegradeEntry] = []
    overrules: bool = False
    at_work: bool = False

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The dry run of the question that the address names."""
        question_id = id_in(self, "questions")
        live.watch(self, Hint.REGRADE, question_id, RegradeState.refresh)
        self.overrules = False
        await self._read(1)
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def refresh(self):
        """Reads anew: a correction is under way, or has come to its end."""
        was_at_work = self.at_work
        await self._read_history()
        if was_at_work and not self.at_work:
            await self._read(1)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next or the previous fifty lines."""
        await self._read((self.shown.page if self.shown else 1) + step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def overrule(self, wanted: bool):
        """Whether marks given by hand move too."""
        self.overrules = wanted
        await self._read(1)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def apply(self):
        """Corrects the marks as shown."""
        if self.shown is None:
            return None
        revision = UUID(self.shown.revision_id)
        done = await perform(self, regrading.apply, id_in(self, "questions"), revision, overrules=self.overrules)
        await self._read(1)
        if done.status == RegradeStatus.APPLIED:
            return ToastState.say("The marks are corrected. Everybody whose mark moved was told.", "ok")
        return None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def undo(self, regrade_id: UUID):
        """Puts everything back to what it was before a correction."""
        done = await perform(self, regrading.undo, regrade_id)
        await self._read(1)
        if done.status == RegradeStatus.UNDONE:
            return ToastState.say("The marks are back to what they were.", "ok")
        return None

    async def _read(self, page: int) -> None:
        await self._read_history()
        self.shown = await perform(self, regrade_preview.preview, id_in(self, "questions"), overrules=self.overrules, page=max(1, page))

    async def _read_history(self) -> None:
        self.history = await perform(self, regrading.history, id_in(self, "questions"))
        self.at_work = any(entry.status in (RegradeStatus.RUNNING, RegradeStatus.UNDOING) for entry in self.history)
