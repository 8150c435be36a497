"""What the quiz page knows: the cover, the attempt under way, or a result. Never an answer being given: that is the island's."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.assessments import attempts, queries
from lms_app.domain.assessments.views import AttemptResult, AttemptSheet, QuizCover
from lms_app.errors import Conflict, Invalid, NotFound, TooMany
from lms_app.web import live
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class PasswordForm(TypedDict):
    """What a quiz asks for before it begins."""

    password: Annotated[str, Field(max_length=200)]


class QuizState(rx.State):
    """One quiz, as its student meets it."""

    ready: bool = False
    cover: QuizCover | None = None
    sheet: AttemptSheet | None = None
    result: AttemptResult | None = None
    password_error: str = ""

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
            live.watch(self, Hint.ATTEMPT, UUID(self.cover.open_attempt), QuizState.look_again)
            try:
                self.sheet = await perform(self, attempts.read, UUID(self.cover.open_attempt))
            except Conflict:
                self.cover = await perform(self, queries.quiz_cover, assessment_id)
        elif self.result is not None:
            # Marks may have been made or released since it was shown.
            self.result = await perform(self, attempts.result, UUID(self.result.id))
        self.ready = True

    @rx.event
    @allow(Role.STUDENT)
    async def start(self):
        """Begins an attempt, or goes on with the one under way."""
        await self._start("")

    @rx.event
    @allow(Role.STUDENT)
    async def start_with_password(self, form: PasswordForm):
        """The same for a quiz that asks for a password first."""
        try:
            await perform(self, attempts.count_password_try, _assessment(self))
            await self._start(form["password"])
        except (Invalid, TooMany) as refusal:
            self.password_error = refusal.fields.get("password", refusal.sentence)

    async def _start(self, password: str) -> None:
        self.sheet = await perform(self, attempts.start, _assessment(self), password)
        self.result, self.password_error = None, ""
        live.watch(self, Hint.ATTEMPT, UUID(self.sheet.id), QuizState.look_again)

    @rx.event
    @allow(Role.STUDENT)
    async def look_again(self):
        """The attempt under way, after somebody moved its clock, wrote a message or ended it."""
        if self.sheet is None:
            return
        attempt_id = UUID(self.sheet.id)
        try:
            self.sheet = await perform(self, attempts.read, attempt_id)
        except Conflict:
            await self.show_result(attempt_id)

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
        self.result = None


def _assessment(state: rx.State) -> UUID:
    parts = state.router.url.path.strip("/").split("/")
    try:
        return UUID(parts[1])
    except (ValueError, IndexError):
        raise NotFound("There is no quiz at this address.") from None
