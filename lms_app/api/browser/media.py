"""The media of a course for its authors: sent, listed, renamed, taken out. Reading a file is `files.py`."""

import hashlib
from functools import lru_cache
from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

import anyio
import anyio.to_thread
from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from lms_app.adapters import pictures, storage
from lms_app.api.identity import SignedIn
from lms_app.api.uploads import Stored, Upload, kept_if_noted
from lms_app.crossing import cross
from lms_app.domain.content.svg import MAX_SVG, harmless_svg
from lms_app.domain.courses import media
from lms_app.domain.courses.media import Arrived, MediaFile, MediaPage, MediaUse
from lms_app.domain.courses.media_rules import SRT, SVG, VTT, Kind, Recognised, checked_vtt, decoded, recognise, with_ending
from lms_app.errors import Invalid
from lms_app.interchange.captions import MAX_CAPTIONS, read_captions, to_vtt
from lms_app.settings import get_settings

router = APIRouter()

PICTURE_LIMIT = 40
"""MB of a picture as it comes: it is held in memory until it is made smaller."""


class Renaming(BaseModel):
    """What a file is to be called."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=400)]


@router.post("/courses/{course_id}/media", status_code=201)
async def create(
    course_id: UUID, request: Request, response: Response, actor: SignedIn, x_file_name: Annotated[str, Header(max_length=4000)] = ""
) -> MediaFile:
    """Takes a file, sent as the body, into a course. Its name is URI-encoded in a header. 201, or 200 with the file that is the same already."""
    key = await cross(media.admit, actor, course_id)
    limit = get_settings().media_limit_mb
    upload = Upload(request, bytes_max=limit << 20, too_large=f"This file is larger than {limit} MB, the limit of this site.")
    found = recognise(unquote(x_file_name), await upload.start())
    stored, arrived = await _put_away(upload, found, key)
    with kept_if_noted(stored):
        kept = await cross(media.keep, actor, course_id, arrived)
    if not kept.is_new:
        storage.delete(stored.storage_key)
        response.status_code = 200
    return kept.file


@router.get("/courses/{course_id}/media")
async def read(
    course_id: UUID,
    actor: SignedIn,
    kind: Kind | None = None,
    search: Annotated[str, Query(max_length=200)] = "",
    after: UUID | None = None,
) -> MediaPage:
    """The course's files, 50 at a time, the newest first. `after` is the id of the last one known."""
    return await cross(media.library, actor, course_id, kind=kind, search=search, after=after)


@router.patch("/courses/{course_id}/media/{file_id}")
async def rename(course_id: UUID, file_id: UUID, renaming: Renaming, actor: SignedIn) -> MediaFile:
    """Gives a file another name."""
    return await cross(media.rename, actor, course_id, file_id, renaming.name)


@router.delete("/courses/{course_id}/media/{file_id}", status_code=204)
async def archive(course_id: UUID, file_id: UUID, actor: SignedIn) -> None:
    """Takes a file out of the library that is used nowhere; 409 says where it is."""
    await cross(media.archive, actor, course_id, file_id, delete=storage.delete)


@router.get("/courses/{course_id}/media/{file_id}/uses")
async def uses(course_id: UUID, file_id: UUID, actor: SignedIn) -> list[MediaUse]:
    """Where a file is used: pages, questions, quizzes, the cover."""
    return await cross(media.uses, actor, course_id, file_id)


async def _put_away(upload: Upload, found: Recognised, key: bytes) -> tuple[Stored, Arrived]:
    """The file sealed: pictures, drawings and captions made fit first, everything else as it came. Raises Invalid, TooLarge."""
    if found.media_type == SVG:
        return await _put_away_drawing(upload, found, key)
    if found.media_type in pictures.FORMATS:
        upload.allow(PICTURE_LIMIT << 20, f"This picture is larger than {PICTURE_LIMIT} MB. Make it smaller, then upload it again.")
        sent = await upload.whole()
        picture = await anyio.to_thread.run_sync(pictures.prepare, sent, found.media_type, limiter=_one_picture())
        return await _made(sent, picture.data, found, key, width=picture.width, height=picture.height)
    if found.media_type in (VTT, SRT):
        return await _put_away_captions(upload, found, key)
    stored = await upload.seal(key)
    return stored, Arrived(name=found.name, media_type=found.media_type, size=stored.size, storage_key=stored.storage_key, sha256=stored.sha256)


async def _put_away_drawing(upload: Upload, found: Recognised, key: bytes) -> tuple[Stored, Arrived]:
    upload.allow(MAX_SVG, f"This SVG is larger than {MAX_SVG >> 20} MB. Save it as PNG, then upload that.")
    sent = await upload.whole()
    drawing = await anyio.to_thread.run_sync(harmless_svg, sent, limiter=_one_picture())
    return await _made(sent, drawing.data, found, key, width=drawing.width, height=drawing.height)


async def _put_away_captions(upload: Upload, found: Recognised, key: bytes) -> tuple[Stored, Arrived]:
    upload.allow(MAX_CAPTIONS, f"These captions are larger than {MAX_CAPTIONS >> 20} MB.")
    sent = await upload.whole()
    if found.media_type == VTT:
        return await _made(sent, checked_vtt(decoded(sent)).encode(), found, key)
    cues = read_captions(decoded(sent).encode(), found.name)
    if not cues:
        raise Invalid("There are no captions in this file: no line says when one begins and ends.")
    return await _made(sent, to_vtt(cues), Recognised(name=with_ending(found.name, VTT), media_type=VTT), key)


async def _made(
    sent: bytes, data: bytes, found: Recognised, key: bytes, *, width: int | None = None, height: int | None = None
) -> tuple[Stored, Arrived]:
    """`data`, made of what was sent, sealed."""
    storage_key = await anyio.to_thread.run_sync(lambda: storage.put(data, key=key))
    stored = Stored(storage_key=storage_key, size=len(data), sha256=hashlib.sha256(sent).digest())
    arrived = Arrived(
        name=found.name,
        media_type=found.media_type,
        size=stored.size,
        storage_key=storage_key,
        sha256=stored.sha256,
        width=width,
        height=height,
    )
    return stored, arrived


@lru_cache(maxsize=1)
def _one_picture() -> anyio.CapacityLimiter:
    # One at a time in a process: a picture of sixty million pixels takes a quarter of a gigabyte while it is worked on.
    return anyio.CapacityLimiter(1)
