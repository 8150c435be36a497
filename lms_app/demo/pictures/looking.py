"""Pictures of module 1: looking before calculating."""

from collections import Counter
from statistics import linear_regression, quantiles

from lms_app.demo.pictures.canvas import AMBER, BLUE, FAINT, ROSE, TEAL, TEXT, Canvas, Scale, axis

X = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
QUARTET = {
    "A": (X, [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]),
    "B": (X, [9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74]),
    "C": (X, [7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73]),
    "D": ([8] * 7 + [19] + [8] * 3, [6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89]),
}
WAITS = [2, 3, 4, 4, 4, 5, 5, 6, 7, 7, 8, 9, 11, 12, 33]
JOURNEYS = {"Line 12": [8, 9, 9, 10, 10, 10, 10, 11, 11, 12], "Line 8": [1, 3, 5, 8, 10, 10, 12, 15, 17, 19]}


def quartet() -> str:
    """Anscombe's four tables, each with the line that fits it best."""
    canvas = Canvas(480)
    for index, (name, (xs, ys)) in enumerate(QUARTET.items()):
        left, top = 28 + index % 2 * 300, 26 + index // 2 * 222
        x, y = Scale(2, 20, left + 14, left + 270), Scale(2, 14, top + 196, top + 8)
        canvas.box((left, top), (284, 206), fill=FAINT, radius=8, opacity=0.45)
        line = linear_regression(xs, ys)
        canvas.line((x(3), y(line.intercept + line.slope * 3)), (x(20), y(line.intercept + line.slope * 20)), stroke=AMBER, width=2)
        for point in zip(xs, ys, strict=True):
            canvas.dot((x(point[0]), y(point[1])), 6, fill=BLUE)
        canvas.text((left + 26, top + 36), name, size=24, fill=TEXT, serif=True, weight=600)
    return canvas.svg()


def middles() -> str:
    """Fifteen waits as dots, with their mode, median and mean."""
    canvas = Canvas(280)
    x = Scale(0, 35, 40, 600)
    base = 222
    for value, colour, name, lift in ((4, TEAL, "mode 4", 168), (6, BLUE, "median 6", 138), (8, AMBER, "mean 8", 108)):
        canvas.line((x(value), base), (x(value), base - lift), stroke=colour, width=2, dash="1 6")
        canvas.text((x(value) + 10, base - lift + 8), name, size=18, fill=colour, anchor="start", weight=600)
    for value, count in Counter(WAITS).items():
        for step in range(count):
            canvas.dot((x(value), base - 12 - step * 21), 8.5, fill=ROSE if value == 33 else TEXT)
    canvas.text((x(33), base - 34), "33", size=18, fill=ROSE, weight=600)
    canvas.curve([(x(8) - 10, base + 20), (x(8), base + 3), (x(8) + 10, base + 20), (x(8) - 10, base + 20)], stroke=AMBER, width=1, fill=AMBER)
    axis(canvas, x, base, [(0, "0"), (10, "10"), (20, "20"), (30, "30 minutes")])
    return canvas.svg()


def spread() -> str:
    """The journeys of two bus lines, as dots and as boxes."""
    canvas = Canvas(370)
    x = Scale(0, 20, 110, 600)
    for (name, minutes), base, colour in zip(JOURNEYS.items(), (118, 268), (TEAL, AMBER), strict=True):
        canvas.text((26, base + 2), name, size=18, fill=TEXT, anchor="start", weight=600)
        for value, count in Counter(minutes).items():
            for step in range(count):
                canvas.dot((x(value), base - 8 - step * 20), 8, fill=colour)
        low, middle, high = quantiles(minutes, n=4, method="inclusive")
        canvas.line((x(min(minutes)), base + 26), (x(max(minutes)), base + 26), stroke=colour, width=2)
        canvas.box((x(low), base + 14), (x(high) - x(low), 24), fill="#17224a", stroke=colour, width=2, radius=3)
        canvas.line((x(middle), base + 14), (x(middle), base + 38), stroke=colour, width=3)
    axis(canvas, x, 325, [(0, "0"), (5, "5"), (10, "10 minutes"), (15, "15"), (20, "20")])
    return canvas.svg()
