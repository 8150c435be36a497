"""What takes a chart along: its table as CSV, its picture as PNG, both made in the browser."""

import reflex as rx

from lms_app.web.island_files import beside


class ChartFiles(rx.NoSSRComponent):
    """Stands in the panel of a chart, which has a folded table."""

    library = f"$/public/{beside('chart_files.jsx')}"
    tag = "ChartFiles"


def chart_files() -> rx.Component:
    """Two buttons, CSV and PNG."""
    return ChartFiles.create()
