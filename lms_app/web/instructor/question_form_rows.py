"""What the rows of a question's form are made of."""

from typing import Any

import reflex as rx

from lms_app.web.components.buttons import button
from lms_app.web.components.fields import form_row, select_field, text_area, text_field
from lms_app.web.instructor.quiz_editor_state import QuizEditorState

sheet = QuizEditorState.sheet
MATCHES = [("exact", "As it is"), ("wildcard", "* stands for anything"), ("regex", "As a pattern")]
TOLERANCES = [("absolute", "Within a distance"), ("relative", "Within percent"), ("range", "From … to …")]
UNIT_RULES = [("optional", "It counts all the same"), ("required", "It earns nothing"), ("penalty", "It earns less")]


def wrong(name: str) -> rx.Var:
    """What is wrong with a field of the form."""
    return QuizEditorState.question_errors[name]


def named(name: str, entry: Any) -> rx.Var:
    """The name of a field of a row."""
    return rx.Var.create(f"{name}_") + entry.place.to_string()


def box(words: str, name: str, entry: Any, value: Any, **props: Any) -> rx.Component:
    """One field of a row, named with the row's number."""
    return rx.el.label(
        rx.el.span(words, class_name="ly-caption"),
        rx.el.input(name=named(name, entry), default_value=value, class_name="ly-input", **props),
        class_name="ly-field",
    )


def choose(words: str, name: str, entry: Any, value: Any, options: list[tuple[str, str]]) -> rx.Component:
    """One choice of a row."""
    return rx.el.label(
        rx.el.span(words, class_name="ly-caption"),
        rx.el.select(
            *[rx.el.option(said, value=key) for key, said in options],
            name=named(name, entry),
            default_value=value,
            class_name="ly-input",
        ),
        class_name="ly-field",
    )


def tick(words: str, name: str, entry: Any, value: Any) -> rx.Component:
    """A box of a row to tick."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=named(name, entry), value="on", default_checked=value),
        rx.el.span(words),
        class_name="ly-check",
    )


def rows_of(legend: str, entries: Any, draw: Any, add: str, on_add: Any, *, help: str = "", error: Any) -> rx.Component:
    """The rows of a list with what is wrong with the list, and a button for one more."""
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="ly-label"),
        *([rx.el.p(help, class_name="ly-help")] if help else []),
        rx.foreach(entries, draw),
        rx.cond(error, rx.el.p(error, class_name="ly-error"), rx.fragment()),
        button(add, size="s", icon="plus", on_click=on_add),
        class_name="ly-question-rows",
    )


def units() -> rx.Component:
    """How units are taken."""
    return rx.fragment(
        form_row(
            text_field(
                "Unit",
                name="unit",
                default_value=sheet.unit,
                error=wrong("unit"),
                optional=True,
                help="Shown beside the field; students may type it too.",
            ),
            select_field("A number without its unit", name="unit_rule", options=UNIT_RULES, default_value=sheet.unit_rule, error=wrong("unit_rule")),
            text_field(
                "A missing unit takes, in percent",
                name="unit_penalty",
                default_value=sheet.unit_penalty,
                error=wrong("unit_penalty"),
                optional=True,
                input_mode="decimal",
                placeholder="50",
                help="Counts where it earns less.",
            ),
        ),
        text_area(
            "Other units",
            name="units",
            default_value=sheet.units,
            error=wrong("units"),
            optional=True,
            help="One a line: km = 1000, where one km is 1000 of the unit above.",
        ),
    )
