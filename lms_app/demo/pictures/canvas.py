"""A small SVG canvas with the look of the demo pictures: an ink ground, fine lines, few colours, large labels."""

from collections.abc import Iterable, Sequence
from html import escape
from math import cos, pi, sin

WIDTH = 640

INK = "#0f1732"
DEEP = "#0a1024"
LINE = "#33406c"
FAINT = "#1e2950"
TEXT = "#e9edf9"
MUTED = "#adb7d3"
BLUE = "#8ea6ff"
TEAL = "#74e0d0"
AMBER = "#f6cc67"
ROSE = "#f29bb5"

SANS = "Inter, ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SERIF = "'Source Serif 4', Georgia, 'Times New Roman', serif"

Point = tuple[float, float]


class Canvas:
    """Collects shapes in order and writes them as one SVG file, `height` units high and 640 wide, with round corners unless said otherwise."""

    def __init__(self, height: int, *, corner: int = 14) -> None:
        self.height, self.corner = height, corner
        self._shapes: list[str] = []

    def line(self, start: Point, end: Point, *, stroke: str = LINE, width: float = 1.5, dash: str = "", arrow: bool = False) -> None:
        """A straight line, dashed or with an arrow head at its end where asked."""
        extra = (f' stroke-dasharray="{dash}"' if dash else "") + (' marker-end="url(#arrow)"' if arrow else "")
        x1, y1, x2, y2 = (number(value) for value in (*start, *end))
        self._shapes.append(
            f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" stroke-width="{number(width)}" stroke-linecap="round"{extra}/>'
        )

    def curve(
        self, points: Iterable[Point], *, stroke: str = BLUE, width: float = 2.5, fill: str = "none", opacity: float = 1, dash: str = ""
    ) -> None:
        """A line through many points; with a `fill` the shape that they enclose."""
        path = " ".join(f"{'M' if index == 0 else 'L'}{number(x)} {number(y)}" for index, (x, y) in enumerate(points))
        extra = (f' opacity="{number(opacity)}"' if opacity < 1 else "") + (f' stroke-dasharray="{dash}"' if dash else "")
        self._shapes.append(f'<path d="{path}" fill="{fill}" stroke="{stroke}" stroke-width="{number(width)}" stroke-linejoin="round"{extra}/>')

    def dot(self, centre: Point, radius: float, *, fill: str = BLUE, stroke: str = "none", width: float = 1.5, opacity: float = 1) -> None:
        """A disc or a ring."""
        extra = f' opacity="{number(opacity)}"' if opacity < 1 else ""
        edge = f' stroke="{stroke}" stroke-width="{number(width)}"' if stroke != "none" else ""
        x, y = (number(value) for value in centre)
        self._shapes.append(f'<circle cx="{x}" cy="{y}" r="{number(radius)}" fill="{fill}"{edge}{extra}/>')

    def box(
        self, corner: Point, size: Point, *, fill: str = BLUE, stroke: str = "none", width: float = 1.5, radius: float = 0, opacity: float = 1
    ) -> None:
        """A rectangle from its upper left corner."""
        (x, y), (w, h) = corner, size
        extra = (f' rx="{number(radius)}"' if radius else "") + (f' opacity="{number(opacity)}"' if opacity < 1 else "")
        edge = f' stroke="{stroke}" stroke-width="{number(width)}"' if stroke != "none" else ""
        self._shapes.append(f'<rect x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}" fill="{fill}"{edge}{extra}/>')

    def text(
        self, place: Point, words: str, *, size: float = 18, fill: str = MUTED, anchor: str = "middle", serif: bool = False, weight: int = 450
    ) -> None:
        """A label; `anchor` is start, middle or end."""
        family = f' font-family="{SERIF}"' if serif else ""
        x, y = (number(value) for value in place)
        self._shapes.append(
            f'<text x="{x}" y="{y}" fill="{fill}" font-size="{number(size)}" font-weight="{weight}" '
            f'text-anchor="{anchor}"{family}>{escape(words)}</text>'
        )

    def svg(self) -> str:
        """The finished file: no script, no style sheet, nothing from outside. By nature it is twice as wide as its units, to fill a column."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" width="{2 * WIDTH}" height="{2 * self.height}" '
            f'font-family="{SANS}">\n'
            "<defs>"
            f'<linearGradient id="ground" x1="1" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#16224d"/><stop offset=".55" stop-color="{INK}"/>'
            f'<stop offset="1" stop-color="{DEEP}"/></linearGradient>'
            f'<marker id="arrow" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
            f'<path d="M0 1 L9 5 L0 9 Z" fill="{TEXT}"/></marker>'
            f'<clipPath id="sheet"><rect width="{WIDTH}" height="{self.height}" rx="{self.corner}"/></clipPath>'
            "</defs>\n"
            '<g clip-path="url(#sheet)">\n'
            f'<rect width="{WIDTH}" height="{self.height}" fill="url(#ground)"/>\n' + "\n".join(self._shapes) + "\n</g>\n</svg>\n"
        )


class Scale:
    """Turns values into places on one axis of a canvas."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def axis(canvas: Canvas, scale: Scale, y: float, ticks: Sequence[tuple[float, str]], *, size: float = 17) -> None:
    """A horizontal axis with its labels below."""
    canvas.line((scale.start, y), (scale.end, y), stroke=LINE)
    for value, label in ticks:
        canvas.line((scale(value), y), (scale(value), y + 6), stroke=LINE)
        canvas.text((scale(value), y + 25), label, size=size)


def blob(centre: Point, radius: float, *, squash: float = 0.7, turn: float = 0, wobble: float = 0.12, phase: float = 0) -> list[Point]:
    """A closed, hand-drawn looking contour line."""
    points: list[Point] = []
    for step in range(97):
        angle = 2 * pi * step / 96
        reach = radius * (1 + wobble * sin(2 * angle + phase) + 0.6 * wobble * sin(3 * angle - phase))
        x, y = reach * cos(angle), squash * reach * sin(angle)
        points.append((centre[0] + x * cos(turn) - y * sin(turn), centre[1] + x * sin(turn) + y * cos(turn)))
    return points


def number(value: float) -> str:
    """A coordinate with at most one decimal, so that the same picture has the same bytes everywhere."""
    short = f"{value:.1f}".removesuffix(".0")
    return "0" if short == "-0" else short
