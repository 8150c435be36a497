"""Addresses of the instructor's pages, and what stands at the head of each page about one course."""

from typing import Any, Literal
from uuid import UUID

import reflex as rx

from lms_app.errors import NotFound
from lms_app.web.components.pills import pill
from lms_app.web.components.segmented import tab_links
from lms_app.web.instructor.health_badge import HealthBadge
from lms_app.words import StaffRole


def id_in(state: rx.State, kind: Literal["courses", "pages", "quizzes", "questions"]) -> UUID:
    """The id in an address /teach/<kind>/<id>… Raises NotFound where it is none."""
    parts = state.router.url.path.strip("/").split("/")
    try:
        if parts[:2] != ["teach", kind]:
            raise ValueError
        return UUID(parts[2])
    except (ValueError, IndexError):
        raise NotFound("There is nothing of yours at this address.") from None


COUNTED = ("build", "health")
"""Pages that know how much is to mend."""


Tab = Literal[
    "build",
    "health",
    "bank",
    "people",
    "enrolment",
    "marking",
    "gradebook",
    "analytics",
    "reports",
    "discussion",
    "announcements",
    "files",
    "settings",
]


def course_tabs(course_id: Any, role: Any, here: Tab) -> rx.Component:
    """The pages about one course that somebody of this role on its staff may open."""
    base, roles = rx.Var.create("/teach/courses/") + course_id, rx.Var.create(role)
    may_author = (roles == StaffRole.OWNER.value) | (roles == StaffRole.EDITOR.value)
    return tab_links(
        "This course",
        [
            ("Build", base, here == "build", may_author),
            (_health(course_id) if here in COUNTED else "Health", base + "/health", here == "health", may_author),
            ("Questions", base + "/bank", here == "bank", may_author),
            ("Files", base + "/files", here == "files", may_author),
            ("Students", base + "/people", here == "people", True),
            ("Enrolment", base + "/enrolment", here == "enrolment", True),
            ("Marking", base + "/marking", here == "marking", roles != StaffRole.VIEWER.value),
            ("Gradebook", base + "/gradebook", here == "gradebook", True),
            ("Analytics", base + "/analytics", here == "analytics", True),
            ("Reports", base + "/reports", here == "reports", True),
            ("Discussion", base + "/discussion", here == "discussion", True),
            ("Announcements", base + "/announcements", here == "announcements", True),
            ("Settings", base + "/settings", here == "settings", True),
        ],
    )


def _health(course_id: Any) -> rx.Component:
    to_mend = HealthBadge.to_mend
    badge = rx.el.span(to_mend, rx.el.span(" to mend", class_name="ly-sr"), class_name="ly-tab-count")
    return rx.fragment("Health", rx.cond((HealthBadge.course_id == course_id) & (to_mend > 0), badge, rx.fragment()))


def state_pill(state: rx.Var) -> rx.Component:
    """How a page or quiz stands for students: one of `node_state_rules.STATES`."""
    return rx.match(
        state,
        ("published", pill("Published", "ok", icon="check")),
        ("changed", pill("Unpublished changes", "warn", icon="pencil")),
        ("held_back", pill("Held back", icon="eye-off")),
        pill("Draft", "warn", icon="pencil"),
    )
