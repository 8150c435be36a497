"""Pictures of module 4: two things at once."""

from math import sqrt
from random import Random
from statistics import correlation, linear_regression, mean, stdev

from lms_app.demo.pictures.canvas import AMBER, BLUE, FAINT, LINE, MUTED, ROSE, TEAL, TEXT, Canvas, Point, Scale

BOARDING = [1, 2, 3, 5, 6, 8, 10, 12, 15, 18]
SECONDS = [14, 18, 12, 19, 31, 25, 31, 49, 53, 57]
APPLICANTS = {
    "A": ((825, 512), (108, 89)),
    "B": ((560, 353), (25, 17)),
    "C": ((325, 120), (593, 202)),
    "D": ((417, 138), (375, 131)),
    "E": ((191, 53), (393, 94)),
    "F": ((373, 22), (341, 24)),
}
"""Department → (men who applied, men admitted), (women who applied, women admitted); Bickel, Hammel and O'Connell, 1975."""


def clouds() -> str:
    """Six clouds with known correlations."""
    canvas = Canvas(450)
    scatter = Random(4)
    for index, wanted in enumerate((-0.9, -0.5, 0.0, 0.5, 0.9, None)):
        left, top = 26 + index % 3 * 200, 22 + index // 3 * 208
        canvas.box((left, top), (188, 158), fill=FAINT, radius=8, opacity=0.45)
        points = _cloud(scatter, wanted) if wanted is not None else [(z / 10, 1.5 - (z / 10) ** 2) for z in range(-20, 21)]
        x, y = Scale(-3.2, 3.2, left + 4, left + 184), Scale(-3.2, 3.2, top + 154, top + 4)
        for point in points:
            canvas.dot((x(point[0]), y(point[1])), 3.6, fill=AMBER if wanted is None else BLUE, opacity=0.9)
        label = f"r = {wanted:g}".replace("-", "−") if wanted is not None else "r = 0"
        canvas.text((left + 94, top + 184), label, size=18, fill=TEXT)
    return canvas.svg()


def least_squares() -> str:
    """The best line through ten stops, with the squares on its residuals."""
    canvas = Canvas(440)
    x, y = Scale(0, 20, 70, 610), Scale(0, 70, 380, 30)
    unit = (y.start - y.end) / 70
    line = linear_regression(BOARDING, SECONDS)
    for level in (0, 20, 40, 60):
        canvas.line((x.start, y(level)), (x.end, y(level)), stroke=LINE if level else MUTED, width=1)
        canvas.text((58, y(level) + 6), str(level) if level < 60 else "60 s", size=17, anchor="end")
    for boarding, seconds in zip(BOARDING, SECONDS, strict=True):
        fitted = line.intercept + line.slope * boarding
        side = abs(seconds - fitted) * unit
        canvas.box((x(boarding), y(max(seconds, fitted))), (side, side), fill=AMBER, stroke=AMBER, width=1.4, opacity=0.55)
    canvas.line((x(0), y(line.intercept)), (x(20), y(line.intercept + line.slope * 20)), stroke=TEXT, width=2.2)
    for boarding, seconds in zip(BOARDING, SECONDS, strict=True):
        canvas.dot((x(boarding), y(seconds)), 6, fill=TEAL)
    for value in (0, 5, 10, 15, 20):
        canvas.text((x(value), 406), str(value) if value else "0", size=17)
    canvas.text((x(10), 430), "passengers who got on", size=17)
    return canvas.svg()


def simpson() -> str:
    """Admissions at Berkeley in 1973 by department, and all six together."""
    canvas = Canvas(520)
    x = Scale(0, 0.9, 90, 610)
    for share in (0, 0.2, 0.4, 0.6, 0.8):
        canvas.line((x(share), 60), (x(share), 462), stroke=LINE, width=1)
        canvas.text((x(share), 492), f"{share:.0%}".replace("%", " %"), size=17)
    canvas.dot((96, 32), 8, fill=BLUE)
    canvas.text((112, 38), "men", size=18, fill=TEXT, anchor="start")
    canvas.dot((186, 32), 8, fill=AMBER)
    canvas.text((202, 38), "women", size=18, fill=TEXT, anchor="start")
    canvas.text((606, 38), "share admitted", size=17, anchor="end")
    for row, (name, groups) in enumerate(APPLICANTS.items()):
        level = 92 + row * 56
        canvas.text((44, level + 7), name, size=20, fill=TEXT, serif=True, weight=600)
        for (applied, admitted), colour in zip(groups, (BLUE, AMBER), strict=True):
            canvas.dot((x(admitted / applied), level), sqrt(applied) * 0.98, fill=colour, opacity=0.78)
    canvas.line((24, 406), (616, 406), stroke=MUTED, width=1)
    canvas.text((52, 441), "All six", size=18, fill=TEXT, weight=600)
    for group, colour in ((0, BLUE), (1, AMBER)):
        applied, admitted = (sum(groups[group][part] for groups in APPLICANTS.values()) for part in (0, 1))
        canvas.dot((x(admitted / applied), 434), 14, fill=colour)
    return canvas.svg()


