"""Course archives sent by an instructor's browser."""

from typing import Annotated
from uuid import UUID

import anyio
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from lms_app.adapters import storage
from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.courses import imports
from lms_app.errors import Invalid, TooLarge
from lms_app.settings import get_settings
from lms_app.words import Role

router = APIRouter()

START = 512


class Accepted(BaseModel):
    """The import that was begun."""

    import_id: UUID


@router.post("/imports", status_code=202)
async def create(request: Request, actor: SignedIn, name: Annotated[str, Query(max_length=400)] = "") -> Accepted:
    """Takes an archive, sent as the body, and imports it in the background. Its name is in the query."""
    actor.must_be(Role.INSTRUCTOR)
    limit = get_settings().upload_limit_mb
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit << 20:
        raise _too_large(limit)
    key = await cross(imports.admit, actor)
    with storage.Sealing(key=key) as sealing:
        start = b""
        async for piece in request.stream():
            if sealing.size + len(piece) > limit << 20:
                raise _too_large(limit)
            if len(start) < START:
                start += piece[:START]
                if len(start) >= START:
                    imports.check_start(start)
            await anyio.to_thread.run_sync(sealing.write, piece)
        if not sealing.size:
            raise Invalid("This file is empty.")
        imports.check_start(start)
        stored = await anyio.to_thread.run_sync(sealing.finish)
    try:
        return Accepted(import_id=await cross(imports.request, actor, name, storage_key=stored, size=sealing.size))
    except BaseException:
        storage.delete(stored)
        raise


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"This file is larger than {limit} MB, the limit of this site.")
