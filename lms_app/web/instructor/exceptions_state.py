"""What the page of a quiz's exceptions knows: the list, the form of one of them, and for whom a new one is."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.assessments import override_form, overrides
from lms_app.domain.assessments.override_form import ExceptionSheet, Kind, QuizExceptions, Saved
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role

Line = Annotated[str, Field(max_length=200)]


class ExceptionForm(TypedDict):
    """The form of an exception. What is left empty stays as it is for everybody."""

    opens_at: Line
    closes_at: Line
    more: Line
    extra: Line
    attempts_allowed: Line


class ExceptionsState(rx.State):
    """The exceptions of one quiz. One form at a time is open."""

    ready: bool = False
    quiz: QuizExceptions | None = None
    sheet: ExceptionSheet | None = None
    """The exception that is being written."""
    serial: int = 0
    """Grows with each form that is opened, so that its fields begin anew."""
    search: str = ""
    found: list[tuple[str, str]] = []
    """Groups or students to choose from, as pairs of id and name."""
    errors: dict[str, str] = {}
    wrong: str = ""
    leaving: str = ""
    """For whom the exception is that is about to be removed."""

    _subject: str = ""
    _leaving: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The exceptions of the quiz that the address names."""
        self._put_away()
        self.quiz = await perform(self, override_form.exceptions, id_in(self, "quizzes"))
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next or the previous fifty exceptions."""
        await self._read((self.quiz.page if self.quiz else 1) + step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def write_new(self):
        """Opens the form of a new exception."""
        self._put_away()
        await self._ask("student")
        self.serial += 1

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def edit(self, override_id: UUID):
        """Opens the form of an exception."""
        sheet = await perform(self, override_form.exception_sheet, id_in(self, "quizzes"), override_id)
        self._put_away()
        self.sheet = sheet
        self.serial += 1

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def close(self):
        """Puts the form away."""
        self._put_away()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose_kind(self, kind: Kind):
        """Says whether the new exception is for a student, a group or everybody. What is typed in the form stays."""
        if self.sheet is not None and not self.sheet.id:
            await self._ask(kind)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def find(self, words: Line):
        """Searches students or groups while the name is typed."""
        self.search = words
        await self._find()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose(self, subject: UUID):
        """Takes one of those found."""
        name = dict(self.found).get(str(subject), "")
        if self.sheet is not None and name:
            self._subject, self.errors = str(subject), self._elsewhere()
            self.sheet = ExceptionSheet(kind=self.sheet.kind, who=name)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose_another(self):
        """Goes back to those found."""
        if self.sheet is not None and not self.sheet.id:
            await self._ask(self.sheet.kind)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save(self, form: ExceptionForm):
        """Saves the exception that is being written."""
        if self.sheet is None:
            return None
        quiz_id = id_in(self, "quizzes")
        written = {name: str(value) for name, value in form.items()}
        try:
            if self.sheet.id:
                saved = await perform(self, override_form.save_exception, quiz_id, UUID(self.sheet.id), written)
            else:
                subject = UUID(self._subject) if self._subject else None
                saved = await perform(self, override_form.add_exception, quiz_id, self.sheet.kind, subject, written)
        except Invalid as refusal:
            self.errors, self.wrong = refusal.fields, "" if refusal.fields else refusal.sentence
            return None
        self._put_away()
        await self._read()
        return _told(saved, str(quiz_id))

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_remove(self, override_id: UUID):
        """Asks before an exception is removed."""
        lines = self.quiz.lines if self.quiz else []
        self.leaving = next((line.who for line in lines if line.id == str(override_id)), "")
        self._leaving = str(override_id)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def remove(self):
        """Removes the exception that was asked about."""
        if not self._leaving:
            return None
        await perform(self, overrides.remove_override, id_in(self, "quizzes"), UUID(self._leaving))
        if self.sheet is not None and self.sheet.id == self._leaving:
            self._put_away()
        self._leaving = ""
        await self._read()
        return ToastState.say("The exception is gone. Attempts under way keep the rules that they began with.", "ok")

    async def _ask(self, kind: Kind) -> None:
        self._subject, self.search, self.errors, self.wrong = "", "", self._elsewhere(), ""
        self.sheet = ExceptionSheet(kind=kind, who="Everybody" if kind == "run" else "")
        await self._find()

    def _elsewhere(self) -> dict[str, str]:
        return {name: sentence for name, sentence in self.errors.items() if name != "who"}

    async def _find(self) -> None:
        kind = self.sheet.kind if self.sheet else "student"
        self.found = await perform(self, override_form.find_subjects, id_in(self, "quizzes"), kind, self.search)

    async def _read(self, page: int | None = None) -> None:
        page = page if page is not None else self.quiz.page if self.quiz else 1
        self.quiz = await perform(self, override_form.exceptions, id_in(self, "quizzes"), page)

    def _put_away(self) -> None:
        self.sheet, self.errors, self.wrong, self.search, self.found, self._subject = None, {}, "", "", [], ""


def _told(saved: Saved, quiz_id: str):
    sentence = f"Saved for {'everybody' if saved.who == 'Everybody' else saved.who}."
    if not saved.under_way:
        return ToastState.say(sentence, "ok")
    one = saved.under_way == 1
    running = "One attempt under way keeps the rules it" if one else f"{saved.under_way} attempts under way keep the rules they"
    return ToastState.say(f"{sentence} {running} began with.", "ok", href=f"/teach/quizzes/{quiz_id}/room", action="Control room")
