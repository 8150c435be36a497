"""Key figures: one box of divided cells, with a line that shows the way they went."""

from collections.abc import Sequence
from typing import Any

import reflex as rx


def kpi_strip(*cells: Any) -> rx.Component:
    """Up to four key figures in one box."""
    return rx.el.div(*cells, class_name="ly-kpis")


def kpi(name: Any, number: Any, *, unit: Any = "", foot: Any = None, spark: Any = None) -> rx.Component:
    """A name, a number with its unit, and perhaps a change and a sparkline (an SVG path from `spark_path`)."""
    last = [*([foot] if foot is not None else [rx.el.span()]), *([sparkline(spark)] if spark is not None else [])]
    return rx.el.div(
        rx.el.p(name, class_name="ly-kpi-name"),
        rx.el.p(number, rx.el.small(unit), class_name="ly-kpi-number"),
        rx.el.div(*last, class_name="ly-kpi-foot") if foot is not None or spark is not None else rx.fragment(),
        class_name="ly-kpi",
    )


def sparkline(path: Any) -> rx.Component:
    """A line of 80 by 26 from `spark_path`. Decoration: the number beside it says it."""
    return rx.el.svg(
        rx.el.path(d=path + "V26H0Z"),
        rx.el.path(d=path),
        view_box="0 0 80 26",
        class_name="ly-spark",
        custom_attrs={"aria-hidden": "true", "preserveAspectRatio": "none"},
    )


def spark_path(values: Sequence[float], width: int = 80, height: int = 26) -> str:
    """The SVG path of a series, first to last, scaled to its own least and greatest; empty for fewer than two values."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    reach = (high - low) or 1
    step = width / (len(values) - 1)
    points = [f"{index * step:.1f} {height - 3 - (value - low) / reach * (height - 6):.1f}" for index, value in enumerate(values)]
    return "M" + "L".join(points)
