"""A page of a course under its author's hands."""

import reflex as rx

from lms_app.web.components.skeletons import loading, skeleton_block
from lms_app.web.instructor.editor import page_editor
from lms_app.web.instructor.page_editor_state import PageEditorState
from lms_app.web.layout import app_shell

page = PageEditorState.page


def page_editor_page() -> rx.Component:
    """The block editor, alone."""
    known = PageEditorState.ready & (page != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(
            known,
            rx.fragment(
                rx.el.h1(page.title, class_name="ly-sr"),
                rx.el.p(page.module, " · ", page.lesson, class_name="ly-article-kicker"),
                page_editor(page.id, PageEditorState.block),
            ),
            loading(skeleton_block(560)),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, page.course, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + page.course_id, "/teach")),
            (rx.cond(known, page.title, "Page"), ""),
        ],
    )
