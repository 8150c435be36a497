"""What the page around the question editor knows: which question it is. What it says is the island's."""

import reflex as rx

from lms_app.domain.assessments import question_bank
from lms_app.domain.assessments.question_bank import QuestionName
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role


class QuestionState(rx.State):
    """One question under its author's hands."""

    ready: bool = False
    question: QuestionName | None = None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The question that the address names."""
        self.question = await perform(self, question_bank.named, id_in(self, "questions"))
        self.ready = True
