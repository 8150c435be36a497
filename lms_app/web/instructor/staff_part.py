"""The staff of a course on its settings page: who, what they may do; its owners add, change and take off."""

from typing import Any

import reflex as rx

from lms_app.domain.courses.staff import Colleague
from lms_app.web.components.buttons import button, icon_button
from lms_app.web.components.dialogs import confirm_dialog
from lms_app.web.components.fields import form, form_actions, form_row, select_field, text_field
from lms_app.web.components.panels import row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.instructor.staff_state import StaffState
from lms_app.words import StaffRole

LEAVING = "remove-staff"
ROLES = [
    (StaffRole.OWNER.value, "Owner: everything, this list too"),
    (StaffRole.EDITOR.value, "Editor: writes, publishes, marks"),
    (StaffRole.GRADER.value, "Grader: marks, and sees the students"),
    (StaffRole.VIEWER.value, "Viewer: sees the students and the figures"),
]


def staff_part(owns: Any) -> rx.Component:
    """Names with their roles; below, the form for a new one. `owns`: the reader may change who is on it."""
    return rx.fragment(
        section(
            "Staff",
            stack(
                rows(rx.foreach(StaffState.staff, lambda colleague: _colleague(colleague, owns))),
                rx.cond(owns, _adding(), rx.fragment()),
                gap=24,
            ),
            sentence=rx.cond(owns, "Who works on it, and what each of them may do.", "Who works on it. Its owners change this list."),
        ),
        confirm_dialog(
            LEAVING,
            rx.fragment("Take ", StaffState.leaving, " off the staff?"),
            "They can no longer open the course here. What they wrote and marked stays.",
            verb="Take off",
            on_confirm=StaffState.remove,
        ),
    )


def _colleague(colleague: Colleague, owns: Any) -> rx.Component:
    return row(
        rx.fragment(colleague.name, rx.cond(colleague.is_you, " (you)", "")),
        end=[
            rx.cond(
                owns,
                rx.fragment(
                    rx.el.select(
                        *[rx.el.option(words, value=value) for value, words in ROLES],
                        value=colleague.role,
                        on_change=lambda role: StaffState.change(colleague.id, role),
                        class_name="ly-input ly-staff-role",
                        aria_label=rx.Var.create("What they may do: ") + colleague.name,
                    ),
                    icon_button(
                        "x",
                        rx.Var.create("Take off the staff: ") + colleague.name,
                        size="s",
                        opens=LEAVING,
                        on_click=StaffState.ask_remove(colleague.id),
                    ),
                ),
                rx.match(
                    colleague.role,
                    (StaffRole.OWNER.value, pill("Owner")),
                    (StaffRole.EDITOR.value, pill("Editor")),
                    (StaffRole.GRADER.value, pill("Grader")),
                    pill("Viewer"),
                ),
            )
        ],
        key=colleague.id,
    )


def _adding() -> rx.Component:
    return form(
        form_row(
            text_field(
                "E-mail address",
                name="email",
                id="staff-email",
                type="email",
                error=StaffState.errors["email"],
                help="Of somebody who may teach here.",
                max_length=254,
            ),
            select_field("What they may do", name="role", id="staff-role", options=ROLES, default_value=StaffRole.EDITOR.value),
        ),
        form_actions(button("Add to the staff", icon="plus", type="submit")),
        on_submit=StaffState.add,
        key=StaffState.added.to_string(),
    )
