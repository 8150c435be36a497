"""The island in which a page is written."""

from typing import Any

import reflex as rx

from lms_app.web.components.island_parts import ISLAND_PARTS
from lms_app.web.components.playing import PLAYING
from lms_app.web.instructor.media import PICKER
from lms_app.web.island_files import beside

PARTS = [ISLAND_PARTS, PICKER, PLAYING] + [
    beside(name)
    for name in (
        "editor_conflict.jsx",
        "editor_dialogs.jsx",
        "editor_difference.jsx",
        "editor_drafts.jsx",
        "editor_moving.jsx",
        "editor_page.jsx",
        "editor_pasting.jsx",
        "editor_completion.jsx",
        "editor_parts.jsx",
        "editor_schema.jsx",
        "editor_slash.jsx",
        "editor_toolbar.jsx",
        "editor_views.jsx",
    )
]
_TIPTAP = "3.31.3"
_TIPTAP_PARTS = (
    "core",
    "extension-subscript",
    "extension-superscript",
    "extension-table",
    "extensions",
    "pm",
    "react",
    "starter-kit",
    "suggestion",
)


TIPTAP = [f"@tiptap/{part}@{_TIPTAP}" for part in _TIPTAP_PARTS]


class PageEditor(rx.NoSSRComponent):
    """Opens a page, saves it while it is written and publishes it, all over HTTP. `block` is the id of a block to come to."""

    library = f"$/public/{beside('editor_island.jsx')}"
    tag = "PageEditor"
    lib_dependencies: list[str] = [*TIPTAP, "idb@8.0.4"]

    page_id: rx.Var[str]
    block: rx.Var[str]


def page_editor(page_id: Any, block: Any = "") -> rx.Component:
    """The editor of a page."""
    return PageEditor.create(page_id=page_id, block=block)
