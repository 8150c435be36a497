"""Contour lines: the cover of a course, drawn from its slug alone. Pure: the same slug gives the same bytes on every machine."""

import hashlib
import itertools
import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator

WIDTH, HEIGHT = 640, 360
GRID = 20
"""Distance of the samples of the height field, in units of the drawing."""

GROUNDS = (
    ("#0f1a42", "#3d60d6", "#11695c"),
    ("#151a40", "#5a55c9", "#1d5a8c"),
    ("#0c2334", "#1f7a8c", "#3558c4"),
    ("#1c1738", "#7548a6", "#2b50c4"),
    ("#0f2722", "#1c7a5c", "#2a55b0"),
    ("#281428", "#9c3f6e", "#4a4fb8"),
    ("#261d12", "#a06f25", "#34509c"),
)
"""Night, light and second light. White words stay readable on every night."""

Point = tuple[float, float]
Height = Callable[[float, float], float]
Edge = tuple[int, int, int, int]


def cover_svg(slug: str) -> str:
    """The cover of one course as an SVG document of 640 by 360."""
    digest = hashlib.sha256(slug.encode()).digest()
    chance = random.Random(digest)  # noqa: S311 - a picture
    night, light, second = GROUNDS[digest[0] % len(GROUNDS)]
    x, y = chance.randint(58, 92), chance.randint(-5, 25)
    strokes = "".join(
        f'<path d="{path}" stroke-opacity="{0.16 + 0.36 * at:.2f}" stroke-width="{1.3 if index % 4 == 0 else 0.7}"/>'
        for index, (at, path) in enumerate(contour_paths(hills(chance, WIDTH, HEIGHT), WIDTH, HEIGHT, levels=12))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice">'
        f'<radialGradient id="a" cx="{x}%" cy="{y}%" r="78%"><stop stop-color="{light}"/>'
        f'<stop offset="1" stop-color="{light}" stop-opacity="0"/></radialGradient>'
        f'<radialGradient id="b" cx="{100 - x}%" cy="{112 - y}%" r="66%"><stop stop-color="{second}" stop-opacity=".85"/>'
        f'<stop offset="1" stop-color="{second}" stop-opacity="0"/></radialGradient>'
        f'<path fill="{night}" d="M0 0h{WIDTH}v{HEIGHT}H0z"/><path fill="url(#b)" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>'
        f'<path fill="url(#a)" d="M0 0h{WIDTH}v{HEIGHT}H0z"/><g fill="none" stroke="#fff">{strokes}</g></svg>'
    )


def lines_svg(seed: str, width: int, height: int, *, levels: int, peaks: int = 6) -> str:
    """Contour lines alone, in black on nothing: a mask for the grounds of the house."""
    chance = random.Random(hashlib.sha256(seed.encode()).digest())  # noqa: S311 - a picture
    paths = contour_paths(hills(chance, width, height, peaks), width, height, levels)
    strokes = "".join(f'<path d="{path}" stroke-width="{1.6 if index % 5 == 0 else 0.9}"/>' for index, (_, path) in enumerate(paths))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMid slice">'
        f'<g fill="none" stroke="#000">{strokes}</g></svg>\n'
    )


def hills(chance: random.Random, width: int, height: int, peaks: int = 4) -> Height:
    """A height field: a few hills, each turned and stretched, on a slope."""
    shapes = []
    for _ in range(peaks):
        angle = chance.uniform(0, math.pi)
        reach = min(width, height)
        shapes.append(
            (
                chance.uniform(-0.05, 1.05) * width,
                chance.uniform(-0.1, 1.1) * height,
                chance.uniform(0.28, 0.7) * reach,
                chance.uniform(0.2, 0.42) * reach,
                math.cos(angle),
                math.sin(angle),
                chance.uniform(0.55, 1.0),
            )
        )
    lean_x, lean_y = chance.uniform(-0.25, 0.25) / width, chance.uniform(-0.25, 0.25) / height

    def field(x: float, y: float) -> float:
        total = lean_x * x + lean_y * y
        for cx, cy, long, short, cos, sin, top in shapes:
            along, across = (x - cx) * cos + (y - cy) * sin, (y - cy) * cos - (x - cx) * sin
            total += top * math.exp(-((along / long) ** 2) - (across / short) ** 2)
        return total

    return field


