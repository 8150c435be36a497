"""Kinds of question by their names, and the menu that adds one."""

from typing import Any

import reflex as rx

from lms_app.web.components.buttons import button
from lms_app.web.components.menus import menu, menu_button, menu_rule, opens_menu

GROUPS = [
    ("Choose", [("single_choice", "Single choice"), ("multiple_choice", "Multiple choice"), ("true_false", "True or false")]),
    ("Type", [("short_text", "Short text"), ("numeric", "Number"), ("calculated", "Calculated number")]),
    (
        "Put together",
        [
            ("matching", "Matching"),
            ("ordering", "Ordering"),
            ("cloze", "Gaps in a text"),
            ("dropdown", "Menus in a text"),
            ("hotspot", "Places on a picture"),
        ],
    ),
    ("Marked by hand", [("essay", "Essay"), ("file_upload", "File upload")]),
    ("Asks nothing", [("description", "Description")]),
]
"""Kinds of question in the menu, by what a student does."""
KINDS = [kind for _, kinds in GROUPS for kind in kinds]


def kind_of(type_: Any) -> rx.Component:
    """The name of a kind of question."""
    return rx.match(type_, *KINDS, "Question")


def kinds_menu(write: Any, **button_props: Any) -> rx.Component:
    """The button that adds a question, and the menu of its kinds. `write` takes the kind."""
    return rx.fragment(
        button("Add question", icon="plus", custom_attrs=opens_menu("question-types"), **button_props),
        menu(
            "question-types",
            *[
                item
                for number, (group, kinds) in enumerate(GROUPS)
                for item in (
                    *([menu_rule()] if number else []),
                    rx.el.div(group, class_name="ly-menu-head ly-caption"),
                    *[menu_button(words, on_click=write(value)) for value, words in kinds],
                )
            ],
            label="Kinds of question",
            long=True,
        ),
    )
