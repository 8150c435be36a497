"""Course archives sent by an instructor's browser."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from lms_app.api.identity import SignedIn
from lms_app.api.uploads import Upload, kept_if_noted
from lms_app.crossing import cross
from lms_app.domain.courses import imports
from lms_app.settings import get_settings
from lms_app.words import Role

router = APIRouter()


class Accepted(BaseModel):
    """The import that was begun."""

    import_id: UUID


@router.post("/imports", status_code=202)
async def create(request: Request, actor: SignedIn, name: Annotated[str, Query(max_length=400)] = "") -> Accepted:
    """Takes an archive, sent as the body, and imports it in the background. Its name is in the query."""
    actor.must_be(Role.INSTRUCTOR)
    limit = get_settings().upload_limit_mb
    upload = Upload(request, bytes_max=limit << 20, too_large=f"This file is larger than {limit} MB, the limit of this site.")
    key = await cross(imports.admit, actor)
    imports.check_start(await upload.start())
    stored = await upload.seal(key)
    with kept_if_noted(stored):
        return Accepted(import_id=await cross(imports.request, actor, name, storage_key=stored.storage_key, size=stored.size))
