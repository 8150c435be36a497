"""The gradebook of a course: everybody by everything, in an island."""

import reflex as rx

from lms_app.web.components.buttons import link_button
from lms_app.web.components.panels import page_header, stack
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.gradebook import gradebook_island
from lms_app.web.instructor.gradebook_state import GradebookState
from lms_app.web.instructor.places import course_tabs
from lms_app.web.layout import app_shell

book = GradebookState.book


def gradebook_page() -> rx.Component:
    """The head of the page; below it the island."""
    known = GradebookState.ready & (book != None)  # noqa: E711 - becomes JavaScript
    base = rx.Var.create("/teach/courses/") + book.course_id
    return app_shell(
        rx.cond(
            known,
            rx.fragment(
                page_header(
                    book.course,
                    rx.el.span(book.students, rx.cond(book.students == 1, " student", " students")),
                    rx.cond(book.may_set_up, link_button("Set up", base + "/gradebook/setup", icon="settings"), rx.fragment()),
                ),
                stack(course_tabs(book.course_id, book.role, "gradebook"), gradebook_island(book.course_id, GradebookState.revision), gap=24),
            ),
            loading(skeleton_rows(8)),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, book.course, "Course"), rx.cond(known, base, "/teach")),
            ("Gradebook", ""),
        ],
    )
