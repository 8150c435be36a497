"""One of a few views of the same thing: buttons side by side, or links between pages."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from lms_app.web.components.links import link


def segmented(label: str, options: Sequence[tuple[str, str]], chosen: Any, on_choose: Callable[[str], Any]) -> rx.Component:
    """Buttons of which one is pressed. Options are (value, words); `on_choose(value)` gives the event."""
    return rx.el.div(
        *[
            rx.el.button(words, type="button", on_click=on_choose(value), aria_pressed=rx.cond(chosen == value, "true", "false"))
            for value, words in options
        ],
        role="group",
        aria_label=label,
        class_name="ly-segments",
    )


def tab_links(label: str, tabs: Sequence[tuple[Any, Any, bool, Any]]) -> rx.Component:
    """Links between pages about one thing: (words, address, is this page, is it shown)."""
    return rx.el.nav(
        rx.el.ul(
            *[
                rx.cond(shown, rx.el.li(link(words, href=address, class_name="", **({"aria_current": "page"} if here else {}))), rx.fragment())
                for words, address, here, shown in tabs
            ]
        ),
        aria_label=label,
        class_name="ly-tabs",
    )
