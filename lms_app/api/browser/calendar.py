"""A person's dates for calendar programs, which have no cookie: the address itself is the key."""

import hashlib
from dataclasses import astuple
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from lms_app.adapters import calendar_files, clock
from lms_app.crossing import cross
from lms_app.domain.calendar import feeds

router = APIRouter()

_HEADERS = {
    "Cache-Control": "private, max-age=900",
    "Content-Disposition": 'inline; filename="lyceum.ics"',
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@router.get("/calendar/{token}.ics", response_class=Response)
async def read(token: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,100}$")], request: Request) -> Response:
    """The dates of whom the address belongs to. 304 for a calendar that has them already, 404 for an address that is not in use."""
    entries = await cross(feeds.entries_behind, None, token)
    tag = f'"{hashlib.sha256(repr([astuple(each) for each in entries]).encode()).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    content = calendar_files.write("Lyceum", entries, stamped=clock.now())
    return Response(content, media_type="text/calendar", headers=headers)
