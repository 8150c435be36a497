"""What the certificate part of the settings page knows: what the certificate asks for, as it is being chosen, and whom that gives one today."""

from typing import Annotated, NotRequired
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.courses import certificate_rule
from lms_app.domain.courses.certificate_rule import QuizToPass, RulePreview
from lms_app.errors import Invalid, NotFound
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role


class Rule(TypedDict):
    """The form of a certificate's rule. Which quizzes it asks for is known by the time that it is sent."""

    least_grade: Annotated[str, Field(max_length=40)]
    passed: NotRequired[Annotated[str, Field(max_length=40)]]


class CertificateRuleState(rx.State):
    """The rule of one course's certificate."""

    ready: bool = False
    least_grade: str = ""
    quizzes: list[QuizToPass] = []
    asked: list[str] = []
    preview: RulePreview | None = None
    error: str = ""
    read: int = 0
    """Grows with each reading, which lets the fields begin anew."""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The rule as it is; who may not author the course sees none."""
        self.error = ""
        try:
            rule = await perform(self, certificate_rule.certificate_rule, id_in(self, "courses"))
        except NotFound:
            self.ready, self.preview = False, None
            return
        self.least_grade, self.quizzes, self.preview = rule.least_grade, rule.quizzes, rule.preview
        self.asked = [quiz.id for quiz in rule.quizzes if quiz.asked]
        self.read += 1
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def try_grade(self, least_grade: Annotated[str, Field(max_length=40)]):
        """Shows whom another grade gives a certificate."""
        self.least_grade = least_grade
        await self._try()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose(self, quiz_id: UUID, asked: bool):
        """Asks for a quiz, or no longer, and shows whom that gives a certificate."""
        others = [quiz for quiz in self.asked if quiz != str(quiz_id)]
        self.asked = [*others, str(quiz_id)] if asked else others
        await self._try()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save(self, form: Rule):
        """Saves the rule."""
        self.least_grade = form["least_grade"]
        if not await self._do(certificate_rule.save):
            return None
        self.preview = await perform(self, certificate_rule.preview, id_in(self, "courses"), **self._rule())
        return ToastState.say("Rule saved. Certificates that were given stay.", "ok")

    async def _try(self) -> None:
        found = await self._do(certificate_rule.preview)
        if isinstance(found, RulePreview):
            self.preview = found

    async def _do(self, use_case):
        try:
            done = await perform(self, use_case, id_in(self, "courses"), **self._rule())
        except Invalid as refusal:
            self.error = next(iter(refusal.fields.values()), refusal.sentence)
            return None
        self.error = ""
        return done or True

    def _rule(self):
        return {"least_grade": self.least_grade, "passed": [UUID(quiz) for quiz in self.asked]}
