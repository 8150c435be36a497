"""Places on a picture in an OLX problem: rectangles and regions, of which one is to be clicked. Coordinates are pixels of the picture as it is."""

import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from lms_app.domain.assessments.types.kind import new_choice_id
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.olx_answers import Answers
from lms_app.words import QuestionType

Place = tuple[Decimal, Decimal]
_RECTANGLE = re.compile(r"^[(\[]\s*(\d{1,5})\s*,\s*(\d{1,5})\s*[)\]]\s*-\s*[(\[]\s*(\d{1,5})\s*,\s*(\d{1,5})\s*[)\]]$")
_MOST_PLACES, _MOST_CORNERS = 50, 60


def read_places(
    response: etree._Element, title: str, file_name: Callable[[str], str], picture_size: Callable[[str], tuple[int, int] | None]
) -> Answers:
    """The places that are right on the picture of an `imageresponse`. Unfit where its picture is absent or its places cannot be read."""
    asked = response.find(".//imageinput")
    name = file_name(asked.get("src") or "") if asked is not None else ""
    if asked is None or not name:
        raise Unfit("Its picture did not come along.")
    shapes = [*_rectangles(asked.get("rectangle") or ""), *_regions(asked.get("regions") or "")][:_MOST_PLACES]
    if not shapes:
        raise Unfit("It does not say which place is right.")
    size = picture_size(name)
    if size is None or not _lie_on(size, shapes):
        size = (_pixels(asked.get("width")), _pixels(asked.get("height")))
    image = {"file": name, "alt": (asked.get("alt") or title)[:2000], "width": size[0], "height": size[1]}
    return Answers(
        type=QuestionType.HOTSPOT,
        fields={"image": image, "regions": [{"id": new_choice_id(), "shape": shape, "weight": "1"} for shape in shapes], "marks": 1},
    )


def hull(places: Sequence[Place]) -> list[Place]:
    """The corners of the smallest convex shape around places, in turn: Open edX takes its regions so."""
    ordered = sorted(set(places))
    if len(ordered) < 3:
        return ordered
    return [*_chain(ordered)[:-1], *_chain(ordered[::-1])[:-1]]


def _chain(ordered: Sequence[Place]) -> list[Place]:
    chain: list[Place] = []
    for x, y in ordered:
        while len(chain) > 1 and (chain[-1][0] - chain[-2][0]) * (y - chain[-2][1]) <= (chain[-1][1] - chain[-2][1]) * (x - chain[-2][0]):
            chain.pop()
        chain.append((x, y))
    return chain


def _pixels(written: str | None) -> int:
    found = re.match(r"\d{1,5}", written or "")
    if not found or not 1 <= int(found[0]) <= 20_000:
        raise Unfit("It does not say how large its picture is.")
    return int(found[0])


def _rectangles(written: str) -> list[dict[str, Any]]:
    shapes: list[dict[str, Any]] = []
    for one in filter(None, (part.strip() for part in written.split(";"))):
        found = _RECTANGLE.match(one)
        if not found:
            raise Unfit(f"One of its places cannot be read: {one[:60]}.")
        left, top, right, bottom = map(int, found.groups())
        if left >= right or top >= bottom:
            raise Unfit(f"One of its places is empty: {one[:60]}.")
        shapes.append({"kind": "rectangle", "x": str(left), "y": str(top), "width": str(right - left), "height": str(bottom - top)})
    return shapes


def _regions(written: str) -> list[dict[str, Any]]:
    if not written.strip():
        return []
    try:
        given: Any = json.loads(written, parse_float=Decimal) if len(written) < 20_000 else []
        lists: list[Any] = given if isinstance(given[0][0], list) else [given]
        regions = [hull([(_number(x), _number(y)) for x, y in region]) for region in lists]
    except (ValueError, TypeError, KeyError, IndexError, InvalidOperation, RecursionError) as error:
        raise Unfit("Its places cannot be read.") from error
    if any(not 3 <= len(region) <= _MOST_CORNERS for region in regions):
        raise Unfit("One of its places is empty, or has too many corners.")
    return [{"kind": "polygon", "points": [[_digits(x), _digits(y)] for x, y in region]} for region in regions]


def _lie_on(size: tuple[int, int], shapes: Sequence[dict[str, Any]]) -> bool:
    """Whether the first corner of every shape lies on a picture of this size."""
    starts = [(shape["x"], shape["y"]) if "x" in shape else shape["points"][0] for shape in shapes]
    return all(Decimal(x) < size[0] and Decimal(y) < size[1] for x, y in starts)


def _number(given: Any) -> Decimal:
    number = Decimal(given).quantize(Decimal("0.01"))
    if not 0 <= number <= 20_000:
        raise ValueError("a place outside of every picture")
    return number


def _digits(number: Decimal) -> str:
    return format(number.normalize(), "f")
