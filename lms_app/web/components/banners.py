"""Bars under the top bar: no connection, something failed."""

import reflex as rx

from lms_app.web.components.icons import icon


def offline_banner() -> rx.Component:
    """Shown by the style sheet while the browser says that there is no connection."""
    return rx.el.div(
        icon("wifi-off"),
        rx.el.span("You are offline. Answers are kept on this device and sent when you are back."),
        role="status",
        class_name="ly-banner ly-offline",
        data_tone="warn",
    )
