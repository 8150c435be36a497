"""Bars under the top bar: no connection, something failed."""

from typing import Any

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


def error_banner(sentence: Any, reference: Any = "") -> rx.Component:
    """A fault of ours, with the number that finds it in the log; nothing while the sentence is empty."""
    return rx.cond(
        sentence,
        rx.el.div(
            icon("circle-alert"),
            rx.el.span(sentence, rx.cond(reference, rx.fragment(" Reference ", rx.el.span(reference, class_name="ly-mono")), rx.fragment())),
            role="alert",
            class_name="ly-banner",
            data_tone="bad",
        ),
        rx.fragment(),
    )
