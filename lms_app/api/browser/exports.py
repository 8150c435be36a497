"""Exports of a course, fetched by its authors."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from lms_app.api.file_answers import send
from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.courses import exports

router = APIRouter()


@router.get("/exports/{export_id}")
async def read(export_id: UUID, request: Request, actor: SignedIn) -> Response:
    """The file of an export, to be saved. 404 for everybody but the owners and editors of its course."""
    return send(request, await cross(exports.export_file, actor, export_id), download=True)
