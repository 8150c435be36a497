"""The files of a course: everything that its pages can show, in an island."""

import reflex as rx

from lms_app.web.components.panels import page_header, stack
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.library import library
from lms_app.web.instructor.library_state import LibraryState
from lms_app.web.instructor.places import course_tabs
from lms_app.web.layout import app_shell
from lms_app.words import StaffRole

course = LibraryState.course


def library_page() -> rx.Component:
    """The head of the page; below it the island."""
    known = LibraryState.ready & (course != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(
            known,
            rx.fragment(
                page_header(course.title, "Only those who may see a page or question see the files on it."),
                stack(course_tabs(course.id, StaffRole.EDITOR.value, "files"), library(course.id), gap=24),
            ),
            loading(skeleton_rows(8)),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, course.title, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + course.id, "/teach")),
            ("Files", ""),
        ],
    )
