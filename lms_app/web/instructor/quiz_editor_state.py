"""What the quiz editor knows: the quiz, its questions, and which of them is open. What a question says is its island's."""

from contextlib import suppress
from typing import Annotated, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field

from lms_app.domain.assessments import question_drafts, quiz_authoring, quiz_editor
from lms_app.domain.assessments.quiz_editor import QuizEditor
from lms_app.errors import Invalid, NotFound
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import QuestionType, Role

Points = Annotated[str, Field(max_length=20)]


class QuizEditorState(rx.State):
    """One quiz under its author's hands."""

    ready: bool = False
    quiz: QuizEditor | None = None
    question: str = ""
    """The question whose editor is open."""
    page: int = 1

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The quiz that the address names, with the editor of a question open where it names one of the quiz's."""
        quiz_id = id_in(self, "quizzes")
        self.page = 1
        self.quiz = await perform(self, quiz_editor.quiz_editor, quiz_id)
        self.question = ""
        self.ready = True
        await self._open(quiz_id, str(self.router.url.query_parameters.get("question", ""))[:40])

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next or the previous fifty questions."""
        self.page = max(1, self.page + step)
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def write_new(self, type_: QuestionType):
        """Begins a new question in its editor."""
        self.question = str(await perform(self, question_drafts.new_for_quiz, id_in(self, "quizzes"), type_))

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def edit(self, question_id: UUID):
        """Opens the editor of a question."""
        self.question = str(await perform(self, quiz_editor.asked, id_in(self, "quizzes"), question_id))

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def close(self):
        """Puts the editor away."""
        self.question = ""
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def set_points(self, question_id: UUID, points: Points):
        """Says what a question is worth."""
        try:
            await perform(self, quiz_authoring.set_points, id_in(self, "quizzes"), question_id, points)
        except Invalid as refusal:
            await self._read()
            return ToastState.say(" ".join([refusal.sentence, *refusal.fields.values()]), "bad")
        await self._read()
        return None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def move(self, question_id: UUID, step: Literal[-1, 1]):
        """Moves a question one place."""
        await perform(self, quiz_authoring.move_question, id_in(self, "quizzes"), question_id, step)
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def remove(self, question_id: UUID):
        """Takes a question out of the quiz."""
        await perform(self, quiz_authoring.remove_question, id_in(self, "quizzes"), question_id)
        if self.question == str(question_id):
            self.question = ""
        await self._read()
        return ToastState.say("The question is out of the quiz. Attempts that have it keep it.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def publish(self):
        """Shows the quiz to students as it is now."""
        await perform(self, quiz_authoring.publish_quiz, id_in(self, "quizzes"))
        await self._read()
        return ToastState.say("Published.", "ok")

    async def _open(self, quiz_id: UUID, wanted: str) -> None:
        """Opens the editor of a question that an address names. One that is not in the quiz any more is passed by."""
        with suppress(NotFound, ValueError):
            self.question = str(await perform(self, quiz_editor.asked, quiz_id, UUID(wanted))) if wanted else ""

    async def _read(self) -> None:
        self.quiz = await perform(self, quiz_editor.quiz_editor, id_in(self, "quizzes"), self.page)