def causes() -> str:
    """A confounder, and the lottery that cuts its arrow."""
    canvas = Canvas(350)
    for left, tossed in ((18, False), (332, True)):
        canvas.box((left, 18), (290, 314), fill=FAINT, radius=10, opacity=0.4)
        top, shelter, complaints = (left + 145, 80), (left + 74, 246), (left + 216, 246)
        if tossed:
            canvas.line((top[0] - 22, top[1] + 32), (shelter[0] + 18, shelter[1] - 34), stroke=MUTED, width=2, dash="2 7")
            canvas.line((left + 94, 149), (left + 121, 175), stroke=ROSE, width=3.4)
            canvas.line((left + 121, 149), (left + 94, 175), stroke=ROSE, width=3.4)
            _die(canvas, (left + 40, 136))
            canvas.line((left + 46, 166), (left + 60, 212), stroke=TEXT, width=2, arrow=True)
        else:
            canvas.line((top[0] - 22, top[1] + 32), (shelter[0] + 18, shelter[1] - 34), stroke=TEXT, width=2, arrow=True)
        canvas.line((top[0] + 22, top[1] + 32), (complaints[0] - 18, complaints[1] - 34), stroke=TEXT, width=2, arrow=True)
        for place, words, colour in ((top, "passengers", AMBER), (shelter, "shelter", TEAL), (complaints, "complaints", BLUE)):
            canvas.box((place[0] - 62, place[1] - 24), (124, 48), fill="#131d40", stroke=colour, width=2, radius=24)
            canvas.text((place[0], place[1] + 6), words, size=18, fill=TEXT)
        canvas.text((left + 145, 314), "a die decides" if tossed else "the city decides", size=17)
    return canvas.svg()


def two_axes() -> str:
    """The same two numbers on a cut axis and on a whole one."""
    canvas = Canvas(370)
    for left, foot, ticks in ((20, 60, (60, 62, 64, 66, 68)), (332, 0, (0, 20, 40, 60, 80))):
        y = Scale(ticks[0], ticks[-1], 306, 46)
        for tick in ticks:
            canvas.line((left + 62, y(tick)), (left + 286, y(tick)), stroke=MUTED if tick == foot else LINE, width=1)
            canvas.text((left + 52, y(tick) + 6), f"{tick} %", size=17, anchor="end")
        for place, (value, colour) in enumerate(((62, BLUE), (66, AMBER))):
            canvas.box((left + 84 + place * 104, y(value)), (76, 306 - y(value)), fill=colour, radius=3)
            canvas.text((left + 122 + place * 104, 334), ("before", "after")[place], size=17)
    return canvas.svg()


def _cloud(scatter: Random, wanted: float) -> list[Point]:
    """Sixty points whose correlation is exactly the one wanted: noise is made straight to x, then mixed in."""
    xs = _scores([scatter.gauss(0, 1) for _ in range(60)])
    noise = [scatter.gauss(0, 1) for _ in range(60)]
    overlap = correlation(xs, noise)
    apart = _scores([n - overlap * stdev(noise) * x for x, n in zip(xs, noise, strict=True)])
    return [(x, wanted * x + sqrt(1 - wanted**2) * a) for x, a in zip(xs, apart, strict=True)]


def _scores(values: list[float]) -> list[float]:
    centre, spread = mean(values), stdev(values)
    return [(value - centre) / spread for value in values]


def _die(canvas: Canvas, centre: Point) -> None:
    x, y = centre
    canvas.box((x - 22, y - 22), (44, 44), fill=TEXT, radius=9)
    for dx, dy in ((-10, -10), (10, -10), (0, 0), (-10, 10), (10, 10)):
        canvas.dot((x + dx, y + dy), 4, fill="#131d40")
