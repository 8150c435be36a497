"""The picture of the front door: a hill in contour lines, and the way up it that somebody is walking."""

import math
from functools import lru_cache
from typing import NamedTuple

import reflex as rx

from lms_app.domain.courses.cover_art import Point, contour_paths

WIDTH, HEIGHT = 960, 620
START, TOP = (300.0, 590.0), (628.0, 232.0)
PACE = 2.0
STOPS = 6
"""Places on the way, the last one at the top."""
HERE = 3
"""Which of them is the present one; those before it are done."""


class Way(NamedTuple):
    """The path walked so far, the path ahead, and the places on it."""

    walked: str
    ahead: str
    places: list[Point]


def hill(x: float, y: float) -> float:
    """The height of the land: one high hill with a shoulder, and lower ones around it."""
    bumps = ((660, 210, 250, 170, 1.0), (430, 330, 210, 120, 0.5), (860, 470, 190, 130, 0.42), (180, 120, 230, 130, 0.36), (60, 600, 150, 110, 0.3))
    return sum(top * math.exp(-(((x - cx) / wide) ** 2) - ((y - cy) / tall) ** 2) for cx, cy, wide, tall, top in bumps)


def lines_svg() -> str:
    """The contour lines of the hill, in black on nothing: a mask. Kept as `assets/art/hill.svg`."""
    strokes = "".join(
        f'<path d="{path}" stroke-opacity="{0.3 + 0.7 * at:.2f}" stroke-width="{1.6 if index % 4 == 0 else 0.9}"/>'
        for index, (at, path) in enumerate(contour_paths(hill, WIDTH, HEIGHT, levels=18))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMaxYMid slice">'
        f'<g fill="none" stroke="#000">{strokes}</g></svg>\n'
    )


@lru_cache(maxsize=1)
def way() -> Way:
    """A path from the low left to the top that winds as paths do: uphill, and across the slope by turns."""
    (x, y), (top_x, top_y) = START, TOP
    points = [(x, y)]
    while (left := math.hypot(top_x - x, top_y - y)) > PACE:
        done = 1 - left / math.hypot(top_x - START[0], top_y - START[1])
        swing = 1.35 * math.sin(done * 6.5 * math.pi) * min(1.0, left / 90)
        along, across = (top_x - x) / left, (top_y - y) / left
        move_x, move_y = along - swing * across, across + swing * along
        long = math.hypot(move_x, move_y)
        x, y = x + PACE * move_x / long, y + PACE * move_y / long
        points.append((x, y))
    points.append(TOP)
    stops = [round(index * (len(points) - 1) / (STOPS - 1)) for index in range(STOPS)]
    here = stops[HERE]
    return Way(_path(points[: here + 1]), _path(points[here:]), [points[stop] for stop in stops])


def climb() -> rx.Component:
    """The hill by the style sheet, the way as a drawing above it. Decoration."""
    path = way()
    marks = []
    for index, (x, y) in enumerate(path.places):
        state = "done" if index < HERE else "here" if index == HERE else "top" if index == STOPS - 1 else "ahead"
        radius = {"done": "9", "here": "10", "top": "11", "ahead": "7"}[state]
        marks.append(rx.el.circle(cx=f"{x:.0f}", cy=f"{y:.0f}", r=radius, custom_attrs={"data-state": state}))
        if state == "done":
            marks.append(rx.el.path(d=f"M{x - 4:.0f} {y:.0f}l3 3.2 5.4 -6", custom_attrs={"data-state": "tick"}))
    return rx.el.div(
        rx.el.svg(
            rx.el.path(d=path.ahead, custom_attrs={"data-state": "ahead"}),
            rx.el.path(d=path.walked, custom_attrs={"data-state": "walked"}),
            *marks,
            view_box=f"0 0 {WIDTH} {HEIGHT}",
            custom_attrs={"preserveAspectRatio": "xMaxYMid slice"},
        ),
        class_name="ly-climb",
        aria_hidden="true",
    )


def _path(points: list[Point]) -> str:
    kept = [*points[:-1:6], points[-1]]
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in kept)
