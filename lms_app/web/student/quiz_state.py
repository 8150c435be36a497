"""What the quiz page knows: the cover, the attempt under way, or a result. Never an answer being given: that is the island's."""

from uuid import UUID

import reflex as rx

from lms_app.domain.assessments import attempts, queries
from lms_app.domain.assessments.views import AttemptResult, AttemptSheet, QuizCover
from lms_app.errors import Conflict, NotFound
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role


class QuizState(rx.State):
    """One quiz, as its student meets it."""

    ready: bool = False
    cover: QuizCover | None = None
    sheet: AttemptSheet | None = None
    result: AttemptResult | None = None

    @rx.event
    @allow(Role.STUDENT)
    async def load(self):
        """The cover; or the attempt under way, so that a reload comes back to the question."""
        assessment_id = _assessment(self)
        if self.cover is not None and self.cover.id != str(assessment_id):
            self.ready, self.result = False, None
        self.cover = await perform(self, queries.quiz_cover, assessment_id)
        self.sheet = None
        if self.cover.open_attempt:
            self.result = None
            try:
                self.sheet = await perform(self, attempts.read, UUID(self.cover.open_attempt))
            except Conflict:
                self.cover = await perform(self, queries.quiz_cover, assessment_id)
        self.ready = True

    @rx.event
    @allow(Role.STUDENT)
    async def start(self):
        """Begins an attempt, or goes on with the one under way."""
        self.sheet = await perform(self, attempts.start, _assessment(self))
        self.result = None

    @rx.event
    @allow(Role.STUDENT)
    async def show_result(self, attempt_id: UUID):
        """The result of a submitted attempt."""
        self.result = await perform(self, attempts.result, attempt_id)
        self.sheet = None
        self.cover = await perform(self, queries.quiz_cover, _assessment(self))

    @rx.event
    @allow(Role.STUDENT)
    async def show_cover(self):
        """Back to the cover."""
        self.cover = await perform(self, queries.quiz_cover, _assessment(self))
        self.result = None


def _assessment(state: rx.State) -> UUID:
    parts = state.router.url.path.strip("/").split("/")
    try:
        return UUID(parts[1])
    except (ValueError, IndexError):
        raise NotFound("There is no quiz at this address.") from None
