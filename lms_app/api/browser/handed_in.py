"""Files handed in as an answer, and sent back to whoever handed them in."""

from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

import anyio
from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from lms_app.adapters import storage
from lms_app.api.file_answers import send
from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.assessments import handing_in
from lms_app.domain.assessments.file_kind_rules import START
from lms_app.domain.assessments.handed_in import FileSheet
from lms_app.errors import Invalid, TooLarge

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
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > 12 or int(declared) > admitted.bytes_max):
        raise _too_large(admitted)
    with storage.Sealing(key=admitted.key) as sealing:
        start, looked = b"", False
        async for piece in request.stream():
            if sealing.size + len(piece) > admitted.bytes_max:
                raise _too_large(admitted)
            if not looked:
                start += piece[:START]
                if looked := len(start) >= START:
                    handing_in.check_start(admitted.name, start[:START])
            await anyio.to_thread.run_sync(sealing.write, piece)
        if not sealing.size:
            raise Invalid("This file is empty.")
        if not looked:
            handing_in.check_start(admitted.name, start)
        stored = await anyio.to_thread.run_sync(sealing.finish)
    try:
        return await cross(handing_in.keep, actor, attempt_id, x_question, admitted.name, storage_key=stored, size=sealing.size)
    except BaseException:
        storage.delete(stored)
        raise


@router.get("/attempts/{attempt_id}/files/{file_id}")
async def read(attempt_id: UUID, file_id: UUID, request: Request, actor: SignedIn) -> Response:
    """A file that one handed in, to be saved."""
    return send(request, await cross(handing_in.own_file, actor, attempt_id, file_id), download=True)


def _too_large(admitted: handing_in.Admission) -> TooLarge:
    return TooLarge(f"{admitted.name} is larger than {admitted.bytes_max / 1_000_000:g} MB, the limit of this question.")
