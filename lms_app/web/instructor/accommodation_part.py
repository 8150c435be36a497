"""A person's accommodation: the button beside the name and its dialog. Only administrators see it, and only they are answered."""

from typing import Any

import reflex as rx

from lms_app.web.components.buttons import button, icon_button
from lms_app.web.components.dialogs import dialog
from lms_app.web.components.fields import form, form_actions, text_area, text_field
from lms_app.web.instructor.accommodation_state import AccommodationState
from lms_app.web.viewer_state import ViewerState

sheet = AccommodationState.sheet
errors = AccommodationState.errors
ACCOMMODATING = "accommodation"


def accommodation_button(enrollment_id: Any, name: Any) -> rx.Component:
    """Opens the dialog of one learner."""
    return rx.cond(
        ViewerState.is_admin,
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
    shown = sheet != None  # noqa: E711
    asked = dialog(
        ACCOMMODATING,
        rx.cond(shown, rx.fragment("Accommodation of ", sheet.name), "Accommodation"),
        rx.cond(
            shown,
            form(
                rx.el.p("It holds by itself in every timed quiz of every course, begun from now on.", class_name="ly-second"),
                text_field(
                    "More time in percent",
                    name="more",
                    id="accommodation-more",
                    default_value=sheet.more,
                    error=errors["more"],
                    optional=True,
                    help="50 is one and a half times the time limit. Empty takes it back.",
                    input_mode="decimal",
                ),
                text_area(
                    "Note",
                    name="note",
                    id="accommodation-note",
                    default_value=sheet.note,
                    error=errors["note"],
                    optional=True,
                    help="Kept sealed, for administrators alone.",
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
