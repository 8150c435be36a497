"""What the quiz page knows: the cover, the attempt under way when the page was loaded, or a result. An attempt that is begun and submitted on the
open page, and every answer being given, are the island's."""

from uuid import UUID

import reflex as rx

from lms_app.domain.assessments import attempts, queries
from lms_app.domain.assessments.views import AttemptResult, AttemptSheet, QuizCover
from lms_app.errors import Conflict, NotFound
from lms_app.web import live
from lms_app.web.identity import known_actor
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class QuizState(rx.State):
    """One quiz, as its student meets it."""

    ready: bool = False
    cover: QuizCover | None = None
    sheet: AttemptSheet | None = None
    result: AttemptResult | None = None
    moved: int = 0

    @rx.event
    @allow(Role.STUDENT)
    async def load(self):
        """The cover; or the attempt under way, so that a reload comes back to the question; or a result that was looked at."""
        assessment_id = _assessment(self)
        live.watch(self, Hint.ATTEMPT, known_actor().person_id, QuizState.look_again)
        live.watch(self, Hint.PROGRESS, known_actor().person_id, QuizState.may_open)
        if self.cover is not None and self.cover.id != str(assessment_id):
            self.ready, self.result = False, None
        self.cover = await perform(self, queries.quiz_cover, assessment_id)
        live.watch(self, Hint.AVAILABILITY, UUID(self.cover.course_id), QuizState.may_open)
        self.sheet = None
        if self.cover.open_attempt:
            self.result = None
            try:
                self.sheet = await perform(self, attempts.read, UUID(self.cover.open_attempt))
            except Conflict:
                self.cover = await perform(self, queries.quiz_cover, assessment_id)
        elif self.result is not None:
            self.result = await perform(self, attempts.result, UUID(self.result.id))
        self.ready = True

    @rx.event
    @allow(Role.STUDENT)
    async def look_again(self):
        """Somebody moved a clock of the student's, wrote a message, ended an attempt or marked it: the island asks what has become of its own."""
        self.moved += 1

    @rx.event
    @allow(Role.STUDENT)
    async def may_open(self):
        """What the quiz waits for may be done, its time may have come, or its author may have opened it: a cover that keeps somebody out is read
        again."""
        if self.cover is not None and self.cover.refusal and self.sheet is None and self.result is None:
            self.cover = await perform(self, queries.quiz_cover, UUID(self.cover.id))

    @rx.event
    @allow(Role.STUDENT)
    async def put_away(self):
        """The attempt that was under way when the page was loaded is over: a reload does not begin with it."""
        self.sheet = None

    @rx.event
    @allow(Role.STUDENT)
    async def show_result(self, attempt_id: UUID):
        """The result of a submitted attempt."""
        self.result = await perform(self, attempts.result, attempt_id)
        self.sheet = None

    @rx.event
    @allow(Role.STUDENT)
    async def show_cover(self):
        """Back to the cover."""
        self.cover = await perform(self, queries.quiz_cover, _assessment(self))
        self.sheet = self.result = None


def _assessment(state: rx.State) -> UUID:
    parts = state.router.url.path.strip("/").split("/")
    try:
        return UUID(parts[1])
    except (ValueError, IndexError):
        raise NotFound("There is no quiz at this address.") from None
