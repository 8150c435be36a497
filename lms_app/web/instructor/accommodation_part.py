"""More time for somebody: the button beside the name, and its dialog. Authors of the course set it there, administrators in every course."""

from typing import Any

import reflex as rx

from lms_app.web.components.buttons import button, icon_button
from lms_app.web.components.dialogs import dialog
from lms_app.web.components.fields import form, form_actions, text_area, text_field
from lms_app.web.instructor.accommodation_state import AccommodationState
from lms_app.web.viewer_state import ViewerState
from lms_app.words import StaffRole

sheet = AccommodationState.sheet
errors = AccommodationState.errors
ACCOMMODATING = "accommodation"


def accommodation_button(enrollment_id: Any, name: Any, role: Any) -> rx.Component:
    """Opens the dialog of one student, for somebody of this role on the staff."""
    return rx.cond(
        ViewerState.is_admin | (role == StaffRole.OWNER.value) | (role == StaffRole.EDITOR.value),
        icon_button(
            "clock",
            rx.Var.create("Accommodation of ") + name,
            size="s",
            opens=ACCOMMODATING,
            on_click=AccommodationState.ask(enrollment_id),
        ),
        rx.fragment(),
    )


def accommodation_dialog() -> rx.Component:
    """How much more time, and why."""
    shown = sheet != None  # noqa: E711 - becomes JavaScript
    asked = dialog(
        ACCOMMODATING,
        rx.cond(shown, rx.fragment("Accommodation of ", sheet.name), "Accommodation"),
        rx.cond(
            shown,
            form(
                rx.el.p(
                    "More time holds by itself in every timed quiz that is begun from now on. Of two entries the larger counts.",
                    class_name="ly-second",
                ),
                rx.cond(sheet.sets_here, _percent("here", "More time in this course, in percent", sheet.here, errors["here"]), rx.fragment()),
                rx.cond(
                    sheet.sets_everywhere,
                    rx.fragment(
                        _percent("more", "More time in every course, in percent", sheet.more, errors["more"]),
                        text_area(
                            "Note",
                            name="note",
                            id="accommodation-note",
                            default_value=sheet.note,
                            error=errors["note"],
                            optional=True,
                            help="Kept sealed, for administrators alone.",
                        ),
                    ),
                    rx.fragment(),
                ),
                form_actions(
                    button("Cancel", on_click=AccommodationState.close),
                    button("Save accommodation", kind="primary", type="submit"),
                ),
                on_submit=AccommodationState.save,
                label="Accommodation",
                key=AccommodationState.asked.to_string(),
            ),
            rx.fragment(),
        ),
    )
    # A native dialog is closed by whoever opened it; a new key takes it away once its work is done.
    return rx.el.div(asked, key=AccommodationState.answered.to_string())


def _percent(name: str, label: str, value: rx.Var, error: rx.Var) -> rx.Component:
    return text_field(
        label,
        name=name,
        id=f"accommodation-{name}",
        default_value=value,
        error=error,
        optional=True,
        help="50 is one and a half times the time limit. Empty takes it back.",
        input_mode="decimal",
    )
