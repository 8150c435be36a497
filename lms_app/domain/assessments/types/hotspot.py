"""Hotspot: places to mark on a picture.

Regions are in pixels of the picture as it is, edges included. A region's weight is what a mark in it earns, as a choice's weight is; one mark counts
in one region, and each region for one mark, so that setting two marks in one place earns once. Where regions overlap, marks are given to regions so
that most is earned. The sum is divided by that of the `marks` regions that earn most, and kept within −1 and 1. A mark in no region earns nothing,
one in a region of weight below zero costs. Comparing is exact.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape
from itertools import combinations
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from lms_app.domain.assessments.types.kind import (
    ChoiceId,
    Grade,
    QuestionBody,
    QuestionKind,
    Stored,
    Tally,
    Weight,
    blank,
    common_sheet,
    first_line,
    graded,
    part_grade,
)
from lms_app.domain.content.document import FileName, RichText
from lms_app.domain.content.document import Line as Words
from lms_app.domain.content.rendering import Resolver
from lms_app.words import QuestionType

MOST_MARKS = 20

Pixel = Annotated[Decimal, Field(ge=0, le=20_000, decimal_places=2, allow_inf_nan=False)]
Length = Annotated[Decimal, Field(gt=0, le=20_000, decimal_places=2, allow_inf_nan=False)]
Place = tuple[Fraction, Fraction]
Line = tuple[Place, Place]


class Picture(Stored):
    """A picture of the course: its file, what it shows in words, and its size in pixels."""

    file: FileName
    alt: Words
    width: Annotated[int, Field(ge=1, le=20_000)]
    height: Annotated[int, Field(ge=1, le=20_000)]


class Circle(Stored):
    """A disc."""

    kind: Literal["circle"] = "circle"
    x: Pixel
    y: Pixel
    radius: Length

    def holds(self, x: Fraction, y: Fraction) -> bool:
        """Whether a place lies in it."""
        return (x - Fraction(self.x)) ** 2 + (y - Fraction(self.y)) ** 2 <= Fraction(self.radius) ** 2

    def inside(self) -> list[Line]:
        """Lines that may lie in it."""
        x, y, radius = Fraction(self.x), Fraction(self.y), Fraction(self.radius)
        return [((x, y), (x + radius, y)), ((x, y), (x - radius, y))]

    def svg(self) -> str:
        """Its outline."""
        return f'<circle cx="{self.x}" cy="{self.y}" r="{self.radius}"/>'


class Rectangle(Stored):
    """A rectangle by its upper left corner and its size."""

    kind: Literal["rectangle"] = "rectangle"
    x: Pixel
    y: Pixel
    width: Length
    height: Length

    def holds(self, x: Fraction, y: Fraction) -> bool:
        """Whether a place lies in it."""
        across, down = x - Fraction(self.x), y - Fraction(self.y)
        return 0 <= across <= Fraction(self.width) and 0 <= down <= Fraction(self.height)

    def inside(self) -> list[Line]:
        """Lines that may lie in it."""
        left, top = Fraction(self.x), Fraction(self.y)
        middle = (left + Fraction(self.width) / 2, top + Fraction(self.height) / 2)
        return [(middle, (left, top))]

    def svg(self) -> str:
        """Its outline."""
        return f'<rect x="{self.x}" y="{self.y}" width="{self.width}" height="{self.height}"/>'


class Polygon(Stored):
    """A polygon by its corners in turn. Where its sides cross, what lies inside an odd number of times is in it."""

    kind: Literal["polygon"] = "polygon"
    points: Annotated[tuple[tuple[Pixel, Pixel], ...], Field(min_length=3, max_length=60)]

    def holds(self, x: Fraction, y: Fraction) -> bool:
        """Whether a place lies in it, by counting the sides that a ray to the right crosses."""
        crossings = False
        for (ax, ay), (bx, by) in self._sides():
            turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
            if turn == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
                return True
            if (ay > y) != (by > y) and (turn > 0) == (by > ay):
                crossings = not crossings
        return crossings

    def inside(self) -> list[Line]:
        """Lines that may lie in it: from the middles of triangles of its corners, those of neighbours first (a plain polygon has an ear)."""
        corners = [start for start, _ in self._sides()]
        ears = [(corners[number - 2], corners[number - 1], corners[number]) for number in range(len(corners))]
        triples = [*ears, *(combinations(corners, 3) if len(corners) <= 12 else ())]
        middles = [(sum((x for x, _ in triple), Fraction(0)) / 3, sum((y for _, y in triple), Fraction(0)) / 3) for triple in triples]
        return [(middle, triple[1]) for middle, triple in zip(middles, triples, strict=True)]

    def svg(self) -> str:
        """Its outline."""
        return f'<polygon points="{" ".join(f"{x},{y}" for x, y in self.points)}"/>'

    def _sides(self) -> list[tuple[Place, Place]]:
        corners = [(Fraction(x), Fraction(y)) for x, y in self.points]
        return list(zip(corners, [*corners[1:], corners[0]], strict=True))


class Region(Stored):
    """A place on the picture, what marking it earns, and what is said about that."""

    id: ChoiceId
    shape: Annotated[Circle | Rectangle | Polygon, Field(discriminator="kind")]
    weight: Weight = Decimal(1)
    feedback: RichText | None = None


class Hotspot(QuestionBody):
    """`marks` is how many places a student may mark."""

    image: Picture
    regions: Annotated[tuple[Region, ...], Field(min_length=1, max_length=50)]
    marks: Annotated[int, Field(ge=1, le=MOST_MARKS)] = 1

    @model_validator(mode="after")
    def _can_be_marked(self) -> Self:
        if len({region.id for region in self.regions}) != len(self.regions):
            raise ValueError("Two regions have the same id.")
        if not any(region.weight > 0 for region in self.regions):
            raise ValueError("At least one region must be right: its weight is above 0.")
        for number, region in enumerate(self.regions, start=1):
            if _mark_in(self, region) is None:
                raise ValueError(f"Region {number} has no place on the picture that could be marked.")
        return self


class Mark(Stored):
    """A place marked, as parts of the picture's width and height."""

    x: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    y: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class HotspotResponse(Stored):
    """The places marked, in any order. The same place marked twice counts once."""

    points: Annotated[tuple[Mark, ...], Field(max_length=100)]


