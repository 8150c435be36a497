"""Addresses of the instructor's pages, and what stands at the head of each page about one course."""

from typing import Any, Literal
from uuid import UUID

import reflex as rx

from lms_app.errors import NotFound
from lms_app.web.components.pills import pill
from lms_app.web.components.segmented import tab_links


def id_in(state: rx.State, kind: Literal["courses", "pages", "quizzes", "questions"]) -> UUID:
    """The id in an address /teach/<kind>/<id>… Raises NotFound where it is none."""
    parts = state.router.url.path.strip("/").split("/")
    try:
        if parts[:2] != ["teach", kind]:
            raise ValueError
        return UUID(parts[2])
    except (ValueError, IndexError):
        raise NotFound("There is nothing of yours at this address.") from None


def course_tabs(course_id: Any, here: Literal["build", "people", "marking", "gradebook", "analytics"]) -> rx.Component:
    """The pages about one course."""
    base = rx.Var.create("/teach/courses/") + course_id
    return tab_links(
        "This course",
        [
            ("Build", base, here == "build"),
            ("Learners", base + "/people", here == "people"),
            ("Marking", base + "/marking", here == "marking"),
            ("Gradebook", base + "/gradebook", here == "gradebook"),
            ("Analytics", base + "/analytics", here == "analytics"),
        ],
    )


def state_pill(state: rx.Var) -> rx.Component:
    """How a page or quiz stands for students: one of `builder.STATES`."""
    return rx.match(
        state,
        ("published", pill("Published", "ok", icon="check")),
        ("changed", pill("Unpublished changes", "warn", icon="pencil")),
        ("held_back", pill("Held back", icon="eye-off")),
        pill("Draft", "warn", icon="pencil"),
    )
