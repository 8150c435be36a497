"""The figures beside the editor of a page or quiz for Plotly, their tables and their labels. Pure."""

from datetime import date

from lms_app.domain.analytics.node_rules import clock
from lms_app.domain.analytics.node_views import FilmFigures, NodeFigures
from lms_app.web.charts import figures
from lms_app.web.instructor.analytics_figures import Panel, week_rows
from lms_app.web.theme import COMPARISON


def days_panel(node: NodeFigures) -> Panel:
    """People who first opened it on each day as a line, those who completed it as a dotted one; as rows by week, one under the other."""
    days = [date.fromisoformat(day.day) for day in node.days]
    opened, completed = [day.opened for day in node.days], [day.completed for day in node.days]
    first = "Begun" if node.scores else "Opened"
    pairs = zip(week_rows(days, opened), week_rows(days, completed), strict=True)
    rows = [row for week, done in pairs for row in (week, ["completed", *done[1:]])][-50:]
    finding = f"{node.days_finding} Completed is dotted." if any(completed) else node.days_finding
    return Panel(
        finding=finding,
        figure=figures.lines(days, opened, name=first, before=completed if any(completed) else None, before_name="Completed"),
        label=f"{first} by day. {finding}",
        rows=rows,
    )


def film_panel(film: FilmFigures) -> Panel:
    """People who played each stretch of a film as bars, how often it was stopped there as a dotted line."""
    names = [f"{clock(part.start)}–{clock(part.end)}" for part in film.parts]
    people, stops = [part.people for part in film.parts], [part.stops for part in film.parts]
    figure = figures.bars(names, people, unit="people")
    if any(stops):
        line = {"color": COMPARISON, "width": 1.5, "dash": "dot"}
        hover = "Stopped %{y:,} times<extra></extra>"
        trace = {"type": "scatter", "mode": "lines+markers", "x": list(range(len(names))), "y": stops, "line": line, "hovertemplate": hover}
        figure["data"].append(trace)
    ticks = figure["layout"]["xaxis"]["tickvals"]
    figure["layout"]["xaxis"]["ticktext"] = [clock(film.parts[tick].start) for tick in ticks]
    finding = f"{film.finding} Stops are dotted." if any(stops) else film.finding
    told = ", ".join(f"{name}: {one} played, {other} stopped" for name, one, other in zip(names, people, stops, strict=True))
    return Panel(
        finding=finding,
        figure=figure,
        label=f"{film.title}. {finding} {told}.",
        rows=[[name, f"{one:,}", f"{other:,}"] for name, one, other in zip(names, people, stops, strict=True)],
    )
