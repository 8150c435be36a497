"""What the gradebook's setup knows: how the run is graded, its categories and columns."""

from typing import Annotated, NotRequired
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.gradebook import setup
from lms_app.domain.gradebook.views import ColumnView, GradebookSetup
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Aggregation, GradeScale, Missing, Role

Line = Annotated[str, Field(max_length=400)]
PER_PAGE = 50


class SettingsForm(TypedDict):
    """How the run is graded."""

    aggregation: Aggregation
    missing: Missing
    late_per_day: Line
    late_floor: Line
    late_grace: Line
    scale: GradeScale
    scale_points: Line
    letters: Annotated[str, Field(max_length=2000)]
    pass_mark: Line


class NewForm(TypedDict):
    """A new category or column."""

    title: Line
    points: NotRequired[Line]


class CategoryForm(TypedDict):
    """One category."""

    id: UUID
    title: Line
    weight: Line
    drop_lowest: Line


class ColumnForm(TypedDict):
    """One column. `due_at` is in the run's zone, as a browser writes a date and a time."""

    id: UUID
    title: NotRequired[Line]
    points: Line
    category_id: Line
    required: Line
    due_at: Line
    counted: NotRequired[Line]


class GradebookSetupState(rx.State):
    """One gradebook under its author's hands."""

    ready: bool = False
    book: GradebookSetup | None = None
    columns: list[ColumnView] = []
    category_options: list[tuple[str, str]] = []
    page: int = 1
    pages: int = 1
    errors: dict[str, str] = {}
    new_errors: dict[str, str] = {}
    row_errors: dict[str, str] = {}
    row: str = ""
    """The category or column that `row_errors` are about."""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The gradebook of the course that the address names."""
        self.page = 1
        await self._read()
        self.errors, self.new_errors, self.row_errors, self.row = {}, {}, {}, ""
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next or the previous fifty columns."""
        self.page += step
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save_settings(self, form: SettingsForm):
        """Saves how the run is graded. Every total follows at once."""
        try:
            await perform(self, setup.save_settings, id_in(self, "courses"), setup.read_settings(**form))
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        self.errors = {}
        await self._read()
        return ToastState.say("Saved. Every total is made by these rules now.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def add_category(self, form: NewForm):
        """A new category."""
        try:
            await perform(self, setup.add_category, id_in(self, "courses"), form["title"])
        except Invalid as refusal:
            self.new_errors = {"category": refusal.sentence}
            return
        self.new_errors = {}
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save_category(self, form: CategoryForm):
        """Names and weighs a category."""
        kept = {name: form[name] for name in ("title", "weight", "drop_lowest")}
        return await self._save_row(setup.save_category, form["id"], kept)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def remove_category(self, category_id: UUID):
        """Takes a category away; its columns stay."""
        await perform(self, setup.remove_category, id_in(self, "courses"), category_id)
        await self._read()
        return ToastState.say("The category is gone. Its columns stay.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def add_column(self, form: NewForm):
        """A new column, graded by hand."""
        try:
            await perform(self, setup.add_column, id_in(self, "courses"), form["title"], form.get("points") or "100")
        except Invalid as refusal:
            self.new_errors = {f"column_{name}": sentence for name, sentence in refusal.fields.items()}
            return
        self.new_errors = {}
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save_column(self, form: ColumnForm):
        """Saves a column."""
        kept = {name: form[name] for name in ("points", "category_id", "required", "due_at")}
        return await self._save_row(setup.save_column, form["id"], kept | {"title": form.get("title", ""), "counted": "counted" in form})

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def remove_column(self, column_id: UUID):
        """Takes a column that is graded by hand away."""
        await perform(self, setup.remove_column, id_in(self, "courses"), column_id)
        await self._read()
        return ToastState.say("The column is gone. What was graded in it is kept.", "ok")

    async def _save_row(self, save, row_id: UUID, kept: dict):
        self.row, self.row_errors = str(row_id), {}
        try:
            await perform(self, save, id_in(self, "courses"), row_id, **kept)
        except Invalid as refusal:
            self.row_errors = refusal.fields
            return None
        await self._read()
        return ToastState.say("Saved.", "ok")

    async def _read(self) -> None:
        book = await perform(self, setup.setup, id_in(self, "courses"))
        self.pages = max(1, -(-len(book.columns) // PER_PAGE))
        self.page = min(max(1, self.page), self.pages)
        self.columns = book.columns[(self.page - 1) * PER_PAGE : self.page * PER_PAGE]
        self.category_options = [("", "None"), *[(category.id, category.title) for category in book.categories]]
        self.book = GradebookSetup(**{**vars(book), "columns": []})
