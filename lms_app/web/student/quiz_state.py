"""What the quiz page knows: the cover, the attempt under way when the page was loaded, or a result. An attempt that is begun and submitted on the
open page, and every answer being given, are the island's."""

from uuid import UUID

import reflex as rx

from lms_app.domain.assessments import attempts, queries
from lms_app.domain.assessments.views import AttemptResult, AttemptSheet, QuizCover
from lms_app.errors import Conflict, NotFound
from lms_app.web import live
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class QuizState(rx.State):
    """One quiz, as its student meets it."""

    ready: bool = False
    cover: QuizCover | None = None
    sheet: AttemptSheet | None = None
    result: AttemptResult | None = None
    _attempt_id: UUID | None = None

    @rx.event
    @allow(Role.STUDENT)
    async def load(self):
        """The cover; or the attempt under way, so that a reload comes back to the question; or the result that was on the page."""
        assessment_id = _assessment(self)
        if self.cover is not None and self.cover.id != str(assessment_id):
            self.ready, self.result, self._attempt_id = False, None, None
        self.cover = await perform(self, queries.quiz_cover, assessment_id)
        self.sheet = None
        if self.cover.open_attempt:
            self.result = None
            self._follow(UUID(self.cover.open_attempt))
            try:
                self.sheet = await perform(self, attempts.read, UUID(self.cover.open_attempt))
            except Conflict:
                self.cover = await perform(self, queries.quiz_cover, assessment_id)
        elif self._attempt_id is not None:
            # Marks may have been made or released since it was shown.
            await self.show_result(self._attempt_id)
        self.ready = True

    @rx.event
    @allow(Role.STUDENT)
    async def began(self, attempt_id: UUID):
        """The page has begun an attempt over HTTP. Its questions are there already; from now on it is looked after here too."""
        self._follow(await perform(self, attempts.own_id, attempt_id))

    @rx.event
    @allow(Role.STUDENT)
    async def look_again(self):
        """The attempt that is followed, after somebody moved its clock, wrote a message, ended or marked it."""
        if self._attempt_id is None:
            return
        try:
            self.sheet = await perform(self, attempts.read, self._attempt_id)
        except Conflict:
            await self.show_result(self._attempt_id)

    @rx.event
    @allow(Role.STUDENT)
    async def show_result(self, attempt_id: UUID):
        """The result of a submitted attempt."""
        self.result = await perform(self, attempts.result, attempt_id)
        self.sheet, self._attempt_id = None, attempt_id

    @rx.event
    @allow(Role.STUDENT)
    async def show_cover(self):
        """Back to the cover."""
        self.cover = await perform(self, queries.quiz_cover, _assessment(self))
        self.sheet = self.result = self._attempt_id = None

    def _follow(self, attempt_id: UUID) -> None:
        self._attempt_id = attempt_id
        live.watch(self, Hint.ATTEMPT, attempt_id, QuizState.look_again)


def _assessment(state: rx.State) -> UUID:
    parts = state.router.url.path.strip("/").split("/")
    try:
        return UUID(parts[1])
    except (ValueError, IndexError):
        raise NotFound("There is no quiz at this address.") from None
