"""What the page of a question bank knows: what was looked for, one page of questions, and which of them is open."""

from typing import Annotated, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.assessments import question_bank, question_drafts
from lms_app.domain.assessments.question_bank import Bank
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import QuestionType, Role

Line = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
Words = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class CategoryForm(TypedDict):
    """The form in which a category gets its name."""

    name: Line


class TagsForm(TypedDict):
    """The tags of a question, with commas."""

    tags: Line


class UseForm(TypedDict):
    """A quiz, and what the question is worth in it."""

    quiz: UUID | Literal[""]
    points: Line


class QuestionBankState(rx.State):
    """The bank of one course, or the author's own seen from there."""

    ready: bool = False
    course_id: str = ""
    course: str = ""
    mine: bool = False
    bank: Bank | None = None
    search: str = ""
    cleared: int = 0
    """Grows when everything is looked for again, so that the field of the search begins anew."""
    category: str = ""
    category_name: str = ""
    kind: str = ""
    tagged: str = ""
    opened: str = ""
    """The question whose category, tags and uses are shown."""
    errors: dict[str, str] = {}
    places: list[tuple[str, str]] = []
    """The categories that a question may be put into, as pairs of id and words."""
    quizzes: list[tuple[str, str]] = []
    renames: bool = False
    name_error: str = ""
    asked: int = 0
    """Grows when the field must begin anew. For a new name it does not: what is typed before the answer comes would be lost."""
    answered: int = 0
    """Grows when the dialog has done its work, which closes it."""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The bank of the course that the address names."""
        course_id = id_in(self, "courses")
        if self.course_id != str(course_id):
            self._look_for_everything()
            self.course_id, self.mine = str(course_id), False
        await self._read()
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def show(self, mine: bool):
        """The course's bank, or one's own."""
        self.mine = mine
        self._look_for_everything()
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def find(self, words: Words):
        """Searches while words are typed."""
        self.search = words
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose_category(self, category: UUID | Literal[""]):
        """Shows a category with those below it, or everything."""
        self.category = str(category)
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose_kind(self, kind: QuestionType | Literal[""]):
        """Shows one kind of question, or all."""
        self.kind = str(kind)
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def choose_tag(self, tag: Words):
        """Shows what has a tag, or everything."""
        self.tagged = tag
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def clear(self):
        """Looks for everything again."""
        self._look_for_everything()
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next (1) or the previous (−1) page."""
        await self._read((self.bank.page if self.bank else 1) + step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def open(self, question_id: UUID):
        """Shows what can be done with a question; the same again puts it away."""
        self.opened = "" if self.opened == str(question_id) else str(question_id)
        self.errors = {}

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def put(self, question_id: UUID, category: UUID | Literal[""]):
        """Puts a question into a category, or into none."""
        await perform(self, question_bank.put_in_category, question_id, category or None)
        await self._read_again()
        return ToastState.say("Question moved.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def tag(self, form: TagsForm):
        """Gives the open question these tags."""
        if not self.opened:
            return None
        try:
            await perform(self, question_bank.tag, UUID(self.opened), form["tags"])
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        self.errors = {}
        await self._read_again()
        return ToastState.say("Tags saved.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def use(self, form: UseForm):
        """Puts the open question at the end of a quiz."""
        if not self.opened:
            return None
        if not form["quiz"]:
            self.errors = {"quiz": "Choose a quiz."}
            return None
        try:
            await perform(self, question_bank.use_in_quiz, UUID(self.opened), form["quiz"], form["points"])
        except Invalid as refusal:
            self.errors = refusal.fields or {"quiz": refusal.sentence}
            return None
        self.errors = {}
        await self._read_again()
        return ToastState.say("The question is in the quiz. Students see it when you publish the quiz.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def copy(self, question_id: UUID):
        """Copies a question of the course into one's own bank, or one of one's own into the course's."""
        await perform(self, question_bank.copy, question_id, id_in(self, "courses") if self.mine else None)
        words = "The bank of this course has a copy now." if self.mine else "Your own bank has a copy now."
        return ToastState.say(words + " Later changes stay apart.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_name(self, renames: bool):
        """Asks for the name of a new category, or for another name of the chosen one."""
        self.asked += renames or self.renames
        self.renames, self.name_error = renames, ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save_name(self, form: CategoryForm):
        """Adds a category below the chosen one, or renames that."""
        whose, chosen = self._whose(), UUID(self.category) if self.category else None
        try:
            if not self.renames:
                self.category = str(await perform(self, question_bank.add_category, whose, form["name"], chosen))
            elif chosen:
                await perform(self, question_bank.rename_category, whose, chosen, form["name"])
        except Invalid as refusal:
            self.name_error = refusal.fields.get("name", refusal.sentence)
            return
        self.renames = False
        self.answered += 1
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def remove_category(self):
        """Takes the chosen category away."""
        if not self.category:
            return None
        await perform(self, question_bank.remove_category, self._whose(), UUID(self.category))
        self.category = ""
        await self._read()
        return ToastState.say("Category removed. Its questions moved to the one above.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def write_new(self, type_: QuestionType):
        """Begins a new question, on its own page."""
        chosen = UUID(self.category) if self.category else None
        question = await perform(self, question_drafts.new, self._whose(), type_, category_id=chosen)
        return rx.redirect(f"/teach/questions/{question}")

    def _whose(self) -> UUID | None:
        return None if self.mine else id_in(self, "courses")

    def _look_for_everything(self) -> None:
        self.search, self.category, self.kind, self.tagged, self.opened, self.errors = "", "", "", "", "", {}
        self.cleared += 1

    async def _read_again(self) -> None:
        """The same page after a change, with the same question open."""
        opened = self.opened
        await self._read(self.bank.page if self.bank else 1)
        self.opened = opened if self.bank and any(line.id == opened for line in self.bank.lines) else ""

    async def _read(self, page: int = 1) -> None:
        # Also where one's own bank is shown, the course must be one's own: questions are copied into it.
        self.course = await perform(self, question_bank.course_of_bank, id_in(self, "courses"))
        if self.category and not any(line.id == self.category for line in await perform(self, question_bank.categories, self._whose())):
            self.category = ""
        self.bank = await perform(
            self,
            question_bank.bank,
            self._whose(),
            search=self.search,
            category_id=UUID(self.category) if self.category else None,
            kind=QuestionType(self.kind) if self.kind else None,
            tagged=self.tagged,
            page=max(1, page),
        )
        self.category_name = next((line.name for line in self.bank.categories if line.id == self.category), "")
        self.places = [("", "No category"), *((line.id, "\u2003" * line.depth + line.name) for line in self.bank.categories)]
        self.quizzes = [("", "Choose a quiz"), *((quiz.id, quiz.title) for quiz in self.bank.quizzes)]
        self.opened, self.errors = "", {}
