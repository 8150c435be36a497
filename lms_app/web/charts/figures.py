"""Figures as plain dictionaries: small to send, coloured by the template of the mode. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from lms_app.web.theme import COMPARISON

Figure = dict[str, Any]
"""What Plotly takes: `{"data": [traces], "layout": {…}}`. Keep it in a state variable of this type."""

MOST_TOGETHER = 5
"""Points in one place that are named."""

NOTHING: Figure = {"data": [], "layout": {}}
"""The figure before there is one."""


def lines(x: Sequence[date | str], y: Sequence[float], *, name: str, before: Sequence[float] | None = None, before_name: str = "Before") -> Figure:
    """A series over days (or words), and perhaps the one before it as a dotted grey line; of one day alone as points."""
    words = _words(x)
    first: dict[str, Any] = {"type": "scatter", "mode": "lines" if len(words) > 1 else "markers", "x": words, "y": list(y), "name": name}
    traces = [first if len(words) > 1 else {**first, "marker": {"size": 9}}]
    if before is not None:
        dotted = {"mode": "lines", "line": {"color": COMPARISON, "width": 1.5, "dash": "dot"}}
        look = dotted if len(words) > 1 else {"mode": "markers", "marker": {"size": 9, "color": COMPARISON}}
        traces.append({"type": "scatter", "x": words, "y": list(before), "name": before_name, **look})
    return {"data": traces, "layout": {"xaxis": _some(words), "yaxis": _counts([*y, *(before or ())])}}


def many_lines(x: Sequence[date | str], series: Sequence[tuple[str, Sequence[float]]]) -> Figure:
    """Up to five series over the same x, each with its name at its end."""
    if len(series) > 5:
        raise ValueError("At most five series can be told apart.")
    words = _words(x)
    traces = [
        {
            "type": "scatter",
            "mode": "lines+text",
            "x": words,
            "y": list(y),
            "name": name,
            "text": [""] * (len(words) - 1) + [name],
            "textposition": "middle right",
            "cliponaxis": False,
        }
        for name, y in series
    ]
    highest = [value for _, y in series for value in y]
    return {"data": traces, "layout": {"xaxis": _some(words), "yaxis": _counts(highest), "margin": {"r": 96}}}


def steps(names: Sequence[str], counts: Sequence[int]) -> Figure:
    """A funnel as horizontal bars, first step at the top, each with its count and its share of the first."""
    first = counts[0] if counts and counts[0] else 0
    words = [f"{count:,}   {round(100 * count / first)}%" if first else f"{count:,}" for count in counts]
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": list(counts),
        "y": list(range(len(names))),
        "text": words,
        "textposition": "auto",
        "insidetextanchor": "start",
        "textangle": 0,
        "customdata": list(names),
        "hovertemplate": "%{customdata}: %{text}<extra></extra>",
        "constraintext": "none",
        # One bar alone must not fill the panel.
        "width": min(0.7, 0.2 * max(1, len(names))),
    }
    axis = {"autorange": "reversed", "showgrid": False, "tickvals": list(range(len(names))), "ticktext": [_short(name) + "  " for name in names]}
    return {"data": [bar], "layout": {"xaxis": {"visible": False}, "yaxis": axis, "hovermode": "closest"}}


def bars(names: Sequence[str], counts: Sequence[float], *, unit: str = "", mark: float | None = None, mark_words: str = "") -> Figure:
    """Upright bars for bins made on the server. `mark` is a place between bars, counted in bars from the left edge, with its words."""
    bar = {
        "type": "bar",
        "x": list(range(len(names))),
        "y": list(counts),
        "customdata": list(names),
        "hovertemplate": f"%{{customdata}}: %{{y:,}}{' ' + unit if unit else ''}<extra></extra>",
    }
    ticks = list(range(0, len(names), _every(names)))
    layout: Figure = {
        "xaxis": {"tickvals": ticks, "ticktext": [names[tick] for tick in ticks]},
        "yaxis": _counts(counts),
        "hovermode": "closest",
        "bargap": 0.08,
    }
    if mark is not None:
        at = mark - 0.5
        line = {"color": COMPARISON, "width": 1.5, "dash": "dot"}
        layout["shapes"] = [{"type": "line", "x0": at, "x1": at, "y0": 0, "y1": 1, "yref": "paper", "line": line}]
        words = {"x": at, "y": 1, "yref": "paper", "text": mark_words, "showarrow": False, "xanchor": "right", "yanchor": "top", "xshift": -6}
        layout["annotations"] = [words]
    return {"data": [bar], "layout": layout}


def points(names: Sequence[str], x: Sequence[float], y: Sequence[float], *, x_title: str, y_title: str, notes: Sequence[str] | None = None) -> Figure:
    """Points with names, where they have one: x are shares, 0 to 1, y lie about nought, which is drawn as a line. `notes` are read on hovering. Names
    and notes of points that lie on one another are told together."""
    places = [(round(share, 2), round(height, 2)) for share, height in zip(x, y, strict=True)]
    trace: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [100 * share for share in x],
        "y": list(y),
        "text": [name if places.index(place) == at else "" for at, (name, place) in enumerate(zip(_joined(names, places), places, strict=True))],
        "textposition": "top center",
        "cliponaxis": False,
        "marker": {"size": 9},
        "customdata": _joined(notes or names, places, "<br>"),
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    line = {"color": COMPARISON, "width": 1.5, "dash": "dot"}
    return {
        "data": [trace],
        "layout": {
            "xaxis": {"range": [100 * min([0, *x]) - 3, 103], "ticksuffix": " %", "nticks": 5, "title": {"text": x_title}},
            "yaxis": {"range": [min([-0.1, *y]) - 0.1, max([0.5, *y]) + 0.15], "nticks": 5, "title": {"text": y_title}},
            "shapes": [{"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": 0, "y1": 0, "line": line}],
            "hovermode": "closest",
        },
    }


def _joined(words: Sequence[str], places: Sequence[Any], between: str = ", ") -> list[str]:
    """Of each place the words of those that lie there, at most `MOST_TOGETHER` of them."""
    there: dict[Any, list[str]] = {}
    for word, place in zip(words, places, strict=True):
        there.setdefault(place, []).extend([word] if word else [])
    more = {place: [f"and {len(told) - MOST_TOGETHER} more"] if len(told) > MOST_TOGETHER else [] for place, told in there.items()}
    return [between.join([*there[place][:MOST_TOGETHER], *more[place]]) for place in places]


def _words(x: Sequence[date | str]) -> list[str]:
    """Days as "9 Nov", with the year where they span more than one."""
    days = [day for day in x if isinstance(day, date)]
    year = " %Y" if len({day.year for day in days}) > 1 else ""
    return [f"{day.day} {day.strftime('%b' + year)}" if isinstance(day, date) else day for day in x]


def _some(words: Sequence[str]) -> dict[str, Any]:
    """An axis that names at most five of its places, so that names never touch on a phone."""
    return {"type": "category", "tickvals": list(words)[:: _every(words)]}


def _every(names: Sequence[str]) -> int:
    return max(1, -(-len(names) // 5))


def _counts(values: Sequence[float]) -> dict[str, Any]:
    """An axis from nought; whole steps where the numbers are few."""
    return {"rangemode": "tozero", "nticks": 5, **({"dtick": 1} if max(values, default=0) <= 4 else {})}


def _short(name: str, most: int = 22) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
