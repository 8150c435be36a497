"""Course archives sent by an instructor's browser."""

import tempfile
from pathlib import Path
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from lms_app.adapters import storage
from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.actor import Actor
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
    with tempfile.NamedTemporaryFile(prefix="lyceum-upload-") as file:
        start, size = b"", 0
        async for piece in request.stream():
            size += len(piece)
            if size > limit << 20:
                raise _too_large(limit)
            if len(start) < START:
                start += piece[:START]
                if len(start) >= START:
                    imports.check_start(start)
            await anyio.to_thread.run_sync(file.write, piece)
        if not size:
            raise Invalid("This file is empty.")
        imports.check_start(start)
        file.flush()
        return Accepted(import_id=await cross(_request, actor, name, Path(file.name)))


def _request(session, actor: Actor, name: str, path: Path) -> UUID:  # pyright: ignore[reportMissingParameterType]
    return imports.request(session, actor, name, path.read_bytes(), store=storage.put)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"This file is larger than {limit} MB, the limit of this site.")