def sheet(body: Hotspot, seed: int) -> dict[str, Any]:
    """What a student may see."""
    image = {"src": _address(body), "alt": body.image.alt, "width": body.image.width, "height": body.image.height}
    return {"type": QuestionType.HOTSPOT.value, **common_sheet(body), "image": image, "marks": body.marks}


def grade(body: Hotspot, response: HotspotResponse | None) -> Grade:
    """What the marks earn; nothing where there are too many. `parts` are the marks in the order given."""
    marks = list(dict.fromkeys(response.points)) if response else []
    if not marks:
        return blank(body)
    given = _given(body, marks)
    hits = [given.get(marks.index(mark)) for mark in (response.points if response else ())]
    parts = [
        part_grade(f"mark:{number}", Decimal(bool(region and region.weight > 0)), feedback=region.feedback if region else None)
        for number, region in enumerate(hits)
    ]
    if len(marks) > body.marks:
        return graded(body, Decimal(0), parts=parts, remark=f"More than {body.marks} places were marked, so this earns nothing.")
    earned = sum((Fraction(region.weight) for region in given.values()), Fraction(0)) / _whole(body)
    return graded(body, Decimal(earned.numerator) / Decimal(earned.denominator), parts=parts)


def solve(body: Hotspot) -> HotspotResponse | None:
    """A mark in each of the regions that earn most, no two in one place."""
    marks: list[Mark] = []
    for region in _best(body):
        mark = _mark_in(body, region, but=marks)
        marks += [mark] if mark else []
    response = HotspotResponse(points=tuple(marks))
    return response if grade(body, response).fraction == 1 else None


def solution(body: Hotspot) -> str:
    """The picture with the right regions drawn over it."""
    return drawing(body, [region for region in body.regions if region.weight > 0])


def tally(body: Hotspot, response: HotspotResponse) -> Tally:
    """The region of each mark, or `elsewhere`."""
    marks = list(dict.fromkeys(response.points))
    given = _given(body, marks)
    return tuple(sorted(("mark", given[number].id if number in given else "elsewhere") for number in range(len(marks))))


def drawing(body: Hotspot, regions: Sequence[Region]) -> str:
    """The picture with these regions over it, as HTML."""
    width, height = body.image.width, body.image.height
    shapes = "".join(f'<g data-right="{str(region.weight > 0).lower()}">{region.shape.svg()}</g>' for region in regions)
    return (
        f'<figure class="ly-regions"><svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(body.image.alt)}">'
        f'<image href="{escape(_address(body))}" width="{width}" height="{height}"/>{shapes}</svg></figure>'
    )


def _address(body: Hotspot) -> str:
    return Resolver().file(body.image.file) or ""


def _best(body: Hotspot) -> list[Region]:
    right = sorted((region for region in body.regions if region.weight > 0), key=lambda region: -region.weight)
    return right[: body.marks]


def _whole(body: Hotspot) -> Fraction:
    return sum((Fraction(region.weight) for region in _best(body)), Fraction(0))


def _holds(body: Hotspot, region: Region, mark: Mark) -> bool:
    return region.shape.holds(Fraction(mark.x) * body.image.width, Fraction(mark.y) * body.image.height)


def _given(body: Hotspot, marks: Sequence[Mark]) -> dict[int, Region]:
    """The region that each mark, by its place in the list, counts in: regions that earn most first, each kept if the others can be too.

    That is the greatest weight that can be had (Edmonds 1971: sets that can be matched are a matroid). A mark left over costs where every region
    around it does.
    """
    taken: dict[int, Region] = {}
    inside = {region.id: [number for number, mark in enumerate(marks) if _holds(body, region, mark)] for region in body.regions}

    def place(region: Region, tried: set[int]) -> bool:
        for number in inside[region.id]:
            if number in tried:
                continue
            tried.add(number)
            if number not in taken or place(taken[number], tried):
                taken[number] = region
                return True
        return False

    for region in sorted((region for region in body.regions if region.weight > 0), key=lambda region: -region.weight):
        place(region, set())
    for number in range(len(marks)):
        around = [region for region in body.regions if number in inside[region.id]]
        if number not in taken and around and all(region.weight <= 0 for region in around):
            taken[number] = min(around, key=lambda region: (region.weight, region.id))
    return taken


def _mark_in(body: Hotspot, region: Region, *, but: Sequence[Mark] = ()) -> Mark | None:
    """A place on the picture that lies in the region, other than these."""
    for (x, y), (end_x, end_y) in region.shape.inside():
        for step in range(len(but) + 1):
            part = Fraction(step, 2 * MOST_MARKS)
            across, down = (x + (end_x - x) * part) / body.image.width, (y + (end_y - y) * part) / body.image.height
            if 0 <= across <= 1 and 0 <= down <= 1:
                mark = Mark(x=float(across), y=float(down))
                if mark not in but and _holds(body, region, mark):
                    return mark
    return None


KIND = QuestionKind(
    body=Hotspot, response=HotspotResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line, solution=solution, tally=tally
)
