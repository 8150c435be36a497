"""Answers that carry a file: course files whole or by range, and certificates."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from lms_app.adapters import pdf, storage
from lms_app.crossing import cross
from lms_app.domain.actor import Actor
from lms_app.domain.certificates import issuing, queries
from lms_app.domain.courses.files import OpenFile, find_file, opened
from lms_app.domain.courses.media_rules import SHOWN
from lms_app.errors import NotFound

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def send(request: Request, file: OpenFile, *, download: bool = False) -> Response:
    """The answer that carries a file, whole or the part that `Range` asks for. `download` offers it to be saved, whatever it is."""
    inline = file.media_type in SHOWN and not download
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600",
        "Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(file.filename)}",
        # An SVG opened by itself runs nothing and loads nothing.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'; sandbox",
    }
    if inline and file.media_type == "application/pdf":
        # The browser's own reader shows it, inside our pages too, and shows nothing in a sandbox.
        headers |= {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"}
        headers |= {"X-Frame-Options": "SAMEORIGIN"}
    if not storage.has(file.storage_key):
        raise NotFound("This file is no longer there.")
    # There is no version to compare with, so whoever asks for a part "if it is the same" gets all of it.
    span = None if "if-range" in request.headers else _span(request.headers.get("range", ""), file.size)
    if span == (0, 0):
        return Response(status_code=416, headers={"Content-Range": f"bytes */{file.size}"})
    start, end = span or (0, file.size)
    headers["Content-Length"] = str(end - start)
    if span:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    pieces: Iterator[bytes] = storage.read_range(file.storage_key, start, end, key=file.key)
    return StreamingResponse(pieces, status_code=206 if span else 200, headers=headers, media_type=file.media_type)


async def send_certificate(request: Request, actor: Actor, code: str) -> Response:
    """The answer that carries the actor's certificate as a PDF; it is made now if its file is not there, or no longer. Raises NotFound."""
    return send(request, await cross(_certificate_file, actor, code), download=True)


def _certificate_file(session, actor, code: str) -> OpenFile:  # pyright: ignore[reportMissingParameterType]
    certificate_id = queries.valid_certificate_id(session, actor, code)
    file_id = issuing.make_file(session, certificate_id, render=pdf.render, store=storage.put, is_stored=storage.has)
    return opened(session, find_file(session, file_id))


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """The bytes that a Range header asks for, as start and end; None for the whole file, (0, 0) for what lies outside."""
    found = _RANGE.fullmatch(wanted.strip())
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    return (start, end) if start < end else (0, 0)
