"""What the search palette asks for while somebody types."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from lms_app.api.identity import Visitor
from lms_app.crossing import cross
from lms_app.domain.courses import searching

router = APIRouter()


@router.get("/palette")
async def palette(actor: Visitor, q: Annotated[str, Query(max_length=200)] = "") -> dict[str, list[dict[str, str]]]:
    """At most 20 places: {"items": [{"title", "kind", "href"}]}."""
    return {"items": [asdict(found) for found in await cross(searching.find, actor, q)]}
