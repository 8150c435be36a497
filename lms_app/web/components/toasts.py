"""Toasts: state, never a script from the server. One at a time, six seconds, waiting while the pointer or the focus is on it."""

from typing import Any

import reflex as rx

from lms_app.web.components.buttons import icon_button
from lms_app.web.components.icons import icon
from lms_app.web.components.links import link


def toast_region(viewer: Any) -> rx.Component:
    """The live region that is always in the page; its words are the viewer's `toast`."""
    return rx.el.div(
        rx.cond(
            viewer.toast,
            rx.el.div(
                rx.match(
                    viewer.toast_tone,
                    ("ok", icon("circle-check")),
                    ("warn", icon("triangle-alert")),
                    ("bad", icon("circle-alert")),
                    icon("bell"),
                ),
                rx.el.span(viewer.toast),
                rx.cond(viewer.toast_href, link(viewer.toast_action, href=viewer.toast_href), rx.fragment()),
                icon_button("x", "Dismiss", size="s", on_click=viewer.dismiss_toast),
                key=viewer.toast_number,
                class_name="ly-toast ly-keep-time",
                data_tone=viewer.toast_tone,
            ),
            rx.fragment(),
        ),
        role="status",
        aria_live="polite",
        class_name="ly-toasts",
    )
