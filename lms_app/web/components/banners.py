"""Bars under the top bar: no connection, something failed."""

from typing import Literal

import reflex as rx

from lms_app.web.components.icons import icon

KEPT = {
    "learn": "You are offline. Answers are kept on this device and sent when you are back.",
    "teach": "You are offline. Pages and questions that you write are kept on this device and saved when you are back.",
}


def offline_banner(area: Literal["learn", "teach"] = "learn") -> rx.Component:
    """Shown by the style sheet while the browser says that there is no connection: what is kept meanwhile."""
    return rx.el.div(
        icon("wifi-off"),
        rx.el.span(KEPT[area]),
        role="status",
        class_name="ly-banner ly-offline",
        data_tone="warn",
    )
