"""Forms: label above, help below, error below that. Optional fields are marked, required ones are not."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from lms_app.web.components.icons import icon
from lms_app.web.components.links import plain_link

Option = tuple[str, str]
"""The value that is sent, and the words that are read."""


def form(*children: Any, on_submit: Any = None, label: str = "", **props: Any) -> rx.Component:
    """A form. The browser's own checks are off: ours say what happened and what to do."""
    if on_submit is not None:
        props["on_submit"] = on_submit
    if label:
        props["aria_label"] = label
    attributes = {"noValidate": True, **props.pop("custom_attrs", {})}
    return rx.el.form(*children, class_name="ly-form", custom_attrs=attributes, **props)


def form_row(*children: Any) -> rx.Component:
    """Short fields side by side where there is room."""
    return rx.el.div(*children, class_name="ly-form-row")


def form_actions(*children: Any) -> rx.Component:
    """The buttons at the end of a form."""
    return rx.el.div(*children, class_name="ly-form-actions")


def text_field(
    label: str,
    *,
    name: str,
    type: str = "text",
    help: str = "",
    error: Any = None,
    optional: bool = False,
    aside: Any = None,
    icon_name: str = "",
    id: str = "",
    **props: Any,
) -> rx.Component:
    """One line of text. `error` is a sentence or a variable that holds one; `aside` stands at the right of the label."""
    field_id = id or f"field-{name}"
    reveal = type == "password"
    box = rx.el.input(name=name, type=type, class_name="ly-input", custom_attrs=_described(field_id, help, error), **props)
    inner: rx.Component = box
    if reveal or icon_name:
        inner = rx.el.div(
            *([icon(icon_name)] if icon_name else []),
            box,
            *([_reveal_button(field_id)] if reveal else []),
            class_name="ly-input-wrap",
        )
    return _field(label, field_id, inner, help, error, optional, aside)


def text_area(
    label: str,
    *,
    name: str,
    help: str = "",
    error: Any = None,
    optional: bool = False,
    mono: bool = False,
    id: str = "",
    **props: Any,
) -> rx.Component:
    """Many lines of text; grows with what is written. `mono` for Markdown and code."""
    field_id = id or f"field-{name}"
    attributes = {**_described(field_id, help, error), **({"data-mono": ""} if mono else {})}
    box = rx.el.textarea(name=name, class_name="ly-input", custom_attrs=attributes, **props)
    return _field(label, field_id, box, help, error, optional)


def select_field(
    label: str,
    *,
    name: str,
    options: Sequence[Option] | rx.Var,
    help: str = "",
    error: Any = None,
    optional: bool = False,
    id: str = "",
    **props: Any,
) -> rx.Component:
    """One of many, by the browser's own list. Options are pairs (value, words), or a variable of such pairs."""
    field_id = id or f"field-{name}"
    rows = (
        rx.foreach(options, lambda option: rx.el.option(option[1], value=option[0]))
        if isinstance(options, rx.Var)
        else [rx.el.option(words, value=value) for value, words in options]
    )
    box = rx.el.select(
        *(rows if isinstance(rows, list) else [rows]),
        name=name,
        class_name="ly-input",
        custom_attrs=_described(field_id, help, error),
        **props,
    )
    return _field(label, field_id, box, help, error, optional)


def narrowing_select(name: str, label: str, options: Any, chosen: Any, *, everybody: bool = False) -> rx.Component:
    """A choice of what figures are narrowed to, of pairs of a value and its words; `everybody` stands before them. The label is not seen."""
    first = [rx.el.option("Everybody", value="")] if everybody else []
    rows = rx.foreach(options, lambda pair: rx.el.option(pair[1], value=pair[0]))
    return rx.el.select(*first, rows, name=name, default_value=chosen, class_name="ly-input", aria_label=label)


def checkbox(words: Any, *, name: str, help: str = "", value: str = "on", id: str = "", **props: Any) -> rx.Component:
    """A box to tick, words beside it."""
    return _check(words, "checkbox", name, help, value, id, props)


def switch(words: Any, *, name: str, help: str = "", value: str = "on", id: str = "", **props: Any) -> rx.Component:
    """A setting that takes effect at once."""
    return _check(words, "checkbox", name, help, value, id, {**props, "role": "switch"})


def error_summary(errors: rx.Var, labels: dict[str, str]) -> rx.Component:
    """What is wrong, with a link to each field: shown, and focused, when a submit left more than one error.

    `errors` is a variable of {name: sentence}; `labels` gives the words for each name, in the order of the form.
    """
    items = [
        rx.cond(errors[name], rx.el.li(plain_link(f"{label}: ", errors[name], href=f"#field-{name}", class_name="")), rx.fragment())
        for name, label in labels.items()
    ]
    return rx.cond(
        errors.length() > 1,
        rx.el.div(
            rx.el.p("Some answers need another look.", class_name="ly-strong"),
            rx.el.ul(*items),
            role="alert",
            tab_index=-1,
            class_name="ly-summary",
            custom_attrs={"data-focus-here": ""},
        ),
        rx.fragment(),
    )


def _field(label: str, field_id: str, box: rx.Component, help_words: str, error: Any, optional: bool, aside: Any = None) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.label(label, html_for=field_id),
            *([rx.el.small("optional")] if optional else []),
            *([aside] if aside is not None else []),
            class_name="ly-label",
        ),
        box,
        *([rx.el.p(help_words, id=f"{field_id}-help", class_name="ly-help")] if help_words else []),
        *_error_line(field_id, error),
        class_name="ly-field",
    )


def _error_line(field_id: str, error: Any) -> list[Any]:
    if error is None:
        return []
    line = rx.el.p(icon("circle-alert"), rx.el.span(error), id=f"{field_id}-error", class_name="ly-error")
    return [rx.cond(error, line, rx.fragment())]


def _described(field_id: str, help_words: str, error: Any) -> dict[str, Any]:
    """The id and the descriptions of a control. Given as `id=`, Reflex would send the control a second time under that name."""
    by_help = f"{field_id}-help" if help_words else ""
    if error is None:
        return {"id": field_id, **({"aria-describedby": by_help} if by_help else {})}
    both = f"{by_help} {field_id}-error".strip()
    return {
        "id": field_id,
        "aria-invalid": rx.cond(error, "true", "false"),
        "aria-describedby": rx.cond(error, both, by_help) if by_help else rx.cond(error, both, rx.Var("undefined")),
    }


def _check(words: Any, kind: str, name: str, help_words: str, value: str, field_id: str, props: dict[str, Any]) -> rx.Component:
    role = {"role": props.pop("role")} if "role" in props else {}
    box = rx.el.input(type=kind, name=name, value=value, custom_attrs={"id": field_id} if field_id else {}, **role, **props)
    return rx.el.label(box, rx.el.span(words, *([rx.el.small(help_words)] if help_words else [])), class_name="ly-check")


def _reveal_button(field_id: str) -> rx.Component:
    return rx.el.button(
        "Show",
        type="button",
        class_name="ly-button",
        custom_attrs={
            "data-kind": "ghost",
            "data-size": "s",
            "data-reveal": field_id,
            "aria-pressed": "false",
            "aria-label": "Show password",
        },
    )
