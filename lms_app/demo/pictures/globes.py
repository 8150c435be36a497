"""Pictures of the course on maps: globes, grids and great circles, all projected by the formulas that the course teaches."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from math import acos, asin, asinh, atan2, cos, degrees, hypot, pi, radians, sin, sqrt, tan

from lms_app.demo.pictures.canvas import AMBER, BLUE, LINE, MUTED, TEAL, TEXT, Canvas, Point, Scale

Place = tuple[float, float]
"""Latitude and longitude in degrees."""


def right_angles() -> str:
    """The triangle with three right angles, on a globe."""
    canvas = Canvas(450)
    globe = Globe(canvas, (320, 228), 196, (32, 20))
    globe.grid(30)
    corners: list[Place] = [(90, -25), (0, -25), (0, 65)]
    edge = [*along(corners[0], corners[1]), *along(corners[1], corners[2]), *along(corners[2], (90, 65))]
    canvas.curve([globe.place(place) for place in edge], stroke="none", width=0, fill=BLUE, opacity=0.28)
    canvas.curve([globe.place(place) for place in edge], stroke=AMBER, width=3)
    for marks in (
        [(0, -17), (8, -17), (8, -25)],
        [(0, 57), (8, 57), (8, 65)],
        [(82, -25), *[(82, -25 + step * 10) for step in range(1, 9)], (82, 65)],
    ):
        canvas.curve([globe.place(mark) for mark in marks], stroke=TEXT, width=2.4)
    for corner in corners:
        canvas.dot(globe.place(corner), 6, fill=TEXT)
    pole = globe.place((90, 0))
    canvas.text((pole[0] + 14, pole[1] - 8), "pole", size=18, fill=TEXT, anchor="start")
    middle = globe.place((0, 20))
    canvas.text((middle[0], middle[1] + 28), "equator", size=18, fill=TEXT)
    return canvas.svg()


def over_the_pole() -> str:
    """Helsinki to Anchorage, seen from above the pole: the great circle, and the way along the parallel."""
    canvas = Canvas(470)
    globe = Globe(canvas, (320, 236), 214, (90, -60))
    globe.grid(30)
    start, end = (60.17, 24.94), (61.22, -149.9)
    around = [(60.17 + 1.05 * step / 60, 24.94 - 174.84 * step / 60) for step in range(61)]
    canvas.curve([globe.place(place) for place in around], stroke=BLUE, width=3, dash="2 7")
    canvas.curve([globe.place(place) for place in along(start, end)], stroke=AMBER, width=3.4)
    canvas.dot(globe.place((90, 0)), 4, fill=MUTED)
    for place, name in ((start, "Helsinki"), (end, "Anchorage")):
        x, y = globe.place(place)
        canvas.dot((x, y), 7, fill=TEXT)
        canvas.text((x, y - 18), name, size=18, fill=TEXT, weight=600)
    canvas.text((24, 44), "6,510 km", size=20, fill=AMBER, anchor="start", weight=600)
    canvas.text((24, 70), "over the pole", size=17, anchor="start")
    canvas.text((616, 424), "9,514 km", size=20, fill=BLUE, anchor="end", weight=600)
    canvas.text((616, 450), "along the parallel", size=17, anchor="end")
    return canvas.svg()


def three_projections() -> str:
    """Circles of one size on the globe, projected in three ways."""
    canvas = Canvas(638)
    projections: tuple[tuple[str, str, Callable[[float], float], str, float], ...] = (
        ("Plate carrée", "true along meridians", lambda latitude: latitude, BLUE, 28),
        ("Mercator", "true to angles", lambda latitude: asinh(tan(latitude)), TEAL, 216),
        ("Lambert", "true to areas", sin, AMBER, 492),
    )
    unit = 384 / (2 * pi)
    for name, promise, height, colour, top in projections:
        rise = height(radians(75)) * unit
        centre = (424, top + rise)
        canvas.text((26, centre[1] - 4), name, size=20, fill=TEXT, anchor="start", serif=True, weight=600)
        canvas.text((26, centre[1] + 22), promise, size=17, anchor="start")
        for longitude in range(-180, 181, 30):
            x = centre[0] + radians(longitude) * unit
            canvas.line((x, centre[1] - rise), (x, centre[1] + rise), stroke=LINE, width=1)
        for latitude in (-75, -60, -30, 0, 30, 60, 75):
            y = centre[1] - height(radians(latitude)) * unit
            canvas.line((centre[0] - pi * unit, y), (centre[0] + pi * unit, y), stroke=LINE, width=1)
        for latitude in (-60, -30, 0, 30, 60):
            for longitude in range(-150, 151, 60):
                ring = ((centre[0] + radians(at) * unit, centre[1] - height(radians(up)) * unit) for up, at in circle((latitude, longitude), 8))
                canvas.curve(ring, stroke=colour, width=1.6, fill=colour + "55")
    return canvas.svg()


def stretch() -> str:
    """How many times too large Mercator draws an area, by latitude."""
    canvas = Canvas(330)
    width = Scale(0, 15, 110, 560)
    for row, latitude in enumerate((75, 60, 45, 30, 0)):
        times = 1 / cos(radians(latitude)) ** 2
        top = 30 + row * 56
        canvas.text((86, top + 28), f"{latitude}°", size=19, fill=TEXT, anchor="end")
        canvas.box((110, top + 4), (width(times) - 110, 36), fill=AMBER if latitude == 75 else TEAL, radius=3)
        label = f"× {times:.1f}" if 1.01 < times < 1.9 else f"× {times:.0f}"
        canvas.text((width(times) + 12, top + 29), label, size=19, fill=TEXT, anchor="start", weight=600)
    canvas.line((110, 24), (110, 308), stroke=MUTED, width=1)
    return canvas.svg()


def around(name: str, centre: Place, *, rings: bool) -> str:
    """The azimuthal equidistant map around a place: grid, and rings for every 5,000 km. What the demo's students hand in."""
    canvas = Canvas(640)
    middle, reach = (320, 320), 290
    canvas.dot(middle, reach, fill="#162150", stroke="#5b6fb0", width=1.6)

    def at(place: Place) -> Point:
        here, there, turn = radians(centre[0]), radians(place[0]), radians(place[1] - centre[1])
        up = sin(here) * sin(there) + cos(here) * cos(there) * cos(turn)
        bearing = atan2(sin(turn) * cos(there), cos(here) * sin(there) - sin(here) * cos(there) * cos(turn))
        away = acos(max(-1.0, min(1.0, up))) / pi * reach
        return middle[0] + away * sin(bearing), middle[1] - away * cos(bearing)

    parallels = [[(float(latitude), float(longitude)) for longitude in range(-180, 181, 2)] for latitude in range(-60, 61, 30)]
    meridians = [[(float(latitude), float(longitude)) for latitude in range(-90, 91, 2)] for longitude in range(-180, 180, 30)]
    for line in (*parallels, *meridians):
        points = [at(place) for place in line]
        # Around the far point, which is the whole rim, a line leaps from one side to the other.
        parts = [[points[0]]]
        for before, point in pairwise(points):
            if hypot(point[0] - before[0], point[1] - before[1]) > 60:
                parts.append([])
            parts[-1].append(point)
        for part in parts:
            canvas.curve(part, stroke="#46578f", width=1)
    for thousands in (5, 10, 15) if rings else ():
        radius = thousands * 1000 / (6371 * pi) * reach
        canvas.dot(middle, radius, fill="none", stroke=AMBER, width=1.6)
        canvas.text((middle[0], middle[1] - radius - 6), f"{thousands},000 km", size=16, fill=AMBER)
    canvas.dot(middle, 6, fill=TEXT)
    canvas.text((middle[0], middle[1] + 26), name, size=18, fill=TEXT, weight=600)
    return canvas.svg()


