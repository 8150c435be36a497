"""The figures beside the editor of a page or quiz for Plotly, their tables and their labels. Pure."""

from datetime import date

from lms_app.domain.analytics.node_rules import clock
from lms_app.domain.analytics.node_views import FilmFigures, NodeFigures
from lms_app.web.charts import figures
from lms_app.web.instructor.analytics_figures import Panel, week_rows


def days_panel(node: NodeFigures) -> Panel:
    """People who first opened it on each day as a line, those who completed it as a dotted one where it is another; as rows by week, one under the
    other."""
    days = [date.fromisoformat(day.day) for day in node.days]
    opened, completed = [day.opened for day in node.days], [day.completed for day in node.days]
    first = "Begun" if node.scores else "Opened"
    pairs = zip(week_rows(days, opened), week_rows(days, completed), strict=True)
    rows = [row for week, done in pairs for row in (week, ["completed", *done[1:]])][-50:]
    finding = f"{node.days_finding} {_completed(opened, completed, 'began' if node.scores else 'opened')}".strip()
    before = completed if any(completed) and completed != opened else None
    return Panel(
        finding=finding,
        figure=figures.lines(days, opened, name=first, before=before, before_name="Completed"),
        label=f"{first} by day. {finding}",
        rows=rows,
    )


def _completed(opened: list[int], completed: list[int], did: str) -> str:
    if not any(completed):
        return ""
    if completed == opened:
        return f"As many completed it each day as {did} it."
    return "Completed is dotted." if len(completed) > 1 else "Completed is grey."


def film_panel(film: FilmFigures) -> Panel:
    """People who played each stretch of a film as bars, how often it was stopped there as a dotted line."""
    names = [f"{clock(part.start)}–{clock(part.end)}" for part in film.parts]
    people, stops = [part.people for part in film.parts], [part.stops for part in film.parts]
    figure = figures.bars(names, people, unit="people")
    if any(stops):
        # In the second colour, which the colourway gives: the grey of comparisons is lost on bars.
        line = {"width": 2, "dash": "dot"}
        hover = "Stopped %{y:,} times<extra></extra>"
        trace = {
            "type": "scatter",
            "mode": "lines+markers",
            "x": list(range(len(names))),
            "y": stops,
            "line": line,
            "marker": {"size": 7},
            "hovertemplate": hover,
        }
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