def contour_paths(field: Height, width: int, height: int, levels: int) -> Iterator[tuple[float, str]]:
    """For each level, lowest first, how high it is (0 to 1) and its lines as one SVG path."""
    columns, rows = range(-1, width // GRID + 2), range(-1, height // GRID + 2)
    heights = {(i, j): field(i * GRID, j * GRID) for i in columns for j in rows}
    low, high = min(heights.values()), max(heights.values())
    for index in range(levels):
        at = (index + 0.5) / levels
        lines = _lines(heights, low + (high - low) * at)
        path = "".join(_smooth(line, closed) for line, closed in lines if len(line) > 6)
        if path:
            yield at, path


def _lines(heights: dict[tuple[int, int], float], level: float) -> Iterator[tuple[list[Point], bool]]:
    """Marching squares, then the pieces joined end to end: each line's points and whether it comes back to its start."""
    neighbours: dict[Edge, list[Edge]] = defaultdict(list)
    for i, j in heights:
        corners = ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1))
        if corners[2] not in heights:
            continue
        above = [heights[corner] > level for corner in corners]
        crossed = [_edge(corners[k], corners[(k + 1) % 4]) for k in range(4) if above[k] != above[(k + 1) % 4]]
        if len(crossed) == 4 and above[0]:
            crossed = [crossed[1], crossed[2], crossed[3], crossed[0]]
        for start, end in zip(crossed[::2], crossed[1::2], strict=True):
            neighbours[start].append(end)
            neighbours[end].append(start)
    left = set(neighbours)
    ends = [edge for edge in neighbours if len(neighbours[edge]) == 1]
    for first in [*ends, *neighbours]:
        if first not in left:
            continue
        line = [first]
        left.discard(first)
        while step := next((edge for edge in neighbours[line[-1]] if edge in left), None):
            line.append(step)
            left.discard(step)
        yield [_crossing(heights, edge, level) for edge in line], len(line) > 2 and first in neighbours[line[-1]]


def _edge(one: tuple[int, int], other: tuple[int, int]) -> Edge:
    return (*min(one, other), *max(one, other))


def _crossing(heights: dict[tuple[int, int], float], edge: Edge, level: float) -> Point:
    one, other = heights[edge[:2]], heights[edge[2:]]
    part = (level - one) / (other - one)
    return (edge[0] + (edge[2] - edge[0]) * part) * GRID, (edge[1] + (edge[3] - edge[1]) * part) * GRID


def _smooth(line: list[Point], closed: bool) -> str:
    """Quadratic curves through the middles of the pieces: no corner is left to see."""
    points = _spread(line, closed)
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in itertools.pairwise(points)]
    if closed:
        seam = ((points[-1][0] + points[0][0]) / 2, (points[-1][1] + points[0][1]) / 2)
        curves = "".join(f"Q{_at(point)} {_at(end)}" for point, end in zip(points, [*middles, seam], strict=True))
        return f"M{_at(seam)}{curves}Z"
    curves = "".join(f"Q{_at(point)} {_at(end)}" for point, end in zip(points[1:-1], middles[1:], strict=True))
    return f"M{_at(points[0])}L{_at(middles[0])}{curves}L{_at(points[-1])}"


def _spread(line: list[Point], closed: bool) -> list[Point]:
    """The points that stand well apart: where a line passes close to a sample, two crossings fall together and would make a corner."""
    kept = [line[0]]
    for point in line[1:]:
        if math.dist(point, kept[-1]) > 0.8 * GRID:
            kept.append(point)
    if closed and len(kept) > 3 and math.dist(kept[-1], kept[0]) < 0.8 * GRID:
        kept.pop()
    if not closed:
        kept = [*kept[:-1], line[-1]] if len(kept) > 2 else [line[0], line[-1]]
    return kept


def _at(point: Point) -> str:
    return f"{point[0]:.0f} {point[1]:.0f}"