class Globe:
    """A globe as seen from far away (the orthographic projection), centred on a place."""

    def __init__(self, canvas: Canvas, centre: Point, radius: float, towards: Place) -> None:
        self.canvas, self.centre, self.radius = canvas, centre, radius
        self._latitude, self._longitude = radians(towards[0]), radians(towards[1])

    def place(self, place: Place) -> Point:
        """Where a place lies on the canvas, whether or not it is on the side that faces us."""
        latitude, longitude = radians(place[0]), radians(place[1]) - self._longitude
        x = cos(latitude) * sin(longitude)
        y = cos(self._latitude) * sin(latitude) - sin(self._latitude) * cos(latitude) * cos(longitude)
        return self.centre[0] + self.radius * x, self.centre[1] - self.radius * y

    def faces_us(self, place: Place) -> bool:
        """Whether a place is on the near side."""
        latitude, longitude = radians(place[0]), radians(place[1]) - self._longitude
        return sin(self._latitude) * sin(latitude) + cos(self._latitude) * cos(latitude) * cos(longitude) >= 0

    def grid(self, step: int, *, stroke: str = "#46578f", fill: str = "#162150") -> None:
        """The disc, and the near side of its meridians and parallels."""
        self.canvas.dot(self.centre, self.radius, fill=fill, stroke="#5b6fb0", width=1.6)
        for latitude in range(-90 + step, 90, step):
            self.near([(latitude, longitude) for longitude in range(-180, 181, 3)], stroke=stroke, width=1.8 if latitude == 0 else 1)
        for longitude in range(-180, 180, step):
            self.near([(latitude, longitude) for latitude in range(-90, 91, 3)], stroke=stroke, width=1)

    def near(self, places: Iterable[Place], *, stroke: str, width: float) -> None:
        """Draws those parts of a line that face us."""
        part: list[Point] = []
        for place in places:
            if self.faces_us(place):
                part.append(self.place(place))
                continue
            if len(part) > 1:
                self.canvas.curve(part, stroke=stroke, width=width)
            part = []
        if len(part) > 1:
            self.canvas.curve(part, stroke=stroke, width=width)


def along(start: Place, end: Place, steps: int = 60) -> list[Place]:
    """Places along the great circle from `start` to `end`."""
    a, b = _vector(start), _vector(end)
    angle = acos(max(-1.0, min(1.0, sum(p * q for p, q in zip(a, b, strict=True)))))
    mixed = []
    for step in range(steps + 1):
        part = step / steps
        near, far = sin((1 - part) * angle) / sin(angle), sin(part * angle) / sin(angle)
        mixed.append(_place([near * p + far * q for p, q in zip(a, b, strict=True)]))
    return mixed


def circle(centre: Place, radius: float, steps: int = 48) -> list[Place]:
    """Places at `radius` degrees from a centre."""
    latitude, reach = radians(centre[0]), radians(radius)
    places = []
    for step in range(steps + 1):
        bearing = 2 * pi * step / steps
        up = asin(sin(latitude) * cos(reach) + cos(latitude) * sin(reach) * cos(bearing))
        aside = asin(max(-1.0, min(1.0, sin(reach) * sin(bearing) / cos(up))))
        places.append((degrees(up), centre[1] + degrees(aside)))
    return places


def _vector(place: Place) -> list[float]:
    latitude, longitude = radians(place[0]), radians(place[1])
    return [cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)]


def _place(vector: list[float]) -> Place:
    x, y, z = vector
    return degrees(atan2(z, sqrt(x * x + y * y))), degrees(atan2(y, x))
