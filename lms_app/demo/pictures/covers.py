"""The covers of the demo courses: contour lines on ink, 16 to 9, to be cut and rounded by where they are shown."""

from random import Random

from lms_app.demo.pictures.canvas import AMBER, BLUE, TEAL, TEXT, Canvas, Point, blob
from lms_app.demo.pictures.globes import Globe, along

HEIGHT = 360


def statistics() -> str:
    """Two hills of contour lines and a scatter of points along a rising line."""
    canvas = Canvas(HEIGHT, corner=0)
    _hill(canvas, (458, 116), 290, BLUE, turn=-0.5, phase=0.6)
    _hill(canvas, (150, 282), 190, TEAL, turn=-0.35, phase=2.1)
    scatter = Random(19)
    for step in range(58):
        along_line = step / 57
        x = 66 + along_line * 508 + scatter.gauss(0, 10)
        y = 300 - along_line * 226 + scatter.gauss(0, 30)
        lit = abs(y - (300 - (x - 66) / 508 * 226)) < 14
        canvas.dot((x, y), 5.2 if lit else 3.8, fill=AMBER if lit else TEXT, opacity=1 if lit else 0.62)
    canvas.line((40, 311.6), (606, 59.8), stroke=AMBER, width=2)
    return canvas.svg()


def globe() -> str:
    """A globe in fine lines, with a great circle across it."""
    canvas = Canvas(HEIGHT, corner=0)
    for ring in range(5):
        canvas.dot((320, 412), 300 + ring * 44, fill="none", stroke=BLUE, width=1, opacity=0.34 - ring * 0.055)
    earth = Globe(canvas, (320, 412), 300, (38, -20))
    earth.grid(15, stroke="#4a5c9c", fill="#15204c")
    way = along((34, -92), (44, 58))
    earth.near(way, stroke=AMBER, width=3.4)
    for end in (way[0], way[-1]):
        canvas.dot(earth.place(end), 8, fill=AMBER)
    return canvas.svg()


def stepping_stones() -> str:
    """Three stones in a pond, the last one lit."""
    canvas = Canvas(HEIGHT, corner=0)
    stones: list[tuple[Point, float, str]] = [((138, 262), 46, "#3a4c86"), ((312, 196), 50, "#5169b3"), ((494, 124), 56, AMBER)]
    for centre, size, colour in stones:
        for ring in range(6, 0, -1):
            outline = blob(centre, size + ring * 24, squash=0.5, wobble=0.04, phase=ring * 0.4)
            canvas.curve(outline, stroke=TEAL if colour != AMBER else AMBER, width=1.3, opacity=max(0.06, 0.5 - ring * 0.075))
    for centre, size, colour in stones:
        canvas.curve(blob((centre[0], centre[1] + 9), size, squash=0.52, wobble=0.05, phase=1), stroke="none", width=0, fill="#0a1024", opacity=0.7)
        canvas.curve(blob(centre, size, squash=0.52, wobble=0.05, phase=1), stroke="none", width=0, fill=colour)
    return canvas.svg()


def _hill(canvas: Canvas, centre: Point, reach: float, colour: str, *, turn: float, phase: float) -> None:
    rings = 9
    for ring in range(rings, 0, -1):
        part = ring / rings
        middle = (centre[0] - 26 * part, centre[1] + 14 * part)
        outline = blob(middle, reach * part, squash=0.62, turn=turn, wobble=0.05 + 0.08 * part, phase=phase + part)
        canvas.curve(outline, stroke=colour, width=1.3, opacity=0.62 - 0.42 * part)
