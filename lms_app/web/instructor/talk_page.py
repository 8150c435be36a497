"""The frame of the pages on which people of a course talk."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from lms_app.web.components.panels import page_header, stack
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.places import Tab, course_tabs
from lms_app.web.layout import app_shell


def talk_page(state: Any, tab: Tab, title: str, island: Callable[[Any, Any], rx.Component]) -> rx.Component:
    """The course at the head, its pages, and the island of `state`'s course."""
    course = state.course
    known = state.ready & (course != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(
            known,
            rx.fragment(
                page_header(course.title, title),
                stack(course_tabs(course.id, course.role, tab), island(course.id, state.revision), gap=24),
            ),
            loading(skeleton_rows(8)),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, course.title, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + course.id + "/analytics", "/teach")),
            (title, ""),
        ],
    )
