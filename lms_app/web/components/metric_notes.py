"""What a figure means, behind a small button beside it."""

from typing import Any

import reflex as rx

from lms_app.domain.analytics import registry
from lms_app.web.components.icons import icon
from lms_app.web.components.menus import opens_menu


def metric_note(name: str, *, title: str, meaning: str, unit: str, source: str, freshness: str, n: Any = None, as_of: Any = None) -> rx.Component:
    """A button that opens the definition of a metric: its meaning, unit, source and how fresh it is. `name` is unique on the page.

    `n` says what is counted and how many there are, `as_of` up to when.
    """
    note_id = f"metric-{name}"
    return rx.el.span(
        rx.el.button(
            icon("info"),
            type="button",
            class_name="ly-note-button",
            aria_label=f"What “{title}” means",
            custom_attrs=opens_menu(note_id),
        ),
        rx.el.span(
            rx.el.span(title, class_name="ly-strong"),
            rx.el.span(meaning),
            _line("Unit", unit),
            *([_line("n", n)] if n is not None else []),
            _line("Source", source),
            _line("Fresh", freshness),
            *([_line("As of", as_of)] if as_of is not None else []),
            class_name="ly-menu ly-note",
            role="note",
            custom_attrs={"popover": "auto", "id": note_id},
        ),
    )


def _line(name: str, words: Any) -> rx.Component:
    return rx.el.span(rx.el.span(f"{name}: ", class_name="ly-strong"), words, class_name="ly-caption")


def figure_note(metric: str, *, n: Any, as_of: Any, place: str = "figure") -> rx.Component:
    """The definition of a metric with how many `n` are and up to when it is counted: what stands beside every figure and chart.

    `n` is a number in words, empty where it says nothing. `place` tells two notes of one metric on a page apart.
    """
    entry = registry.note(metric)
    return metric_note(
        f"{metric}-{place}",
        title=entry.title,
        meaning=entry.meaning,
        unit=entry.unit,
        source=entry.source,
        freshness=entry.freshness,
        n=rx.cond(n != "", n + " " + entry.n, entry.n) if isinstance(n, rx.Var) else f"{n} {entry.n}".strip(),
        as_of=as_of,
    )
