"""Toasts: state, never a script from the server. One at a time, six seconds, waiting while the pointer or the focus is on it."""

import reflex as rx

from lms_app.web.components.buttons import icon_button
from lms_app.web.components.icons import icon
from lms_app.web.components.links import link
from lms_app.web.errors import ToastState


def toast_region() -> rx.Component:
    """The live region that is always in the page; its words are those of `ToastState`."""
    return rx.el.div(
        rx.cond(
            ToastState.text,
            rx.el.div(
                rx.match(ToastState.tone, ("ok", icon("circle-check")), ("bad", icon("circle-alert")), icon("bell")),
                rx.el.div(
                    rx.el.p(ToastState.text),
                    rx.cond(
                        ToastState.reference,
                        rx.el.p("Reference ", rx.el.span(ToastState.reference, class_name="ly-mono"), class_name="ly-small ly-quiet"),
                        rx.fragment(),
                    ),
                ),
                rx.cond(ToastState.href, link(ToastState.action, href=ToastState.href), rx.fragment()),
                icon_button("x", "Dismiss", size="s", on_click=ToastState.dismiss),
                key=ToastState.serial,
                class_name="ly-toast ly-keep-time",
                data_tone=ToastState.tone,
            ),
            rx.fragment(),
        ),
        role="status",
        aria_live="polite",
        class_name="ly-toasts",
    )
