"""Heat maps as tables: coloured by the style sheet, read as numbers, no script."""

from typing import Any

import reflex as rx


def heat_map(caption: str, columns: list[str], rows: rx.Var | list[Any], *, every: int = 1) -> rx.Component:
    """A table of shades 0 to 4. Each row has `name` and `cells`; each cell `level` (0 to 4), `words` for reading and the title.

    Of the columns' names each `every`th is shown, all are read.
    """
    return rx.el.table(
        rx.el.caption(caption, class_name="ly-sr"),
        rx.el.thead(rx.el.tr(rx.el.td(), *[rx.el.th(_shown(words, at % every == 0), scope="col") for at, words in enumerate(columns)])),
        rx.el.tbody(rx.foreach(rows, _heat_row)),
        class_name="ly-heat",
    )


def heat_key(low: str = "Few", high: str = "Many") -> rx.Component:
    """What the shades mean."""
    steps = [rx.el.i(custom_attrs={"data-heat": str(step)}) for step in range(5)]
    return rx.el.span(low, *steps, high, class_name="ly-heat-key", aria_hidden="true")


def heat_level(value: float, greatest: float) -> int:
    """The shade of a value: 0 for none, else 1 to 4 by quarters of the greatest."""
    if value <= 0 or greatest <= 0:
        return 0
    return min(4, 1 + int(4 * value / greatest * 0.9999))


def _shown(words: str, visible: bool) -> Any:
    return words if visible else rx.el.span(words, class_name="ly-sr")


def _heat_row(row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.th(row.name, scope="row"),
        rx.foreach(row.cells, lambda cell: rx.el.td(cell.words, custom_attrs={"data-heat": cell.level, "title": cell.words})),
        key=row.name,
    )
