"""Nothing here yet, or not to be had: what will be here, how it comes, what to do."""

from typing import Any

import reflex as rx

from lms_app.web.components.buttons import button
from lms_app.web.components.icons import icon


def empty(title: Any, how: Any = None, action: Any = None) -> rx.Component:
    """One line of what will be here, one of how it comes, and the action."""
    return rx.el.div(
        contours(),
        rx.el.p(title, class_name="ly-strong"),
        *([rx.el.p(how)] if how is not None else []),
        *([action] if action is not None else []),
        class_name="ly-empty",
    )


def failed(what: Any, on_retry: Any = None, reference: Any = "") -> rx.Component:
    """A part of a page that could not be loaded, in its own place; the rest of the page works."""
    return rx.el.div(
        rx.el.p(icon("circle-alert"), rx.el.span(what), class_name="ly-error"),
        rx.cond(reference, rx.el.p("Reference ", rx.el.span(reference, class_name="ly-mono"), class_name="ly-small"), rx.fragment()),
        *([button("Retry", icon="rotate-cw", on_click=on_retry)] if on_retry is not None else []),
        role="alert",
        class_name="ly-empty",
    )


def contours() -> rx.Component:
    """The motif of the house in small: a hill in contour lines."""
    return rx.el.svg(
        rx.el.path(d="M3 33C1 22 12 20 15 12S30 1 40 5s15 13 11 20-17 4-26 9-20 6-22-1Z", opacity=".35"),
        rx.el.path(d="M13 30c-3-6 5-9 8-14s11-9 18-6 9 9 6 13-12 3-18 7-11 4-14 0Z", opacity=".6"),
        rx.el.path(d="M23 25c-2-3 3-5 5-8s6-5 10-3 4 5 2 7-7 2-10 4-6 2-7 0Z"),
        view_box="0 0 56 40",
        fill="none",
        stroke="currentColor",
        stroke_width="1.25",
        custom_attrs={"aria-hidden": "true"},
    )
