"""The keys of QTI items: what is right, what each value earns, and how near to it is near enough."""

from decimal import Decimal
from typing import Any

from lxml import etree

from lms_app.errors import Invalid
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.qti_scoring import Response, score_item
from lms_app.interchange.qti_tree import number, words_in

STEP = Decimal("0.000000000001")


def best_score(item: etree._Element, responses: dict[str, Response]) -> Decimal | None:
    """What the key earns, None where there is none."""
    if not any(response.correct or response.mapping or response.areas for response in responses.values()):
        return None
    try:
        return score_item(item, {response.id: _best_values(response) for response in responses.values()})
    except (Invalid, Unfit):
        return None


def _best_values(response: Response) -> list[str]:
    if response.correct:
        return list(response.correct)
    return key_of(response)[: 1 if response.cardinality == "single" else None] if response.mapping else []


def key_of(response: Response) -> list[str]:
    """The right values: as the item says, else those of which the mapping says that they earn something, the best first."""
    if response.correct:
        return list(dict.fromkeys(response.correct))
    found = [key for key, value in sorted(response.mapping.items(), key=lambda entry: -entry[1]) if value > 0]
    if not found:
        raise Unfit("It has no right answer.")
    return found


def number_answers(response: Response, tolerance: dict[str, str]) -> list[dict[str, Any]]:
    """The numbers that are taken within this tolerance, each with the part of the best that it earns. Raises Unfit where there is none."""
    values = response.mapping or dict.fromkeys(response.correct, Decimal(1))
    best = max(values.values(), default=Decimal(0))
    if best <= 0:
        raise Unfit("It has no right answer.")
    answers = []
    for key in values:
        value = number(key)
        if value is None:
            raise Unfit(f"Its answer “{key[:60]}” is no number.")
        answers.append({"value": digits(value), "tolerance": tolerance, "weight": part_of(max(values[key], Decimal(0)), best)})
    return answers


def text_answers(response: Response, is_mapped: bool) -> dict[str, Any]:
    """The words that are taken, each with the part of the best that it earns, and whether capitals matter. Raises Unfit where there are none."""
    values = response.mapping if is_mapped else dict.fromkeys(response.correct, Decimal(1))
    best = max(values.values(), default=Decimal(0))
    if best <= 0:
        raise Unfit("It has no right answer.")
    answers = [{"text": key, "weight": part_of(max(values[key], Decimal(0)), best)} for key in values if key.strip()]
    return {"answers": answers, "case_sensitive": not (values and set(values) <= response.any_case)}


def nearness(test: etree._Element, name: str) -> dict[str, Any] | None:
    """What a comparison of a response with a number of the rules' own takes, None of another comparison."""
    if name not in {found.get("identifier") for found in test.iter("variable")}:
        return None
    values = [value for found in test.iter("baseValue") if (value := number(words_in(found))) is not None]
    if test.tag == "equal" and len(values) == 1:
        margins = [value for part in (test.get("tolerance") or "").split() if (value := number(part)) is not None]
        match test.get("toleranceMode"):
            case "relative" if margins:
                tolerance = {"kind": "relative", "fraction": digits(max(margins) / 100)}
            case "absolute" if margins:
                tolerance = {"kind": "absolute", "margin": digits(max(margins))}
            case _:
                tolerance = {"kind": "absolute", "margin": "0"}
        return {"value": digits(values[0]), "tolerance": tolerance}
    if test.tag == "and" and [part.tag for part in test] == ["gte", "lte"] and len(values) == 2 and values[0] <= values[1]:
        return {"value": digits((values[0] + values[1]) / 2), "tolerance": {"kind": "range", "low": digits(values[0]), "high": digits(values[1])}}
    return None


def region(shape: str, coords: tuple[Decimal, ...]) -> dict[str, Any]:
    """A place on a picture. Raises Unfit for a shape that we do not have."""
    match shape, coords:
        case "circle", (x, y, radius):
            return {"kind": "circle", "x": str(x), "y": str(y), "radius": str(radius)}
        case "rect", (left, top, right, bottom):
            return {"kind": "rectangle", "x": str(left), "y": str(top), "width": str(right - left), "height": str(bottom - top)}
        case "poly", _ if len(coords) >= 6 and len(coords) % 2 == 0:
            points = list(zip(coords[::2], coords[1::2], strict=True))
            return {"kind": "polygon", "points": [[str(x), str(y)] for x, y in (points[:-1] if points[0] == points[-1] else points)]}
    raise Unfit(f"One of its places has a shape that we do not have ({shape[:20] or 'none'}).")


def part_of(value: Decimal, whole: Decimal) -> str:
    """The value as a part of the whole, −1 to 1."""
    return digits(min(max(value / whole, Decimal(-1)), Decimal(1)).quantize(STEP))


def digits(value: Decimal) -> str:
    """The number without an exponent and without zeros at its end."""
    return format(value.normalize(), "f")
