"""Files, to those who may have them: course files whole or by range, and certificates."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from lms_app.api.file_answers import send, send_certificate
from lms_app.api.identity import SignedIn, Visitor
from lms_app.crossing import cross
from lms_app.domain.courses.files import course_file

router = APIRouter()


@router.get("/files/{file_id}")
async def read(file_id: UUID, request: Request, actor: Visitor) -> Response:
    """A course file. `Range` is honoured, so that videos can be sought."""
    return send(request, await cross(course_file, actor, file_id))


@router.get("/certificates/{code}.pdf")
async def certificate(code: str, request: Request, actor: SignedIn) -> Response:
    """One's own certificate as a PDF; made now if its file is not there yet."""
    return await send_certificate(request, actor, code)
