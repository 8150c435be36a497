"""The form of places on a picture.

A region's `numbers` are pixels of the picture, parted by commas or spaces: `x, y, radius` of a circle, `x, y, width, height` of a rectangle,
`x,y x,y x,y` of a polygon.
"""

from decimal import Decimal
from typing import Any

from lms_app.domain.assessments.question_forms.fields import Form, FormReader, Row, percent_of, plain, rich_of
from lms_app.domain.assessments.types.hotspot import MOST_MARKS, Circle, Hotspot, Polygon, Rectangle
from lms_app.domain.assessments.types.kind import is_choice_id, new_choice_id

EMPTY_REGION: Form = {"id": "", "shape": "circle", "numbers": "", "weight": "100", "feedback": ""}
EMPTY: Form = {"file": "", "alt": "", "width": "", "height": "", "marks": "1", "regions": [EMPTY_REGION]}

_NEEDED = {
    "circle": "Write x, y and the radius.",
    "rectangle": "Write x, y, the width and the height.",
    "polygon": "Write x,y of three corners or more.",
}


def read(reader: FormReader) -> dict[str, Any]:
    """A region is there once its numbers are; a weight left empty is 100 %."""
    taken: set[str] = set()
    size = {name: reader.whole(name, lowest=1, highest=20_000) for name in ("width", "height")}
    for name, value in size.items():
        if value is None:
            reader.note(name, f"Write the picture's {name} in pixels.")
    if not reader.text("file"):
        reader.note("file", "Choose a picture of the course.")
    if not reader.text("alt"):
        reader.note("alt", "Say what the picture shows.")
    regions: list[dict[str, Any]] = []
    for row in reader.rows("regions", ["numbers", "feedback"]):
        given = row.text("id")
        identity = given if is_choice_id(given) and given not in taken else new_choice_id()
        taken.add(identity)
        weight = reader.weight(row, default="100", lowest=-100)
        feedback = reader.row_text(row, "feedback")
        regions.append({"id": identity, "shape": _shape(reader, row), "weight": weight, "feedback": feedback})
    if not any(region["weight"] > 0 for region in regions):
        reader.note("regions", "Write at least one region that is right: it earns more than 0 %.")
    return {
        "image": {"file": reader.text("file"), "alt": reader.text("alt"), **size},
        "regions": regions,
        "marks": reader.whole("marks", lowest=1, highest=MOST_MARKS) or 1,
    }


def write(body: Hotspot) -> Form:
    """One row for each region."""
    return {
        "file": body.image.file,
        "alt": body.image.alt,
        "width": str(body.image.width),
        "height": str(body.image.height),
        "marks": str(body.marks),
        "regions": [
            {
                "id": region.id,
                "shape": region.shape.kind,
                "numbers": _numbers(region.shape),
                "weight": percent_of(region.weight),
                "feedback": rich_of(region.feedback),
            }
            for region in body.regions
        ],
    }


def _shape(reader: FormReader, row: Row) -> dict[str, Any]:
    kind = row.text("shape") or "circle"
    if kind not in _NEEDED:
        reader.note(row.named("shape"), "Choose a shape.")
        return {}
    name = row.named("numbers")
    numbers: list[Decimal] = [reader.number(name, word, lowest=0) for word in row.text("numbers").replace(",", " ").replace(";", " ").split()]
    match kind, numbers:
        case "circle", [x, y, radius] if radius > 0:
            return {"kind": kind, "x": x, "y": y, "radius": radius}
        case "rectangle", [x, y, width, height] if width > 0 and height > 0:
            return {"kind": kind, "x": x, "y": y, "width": width, "height": height}
        case "polygon", _ if len(numbers) >= 6 and len(numbers) % 2 == 0:
            return {"kind": kind, "points": list(zip(numbers[::2], numbers[1::2], strict=True))}
        case _:
            reader.note(name, _NEEDED[kind])
            return {}


def _numbers(shape: Circle | Rectangle | Polygon) -> str:
    match shape:
        case Circle():
            return ", ".join(plain(number) for number in (shape.x, shape.y, shape.radius))
        case Rectangle():
            return ", ".join(plain(number) for number in (shape.x, shape.y, shape.width, shape.height))
        case Polygon():
            return " ".join(f"{plain(x)},{plain(y)}" for x, y in shape.points)
