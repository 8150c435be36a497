"""Fifty rows at a time."""

from typing import Any

import reflex as rx

from lms_app.web.components.buttons import button


def pages(sheet: Any, turn: Any) -> rx.Component:
    """ "Page 2 of 5" and the way to the others, if any. `sheet` knows its `page` and how many `pages` there are; `turn` takes −1 or 1."""
    sentence = rx.el.span("Page ", sheet.page, " of ", sheet.pages)
    ways = pagination(sentence, on_previous=turn(-1), on_next=turn(1), has_previous=sheet.page > 1, has_next=sheet.page < sheet.pages)
    return rx.cond(sheet.pages > 1, ways, rx.fragment())


def pagination(sentence: Any, *, on_previous: Any, on_next: Any, has_previous: Any, has_next: Any) -> rx.Component:
    """Which rows are shown ("1 to 50 of 1,204"), and the way to the others."""
    return rx.el.nav(
        rx.el.span(sentence, class_name="ly-nums"),
        rx.el.div(
            button("Previous", size="s", icon="chevron-left", on_click=on_previous, disabled=~rx.Var.create(has_previous).bool()),
            button("Next", size="s", icon_end="chevron-right", on_click=on_next, disabled=~rx.Var.create(has_next).bool()),
        ),
        aria_label="Pages of this list",
        class_name="ly-pages",
    )
