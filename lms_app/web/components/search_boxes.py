"""The box that narrows a list as one types."""

from typing import Any

import reflex as rx

from lms_app.web.components.icons import icon


def search_box(words: Any, *, on_search: Any, placeholder: Any = None, picks: bool = False, **props: Any) -> rx.Component:
    """What is typed goes to `on_search` once the typing rests. `words` name the box to who does not see it. One that `picks` stands close above what
    it finds. A new `key` empties it."""
    return rx.el.label(
        icon("search"),
        rx.el.span(words, class_name="ly-sr"),
        rx.el.input(
            type="search",
            placeholder=words if placeholder is None else placeholder,
            on_change=on_search.debounce(250),
            custom_attrs={"maxLength": 200, "autoComplete": "off", "enterKeyHint": "search"},
            **props,
        ),
        class_name="ly-search-box ly-pick" if picks else "ly-search-box",
    )
