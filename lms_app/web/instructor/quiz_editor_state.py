"""What the quiz editor knows: the quiz's settings, its questions, and the form of one of them."""

from typing import Annotated, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field

from lms_app.domain.assessments import question_editor, quiz_authoring, quiz_editor, regrading
from lms_app.domain.assessments.question_editor import FormRow, QuestionSheetForm
from lms_app.domain.assessments.quiz_editor import QuizEditor
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.instructor.question_form_fields import MOST_ROWS, QuestionForm, about, filled_form
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import QuestionType, Role


class QuizEditorState(rx.State):
    """One quiz under its author's hands."""

    ready: bool = False
    quiz: QuizEditor | None = None
    sheet: QuestionSheetForm | None = None
    """The question that is being written."""
    serial: int = 0
    question_errors: dict[str, str] = {}
    wrong: list[str] = []
    """Sentences about the question's form, where there is anything wrong."""
    page: int = 1
    correctable: str = ""
    """The question that was saved last, if marks were given for an earlier form of it."""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The quiz that the address names, with the form of a question open where it names one of the quiz's."""
        quiz_id = id_in(self, "quizzes")
        self.page = 1
        self.quiz = await perform(self, quiz_editor.quiz_editor, quiz_id)
        put_form_away(self)
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
        """Opens the form of a new question."""
        show_form(self, await perform(self, question_editor.new_question_form, id_in(self, "quizzes"), type_))

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def edit(self, question_id: UUID):
        """Opens the form of a question."""
        sheet = await perform(self, question_editor.question_sheet_form, id_in(self, "quizzes"), question_id)
        if max(len(sheet.rows), len(sheet.parts)) > MOST_ROWS:
            raise LimitReached(f"This question has more than {MOST_ROWS} lines, too many for this form. It stays as it is.")
        show_form(self, sheet)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def close(self):
        """Puts the form away."""
        self.sheet, self.question_errors, self.wrong = None, {}, []

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def add_row(self):
        """One more line for a choice or an answer. What is typed in the others stays."""
        if self.sheet is not None and len(self.sheet.rows) < MOST_ROWS:
            rows = [*self.sheet.rows, FormRow(place=len(self.sheet.rows))]
            self.sheet = QuestionSheetForm(**{**vars(self.sheet), "rows": rows})

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def add_part(self):
        """One more line for a gap or a number to draw."""
        if self.sheet is not None and len(self.sheet.parts) < MOST_ROWS:
            parts = [*self.sheet.parts, FormRow(place=len(self.sheet.parts))]
            self.sheet = QuestionSheetForm(**{**vars(self.sheet), "parts": parts})

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save_question(self, form: QuestionForm):
        """Saves the question that is being written."""
        if self.sheet is None:
            return None
        quiz_id, filled = id_in(self, "quizzes"), filled_form(form, self.sheet)
        try:
            if self.sheet.id:
                await perform(self, quiz_authoring.save_question, quiz_id, UUID(self.sheet.id), filled, form.get("points", "0"))
            else:
                await perform(self, quiz_authoring.add_question, quiz_id, QuestionType(self.sheet.type), filled, form.get("points", "0"))
        except Invalid as refusal:
            self.question_errors = refusal.fields
            self.wrong = [about(name, sentence) for name, sentence in refusal.fields.items()] or [refusal.sentence]
            return None
        saved = self.sheet.id
        put_form_away(self, saved if saved and await perform(self, regrading.can_correct, UUID(saved)) else "")
        await self._read()
        return ToastState.say("Question saved. Students see it when you publish.", "ok")

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
        if self.sheet is not None and self.sheet.id == str(question_id):
            self.sheet = None
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
        """Opens the form of a question that an address names. One that is not in the quiz any more, or too long for a form, is passed by."""
        try:
            sheet = await perform(self, question_editor.question_sheet_form, quiz_id, UUID(wanted)) if wanted else None
        except (NotFound, ValueError):
            return
        if sheet is not None and max(len(sheet.rows), len(sheet.parts)) <= MOST_ROWS:
            show_form(self, sheet)

    async def _read(self) -> None:
        self.quiz = await perform(self, quiz_editor.quiz_editor, id_in(self, "quizzes"), self.page)


def show_form(editor: QuizEditorState, sheet: QuestionSheetForm) -> None:
    """Opens the form of a question, in the place of the one before."""
    editor.sheet, editor.question_errors, editor.wrong = sheet, {}, []
    editor.serial += 1


def put_form_away(editor: QuizEditorState, correctable: str = "") -> None:
    """Closes the form. `correctable` is the question that was saved in it, if marks were given for an earlier form of it."""
    editor.sheet, editor.question_errors, editor.wrong, editor.correctable = None, {}, [], correctable
