"""What a certificate's page wears besides text: the hairline frame, the contour lines and the QR code, all vectors."""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import segno
from reportlab.lib.colors import HexColor, white
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

HAIRLINE = HexColor("#C9CDD6")
INK = HexColor("#14171F")


class Accent(NamedTuple):
    """The colour of a page: of its heading (at least 4.5 to 1 on white), of its contour lines, and of every fifth of them."""

    text: str
    contour: str
    strong: str


ACCENTS = {
    "blue": Accent("#2b50c4", "#BFCDF8", "#7F98E6"),
    "green": Accent("#17693c", "#BBDFCB", "#72B793"),
    "plum": Accent("#7a2f86", "#E3C8E8", "#B98AC2"),
    "red": Accent("#a3261d", "#F2CBC5", "#D98F86"),
    "grey": Accent("#3b4252", "#D4D8E0", "#9AA2B1"),
}

PAGE_WIDTH, PAGE_HEIGHT = 297 * mm, 210 * mm
_INSET = 9 * mm
_RAYS = 48
_LINES = 20
_SUMMIT = (252.0, 163.0)
_DRIFT = (1.1, -1.0)
"""Where the middle of each further line lies from the one before, in millimetres."""

_STEP = 3.25


def draw_ground(canvas: Canvas, accent: Accent) -> None:
    """The contour lines of a hill at the right edge, inside a hairline frame. Marked as decoration."""
    canvas.addLiteral("/Artifact BMC")
    canvas.saveState()
    window = canvas.beginPath()
    window.rect(_INSET, _INSET, PAGE_WIDTH - 2 * _INSET, PAGE_HEIGHT - 2 * _INSET)
    canvas.clipPath(window, stroke=0, fill=0)
    for number, points in enumerate(contours()):
        every_fifth = number % 5 == 2
        canvas.setStrokeColor(HexColor(accent.strong if every_fifth else accent.contour))
        canvas.setLineWidth(0.6 if every_fifth else 0.45)
        canvas.drawPath(smooth(canvas, points), stroke=1, fill=0)
    canvas.restoreState()
    canvas.saveState()
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(0.5)
    canvas.rect(_INSET, _INSET, PAGE_WIDTH - 2 * _INSET, PAGE_HEIGHT - 2 * _INSET, stroke=1, fill=0)
    canvas.restoreState()
    canvas.addLiteral("EMC")


@lru_cache(maxsize=1)
def contours() -> tuple[tuple[tuple[float, float], ...], ...]:
    """The lines of a hill in points, from the summit outwards: rings that leave the circle further the lower they lie, and never meet."""
    return tuple(tuple(_place(number, 2 * math.pi * ray / _RAYS) for ray in range(_RAYS)) for number in range(1, _LINES + 1))


def _place(number: int, angle: float) -> tuple[float, float]:
    far = number / _LINES
    bulge = 0.17 * math.cos(2 * angle + 0.9 + far) + 0.12 * math.cos(3 * angle - 0.7 - far) + 0.05 * math.cos(5 * angle + 1.4)
    radius = _STEP * (number - 0.45) * (1 + bulge * (0.35 + 0.65 * far))
    x = _SUMMIT[0] + _DRIFT[0] * number + radius * math.cos(angle)
    y = _SUMMIT[1] + _DRIFT[1] * number + 0.86 * radius * math.sin(angle)
    return round(x * mm, 2), round(y * mm, 2)


def smooth(canvas: Canvas, points: tuple[tuple[float, float], ...]) -> Any:
    """A closed curve through the points (Catmull-Rom, written as Bézier curves)."""
    path = canvas.beginPath()
    path.moveTo(*points[0])
    count = len(points)
    for i in range(count):
        before, here, there, beyond = (points[(i + step) % count] for step in (-1, 0, 1, 2))
        path.curveTo(
            here[0] + (there[0] - before[0]) / 6,
            here[1] + (there[1] - before[1]) / 6,
            there[0] - (beyond[0] - here[0]) / 6,
            there[1] - (beyond[1] - here[1]) / 6,
            *there,
        )
    path.close()
    return path


def draw_qr(canvas: Canvas, address: str, side: float) -> None:
    """The address as a QR code in a white square of this side (points), quiet zone included; it is a link as well."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(scale=1, border=4)]
    unit = side / len(rows)
    canvas.addLiteral("/Artifact BMC")
    canvas.saveState()
    canvas.setFillColor(white)
    canvas.rect(0, 0, side, side, stroke=0, fill=1)
    canvas.setFillColor(INK)
    dark = canvas.beginPath()
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            end = x
            while end < len(row) and row[end]:
                end += 1
            if end > x:
                dark.rect(x * unit, side - (y + 1) * unit, (end - x) * unit, unit)
            x = max(end, x + 1)
    canvas.drawPath(dark, stroke=0, fill=1)
    canvas.restoreState()
    canvas.addLiteral("EMC")
    canvas.linkURL(address, (0, 0, side, side), relative=1)
