"""The cover of a course, drawn from its slug. Nothing is read: any slug has a cover, so the answer tells nothing about what exists."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from lms_app.domain.courses.cover_art import cover_svg

router = APIRouter()

_YEAR = "public, max-age=31536000, immutable"


@router.get("/covers/{slug}.svg", response_class=Response)
def cover(slug: Annotated[str, Path(pattern=r"^[a-z0-9-]{1,200}$")]) -> Response:
    """An SVG of 640 by 360, the same for ever."""
    return Response(cover_svg(slug), media_type="image/svg+xml", headers={"Cache-Control": _YEAR})
