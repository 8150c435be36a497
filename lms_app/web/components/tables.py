"""Tables: a caption, small heads, hairlines, numbers at the right; rows of their own on a phone."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import reflex as rx


class Column(NamedTuple):
    """The head of one column."""

    title: Any
    numeric: bool = False


def table(caption: Any, columns: Sequence[Column | str], body: Any, *, rows_on_phone: bool = True, show_caption: bool = False) -> rx.Component:
    """A table. `body` is a list of `table_row`s or an `rx.foreach` of them; the caption is read even where it is not shown."""
    heads = [column if isinstance(column, Column) else Column(column) for column in columns]
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, **({} if show_caption else {"class_name": "ly-sr"})),
            rx.el.thead(rx.el.tr(*[_head(head) for head in heads])),
            rx.el.tbody(*(body if isinstance(body, list) else [body])),
            class_name="ly-table",
            custom_attrs={"data-rows": ""} if rows_on_phone else {},
        ),
        class_name="ly-table-box",
        role="region",
        tab_index=0,
        aria_label=caption,
    )


def table_row(*cells: Any, **props: Any) -> rx.Component:
    """One row of cells."""
    return rx.el.tr(*cells, **props)


def head_cell(child: Any, *, wide: bool = False) -> rx.Component:
    """The first cell of a row: what the row is about."""
    return rx.el.th(child, scope="row", custom_attrs={"data-wide": ""} if wide else {})


def cell(child: Any, *, name: str = "", numeric: bool = False, wide: bool = False) -> rx.Component:
    """A cell. `name` stands before the value on a phone, where there is no head."""
    attributes = {**({"data-name": name} if name else {}), **({"data-wide": ""} if wide else {})}
    return rx.el.td(child, custom_attrs=attributes, **({"class_name": "ly-num"} if numeric else {}))


def _head(column: Column) -> rx.Component:
    # A column of buttons has no name; an empty header would be read as one.
    if isinstance(column.title, str) and not column.title:
        return rx.el.td()
    return rx.el.th(column.title, scope="col", **({"class_name": "ly-num"} if column.numeric else {}))
