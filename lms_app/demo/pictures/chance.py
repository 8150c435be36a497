"""Pictures of module 2: chance has a shape."""

from collections import Counter
from math import log10
from random import Random
from statistics import NormalDist

from lms_app.demo.pictures.canvas import AMBER, BLUE, LINE, TEAL, TEXT, Canvas, Point, Scale, axis


def long_run() -> str:
    """The share of heads in three runs of 10,000 tosses, on a logarithmic axis."""
    canvas = Canvas(370)
    x, y = Scale(0, 4, 76, 606), Scale(0, 1, 312, 34)
    for share in (0, 0.5, 1):
        canvas.line((x.start, y(share)), (x.end, y(share)), stroke=TEXT if share == 0.5 else LINE, width=1.2, dash="2 6" if share == 0.5 else "")
        canvas.text((62, y(share) + 6), f"{share:.0%}".replace("%", " %"), size=17, anchor="end")
    shown = sorted({round(10 ** (step / 60)) for step in range(241)})
    for seed, colour in ((2, TEAL), (12, AMBER), (8, BLUE)):
        coin, heads = Random(seed), 0
        points: list[Point] = []
        for toss in range(1, 10_001):
            heads += coin.random() < 0.5
            if toss in shown:
                points.append((x(log10(toss)), y(heads / toss)))
        canvas.curve(points, stroke=colour, width=2.4)
    for power, label in enumerate(("1 toss", "10", "100", "1,000", "10,000")):
        canvas.text((x(power) if power < 4 else 614, 344), label, size=17, anchor="middle" if power < 4 else "end")
    return canvas.svg()


def screening() -> str:
    """A thousand people as squares: ill and found, ill and missed, wrongly alarmed, and reassured."""
    canvas = Canvas(500)
    for person in range(1_000):
        corner = (22 + person // 25 * 15, 24 + person % 25 * 15)
        if person < 9:
            canvas.box(corner, (12, 12), fill=AMBER, radius=2)
        elif person == 9:
            canvas.box((corner[0] + 1, corner[1] + 1), (10, 10), fill="none", stroke=AMBER, width=2, radius=2)
        else:
            canvas.box(corner, (12, 12), fill=BLUE if person < 99 else "#2d3c72", radius=2)
    key = (
        (22, 432, AMBER, "9 ill, positive test", False),
        (22, 468, AMBER, "1 ill, missed by the test", True),
        (330, 432, BLUE, "89 healthy, positive test", False),
        (330, 468, "#2d3c72", "901 healthy, negative test", False),
    )
    for left, top, colour, words, ring in key:
        canvas.box((left + 1, top - 13), (14, 14), fill="none" if ring else colour, stroke=colour if ring else "none", width=2, radius=2)
        canvas.text((left + 26, top), words, size=18, fill=TEXT, anchor="start")
    return canvas.svg()


def dice_bells() -> str:
    """Exact distributions of the sum of 1, 2, 3 and 10 dice."""
    canvas = Canvas(450)
    for index, (dice, colour) in enumerate(((1, TEAL), (2, TEAL), (3, TEAL), (10, AMBER))):
        left, top = 34 + index % 2 * 308, 20 + index // 2 * 212
        ways = _ways(dice)
        sums = sorted(ways)
        most = max(ways.values())
        step = 264 / len(sums)
        canvas.line((left, top + 166), (left + 264, top + 166))
        for place, total in enumerate(sums):
            height = 108 * ways[total] / most
            canvas.box(
                (left + place * step + step * 0.1, top + 166 - height),
                (step * 0.8, height),
                fill=colour,
                radius=2 if step > 8 else 0,
                opacity=0.92,
            )
        canvas.text((left, top + 32), "1 die" if dice == 1 else f"{dice} dice", size=19, fill=TEXT, anchor="start", serif=True, weight=600)
        canvas.text((left + step / 2, top + 190), str(sums[0]), size=17)
        canvas.text((left + 264 - step / 2, top + 190), str(sums[-1]), size=17)
        if dice > 1:
            canvas.text((left + 132, top + 190), str((sums[0] + sums[-1]) // 2) if dice != 3 else "10   11", size=17)
    return canvas.svg()


def bell() -> str:
    """The normal curve with its bands of one, two and three standard deviations."""
    canvas = Canvas(400)
    x, y = Scale(-3.6, 3.6, 24, 616), Scale(0, 0.42, 250, 28)
    curve = NormalDist()
    for reach, colour in ((3, "#22305f"), (2, "#33478c"), (1, "#5570cf")):
        steps = [-reach + step * reach / 60 for step in range(121)]
        canvas.curve([(x(-reach), y(0)), *((x(z), y(curve.pdf(z))) for z in steps), (x(reach), y(0))], stroke="none", width=0, fill=colour)
    canvas.curve([(x(-3.6 + step * 0.06), y(curve.pdf(-3.6 + step * 0.06))) for step in range(121)], stroke=TEXT, width=2.5)
    axis(canvas, x, 250, [(z, f"{z:+d}σ".replace("-", "−") if z else "μ") for z in range(-3, 4)])
    for row, (reach, share) in enumerate(((1, "68 %"), (2, "95 %"), (3, "99.7 %"))):
        level = 306 + row * 34
        canvas.line((x(-reach), level), (x(reach), level), stroke=AMBER, width=2)
        for end in (-reach, reach):
            canvas.line((x(end), level - 6), (x(end), level + 6), stroke=AMBER, width=2)
        canvas.box((x(0) - 38, level - 14), (76, 28), fill="#111a3b", radius=6)
        canvas.text((x(0), level + 6), share, size=18, fill=AMBER, weight=600)
    return canvas.svg()


def _ways(dice: int) -> Counter[int]:
    sums: Counter[int] = Counter({0: 1})
    for _ in range(dice):
        longer: Counter[int] = Counter()
        for total, count in sums.items():
            for face in range(1, 7):
                longer[total + face] += count
        sums = longer
    return sums
