"""The chart panel: what, the finding, the figure, and a table of the same numbers. The only module that brings in Plotly."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from plotly.graph_objects import Figure as PlotlyFigure
from plotly.graph_objects import layout

from lms_app.web.charts.chart_files import chart_files
from lms_app.web.components.icons import icon
from lms_app.web.components.panels import panel
from lms_app.web.components.tables import Column, cell, head_cell, table, table_row
from lms_app.web.theme import plotly_template

CONFIG = {"displayModeBar": False, "responsive": True}


def chart(figure: Any, label: Any, *, tall: Any = "") -> rx.Component:
    """A figure of `charts/figures.py` held in a state variable. `label` says the numbers to those who cannot see them. `tall` is the height of
    a figure that needs less than usual, "132", or more: "396", "528" or "792"."""
    return rx.el.div(
        rx.plotly.basic(data=figure.to(PlotlyFigure), template=_template(), config=CONFIG, class_name="ly-plot"),
        class_name="ly-chart",
        role="img",
        aria_label=label,
        custom_attrs={"data-tall": tall},
    )


def chart_panel(
    title: Any,
    sentence: Any,
    figure: Any,
    *,
    label: Any,
    columns: Sequence[Column | str],
    rows: Any,
    action: Any = None,
    span: int = 12,
    caption: str = "",
    tall: Any = "",
) -> rx.Component:
    """A panel with a figure and, folded under it, its table. `rows` is a variable of lists of words, the first naming the row; where there is none
    there is nothing to draw, and the sentence says so.

    `caption` names the table where `title` is more than words.
    """
    twin = folded_table(caption or title, columns, rows)
    return panel(title, sentence, rx.cond(rows, rx.fragment(chart(figure, label, tall=tall), twin), rx.fragment()), action=action, span=span)


def folded_table(caption: Any, columns: Sequence[Column | str], rows: Any) -> rx.Component:
    """The numbers of a chart as a table, folded until it is asked for, and what takes the chart along."""
    numeric = [column.numeric if isinstance(column, Column) else False for column in columns]

    def one(row: Any) -> rx.Component:
        rest = [cell(row[index], numeric=numeric[index]) for index in range(1, len(columns))]
        return table_row(head_cell(row[0]), *rest)

    twin = rx.el.details(
        rx.el.summary(icon("chevron-right"), rx.el.span("Show as a table")),
        table(caption, columns, rx.foreach(rows, one), rows_on_phone=False),
        class_name="ly-chart-table",
    )
    return rx.fragment(twin, chart_files())


def _template() -> Any:
    return rx.color_mode_cond(
        layout.Template(plotly_template("light")).to_plotly_json(), layout.Template(plotly_template("dark")).to_plotly_json()
    ).to(layout.Template)
