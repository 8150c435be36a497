"""What the page around the block editor knows: which page it is, and the block to come to. The text is the island's."""

import reflex as rx

from lms_app.domain.courses import page_editor
from lms_app.domain.courses.page_editor import PageEditor
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role


class PageEditorState(rx.State):
    """One page under its author's hands."""

    ready: bool = False
    page: PageEditor | None = None
    block: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The page that the address names."""
        self.page = await perform(self, page_editor.page_editor, id_in(self, "pages"))
        self.block = str(self.router.url.query_parameters.get("block", ""))[:40]
        self.ready = True
