"""What the page editor knows: the page, its text as it was loaded, and how it would look."""

from typing import Annotated, NotRequired
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.content.views import BlockView
from lms_app.domain.courses import authoring, page_editor
from lms_app.domain.courses.page_editor import PageEditor
from lms_app.errors import Conflict, Invalid
from lms_app.web.errors import ToastState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import CompletionRule, Role

Text = Annotated[str, Field(max_length=1_000_000)]
Line = Annotated[str, Field(max_length=400)]


class PageForm(TypedDict):
    """The form of a page."""

    title: Line
    markdown: Text
    rule: CompletionRule
    required: NotRequired[Line]


class PageEditorState(rx.State):
    """One page under its author's hands. The text being typed is the form's; `markdown` is what it began with."""

    ready: bool = False
    page: PageEditor | None = None
    markdown: str = ""
    blocks: list[BlockView] = []
    trouble: str = ""
    """Why the text was not saved, or cannot be shown."""
    errors: dict[str, str] = {}

    _base: str = ""
    """The revision that the text in the form was made from. It moves when the author saves, not when somebody else does."""
    _next: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The page that the address names."""
        page_id = id_in(self, "pages")
        self.page = await perform(self, page_editor.page_editor, page_id)
        text = await perform(self, page_editor.page_text, page_id)
        self.markdown, self._base, self._next = text.markdown, self.page.revision, ""
        self.blocks = await perform(self, page_editor.preview, page_id, text.markdown)
        self.ready, self.trouble, self.errors = True, "", {}

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def show(self, markdown: Text):
        """How the text would look, while it is typed."""
        try:
            self.blocks = await perform(self, page_editor.preview, id_in(self, "pages"), markdown)
            self.errors = {}
        except Invalid as refusal:
            self.errors = {"markdown": refusal.sentence}

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def then_publish(self):
        """The next save publishes the page too."""
        self._next = "publish"

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def then_add_practice(self):
        """The next save adds a practice quiz too."""
        self._next = "practice"

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def then_add_quiz(self):
        """The next save adds a quiz that counts too."""
        self._next = "quiz"

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save(self, form: PageForm):
        """Saves the text; then does what the pressed button said besides."""
        page_id, afterwards, self._next = id_in(self, "pages"), self._next, ""
        try:
            revision = await perform(
                self,
                authoring.save_page,
                page_id,
                title=form["title"],
                markdown=form["markdown"],
                rule=form["rule"],
                required=bool(form.get("required")),
                base_revision=UUID(self._base or str(page_id)),
            )
        except Conflict as refusal:
            self.trouble = refusal.sentence
            return None
        except Invalid as refusal:
            self.errors = refusal.fields or {"markdown": refusal.sentence}
            return None
        self._base, self.trouble, self.errors = str(revision.id), "", {}
        if afterwards in ("practice", "quiz"):
            quiz = await perform(self, quiz_authoring.add_quiz, page_id, title=form["title"], practice=afterwards == "practice")
            return rx.redirect(f"/teach/quizzes/{quiz.id}")
        if afterwards == "publish":
            await perform(self, authoring.publish_page, page_id)
        self.page = await perform(self, page_editor.page_editor, page_id)
        self.blocks = await perform(self, page_editor.preview, page_id, form["markdown"])
        return ToastState.say("Saved and published." if afterwards else "Saved.", "ok")
