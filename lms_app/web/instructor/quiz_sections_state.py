"""What the sections part of the quiz editor knows."""

from typing import Annotated, Literal, NotRequired
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.assessments import question_bank, quiz_sections
from lms_app.domain.assessments.quiz_sections import SectionLine
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.instructor.quiz_editor_state import QuizEditorState
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role

Line = Annotated[str, Field(max_length=2000)]
Number = Annotated[int, Field(ge=0, le=quiz_sections.MOST_SECTIONS)]


class SectionForm(TypedDict):
    """The form of a section."""

    title: Line
    introduction: Annotated[str, Field(max_length=50_000)]
    shuffle: NotRequired[Line]


class PoolForm(TypedDict):
    """The form of a pool. `category` is empty for the whole bank."""

    category: UUID | Literal[""]
    tags: Line
    count: Line
    points: Line


class QuizSectionsState(rx.State):
    """The sections of one quiz. One form at a time is open: of a section, or of a new pool in it."""

    sections: list[SectionLine] = []
    categories: list[tuple[str, str]] = []
    editing: int = -1
    pooling: int = -1
    errors: dict[str, str] = {}
    finds: int = 0
    """How many questions the pool that is being written finds now."""
    _category: UUID | None = None
    _tags: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The sections of the quiz that the address names."""
        self.editing, self.pooling, self.errors = -1, -1, {}
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def add(self):
        """A new section at the end, and its form."""
        number = await perform(self, quiz_sections.add_section, id_in(self, "quizzes"), f"Section {len(self.sections) + 1}")
        return await self._done(editing=number)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def edit(self, number: Number):
        """Opens the form of a section."""
        self.editing, self.pooling, self.errors = number, -1, {}

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def close(self):
        """Puts the form away."""
        self.editing, self.pooling, self.errors = -1, -1, {}

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save(self, form: SectionForm):
        """Saves the section whose form is open."""
        try:
            await perform(
                self,
                quiz_sections.save_section,
                id_in(self, "quizzes"),
                self.editing,
                title=form["title"],
                introduction=form["introduction"],
                shuffle=bool(form.get("shuffle")),
            )
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        return await self._done("Section saved. Students see it when you publish.")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def remove(self, number: Number):
        """Takes a section away; its questions go to its neighbour."""
        await perform(self, quiz_sections.remove_section, id_in(self, "quizzes"), number)
        return await self._done("The section is gone. Its questions are in the one beside it.")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def put(self, question_id: UUID, number: Number):
        """Moves a question to the end of another section."""
        await perform(self, quiz_sections.move_to_section, id_in(self, "quizzes"), question_id, number)
        return await self._done()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def write_pool(self, number: Number):
        """Opens the form of a new pool."""
        self.editing, self.pooling, self.errors = -1, number, {}
        self._category, self._tags = None, ""
        await self._count()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose_category(self, category: UUID | Literal[""]):
        """Says how many questions the pool finds in this category."""
        self._category = category or None
        await self._count()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def type_tags(self, tags: Line):
        """Says how many questions the pool finds with these tags."""
        self._tags = tags
        await self._count()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def add_pool(self, form: PoolForm):
        """Adds the pool whose form is open."""
        try:
            await perform(
                self,
                quiz_sections.add_pool,
                id_in(self, "quizzes"),
                self.pooling,
                category_id=form["category"] or None,
                tags=form["tags"],
                count=form["count"],
                points=form["points"],
            )
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        return await self._done("Pool added. Students draw from it when you publish.")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def remove_pool(self, pool_id: UUID):
        """Takes a pool out of the quiz."""
        await perform(self, quiz_sections.remove_pool, id_in(self, "quizzes"), pool_id)
        return await self._done("The pool is out of the quiz. Attempts that drew from it keep what they drew.")

    async def _count(self) -> None:
        try:
            self.finds = await perform(self, quiz_sections.finds, id_in(self, "quizzes"), self._category, self._tags)
            self.errors = {}
        except Invalid as refusal:
            self.errors = refusal.fields

    async def _read(self) -> None:
        quiz_id = id_in(self, "quizzes")
        self.sections = await perform(self, quiz_sections.sections, quiz_id)
        self.categories = await perform(self, question_bank.categories_for_quiz, quiz_id)

    async def _done(self, words: str = "", *, editing: int = -1):
        self.editing, self.pooling, self.errors = editing, -1, {}
        await self._read()
        return [QuizEditorState.turn(0), *([ToastState.say(words, "ok")] if words else [])]
