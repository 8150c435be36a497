"""Files handed in as an answer, and sent back to whoever handed them in."""

from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from lms_app.api.file_answers import send
from lms_app.api.identity import SignedIn
from lms_app.api.uploads import Upload, kept_if_noted
from lms_app.crossing import cross
from lms_app.domain.assessments import handing_in
from lms_app.domain.assessments.handed_in import FileSheet

router = APIRouter()


@router.post("/attempts/{attempt_id}/files")
async def hand_in(
    attempt_id: UUID,
    request: Request,
    actor: SignedIn,
    x_question: Annotated[UUID, Header()],
    x_file_name: Annotated[str, Header(max_length=1000)] = "",
) -> FileSheet:
    """Takes a file, sent as the body, for a question of an open attempt. Its name is URI-encoded in a header."""
    admitted = await cross(handing_in.admit, actor, attempt_id, x_question, unquote(x_file_name))
    limit = f"{admitted.name} is larger than {admitted.bytes_max / 1_000_000:g} MB, the limit of this question."
    upload = Upload(request, bytes_max=admitted.bytes_max, too_large=limit)
    handing_in.check_start(admitted.name, await upload.start())
    stored = await upload.seal(admitted.key)
    with kept_if_noted(stored):
        return await cross(handing_in.keep, actor, attempt_id, x_question, admitted.name, storage_key=stored.storage_key, size=stored.size)


@router.get("/attempts/{attempt_id}/files/{file_id}")
async def read(attempt_id: UUID, file_id: UUID, request: Request, actor: SignedIn) -> Response:
    """A file that one handed in, to be saved."""
    return send(request, await cross(handing_in.own_file, actor, attempt_id, file_id), download=True)
