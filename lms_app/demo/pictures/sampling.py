"""Pictures of module 3: from a sample to the world."""

from collections import Counter
from math import comb, cos, pi, sin, sqrt
from random import Random
from statistics import NormalDist, median

from lms_app.demo.pictures.canvas import AMBER, BLUE, LINE, MUTED, TEAL, TEXT, Canvas, Point, Scale, axis
from lms_app.demo.pictures.looking import WAITS

TRUTH = 0.62


def targets() -> str:
    """Bias and variance as shots on four targets."""
    canvas = Canvas(560)
    aim = Random(21)
    for column, words in enumerate(("little variance", "much variance")):
        canvas.text((230 + column * 250, 36), words, size=18, fill=TEXT, weight=550)
    for row, words in enumerate(("no bias", "bias")):
        canvas.text((26, 178 + row * 254), words, size=18, fill=TEXT, anchor="start", weight=550)
        for column, scatter in enumerate((14, 44)):
            centre = (230 + column * 250, 170 + row * 254)
            for ring in (112, 84, 56, 28):
                canvas.dot(centre, ring, fill="#17224a" if ring % 56 else "#1d2a58", stroke=LINE, width=1.2)
            canvas.dot(centre, 5, fill=MUTED)
            middle = (centre[0] + row * 46, centre[1] - row * 40)
            for shot in range(12):
                angle = 2 * pi * shot / 12 + aim.uniform(-0.25, 0.25)
                reach = scatter * sqrt((shot * 5 % 12 + 0.6) / 12) * aim.uniform(0.85, 1.15)
                place = (middle[0] + reach * cos(angle), middle[1] + reach * sin(angle))
                canvas.dot(place, 6, fill=AMBER if row else TEAL, stroke="#0f1732", width=1)
    return canvas.svg()


def root_n() -> str:
    """Sampling distributions of a share for 100, 400 and 1,600 people."""
    canvas = Canvas(380)
    x, y = Scale(0.46, 0.78, 30, 610), Scale(0, 33.5, 318, 40)
    canvas.line((x(TRUTH), 318), (x(TRUTH), 34), stroke=TEXT, width=1.2, dash="2 6")
    labels = {100: (0.715, 4.6, BLUE), 400: (0.667, 11.5, TEAL), 1_600: (0.639, 24.5, AMBER)}
    for people, (at, level, colour) in labels.items():
        curve = NormalDist(TRUTH, sqrt(TRUTH * (1 - TRUTH) / people))
        shares = [0.46 + step * 0.001 for step in range(321)]
        points = [(x(share), y(curve.pdf(share))) for share in shares]
        canvas.curve([(x(0.46), y(0)), *points, (x(0.78), y(0))], stroke="none", width=0, fill=colour, opacity=0.1)
        canvas.curve(points, stroke=colour, width=2.6)
        canvas.text((x(at), y(level)), f"{people:,} people", size=18, fill=colour, anchor="start", weight=600)
    axis(canvas, x, 318, [(share / 100, f"{share} %") for share in (50, 54, 58, 62, 66, 70, 74)])
    return canvas.svg()


def intervals() -> str:
    """Fifty confidence intervals, most of which contain the truth."""
    canvas = Canvas(590)
    x = Scale(0.51, 0.73, 40, 600)
    lottery = Random(1)
    canvas.text((x(TRUTH), 36), "the truth", size=18, fill=TEXT, weight=600)
    canvas.line((x(TRUTH), 48), (x(TRUTH), 524), stroke=TEXT, width=2)
    missed = 0
    for survey in range(50):
        share = sum(lottery.random() < TRUTH for _ in range(400)) / 400
        margin = 1.96 * sqrt(share * (1 - share) / 400)
        hit = abs(share - TRUTH) <= margin
        missed += not hit
        level, colour = 58 + survey * 9.3, TEAL if hit else AMBER
        canvas.line((x(share - margin), level), (x(share + margin), level), stroke=colour, width=2 if hit else 3.4)
        canvas.dot((x(share), level), 2.6 if hit else 4, fill=colour)
    axis(canvas, x, 526, [(share / 100, f"{share} %") for share in (54, 58, 62, 66, 70)])
    canvas.text((606, 36), f"{missed} of 50 miss it", size=18, fill=AMBER, anchor="end", weight=600)
    return canvas.svg()


def bootstrap() -> str:
    """How 10,000 resampled medians fall."""
    canvas = Canvas(370)
    lottery = Random(7)
    medians = Counter(median(lottery.choices(WAITS, k=len(WAITS))) for _ in range(10_000))
    x, y = Scale(2.5, 12.5, 40, 600), Scale(0, max(medians.values()), 286, 60)
    for minutes in range(3, 13):
        count = medians.get(minutes, 0)
        if count:
            canvas.box((x(minutes) - 23, y(count)), (46, 286 - y(count)), fill=TEAL if 4 <= minutes <= 8 else "#44548c", radius=3)
            if count > 100:
                canvas.text((x(minutes), y(count) - 9), f"{count:,}", size=16, fill=TEXT)
    axis(canvas, x, 286, [(minutes, str(minutes)) for minutes in range(3, 13)])
    canvas.line((x(3.6), 330), (x(8.4), 330), stroke=AMBER, width=2)
    for end in (3.6, 8.4):
        canvas.line((x(end), 324), (x(end), 336), stroke=AMBER, width=2)
    canvas.text((x(6), 356), "the middle 95 %", size=18, fill=AMBER, weight=600)
    canvas.text((x(12.4), 356), "median, minutes", size=17, anchor="end")
    return canvas.svg()


def tea() -> str:
    """The 70 ways to pick four cups of eight, by how many are right."""
    canvas = Canvas(430)
    for cup in range(8):
        _cup(canvas, (74 + cup * 70, 62), AMBER if cup in (0, 3, 4, 6) else TEXT)
    for found in range(5):
        ways = comb(4, found) * comb(4, 4 - found)
        left, height = 66 + found * 104, 5.2 * ways
        canvas.box((left, 350 - height), (80, height), fill=AMBER if found == 4 else BLUE, radius=3)
        canvas.text((left + 40, 338 - height), f"{ways} {'way' if ways == 1 else 'ways'}", size=18, fill=TEXT)
        canvas.text((left + 40, 377), str(found), size=18)
    canvas.line((50, 350), (590, 350))
    canvas.text((320, 409), "milk-first cups found by guessing", size=17)
    return canvas.svg()


def _cup(canvas: Canvas, centre: Point, colour: str) -> None:
    x, y = centre
    bowl = [(x + 20 * cos(angle), y + 22 * sin(angle)) for angle in (pi * step / 24 for step in range(25))]
    canvas.curve([*bowl, bowl[0]], stroke=colour, width=2, fill="#17224a")
    canvas.curve([(x + 19 + 9 * cos(a), y + 8 + 8 * sin(a)) for a in (-pi / 2 + pi * step / 16 for step in range(17))], stroke=colour, width=2)
    canvas.line((x - 24, y + 27), (x + 24, y + 27), stroke=colour, width=2)
    canvas.curve([(x - 5 + 3 * sin(step / 2), y - 8 - step * 1.4) for step in range(13)], stroke=MUTED, width=1.4)
    canvas.curve([(x + 6 + 3 * sin(step / 2), y - 8 - step * 1.4) for step in range(13)], stroke=MUTED, width=1.4)
